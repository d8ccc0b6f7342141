// Package apptest makes a whole instance for tests: a real database (a temporary
// SQLite file, or a database on the server that TOUCHSTONE_TEST_POSTGRES names),
// real keys, a clock that stands still until it is moved, and people who come in
// through the doors like anybody else, with passkeys in software.
//
// It is for tests only. Nothing here goes round an operation of app.
package apptest

import (
	"context"
	"crypto/rand"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
	"github.com/touchstone-assurance/touchstone/internal/pgtest"
	"github.com/touchstone-assurance/touchstone/internal/store"
	"github.com/touchstone-assurance/touchstone/internal/store/storetest"
)

// PublicURL is the address of every test instance.
const PublicURL = "https://localhost:8443"

// Meta is the request of a test.
var Meta = app.RequestMeta{RequestID: "req_test", Address: "192.0.2.7", Agent: "Test browser"}

// Clock stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// World is an instance.
type World struct {
	App   *app.App
	DB    *store.DB
	Keys  *keyring.Ring
	Clock *Clock
	Dir   string
	t     testing.TB
	first *Person
}

// Option changes an instance before it starts.
type Option func(*settings)

type settings struct {
	demo   bool
	change func(*app.Config)
}

// Demo makes a demo.
func Demo() Option { return func(s *settings) { s.demo = true } }

// With changes the configuration.
func With(change func(*app.Config)) Option { return func(s *settings) { s.change = change } }

// New returns an instance with nobody in it, on 2 March 2026 at 09:00 UTC.
func New(t testing.TB, options ...Option) *World {
	t.Helper()
	var s settings
	for _, o := range options {
		o(&s)
	}
	w := &World{t: t, Clock: &Clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, Dir: t.TempDir()}
	ctx := context.Background()
	c := store.Config{Path: filepath.Join(w.Dir, "touchstone.db"), Now: w.Clock.Now, Random: rand.Reader}
	if _, ok := pgtest.URL(); ok {
		c.Path, c.URL = "", pgtest.Database(t)
	}
	var err error
	w.DB, err = store.Open(ctx, c)
	w.must(err)
	t.Cleanup(func() {
		storetest.Verify(t, w.DB) // whatever a test did, log and rows agree
		if err := w.DB.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	w.must(w.DB.Migrate(ctx))
	w.Keys, _, err = keyring.OpenOrCreate(keyring.Options{Dir: w.Dir, Now: w.Clock.Now})
	w.must(err)
	library, err := frameworks.Open()
	w.must(err)
	passkeys, err := authn.NewPasskeys(authn.PasskeyConfig{RPID: "localhost", Origins: []string{PublicURL}, Name: "Touchstone", Now: w.Clock.Now})
	w.must(err)
	config := app.Config{DB: w.DB, Frameworks: library, Keys: w.Keys, Files: filepath.Join(w.Dir, "files"), Passkeys: passkeys,
		Hasher: authn.NewHasher(2, 50, authn.Cost{KiB: 64, Passes: 1, Threads: 1}, rand.Reader), PublicURL: PublicURL, Now: w.Clock.Now, Random: rand.Reader}
	if s.change != nil {
		s.change(&config)
	}
	w.App = app.New(config)
	_, err = w.App.Initialise(ctx, s.demo, "test")
	w.must(err)
	w.must(w.App.Follow(ctx))
	return w
}

// Work does every job that is ready, as a server does behind the requests, and
// fails the test when one does not succeed.
func (w *World) Work() {
	w.t.Helper()
	for range 10_000 {
		more, err := w.App.Work(context.Background())
		w.must(err)
		if !more {
			return
		}
	}
	w.t.Fatal("jobs make jobs without end")
}

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Secret is the last part of a link.
func Secret(l app.Link) string { return l.URL[strings.LastIndex(l.URL, "/")+1:] }

// Person is somebody in a browser.
type Person struct {
	w            *World
	ID           string
	Name         string
	Email        string
	Organisation string // id
	Cookie       string
	Key          *Authenticator
	Codes        []string // recovery codes, as shown
}

func email(name string) string {
	return url.PathEscape(strings.ReplaceAll(strings.ToLower(name), " ", ".")) + "@example.gov.uk"
}

// Admin returns an administrator of a new organisation. The first one sets the
// instance up and administers it too; they make the organisations of the others.
func (w *World) Admin(organisation string) *Person {
	w.t.Helper()
	ctx := context.Background()
	if w.first == nil {
		p := &Person{w: w, Name: "First Administrator", Email: email("first"), Key: NewAuthenticator(w.t)}
		link, _, err := w.App.NewSetupLink(ctx)
		w.must(err)
		o, _, err := w.App.CreateFirstAdministrator(ctx, Secret(link), app.FirstAdministratorInput{Name: p.Name, Email: p.Email, Organisation: organisation}, Meta)
		w.must(err)
		p.come(o)
		w.first = p
		return p
	}
	made, _, err := w.App.CreateOrganisation(ctx, w.first.StepUp(), organisation)
	w.must(err)
	home := w.first.Organisation
	_, err = w.App.SwitchOrganisation(ctx, w.first.Actor(), made.ID)
	w.must(err)
	p := w.Join(w.first, "Administrator of "+organisation, access.Administrator)
	_, err = w.App.SwitchOrganisation(ctx, w.first.Actor(), home)
	w.must(err)
	return p
}

// Limit narrows an invitation to one system or unit.
type Limit func(*app.InviteInput)

// OnSystem and OnUnit limit a role.
func OnSystem(id string) Limit { return func(in *app.InviteInput) { in.System = id } }

// OnUnit limits a role to a unit with all below it.
func OnUnit(id string) Limit { return func(in *app.InviteInput) { in.Unit = id } }

// Join invites somebody into the administrator's organisation; they accept and
// add a passkey.
func (w *World) Join(admin *Person, name string, role access.Role, limits ...Limit) *Person {
	w.t.Helper()
	p := w.Enter(admin, name, role, limits...)
	p.AddPasskey()
	return p
}

// Enter is Join without a passkey: the session may only add a factor.
func (w *World) Enter(admin *Person, name string, role access.Role, limits ...Limit) *Person {
	w.t.Helper()
	ctx := context.Background()
	p := &Person{w: w, Name: name, Email: email(name), Key: NewAuthenticator(w.t)}
	in := app.InviteInput{Email: p.Email, Role: role}
	for _, l := range limits {
		l(&in)
	}
	link, _, err := w.App.Invite(ctx, admin.StepUp(), in)
	w.must(err)
	o, _, err := w.App.AcceptInvitation(ctx, Secret(link), app.AcceptInput{Name: p.Name, Email: p.Email}, Meta)
	w.must(err)
	p.ID, p.Cookie = o.PersonID, o.Cookie
	p.Organisation = p.Actor().Organisation
	return p
}

func (p *Person) come(o app.Opened) {
	p.w.t.Helper()
	p.ID, p.Cookie = o.PersonID, o.Cookie
	p.AddPasskey()
	p.Organisation = p.Actor().Organisation
}

// AddPasskey adds the person's software passkey to the account, which makes an
// enrolling session a full one.
func (p *Person) AddPasskey() {
	p.w.t.Helper()
	ctx := context.Background()
	c, err := p.w.App.BeginPasskeyRegistration(ctx, p.Actor())
	p.w.must(err)
	s, _, err := p.w.App.FinishPasskeyRegistration(ctx, p.Actor(), app.PasskeyInput{Ceremony: c.ID, Response: p.Key.Register(c.Options)})
	p.w.must(err)
	p.Cookie = s.Cookie
	if s.RecoveryCodes != nil {
		p.Codes = s.RecoveryCodes
	}
}

// Actor is the person as the resolver sees them at this moment.
func (p *Person) Actor() access.Actor {
	p.w.t.Helper()
	who, err := p.Resolve()
	p.w.must(err)
	return who
}

// Resolve is Actor with its error.
func (p *Person) Resolve() (access.Actor, error) {
	who, _, err := p.w.App.ActorFromSession(context.Background(), p.Cookie, Meta)
	return who, err
}

// StepUp confirms the person with the passkey and returns them as an actor.
func (p *Person) StepUp() access.Actor {
	p.w.t.Helper()
	ctx := context.Background()
	c, err := p.w.App.BeginStepUp(ctx, p.Actor())
	p.w.must(err)
	p.Cookie, _, err = p.w.App.FinishStepUp(ctx, p.Actor(), c.ID, p.Key.Sign(c.Options))
	p.w.must(err)
	return p.Actor()
}

// SignIn opens a new session with the passkey; the person uses it from now on.
func (p *Person) SignIn() error {
	ctx := context.Background()
	c, err := p.w.App.BeginSignIn(ctx)
	if err != nil {
		return err
	}
	o, _, err := p.w.App.FinishSignIn(ctx, c.ID, p.Key.Sign(c.Options), Meta)
	if err == nil {
		p.Cookie = o.Cookie
	}
	return err
}

// StepUpWith confirms the person with a one-time code.
func (p *Person) StepUpWith(code string) {
	p.w.t.Helper()
	cookie, _, err := p.w.App.StepUpWithCode(context.Background(), p.Actor(), code)
	p.w.must(err)
	p.Cookie = cookie
}

// StepUpAfresh is StepUp in a new session, for when the old one has run out.
func (p *Person) StepUpAfresh() access.Actor {
	p.w.t.Helper()
	p.w.must(p.SignIn())
	return p.StepUp()
}
