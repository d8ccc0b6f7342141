package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
)

func (q *quarter) export(in app.VEXInput) app.VEXDocument {
	q.t.Helper()
	out, r, err := q.App.ExportVEX(q.t.Context(), q.admin.Actor(), in)
	ok(q.t, err)
	if r.Count != 1 {
		q.t.Errorf("%d entries for an export", r.Count)
	}
	return out
}

// readBack reads a document with the reader of its format.
func readBack(t *testing.T, format string, b []byte) *decision.Document {
	t.Helper()
	var d *decision.Document
	var err error
	switch format {
	case "openvex":
		d, err = openvex.Parse(bytes.NewReader(b), budget.Limits{})
	case "cyclonedx":
		_, d, err = cyclonedx.ParseAll(bytes.NewReader(b), budget.Limits{})
	case "csaf":
		var c *csaf.Document
		if c, err = csaf.Parse(bytes.NewReader(b), budget.Limits{}); err == nil {
			d = c.VEX()
		}
	}
	ok(t, err)
	if d == nil {
		d = &decision.Document{}
	}
	return d
}

// saidIn is every statement of a document about every single thing, in order, so
// that documents can be compared whatever their format puts together.
func saidIn(d *decision.Document) []string {
	var out []string
	for _, s := range d.Statements {
		for _, p := range s.Products {
			for _, part := range append(p.Parts, "")[:max(1, len(p.Parts))] {
				out = append(out, fmt.Sprintf("%s %v %s %s in %s: %s %s %q %q %q at %d until %d", s.Vulnerability, s.Aliases, p.PURL, part, p.ID, s.Status, s.Justification, s.Impact, s.Action,
					s.Condition, s.MadeAt, s.ExpiresAt))
			}
		}
	}
	slices.Sort(out)
	return out
}

// essences are the decisions about a system, without what differs from one place to
// another: who is the author here, and which system it is.
func (q *quarter) essences(system string) []string {
	q.t.Helper()
	list, err := q.App.Decisions(q.t.Context(), q.admin.Actor(), app.DecisionFilter{System: system}, app.Page{Limit: app.MaxLimit})
	ok(q.t, err)
	var out []string
	for _, d := range list.Items {
		out = append(out, fmt.Sprintf("%s %s/%s %q %q in %q: %s %s %q %q %q at %d until %d", d.Vulnerability, d.Ecosystem, d.Key, d.Versions, d.Component, d.ReleaseName, d.Status, d.Justification, d.Statement,
			d.Action, d.Condition, d.MadeAt, d.ExpiresAt))
	}
	slices.Sort(out)
	return out
}

// decided is a quarter with decisions of every kind, none of which conflict.
func decided(t *testing.T) *quarter {
	t.Helper()
	q := flawed(t)
	q.Clock.Advance(time.Minute + 123*time.Microsecond)
	until := q.unreachable().ExpiresOn
	for _, in := range []app.DecisionInput{
		q.unreachable(),
		{Vulnerability: "GHSA-2222-2222-2222", Component: "pkg:npm/%40scope/thing@2.0.0", AnyVersion: true, System: q.system, Status: "affected", Action: "Update.\nThen restart.", Statement: `He said "<b>" & left`},
		{Vulnerability: "CVE-2026-3333", Component: lodash, System: q.system, Release: "1.0", Status: "fixed", Statement: "We carry the patch.", ExpiresOn: until},
		{Vulnerability: "CVE-2026-4444", Component: "pkg:pypi/requests@2.0", System: q.system, Status: "under_investigation", Condition: "while it is behind the gateway"},
		{Vulnerability: "CVE-2026-1111", Component: "pkg:npm/lodash@4.17.19", System: q.system, Status: "not_affected", Statement: "é’s own build leaves it out.", Condition: "as long as it is built by us"},
	} {
		q.Clock.Advance(time.Second)
		q.decide(q.admin, in)
	}
	return q
}

func TestDecisionsLeaveInThreeFormatsAndComeBackUnchanged(t *testing.T) {
	q := decided(t)
	first := q.system
	want := q.essences(first)
	var all []string
	for _, format := range app.VEXFormats() {
		t.Run(format, func(t *testing.T) {
			out := q.export(app.VEXInput{System: first, Format: format})
			if out.Statements != 5 || !strings.HasSuffix(out.Name, ".json") || out.MediaType == "" || out.Marking != "OFFICIAL" {
				t.Errorf("%+v", out)
			}
			read := readBack(t, format, out.Content)
			said := saidIn(read)
			if all == nil {
				all = said
			}
			if d := cmp.Diff(all, said); d != "" || len(said) != 5 || len(read.Faults) > 0 {
				t.Errorf("the formats say different things: %s %v", d, read.Faults)
			}
			if again := q.export(app.VEXInput{System: first, Format: format}); !bytes.Equal(again.Content, out.Content) {
				t.Error("the same decisions make another document")
			}
			// Another system is made of the same product.
			made, _, err := q.App.CreateSystem(t.Context(), q.admin.Actor(), app.SystemInput{Name: "Payments " + format, Stage: "in_service"})
			ok(t, err)
			q.system = made.ID
			q.deliver("1.0", bill("payments@1.0", serialTwo, q.Clock.Now(), "lodash@4.17.20"))
			d := q.deliver("1.0", string(out.Content))
			if d.Status != "accepted" || len(d.Faults) > 0 {
				t.Errorf("%+v", d)
			}
			if diff := cmp.Diff(want, q.essences(made.ID)); diff != "" {
				t.Error(diff)
			}
			if f := q.found(); f.Verdict != verdictIn(t, q, first) {
				t.Errorf("there: %s", f.Verdict)
			}
			back := q.export(app.VEXInput{System: made.ID, Format: format})
			if diff := cmp.Diff(said, saidIn(readBack(t, format, back.Content))); diff != "" {
				t.Errorf("sent on: %s", diff)
			}
			q.system = first
		})
	}
}

// verdictIn is the verdict on lodash in a system.
func verdictIn(t *testing.T, q *quarter, system string) finding.Verdict {
	t.Helper()
	v, err := q.App.Findings(t.Context(), q.admin.Actor(), system, app.FindingFilter{Name: "lodash"}, app.Page{})
	ok(t, err)
	return v.Items[0].Verdict
}

func TestOnlyWhatWasDecidedLeaves(t *testing.T) {
	q := flawed(t)
	for _, format := range []string{"openvex", "cyclonedx"} {
		if d := readBack(t, format, q.export(app.VEXInput{System: q.system, Format: format}).Content); len(d.Statements) != 0 {
			t.Errorf("%s says something nobody decided: %+v", format, d.Statements)
		}
	}
	_, _, err := q.App.ExportVEX(t.Context(), q.admin.Actor(), app.VEXInput{System: q.system, Format: "csaf"})
	fails(t, err, fault.Conflict)
	for _, format := range app.VEXFormats() {
		d := readBack(t, format, q.export(app.VEXInput{System: q.system, Format: format, Open: true}).Content)
		if said := saidIn(d); len(said) != 1 || !strings.HasPrefix(said[0], "CVE-2026-1111 [GHSA-1111-1111-1111] pkg:generic/payments@1.0 "+lodash) || d.Statements[0].Status != decision.UnderInvestigation {
			t.Errorf("%s: %q", format, said)
		}
	}
	q.decide(q.admin, q.unreachable())
	if said := saidIn(readBack(t, "openvex", q.export(app.VEXInput{System: q.system, Format: "openvex", Open: true}).Content)); len(said) != 1 || !strings.Contains(said[0], "not_affected") {
		t.Errorf("after somebody decided: %q", said)
	}
}

func TestOfSeveralDecisionsAboutTheSameTheOneThatIsFollowedLeaves(t *testing.T) {
	q := flawed(t)
	cleared := q.decide(q.member, q.unreachable())
	q.Clock.Advance(time.Minute)
	in := q.unreachable()
	in.Status, in.Justification, in.Action, in.Vulnerability = "affected", "", "Update.", "GHSA-1111-1111-1111"
	affected := q.decide(q.sro, in)
	in.System, in.AnyVersion = "", true
	q.decide(q.sro, in)
	statuses := func(in app.VEXInput) (out []string) {
		in.Format = "openvex"
		for _, s := range readBack(t, "openvex", q.export(in).Content).Statements {
			out = append(out, s.Vulnerability+" "+string(s.Status)+" "+s.Products[0].ID)
		}
		return out
	}
	if got := statuses(app.VEXInput{System: q.system}); !slices.Equal(got, []string{"GHSA-1111-1111-1111 affected pkg:generic/payments", "GHSA-1111-1111-1111 affected pkg:npm/lodash"}) {
		t.Errorf("%q", got)
	}
	_, err := q.App.WithdrawDecision(t.Context(), q.sro.Actor(), affected.ID, 1, "Agreed.")
	ok(t, err)
	if got := statuses(app.VEXInput{}); !slices.Equal(got, []string{"CVE-2026-1111 not_affected pkg:generic/payments", "GHSA-1111-1111-1111 affected pkg:npm/lodash"}) {
		t.Errorf("of the organisation: %q", got)
	}
	_, err = q.App.WithdrawDecision(t.Context(), q.sro.Actor(), cleared.ID, 1, "Agreed.")
	ok(t, err)
	if got := statuses(app.VEXInput{System: q.system}); !slices.Equal(got, []string{"GHSA-1111-1111-1111 affected pkg:npm/lodash"}) {
		t.Errorf("withdrawn: %q", got)
	}
}

func TestAStatementThatIsNotFollowedDoesNotLeave(t *testing.T) {
	q := flawed(t)
	q.exploitedSet("CVE-2026-1111")
	d := q.deliver("1.0", `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"A","timestamp":"2026-02-20T00:00:00Z","version":1,"statements":[{"vulnerability":{"name":"CVE-2026-1111"},
		"products":[{"@id":"`+lodash+`"}],"status":"not_affected","justification":"component_not_present"}]}`)
	list, err := q.App.Decisions(t.Context(), q.admin.Actor(), app.DecisionFilter{System: q.system}, app.Page{})
	ok(t, err)
	if len(list.Items) != 1 || list.Items[0].Document != d.Document || list.Items[0].Refused == "" || list.Items[0].Followed || list.Items[0].AuthorName != "A" {
		t.Fatalf("%+v", list.Items)
	}
	if read := readBack(t, "openvex", q.export(app.VEXInput{System: q.system, Format: "openvex"}).Content); len(read.Statements) != 0 {
		t.Errorf("%+v", read.Statements)
	}
	read := readBack(t, "openvex", q.export(app.VEXInput{System: q.system, Format: "openvex", Open: true}).Content)
	if len(read.Statements) != 1 || read.Statements[0].Status != decision.UnderInvestigation {
		t.Errorf("%+v", read.Statements)
	}
}

func TestAStatementAboutOneBuildDoesNotClearTheNext(t *testing.T) {
	q := flawed(t)
	in := q.unreachable()
	in.Release, in.AnyVersion = "1.0", true
	q.decide(q.admin, in)
	out := q.export(app.VEXInput{System: q.system, Release: "1.0", Format: "openvex"})
	if read := readBack(t, "openvex", out.Content); len(read.Statements) != 1 || read.Statements[0].Products[0].PURL != "pkg:generic/payments@1.0" {
		t.Fatalf("%+v", read)
	}
	q.Clock.Advance(time.Minute)
	q.deliver("1.1", bill("payments@1.1", serialTwo, q.Clock.Now(), "lodash@4.17.20"))
	if f := q.found(); f.Decided != nil {
		t.Errorf("a decision about 1.0 clears 1.1: %+v", f)
	}
	d := q.deliver("1.1", string(out.Content))
	if len(d.Faults) != 1 || !strings.Contains(d.Faults[0].Detail, "version “1.0” of the product, and this is release “1.1”") {
		t.Errorf("%+v", d.Faults)
	}
	if f := q.found(); f.Decided != nil {
		t.Errorf("a document about 1.0 clears 1.1: %+v", f)
	}
}

func TestTheVersionOfADocumentCountsWhatChanged(t *testing.T) {
	q := flawed(t)
	version := func() string {
		return readBack(t, "openvex", q.export(app.VEXInput{System: q.system, Format: "openvex"}).Content).Version
	}
	in := q.unreachable()
	in.ExpiresOn = "2026-03-03"
	made := q.decide(q.admin, in)
	second := q.decide(q.admin, q.unreachable())
	seen := []string{version()}
	_, err := q.App.WithdrawDecision(t.Context(), q.admin.Actor(), second.ID, 1, "No.")
	ok(t, err)
	seen = append(seen, version())
	q.Clock.Advance(3 * 24 * time.Hour)
	q.SignInAgain()
	seen = append(seen, version())
	if v := q.decisionView(made.ID); v.State != "expired" || !slices.Equal(seen, []string{"2", "3", "4"}) {
		t.Errorf("%s, versions %q", v.State, seen)
	}
}

func TestAProductAsAWholeLeavesWithoutAPart(t *testing.T) {
	q := flawed(t)
	in := q.unreachable()
	in.Component = ""
	q.decide(q.admin, in)
	if f := q.found(); f.Decided == nil {
		t.Errorf("%+v", f)
	}
	for _, format := range app.VEXFormats() {
		said := saidIn(readBack(t, format, q.export(app.VEXInput{System: q.system, Format: format}).Content))
		if len(said) != 1 || !strings.Contains(said[0], " pkg:generic/payments  in pkg:generic/payments: not_affected") {
			t.Errorf("%s: %q", format, said)
		}
	}
}

func TestAnExportThatCannotBeMadeSaysWhy(t *testing.T) {
	q := flawed(t)
	for _, c := range []struct {
		in      app.VEXInput
		kind    fault.Kind
		pointer string
	}{
		{app.VEXInput{System: q.system, Format: "pdf"}, fault.Invalid, "/format"}, {app.VEXInput{Release: "1.0", Format: "openvex"}, fault.Invalid, "/release"},
		{app.VEXInput{Format: "openvex", Open: true}, fault.Invalid, "/include"}, {app.VEXInput{System: q.system, Release: "9", Format: "openvex"}, fault.NotFound, ""},
		{app.VEXInput{System: "sys_nothing", Format: "openvex"}, fault.NotFound, ""},
	} {
		before := q.entries()
		_, _, err := q.App.ExportVEX(t.Context(), q.admin.Actor(), c.in)
		fails(t, err, c.kind)
		if _, problems := fault.Public(err); c.pointer != "" && (len(problems) != 1 || problems[0].Pointer != c.pointer) {
			t.Errorf("%+v: %+v", c.in, problems)
		}
		if q.entries() != before {
			t.Error("something was written")
		}
	}
}
