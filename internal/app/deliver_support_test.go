package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

func TestADeliveryNeverLowersWhatEvidenceHoldsUp(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	evidence := q.evidence("")
	for _, r := range q.questions {
		_, err := q.App.LinkEvidence(t.Context(), q.admin.Actor(), q.system, inService, r, evidence)
		ok(t, err)
	}
	q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
	notes := 0
	for _, r := range q.questions {
		st := q.standing(r)
		if st.Support.Below(assessment.Documented) {
			t.Errorf("%s was documented and is %s after a bill of materials came: %v", r, st.Support, st.Because)
		}
		for i, c := range st.Because {
			if c.Kind != assessment.NotChecked {
				continue
			}
			notes++
			if i == 0 || !strings.Contains(c.Text, "could not be decided: ") {
				t.Errorf("%s: note %d is %q", r, i, c.Text)
			}
		}
	}
	if notes == 0 {
		t.Error("no advisories are loaded, and nobody is told what could not be decided")
	}
}

func TestAPublishedAdvisoryIsEvidenceAndIsJudged(t *testing.T) {
	q := newQuarter(t)
	as, _, err := q.App.StartAssessment(t.Context(), q.admin.Actor(), q.system, app.StartInput{Framework: "nist-ssdf"})
	ok(t, err)
	q.assessment = as.ID
	q.answer("RV.2.2", "met", 0)
	d := q.deliver("1.0", `{"document":{"category":"csaf_security_advisory","csaf_version":"2.0","title":"Flaw in payments","publisher":{"name":"Maker","category":"vendor","namespace":"https://example.org"},
		"tracking":{"id":"A-1","status":"draft","version":"0.1","current_release_date":"2026-01-02T03:04:05Z","initial_release_date":"2026-01-02T03:04:05Z",
		"revision_history":[{"number":"0.1","date":"2026-01-02T03:04:05Z","summary":"s"}]}},"vulnerabilities":[{"cve":"CVE-2026-1000"}]}`)
	e, err := q.App.EvidenceView(t.Context(), q.admin.Actor(), d.Evidence)
	ok(t, err)
	if d.Format != "csaf" || d.Items != 1 || e.Evidence.Kind != "attestation" || !strings.Contains(e.Evidence.Title, "A-1") {
		t.Errorf("%+v, %+v", d, e.Evidence)
	}
	st := q.standing("RV.2.2")
	said := fmt.Sprint(st.Because)
	if st.Support != assessment.Contradicted || !strings.Contains(said, "csaf-final") || !strings.Contains(said, "csaf-valid") || !strings.Contains(said, "No CVE record of your own is known") {
		t.Errorf("a draft was published that fails tests: %+v", st)
	}
}

// statement is a CycloneDX document about a component of a product without a
// package URL.
func statement(product, version, part string) string {
	return fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"timestamp":"2026-03-02T00:00:00Z"},
		"components":[{"type":"application","bom-ref":"p","name":%q,"version":%q,"components":[{"type":"library","bom-ref":"c","name":"lodash","purl":%q}]}],
		"vulnerabilities":[{"id":"CVE-2026-1111","analysis":{"state":"not_affected","justification":"code_not_reachable"},"affects":[{"ref":"c"}]}]}`, product, version, part)
}

func TestAStatementAboutAProductByNameAndVersionIsFollowedForThatProduct(t *testing.T) {
	for name, c := range map[string]struct {
		product, version string
		want             finding.Verdict
	}{
		"its own":               {"payments", "1.0", finding.NotAffectedByDecision},
		"in other letters":      {"Payments", "1.0", finding.NotAffectedByDecision},
		"another product":       {"ledger", "1.0", finding.Affected},
		"a name that begins so": {"payments-admin", "1.0", finding.Affected},
		"another build":         {"payments", "0.9", finding.Affected},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuarter(t)
			q.feeds(osvRecord("GHSA-1111-1111-1111", "lodash", "0", "4.17.21", "CVE-2026-1111"))
			q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "lodash@4.17.20"))
			d := q.deliver("1.0", statement(c.product, c.version, "pkg:npm/lodash@4.17.20"))
			v, err := q.App.Findings(t.Context(), q.admin.Actor(), q.system, app.FindingFilter{}, app.Page{})
			ok(t, err)
			if v.Total != 1 || v.Items[0].Verdict != c.want {
				t.Fatalf("%d findings: %+v; faults %+v", v.Total, v.Items, d.Faults)
			}
			if followed := c.want != finding.Affected; followed == strings.Contains(fmt.Sprint(d.Faults), "statement-not-followed") {
				t.Errorf("faults: %+v", d.Faults)
			}
		})
	}
}
