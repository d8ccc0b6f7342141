package app_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestTheFirstAdministratorSetsTheInstanceUp(t *testing.T) {
	w := apptest.New(t)
	ctx := t.Context()
	again, err := w.App.Initialise(ctx, false, "test")
	ok(t, err)
	created := entries(t, w, audit.InstanceCreated)
	if len(created) != 1 || created[0].Idx != 0 || created[0].Entry.Target != again.ID {
		t.Fatalf("%+v", created)
	}
	link, _, err := w.App.NewSetupLink(ctx)
	ok(t, err)
	_, _, err = w.App.CreateFirstAdministrator(ctx, apptest.Secret(link), app.FirstAdministratorInput{Email: "nonsense"}, apptest.Meta)
	if _, problems := fault.Public(err); len(problems) != 3 {
		t.Fatalf("%v", err)
	}
	ok(t, w.App.OpenSetup(ctx, apptest.Secret(link))) // a mistake does not use it up
	a := w.Admin("Alpha")
	who := a.Actor()
	if !who.InstanceAdmin || !who.SteppedUp || who.EnrolOnly || !access.May(who, access.PeopleWrite) {
		t.Errorf("%+v", who)
	}
	o, err := w.App.Organisation(ctx, who)
	ok(t, err)
	if o.Zone != "Europe/London" || o.Ceiling != "OFFICIAL-SENSITIVE" {
		t.Errorf("%+v", o)
	}
}
