package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// benchSystemsVariable sets the larger number of systems that the benchmarks of
// pages compare with 100. The figures of docs/benchmarks.md use 10000; making the
// data takes minutes then.
const benchSystemsVariable = "TOUCHSTONE_BENCH_SYSTEMS"

func benchSystems(b *testing.B) int {
	v := os.Getenv(benchSystemsVariable)
	if v == "" {
		return 1000
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		b.Fatalf("%s must be a number of systems: %q", benchSystemsVariable, v)
	}
	return n
}

// read is one thing that a page or an API operation asks.
type read struct {
	name string
	do   func(ctx context.Context, a *app.App, who access.Actor, k known) error
}

// known are things to ask about, chosen at random.
type known struct {
	system, assessment, requirement, evidence, unit, person string
	after, afterEvidence                                    string // cursors somewhere in a list
}

// reads lists what every list and system page asks.
func reads() []read {
	list := func(name string, f func(k known) (app.SystemFilter, app.Page)) read {
		return read{name, func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			filter, page := f(k)
			_, err := a.SystemsIn(ctx, who, filter, page)
			return err
		}}
	}
	return []read{
		list("systems", func(known) (app.SystemFilter, app.Page) { return app.SystemFilter{}, app.Page{} }),
		list("systems_deep", func(k known) (app.SystemFilter, app.Page) { return app.SystemFilter{}, app.Page{After: k.after} }),
		list("systems_by_name", func(known) (app.SystemFilter, app.Page) { return app.SystemFilter{Name: "portal"}, app.Page{} }),
		list("systems_by_unit", func(k known) (app.SystemFilter, app.Page) {
			return app.SystemFilter{Units: []string{k.unit}}, app.Page{}
		}),
		list("systems_by_support", func(known) (app.SystemFilter, app.Page) { return app.SystemFilter{Worst: "stale"}, app.Page{} }),
		list("systems_overdue", func(known) (app.SystemFilter, app.Page) {
			return app.SystemFilter{OverdueOn: "2026-03-02"}, app.Page{}
		}),
		list("systems_by_owner", func(k known) (app.SystemFilter, app.Page) { return app.SystemFilter{Owner: k.person}, app.Page{} }),
		{"system", func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			_, err := a.SystemHome(ctx, who, k.system)
			return err
		}},
		{"system_history", func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			_, _, err := a.SystemHistory(ctx, who, k.system, 0, 50)
			return err
		}},
		{"assessment", func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			_, err := a.AssessmentView(ctx, who, k.assessment)
			return err
		}},
		{"question", func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			_, err := a.QuestionView(ctx, who, k.assessment, k.requirement)
			return err
		}},
		{"assessments", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.Assessments(ctx, who, app.AssessmentFilter{}, app.Page{})
			return err
		}},
		{"assurance_pool", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.Assessments(ctx, who, app.AssessmentFilter{States: []string{"approved", "shared"}}, app.Page{})
			return err
		}},
		{"my_work", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.MyWork(ctx, who)
			return err
		}},
		{"evidence", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.EvidenceIn(ctx, who, app.EvidenceFilter{}, app.Page{})
			return err
		}},
		{"evidence_deep", func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			_, err := a.EvidenceIn(ctx, who, app.EvidenceFilter{}, app.Page{After: k.afterEvidence})
			return err
		}},
		{"evidence_by_title", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.EvidenceIn(ctx, who, app.EvidenceFilter{Title: "recovery"}, app.Page{})
			return err
		}},
		{"evidence_record", func(ctx context.Context, a *app.App, who access.Actor, k known) error {
			_, err := a.EvidenceView(ctx, who, k.evidence)
			return err
		}},
		{"people", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.Members(ctx, who, app.Page{})
			return err
		}},
		{"units", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.Units(ctx, who)
			return err
		}},
		{"audit", func(ctx context.Context, a *app.App, who access.Actor, _ known) error {
			_, err := a.AuditEntries(ctx, who, app.AuditFilter{}, app.Page{})
			return err
		}},
	}
}

// estate is a seeded installation with what there is to ask about.
type estate struct {
	w        *apptest.World
	who      access.Actor
	lines    []app.SystemLine
	records  []app.Evidence
	units    []app.Unit
	people   []app.Member
	cursors  []string
	deep     []string
	question string
}

func newEstate(b testing.TB, systems int) *estate {
	b.Helper()
	w, who, _ := seeded(b, app.BenchInput{Systems: systems, Seed: 1, Units: max(1, systems/50), Users: max(2, systems/5)})
	e := &estate{w: w, who: who}
	e.look(b)
	return e
}

// look learns what there is to ask about.
func (e *estate) look(b testing.TB) {
	b.Helper()
	w, who, ctx := e.w, e.who, context.Background()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	for page := (app.Page{Limit: app.MaxLimit}); ; {
		list, err := w.App.SystemsIn(ctx, who, app.SystemFilter{}, page)
		must(err)
		e.lines = append(e.lines, list.Items...)
		if page.After = list.Next; list.Next == "" || len(e.lines) >= 5000 {
			break
		}
		e.cursors = append(e.cursors, list.Next)
	}
	for page := (app.Page{Limit: app.MaxLimit}); ; {
		list, err := w.App.EvidenceIn(ctx, who, app.EvidenceFilter{}, page)
		must(err)
		e.records = append(e.records, list.Items...)
		if page.After = list.Next; list.Next == "" || len(e.records) >= 5000 {
			break
		}
		e.deep = append(e.deep, list.Next)
	}
	var err error
	e.units, err = w.App.Units(ctx, who)
	must(err)
	people, err := w.App.Members(ctx, who, app.Page{Limit: app.MaxLimit})
	must(err)
	e.people = people.Items
}

// any chooses what to ask about.
func (e *estate) any(c *rand.Rand) known {
	line := e.lines[c.IntN(len(e.lines))]
	k := known{system: line.System.ID, assessment: line.Summary.Assessment, evidence: e.records[c.IntN(len(e.records))].ID,
		unit: e.units[c.IntN(len(e.units))].ID, person: e.people[c.IntN(len(e.people))].ID}
	if len(e.cursors) > 0 {
		k.after = e.cursors[c.IntN(len(e.cursors))]
	}
	if len(e.deep) > 0 {
		k.afterEvidence = e.deep[c.IntN(len(e.deep))]
	}
	return k
}

// BenchmarkPages measures what each page asks of the operations, at 100 systems
// and at many. p95 and p99 are of single calls.
func BenchmarkPages(b *testing.B) {
	for _, systems := range []int{100, benchSystems(b)} {
		b.Run(fmt.Sprintf("systems=%d", systems), func(b *testing.B) {
			e := newEstate(b, systems)
			for _, r := range reads() {
				b.Run(r.name, func(b *testing.B) { e.measure(b, r) })
			}
		})
	}
}

func (e *estate) measure(b *testing.B, r read) {
	ctx, c := context.Background(), rand.New(rand.NewPCG(1, 1))
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		k := e.any(c)
		k.requirement = e.firstQuestion(b, k.assessment)
		began := time.Now()
		if err := r.do(ctx, e.w.App, e.who, k); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	at := func(percent int) float64 { return float64(took[(len(took)-1)*percent/100]) / float64(time.Millisecond) }
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(95), "p95-ms")
	b.ReportMetric(at(99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// firstQuestion is the first requirement of the framework that the seed answers
// last, which is the one that speaks for every system.
func (e *estate) firstQuestion(t testing.TB, assessment string) string {
	if e.question != "" {
		return e.question
	}
	v, err := e.w.App.AssessmentView(context.Background(), e.who, assessment)
	if err != nil {
		t.Fatal(err)
	}
	e.question = v.Lines[0].Requirement.ID
	return e.question
}

func TestTheNumberOfStatementsDoesNotDependOnTheNumberOfRows(t *testing.T) {
	few, many := newEstate(t, 4), newEstate(t, 60)
	asked := func(e *estate, r read) int64 {
		c := rand.New(rand.NewPCG(1, 1))
		k := e.any(c)
		k.requirement = e.firstQuestion(t, k.assessment)
		before := e.w.DB.Statements()
		if err := r.do(t.Context(), e.w.App, e.who, k); err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		return e.w.DB.Statements() - before
	}
	for _, r := range reads() {
		one, other := asked(few, r), asked(many, r)
		if one == 0 || one != other {
			t.Errorf("%s runs %d statements with 4 systems and %d with 60", r.name, one, other)
		}
		if one > 25 {
			t.Errorf("%s runs %d statements", r.name, one)
		}
	}
}
