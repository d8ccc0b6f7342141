package sample_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// machines checks what pipelines left behind in one organisation, who being its
// administrator.
func machines(t *testing.T, a *app.App, who access.Actor) {
	ctx := t.Context()
	systems, err := a.SystemsIn(ctx, who, app.SystemFilter{}, app.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var delivering, faulty, overdue, contradicted, recovered, decided int
	for _, s := range systems.Items {
		v, err := a.Releases(ctx, who, s.System.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Releases) == 0 {
			continue
		}
		delivering++
		overdue += v.Judged.Overdue
		decided += v.Judged.Coverage.Verdicts["not_affected_by_decision"]
		if n := v.Judged.Coverage.Verdicts["cannot_assess"]; n > 0 {
			t.Errorf("%s: %d components cannot be assessed: %v", s.System.Name, n, v.Judged.Coverage)
		}
		for _, r := range v.Releases {
			one, err := a.Release(ctx, who, s.System.ID, r.Name)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range one.Documents {
				if len(d.Faults) > 0 {
					faulty++
					t.Logf("%s %s: %s: %+v", s.System.Name, r.Name, d.Format, d.Faults)
				}
			}
		}
		_, moves, err := a.SystemHistory(ctx, who, s.System.ID, 0, app.MaxLimit)
		if err != nil {
			t.Fatal(err)
		}
		now := map[string]string{}
		for _, m := range slices.Backward(moves) { // oldest first
			switch {
			case m.AfterSupport == "contradicted":
				if m.Why == "" {
					t.Error("a move does not say why")
				}
				now[m.Requirement] = m.Why
				t.Logf("%s, %s: %s -> %s: %s", s.System.Name, m.Requirement, m.BeforeSupport, m.AfterSupport, m.Why)
			case m.BeforeSupport == "contradicted":
				if strings.Contains(now[m.Requirement], "SAMPLE-2000-0001") {
					recovered++
				}
				delete(now, m.Requirement)
				t.Logf("%s, %s: %s -> %s: %s", s.System.Name, m.Requirement, m.BeforeSupport, m.AfterSupport, m.Why)
			}
		}
		contradicted += len(now)
	}
	if delivering != 4 || faulty != 1 || overdue != 1 || decided != 1 {
		t.Errorf("%d systems deliver, %d documents have faults, %d findings are overdue, %d are decided; want 4, 1, 1, 1", delivering, faulty, overdue, decided)
	}
	if recovered == 0 || contradicted == 0 {
		t.Errorf("%d claims fell with the new advisory and recovered, %d are contradicted now", recovered, contradicted)
	}
	found, err := a.Affected(ctx, who, "SAMPLE-2000-0001", app.Page{})
	if err != nil || found.List.Total == 0 {
		t.Errorf("who is affected by the new advisory: %d, %v", found.List.Total, err)
	}
	feeds, err := a.FeedStatus(ctx, who)
	if err != nil || len(feeds) != 4 {
		t.Errorf("%d feeds, %v", len(feeds), err)
	}
	for _, f := range feeds {
		if f.Stale || f.Problem != "" {
			t.Errorf("feed %+v", f)
		}
	}
}
