package app_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

const passphrase = "seven otters paddle upriver"

// scene is an instance with one way in to one account, not yet gone through.
type scene struct {
	t       *testing.T
	w       *apptest.World
	admin   *apptest.Person // administers; not the one whose door it is
	subject *apptest.Person // whose account decides at the door
	input   map[string]string
	link    app.Link
	token   app.NewToken
	secret  string // of the authenticator app
	enter   func() error
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func newScene(t *testing.T) *scene {
	s := &scene{t: t, w: apptest.New(t), input: map[string]string{}}
	s.admin = s.w.Admin("Alpha")
	return s
}

func (s *scene) code() string {
	s.t.Helper()
	code, err := totp.GenerateCode(s.secret, s.w.Clock.Now())
	s.must(err)
	return code
}

// giveCode sets a passphrase and a one-time code up for the subject.
func (s *scene) giveCode(p *apptest.Person) {
	s.t.Helper()
	ctx := s.t.Context()
	_, err := s.w.App.SetPassphrase(ctx, p.Actor(), passphrase)
	s.must(err)
	offer, err := s.w.App.BeginTOTP(ctx, p.Actor())
	s.must(err)
	s.secret = offer.Secret
	done, _, err := s.w.App.ConfirmTOTP(ctx, p.Actor(), offer.ID, s.code())
	s.must(err)
	if done.Cookie != "" {
		p.Cookie = done.Cookie
	}
	s.w.Clock.Advance(time.Minute) // a code works once, and the next is another
}

func passphraseDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Enter(s.admin, "Tom Member", access.TeamMember)
	s.giveCode(s.subject)
	s.input["passphrase"] = passphrase
	s.input["code"] = s.code()
	s.enter = func() error {
		_, _, err := s.w.App.SignInWithPassphrase(t.Context(), app.PassphraseInput{Email: s.subject.Email, Passphrase: s.input["passphrase"], Code: s.input["code"]}, apptest.Meta)
		return err
	}
	return s
}

func passkeyDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Join(s.admin, "Asa Assessor", access.Assessor)
	c, err := s.w.App.BeginSignIn(t.Context())
	s.must(err)
	s.enter = func() error {
		response := s.subject.Key.Sign(c.Options)
		if s.input["response"] != "" {
			response = []byte(s.input["response"])
		}
		_, _, err := s.w.App.FinishSignIn(t.Context(), c.ID, response, apptest.Meta)
		return err
	}
	return s
}

func tokenDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Join(s.admin, "Ada Administrator", access.Administrator)
	var err error
	s.token, _, err = s.w.App.CreateToken(t.Context(), s.subject.StepUp(), app.TokenInput{Name: "pipeline", Role: access.TeamMember,
		Scopes: []access.Operation{access.OrganisationRead}})
	s.must(err)
	s.input["token"] = s.token.Secret
	s.enter = func() error {
		who, err := s.w.App.ActorFromToken(t.Context(), s.input["token"], apptest.Meta)
		if err != nil {
			return err
		}
		if s.input["operation"] != "" {
			_, _, err = s.w.App.CreateUnit(t.Context(), who, app.UnitInput{Name: "Unit"})
			return err
		}
		_, err = s.w.App.Organisation(t.Context(), who)
		return err
	}
	return s
}

func invitationDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Join(s.admin, "Ada Administrator", access.Administrator)
	var err error
	s.link, _, err = s.w.App.Invite(t.Context(), s.subject.StepUp(), app.InviteInput{Email: "new@example.gov.uk", Role: access.SRO})
	s.must(err)
	s.input["email"] = "New@Example.gov.uk"
	s.enter = func() error {
		_, _, err := s.w.App.AcceptInvitation(t.Context(), apptest.Secret(s.link), app.AcceptInput{Name: "New Person", Email: s.input["email"]}, apptest.Meta)
		return err
	}
	return s
}

func recoveryCodeDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Join(s.admin, "Asa Assessor", access.Assessor)
	s.input["code"] = s.subject.Codes[3]
	s.enter = func() error {
		_, _, err := s.w.App.SignInWithRecoveryCode(t.Context(), app.RecoveryCodeInput{Email: s.subject.Email, Code: s.input["code"]}, apptest.Meta)
		return err
	}
	return s
}

func recoveryLinkDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Join(s.admin, "Asa Assessor", access.Assessor)
	var err error
	s.link, _, err = s.w.App.NewRecoveryLink(t.Context(), s.subject.Email)
	s.must(err)
	s.input["email"] = s.subject.Email
	s.enter = func() error {
		_, _, err := s.w.App.UseRecovery(t.Context(), apptest.Secret(s.link), s.input["email"], apptest.Meta)
		return err
	}
	return s
}

func setupDoor(t *testing.T) *scene {
	s := &scene{t: t, w: apptest.New(t), input: map[string]string{}}
	var err error
	s.link, _, err = s.w.App.NewSetupLink(t.Context())
	s.must(err)
	s.input["secret"] = apptest.Secret(s.link)
	s.enter = func() error {
		_, _, err := s.w.App.CreateFirstAdministrator(t.Context(), s.input["secret"],
			app.FirstAdministratorInput{Name: "Fay First", Email: "fay@example.gov.uk", Organisation: "Alpha"}, apptest.Meta)
		return err
	}
	return s
}

func sessionDoor(t *testing.T) *scene {
	s := newScene(t)
	s.subject = s.w.Join(s.admin, "Asa Assessor", access.Assessor)
	s.enter = func() error {
		who, err := s.subject.Resolve()
		if err != nil {
			return err
		}
		_, err = s.w.App.Organisation(t.Context(), who)
		return err
	}
	return s
}

// What can be wrong, as an administrator, an operator or time makes it so.

func disable(s *scene) {
	_, err := s.w.App.DisablePerson(s.t.Context(), s.admin.StepUp(), s.subject.ID)
	s.must(err)
}

func lock(s *scene) {
	ctx := s.t.Context()
	_, err := s.w.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		p, err := tx.Person(ctx, s.subject.ID)
		if err != nil {
			return err
		}
		p.Status = string(identity.Locked)
		tx.Record(store.Record{Action: audit.SigninLocked, TargetType: "user", Target: p.ID})
		return tx.SavePerson(ctx, p)
	})
	s.must(err)
}

func endRoles(s *scene) {
	ctx := s.t.Context()
	m, err := s.w.App.MemberOf(ctx, s.admin.Actor(), s.subject.ID)
	s.must(err)
	for _, r := range m.Roles {
		_, err := s.w.App.EndRole(ctx, s.admin.StepUp(), r.ID)
		s.must(err)
	}
}

func after(d time.Duration) func(*scene) { return func(s *scene) { s.w.Clock.Advance(d) } }

func put(name, value string) func(*scene) { return func(s *scene) { s.input[name] = value } }

func once(s *scene) { s.must(s.enter()) }

func revokeLink(s *scene) {
	_, err := s.w.App.RevokeInvitation(s.t.Context(), s.admin.StepUp(), s.link.ID)
	s.must(err)
}

const (
	u = fault.Unauthorised
	f = fault.Forbidden
)

// wrong says how one thing is made wrong and what the door answers then. A cell
// without a way says why the thing cannot be wrong at this door.
type wrong struct {
	make   func(*scene)
	want   fault.Kind
	cannot string
}

var conditions = []string{"disabled", "locked", "expired", "factor missing", "role removed", "scope too narrow", "used", "revoked"}

func TestEveryDoorAgainstEverythingThatCanBeWrong(t *testing.T) {
	noScope := wrong{cannot: "only tokens are limited to operations"}
	lasting := wrong{cannot: "lasts as long as the account"}
	doors := []struct {
		door  identity.Door
		scene func(*testing.T) *scene
		cells []wrong // in the order of conditions
	}{
		{identity.PassphraseDoor, passphraseDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, lasting,
			{make: put("code", "000000"), want: u}, {make: endRoles, want: u}, noScope, {make: once, want: u},
			{want: u, make: func(s *scene) { // by the person, who has added a passkey
				s.subject.StepUpWith(s.code())
				s.subject.AddPasskey()
				_, err := s.w.App.RemovePassphrase(s.t.Context(), s.subject.Actor())
				s.must(err)
				s.w.Clock.Advance(time.Minute)
				s.input["code"] = s.code()
			}}}},
		{identity.PasskeyDoor, passkeyDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, {make: after(5*time.Minute + time.Second), want: u},
			{make: put("response", `{"id":"AAAA"}`), want: u}, {make: endRoles, want: u}, noScope, {make: once, want: u},
			{want: u, make: func(s *scene) {
				old := s.subject.Key
				who := s.subject.StepUp()
				factors, err := s.w.App.Factors(s.t.Context(), who)
				s.must(err)
				s.subject.Key = apptest.NewAuthenticator(s.t)
				s.subject.AddPasskey()
				_, err = s.w.App.RemovePasskey(s.t.Context(), s.subject.Actor(), factors.Passkeys[0].ID)
				s.must(err)
				s.subject.Key = old
			}}}},
		{identity.TokenDoor, tokenDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, {make: after(app.DefaultTokenLife), want: u},
			{make: put("token", "tst_aaaa"), want: u}, {make: endRoles, want: u}, {make: put("operation", "other"), want: f},
			{cannot: "a token is used many times"},
			{want: u, make: func(s *scene) {
				_, err := s.w.App.RevokeToken(s.t.Context(), s.admin.StepUp(), s.token.ID)
				s.must(err)
			}}}},
		{identity.InvitationDoor, invitationDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, {make: after(24 * time.Hour), want: u},
			{make: put("email", "other@example.gov.uk"), want: fault.Invalid}, {make: endRoles, want: u}, noScope, {make: once, want: u}, {make: revokeLink, want: u}}},
		{identity.RecoveryCodeDoor, recoveryCodeDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, lasting,
			{make: put("code", "0000-0000-0000-0000"), want: u}, {make: endRoles, want: u}, noScope, {make: once, want: u},
			{want: u, make: func(s *scene) {
				_, _, err := s.w.App.IssueRecoveryCodes(s.t.Context(), s.subject.StepUp())
				s.must(err)
			}}}},
		{identity.RecoveryLinkDoor, recoveryLinkDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, {make: after(15 * time.Minute), want: u},
			{make: put("email", "other@example.gov.uk"), want: u}, {make: endRoles, want: u}, noScope, {make: once, want: u},
			{want: u, make: func(s *scene) {
				_, _, err := s.w.App.NewRecoveryLink(s.t.Context(), s.subject.Email)
				s.must(err)
			}}}},
		{identity.SetupDoor, setupDoor, []wrong{{cannot: "there is no account yet"}, {cannot: "there is no account yet"}, {make: after(15 * time.Minute), want: u},
			{make: put("secret", "aaaa"), want: u}, {make: once, want: u}, noScope, {make: once, want: u},
			{want: u, make: func(s *scene) {
				_, _, err := s.w.App.NewSetupLink(s.t.Context())
				s.must(err)
			}}}},
		{identity.SessionDoor, sessionDoor, []wrong{{make: disable, want: u}, {make: lock, want: u}, {make: after(time.Hour), want: u},
			{want: f, make: func(s *scene) { // opened by what is not enough for the role
				o, _, err := s.w.App.SignInWithRecoveryCode(s.t.Context(), app.RecoveryCodeInput{Email: s.subject.Email, Code: s.subject.Codes[0]}, apptest.Meta)
				s.must(err)
				s.subject.Cookie = o.Cookie
			}}, {make: endRoles, want: u}, noScope, {cannot: "a session is used many times"},
			{want: u, make: func(s *scene) {
				was := s.subject.Cookie
				s.must(s.subject.SignIn())
				_, err := s.w.App.EndOtherSessions(s.t.Context(), s.subject.Actor())
				s.must(err)
				s.subject.Cookie = was
			}}}},
	}
	var covered []identity.Door
	for _, d := range doors {
		covered = append(covered, d.door)
		t.Run(string(d.door)+" opens when nothing is wrong", func(t *testing.T) {
			if err := d.scene(t).enter(); err != nil {
				t.Fatal(err)
			}
		})
		if len(d.cells) != len(conditions) {
			t.Fatalf("%s has %d cells, not %d", d.door, len(d.cells), len(conditions))
		}
		for i, c := range d.cells {
			t.Run(string(d.door)+" "+conditions[i], func(t *testing.T) {
				if c.cannot != "" {
					t.Log(c.cannot)
					return
				}
				s := d.scene(t)
				c.make(s)
				if err := s.enter(); fault.KindOf(err) != c.want {
					t.Fatalf("got %v, want %s", err, c.want)
				}
			})
		}
	}
	for _, d := range identity.Doors() {
		if !slices.Contains(covered, d) {
			t.Errorf("no row for %s", d)
		}
	}
}

func TestUnknownAccountsAndWrongSecretsAnswerAlike(t *testing.T) {
	s := passphraseDoor(t)
	try := func(in app.PassphraseInput) string {
		_, _, err := s.w.App.SignInWithPassphrase(context.Background(), in, apptest.Meta)
		public, _ := fault.Public(err)
		return string(fault.KindOf(err)) + ": " + public
	}
	unknown := try(app.PassphraseInput{Email: "nobody@example.gov.uk", Passphrase: passphrase, Code: "123456"})
	for name, in := range map[string]app.PassphraseInput{
		"wrong passphrase": {Email: s.subject.Email, Passphrase: "another one entirely", Code: s.code()},
		"wrong code":       {Email: s.subject.Email, Passphrase: passphrase, Code: "000000"},
		"no passphrase":    {Email: s.admin.Email, Passphrase: passphrase, Code: "000000"},
		"hostile address":  {Email: "\xff\x00<script>", Passphrase: "\x00", Code: "\xff"},
	} {
		if got := try(in); got != unknown {
			t.Errorf("%s: %q, an unknown account: %q", name, got, unknown)
		}
	}
	disable(s)
	if got := try(app.PassphraseInput{Email: s.subject.Email, Passphrase: passphrase, Code: s.code()}); got != unknown {
		t.Errorf("disabled: %q", got)
	}
}

func TestGuessingIsSlowedAndThenLocksTheAccount(t *testing.T) {
	s := passphraseDoor(t)
	s.input["passphrase"] = "not the right one"
	waited := 0
	for range identity.MaxFailures {
		err := s.enter()
		for fault.Is(err, fault.RateLimited) {
			d, ok := app.RetryAfter(err)
			if !ok || d <= 0 {
				t.Fatalf("no time to wait in %v", err)
			}
			waited++
			s.w.Clock.Advance(d)
			err = s.enter()
		}
		if !fault.Is(err, fault.Unauthorised) {
			t.Fatal(err)
		}
	}
	if waited < identity.MaxFailures-identity.FreeFailures-1 {
		t.Errorf("waited %d times", waited)
	}
	s.admin = resignin(t, s.admin)
	m, err := s.w.App.MemberOf(t.Context(), s.admin.StepUp(), s.subject.ID)
	s.must(err)
	if m.Status != string(identity.Locked) {
		t.Fatalf("the account is %s", m.Status)
	}
	_, err = s.w.App.EnablePerson(t.Context(), s.admin.StepUp(), s.subject.ID)
	s.must(err)
	s.input["passphrase"], s.input["code"] = passphrase, s.code()
	s.must(s.enter())
}

func resignin(t *testing.T, p *apptest.Person) *apptest.Person {
	t.Helper()
	if err := p.SignIn(); err != nil {
		t.Fatal(err)
	}
	return p
}
