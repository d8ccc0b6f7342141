package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

func TestAReleaseShowsWhatWasDeliveredAndWhatFollows(t *testing.T) {
	q := newQuarter(t)
	q.feeds(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21", "CVE-2026-1111"))
	d := q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
	who := q.admin.Actor()
	list, err := q.App.Releases(t.Context(), who, q.system)
	ok(t, err)
	if len(list.Releases) != 1 || list.Releases[0].Documents != 1 || !list.Releases[0].Speaks || list.Judged.Open != 1 || list.Judged.Release != "1.0" || len(list.Products) != 1 || !list.Products[0].Confirmed {
		t.Fatalf("%+v", list)
	}
	for _, name := range []string{"1.0", list.Releases[0].ID} {
		r, err := q.App.Release(t.Context(), who, q.system, name)
		ok(t, err)
		if len(r.Documents) != 1 || r.Documents[0].ID != d.Document || !r.Documents[0].Counts || r.Documents[0].Doubt != "" || len(r.Findings) != 1 || r.Findings[0].ID != "CVE-2026-1111" ||
			r.Coverage.Components != 2 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	doc, err := q.App.Document(t.Context(), who, q.system, "1.0", d.Document)
	ok(t, err)
	if len(doc.Quality) < 2 || len(doc.Licences.Licences) != 1 || doc.Licences.Licences[0].Licence != "MIT" || doc.Unread != "" {
		t.Errorf("%+v", doc)
	}
}

func TestComponentsAreListedAndNarrowed(t *testing.T) {
	q := newQuarter(t)
	q.feeds(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21"))
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "a@1.0.0", "b@1.0.0", "lodash@4.17.20"))
	all, err := q.App.Components(t.Context(), q.admin.Actor(), q.system, "1.0", app.ComponentFilter{}, app.Page{Limit: 2})
	ok(t, err)
	if all.Total != 3 || len(all.Items) != 2 || all.Items[0].Name != "lodash" || all.Items[0].Verdict != finding.Affected || all.Next == "" {
		t.Fatalf("%+v", all)
	}
	rest, err := q.App.Components(t.Context(), q.admin.Actor(), q.system, "1.0", app.ComponentFilter{}, app.Page{Limit: 2, After: all.Next})
	ok(t, err)
	if len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Verdict != finding.NoKnown {
		t.Errorf("%+v", rest)
	}
	for _, c := range []struct {
		f    app.ComponentFilter
		want int64
	}{{app.ComponentFilter{Name: "LODASH"}, 1}, {app.ComponentFilter{Verdict: "no_known"}, 2}, {app.ComponentFilter{Name: "a", Verdict: "affected"}, 1}, {app.ComponentFilter{Name: "nothing"}, 0}} {
		got, err := q.App.Components(t.Context(), q.admin.Actor(), q.system, "1.0", c.f, app.Page{})
		ok(t, err)
		if got.Total != c.want {
			t.Errorf("%+v: %d, want %d", c.f, got.Total, c.want)
		}
	}
	if _, err := q.App.Components(t.Context(), q.admin.Actor(), q.system, "1.0", app.ComponentFilter{}, app.Page{After: "bad"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a cursor that is none: %v", err)
	}
}

func TestFindingsAreNarrowedByStateAndRunOverdue(t *testing.T) {
	q := newQuarter(t)
	q.feeds(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21", "CVE-2026-1111"))
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "lodash@4.17.20"))
	count := func(state string) int64 {
		t.Helper()
		v, err := q.App.Findings(t.Context(), q.admin.Actor(), q.system, app.FindingFilter{State: state}, app.Page{})
		ok(t, err)
		if v.Release != "1.0" || v.Policy.ID == "" {
			t.Errorf("%+v", v)
		}
		return v.Total
	}
	if count("") != 1 || count("open") != 1 || count("overdue") != 0 || count("decided") != 0 {
		t.Error("one open finding was expected")
	}
	q.Clock.Advance(15 * 24 * time.Hour)
	ok(t, q.admin.SignIn())
	if count("overdue") != 1 {
		t.Error("a critical finding is overdue after 14 days")
	}
}

func TestTwoReleasesAreCompared(t *testing.T) {
	q := newQuarter(t)
	q.feeds(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21"), osvRecord("GHSA-2222-2222-2222", "qs", "6.0.0", "6.9.7"), osvRecord("GHSA-3333-3333-3333", "ws", "0", "9.0.0"))
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "lodash@4.17.20", "ws@8.0.0", "gone@1.0.0"))
	q.Clock.Advance(time.Minute)
	q.deliver("1.1", bill("payments@1.1", serialTwo, q.Clock.Now(), "lodash@4.17.21", "ws@8.0.1", "qs@6.5.0"))
	v, err := q.App.CompareReleases(t.Context(), q.admin.Actor(), q.system, "1.0", "1.1")
	ok(t, err)
	ids := func(list []app.Finding) (out []string) {
		for _, f := range list {
			out = append(out, f.ID)
		}
		return out
	}
	if !slices.Equal(ids(v.Introduced), []string{"GHSA-2222-2222-2222"}) || !slices.Equal(ids(v.Resolved), []string{"GHSA-1111-1111-1111"}) || v.Remaining != 1 || len(v.Changed) != 0 {
		t.Errorf("introduced %v, resolved %v, remaining %d, changed %v", ids(v.Introduced), ids(v.Resolved), v.Remaining, v.Changed)
	}
	if len(v.Products) != 1 || len(v.Products[0].Added) != 1 || len(v.Products[0].Removed) != 1 || len(v.Products[0].Versions) != 2 {
		t.Errorf("%+v", v.Products)
	}
	if !strings.Contains(v.Verdict, "resolves known vulnerabilities and brings others") || len(v.Why) != 2 {
		t.Errorf("%q %q", v.Verdict, v.Why)
	}
	same, err := q.App.CompareReleases(t.Context(), q.admin.Actor(), q.system, "1.1", "1.1")
	ok(t, err)
	if len(same.Introduced)+len(same.Resolved)+len(same.Changed) != 0 || !same.Products[0].Empty() {
		t.Errorf("%+v", same)
	}
}

func TestReleasesOfOthersAreNotThere(t *testing.T) {
	q := newQuarter(t)
	q.feeds()
	d := q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "a@1.0.0"))
	stranger := q.Admin("Elsewhere")
	for name, call := range map[string]func(who access.Actor) error{
		"releases": func(who access.Actor) error { _, err := q.App.Releases(t.Context(), who, q.system); return err },
		"release": func(who access.Actor) error {
			_, err := q.App.Release(t.Context(), who, q.system, d.Release)
			return err
		},
		"document": func(who access.Actor) error {
			_, err := q.App.Document(t.Context(), who, q.system, "1.0", d.Document)
			return err
		},
		"components": func(who access.Actor) error {
			_, err := q.App.Components(t.Context(), who, q.system, "1.0", app.ComponentFilter{}, app.Page{})
			return err
		},
		"findings": func(who access.Actor) error {
			_, err := q.App.Findings(t.Context(), who, q.system, app.FindingFilter{}, app.Page{})
			return err
		},
		"compare": func(who access.Actor) error {
			_, err := q.App.CompareReleases(t.Context(), who, q.system, "1.0", "1.0")
			return err
		},
	} {
		if err := call(stranger.Actor()); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
		if err := call(q.admin.Actor()); err != nil {
			t.Errorf("%s for its own people: %v", name, err)
		}
	}
}
