package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

func TestTheLibraryOfChecksIsFilteredByFrameworkAndFact(t *testing.T) {
	w := newWorld(t)
	v := w.as(w.Join(w.Admin("Ministry"), "Pat Reader", access.PortfolioReader))
	w.as(nil).get("/checks").to("/sign-in")
	all := v.get("/checks").status(http.StatusOK).sound().says("Automated checks", "Nothing that is known to be exploited is left open", "Known vulnerabilities", "Some days of work")
	n := len(links(all, "/checks/"))
	if n < 40 {
		t.Errorf("%d checks are shown", n)
	}
	v.get("/frameworks").says("Automated checks")
	v.get("/frameworks/mod-sbd/2025").says("Automated checks that speak to it")
	mod := v.get("/checks?framework=mod-sbd").status(http.StatusOK).sound().says("7 (in part)", "Requirements of", "Remove this filter")
	if m := len(links(mod, "/checks/")); m == 0 || m >= n {
		t.Errorf("%d of %d checks are bound to a framework", m, n)
	}
	both := v.get("/checks?framework=mod-sbd&needs=findings").status(http.StatusOK).sound()
	if m := len(links(both, "/checks/")); m == 0 || m >= len(links(mod, "/checks/")) {
		t.Errorf("%d checks on findings", m)
	}
	v.get("/checks?framework=uk-software-security-code&needs=cve").status(http.StatusOK).sound()
	v.get("/checks?framework=nothing").sound().says(strings.TrimSpace(all.text()[strings.Index(all.text(), " checks")-3 : strings.Index(all.text(), " checks")]))
}

// Every check has a page, and every requirement that it names ships.
func TestEveryCheckHasAPage(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	v := w.as(admin)
	all, err := w.App.CheckLibrary(t.Context(), admin.Actor())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		page := v.get("/checks/"+c.ID).status(http.StatusOK).sound().says(c.Title, c.Question, c.Clause, "What its answers mean", "How to put it right", "touchstone push")
		if got := len(links(page, "/frameworks/")); got != len(c.Bindings) {
			t.Errorf("%s is bound to %d requirements, and %d are found", c.ID, len(c.Bindings), got)
		}
	}
	v.get("/checks/no-known-exploited").says("Asked by", "In effect since", "10 June 2026", "7 days after they were produced", "A part: a pass is shown beside", "7 Manage security for life", "Partly met", "Passes", "Fails", "Cannot decide", "Some days of work")
	v.get("/checks/no-such-check").status(http.StatusNotFound).sound()
}
