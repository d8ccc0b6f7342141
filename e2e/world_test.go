package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/e2e/internal/browser"
	"github.com/touchstone-assurance/touchstone/e2e/internal/stand"
)

const (
	organisation = "Department of Examples"
	framework    = "Touchstone in-service set"
	frameworkID  = "touchstone-in-service"
)

// world is an installation in use: people at browsers, and one system.
type world struct {
	whole  *testing.T // lives as long as the installation
	people []*browser.Person
	server *stand.Server
	chrome *browser.Browser
	admin  *browser.Person
	system string // path of its page
}

// setUp makes the first administrator, as the link that serve prints asks for.
func setUp(t *testing.T, engine stand.Engine) *world {
	t.Helper()
	w := &world{whole: t, server: stand.Start(t, stand.Options{Engine: engine})}
	w.chrome = launch(t, w.server)
	w.chrome.Quick = engine != stand.SQLite || os.Getenv("TOUCHSTONE_E2E_QUICK") != "" // the pages are the same
	w.admin = w.comes(t, "administrator")
	p := w.admin
	p.Open(w.server.SetupURL)
	p.At("Set up Touchstone")
	p.Check("set-up")
	p.Press("Continue")
	p.Check("set-up with errors")
	p.Fill("name", "Ada Admin")
	p.Fill("email", "ada@department.example")
	p.Fill("organisation", organisation)
	p.Press("Continue")
	enrol(p, "desk")
	return w
}

// setUpQuietly is setUp for tests that judge other pages.
func setUpQuietly(t *testing.T) *world {
	t.Helper()
	w := &world{whole: t, server: stand.Start(t, stand.Options{})}
	w.chrome = launch(t, w.server)
	w.admin = w.comes(t, "administrator")
	p := w.admin
	p.Open(w.server.SetupURL)
	p.Fill("name", "Ada Admin")
	p.Fill("email", "ada@department.example")
	p.Fill("organisation", organisation)
	p.Press("Continue")
	p.Press("Add a passkey")
	p.At("Get your recovery codes")
	p.Open("/")
	return w
}

// comes opens a window for somebody, which stays as long as the installation.
func (w *world) comes(t *testing.T, name string) *browser.Person {
	t.Helper()
	p := w.chrome.NewPerson(w.whole, name, w.server.URL)
	p.Within(t)
	w.people = append(w.people, p)
	return p
}

// step runs one part of a long story, unless a part before has failed.
func (w *world) step(t *testing.T, name string, test func(t *testing.T)) {
	if t.Failed() {
		return
	}
	within := func(t *testing.T) {
		for _, p := range w.people {
			p.Within(t)
		}
	}
	t.Run(name, func(t *testing.T) { within(t); test(t) })
	within(t)
}

// enrol adds the first passkey of somebody who has just come in through a link,
// and keeps the recovery codes.
func enrol(p *browser.Person, label string) {
	if p.Heading() != "Add a passkey" {
		p.Check("ways to sign in")
		p.Follow("Add a passkey")
	}
	p.Check("add a passkey")
	p.Fill("label", label)
	p.Press("Add a passkey")
	p.At("Get your recovery codes")
	p.Check("recovery codes offered")
	p.Press("Show my recovery codes")
	p.Check("recovery codes")
	p.Choose("kept", "yes")
	p.Press("Continue")
	p.Check("second passkey")
	p.Follow("Not now")
	p.At("My work")
}

// invite has the administrator make a link for somebody, who opens it in a window
// of their own and enrols.
func (w *world) invite(t *testing.T, name, role string) *browser.Person {
	t.Helper()
	email := strings.ToLower(strings.Fields(name)[0]) + "@department.example"
	a := w.admin
	a.Open("/people/invite")
	a.Fill("name", name)
	a.Fill("email", email)
	a.Choose("role", role)
	a.Press("Make the link")
	confirm(a)
	a.At("Invitation made")
	a.Check("invitation for " + role)
	link := linkIn(a.Text(), "/invitation/")
	p := w.comes(t, role)
	p.Open(link)
	p.At("Join " + organisation)
	p.Check("invitation")
	p.Fill("email", email)
	p.Press("Continue")
	enrol(p, "laptop")
	return p
}

// confirm answers the page that asks for a fresh confirmation, when it came.
func confirm(p *browser.Person) {
	if p.Heading() != "Confirm that it is you" {
		return
	}
	p.Check("step-up")
	p.PressHere("Confirm with a passkey")
	p.Until("the confirmation", "location.hash === '#confirmed'")
	p.Press("Continue")
}

// linkIn finds the address on the page that holds a part.
func linkIn(text, part string) string {
	for word := range strings.FieldsSeq(text) {
		if strings.Contains(word, part) {
			return word
		}
	}
	panic(fmt.Sprintf("no %s in %q", part, text))
}

// idOf is the identifier at the end of a path.
func idOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path[strings.LastIndexByte(path, '/')+1:]
}
