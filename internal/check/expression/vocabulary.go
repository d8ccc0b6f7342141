package expression

import (
	"fmt"
	"reflect"
	"slices"

	"cel.dev/cel-go/cel"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// The types of the vocabulary. Names are stable: expressions that organisations
// wrote are kept. Days are whole days before the moment of evaluation; -1 = not
// known.

// System is what the register says.
type System struct {
	Exposed  bool   `cel:"exposed"`
	Exposure string `cel:"exposure"`
	Stage    string `cel:"stage"`
	Kind     string `cel:"kind"`
	Personal bool   `cel:"personal"`
}

// Inventory is one bill of materials.
type Inventory struct {
	Subject      string           `cel:"subject"`
	Tool         string           `cel:"tool"`
	DaysOld      int64            `cel:"days_old"`
	Components   int64            `cel:"components"`
	Identified   int64            `cel:"identified"`
	Versioned    int64            `cel:"versioned"`
	Licensed     int64            `cel:"licensed"`
	Hashed       int64            `cel:"hashed"`
	Supplied     int64            `cel:"supplied"`
	Dependencies int64            `cel:"dependencies"`
	Faults       int64            `cel:"faults"`
	Ecosystems   map[string]int64 `cel:"ecosystems"`
	Licences     map[string]int64 `cel:"licences"`
	Types        map[string]int64 `cel:"types"`
}

// Finding is one vulnerability in one component.
type Finding struct {
	ID        string   `cel:"id"`
	Aliases   []string `cel:"aliases"`
	Component string   `cel:"component"`
	Verdict   string   `cel:"verdict"`
	Severity  string   `cel:"severity"`
	CWEs      []string `cel:"cwes"`
	Exploited bool     `cel:"exploited"`
	EPSS      float64  `cel:"epss"`
	Fixed     bool     `cel:"fix_known"`
	DaysOpen  int64    `cel:"days_open"`
	Overdue   bool     `cel:"overdue"`
	Decided   bool     `cel:"decided"`
}

// Scan is one run of one scanner.
type Scan struct {
	Tool       string           `cel:"tool"`
	Kind       string           `cel:"kind"`
	DaysOld    int64            `cel:"days_old"`
	Failed     bool             `cel:"failed"`
	Rules      []string         `cel:"rules"`
	Open       map[string]int64 `cel:"open"`
	Severe     int64            `cel:"severe"`
	Suppressed int64            `cel:"suppressed"`
	ByCWE      map[string]int64 `cel:"by_cwe"`
	ByRule     map[string]int64 `cel:"by_rule"`
}

// Tests are the results of one test run.
type Tests struct {
	DaysOld  int64    `cel:"days_old"`
	Tests    int64    `cel:"tests"`
	Failures int64    `cel:"failures"`
	Errors   int64    `cel:"errors"`
	Skipped  int64    `cel:"skipped"`
	Suites   []string `cel:"suites"`
}

// Scorecard is a result of OpenSSF Scorecard. A check that was inconclusive is -1.
type Scorecard struct {
	Repository string           `cel:"repository"`
	DaysOld    int64            `cel:"days_old"`
	Score      float64          `cel:"score"`
	Checks     map[string]int64 `cel:"checks"`
}

// Repository is what a repository says of itself: settings that were said, by the
// names of touchstone.repository/v1.
type Repository struct {
	Repository string           `cel:"repository"`
	DaysOld    int64            `cel:"days_old"`
	Settings   map[string]bool  `cel:"settings"`
	Reviews    int64            `cel:"reviews_required"`
	Files      []string         `cel:"files"`
	Languages  map[string]int64 `cel:"languages"`
}

// Attestation is one statement about the files of a release.
type Attestation struct {
	Predicate string `cel:"predicate"`
	Counts    bool   `cel:"counts"`
	Signed    bool   `cel:"signed"`
	Identity  string `cel:"identity"`
	Builder   string `cel:"builder"`
	Source    string `cel:"source"`
	Commit    string `cel:"commit"`
}

func nativeTypes() []any {
	return []any{reflect.TypeFor[System](), reflect.TypeFor[Inventory](), reflect.TypeFor[Finding](), reflect.TypeFor[Scan](), reflect.TypeFor[Tests](),
		reflect.TypeFor[Scorecard](), reflect.TypeFor[Repository](), reflect.TypeFor[Attestation]()}
}

// source is where the value of a variable comes from.
type source struct {
	missing        bool
	value          string // in few words
	newest, oldest int64
}

// variable is a name that expressions may use.
type variable struct {
	name    string
	about   string     // for people who write expressions
	kind    check.Kind // "" = always known and no fact: the moment
	missing string     // what to deliver
	typ     reflect.Type
	list    bool
	read    func(check.Facts) (any, source)
}

func (v variable) celType() *cel.Type {
	var t *cel.Type
	switch v.typ.Kind() {
	case reflect.Struct:
		t = cel.ObjectType("expression." + v.typ.Name())
	case reflect.Map:
		t = cel.MapType(cel.StringType, cel.IntType)
	default:
		t = cel.StringType
	}
	if v.list {
		return cel.ListType(t)
	}
	return t
}

// Word is one entry of the vocabulary, as a page shows it.
type Word struct {
	Name, About string
	Kind        check.Kind
	Members     []string
}

// Vocabulary lists what expressions may ask for.
func Vocabulary() []Word {
	var out []Word
	for _, v := range vocabulary() {
		w := Word{Name: v.name, About: v.about, Kind: v.kind}
		if v.typ.Kind() == reflect.Struct {
			for i := range v.typ.NumField() {
				w.Members = append(w.Members, v.typ.Field(i).Tag.Get("cel"))
			}
		}
		out = append(out, w)
	}
	return out
}

func vocabulary() []variable {
	return []variable{
		{name: "release", about: "the name of the release", typ: reflect.TypeFor[string](), read: func(f check.Facts) (any, source) { return f.Release, source{} }},
		{name: "system", about: "what the register says of the system", kind: check.Register, typ: reflect.TypeFor[System](), read: readSystem},
		{name: "inventories", about: "bills of materials in force", kind: check.Inventory, missing: "no bill of materials was delivered for this release.",
			typ: reflect.TypeFor[Inventory](), list: true, read: readInventories},
		{name: "coverage", about: "components by verdict, such as coverage[\"cannot_assess\"]", kind: check.Findings, missing: "no bill of materials was delivered for this release.",
			typ: reflect.TypeFor[map[string]int64](), read: readCoverage},
		{name: "findings", about: "known vulnerabilities in components, as decided", kind: check.Findings, missing: "no bill of materials was delivered for this release.",
			typ: reflect.TypeFor[Finding](), list: true, read: readFindings},
		{name: "scans", about: "runs of scanners (SARIF)", kind: check.Scan, missing: "no scan was delivered for this release.", typ: reflect.TypeFor[Scan](), list: true, read: readScans},
		{name: "tests", about: "test runs", kind: check.Tests, missing: "no test results were delivered for this release.", typ: reflect.TypeFor[Tests](), list: true, read: readTests},
		{name: "scorecards", about: "results of OpenSSF Scorecard", kind: check.Scorecard, missing: "no Scorecard result was delivered.",
			typ: reflect.TypeFor[Scorecard](), list: true, read: readScorecards},
		{name: "repositories", about: "what repositories say of themselves", kind: check.Repository, missing: "no repository facts were delivered.",
			typ: reflect.TypeFor[Repository](), list: true, read: readRepositories},
		{name: "attestations", about: "signed statements about the files of the release", kind: check.Provenance, missing: "no attestation was delivered for this release.",
			typ: reflect.TypeFor[Attestation](), list: true, read: readAttestations},
	}
}

func readSystem(f check.Facts) (any, source) {
	s := f.System
	return System{s.Exposed, s.Exposure, s.Stage, s.Kind, s.Personal}, source{value: "the register", newest: f.Now}
}

func readInventories(f check.Facts) (any, source) {
	return gather(f, f.Inventories, func(i check.InventoryFact) check.Document { return i.Document }, "bills of materials", func(i check.InventoryFact) Inventory {
		return Inventory{Subject: i.Subject, Tool: i.Tool, DaysOld: days(f, i.ProducedAt), Components: int64(i.Components), Identified: int64(i.Identified), Versioned: int64(i.Versioned),
			Licensed: int64(i.Licensed), Hashed: int64(i.Hashed), Supplied: int64(i.Supplied), Dependencies: int64(i.Dependencies), Faults: int64(i.Faults),
			Ecosystems: wide(i.Ecosystems), Licences: wide(i.Licences), Types: wide(i.Types)}
	})
}

// readCoverage and readFindings rest on the bills of materials and on the
// advisories: without the first there is nothing to be said.
func readCoverage(f check.Facts) (any, source) {
	out := map[string]int64{}
	for v, n := range f.Coverage.Verdicts {
		out[string(v)] = int64(n)
	}
	return out, computed(f, fmt.Sprintf("%d verdicts", len(out)))
}

func readFindings(f check.Facts) (any, source) {
	out := make([]Finding, 0, len(f.Findings))
	for _, x := range f.Findings {
		out = append(out, Finding{ID: x.ID, Aliases: x.Aliases, Component: x.Component, Verdict: string(x.Verdict), Severity: string(x.Band), CWEs: x.CWEs, Exploited: x.Exploited,
			EPSS: x.EPSS, Fixed: len(x.Fixed) > 0, DaysOpen: days(f, x.FirstSeen), Overdue: x.DueAt != 0 && x.DueAt <= f.Now, Decided: x.DecidedBy != ""})
	}
	return out, computed(f, fmt.Sprintf("%d findings", len(out)))
}

func computed(f check.Facts, value string) source {
	if len(f.Inventories) == 0 {
		return source{missing: true}
	}
	// Advisories are looked up again each time, so what ages is the feed.
	return source{value: value, newest: f.Now, oldest: f.Coverage.FeedsAsOf}
}

func readScans(f check.Facts) (any, source) {
	return gather(f, f.Scans, documentOf[fact.Scan], "runs", func(o check.Of[fact.Scan]) Scan {
		s := o.Fact
		// A run without a list of results is as silent as one that broke off.
		out := Scan{Tool: s.Tool, Kind: string(s.Kind), DaysOld: days(f, o.ProducedAt), Failed: s.Failed || s.Unscanned, Open: wide(s.Open), Severe: int64(s.Severe), Suppressed: int64(s.Suppressed),
			ByCWE: wide(s.ByCWE), ByRule: wide(s.ByRule)}
		for _, r := range s.Rules {
			if !r.Disabled {
				out.Rules = append(out.Rules, r.ID)
			}
		}
		return out
	})
}

func readTests(f check.Facts) (any, source) {
	return gather(f, f.Tests, documentOf[fact.Tests], "test runs", func(o check.Of[fact.Tests]) Tests {
		t := o.Fact
		out := Tests{DaysOld: days(f, o.ProducedAt), Tests: int64(t.Tests), Failures: int64(t.Failures), Errors: int64(t.Errors), Skipped: int64(t.Skipped)}
		for _, s := range t.Suites {
			out.Suites = append(out.Suites, s.Name)
		}
		return out
	})
}

func readScorecards(f check.Facts) (any, source) {
	return gather(f, f.Scorecards, documentOf[fact.Scorecard], "results", func(o check.Of[fact.Scorecard]) Scorecard {
		out := Scorecard{Repository: o.Fact.Repository, DaysOld: days(f, o.ProducedAt), Score: o.Fact.Score, Checks: map[string]int64{}}
		for name, c := range o.Fact.Checks {
			out.Checks[name] = int64(c.Score)
		}
		return out
	})
}

func readRepositories(f check.Facts) (any, source) {
	return gather(f, f.Repositories, documentOf[fact.Repository], "repositories", func(o check.Of[fact.Repository]) Repository {
		r := o.Fact
		out := Repository{Repository: r.Repository, DaysOld: days(f, o.ProducedAt), Settings: map[string]bool{}, Reviews: -1, Languages: r.Languages}
		for name, said := range map[string]*bool{"code_owners_required": r.CodeOwnersRequired, "checks_required": r.ChecksRequired, "force_push_blocked": r.ForcePushBlocked,
			"deletion_blocked": r.DeletionBlocked, "admins_bound": r.AdminsBound, "signed_commits_required": r.SignedCommits, "mfa_required": r.MFARequired,
			"secret_scanning": r.SecretScanning, "push_protection": r.PushProtection, "private_reporting": r.PrivateReporting, "dependency_updates": r.DependencyUpdates,
			"workflow_token_read_only": r.WorkflowTokenRead, "actions_pinned": r.ActionsPinned} {
			if said != nil {
				out.Settings[name] = *said
			}
		}
		if r.ReviewsRequired != nil {
			out.Reviews = int64(*r.ReviewsRequired)
		}
		for role := range r.Files {
			out.Files = append(out.Files, string(role))
		}
		slices.Sort(out.Files)
		return out
	})
}

func readAttestations(f check.Facts) (any, source) {
	return gather(f, f.Attestations, documentOf[fact.Attestation], "statements", func(o check.Of[fact.Attestation]) Attestation {
		a := o.Fact
		return Attestation{Predicate: a.PredicateType, Counts: a.Counts, Signed: a.Signed, Identity: a.Identity, Builder: a.Builder, Source: a.Source, Commit: a.Commit}
	})
}

func documentOf[T any](o check.Of[T]) check.Document { return o.Document }

// gather turns facts into values, and keeps how old they are.
func gather[F, V any](f check.Facts, list []F, document func(F) check.Document, words string, value func(F) V) (any, source) {
	s := source{missing: len(list) == 0, value: fmt.Sprintf("%d %s", len(list), words)}
	out := make([]V, 0, len(list))
	for _, x := range list {
		d := document(x)
		s.newest = max(s.newest, d.ProducedAt)
		if s.oldest == 0 || d.ProducedAt < s.oldest {
			s.oldest = d.ProducedAt
		}
		out = append(out, value(x))
	}
	return out, s
}

func days(f check.Facts, at int64) int64 {
	if at == 0 || at > f.Now {
		return -1
	}
	return (f.Now - at) / (24 * 3600 * 1_000_000)
}

// wide makes counts of the kind that CEL has.
func wide(m map[string]int) map[string]int64 {
	out := make(map[string]int64, len(m))
	for k, n := range m {
		out[k] = int64(n)
	}
	return out
}
