package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/e2e/internal/browser"
	"github.com/touchstone-assurance/touchstone/e2e/internal/stand"
)

// TestRarePages looks at pages to which a crawl finds no way, because they are
// only there while something is the case.
func TestRarePages(t *testing.T) {
	s := stand.Start(t, stand.Options{Demo: true})
	b := launch(t, s)
	admin := comeIn(t, b, s, "administrator")
	team := comeIn(t, b, s, "dtsl")

	admin.Open("/systems")
	system := first(t, admin, "/systems/sys_")
	admin.Open(system + "/as-at?on-day=1&on-month=10&on-year=" + time.Now().AddDate(0, -3, 0).Format("2006"))
	admin.Check("as at a day")
	admin.Open(system + "/as-at?on-day=31&on-month=2&on-year=2026")
	admin.Check("as at no day")

	confirmCarriedOver(t, team)

	admin.Open("/people")
	person := ""
	for _, link := range admin.Links() {
		if strings.HasPrefix(link, "/people/usr_") {
			person = link // the last on the page is not the administrator
		}
	}
	admin.Open(person + "/disable")
	admin.Press("Disable the account")
	confirmAsSample(admin)
	admin.Shows("The account is disabled.")
	admin.Check("somebody disabled")
	admin.Open(person + "/enable")
	admin.Check("enable")

	team.Open("/evidence")
	record := first(t, team, "/evidence/evd_")
	team.Open(record + "/remove")
	team.Press("Ask for removal")
	team.Check("ask for removal with errors")
	team.Fill("reason", "It holds the telephone numbers of residents.")
	team.Press("Ask for removal")
	team.Check("removal asked for")
	admin.Open("/purges")
	admin.Check("removals")
	for _, link := range admin.Links() {
		if strings.HasPrefix(link, "/purges/") {
			admin.Open(link)
			admin.Check("decide on a removal " + idOf(link))
		}
	}

	stranger := b.NewPerson(t, "stranger", s.URL)
	for _, path := range []string{"/sign-in", "/sign-in/passphrase", "/sign-in/recovery-code", "/help", "/accessibility", "/cookies"} {
		stranger.Open(path)
		stranger.Check(strings.Trim(strings.ReplaceAll(path, "/", " "), " "))
	}
	for form, button := range map[string]string{"/sign-in/passphrase": "Sign in", "/sign-in/recovery-code": "Continue"} {
		stranger.Open(form)
		stranger.Press(button)
		stranger.Check("errors of" + strings.ReplaceAll(form, "/", " "))
	}
	for _, path := range []string{"/nothing-here", "/setup/wrong", "/invitation/wrong", "/recovery/wrong", "/demo/wrong"} {
		stranger.Open(path)
		if got := stranger.Status(); got != 404 {
			t.Errorf("%s is answered with %d", path, got)
		}
		stranger.Check("not there" + strings.ReplaceAll(path, "/", " "))
	}
	stranger.Open(system)
	stranger.At("Sign in")
}

// first is the first link on the page that begins like this.
func first(t *testing.T, p *browser.Person, prefix string) string {
	t.Helper()
	for _, link := range p.Links() {
		if strings.HasPrefix(link, prefix) {
			return link
		}
	}
	p.Fail("no link begins with %s", prefix)
	return ""
}

// confirmAsSample answers the page that asks a sample person for a confirmation.
func confirmAsSample(p *browser.Person) {
	if p.Heading() == "Confirm that it is you" {
		p.Check("step-up of a sample person")
		p.Press("Confirm as this sample person")
		p.Check("confirmed")
		p.Press("Continue")
	}
}

// confirmCarriedOver starts the next assessment of systems until one has answers
// of last time that only want confirming.
func confirmCarriedOver(t *testing.T, p *browser.Person) {
	t.Helper()
	p.Open("/systems")
	var systems []string
	for _, link := range p.Links() {
		if strings.HasPrefix(link, "/systems/sys_") {
			systems = append(systems, link)
		}
	}
	for _, system := range systems {
		p.Open(system)
		var open []string
		for _, link := range p.Links() {
			if strings.HasPrefix(link, "/assessments/") && strings.Count(link, "/") == 2 {
				open = append(open, link)
			}
		}
		for _, link := range open {
			p.Open(link)
			for _, way := range p.Links() {
				if strings.Contains(way, "/confirm/") {
					p.Check("answers to confirm")
					p.Open(way)
					p.Check("confirm answers")
					p.Press("Confirm")
					p.Check("confirmed answers")
					return
				}
			}
		}
	}
	t.Error("no assessment of the sample data has answers that only want confirming")
}
