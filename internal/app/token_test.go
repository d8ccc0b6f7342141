package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestATokenFromTheCommandLine(t *testing.T) {
	w := apptest.New(t)
	ctx := t.Context()
	_, _, err := w.App.OperatorCreateToken(ctx, app.OperatorTokenInput{Organisation: "Gamma", Role: access.Administrator})
	fails(t, err, fault.NotFound)
	token, r, err := w.App.OperatorCreateToken(ctx, app.OperatorTokenInput{Organisation: "Gamma", Create: true, Role: access.Administrator})
	ok(t, err)
	if r.Count != 2 || token.ExpiresAt.Sub(w.Clock.Now()) != app.DefaultTokenLife || !strings.HasPrefix(token.Secret, "tst_") {
		t.Fatalf("%+v %+v", token, r)
	}
	same, _, err := w.App.OperatorCreateToken(ctx, app.OperatorTokenInput{Organisation: " gAMMA ", Create: true, Role: access.SRO, Life: time.Hour})
	ok(t, err)
	if same.Organisation != token.Organisation {
		t.Error("upper case made another organisation")
	}
	who, err := w.App.ActorFromToken(ctx, token.Secret, apptest.Meta)
	ok(t, err)
	o, err := w.App.Organisation(ctx, who)
	ok(t, err)
	if o.Name != "Gamma" || o.Ceiling != "OFFICIAL-SENSITIVE" || o.Key != nil {
		t.Errorf("%+v", o)
	}
	_, _, err = w.App.CreateUnit(ctx, who, app.UnitInput{Name: "U"})
	ok(t, err)
	// A token is never good for what asks for a fresh confirmation.
	_, _, err = w.App.CreateToken(ctx, who, app.TokenInput{Name: "child", Role: access.TeamMember})
	fails(t, err, fault.StepUp)
	for _, in := range []app.OperatorTokenInput{
		{Organisation: "Gamma", Role: "king"}, {Organisation: "Gamma", Role: access.SRO, Life: 400 * 24 * time.Hour},
		{Organisation: "Gamma", Role: access.SRO, Life: -time.Hour}, {Organisation: "Gamma", Role: access.SRO, System: "sys_1"},
		{Organisation: "", Create: true, Role: access.SRO}, {Organisation: "a\x00b", Create: true, Role: access.SRO},
	} {
		_, _, err := w.App.OperatorCreateToken(ctx, in)
		fails(t, err, fault.Invalid)
	}
}

func TestATokenIsLimitedToItsSystemAndItsOperations(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	ctx := t.Context()
	one, _, err := w.App.CreateSystem(ctx, a.Actor(), app.SystemInput{Name: "One"})
	ok(t, err)
	_, _, err = w.App.CreateSystem(ctx, a.Actor(), app.SystemInput{Name: "Two"})
	ok(t, err)
	token, _, err := w.App.CreateToken(ctx, a.StepUp(), app.TokenInput{Name: "narrow", Role: access.DTSL, System: one.ID, Scopes: []access.Operation{access.SystemRead}})
	ok(t, err)
	who, err := w.App.ActorFromToken(ctx, token.Secret, apptest.Meta)
	ok(t, err)
	l, err := w.App.SystemsIn(ctx, who, app.SystemFilter{}, app.Page{})
	ok(t, err)
	if len(l.Items) != 1 || l.Items[0].System.ID != one.ID {
		t.Errorf("sees %+v", l.Items)
	}
	_, err = w.App.Members(ctx, who, app.Page{})
	fails(t, err, fault.Forbidden)
	_, _, err = w.App.CreateToken(ctx, a.Actor(), app.TokenInput{Name: "x", Role: access.DTSL, Scopes: []access.Operation{access.AssessmentApprove, "no.such"}})
	_, problems := fault.Public(err)
	if len(problems) != 2 {
		t.Errorf("%v", problems)
	}
	views, err := w.App.Tokens(ctx, a.Actor())
	ok(t, err)
	if len(views) != 1 || views[0].UsedAt != w.Clock.Now().Local() && !views[0].UsedAt.Equal(w.Clock.Now()) {
		t.Errorf("%+v", views)
	}
}

func TestRefusedTokensAreCountedByTheMinute(t *testing.T) {
	w := apptest.New(t)
	for range 20 {
		_, err := w.App.ActorFromToken(t.Context(), "tst_nonsense", apptest.Meta)
		fails(t, err, fault.Unauthorised)
	}
	if n := len(entries(t, w, audit.TokenRefused)); n != 1 {
		t.Fatalf("%d entries", n)
	}
	w.Clock.Advance(time.Minute)
	_, err := w.App.ActorFromToken(t.Context(), "", apptest.Meta)
	fails(t, err, fault.Unauthorised)
	es := entries(t, w, audit.TokenRefused)
	if len(es) != 2 || count(es[1]) != "20" {
		t.Fatalf("%+v", es)
	}
}

func count(e store.StoredEntry) string {
	for _, o := range e.Openings {
		if o.Name == "field:count" {
			return o.Value
		}
	}
	return ""
}

func TestADemoSignsSamplePeopleInAndNothingElseDoes(t *testing.T) {
	w := apptest.New(t, apptest.Demo())
	a := w.Admin("Alpha")
	sro := w.Join(a, "Sample Owner", access.SRO)
	ctx := t.Context()
	token, _, err := w.App.CreateDemoToken(ctx, sro.ID, a.Organisation)
	ok(t, err)
	who, err := w.App.ActorFromToken(ctx, token.Secret, apptest.Meta)
	ok(t, err)
	if who.ID != sro.ID || !who.SteppedUp || !access.May(who, access.AssessmentApprove) || access.May(who, access.PeopleWrite) {
		t.Errorf("%+v", who)
	}
	link, _, err := w.App.NewDemoLink(ctx, sro.ID)
	ok(t, err)
	name, err := w.App.OpenDemoLink(ctx, apptest.Secret(link))
	ok(t, err)
	if name != "Sample Owner" {
		t.Error(name)
	}
	w.Clock.Advance(365 * 24 * time.Hour)
	o, _, err := w.App.UseDemoLink(ctx, apptest.Secret(link), apptest.Meta)
	ok(t, err)
	fails(t, second2(w.App.UseDemoLink(ctx, apptest.Secret(link), apptest.Meta)), fault.Unauthorised)
	sro.Cookie = o.Cookie
	if who := sro.Actor(); who.EnrolOnly {
		t.Error("a sample person has to enrol")
	}
	w.Clock.Advance(6 * time.Minute)
	if sro.Actor().SteppedUp {
		t.Error("a confirmation lasts for more than five minutes")
	}
	cookie, _, err := w.App.StepUpInDemo(ctx, sro.Actor())
	ok(t, err)
	sro.Cookie = cookie
	if !sro.Actor().SteppedUp {
		t.Error("a click does not confirm")
	}
	_, err = w.App.Initialise(ctx, false, "test")
	fails(t, err, fault.Conflict)

	real := apptest.New(t)
	b := real.Admin("Beta")
	_, _, err = real.App.NewDemoLink(ctx, b.ID)
	fails(t, err, fault.Forbidden)
	_, _, err = real.App.CreateDemoToken(ctx, b.ID, b.Organisation)
	fails(t, err, fault.Forbidden)
	_, _, err = real.App.StepUpInDemo(ctx, b.Actor())
	fails(t, err, fault.NotFound)
	_, err = real.App.Initialise(ctx, true, "test")
	fails(t, err, fault.Conflict)
}

func second2[A, B any](_ A, _ B, err error) error { return err }
