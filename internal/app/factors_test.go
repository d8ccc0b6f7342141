package app_test

import (
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestAnInvitedPersonMayDoNothingButAddAFactor(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	p := w.Enter(a, "Nia New", access.TeamMember)
	ctx := t.Context()
	_, signed, err := w.App.ActorFromSession(ctx, p.Cookie, apptest.Meta)
	ok(t, err)
	if !signed.EnrolOnly || signed.PasskeyOnly {
		t.Fatalf("%+v", signed)
	}
	_, err = w.App.Members(ctx, p.Actor(), app.Page{})
	fails(t, err, fault.Forbidden)
	_, err = w.App.BeginStepUp(ctx, p.Actor())
	fails(t, err, fault.Forbidden)
	before := p.Cookie
	p.AddPasskey()
	if len(p.Codes) != 10 {
		t.Errorf("%d recovery codes", len(p.Codes))
	}
	_, _, err = w.App.ActorFromSession(ctx, before, apptest.Meta)
	fails(t, err, fault.Unauthorised) // the cookie was replaced
	_, err = w.App.Members(ctx, p.Actor(), app.Page{})
	ok(t, err)
	factors, err := w.App.Factors(ctx, p.Actor())
	ok(t, err)
	if len(factors.Passkeys) != 1 || factors.RecoveryCodesLeft != 10 || factors.Passphrase {
		t.Errorf("%+v", factors)
	}
}

func TestChangingAFactorNeedsAFreshConfirmationAndEndsOtherSessions(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	ctx := t.Context()
	elsewhere := a.Cookie
	ok(t, a.SignIn())
	w.Clock.Advance(6 * time.Minute)
	_, err := w.App.BeginPasskeyRegistration(ctx, a.Actor())
	fails(t, err, fault.StepUp)
	_, _, err = w.App.IssueRecoveryCodes(ctx, a.Actor())
	fails(t, err, fault.StepUp)
	a.StepUp()
	_, _, err = w.App.ActorFromSession(ctx, elsewhere, apptest.Meta)
	ok(t, err)
	first, err := w.App.Factors(ctx, a.Actor())
	ok(t, err)
	_, err = w.App.RemovePasskey(ctx, a.Actor(), first.Passkeys[0].ID)
	fails(t, err, fault.Conflict) // the only one
	old := a.Key
	a.Key = apptest.NewAuthenticator(t)
	a.AddPasskey()
	_, _, err = w.App.ActorFromSession(ctx, elsewhere, apptest.Meta)
	fails(t, err, fault.Unauthorised)
	_, err = w.App.RemovePasskey(ctx, a.Actor(), first.Passkeys[0].ID)
	ok(t, err)
	a.Key = old
	fails(t, a.SignIn(), fault.Unauthorised)
}

func TestACeremonyIsGoodOnceForItsOwnSessionAndPurpose(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	b := w.Join(a, "Bo Admin", access.Administrator)
	ctx := t.Context()
	c, err := w.App.BeginStepUp(ctx, a.Actor())
	ok(t, err)
	fails(t, second2(w.App.FinishStepUp(ctx, b.Actor(), c.ID, b.Key.Sign(c.Options))), fault.Unauthorised)
	fails(t, second2(w.App.FinishStepUp(ctx, a.Actor(), c.ID, a.Key.Sign(c.Options))), fault.Unauthorised) // used up by the attempt
	in, err := w.App.BeginSignIn(ctx)
	ok(t, err)
	fails(t, second2(w.App.FinishStepUp(ctx, a.Actor(), in.ID, a.Key.Sign(in.Options))), fault.Unauthorised)
	c, err = w.App.BeginStepUp(ctx, a.Actor())
	ok(t, err)
	fails(t, second2(w.App.FinishSignIn(ctx, c.ID, a.Key.Sign(c.Options), apptest.Meta)), fault.Unauthorised)
	if n := len(entries(t, w, audit.StepUpRefused)); n != 0 {
		t.Errorf("%d refusals of proofs that were never looked at", n)
	}
}

func TestAPasskeyThatMayBeACopyConfirmsNothing(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	ctx := t.Context()
	a.Key.Count = 7
	a.StepUp()
	a.Key.Count = 3
	c, err := w.App.BeginStepUp(ctx, a.Actor())
	ok(t, err)
	fails(t, second2(w.App.FinishStepUp(ctx, a.Actor(), c.ID, a.Key.Sign(c.Options))), fault.StepUp)
	if len(entries(t, w, audit.CredentialPasskeyCloned)) != 1 || len(entries(t, w, audit.StepUpRefused)) != 1 {
		t.Error("the copy is not on record")
	}
}

func TestSessionsEndWhenTheyAreIdleAndWhenTheirTimeIsUp(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	start := w.Clock.Now()
	for w.Clock.Now().Sub(start) < 12*time.Hour {
		a.Actor() // used, so not idle
		w.Clock.Advance(30 * time.Minute)
	}
	fails(t, second(a.Resolve()), fault.Unauthorised)
	ok(t, a.SignIn())
	list, err := w.App.Sessions(t.Context(), a.Actor())
	ok(t, err)
	if len(list) != 1 || !list[0].Current || list[0].Agent != "Test browser" {
		t.Errorf("%+v", list)
	}
	_, err = w.App.SignOut(t.Context(), a.Actor())
	ok(t, err)
	fails(t, second(a.Resolve()), fault.Unauthorised)
}

func TestRecoveryLeadsToANewPasskeyOnly(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	ctx := t.Context()
	was := a.Cookie
	link, _, err := w.App.NewRecoveryLink(ctx, "FIRST@example.gov.uk")
	ok(t, err)
	ok(t, w.App.OpenRecovery(ctx, apptest.Secret(link)))
	o, _, err := w.App.UseRecovery(ctx, apptest.Secret(link), a.Email, apptest.Meta)
	ok(t, err)
	if !o.EnrolOnly || !o.PasskeyOnly {
		t.Errorf("%+v", o)
	}
	_, _, err = w.App.ActorFromSession(ctx, was, apptest.Meta)
	fails(t, err, fault.Unauthorised)
	a.Cookie = o.Cookie
	_, err = w.App.Organisation(ctx, a.Actor())
	fails(t, err, fault.Forbidden)
	a.Key = apptest.NewAuthenticator(t)
	a.AddPasskey()
	_, err = w.App.Organisation(ctx, a.Actor())
	ok(t, err)
	_, _, err = w.App.NewRecoveryLink(ctx, "nobody@example.gov.uk")
	fails(t, err, fault.NotFound)
}

func TestPrivilegedUseByCodeIsALooseningThatRunsOut(t *testing.T) {
	w := apptest.New(t, apptest.With(func(c *app.Config) {
		c.Loosenings = []app.Loosened{{Name: app.PrivilegedTOTP, Risk: "Codes can be phished."}}
	}))
	a := w.Admin("Alpha")
	s := &scene{t: t, w: w, admin: a, input: map[string]string{}}
	ctx := t.Context()
	alerts, err := w.App.Alerts(ctx, a.Actor())
	ok(t, err)
	if len(alerts) != 1 || alerts[0].Acknowledged || alerts[0].Risk == "" {
		t.Fatalf("%+v", alerts)
	}
	_, err = w.App.SetPassphrase(ctx, a.Actor(), passphrase)
	fails(t, err, fault.Forbidden)
	_, err = w.App.AcknowledgeLoosening(ctx, a.StepUp(), app.PrivilegedTOTP, 13)
	fails(t, err, fault.Invalid)
	_, err = w.App.AcknowledgeLoosening(ctx, a.Actor(), "something_else", 1)
	fails(t, err, fault.NotFound)
	_, err = w.App.AcknowledgeLoosening(ctx, a.Actor(), app.PrivilegedTOTP, 2)
	ok(t, err)
	sro := w.Enter(a, "Olu Owner", access.SRO)
	s.giveCode(sro)
	if sro.Actor().EnrolOnly {
		t.Error("a code is not enough")
	}
	sro.StepUpWith(s.code())
	if none, err := w.App.Alerts(ctx, sro.Actor()); err != nil || none != nil {
		t.Errorf("an SRO is shown %v, %v", none, err)
	}
	w.Clock.Advance(62 * 24 * time.Hour)
	o, _, err := w.App.SignInWithPassphrase(ctx, app.PassphraseInput{Email: sro.Email, Passphrase: passphrase, Code: s.code()}, apptest.Meta)
	ok(t, err)
	if !o.EnrolOnly || !o.PasskeyOnly {
		t.Errorf("after the acknowledgement ran out: %+v", o)
	}
	ok(t, a.SignIn())
	alerts, err = w.App.Alerts(ctx, a.Actor())
	ok(t, err)
	if len(alerts) != 1 || alerts[0].Acknowledged || alerts[0].AcknowledgedBy != a.ID {
		t.Errorf("%+v", alerts)
	}
}

func TestWeakPassphrasesAreRefused(t *testing.T) {
	w := apptest.New(t)
	p := w.Enter(w.Admin("Alpha"), "Tom Member", access.TeamMember)
	for _, weak := range []string{"", "short", "password", "aaaaaaaaaaaa", "touchstone", "tom member 1"} {
		_, err := w.App.SetPassphrase(t.Context(), p.Actor(), weak)
		fails(t, err, fault.Invalid)
	}
}
