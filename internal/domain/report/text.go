package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
)

// Document lays the report out. Every sentence of it is made here, once for all
// formats.
func (a Assessment) Document() Document {
	d := Document{Title: a.Title, Subtitle: a.System.Name, Subject: a.Organisation, Marking: Mark(a.Marking),
		Lead: []string{a.Statement, "As at " + a.moment(a.AsOf) + ". Signed content is shown as it was signed on " + a.day(a.SignOff.At) + "."}}
	if a.Sample {
		d.Banner = SampleData
	}
	d.Sections = []Section{
		{ID: "summary", Heading: "Summary", Blocks: a.summary()},
		{ID: "profile", Heading: "Profile and scope", Blocks: a.profile()},
		{ID: "roles", Heading: "Roles", Blocks: a.roles()},
		{ID: "questions", Heading: "Questions", Blocks: a.questions()},
		{ID: "results", Heading: "Results by group", Blocks: a.results()},
		{ID: "trend", Heading: "Change over time", Blocks: a.trend()},
		{ID: "gaps", Heading: "Gaps", Blocks: a.gaps()},
		{ID: "dont-knows", Heading: "What is not known", Blocks: a.unknowns()},
		{ID: "evidence", Heading: "Evidence and how fresh it is", Blocks: a.evidence()},
		{ID: "history", Heading: "Standing history", Blocks: a.history()},
		{ID: "accepted", Heading: "What was accepted", Blocks: a.accepted()},
		{ID: "sign-off", Heading: "Sign-off", Blocks: a.signOff()},
		{ID: "verify", Heading: "How to verify this report", Blocks: a.verify()},
		{ID: "sharing", Heading: "Sharing record", Blocks: a.sharing()},
		{ID: "answers", Heading: "Every answer", Blocks: a.answers()},
	}
	return d
}

func (a Assessment) moment(t time.Time) string { return moment(t, a.zone) }

func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "not recorded"
	}
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2 January 2006, 15:04 MST")
}

func (a Assessment) day(t time.Time) string {
	if t.IsZero() {
		return "not recorded"
	}
	return civil.Of(t, a.zone).Words()
}

func dayOr(d civil.Date, none string) string { return cmp.Or(d.Words(), none) }

func recorded(s string) string { return cmp.Or(s, "Not recorded") }

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

// plural writes "1 question" or "3 questions".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func (a Assessment) summary() []Block { return summaryBlocks(a.Summary, "summary-levels") }

func summaryBlocks(s Summary, id string) []Block {
	lines := []string{plural(s.Total, "question", "questions") + " in scope."}
	for _, l := range s.Levels {
		lines = append(lines, l.Label+": "+strconv.Itoa(l.Total)+".")
	}
	lines = append(lines, "I don’t know: "+strconv.Itoa(s.DontKnow)+".")
	if s.Unanswered > 0 {
		lines = append(lines, "No answer: "+strconv.Itoa(s.Unanswered)+".")
	}
	blocks := []Block{{List: lines}, text(gapSentence(s.Gap))}
	if s.WorstSupport != "" {
		blocks = append(blocks, text("The weakest support of any claim is “"+string(s.WorstSupport)+"” ("+plural(len(s.Worst), "claim", "claims")+"). "+s.WorstSupport.Meaning()))
	}
	if s.LowestLevel != "" {
		blocks = append(blocks, text("The lowest level claimed is “"+s.LowestLevel+"”."))
	}
	if s.Total-s.DontKnow-s.Unanswered > 0 {
		blocks = append(blocks, plot(levelPlot(id, "Claims by level and by what supports them", s.Distribution)), supportTable("Claims by level and support", s.Distribution))
	}
	return blocks
}

func gapSentence(g assessment.Gap) string {
	if g.Claims == 0 {
		return "Nothing is claimed above the lowest level."
	}
	return fmt.Sprintf("Of %s above the lowest level, %d %s not carried by evidence within its validity, a check or an independent answer.",
		plural(g.Claims, "claim", "claims"), g.Unsupported, map[bool]string{true: "is", false: "are"}[g.Unsupported == 1])
}

// supportLabels lists the kinds of support, strongest first, as they stand in
// tables and keys.
func supportLabels() (out []string) {
	for i := range assessment.Supports() {
		out = append(out, supportAt(i).Label())
	}
	return out
}

func supportAt(i int) assessment.Support {
	all := assessment.Supports()
	return all[len(all)-1-i]
}

func supportCounts(l LevelCount) (out []int) {
	for i := range assessment.Supports() {
		out = append(out, l.BySupport[supportAt(i)])
	}
	return out
}

func levelPlot(id, title string, d Distribution) Plot {
	p := Plot{ID: id, Kind: PlotStacked, Title: title, Series: supportLabels()}
	var said []string
	for _, l := range d.Levels {
		p.Rows = append(p.Rows, PlotRow{Label: l.Label, Counts: supportCounts(l)})
		said = append(said, l.Label+" "+strconv.Itoa(l.Total))
	}
	p.Desc = "Bars for " + strings.Join(said, ", ") + ". The table after it has the same numbers."
	return p
}

func supportTable(caption string, d Distribution) Block {
	cs := numbers(columns(append(append([]string{"Level"}, supportLabels()...), "Total")...), 1)
	var rows [][]string
	for _, l := range d.Levels {
		row := []string{l.Label}
		for _, n := range supportCounts(l) {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, append(row, strconv.Itoa(l.Total)))
	}
	return table(caption, cs, rows)
}

func (a Assessment) profile() []Block {
	s := a.System
	return []Block{terms(
		Term{"Organisation", a.Organisation}, Term{"System", s.Name}, Term{"Kind", recorded(s.Kind)}, Term{"Scope", recorded(s.Scope)}, Term{"Stage", recorded(s.Stage)},
		Term{"Phase", recorded(s.Phase)}, Term{"Gate", recorded(s.Gate)},
		Term{"Classification", Mark(s.Classification)}, Term{"Exposure", recorded(s.Exposure)},
		Term{"Personal data", yesNo(s.Personal)}, Term{"Special category data", yesNo(s.Special)},
		Term{"Marking of this report", Mark(a.Marking)})}
}

func (a Assessment) roles() []Block { return roleBlocks(a.Roles) }

func roleBlocks(roles []Role) []Block {
	if len(roles) == 0 {
		return []Block{text("Nobody was named in a role.")}
	}
	var rows [][]string
	for _, r := range roles {
		how := "In their own right"
		switch {
		case r.OnBehalfOf:
			how = "On behalf of the accountable person"
		case r.StandIn:
			how = "Named stand-in"
		}
		rows = append(rows, []string{r.Role, r.Name, how, dayOr(r.From, "Not recorded"), dayOr(r.To, "Open")})
	}
	return []Block{table("Who held which role", columns("Role", "Name", "How", "From", "Until"), rows)}
}

func (a Assessment) questions() []Block {
	return questionBlocks(a.Framework, a.Scope)
}

func questionBlocks(f Framework, s Scope) []Block {
	ts := []Term{{"Framework", f.Title}, {"Publisher", f.Publisher}, {"Version", f.Key}, {"Whose words", f.Alignment}, {"Source", f.Source},
		{"Question set", s.Set}, {"Stage", recorded(s.Stage)}, {"Questions in scope", strconv.Itoa(s.Questions)}}
	if s.Larger {
		ts = append(ts, Term{"Size", "Questions for larger systems are included"})
	}
	if s.Reason != "" {
		ts = append(ts, Term{"Why not the suggested set", s.Reason})
	}
	blocks := []Block{terms(append(ts, Term{"Digest of the framework file (SHA-256)", f.SHA256})...)}
	if f.Note != "" {
		blocks = append(blocks, text(f.Note))
	}
	return blocks
}

func (a Assessment) results() []Block {
	cs := append(columns("Group", "Level"), numbers(columns(append(supportLabels(), "Total")...), 0)...)
	var rows, worst [][]string
	for _, g := range a.Groups {
		for _, l := range g.Levels {
			if l.Total == 0 {
				continue
			}
			row := []string{g.Title, l.Label}
			for _, n := range supportCounts(l) {
				row = append(row, strconv.Itoa(n))
			}
			rows = append(rows, append(row, strconv.Itoa(l.Total)))
		}
		weakest := "Nothing claimed"
		if g.WorstSupport != "" {
			weakest = g.WorstSupport.Label() + ": " + strings.Join(g.Worst, ", ")
		}
		worst = append(worst, []string{g.Title, cmp.Or(g.LowestLevel, "Nothing claimed"), weakest, strconv.Itoa(g.DontKnow), strconv.Itoa(g.Unanswered), strconv.Itoa(g.Total)})
	}
	if len(worst) == 0 {
		return []Block{text("No question is in scope.")}
	}
	blocks := []Block{text("Counts, and the weakest item of each group by name. Nothing is averaged."), plot(a.groupPlot())}
	blocks = append(blocks, table("Weakest item of each group", numbers(columns("Group", "Lowest level claimed", "Weakest support", "Not known", "No answer", "Questions"), 3), worst))
	if len(rows) > 0 {
		blocks = append(blocks, table("Claims by group, level and support", cs, rows))
	}
	if a.Framework.RollUp != "" {
		blocks = append(blocks, text(a.Framework.RollUp))
	}
	return blocks
}

// groupPlot draws the support of the claims of each group.
func (a Assessment) groupPlot() Plot {
	p := Plot{ID: "groups", Kind: PlotStacked, Title: "What supports the claims of each group", Series: supportLabels(),
		Desc: "One bar for each group, divided by support. The table after it has the same numbers by level."}
	for _, g := range a.Groups {
		row := PlotRow{Label: g.Title, Counts: make([]int, len(p.Series))}
		for _, l := range g.Levels {
			for i, n := range supportCounts(l) {
				row.Counts[i] += n
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// freshnessWords lists the states of freshness with their words.
func freshnessWords() []struct {
	State evidence.Freshness
	Label string
} {
	return []struct {
		State evidence.Freshness
		Label string
	}{{evidence.Current, "Current"}, {evidence.Expiring, "Runs out within " + strconv.Itoa(evidence.ExpiringDays) + " days"}, {evidence.RanOut, "Ran out"}, {evidence.Withdrawn, "Withdrawn"}}
}

func freshnessLabel(f evidence.Freshness) string {
	for _, w := range freshnessWords() {
		if w.State == f {
			return w.Label
		}
	}
	return string(f)
}
