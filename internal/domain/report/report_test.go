package report_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/report/reporttest"
)

func section(t *testing.T, d report.Document, id string) []report.Block {
	t.Helper()
	i := slices.IndexFunc(d.Sections, func(s report.Section) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("no section %s", id)
	}
	return d.Sections[i].Blocks
}

// all gathers every text of a document.
func all(d report.Document) string {
	var b strings.Builder
	say := func(ss ...string) { b.WriteString(strings.Join(ss, "\n") + "\n") }
	say(append([]string{d.Title, d.Subtitle, d.Marking, d.Banner}, d.Lead...)...)
	for _, s := range d.Sections {
		say(s.Heading)
		for _, x := range s.Blocks {
			say(append([]string{x.Heading, x.Text, x.Code}, x.List...)...)
			for _, t := range x.Terms {
				say(t.Name, t.Value)
			}
			if x.Table != nil {
				say(x.Table.Caption)
				for _, c := range x.Table.Columns {
					say(c.Title)
				}
				for _, r := range x.Table.Rows {
					say(r...)
				}
			}
		}
	}
	return b.String()
}

func TestTheReportHasEverySectionItShould(t *testing.T) {
	d := report.Build(reporttest.Ordinary()).Document()
	var ids []string
	for _, s := range d.Sections {
		ids = append(ids, s.ID)
		if len(s.Blocks) == 0 {
			t.Errorf("%s is empty", s.ID)
		}
	}
	want := []string{"summary", "profile", "roles", "questions", "results", "trend", "gaps", "dont-knows", "evidence", "history", "accepted", "sign-off", "verify", "sharing", "answers"}
	if !slices.Equal(ids, want) {
		t.Errorf("sections %v", ids)
	}
}

func TestTheReportSaysWhatAStrangerNeeds(t *testing.T) {
	in := reporttest.Ordinary()
	words := all(report.Build(in).Document())
	for _, want := range []string{
		"OFFICIAL-SENSITIVE", "Sample data", "not a certificate", "no pass mark", // what it is
		"Touchstone project", "This is not the official question set", // whose words
		"Example system", "Everything behind the front door.", "In service", "The other set fits less well.",
		"Signing person", "Signed on behalf of Accountable person, who stays accountable.", "I accept this with its gaps.",
		in.Approval.Digest, "touchstone.frozen/v1", "1234", "touchstone/example", "touchstone verify", // proof
		"15 May 2026 (passed)", "Second author", // who finds out, and by when
		"Held elsewhere by The registry, reference REF-1, marked SECRET, seen by First author on 3 March 2026",
		"Assurance pool", "10 May 2026, 12:00 UTC (after signing)", "There is no such part.",
		"Of 7 claims above the lowest level, 4 are not carried",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestItIsNeverCalledACertificateAndKnowsNoScore(t *testing.T) {
	for _, in := range []report.Input{reporttest.Ordinary(), reporttest.Empty()} {
		words := strings.ToLower(all(report.Build(in).Document()))
		for _, word := range []string{"certified", "compliant", "passed the", "failed", "accredited", "score", "per cent", "%", "average "} {
			if strings.Contains(words, word) {
				t.Errorf("the report says %q", word)
			}
		}
		if n := strings.Count(words, "certificate"); n != strings.Count(words, "not a certificate") {
			t.Errorf("certificate stands %d times", n)
		}
	}
}

func TestFreshnessIsAsAtTheTimeOfTheReport(t *testing.T) {
	for _, c := range []struct{ day, risk, plan, tests, design string }{
		{"2026-05-01", "current", "expiring", "current", "current"},
		{"2026-06-01", "current", "ran_out", "expiring", "withdrawn"},
		{"2027-04-01", "ran_out", "ran_out", "ran_out", "withdrawn"},
	} {
		in := reporttest.Ordinary()
		in.AsOf = reporttest.At(c.day)
		got := map[string]string{}
		for _, e := range report.Build(in).Evidence {
			got[e.Title] = string(e.Freshness)
		}
		want := map[string]string{"Risk assessment": c.risk, "Plan": c.plan, "Test report": c.tests, "Design record": c.design}
		for title, w := range want {
			if got[title] != w {
				t.Errorf("on %s %s is %s, want %s", c.day, title, got[title], w)
			}
		}
	}
}

func TestEveryGapIsNamedWithItsOwner(t *testing.T) {
	got := map[string]report.Gap{}
	for _, g := range report.Build(reporttest.Ordinary()).Gaps {
		got[g.Requirement] = g
	}
	for id, kind := range map[string]string{"E-102": "stale", "E-105": "asserted", "E-201": "contradicted", "E-202": "unassessed", "E-203": "dont_know", "E-205": "lowest_level"} {
		g := got[id]
		if g.Kind != kind || g.Owner == "" || g.Why == "" || g.Remedy == "" {
			t.Errorf("%s: %+v", id, g)
		}
		delete(got, id)
	}
	if len(got) > 0 {
		t.Errorf("these are no gaps: %v", got)
	}
	first := report.Build(reporttest.Ordinary()).Gaps[0]
	if first.Kind != "contradicted" {
		t.Errorf("the first gap is %s", first.Kind)
	}
}

func TestAnUnansweredQuestionIsAGapAndNotANo(t *testing.T) {
	in := reporttest.Ordinary()
	in.Frozen.Responses = slices.Clone(in.Frozen.Responses[1:])
	a := report.Build(in)
	if a.Summary.Unanswered != 1 || a.Gaps[1].Kind != report.GapUnanswered || a.Answers[0].Claim != "No answer" {
		t.Errorf("%d unanswered, gap %s, claim %s", a.Summary.Unanswered, a.Gaps[1].Kind, a.Answers[0].Claim)
	}
}

func TestTheNumbersOfGroupsAndWholeAgree(t *testing.T) {
	a := report.Build(reporttest.Huge())
	total, unknown := 0, 0
	for _, g := range a.Groups {
		total, unknown = total+g.Total, unknown+g.DontKnow
		sum := g.DontKnow + g.Unanswered
		for _, l := range g.Levels {
			sum += l.Total
			bySupport := 0
			for _, n := range l.BySupport {
				bySupport += n
			}
			if bySupport != l.Total {
				t.Errorf("%s, %s: %d by support, %d in all", g.Title, l.Label, bySupport, l.Total)
			}
		}
		if sum != g.Total {
			t.Errorf("%s: %d of %d", g.Title, sum, g.Total)
		}
	}
	if total != 106 || total != a.Summary.Total || unknown != a.Summary.DontKnow {
		t.Errorf("%d questions in groups, %d in all; %d and %d not known", total, a.Summary.Total, unknown, a.Summary.DontKnow)
	}
}

func TestEveryPlotHasTheNumbersOfATableAfterIt(t *testing.T) {
	d := report.Build(reporttest.Ordinary()).Document()
	for _, c := range []struct{ section, caption string }{{"summary", "Claims by level and support"}, {"trend", "Approved assessments, oldest first"}, {"evidence", "Evidence by kind and freshness"}} {
		blocks := section(t, d, c.section)
		i := slices.IndexFunc(blocks, func(b report.Block) bool { return b.Plot != nil })
		j := slices.IndexFunc(blocks, func(b report.Block) bool { return b.Table != nil && b.Table.Caption == c.caption })
		if i < 0 || j < i {
			t.Fatalf("%s: plot %d, table %d", c.section, i, j)
		}
		for r, row := range blocks[i].Plot.Rows {
			cells := blocks[j].Table.Rows[r]
			if cells[0] != row.Label {
				t.Errorf("%s: %s and %s", c.section, cells[0], row.Label)
			}
			for s, name := range blocks[i].Plot.Series {
				at := slices.IndexFunc(blocks[j].Table.Columns, func(x report.Column) bool { return x.Title == name })
				if at < 0 || cells[at] != strconv.Itoa(row.Counts[s]) {
					t.Errorf("%s, %s, %s: plot %d, table %q", c.section, row.Label, name, row.Counts[s], cells)
				}
			}
		}
	}
}

func TestTheTrendIsOldestFirstAndEndsWithThisOne(t *testing.T) {
	a := report.Build(reporttest.Ordinary())
	if len(a.Trend) != 4 || a.Trend[3].Assessment != a.ID || a.Trend[3].Digest != a.SignOff.Digest {
		t.Fatalf("%+v", a.Trend)
	}
	if !slices.IsSortedFunc(a.Trend, func(x, y report.Quarter) int { return x.ApprovedAt.Compare(y.ApprovedAt) }) {
		t.Error("not in order")
	}
}

func TestTheOrderOfTheInputHasNoEffect(t *testing.T) {
	in := reporttest.Ordinary()
	slices.Reverse(in.Earlier)
	slices.Reverse(in.Moves)
	slices.Reverse(in.Frozen.Responses)
	slices.Reverse(in.Frozen.Evidence)
	if a, b := all(report.Build(reporttest.Ordinary()).Document()), all(report.Build(in).Document()); a != b {
		t.Error("it has")
	}
}

func TestNothingOfTheFutureStandsInTheHistory(t *testing.T) {
	in := reporttest.Ordinary()
	in.AsOf = reporttest.At("2026-05-02")
	if h := report.Build(in).History; len(h) != 1 || h[0].AfterSigning {
		t.Errorf("%+v", h)
	}
}

func TestThePublisherIsAlwaysNamed(t *testing.T) {
	for _, alignment := range []string{framework.Official, framework.AlignedWith, framework.Own} {
		f := framework.Framework{Publisher: "The publisher", Alignment: alignment}
		s := report.Alignment(&f)
		if !strings.Contains(s, "The publisher") || (alignment != framework.Official) != strings.Contains(s, "not") {
			t.Errorf("%s: %s", alignment, s)
		}
	}
}

func TestAnErasedPersonIsStillSomebody(t *testing.T) {
	in := reporttest.Ordinary()
	in.Names = nil
	if by := report.Build(in).SignOff.By; !strings.Contains(by, "usr_sro") || !strings.Contains(by, "removed") {
		t.Error(by)
	}
}

func TestTheSignOffViewShowsWhatChangedAndItsDigest(t *testing.T) {
	in := reporttest.Ordinary()
	in.State = assessment.SROReview
	v, err := report.BuildSignOff(in)
	if err != nil {
		t.Fatal(err)
	}
	_, digest, err := in.Frozen.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if v.Digest != digest || v.SeenAt != in.AsOf || v.Version != in.Frozen.Version || v.PreviousAt.UnixMicro() != reporttest.At("2026-02-01") {
		t.Errorf("%+v", v)
	}
	if len(v.Changes) == 0 || len(v.Accepting) < 3 {
		t.Errorf("%d changes, %d sentences", len(v.Changes), len(v.Accepting))
	}
}

func TestChangesSinceTheLastApproval(t *testing.T) {
	base := reporttest.Ordinary()
	last := report.Earlier{Frozen: base.Frozen, Framework: base.Framework, ApprovedAt: reporttest.At("2026-02-01")}
	for _, c := range []struct {
		name, kind, target string
		change             func(f *assessment.Frozen)
	}{
		{"nothing", "", "", func(*assessment.Frozen) {}},
		{"an answer", "claim", "E-101", func(f *assessment.Frozen) { f.Responses[0].Level = "not_met" }},
		{"support", "support", "E-101", func(f *assessment.Frozen) { f.Responses[0].Support = assessment.Stale }},
		{"reasons", "rationale", "E-101", func(f *assessment.Frozen) { f.Responses[0].Rationale = "Otherwise." }},
		{"a question no longer asked", "gone_question", "E-205", func(f *assessment.Frozen) { f.Scope.Requirements = f.Scope.Requirements[:9] }},
		{"evidence no longer linked", "gone_evidence", "evd_4", func(f *assessment.Frozen) { f.Evidence = f.Evidence[:3] }},
		{"new evidence", "new_evidence", "evd_9", func(f *assessment.Frozen) {
			f.Evidence = append(f.Evidence, assessment.FrozenEvidence{ID: "evd_9", Title: "New"})
		}},
		{"a new version of evidence", "changed_evidence", "evd_1", func(f *assessment.Frozen) { f.Evidence[0].Version = "9" }},
		{"the profile", "profile", "", func(f *assessment.Frozen) { f.System.Exposure = "internal" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := reporttest.Ordinary()
			in.Earlier = []report.Earlier{last}
			c.change(&in.Frozen)
			v, err := report.BuildSignOff(in)
			if err != nil {
				t.Fatal(err)
			}
			if c.kind == "" {
				if len(v.Changes) > 0 {
					t.Errorf("%+v", v.Changes)
				}
				return
			}
			if len(v.Changes) != 1 || v.Changes[0].Kind != c.kind || v.Changes[0].Requirement+v.Changes[0].Evidence != c.target || v.Changes[0].Before == v.Changes[0].After {
				t.Errorf("%+v", v.Changes)
			}
		})
	}
}

func TestAQuestionThatIsNewSinceTheLastApproval(t *testing.T) {
	in := reporttest.Ordinary()
	in.Earlier = []report.Earlier{{Frozen: in.Frozen, Framework: in.Framework, ApprovedAt: reporttest.At("2026-02-01")}}
	in.Earlier[0].Frozen.Scope.Requirements = in.Frozen.Scope.Requirements[1:]
	v, err := report.BuildSignOff(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Changes) != 1 || v.Changes[0].Kind != "new_question" || v.Changes[0].Requirement != "E-101" {
		t.Errorf("%+v", v.Changes)
	}
}

func TestTheSignOffBeginsWithWhatIsAccepted(t *testing.T) {
	in := reporttest.Ordinary()
	in.Earlier = []report.Earlier{{Frozen: in.Frozen, Framework: in.Framework, ApprovedAt: reporttest.At("2026-02-01")}}
	in.Frozen.Evidence = slices.Clone(in.Frozen.Evidence)
	in.Frozen.Evidence[0].Version = "9"
	v, err := report.BuildSignOff(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range v.Document().Sections {
		id := s.ID
		if s.Folded {
			id += " (folded)"
		}
		got = append(got, id)
	}
	want := []string{"accepting", "changed", "gaps", "not-there", "evidence (folded)", "summary (folded)", "roles (folded)", "digest (folded)"}
	if !slices.Equal(got, want) {
		t.Errorf("sections %q, want %q", got, want)
	}
	unmet := 0
	for _, g := range v.Gaps {
		if g.Kind == report.GapLowestLevel {
			unmet++
		}
	}
	for _, s := range v.Document().Sections {
		if s.ID == "not-there" && (unmet == 0 || len(s.Blocks[0].List) != unmet) {
			t.Errorf("%d things are not in place, %d are named", unmet, len(s.Blocks[0].List))
		}
	}
}
