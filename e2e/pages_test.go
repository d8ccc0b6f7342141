package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/touchstone-assurance/touchstone/e2e/internal/browser"
	"github.com/touchstone-assurance/touchstone/e2e/internal/stand"
)

var (
	getRoute  = regexp.MustCompile(`"GET (/[^"]*)"`)
	fileLinks = regexp.MustCompile(`/export|format=|/file$|checkpoint\.txt|^/assets/|^/api/`)
)

// notCrawled are the routes to which no link leads, with the reason.
var notCrawled = map[string]string{
	"/people/{id}/enable":               "only while somebody is disabled; see TestRarePages",
	"/systems/{id}/as-at":               "the answer of a form; see TestRarePages",
	"/assessments/{id}/confirm/{group}": "only while answers are carried over; see TestRarePages",
	"/assessments/{id}/sent":            "after sending; see the journeys",
	"/purges/{id}/approve":              "only while a removal is asked for; see TestRarePages",
	"/purges/{id}/reject":               "only while a removal is asked for; see TestRarePages",
	"/setup/{token}":                    "a single-use link; see the journeys",
	"/invitation/{token}":               "a single-use link; see the journeys",
	"/recovery/{token}":                 "a single-use link",
	"/demo/{token}":                     "how the crawler comes in",
	"/account/enrol":                    "while somebody enrols; see the journeys",
	"/account/passkey/second":           "while somebody enrols; see the journeys",
	"/choose-organisation":              "only for people of several organisations",
	"/alerts/{name}":                    "only while a setting lowers security",
	"/sign-in":                          "only for those who are not signed in; see the journeys",
	"/sign-in/passphrase":               "only for those who are not signed in; see TestRarePages",
	"/sign-in/recovery-code":            "only for those who are not signed in; see TestRarePages",
	"/account/passkey/{id}/remove":      "sample people have no passkey; see TestHostileNamesAreInert",
	"/account/passphrase/remove":        "sample people have no passphrase",

	// The sample data has no releases and no advisories; the pages are read in
	// internal/web, with hostile names among them.
	"/advisories/{id}":                                      "no advisory is loaded",
	"/systems/{id}/releases":                                "nothing was delivered",
	"/systems/{id}/releases/compare":                        "nothing was delivered",
	"/systems/{id}/releases/{release}":                      "nothing was delivered",
	"/systems/{id}/releases/{release}/components":           "nothing was delivered",
	"/systems/{id}/releases/{release}/documents/{document}": "nothing was delivered",
	"/systems/{id}/findings":                                "nothing was delivered",
	"/systems/{id}/checks":                                  "nothing was delivered",
}

// routes are the patterns of every page, from the tables in the source.
func routes(t *testing.T) []string {
	t.Helper()
	var out []string
	files, err := filepath.Glob(filepath.Join(stand.Root(), "internal", "web", "*routes.go"))
	if err != nil || len(files) < 2 {
		t.Fatalf("the tables of routes were not found: %v", err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range getRoute.FindAllStringSubmatch(string(source), -1) {
			if p := strings.TrimSuffix(m[1], "{$}"); !fileLinks.MatchString(p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// patternOf is the route that a path belongs to; the one with the fewest
// variables wins.
func patternOf(routes []string, path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	best, variables := "", 100
	for _, r := range routes {
		want := strings.Split(r, "/")
		n := 0
		if len(want) != len(parts) {
			continue
		}
		fits := true
		for i := range want {
			if strings.HasPrefix(want[i], "{") {
				n++
			} else if want[i] != parts[i] {
				fits = false
			}
		}
		if fits && n < variables {
			best, variables = r, n
		}
	}
	return best
}

// crawl follows every link from the start, a few of each route, and judges each
// page. It returns how often each route was seen.
func crawl(t *testing.T, p *browser.Person, perRoute int, judge func(*browser.Person, string, bool)) map[string]int {
	t.Helper()
	table := routes(t)
	seen, asked := map[string]int{}, map[string]bool{}
	queue := []string{"/"}
	began := time.Now()
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		pattern := patternOf(table, path)
		if asked[path] || fileLinks.MatchString(path) || seen[pattern] >= perRoute {
			continue
		}
		asked[path] = true
		if pattern == "" {
			t.Errorf("a link leads to %s, which is no page", path)
			continue
		}
		seen[pattern]++
		p.Open(path)
		if status := p.Status(); status != 200 {
			t.Errorf("a link leads to %s, which is answered with %d", path, status)
		}
		name := strings.Trim(strings.NewReplacer("/", " ", "{", "", "}", "").Replace(pattern), " ")
		judge(p, name, seen[pattern] == 1)
		queue = append(queue, p.Links()...)
	}
	t.Logf("%d pages of %d routes in %v", len(asked), len(seen), time.Since(began).Round(time.Second))
	return seen
}

// thoroughly looks at the first page of a route at both widths.
func thoroughly(p *browser.Person, name string, first bool) {
	if first {
		p.Check(name)
	} else {
		p.Glance(name)
	}
}

// comeIn signs a sample person in by their link.
func comeIn(t *testing.T, b *browser.Browser, s *stand.Server, role string) *browser.Person {
	t.Helper()
	for _, persona := range s.Personas {
		if persona.Role == role {
			p := b.NewPerson(t, role, s.URL)
			p.Open(persona.SignInURL)
			p.Press("Sign in")
			return p
		}
	}
	t.Fatalf("the demo has no %s", role)
	return nil
}

// TestEveryPage crawls a year of sample data as administrator and as reader.
func TestEveryPage(t *testing.T) {
	s := stand.Start(t, stand.Options{Demo: true})
	b := launch(t, s)
	seen := map[string]int{}
	for _, role := range []string{"administrator", "team_member", "sro", "portfolio_reader"} {
		p := comeIn(t, b, s, role)
		b.Quick = role != "administrator"
		perRoute := 1
		if role == "administrator" {
			perRoute = 2
		}
		for route, n := range crawl(t, p, perRoute, thoroughly) {
			seen[route] += n
		}
	}
	pictures(t, b, s)
	for _, route := range routes(t) {
		if seen[route] == 0 && notCrawled[route] == "" {
			t.Errorf("no link leads to %s", route)
		}
	}
}

// imagesVariable names the folder for the pictures of the documentation; without
// it they go to the artifacts.
const imagesVariable = "TOUCHSTONE_E2E_IMAGES"

// pictures are the ones that README and docs show.
func pictures(t *testing.T, b *browser.Browser, s *stand.Server) {
	t.Helper()
	dir := os.Getenv(imagesVariable)
	if dir == "" {
		dir = filepath.Join(stand.Artifacts(), "images")
	}
	b.Quick = true
	p := comeIn(t, b, s, "dtsl")
	take := func(name string) { p.Picture(t, filepath.Join(dir, name+".png"), 1280, 960) }
	take("my-work")
	p.Open("/systems")
	take("systems")
	system := first(t, p, "/systems/sys_")
	p.Open(system)
	take("system")
	for _, link := range p.Links() {
		if strings.HasPrefix(link, "/assessments/") && strings.Contains(link, "/questions/") {
			p.Open(link)
			take("question")
			break
		}
	}
	p.Open("/assurance")
	receipt := ""
	for _, link := range p.Links() {
		if strings.HasSuffix(link, "/receipt") {
			receipt = link
			break
		}
	}
	p.Open(strings.TrimSuffix(receipt, "/receipt") + "/report")
	take("report")
}

// TestByKeyboard answers a question with the keyboard alone.
func TestByKeyboard(t *testing.T) {
	w, assessment := begun(t)
	p := w.admin
	p.Open(question(assessment, "TIS-GV.OC"))
	p.TabTo("Skip to main content")
	p.TabTo("claim=not_met")
	p.Key(kb.ArrowDown)
	p.TabTo("rationale")
	p.Type("Written with the keyboard alone.")
	p.TabTo("Save and continue")
	p.Enter()
	p.Sees("The answer has been saved.")
	p.TabTo("claim=not_met")
	for range 3 {
		p.Key(kb.ArrowDown) // past the levels to “I do not know”
	}
	soon := time.Now().AddDate(0, 1, 0)
	p.TabTo("find_out_by-day")
	p.Type(soon.Format("2"))
	p.TabTo("find_out_by-month")
	p.Type(soon.Format("1"))
	p.TabTo("find_out_by-year")
	p.Type(soon.Format("2006"))
	p.TabTo("Save and continue")
	p.Enter()
	p.Sees("The answer has been saved.")
	p.Open(assessment)
	p.Shows("Do not know yet")
	p.Check("after the keyboard")
}

// begun is an installation with an assessment that waits for answers.
func begun(t *testing.T) (*world, string) {
	t.Helper()
	w := setUpQuietly(t)
	api := stand.API{Server: w.server, Token: w.server.Token(t, organisation, "administrator")}
	system := api.Do(t, 201, "POST", "/api/v1/systems", map[string]any{"name": "Harbour lights", "organisation": organisation}).ID()
	w.system = "/systems/" + system
	return w, "/assessments/" + api.Do(t, 201, "POST", "/api/v1/systems/"+system+"/assessments", map[string]any{"framework": frameworkID, "version": "1.0"}).ID()
}

// TestWithoutScripts does the team member's work with JavaScript turned off, once
// the passkey has let them in.
func TestWithoutScripts(t *testing.T) {
	w, assessment := begun(t)
	p := w.admin
	p.Scripts(false)
	p.Open(question(assessment, "TIS-GV.OC"))
	p.Glance("question without scripts")
	p.Follow("Add new evidence")
	p.Fill("title", "Mission statement")
	p.Fill("edition", "1.0")
	p.Select("kind", "Document")
	p.Date("produced_on", time.Now().AddDate(0, -1, 0))
	p.Attach("file", "mission.txt", []byte("The lights guide ships.\n"))
	p.Press("Save")
	p.Shows("Mission statement")
	p.Choose("claim", "met")
	p.Fill("rationale", "Written without scripts.")
	p.Press("Save and continue")
	p.Shows("The answer has been saved.")
	p.Choose("claim", "dont_know")
	p.Press("Save and continue")
	p.Shows("There is a problem")
	p.Glance("errors without scripts")
	p.Date("find_out_by", time.Now().AddDate(0, 1, 0))
	p.Press("Save and continue")
	p.Shows("The answer has been saved.")
	(stand.API{Server: w.server, Token: w.server.Token(t, organisation, "team_member")}).AnswerAll(t, idOf(assessment))
	p.Open(assessment)
	p.Glance("task list without scripts")
	p.Open(assessment + "/check")
	p.Press("Send")
	p.Shows("The answers have been sent")
	p.Glance("sent without scripts")
	p.Open("/systems")
	p.Fill("name", "Harbour")
	p.Press("Apply filters")
	p.Shows("1 system")
	p.Open("/units/new")
	p.Fill("name", "Unit without scripts")
	p.Press("Save")
	p.Shows("The unit has been added.")
}

// hostile are names that try to be more than names.
var hostile = []string{
	`<script>alert(1)</script><img src=x onerror=alert(2)>`,
	`"><svg onload=alert(3)>` + "`${alert(4)}`",
	`javascript:alert(5)//{{.}}<%= 1 %>`,
	"\u202Eright to left\u202C \u2066isolated\u2069 \u200Fmark",
	strings.Repeat("Wordwithoutanyspace", 10),
	`=HYPERLINK("https://evil.example","x")`,
	"\u0645\u0646\u0627\u0631\u0629 \u0627\u0644\u0645\u064A\u0646\u0627\u0621",
}

// TestHostileNamesAreInert puts them everywhere and looks at every page.
func TestHostileNamesAreInert(t *testing.T) {
	w := setUpQuietly(t)
	s := w.server
	api := stand.API{Server: s, Token: s.Token(t, organisation, "administrator")}
	taken := 0
	for _, name := range hostile {
		made := api.Do(t, 0, "POST", "/api/v1/systems", map[string]any{"name": name, "organisation": organisation, "scope": name, "sponsor": name, "phase": name, "gate": name})
		if made.Status == 422 {
			continue // refused is inert as well
		}
		taken++
		a := api.Do(t, 201, "POST", "/api/v1/systems/"+made.ID()+"/assessments", map[string]any{"framework": frameworkID, "version": "1.0"}).ID()
		for _, r := range api.Do(t, 200, "GET", "/api/v1/assessments/"+a+"/responses", nil).Items()[:2] {
			api.Do(t, 200, "PUT", "/api/v1/assessments/"+a+"/responses/"+r["id"].(string), map[string]any{"claim": "not_applicable", "na_reason": name, "rationale": strings.Repeat(name+"\n", 5)})
		}
		e := api.Do(t, 0, "POST", "/api/v1/evidence", map[string]any{"title": name, "edition": name, "place": name, "owner": name, "kind": "document", "system": made.ID(),
			"produced_on": time.Now().Format(time.DateOnly), "link": "https://example.org/<script>alert(6)</script>"})
		if e.Status == 201 {
			api.Do(t, 204, "PUT", "/api/v1/systems/"+made.ID()+"/links/"+frameworkID+"/TIS-GV.OC/"+e.ID(), nil)
		}
	}
	if taken < 3 {
		t.Errorf("only %d hostile names were taken: too little was tested", taken)
	}
	p := w.admin
	p.Open("/organisation/change")
	if p.Has("name") {
		p.Fill("name", hostile[0])
		p.Press("Save")
	}
	crawl(t, p, len(hostile), func(p *browser.Person, name string, _ bool) { p.Look(name) })
}
