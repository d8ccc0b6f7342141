package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// SignOff is the short view that the SRO reads before deciding: what changed
// since the last approval, what is missing, and what they would be accepting.
// Digest and SeenAt go back with the decision, so that nothing can be signed
// that was not shown.
type SignOff struct {
	ID           string    `json:"assessment"`
	Version      int64     `json:"version"`
	State        string    `json:"state"`
	Marking      string    `json:"marking"`
	Sample       bool      `json:"sample_data"`
	Organisation string    `json:"organisation"`
	System       System    `json:"system"`
	Framework    Framework `json:"framework"`
	Scope        Scope     `json:"scope"`
	Roles        []Role    `json:"roles"`
	Summary      Summary   `json:"summary"`
	PreviousAt   time.Time `json:"previous_approved_at,omitzero"` // zero = first approval
	Changes      []Change  `json:"changes"`
	Gaps         []Gap     `json:"gaps"`
	Accepting    []string  `json:"accepting"` // sentences
	Digest       string    `json:"digest"`    // content digest of exactly what is shown
	SeenAt       int64     `json:"seen_at"`   // µs UTC
	report       Assessment
}

// Change is one difference from what was last approved.
type Change struct {
	Kind        string `json:"kind"` // claim, support, rationale, new_question, gone_question, new_evidence, gone_evidence, changed_evidence, profile
	Requirement string `json:"requirement,omitempty"`
	Evidence    string `json:"evidence,omitempty"`
	Title       string `json:"title"`
	Before      string `json:"before"`
	After       string `json:"after"`
}

// BuildSignOff makes the view from what would be frozen now. The digest is that
// of in.Frozen; in.Approval is not used.
func BuildSignOff(in Input) (SignOff, error) {
	_, digest, err := in.Frozen.Digest()
	if err != nil {
		return SignOff{}, err
	}
	in.Approval = ApprovalFacts{}
	a := Build(in)
	s := SignOff{ID: a.ID, Version: a.Version, State: a.State, Marking: a.Marking, Sample: a.Sample, Organisation: a.Organisation, System: a.System,
		Framework: a.Framework, Scope: a.Scope, Roles: a.Roles, Summary: a.Summary, Gaps: a.Gaps, Changes: []Change{}, Digest: digest, SeenAt: in.AsOf, report: a}
	last := Earlier{}
	for _, e := range in.Earlier {
		if e.ApprovedAt > last.ApprovedAt {
			last = e
		}
	}
	if last.ApprovedAt > 0 {
		s.PreviousAt = instant(last.ApprovedAt)
		s.Changes = append(s.Changes, changes(last, in)...)
	}
	s.Accepting = accepting(a)
	return s, nil
}

// accepting says in sentences what a signature would mean.
func accepting(a Assessment) []string {
	out := []string{"That this is a true account of " + a.System.Name + " by the team: " + plural(a.Summary.Total, "answer", "answers") + ".", gapSentence(a.Summary.Gap)}
	counts := map[string]int{}
	for _, g := range a.Gaps {
		counts[g.Kind]++
	}
	say := func(kind, one, many string) {
		if n := counts[kind]; n > 0 {
			out = append(out, plural(n, one, many))
		}
	}
	say(string(assessment.Contradicted), "claim is contradicted by something on record.", "claims are contradicted by something on record.")
	say(GapDontKnow, "question is not known yet.", "questions are not known yet.")
	say(GapUnanswered, "question has no answer.", "questions have no answer.")
	say(GapLowestLevel, "thing is not in place, by the team’s own account.", "things are not in place, by the team’s own account.")
	say(string(assessment.Asserted), "claim rests on words alone.", "claims rest on words alone.")
	say(string(assessment.Stale), "claim had support that has run out.", "claims had support that has run out.")
	say(string(assessment.Unassessed), "claim has a check that could not decide.", "claims have a check that could not decide.")
	return append(out, "You stay accountable for what you sign, and for what happens about the gaps. It is not a certificate, and there is no pass mark.")
}

// changes compares what was last approved with what would be signed now.
func changes(before Earlier, now Input) []Change {
	var out []Change
	o, n := before.Frozen, now.Frozen
	oldB := builder{in: Input{Frozen: o, Framework: before.Framework}, byID: map[string]*framework.Requirement{}, group: map[string]*framework.Group{}}
	newB := builder{in: now, byID: map[string]*framework.Requirement{}, group: map[string]*framework.Group{}}
	oldB.index()
	newB.index()
	for _, r := range newB.order {
		if was := oldB.byID[r.ID]; was == nil || !slices.Contains(o.Scope.Requirements, r.ID) {
			out = append(out, Change{Kind: "new_question", Requirement: r.ID, Title: r.Title, After: newB.claim(r, newB.response(r.ID))})
			continue
		}
		out = append(out, answerChange(&oldB, &newB, r)...)
	}
	for _, r := range oldB.order {
		if !slices.Contains(n.Scope.Requirements, r.ID) {
			out = append(out, Change{Kind: "gone_question", Requirement: r.ID, Title: r.Title, Before: oldB.claim(r, oldB.response(r.ID))})
		}
	}
	return append(append(out, evidenceChanges(o, n)...), profileChanges(o.System, n.System)...)
}

func answerChange(oldB, newB *builder, r *framework.Requirement) []Change {
	was, is := oldB.response(r.ID), newB.response(r.ID)
	c := Change{Requirement: r.ID, Title: r.Title,
		Before: oldB.standing(r.ID, assessment.Claim{Kind: was.Kind, Level: was.Level}.String(), was.Support),
		After:  newB.standing(r.ID, assessment.Claim{Kind: is.Kind, Level: is.Level}.String(), is.Support)}
	switch {
	case was.Kind != is.Kind || was.Level != is.Level:
		c.Kind = "claim"
	case was.Support != is.Support:
		c.Kind = "support"
	case was.Rationale != is.Rationale || was.NAReason != is.NAReason:
		c.Kind, c.Before, c.After = "rationale", cmp.Or(was.Rationale, was.NAReason), cmp.Or(is.Rationale, is.NAReason)
	default:
		return nil
	}
	return []Change{c}
}

func evidenceChanges(o, n assessment.Frozen) []Change {
	var out []Change
	find := func(list []assessment.FrozenEvidence, id string) *assessment.FrozenEvidence {
		if i := slices.IndexFunc(list, func(e assessment.FrozenEvidence) bool { return e.ID == id }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	name := func(e assessment.FrozenEvidence) string { return "Version " + cmp.Or(e.Version, "not recorded") }
	for _, e := range n.Evidence {
		was := find(o.Evidence, e.ID)
		switch {
		case was == nil:
			out = append(out, Change{Kind: "new_evidence", Evidence: e.ID, Title: e.Title, After: name(e)})
		case was.Version != e.Version || was.FileSHA256 != e.FileSHA256 || was.ValidUntil != e.ValidUntil || was.Link != e.Link || was.Title != e.Title:
			out = append(out, Change{Kind: "changed_evidence", Evidence: e.ID, Title: e.Title,
				Before: name(*was) + ", valid until " + dayOr(was.ValidUntil, "further notice"), After: name(e) + ", valid until " + dayOr(e.ValidUntil, "further notice")})
		}
	}
	for _, e := range o.Evidence {
		if find(n.Evidence, e.ID) == nil {
			out = append(out, Change{Kind: "gone_evidence", Evidence: e.ID, Title: e.Title, Before: name(e)})
		}
	}
	return out
}

func profileChanges(o, n assessment.FrozenSystem) []Change {
	var out []Change
	a, b := profile(o), profile(n)
	for _, f := range []struct{ name, before, after string }{{"Name", a.Name, b.Name}, {"Kind", a.Kind, b.Kind}, {"Scope", a.Scope, b.Scope}, {"Stage", a.Stage, b.Stage},
		{"Phase", a.Phase, b.Phase}, {"Gate", a.Gate, b.Gate}, {"Classification", a.Classification, b.Classification}, {"Exposure", a.Exposure, b.Exposure},
		{"Personal data", yesNo(a.Personal), yesNo(b.Personal)}, {"Special category data", yesNo(a.Special), yesNo(b.Special)}} {
		if f.before != f.after {
			out = append(out, Change{Kind: "profile", Title: f.name, Before: f.before, After: f.after})
		}
	}
	return out
}

// changeWords says what a kind of change is.
func changeWords(kind string) string {
	return map[string]string{"claim": "Answer changed", "support": "Support moved", "rationale": "Reasons changed", "new_question": "New question",
		"gone_question": "No longer asked", "new_evidence": "New evidence", "gone_evidence": "Evidence no longer linked", "changed_evidence": "Evidence changed",
		"profile": "Profile changed"}[kind]
}

// Document lays the view out on about two pages.
func (s SignOff) Document() Document {
	d := Document{Title: "Before you sign", Subtitle: s.System.Name, Subject: s.Organisation, Marking: Mark(s.Marking),
		Lead: []string{s.Framework.Title + ", published by " + s.Framework.Publisher + ". " + s.Framework.Alignment}}
	if s.Sample {
		d.Banner = SampleData
	}
	open, unmet := s.gapsByWeight()
	answers, evidence := s.changesByWeight()
	gaps := s.report.gapBlocks(open)
	if len(open) == 0 && len(unmet) > 0 {
		gaps = []Block{text("Every claim above the lowest level is carried by its support, and nothing is unknown.")}
	}
	d.Sections = []Section{
		{ID: "accepting", Heading: "What you would be accepting", Blocks: []Block{{List: s.Accepting}}},
		{ID: "changed", Heading: "What changed since the last approval", Blocks: s.changeBlocks(answers)},
		{ID: "gaps", Heading: "Gaps", Blocks: gaps},
	}
	add := func(some bool, sec Section) {
		if some {
			d.Sections = append(d.Sections, sec)
		}
	}
	add(len(unmet) > 0, Section{ID: "not-there", Heading: "Not there yet, by the team’s own account", Blocks: []Block{{List: s.unmetLines(unmet)}}})
	add(len(evidence) > 0, Section{ID: "evidence", Heading: plural(len(evidence), "change of evidence", "changes of evidence"), Blocks: []Block{changeTable(evidence)}, Folded: true})
	d.Sections = append(d.Sections,
		Section{ID: "summary", Heading: "Numbers", Blocks: summaryBlocks(s.Summary, "signoff-levels"), Folded: true},
		Section{ID: "roles", Heading: "Roles", Blocks: roleBlocks(s.Roles), Folded: true},
		Section{ID: "digest", Heading: "What would be signed", Folded: true, Blocks: []Block{terms(Term{"Assessment", s.ID}, Term{"Version", strconv.FormatInt(s.Version, 10)},
			Term{"Shown at", s.report.moment(instant(s.SeenAt))}), text("Content digest (SHA-256):"), {Code: s.Digest}}})
	return d
}

// gapsByWeight parts what pulls a claim down, or is not known, from what the team
// itself says is not in place: the second needs no explanation beside its name.
func (s SignOff) gapsByWeight() (open, unmet []Gap) {
	for _, g := range s.Gaps {
		if g.Kind == GapLowestLevel {
			unmet = append(unmet, g)
		} else {
			open = append(open, g)
		}
	}
	return open, unmet
}

func (s SignOff) unmetLines(unmet []Gap) []string {
	var out []string
	for _, g := range unmet {
		line := g.Requirement + " " + g.Title + ": " + cmp.Or(g.Owner, "nobody is named")
		if !g.Since.IsZero() {
			line += ", since " + s.report.day(g.Since)
		}
		out = append(out, line+".")
	}
	return out
}

// changesByWeight parts what changed in answers, questions and the profile from
// what changed in the evidence beneath them.
func (s SignOff) changesByWeight() (answers, evidence []Change) {
	for _, c := range s.Changes {
		if c.Evidence != "" {
			evidence = append(evidence, c)
		} else {
			answers = append(answers, c)
		}
	}
	return answers, evidence
}

func (s SignOff) changeBlocks(answers []Change) []Block {
	if s.PreviousAt.IsZero() {
		return []Block{text("This would be the first approval of the system with this framework.")}
	}
	out := []Block{text("Compared with what was approved on " + s.report.day(s.PreviousAt) + ": " + plural(len(s.Changes), "change", "changes") + ".")}
	if len(answers) > 0 {
		out = append(out, changeTable(answers))
	}
	return out
}

func changeTable(list []Change) Block {
	var rows [][]string
	for _, c := range list {
		rows = append(rows, []string{sentences(c.Requirement, c.Title), changeWords(c.Kind), c.Before, c.After})
	}
	return table("What changed", columns("What", "How", "Before", "Now"), rows)
}
