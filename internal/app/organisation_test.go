package app_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestAnOrganisationsSettingsAreChecked(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Alpha")
	w.Admin("Beta")
	ctx := t.Context()
	good := app.OrganisationInput{Name: "Alpha Department", Zone: "Europe/Paris", Ceiling: "official", SystemWord: "capability"}
	o, _, err := w.App.ChangeOrganisation(ctx, a.Actor(), 1, good)
	ok(t, err)
	if o.Version != 2 || o.Ceiling != "OFFICIAL" || o.SROWord != "Senior Responsible Owner" || o.Key != nil {
		t.Errorf("%+v", o)
	}
	_, _, err = w.App.ChangeOrganisation(ctx, a.Actor(), 1, good)
	fails(t, err, fault.Stale)
	_, _, err = w.App.ChangeOrganisation(ctx, a.Actor(), 2, app.OrganisationInput{Name: "bETA", Zone: "Moon/Sea", Ceiling: "TOP SECRET", SystemWord: "a\x00", SROWord: strings.Repeat("x", 61)})
	_, problems := fault.Public(err)
	if len(problems) != 5 {
		t.Errorf("%v", problems)
	}
	_, _, err = w.App.CreateOrganisation(ctx, a.Actor(), "ALPHA department")
	fails(t, err, fault.Invalid)
	_, _, err = w.App.CreateOrganisation(ctx, w.Join(a, "Other Admin", access.Administrator).Actor(), "Gamma")
	fails(t, err, fault.Forbidden)
}

func TestNamesMayBeInAnyScript(t *testing.T) {
	w := apptest.New(t)
	a := w.Admin("Адмиралтейство <script>")
	_, err := w.App.ChangeOwnName(t.Context(), a.Actor(), "שלום =cmd|' /C calc'!A0")
	ok(t, err)
	for _, bad := range []string{"", " ", "a\x00b", "\xff", "two\nlines", strings.Repeat("x", 201)} {
		_, err := w.App.ChangeOwnName(t.Context(), a.Actor(), bad)
		fails(t, err, fault.Invalid)
	}
}
