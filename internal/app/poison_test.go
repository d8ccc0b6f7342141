package app_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Evidence that somebody bent never improves a standing. Each test begins with a
// system whose claim is contradicted by a vulnerability that is known to be
// exploited.

const exploited = "CVE-2021-23337"

// contradicted is such a system, with one release.
func contradicted(t *testing.T) *quarter {
	q := newQuarter(t)
	q.answerAll()
	q.feeds(osvRecord("GHSA-35jh-r3h4-6jhm", "lodash", "0", "4.17.21", exploited))
	q.knownExploited(exploited)
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
	if st := q.standing(riskQuestion); st.Support != assessment.Contradicted {
		t.Fatalf("before anything is bent: %+v", st)
	}
	return q
}

func (q *quarter) knownExploited(cves ...string) {
	q.t.Helper()
	var list []map[string]any
	for _, c := range cves {
		list = append(list, map[string]any{"cveID": c, "vendorProject": "v", "product": "p", "vulnerabilityName": "n", "dateAdded": "2026-01-01", "shortDescription": "s",
			"requiredAction": "r", "dueDate": "2026-01-20", "knownRansomwareCampaignUse": "Unknown", "notes": "", "cwes": []string{}})
	}
	b, err := json.Marshal(map[string]any{"title": "t", "catalogVersion": "1", "dateReleased": "2026-01-01T00:00:00Z", "count": len(list), "vulnerabilities": list})
	ok(q.t, err)
	file := filepath.Join(q.t.TempDir(), "kev.json")
	ok(q.t, os.WriteFile(file, b, 0o600))
	ok(q.t, os.Chtimes(file, q.Clock.Now(), q.Clock.Now()))
	_, err = q.App.SyncFeeds(q.t.Context(), access.Operator(), app.SyncInput{Places: []string{file}})
	ok(q.t, err)
	q.Work()
}

// still fails when the contradiction is gone.
func (q *quarter) still(what string) {
	q.t.Helper()
	if st := q.standing(riskQuestion); st.Support != assessment.Contradicted {
		q.t.Errorf("%s improved the standing to %s: %+v", what, st.Support, st.Because)
	}
}

func fixed(q *quarter, product, serial string) string {
	return bill(product, serial, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.21")
}

func TestTheSoundFixDoesImproveIt(t *testing.T) {
	q := contradicted(t)
	q.deliver("1.1", fixed(q, "payments@1.1", serialTwo))
	if st := q.standing(riskQuestion); st.Support == assessment.Contradicted {
		t.Errorf("the fix did not: %+v", st)
	}
}

func TestTheBillOfAnotherProductImprovesNothing(t *testing.T) {
	q := contradicted(t)
	d := q.deliver("1.1", fixed(q, "brochure@1.1", serialTwo))
	q.still("the bill of another product for a new release")
	if d.Status != "accepted_with_faults" || !strings.Contains(fmt.Sprint(d.Faults), "brochure") {
		t.Errorf("it is not said: %+v", d)
	}
	q.deliver("1.0", fixed(q, "brochure@1.0", serialTwo))
	q.still("the bill of another product for the same release")
	nameless := strings.Replace(fixed(q, "payments@1.2", serialTwo), `"name":"payments"`, `"name":"x"`, 1)
	q.deliver("1.2", nameless)
	q.still("a bill under another name")

	_, err := q.App.ConfirmProduct(t.Context(), q.member.Actor(), q.system, "brochure")
	fails(t, err, fault.Forbidden)
	_, err = q.App.ConfirmProduct(t.Context(), q.sro.Actor(), q.system, "leaflet")
	fails(t, err, fault.NotFound)
	_, err = q.App.ConfirmProduct(t.Context(), q.sro.Actor(), q.system, "brochure")
	ok(t, err)
	q.Work()
	if st := q.standing(riskQuestion); st.Support == assessment.Contradicted {
		t.Errorf("somebody who may said that it belongs here, and it does not count: %+v", st)
	}
}

func TestADocumentThatIsPlayedAgainImprovesNothing(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	q.feeds(osvRecord("GHSA-35jh-r3h4-6jhm", "lodash", "0", "4.17.21", exploited))
	q.knownExploited(exploited)
	clean := bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0")
	q.deliver("1.0", clean)
	q.Clock.Advance(time.Minute)
	q.deliver("1.1", bill("payments@1.1", serialTwo, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
	q.still("nothing at all")
	q.Clock.Advance(time.Minute)
	q.deliver("1.1", clean)
	q.still("the file of the release before, for this one")
	q.deliver("1.2", clean)
	q.still("the file of the release before, for a new one")
	q.deliver("1.2", strings.Replace(clean, `"version":1`, `"version":2`, 1))
	q.still("the same with a byte changed, dated before what counts")
}

func TestABillThatSaysLessImprovesNothing(t *testing.T) {
	q := contradicted(t)
	hidden := strings.Replace(bill("payments@1.1", serialTwo, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"), `"purl":"pkg:npm/lodash@4.17.20",`, "", 1)
	q.deliver("1.1", hidden)
	q.still("a component without its package URL")
	q.deliver("1.2", hidden[:len(hidden)-1]+" }")
	q.still("the same once more")
	empty := bill("payments@1.3", serialTwo, q.Clock.Now())
	q.deliver("1.3", empty)
	q.still("a bill without components")
}

func vexDocument(status, justification string, product string, parts ...string) string {
	var sub []any
	for _, p := range parts {
		sub = append(sub, map[string]any{"@id": p})
	}
	b, err := json.Marshal(map[string]any{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "Pipeline", "timestamp": "2026-03-02T08:00:00Z", "version": 1,
		"statements": []any{map[string]any{"vulnerability": map[string]any{"name": exploited}, "status": status, "justification": justification,
			"products": []any{map[string]any{"@id": product, "subcomponents": sub}}}}})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestAStatementInADocumentDoesNotClearWhatIsExploited(t *testing.T) {
	q := contradicted(t)
	for name, text := range map[string]string{
		"about the component":              vexDocument("not_affected", "vulnerable_code_not_in_execute_path", "pkg:generic/payments@1.0", "pkg:npm/lodash@4.17.20"),
		"about the product":                vexDocument("not_affected", "component_not_present", "pkg:generic/payments@1.0"),
		"about the package everywhere":     vexDocument("not_affected", "component_not_present", "pkg:npm/lodash@4.17.20"),
		"that it is fixed":                 vexDocument("fixed", "", "pkg:generic/payments@1.0", "pkg:npm/lodash@4.17.20"),
		"about another product altogether": vexDocument("not_affected", "component_not_present", "pkg:generic/brochure@1.0", "pkg:npm/lodash@4.17.20"),
	} {
		q.deliver("1.0", text)
		q.still("a statement " + name)
	}
}

func TestWhoMayOnlyDeliverDecidesNothing(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	q.feeds(osvRecord("GHSA-35jh-r3h4-6jhm", "lodash", "0", "4.17.21", exploited))
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
	q.days(15)
	q.feeds(osvRecord("GHSA-35jh-r3h4-6jhm", "lodash", "0", "4.17.21", exploited))
	if st := q.standing(platformQuestion); st.Support != assessment.Contradicted {
		t.Fatalf("%+v", st)
	}
	pipeline, _, err := q.App.CreateToken(t.Context(), q.admin.StepUp(), app.TokenInput{Name: "CI", Role: access.TeamMember, System: q.system, Scopes: []access.Operation{access.ReleaseWrite, access.ReleaseRead}})
	ok(t, err)
	who, err := q.App.ActorFromToken(t.Context(), pipeline.Secret, apptest.Meta)
	ok(t, err)
	text := vexDocument("not_affected", "vulnerable_code_not_in_execute_path", "pkg:generic/payments@1.0", "pkg:npm/lodash@4.17.20")
	d, _, err := q.App.Deliver(t.Context(), who, app.DeliverInput{System: q.system, Release: "1.0", Name: "vex.json", Content: strings.NewReader(text)})
	ok(t, err)
	q.Work()
	if st := q.standing(platformQuestion); st.Support != assessment.Contradicted || !strings.Contains(fmt.Sprint(d.Faults), "may not decide") {
		t.Errorf("a token that may only deliver cleared a finding: %+v, %+v", st, d)
	}
	// The same statement by somebody who may decide counts: nobody exploits it.
	q.deliver("1.0", strings.Replace(text, "https://example.org/vex", "https://example.org/vex2", 1))
	if st := q.standing(platformQuestion); st.Support == assessment.Contradicted {
		t.Errorf("a decision does not count: %+v", st)
	}
}

func TestTheOnlyDescribedReleaseIsNotRetiredAway(t *testing.T) {
	q := contradicted(t)
	_, err := q.App.RetireRelease(t.Context(), q.admin.Actor(), q.system, "1.0", 1)
	fails(t, err, fault.Conflict)
	q.deliver("1.1", fixed(q, "payments@1.1", serialTwo))
	_, err = q.App.RetireRelease(t.Context(), q.admin.Actor(), q.system, "1.0", 1)
	ok(t, err)
	q.Work()
	found, err := q.App.Affected(t.Context(), q.admin.Actor(), exploited, app.Page{})
	ok(t, err)
	if found.List.Total != 0 {
		t.Errorf("who is affected, after the release was retired: %+v", found.List.Items)
	}
	_, err = q.tryDeliver("1.0", fixed(q, "payments@1.0", serialTwo))
	fails(t, err, fault.Conflict)
	_, err = q.App.RetireRelease(t.Context(), q.admin.Actor(), q.system, "1.0", 2)
	fails(t, err, fault.Conflict)
}

func TestAFeedThatShrinksTakesNoFindingAway(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	var records []string
	for i := range 60 {
		records = append(records, osvRecord(fmt.Sprintf("GHSA-aaaa-aaaa-%04d", i), fmt.Sprintf("p%d", i), "0", "1"))
	}
	flaw := osvRecord("GHSA-35jh-r3h4-6jhm", "lodash", "0", "4.17.21", exploited)
	q.feeds(append(records, flaw)...)
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "lodash@4.17.20"))
	affected := func() int64 {
		found, err := q.App.Affected(t.Context(), q.admin.Actor(), exploited, app.Page{})
		ok(t, err)
		return found.List.Total
	}
	q.feeds(records[:3]...)
	if affected() != 1 {
		t.Error("a feed that lost most of its records took a finding with them")
	}
	status, err := q.App.FeedStatus(t.Context(), q.admin.Actor())
	ok(t, err)
	if !strings.Contains(fmt.Sprint(status), "are gone") {
		t.Errorf("nobody is told: %+v", status)
	}
	q.feeds(append(records, strings.Replace(flaw, `"id":`, `"withdrawn":"2026-03-01T00:00:00Z","id":`, 1))...)
	if affected() != 0 {
		t.Error("a record that was withdrawn still affects somebody")
	}
}
