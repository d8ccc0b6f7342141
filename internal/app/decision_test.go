package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// flawed is a quarter whose release 1.0 holds one vulnerable package.
func flawed(t *testing.T) *quarter {
	t.Helper()
	q := newQuarter(t)
	q.feeds(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21", "CVE-2026-1111"))
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
	return q
}

const lodash = "pkg:npm/lodash@4.17.20"

// unreachable is a decision that breaks no rule.
func (q *quarter) unreachable() app.DecisionInput {
	return app.DecisionInput{Vulnerability: "CVE-2026-1111", Component: lodash, System: q.system, Status: "not_affected", Justification: "vulnerable_code_not_in_execute_path",
		ExpiresOn: civil.Of(q.Clock.Now(), nil).AddDays(90)}
}

func (q *quarter) decide(who *apptest.Person, in app.DecisionInput) app.Decided {
	q.t.Helper()
	d, r, err := q.App.MakeDecision(q.t.Context(), who.Actor(), in)
	ok(q.t, err)
	if r.Count != 1 || d.ID == "" {
		q.t.Fatalf("%+v, %d entries", d, r.Count)
	}
	q.Work()
	return d
}

func (q *quarter) found() app.Finding {
	q.t.Helper()
	v, err := q.App.Findings(q.t.Context(), q.admin.Actor(), q.system, app.FindingFilter{Name: "lodash"}, app.Page{})
	ok(q.t, err)
	if len(v.Items) != 1 {
		q.t.Fatalf("%d findings, want 1", len(v.Items))
	}
	return v.Items[0]
}

func (q *quarter) decisionView(id string) app.DecisionView {
	q.t.Helper()
	v, err := q.App.DecisionView(q.t.Context(), q.admin.Actor(), id)
	ok(q.t, err)
	return v
}

func TestADecisionIsFollowedAndSurvivesReleases(t *testing.T) {
	q := flawed(t)
	if q.found().Verdict != finding.Affected {
		t.Fatal("it was to be affected before anybody decides")
	}
	in := q.unreachable()
	in.AnyVersion, in.Vulnerability = true, "ghsa-1111-1111-1111" // an alias, in other letters
	made := q.decide(q.member, in)
	if len(made.Warnings) != 0 {
		t.Errorf("warnings: %q", made.Warnings)
	}
	f := q.found()
	if f.Verdict != finding.NotAffectedByDecision || f.Decided == nil || f.Decided.ID != made.ID || f.Decided.Author != "Member" {
		t.Errorf("%+v", f)
	}
	open := func() int {
		v, err := q.App.Releases(t.Context(), q.admin.Actor(), q.system)
		ok(t, err)
		return v.Judged.Open
	}
	if open() != 0 {
		t.Error("the system was not looked at again")
	}
	q.Clock.Advance(time.Minute)
	q.deliver("1.1", bill("payments@1.1", serialTwo, q.Clock.Now(), "lodash@4.17.19"))
	if f := q.found(); f.Version != "4.17.19" || f.Verdict != finding.NotAffectedByDecision {
		t.Errorf("in the next release: %+v", f)
	}
	v := q.decisionView(made.ID)
	if v.Vulnerability != "GHSA-1111-1111-1111" || v.Component != "pkg:npm/lodash" || v.Versions != "" || v.State != "in_force" || !v.Followed || v.AuthorName != "Member" ||
		v.SystemName != "Payments" || !slices.Contains(v.Aliases, "CVE-2026-1111") {
		t.Errorf("%+v", v)
	}
	a, err := q.App.Affected(t.Context(), q.admin.Actor(), "CVE-2026-1111", app.Page{})
	ok(t, err)
	if len(a.List.Items) == 0 || a.List.Items[0].DecidedBy != "Member" {
		t.Errorf("%+v", a.List.Items)
	}
}

func TestADecisionThatBreaksARuleIsRefusedWithThePlace(t *testing.T) {
	q := flawed(t)
	q.deliver("1.0", bill("payments@1.0", serialTwo, q.Clock.Now().Add(time.Second), "lodash@4.17.20", "@types/lodash@4.0.0", "qs@6.0.0", "qs@6.1.0"))
	other := q.Admin("Elsewhere")
	theirs, _, err := q.App.CreateSystem(t.Context(), other.Actor(), app.SystemInput{Name: "Theirs", Stage: "in_service"})
	ok(t, err)
	for _, c := range []struct {
		name    string
		set     func(*app.DecisionInput)
		kind    fault.Kind
		pointer string
		says    string
	}{
		{"no vulnerability", func(in *app.DecisionInput) { in.Vulnerability = " " }, fault.Invalid, "/vulnerability", "Enter"},
		{"a vulnerability with markup", func(in *app.DecisionInput) { in.Vulnerability = "<b>" }, fault.Invalid, "/vulnerability", "no spaces"},
		{"a package URL that is none", func(in *app.DecisionInput) { in.Component = "pkg:npm" }, fault.Invalid, "/component", "not a package URL"},
		{"a package of no ecosystem", func(in *app.DecisionInput) { in.Component = "pkg:generic/thing@1" }, fault.Invalid, "/component", "No advisories"},
		{"a name that nothing has", func(in *app.DecisionInput) { in.Component = "right-pad" }, fault.Invalid, "/component", "no component"},
		{"a name of several versions", func(in *app.DecisionInput) { in.Component = "qs" }, fault.Invalid, "/component", "pkg:npm/qs@6.0.0, pkg:npm/qs@6.1.0"},
		{"a name for every system", func(in *app.DecisionInput) { in.Component, in.System = "lodash", "" }, fault.Invalid, "/component", "package URL"},
		{"nothing for every system", func(in *app.DecisionInput) { in.Component, in.System = "", "" }, fault.Invalid, "/component", "needs a system"},
		{"no status", func(in *app.DecisionInput) { in.Status = "" }, fault.Invalid, "/status", "Choose"},
		{"another status", func(in *app.DecisionInput) { in.Status = "perhaps" }, fault.Invalid, "/status", "Choose"},
		{"another justification", func(in *app.DecisionInput) { in.Justification = "because" }, fault.Invalid, "/justification", "Choose"},
		{"not affected without a reason", func(in *app.DecisionInput) { in.Justification = "" }, fault.Invalid, "/justification", "why"},
		{"affected with a justification", func(in *app.DecisionInput) { in.Status, in.Action = "affected", "Update." }, fault.Invalid, "/justification", "not_affected only"},
		{"affected without an action", func(in *app.DecisionInput) { in.Status, in.Justification = "affected", "" }, fault.Invalid, "/action", "what users should do"},
		{"yesterday", func(in *app.DecisionInput) { in.ExpiresOn = "2026-03-01" }, fault.Invalid, "/expires_on", "today or later"},
		{"a day that is none", func(in *app.DecisionInput) { in.ExpiresOn = "2026-02-30" }, fault.Invalid, "/expires_on", "exists"},
		{"a text that cannot be kept", func(in *app.DecisionInput) { in.Condition = "a\x00b" }, fault.Invalid, "/condition", "NUL"},
		{"a text that is too long", func(in *app.DecisionInput) { in.Statement = strings.Repeat("é", 10_001) }, fault.Invalid, "/statement", "fewer"},
		{"a release without a system", func(in *app.DecisionInput) { in.System, in.Release = "", "1.0" }, fault.Invalid, "/release", "system"},
		{"a release that is not there", func(in *app.DecisionInput) { in.Release = "9.9" }, fault.NotFound, "", ""},
		{"a foreign system", func(in *app.DecisionInput) { in.System = theirs.ID }, fault.NotFound, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := q.unreachable()
			c.set(&in)
			before := q.entries()
			_, _, err := q.App.MakeDecision(t.Context(), q.admin.Actor(), in)
			fails(t, err, c.kind)
			if c.pointer == "" {
				return
			}
			_, problems := fault.Public(err)
			if len(problems) == 0 || problems[0].Pointer != c.pointer || !strings.Contains(problems[0].Detail, c.says) {
				t.Errorf("got %+v, want %q at %s", problems, c.says, c.pointer)
			}
			if q.entries() != before {
				t.Error("something was written")
			}
		})
	}
}

func TestAComponentIsFoundByItsName(t *testing.T) {
	q := flawed(t)
	for name, want := range map[string]string{"Lodash": lodash, "lodash@4.17.20": lodash, " lodash 4.17.20 ": lodash} {
		in := q.unreachable()
		in.Component = name
		if v := q.decisionView(q.decide(q.admin, in).ID); v.Component != want || v.Versions != "4.17.20" || v.Key != "lodash" {
			t.Errorf("%q: %+v", name, v)
		}
	}
}

func TestADecisionHoldsUntilTheEndOfItsLastDay(t *testing.T) {
	q := flawed(t)
	in := q.unreachable()
	in.ExpiresOn = civil.Of(q.Clock.Now(), nil) // today is not too late
	made := q.decide(q.member, in)
	zone, err := time.LoadLocation("Europe/London")
	ok(t, err)
	q.Clock.Advance(in.ExpiresOn.AddDays(1).Start(zone).Sub(q.Clock.Now()) - time.Second)
	q.SignInAgain()
	if f := q.found(); f.Decided == nil {
		t.Errorf("a second before midnight: %+v", f)
	}
	q.Clock.Advance(time.Second)
	if f := q.found(); f.Decided != nil || f.Verdict != finding.Affected {
		t.Errorf("at midnight: %+v", f)
	}
	if v := q.decisionView(made.ID); v.State != "expired" || v.Followed {
		t.Errorf("%+v", v)
	}
	n, err := q.App.Rejudge(t.Context(), 10)
	ok(t, err)
	if n != 1 {
		t.Errorf("%d systems were to be looked at when the decision ended", n)
	}
}

func TestAWithdrawnDecisionStaysOnRecordAndIsFollowedNoLonger(t *testing.T) {
	q := flawed(t)
	made := q.decide(q.member, q.unreachable())
	_, err := q.App.WithdrawDecision(t.Context(), q.admin.Actor(), made.ID, 1, "")
	fails(t, err, fault.Invalid)
	_, err = q.App.WithdrawDecision(t.Context(), q.admin.Actor(), made.ID, 7, "The code is reached after all.")
	fails(t, err, fault.Stale)
	r, err := q.App.WithdrawDecision(t.Context(), q.admin.Actor(), made.ID, 1, "The code is reached after all.")
	ok(t, err)
	if r.Count != 1 {
		t.Errorf("%d entries", r.Count)
	}
	q.Work()
	if f := q.found(); f.Decided != nil || f.Verdict != finding.Affected {
		t.Errorf("%+v", f)
	}
	if v := q.decisionView(made.ID); v.State != "withdrawn" || v.WithdrawnWhy != "The code is reached after all." || v.WithdrawnByName == "" || v.Followed {
		t.Errorf("%+v", v)
	}
	_, err = q.App.WithdrawDecision(t.Context(), q.admin.Actor(), made.ID, 2, "Again.")
	fails(t, err, fault.Conflict)
}

func TestDecisionsThatConflictAreBothKeptAndShown(t *testing.T) {
	q := flawed(t)
	cleared := q.decide(q.member, q.unreachable())
	q.Clock.Advance(time.Minute)
	in := q.unreachable()
	in.Status, in.Justification, in.Action, in.Vulnerability = "affected", "", "Update to 4.17.21.", "CVE-2026-1111"
	affected := q.decide(q.sro, in)
	if len(affected.Warnings) != 1 || !strings.Contains(affected.Warnings[0], "1 other decision") {
		t.Errorf("warnings %q", affected.Warnings)
	}
	f := q.found()
	if f.Verdict != finding.Affected || f.Decided.ID != affected.ID || len(f.Conflicts) != 1 || f.Conflicts[0].ID != cleared.ID || f.Conflicts[0].Author != "Member" {
		t.Errorf("%+v", f)
	}
	for id, other := range map[string]string{cleared.ID: affected.ID, affected.ID: cleared.ID} {
		v := q.decisionView(id)
		if len(v.Conflicts) != 1 || v.Conflicts[0].ID != other || v.Followed != (id == affected.ID) || len(v.Others) != 1 {
			t.Errorf("%+v", v)
		}
	}
	// The one who cleared it changes their mind: the older one is replaced, and no conflict is left.
	q.Clock.Advance(time.Minute)
	newer := q.decide(q.member, in)
	if v := q.decisionView(cleared.ID); v.ReplacedBy != newer.ID || len(v.Conflicts) != 0 || v.Followed {
		t.Errorf("%+v", v)
	}
	if f := q.found(); len(f.Conflicts) != 0 {
		t.Errorf("%+v", f.Conflicts)
	}
}

func TestDecisionsAreListedNarrowedAndCounted(t *testing.T) {
	q := flawed(t)
	who := q.admin.Actor()
	one := q.decide(q.member, q.unreachable())
	in := q.unreachable()
	in.Status, in.Justification, in.Action = "affected", "", "Update."
	q.Clock.Advance(time.Minute)
	q.decide(q.sro, in)
	for i := range 3 {
		q.Clock.Advance(time.Minute)
		in := q.unreachable()
		in.Vulnerability, in.System = fmt.Sprintf("CVE-2026-200%d", i), ""
		q.decide(q.admin, in)
	}
	_, err := q.App.WithdrawDecision(t.Context(), who, one.ID, 1, "Wrong.")
	ok(t, err)
	q.decide(q.member, q.unreachable())
	for _, c := range []struct {
		f    app.DecisionFilter
		want int64
	}{{app.DecisionFilter{}, 6}, {app.DecisionFilter{State: "in_force"}, 5}, {app.DecisionFilter{State: "withdrawn"}, 1}, {app.DecisionFilter{State: "expired"}, 0}, {app.DecisionFilter{State: "conflict"}, 2},
		{app.DecisionFilter{System: q.system}, 6}, {app.DecisionFilter{System: "sys_nothing"}, 0}, {app.DecisionFilter{Vulnerability: "GHSA-1111-1111-1111"}, 3}, {app.DecisionFilter{Vulnerability: "cve-2026-2001"}, 1},
		{app.DecisionFilter{Vulnerability: "CVE-1999-1"}, 0}} {
		got, err := q.App.Decisions(t.Context(), who, c.f, app.Page{})
		ok(t, err)
		if got.Total != c.want || int64(len(got.Items)) != c.want {
			t.Errorf("%+v: %d of %d, want %d", c.f, len(got.Items), got.Total, c.want)
		}
	}
	var seen []string
	for page := (app.Page{Limit: 4}); ; {
		got, err := q.App.Decisions(t.Context(), who, app.DecisionFilter{}, page)
		ok(t, err)
		for _, d := range got.Items {
			seen = append(seen, d.ID)
		}
		if got.Counts[""] != 6 || got.Counts["in_force"] != 5 {
			t.Errorf("counts %v", got.Counts)
		}
		if page.After = got.Next; got.Next == "" {
			break
		}
	}
	if len(seen) != 6 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("pages: %q", seen)
	}
	_, err = q.App.Decisions(t.Context(), who, app.DecisionFilter{State: "perhaps"}, app.Page{})
	fails(t, err, fault.Invalid)
	_, err = q.App.Decisions(t.Context(), who, app.DecisionFilter{}, app.Page{After: "!"})
	fails(t, err, fault.Invalid)
}

func TestADecisionForEverySystemNeedsARoleThatReachesAllAndMovesAll(t *testing.T) {
	q := flawed(t)
	first := q.system
	made, _, err := q.App.CreateSystem(t.Context(), q.admin.Actor(), app.SystemInput{Name: "Refunds", Stage: "in_service"})
	ok(t, err)
	q.system = made.ID
	q.deliver("5.0", bill("refunds@5.0", serialTwo, q.Clock.Now(), "lodash@4.17.20"))
	narrow := q.Join(q.admin, "Narrow", access.DTSL, apptest.OnSystem(first))
	in := q.unreachable()
	in.System = ""
	_, _, err = q.App.MakeDecision(t.Context(), narrow.Actor(), in)
	fails(t, err, fault.Forbidden)
	all := q.decide(q.admin, in)
	for _, system := range []string{first, made.ID} {
		v, err := q.App.Releases(t.Context(), q.admin.Actor(), system)
		ok(t, err)
		if v.Judged.Open != 0 {
			t.Errorf("%s was not looked at again", system)
		}
	}
	_, err = q.App.WithdrawDecision(t.Context(), narrow.Actor(), all.ID, 1, "No.")
	fails(t, err, fault.Forbidden)
	seen, err := q.App.DecisionView(t.Context(), narrow.Actor(), all.ID)
	ok(t, err)
	if !seen.Followed {
		t.Errorf("%+v", seen)
	}
	in.System = made.ID
	other := q.decide(q.admin, in)
	_, err = q.App.DecisionView(t.Context(), narrow.Actor(), other.ID)
	fails(t, err, fault.NotFound)
	_, err = q.App.WithdrawDecision(t.Context(), narrow.Actor(), other.ID, 1, "No.")
	fails(t, err, fault.NotFound)
	list, err := q.App.Decisions(t.Context(), narrow.Actor(), app.DecisionFilter{}, app.Page{})
	ok(t, err)
	if list.Total != 1 || list.Items[0].ID != all.ID {
		t.Errorf("%+v", list)
	}
	reader := q.Join(q.admin, "Reader", access.PortfolioReader)
	_, _, err = q.App.MakeDecision(t.Context(), reader.Actor(), in)
	fails(t, err, fault.Forbidden)
}

// entries is the number of entries in the log.
func (q *quarter) entries() int64 {
	q.t.Helper()
	list, err := q.App.AuditEntries(q.t.Context(), q.admin.Actor(), app.AuditFilter{}, app.Page{Limit: 1})
	ok(q.t, err)
	return list.Total
}

// exploitedSet says that a CVE is known to be exploited; advisories are the same.
func (q *quarter) exploitedSet(cve string) {
	q.t.Helper()
	dir := q.t.TempDir()
	ok(q.t, os.MkdirAll(filepath.Join(dir, "npm"), 0o700))
	ok(q.t, os.WriteFile(filepath.Join(dir, "npm", "0.json"), []byte(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21", cve)), 0o600))
	ok(q.t, os.WriteFile(filepath.Join(dir, "kev.json"), []byte(`{"title":"t","catalogVersion":"1","dateReleased":"2026-01-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"`+cve+
		`","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2026-01-01","shortDescription":"s","requiredAction":"r","dueDate":"2026-01-20","knownRansomwareCampaignUse":"Unknown","notes":"","cwes":[]}]}`), 0o600))
	results, err := q.App.SyncFeeds(q.t.Context(), access.Operator(), app.SyncInput{Places: []string{dir}})
	ok(q.t, err)
	for _, r := range results {
		if r.Problem != "" {
			q.t.Fatalf("%+v", r)
		}
	}
	q.Work()
	ok(q.t, q.App.Follow(q.t.Context()))
}

func TestWhoeverDecidesIsWarned(t *testing.T) {
	q := flawed(t)
	q.exploitedSet("CVE-2026-1111")
	in := q.unreachable()
	in.ExpiresOn = ""
	made := q.decide(q.admin, in)
	if len(made.Warnings) != 2 || !strings.Contains(made.Warnings[0], "no last day") || !strings.Contains(made.Warnings[1], "known to be exploited") {
		t.Errorf("%q", made.Warnings)
	}
	v, err := q.App.Deciding(t.Context(), q.member.Actor(), q.system, "cve-2026-1111", lodash)
	ok(t, err)
	if !v.Exploited || len(v.Findings) != 1 || len(v.Others) != 1 || v.Release != "1.0" || !v.Everywhere || !slices.Equal(v.Releases, []string{"1.0"}) || !v.Findings[0].Exploited {
		t.Errorf("%+v", v)
	}
}

func TestDecisionsOfOthersAreNotThere(t *testing.T) {
	q := flawed(t)
	made := q.decide(q.admin, q.unreachable())
	stranger := q.Admin("Elsewhere")
	_, err := q.App.DecisionView(t.Context(), stranger.Actor(), made.ID)
	fails(t, err, fault.NotFound)
	_, err = q.App.WithdrawDecision(t.Context(), stranger.Actor(), made.ID, 1, "Mine.")
	fails(t, err, fault.NotFound)
	_, err = q.App.Deciding(t.Context(), stranger.Actor(), q.system, "CVE-2026-1111", "")
	fails(t, err, fault.NotFound)
	_, _, err = q.App.ExportVEX(t.Context(), stranger.Actor(), app.VEXInput{System: q.system, Format: "openvex"})
	fails(t, err, fault.NotFound)
	list, err := q.App.Decisions(t.Context(), stranger.Actor(), app.DecisionFilter{System: q.system}, app.Page{})
	ok(t, err)
	if list.Total != 0 || len(list.Items) != 0 || list.Counts[""] != 0 && list.System.ID != "" {
		t.Errorf("%+v", list)
	}
}
