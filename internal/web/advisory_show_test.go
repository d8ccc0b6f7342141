package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

func TestAnIdentifierLeadsToItsPageHoweverItWasPasted(t *testing.T) {
	w := newWorld(t)
	v := w.as(w.Join(w.Admin("Ministry"), "Pat Reader", access.PortfolioReader))
	v.get("/advisories").status(http.StatusOK).sound().says("Which vulnerability?", "No advisories are loaded", "touchstone feed sync")
	for pasted, want := range map[string]string{
		"CVE-2021-44228": "/advisories/CVE-2021-44228", " cve-2021-44228 ": "/advisories/CVE-2021-44228", "ghsa-JFH8-c2jp-5v3q": "/advisories/GHSA-jfh8-c2jp-5v3q",
		"https://osv.dev/vulnerability/GHSA-jfh8-c2jp-5v3q": "/advisories/GHSA-jfh8-c2jp-5v3q", "https://nvd.nist.gov/vuln/detail/cve-2021-44228/": "/advisories/CVE-2021-44228",
		"RHSA-2024:1234": "/advisories/RHSA-2024:1234", "a/b": "/advisories/a%2Fb", "(CVE-2021-44228),": "/advisories/CVE-2021-44228",
	} {
		if to := v.do("GET", "/advisories?id="+strings.ReplaceAll(strings.ReplaceAll(pasted, " ", "+"), ",", "%2C"), nil, nil).to("/advisories/"); to != want {
			t.Errorf("%q leads to %s, not to %s", pasted, to, want)
		}
	}
	v.get("/advisories?id=https%3A%2F%2Fosv.dev%2F").status(http.StatusOK).sound().says("Which vulnerability?")
	if to := v.get("/advisories/cve-2021-44228").to("/advisories/"); to != "/advisories/CVE-2021-44228" {
		t.Errorf("leads to %s", to)
	}
	w.as(nil).get("/advisories/CVE-2021-44228").to("/sign-in")
}

func TestAVulnerabilityThatNobodyHasIsADatedStatement(t *testing.T) {
	q := newQuarter(t, "Payments")
	v := q.as(q.member)
	v.get("/advisories/CVE-2026-1").status(http.StatusOK).sound().says("Nobody is known to be affected", "On 2 March 2026, 09:00 UTC nothing could be looked up", "no feed of advisories is loaded",
		"This says nothing about whether anybody is affected", "Cannot be said: CISA’s catalogue", "POST /api/v1/advisories")
	q.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "nobody-has-this", "0", "1", nil), "npm/2.json": `{"id":"CVE-2026-1","modified":"x"`, "kev.json": exploited("CVE-2026-10007")})
	q.deliverSBOM("1.0", sbomOf(t, "payments@1.0", q.Clock.Now(), "left-pad@1.0.0", "thing"))
	q.Clock.Advance(49 * time.Hour)
	if err := q.member.SignIn(); err != nil {
		t.Fatal(err)
	}
	page := v.get("/advisories/CVE-2026-2").status(http.StatusOK).sound().says("Nobody is known to be affected", "On 4 March 2026, 10:00 UTC no record about CVE-2026-2 was held", "2 feeds",
		"1 component could not be assessed", "2 days old", "Not in CISA’s catalogue (KEV) of 2 March 2026", "1 record of the feeds could not be understood").omits("Page not found")
	if !strings.Contains(page.text(), "No record that is held gives it another name") {
		t.Error("aliases are not spoken of")
	}
	v.get("/advisories/CVE-2026-10007").sound().says("In CISA’s catalogue (KEV) since 28 February 2026", "Known to be used for ransom")
	quarantined := v.get("/advisories/2.json").sound().text() + v.get("/advisories/CVE-2026-1").sound().text()
	if !strings.Contains(quarantined, "is in quarantine") {
		t.Errorf("a record in quarantine is not named: %s", quarantined)
	}
}

func TestWhoIsAffectedByAVulnerability(t *testing.T) {
	q := newQuarter(t, "Payments")
	q.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "nobody-has-this", "0", "1", nil), "kev.json": exploited("CVE-2026-10007"),
		"epss.csv": "#model_version:v2025.03.14,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-10007,0.0423,0.91\n"})
	q.register()
	q.answerAll()
	q.deliverSBOM("1.0", sbomOf(t, "payments@1.0", q.Clock.Now(), "left-pad@1.0.0"))
	before := q.as(q.member).get(q.questions[6]).sound().text()
	q.Clock.Advance(time.Minute)
	q.sendAdvisory(flaw(t, "GHSA-aaaa-bbbb-cccc", "left-pad", "0", "1.0.1", map[string]any{"aliases": []string{"CVE-2026-10007"}, "details": "Long words.\n\nMore words.",
		"references": []any{map[string]any{"type": "WEB", "url": "https://example.com/flaw"}, map[string]any{"type": "WEB", "url": "javascript:alert(1)"}}}))
	v := q.as(q.member)
	for _, id := range []string{"CVE-2026-10007", "GHSA-aaaa-bbbb-cccc"} {
		v.get("/advisories/"+id).status(http.StatusOK).sound().says("CVE-2026-10007", "A flaw in left-pad", "1 affected component", "Payments", "1.0", "pkg:npm/left-pad@1.0.0", "Put right in 1.0.1",
			"Yes, from the public internet", "Act: leaders take part", "exploitation: active", "Nobody has decided", "Critical, 9.8 of 10", "In CISA’s catalogue", "4.2% within 30 days",
			"Sent in by your organisation", "The record GHSA-aaaa-bbbb-cccc", "It stands", "from the first version, put right in 1.0.1", "https://example.com/flaw", "1 more reference",
			"MOD-P7: ", "contradicted", "CVE-2026-10007 in pkg:npm/left-pad@1.0.0 is known to be exploited")
	}
	if after := v.get(q.questions[6]).sound().text(); after == before {
		t.Error("the question says what it said before")
	}
	other := q.Admin("Another Ministry")
	q.as(other).get("/advisories/CVE-2026-10007").status(http.StatusOK).sound().says("Nobody is known to be affected", "Sent in by another organisation").omits("Payments", q.system)

	q.Clock.Advance(time.Minute)
	q.sendAdvisory(flaw(t, "GHSA-aaaa-bbbb-cccc", "left-pad", "0", "1.0.1", map[string]any{"aliases": []string{"CVE-2026-10007"}, "withdrawn": "2026-03-02T00:00:00Z"}))
	v.get("/advisories/CVE-2026-10007").status(http.StatusOK).sound().says("GHSA-aaaa-bbbb-cccc was withdrawn on 2 March 2026", "Nobody is known to be affected", "Replaced or taken away on 2 March 2026, 09:02 UTC",
		"Withdrawn by its maker on 2 March 2026")
}

func TestALongListOfAffectedIsCountedAndPaged(t *testing.T) {
	q := newQuarter(t, "Payments")
	q.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "left-pad", "0", "99", nil)})
	var packages []string
	for i := range 60 {
		packages = append(packages, fmt.Sprintf("left-pad@1.0.%d", i))
	}
	q.deliverSBOM("1.0", sbomOf(t, "payments@1.0", q.Clock.Now(), packages...))
	v := q.as(q.sro)
	first := v.get("/advisories/GHSA-0000-0000-0001").status(http.StatusOK).sound().says("60 affected components", "Next page")
	next := links(first, "/advisories/GHSA-0000-0000-0001?after=")
	second := v.get(next[0]).status(http.StatusOK).sound().says("60 affected components", "Previous page").omits("Next page")
	if n := strings.Count(first.body, "pkg:npm/left-pad@") + strings.Count(second.body, "pkg:npm/left-pad@"); n != 60 {
		t.Errorf("the pages show %d of 60", n)
	}
	v.get("/advisories/GHSA-0000-0000-0001?after=rubbish").status(http.StatusUnprocessableEntity).sound()
}

// An advisory is text that anybody on the internet may have written.
func TestAHostileAdvisoryIsInert(t *testing.T) {
	q := newQuarter(t, hostile)
	long := strings.Repeat("W", 3000)
	var many []any
	for i := range 120 {
		many = append(many, map[string]any{"package": map[string]any{"ecosystem": "npm", "name": fmt.Sprintf("%s%d", hostile, i)}, "versions": []string{hostile, long}})
	}
	many = append(many, map[string]any{"package": map[string]any{"ecosystem": "npm", "name": "left-pad"}, "versions": []string{"1.0.0"}})
	q.deliverSBOM(hostile, sbomOf(t, "payments@1.0", q.Clock.Now(), "left-pad@1.0.0"))
	q.sendAdvisory(flaw(t, "X-1", "left-pad", "0", "2", map[string]any{"summary": hostile + long, "details": strings.Repeat(hostile+"\n\n", 500), "affected": many,
		"aliases": []string{hostile, `"><b onmouseover=alert(1)>`}, "references": []any{map[string]any{"type": "WEB", "url": "https://example.com/" + hostile}, map[string]any{"type": "WEB", "url": "javascript:alert(1)"}},
		"severity": []any{map[string]any{"type": "Ubuntu", "score": hostile}}}))
	q.as(q.member).get("/advisories/X-1").status(http.StatusOK).sound().omits("<script>alert", "<img src=x", "<b onmouseover").says("1 affected component", "more packages are", "more characters are not shown")
	for _, id := range []string{"%3Cscript%3Ealert(1)%3C%2Fscript%3E", strings.Repeat("a", 5000), "..%2F..%2Fetc", "%20"} {
		q.as(q.member).get("/advisories/" + id).status(http.StatusOK).sound().omits("<script>alert").says("Nobody is known to be affected")
	}
}

func TestUntilTheIndexIsMadeAPageSaysSo(t *testing.T) {
	var config app.Config
	w := newWorld(t, apptest.With(func(c *app.Config) { config = *c }))
	admin := w.Admin("Ministry")
	starting := app.New(config)
	w.site.App = starting
	defer func() { w.site.App = w.App }()
	page := w.as(admin).get("/advisories/CVE-2026-1").status(http.StatusServiceUnavailable).sound().says("The index is still being made", "Nothing is lost", "Try again")
	if page.header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
	w.as(admin).get("/advisories").status(http.StatusOK).sound()
	if err := starting.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.as(admin).get("/advisories/CVE-2026-1").status(http.StatusOK).sound()
}
