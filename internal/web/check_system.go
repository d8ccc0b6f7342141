package web

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// checkSystemView is what every check found in one system.
type checkSystemView struct {
	Filter govuk.Filter
	Words  []string
	Count  string
	List   govuk.Table
	None   string
	Code   string
}

// checkStates are what a check of a system can be at, by checkRank.
func checkStates() []choice {
	return []choice{{"fail", "Fails", ""}, {"cannot", "Cannot decide", ""}, {"ran_out", "Ran out", ""}, {"pass", "Passes", ""}, {"nothing", "Nothing to decide", ""}, {"waits", "Waits for facts", ""}}
}

func (s *Site) checkSystem(rq *request) (reply, error) {
	v, err := s.App.SystemChecks(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	now := s.Now().UnixMicro()
	l := rq.listing("/systems/"+v.System.ID+"/checks", filterField{"state", "State", checkStates()}, filterField{"needs", "Kind of fact", factKinds()})
	state := slices.IndexFunc(checkStates(), func(c choice) bool { return c.value == l.value("state") })
	lines := slices.Clone(v.Lines)
	slices.SortStableFunc(lines, func(a, b app.CheckLine) int { return checkRank(a, now) - checkRank(b, now) })
	t := govuk.Table{Caption: "Checks", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Check"}, {Text: "State"}, {Text: "Why"}, {Text: "Facts are of"}, {Text: "How to put it right"}}}
	for _, c := range lines {
		rank := checkRank(c, now)
		if state >= 0 && rank != state || l.value("needs") != "" && !slices.Contains(c.Needs, check.Kind(l.value("needs"))) {
			continue
		}
		t.Rows = append(t.Rows, checkRow(c, rank, now))
	}
	view := checkSystemView{Filter: l.panel(), Words: lookedWords(v, now), Count: many(int64(len(t.Rows)), "check", "checks"), List: stacked(t), Code: pushHint(v.System.ID, "")}
	if len(t.Rows) == 0 {
		view.None = "No check matches these filters. Take one of them away to see more."
	}
	p := rq.ofSystem(v.System, "What the checks found")
	p.view = view
	return show(p), nil
}

func checkRow(c app.CheckLine, rank int, now int64) []govuk.Cell {
	why, at, remedy := "Nobody has delivered for this system: "+needWords(c.Definition)+".", "", effortWord(c.Effort)+": "+c.Remedy
	switch {
	case c.Judged:
		why, at = c.Verdict.Reason, dated(c.Verdict.At, now)
	case c.Applies:
		why = "It is looked at after the next delivery."
	}
	if rank > 2 {
		remedy = ""
	}
	cells := []govuk.Cell{{Markup: govuk.Link{Text: c.Title, Href: "/checks/" + c.ID}.HTML()}, {Markup: checkTag(c, now).HTML()}, {Text: why}, {Text: at}, {Text: remedy}}
	for i := range cells[3:] {
		if cells[3+i].Text == "" {
			cells[3+i].Classes = "app-stack__empty"
		}
	}
	return cells
}

// lookedWords say when the system was looked at, and what for.
func lookedWords(v app.ChecksView, now int64) []string {
	if v.At == 0 {
		return []string{"Nothing was delivered for this system yet, so no check has found anything. Let the pipeline that builds a release deliver what it knows:"}
	}
	out := []string{checkCounts(v.Lines, now), "The system was last looked at on " + dated(v.At, now) + "."}
	if v.NextAt > now {
		out[1] += " Without a delivery it is looked at again on " + moment(v.NextAt) + "."
	}
	return append(out, "To have more of them decide, deliver what they need:")
}
