package web

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// checksPanel stands beside a question: what machines found that speaks to it.
type checksPanel struct {
	Count   string
	Found   []checkItem // those that limit the answer first
	Waiting []checkItem // nobody has delivered what they need
	Waits   string
	Code    string // command that delivers it
	System  string // address of all checks of the system
}

// checkItem is one check with what it found.
type checkItem struct {
	Title, Href string
	Outcome     govuk.Tag
	Part        string // that it decides only a part, in words
	Reason      string
	Clause      string
	Permits     string
	Used        *govuk.Details
	Remedy      string
	Needs       string
}

// dispute is a claim that a machine contradicts, told from both sides.
type dispute struct {
	Claim   string
	Against []string
	Then    string
}

// checksOf is the panel of a question; nil when no check is bound to it.
func checksOf(v app.QuestionView, list []app.BoundCheck) *checksPanel {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b app.BoundCheck) int { return checkRank(a.CheckLine, v.Now) - checkRank(b.CheckLine, v.Now) })
	p := &checksPanel{Code: pushHint(v.System.ID, ""), System: "/systems/" + v.System.ID + "/checks"}
	var lines []app.CheckLine
	for _, c := range list {
		lines = append(lines, c.CheckLine)
		item := checkItemOf(v, c)
		if c.Judged {
			p.Found = append(p.Found, item)
		} else {
			p.Waiting = append(p.Waiting, item)
		}
	}
	p.Count = many(int64(len(list)), "check speaks", "checks speak") + " to this question. " + checkCounts(lines, v.Now)
	if n := len(p.Waiting); n > 0 {
		p.Waits = many(int64(n), "check waits", "checks wait") + " for facts"
	}
	return p
}

// checkRank puts what needs attention first.
func checkRank(l app.CheckLine, now int64) int {
	switch {
	case !l.Judged:
		return 5
	case l.RanOut(now):
		return 2
	case l.Verdict.Outcome == assessment.Fail:
		return 0
	case l.Verdict.Outcome == assessment.CannotAssess:
		return 1
	case l.Verdict.Outcome == assessment.Pass:
		return 3
	}
	return 4
}

// checkCounts counts checks by what they found.
func checkCounts(list []app.CheckLine, now int64) string {
	var n [6]int64
	for _, l := range list {
		n[checkRank(l, now)]++
	}
	var out []string
	for rank, words := range [6][2]string{{"fails", "fail"}, {"cannot decide", "cannot decide"}, {"ran out", "ran out"}, {"passes", "pass"}, {"has nothing to decide", "have nothing to decide"},
		{"waits for facts", "wait for facts"}} {
		if n[rank] == 1 {
			out = append(out, "1 "+words[0])
		} else if n[rank] > 1 {
			out = append(out, thousands(n[rank])+" "+words[1])
		}
	}
	if len(out) == 0 {
		return ""
	}
	return capital(strings.Join(out, ", ")) + "."
}

func checkTag(l app.CheckLine, now int64) govuk.Tag {
	switch {
	case !l.Judged && l.Applies:
		return govuk.Tag{Text: "Not looked at yet", Colour: "grey"}
	case !l.Judged:
		return govuk.Tag{Text: "Waits for facts", Colour: "grey"}
	case l.RanOut(now):
		return govuk.Tag{Text: "Ran out", Colour: "orange"}
	}
	colour := map[assessment.Outcome]string{assessment.Pass: "green", assessment.Fail: "red", assessment.CannotAssess: "orange"}[l.Verdict.Outcome]
	return govuk.Tag{Text: outcomeWord(l.Verdict.Outcome), Colour: or(colour, "grey")}
}

func checkItemOf(v app.QuestionView, c app.BoundCheck) checkItem {
	item := checkItem{Title: c.Title, Href: "/checks/" + c.ID, Outcome: checkTag(c.CheckLine, v.Now), Clause: c.Clause, Needs: needWords(c.Definition)}
	if !c.Judged {
		return item
	}
	item.Reason = c.Verdict.Reason
	passes := c.Verdict.Outcome == assessment.Pass && !c.RanOut(v.Now)
	switch {
	case passes && c.Binding.Decides == assessment.Part:
		item.Part = "Checked in part: it passes, and decides only a part of this question. The rest is for people to say and to show."
	case passes:
		item.Part = "It decides the whole question, so an answer that it permits is verified."
	case c.Binding.Decides == assessment.Part:
		item.Part = "It decides only a part of this question."
	}
	if c.RanOut(v.Now) {
		item.Reason = "It passed, on facts that were good until " + moment(c.FreshUntil) + ". Deliver new ones. It said: " + item.Reason
	}
	if c.Verdict.Outcome == assessment.Fail || c.Permits != "" {
		item.Permits = "It permits at most “" + levelWord(v.Framework, v.Line.Requirement, c.Permits) + "”."
	}
	if !passes && c.Verdict.Outcome != assessment.OutcomeNotApplicable {
		item.Remedy = effortWord(c.Effort) + ": " + c.Remedy
	}
	item.Used = usedFacts(c.Title, c.Verdict, v.Now)
	return item
}

// levelWord is a level in the words of the framework; the lowest for none.
func levelWord(f *framework.Framework, r *framework.Requirement, level string) string {
	for i, l := range f.LevelsOf(r) {
		if l.ID == level || level == "" && i == 0 {
			return l.Label
		}
	}
	return strings.ReplaceAll(level, "_", " ")
}

// shownFacts bounds the facts that one check shows.
const shownFacts = 20

// usedFacts are the facts that a check looked at, each with its age.
func usedFacts(title string, v check.Verdict, now int64) *govuk.Details {
	if len(v.Facts) == 0 {
		return nil
	}
	t := govuk.Table{Caption: "Facts behind “" + title + "”", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Fact"}, {Text: "Value"}, {Text: "From"}, {Text: "Produced"}}}
	for _, f := range v.Facts[:min(len(v.Facts), shownFacts)] {
		t.Rows = append(t.Rows, []govuk.Cell{{Text: or(f.What, "Fact")}, {Text: or(f.Value, "Empty")}, {Text: or(f.Where, "Worked out here")}, {Text: dated(f.At, now)}})
	}
	t = stacked(t)
	t.Classes += " app-stack--always"
	parts := []govuk.Component{t}
	if more := len(v.Facts) - shownFacts; more > 0 {
		parts = append(parts, paragraph(many(int64(more), "more fact is", "more facts are")+" not shown."))
	}
	return &govuk.Details{Summary: many(int64(len(v.Facts)), "fact", "facts") + " that it looked at", Markup: govuk.Join(parts...)}
}

// disputeOf tells both sides of a claim that something a machine found contradicts;
// nil when nothing does. Neither side is taken away.
func disputeOf(v app.QuestionView, list []app.BoundCheck) *dispute {
	st := v.Line.Standing
	if st.Support != assessment.Contradicted {
		return nil
	}
	d := &dispute{}
	for _, cause := range st.Because {
		switch cause.Kind {
		case assessment.ByCheck:
			if i := slices.IndexFunc(list, func(c app.BoundCheck) bool { return c.ID == cause.ID }); i >= 0 && list[i].Judged {
				d.Against = append(d.Against, againstWords(v, list[i]))
				continue
			}
			d.Against = append(d.Against, cause.Text)
		case assessment.ByFinding:
			d.Against = append(d.Against, cause.Text)
		}
	}
	if len(d.Against) == 0 {
		return nil
	}
	a := v.Line.Answer
	d.Claim = or(v.People[a.Author], "Somebody whose details were removed") + " answered “" + claimWord(v.Framework, v.Line.Requirement, a.Claim) + "” on " + moment(a.At) + "."
	d.Then = "The answer stays as it is until a person changes it, and what the machine found stays until new facts are delivered. Put right what was found, or answer what it permits."
	return d
}

func againstWords(v app.QuestionView, c app.BoundCheck) string {
	return "The check “" + c.Title + "” says: " + strings.TrimRight(c.Verdict.Reason, ". ") + ". Its facts are of " + dated(c.Verdict.At, v.Now) + ". It permits at most “" +
		levelWord(v.Framework, v.Line.Requirement, c.Permits) + "”."
}
