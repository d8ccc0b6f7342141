package app_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
}

func TestOfFiftySimultaneousUsesOfALinkOneSucceeds(t *testing.T) {
	parallel := func(use func() error) (won int) {
		var wg sync.WaitGroup
		results := make([]error, 50)
		for i := range results {
			wg.Go(func() { results[i] = use() })
		}
		wg.Wait()
		for _, err := range results {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Unauthorised) {
				t.Errorf("lost with %v", err)
			}
		}
		return won
	}
	w := apptest.New(t)
	link, _, err := w.App.NewSetupLink(t.Context())
	ok(t, err)
	if won := parallel(func() error {
		_, _, err := w.App.CreateFirstAdministrator(t.Context(), apptest.Secret(link), app.FirstAdministratorInput{Name: "A", Email: "a@example.gov.uk", Organisation: "Alpha"}, apptest.Meta)
		return err
	}); won != 1 {
		t.Errorf("setup link: %d succeeded", won)
	}
	r, _, err := w.App.NewRecoveryLink(t.Context(), "a@example.gov.uk")
	ok(t, err)
	if won := parallel(func() error {
		_, _, err := w.App.UseRecovery(t.Context(), apptest.Secret(r), "a@example.gov.uk", apptest.Meta)
		return err
	}); won != 1 {
		t.Errorf("recovery link: %d succeeded", won)
	}
}

func TestLookingAtALinkDoesNotUseIt(t *testing.T) {
	w := apptest.New(t)
	setup, _, err := w.App.NewSetupLink(t.Context())
	ok(t, err)
	for range 3 {
		ok(t, w.App.OpenSetup(t.Context(), apptest.Secret(setup)))
	}
	a := w.Admin("Alpha") // makes a newer setup link
	fails(t, w.App.OpenSetup(t.Context(), apptest.Secret(setup)), fault.Unauthorised)
	in, _, err := w.App.Invite(t.Context(), a.StepUp(), app.InviteInput{Email: "n@example.gov.uk", Role: access.DTSL})
	ok(t, err)
	for range 3 {
		v, err := w.App.OpenInvitation(t.Context(), apptest.Secret(in))
		ok(t, err)
		if v.Organisation != "Alpha" || v.Email != "n@example.gov.uk" || v.Role != access.DTSL {
			t.Fatalf("%+v", v)
		}
	}
	fails(t, w.App.OpenRecovery(t.Context(), apptest.Secret(in)), fault.Unauthorised)
	_, _, err = w.App.AcceptInvitation(t.Context(), apptest.Secret(in), app.AcceptInput{Name: "N", Email: "n@example.gov.uk"}, apptest.Meta)
	ok(t, err)
	_, _, err = w.App.NewSetupLink(t.Context())
	fails(t, err, fault.Conflict)
}

func TestThingsOfAnotherOrganisationAnswerLikeMissingOnes(t *testing.T) {
	w := apptest.New(t)
	a, b := w.Admin("Alpha"), w.Admin("Beta")
	theirs := w.Join(b, "Bea Beta", access.DTSL)
	link, _, err := w.App.Invite(t.Context(), b.StepUp(), app.InviteInput{Email: "x@example.gov.uk", Role: access.SRO})
	ok(t, err)
	token, _, err := w.App.CreateToken(t.Context(), b.StepUp(), app.TokenInput{Name: "t", Role: access.SRO})
	ok(t, err)
	unit, _, err := w.App.CreateUnit(t.Context(), b.Actor(), app.UnitInput{Name: "Their unit"})
	ok(t, err)
	system, _, err := w.App.CreateSystem(t.Context(), b.Actor(), app.SystemInput{Name: "Their system"})
	ok(t, err)
	member, err := w.App.MemberOf(t.Context(), b.Actor(), theirs.ID)
	ok(t, err)
	sessions, err := w.App.Sessions(t.Context(), theirs.Actor())
	ok(t, err)

	ctx, who := t.Context(), a.StepUp()
	for name, try := range map[string]func(id string) error{
		"person":     func(id string) error { _, err := w.App.MemberOf(ctx, who, pick(id, theirs.ID)); return err },
		"disable":    func(id string) error { _, err := w.App.DisablePerson(ctx, who, pick(id, theirs.ID)); return err },
		"enable":     func(id string) error { _, err := w.App.EnablePerson(ctx, who, pick(id, theirs.ID)); return err },
		"end role":   func(id string) error { _, err := w.App.EndRole(ctx, who, pick(id, member.Roles[0].ID)); return err },
		"invitation": func(id string) error { _, err := w.App.RevokeInvitation(ctx, who, pick(id, link.ID)); return err },
		"token":      func(id string) error { _, err := w.App.RevokeToken(ctx, who, pick(id, token.ID)); return err },
		"session":    func(id string) error { _, err := w.App.EndSession(ctx, who, pick(id, sessions[0].ID)); return err },
		"organisation": func(id string) error {
			_, err := w.App.SwitchOrganisation(ctx, theirs.Actor(), pick(id, a.Organisation))
			return err
		},
		"unit": func(id string) error {
			_, _, err := w.App.ChangeUnit(ctx, who, pick(id, unit.ID), 1, app.UnitInput{Name: "x"})
			return err
		},
		"grant": func(id string) error {
			_, _, err := w.App.GrantRole(ctx, who, app.GrantInput{Person: pick(id, theirs.ID), Role: access.SRO})
			return err
		},
		"role on system": func(id string) error {
			_, _, err := w.App.GrantRole(ctx, who, app.GrantInput{Person: a.ID, Role: access.SRO, System: pick(id, system.ID)})
			return err
		},
		"role on unit": func(id string) error {
			_, _, err := w.App.GrantRole(ctx, who, app.GrantInput{Person: a.ID, Role: access.SRO, Unit: pick(id, unit.ID)})
			return err
		},
		"token on system": func(id string) error {
			_, _, err := w.App.CreateToken(ctx, who, app.TokenInput{Name: "t", Role: access.SRO, System: pick(id, system.ID)})
			return err
		},
	} {
		foreign, missing := try(""), try("sys_00000000000000000000000000")
		if foreign == nil || foreign.Error() != missing.Error() {
			t.Errorf("%s: foreign %v, missing %v", name, foreign, missing)
		}
	}
	theirs.Actor() // still signed in
}

func pick(id, otherwise string) string {
	if id != "" {
		return id
	}
	return otherwise
}

func TestTheLastAdministratorStays(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	ctx := t.Context()
	looker := a
	role := func(p *apptest.Person) string {
		m, err := w.App.MemberOf(ctx, looker.Actor(), p.ID)
		ok(t, err)
		return m.Roles[0].ID
	}
	_, err := w.App.EndRole(ctx, a.StepUp(), role(a))
	fails(t, err, fault.Conflict)
	b := w.Join(a, "Second Administrator", access.Administrator)
	_, err = w.App.DisablePerson(ctx, b.StepUp(), a.ID)
	fails(t, err, fault.Forbidden) // administers the instance
	_, err = w.App.SetInstanceAdministrator(ctx, a.StepUp(), a.ID, false)
	fails(t, err, fault.Conflict)
	_, err = w.App.SetInstanceAdministrator(ctx, a.StepUp(), b.ID, true)
	ok(t, err)
	fails(t, second(b.Resolve()), fault.Unauthorised) // their sessions ended
	ok(t, b.SignIn())
	_, err = w.App.DisablePerson(ctx, b.StepUp(), a.ID)
	ok(t, err)
	fails(t, second(a.Resolve()), fault.Unauthorised)
	looker = b
	_, err = w.App.EndRole(ctx, b.StepUp(), role(b))
	fails(t, err, fault.Conflict)
	_, err = w.App.EnablePerson(ctx, b.Actor(), a.ID)
	ok(t, err)
	_, err = w.App.EndRole(ctx, b.Actor(), role(b))
	ok(t, err)
}

func second[T any](_ T, err error) error { return err }

func TestDisablingWorksOnTheNextRequestAndEnablingRevivesNothing(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	p := w.Join(a, "Ada Other", access.Administrator)
	token, _, err := w.App.CreateToken(t.Context(), p.StepUp(), app.TokenInput{Name: "hers", Role: access.DTSL})
	ok(t, err)
	_, err = w.App.DisablePerson(t.Context(), a.StepUp(), p.ID)
	ok(t, err)
	fails(t, second(p.Resolve()), fault.Unauthorised)
	fails(t, second(w.App.ActorFromToken(t.Context(), token.Secret, apptest.Meta)), fault.Unauthorised)
	_, err = w.App.EnablePerson(t.Context(), a.Actor(), p.ID)
	ok(t, err)
	fails(t, second(p.Resolve()), fault.Unauthorised)
	fails(t, second(w.App.ActorFromToken(t.Context(), token.Secret, apptest.Meta)), fault.Unauthorised)
	ok(t, p.SignIn())
	p.Actor()
}

func TestAPromotionAsksForAPasskey(t *testing.T) {
	s := passphraseDoor(t)
	ok(t, s.enter())
	p := s.subject
	_, _, err := s.w.App.GrantRole(t.Context(), s.admin.StepUp(), app.GrantInput{Person: p.ID, Role: access.SRO})
	ok(t, err)
	fails(t, second(p.Resolve()), fault.Unauthorised) // sessions ended
	s.w.Clock.Advance(time.Minute)
	o, _, err := s.w.App.SignInWithPassphrase(t.Context(), app.PassphraseInput{Email: p.Email, Passphrase: passphrase, Code: s.code()}, apptest.Meta)
	ok(t, err)
	if !o.EnrolOnly || !o.PasskeyOnly {
		t.Fatalf("%+v", o)
	}
	p.Cookie = o.Cookie
	_, err = s.w.App.Organisation(t.Context(), p.Actor())
	fails(t, err, fault.Forbidden)
	_, err = s.w.App.SetPassphrase(t.Context(), p.Actor(), "quite another passphrase")
	fails(t, err, fault.Forbidden)
	p.AddPasskey()
	_, err = s.w.App.Organisation(t.Context(), p.Actor())
	ok(t, err)
	s.w.Clock.Advance(time.Minute)
	_, _, err = s.w.App.SignInWithPassphrase(t.Context(), app.PassphraseInput{Email: p.Email, Passphrase: passphrase, Code: s.code()}, apptest.Meta)
	fails(t, err, fault.Unauthorised) // what can be phished no longer lets them in
}

func TestARoleHoldsFromItsFirstDayToItsLast(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	p := w.Join(a, "Pat Reader", access.PortfolioReader)
	_, _, err := w.App.GrantRole(t.Context(), a.StepUp(), app.GrantInput{Person: p.ID, Role: access.DTSL, From: "2026-03-10", Until: "2026-03-12"})
	ok(t, err)
	has := func() bool {
		ok(t, p.SignIn())
		return access.May(p.Actor(), access.AssessmentSubmit)
	}
	for _, c := range []struct {
		at   civil.Date
		want bool
	}{{"2026-03-09", false}, {"2026-03-10", true}, {"2026-03-12", true}, {"2026-03-13", false}} {
		w.Clock.Advance(c.at.Start(time.UTC).Add(time.Hour).Sub(w.Clock.Now()))
		if has() != c.want {
			t.Errorf("on %s: %v", c.at, !c.want)
		}
	}
	_, _, err = w.App.GrantRole(t.Context(), a.StepUpAfresh(), app.GrantInput{Person: p.ID, Role: "king", System: "sys_x", Unit: "unit_x", From: "10 March", Until: "2020-01-01"})
	_, problems := fault.Public(err)
	if len(problems) != 6 {
		t.Errorf("%v", problems)
	}
}

func TestAUnitsRoleReachesWhatIsBelowIt(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	ctx := t.Context()
	unit := func(name, parent string) string {
		c, _, err := w.App.CreateUnit(ctx, a.Actor(), app.UnitInput{Name: name, Parent: parent})
		ok(t, err)
		return c.ID
	}
	top := unit("Top", "")
	middle := unit("Middle", top)
	bottom := unit("Bottom", middle)
	apart := unit("Apart", "")
	p := w.Join(a, "Una Reader", access.PortfolioReader, apptest.OnUnit(middle))
	units := func() string { return strings.Join(p.Actor().Grants[0].Units, " ") }
	if units() != middle+" "+bottom {
		t.Fatalf("reaches %s", units())
	}
	_, _, err := w.App.ChangeUnit(ctx, a.Actor(), top, 1, app.UnitInput{Name: "Top", Parent: bottom})
	fails(t, err, fault.Invalid)
	_, _, err = w.App.ChangeUnit(ctx, a.Actor(), bottom, 1, app.UnitInput{Name: "Bottom", Parent: apart})
	ok(t, err)
	if units() != middle {
		t.Fatalf("after the move reaches %s", units())
	}
	_, _, err = w.App.ChangeUnit(ctx, a.Actor(), bottom, 1, app.UnitInput{Name: "Bottom"})
	fails(t, err, fault.Stale)
}

func TestMembersArePagedAndAddressesAreForAdministrators(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	p := w.Join(a, "Zed Member", access.TeamMember)
	w.Join(a, "Bo Member", access.TeamMember)
	var names []string
	page := app.Page{Limit: 1}
	for {
		l, err := w.App.Members(t.Context(), p.Actor(), page)
		ok(t, err)
		if l.Total != 3 || len(l.Items) != 1 {
			t.Fatalf("%+v", l)
		}
		names = append(names, l.Items[0].Name)
		if l.Items[0].ID != p.ID && l.Items[0].Email != "" {
			t.Errorf("a team member sees %s", l.Items[0].Email)
		}
		if l.Next == "" {
			break
		}
		page.After = l.Next
	}
	if strings.Join(names, ", ") != "Bo Member, First Administrator, Zed Member" {
		t.Error(names)
	}
	m, err := w.App.MemberOf(t.Context(), a.Actor(), p.ID)
	ok(t, err)
	if m.Email != p.Email {
		t.Error("an administrator does not see the address")
	}
}

func TestSomebodyKnownJoinsByInvitationAfterSigningIn(t *testing.T) {
	w := apptest.New(t)
	a, b := w.Admin("Alpha"), w.Admin("Beta")
	p := w.Join(a, "Kit Member", access.TeamMember)
	link, _, err := w.App.Invite(t.Context(), b.StepUp(), app.InviteInput{Email: p.Email, Role: access.PortfolioReader})
	ok(t, err)
	_, _, err = w.App.AcceptInvitation(t.Context(), apptest.Secret(link), app.AcceptInput{Name: "x", Email: p.Email}, apptest.Meta)
	fails(t, err, fault.Conflict)
	other := w.Join(a, "Other Member", access.TeamMember)
	_, err = w.App.JoinByInvitation(t.Context(), other.Actor(), apptest.Secret(link))
	fails(t, err, fault.Unauthorised)
	_, err = w.App.JoinByInvitation(t.Context(), p.Actor(), apptest.Secret(link))
	ok(t, err)
	who, signed, err := w.App.ActorFromSession(t.Context(), p.Cookie, apptest.Meta)
	ok(t, err)
	if signed.Organisation.Name != "Beta" || len(signed.Organisations) != 2 || access.May(who, access.ResponseWrite) {
		t.Fatalf("%+v", signed)
	}
	_, err = w.App.SwitchOrganisation(t.Context(), who, a.Organisation)
	ok(t, err)
	if who := p.Actor(); who.Organisation != a.Organisation || !access.May(who, access.ResponseWrite) {
		t.Fatalf("%+v", who)
	}
	// An administrator of one organisation cannot stop somebody who works in two.
	second := w.Join(b, "Second Beta", access.Administrator)
	_, err = w.App.DisablePerson(t.Context(), second.StepUp(), p.ID)
	fails(t, err, fault.Forbidden)
}

func TestSecretsStandInNoLogNorInKeptAnswers(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	who := a.StepUp()
	who.IdempotencyKey, who.RequestDigest = "k1", "d"
	token, _, err := w.App.CreateToken(t.Context(), who, app.TokenInput{Name: "t", Role: access.DTSL})
	ok(t, err)
	_, _, err = w.App.CreateToken(t.Context(), who, app.TokenInput{Name: "t", Role: access.DTSL})
	repeat, again := app.IsRepeat(err)
	if !again || strings.Contains(string(repeat.Body), token.Secret) || !strings.Contains(string(repeat.Body), token.ID) {
		t.Fatalf("%v %s", err, repeat.Body)
	}
	ok(t, w.DB.Read(t.Context(), func(tx *store.Tx) error {
		return tx.EachEntry(t.Context(), func(e store.StoredEntry, damaged error) error {
			b, err := json.Marshal(e)
			for _, secret := range append([]string{token.Secret, a.Cookie}, a.Codes...) {
				if strings.Contains(string(b), secret) {
					t.Errorf("entry %d (%s) holds a secret", e.Idx, e.Entry.Action)
				}
			}
			if strings.Contains(string(b[:strings.Index(string(b), "Openings")]), "First Administrator") {
				t.Errorf("entry %d holds a name outside its openings", e.Idx)
			}
			return err
		})
	}))
}

func entries(t *testing.T, w *apptest.World, action audit.Action) (found []store.StoredEntry) {
	t.Helper()
	ok(t, w.DB.Read(t.Context(), func(tx *store.Tx) error {
		return tx.EachEntry(t.Context(), func(e store.StoredEntry, damaged error) error {
			if e.Entry.Action == action {
				found = append(found, e)
			}
			return damaged
		})
	}))
	return found
}

func TestASessionFromBeforeALockDoesNotComeBack(t *testing.T) {
	s := sessionDoor(t)
	lock(s)
	_, err := s.w.App.EnablePerson(t.Context(), s.admin.StepUp(), s.subject.ID)
	ok(t, err)
	fails(t, s.enter(), fault.Unauthorised)
	ok(t, s.subject.SignIn())
	ok(t, s.enter())
}
