package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// crawl follows every link of this site from the front page on, as one person,
// and checks each page. It returns the paths that it saw.
func (w *world) crawl(p *apptest.Person, max int) []string {
	w.t.Helper()
	v := w.as(p)
	seen, queue := map[string]bool{"/": true}, []string{"/", "/account", "/sign-out"}
	for len(queue) > 0 && len(seen) < max {
		path := queue[0]
		queue = queue[1:]
		a := v.get(path)
		if a.code >= 500 {
			w.t.Errorf("%s answers %d: %s", path, a.code, a.text())
			continue
		}
		if a.code == http.StatusSeeOther {
			queue = add(queue, seen, a.header.Get("Location"))
			continue
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		a.sound().omits("<script>alert", "<img src=x")
		for n := range a.tree().Descendants() {
			if n.DataAtom == atom.A && strings.HasPrefix(attr(n, "href"), "/") {
				queue = add(queue, seen, attr(n, "href"))
			}
		}
	}
	var out []string
	for path := range seen {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

func add(queue []string, seen map[string]bool, path string) []string {
	path, _, _ = strings.Cut(path, "#")
	if path == "" || seen[path] || strings.HasPrefix(path, "/assets/") {
		return queue
	}
	seen[path] = true
	return append(queue, path)
}

func TestEveryPageThatLinksLeadToIsSound(t *testing.T) {
	w := newWorld(t)
	admin, member, _, _ := w.ministry("Ministry "+hostile, hostile)
	if _, _, err := w.App.CreateSystem(t.Context(), admin.Actor(), app.SystemInput{Name: hostile}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*apptest.Person{admin, member, w.Join(admin, "Sam Example", access.SRO)} {
		paths := w.crawl(p, 300)
		for _, want := range []string{"/account", "/account/passkey/new", "/sign-out"} {
			if !slices.Contains(paths, want) {
				t.Errorf("no link leads to %s", want)
			}
		}
		for _, path := range paths {
			if strings.HasPrefix(path, "//") || strings.Contains(path, "script>") {
				t.Errorf("a link leads to %q", path)
			}
		}
	}
}

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// Whatever stands in an address, and whoever asks, a page that keeps the rules
// of pages is the answer, or a way to one.
func TestEveryRouteAnswersWithASoundPage(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	visitors := map[string]visitor{"nobody": w.as(nil), "an administrator": w.as(admin), "a new person": w.as(w.Enter(admin, "New Person", access.SRO)),
		"a member": w.as(w.Join(admin, "Bo Example", access.TeamMember))}
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.ReplaceAll(path, "{$}", "")
		for _, value := range []string{"-", "%00", "%3Cscript%3E", strings.Repeat("a", 300)} {
			if !parameter.MatchString(path) && value != "-" {
				continue
			}
			at := parameter.ReplaceAllString(path, value)
			for who, v := range visitors {
				if at == "/sign-out" && method == http.MethodPost {
					continue // the visitors are needed for the next route
				}
				a := v.do(method, at, http.Header{"Sec-Fetch-Site": {"same-origin"}}, nil)
				if a.code >= 500 {
					t.Errorf("%s %s as %s answers %d: %s", method, at, who, a.code, a.text())
				}
				if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && a.code != http.StatusSeeOther {
					a.sound().omits("<script>")
				}
				if rt.operation != public && who == "nobody" && a.code < 300 {
					t.Errorf("%s %s answers %d to nobody", method, at, a.code)
				}
			}
		}
	}
}
