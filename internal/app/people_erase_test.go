package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestAnAddressIsChangedOnlyByWhoMayAndEndsWhatWasOpen(t *testing.T) {
	w := apptest.New(t)
	admin := w.Admin("Harbour office")
	member := w.Join(admin, "Sam Rivers", access.DTSL)
	other := w.Join(admin, "Kit Moss", access.DTSL)

	if _, err := w.App.ChangeEmail(t.Context(), member.Actor(), other.ID, "x@example.gov.uk"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("somebody else's address: %v", err)
	}
	for _, bad := range []string{"", "nobody", "a b@example.org", strings.ToUpper(other.Email)} {
		if _, err := w.App.ChangeEmail(t.Context(), admin.Actor(), member.ID, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	unconfirmed := member.Actor()
	unconfirmed.SteppedUp = false
	if _, err := w.App.ChangeEmail(t.Context(), unconfirmed, member.ID, "new@example.gov.uk"); !fault.Is(err, fault.StepUp) {
		t.Errorf("without a fresh confirmation: %v", err)
	}

	if _, err := w.App.ChangeEmail(t.Context(), member.Actor(), member.ID, "Sam.New@example.gov.uk"); err != nil {
		t.Fatal(err)
	}
	if _, signed, err := w.App.ActorFromSession(t.Context(), member.Cookie, apptest.Meta); err != nil || signed.Email != "Sam.New@example.gov.uk" {
		t.Errorf("the session that changed it: %v, %q", err, signed.Email)
	}
	if _, err := w.App.ChangeEmail(t.Context(), member.Actor(), member.ID, "Sam.New@example.gov.uk"); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same again: %v", err)
	}
	if _, err := w.App.ChangeEmail(t.Context(), admin.Actor(), member.ID, "sam.third@example.gov.uk"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.App.ActorFromSession(t.Context(), member.Cookie, apptest.Meta); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("the session of somebody whose address an administrator changed: %v", err)
	}
}

func TestAnErasedPersonIsNowhereAndTheirWorkStays(t *testing.T) {
	w := apptest.New(t)
	admin := w.Admin("Harbour office")
	const name = "Wilhelmina Quartermaine"
	member := w.Join(admin, name, access.DTSL)
	made, _, err := w.App.CreateSystem(t.Context(), member.Actor(), app.SystemInput{Name: "Tide tables"})
	if err == nil {
		_, _, err = w.App.Appoint(t.Context(), admin.Actor(), made.ID, app.AppointInput{Role: "dtsl", Person: member.ID, From: "2026-03-02"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.ChangeOwnName(t.Context(), member.Actor(), name+" the Second"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.ErasePerson(t.Context(), admin.Actor(), member.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("an account in use: %v", err)
	}
	if _, err := w.App.DisablePerson(t.Context(), admin.Actor(), member.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.ErasePerson(t.Context(), admin.Actor(), member.ID); err != nil {
		t.Fatal(err)
	}

	got, err := w.App.MemberOf(t.Context(), admin.Actor(), member.ID)
	if err != nil || got.Name != app.Pseudonym(member.ID) || got.Status != "erased" || strings.Contains(got.Email, "example") || len(got.Roles) != 0 {
		t.Errorf("what stays: %+v, %v", got, err)
	}
	for what, err := range map[string]error{
		"enabled":      erasing(w.App.EnablePerson(t.Context(), admin.Actor(), member.ID)),
		"disabled":     erasing(w.App.DisablePerson(t.Context(), admin.Actor(), member.ID)),
		"erased again": erasing(w.App.ErasePerson(t.Context(), admin.Actor(), member.ID)),
	} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	home, err := w.App.SystemHome(t.Context(), admin.Actor(), made.ID)
	if err != nil || len(home.Appointments) != 1 || home.System.CreatedBy != member.ID {
		t.Errorf("the system they registered: %+v, %v", home.System, err)
	}
	entries, err := w.App.AuditEntries(t.Context(), admin.Actor(), app.AuditFilter{Actor: member.ID}, app.Page{})
	if err != nil || len(entries.Items) == 0 || entries.Items[0].ActorName != app.Pseudonym(member.ID) {
		t.Errorf("what they did: %d entries, %v", len(entries.Items), err)
	}
	checked, err := w.App.Verify(t.Context(), access.Operator(), nil)
	if err != nil || !checked.OK {
		t.Errorf("the log: %v, %v", checked.Problems, err)
	}
	for _, word := range []string{name, member.Email} {
		if file := holding(t, w.Dir, word); file != "" {
			t.Errorf("%q is still in %s", word, file)
		}
	}
}

func erasing(_ app.Receipt, err error) error { return err }

// holding names a file of the embedded database that has the words in it; on
// PostgreSQL there is none to look into.
func holding(t *testing.T, dir, words string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "touchstone.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(words))) {
			return filepath.Base(f)
		}
	}
	return ""
}

func TestAnErasureIsDoneAgainAfterARestore(t *testing.T) {
	w := apptest.New(t)
	admin := w.Admin("Harbour office")
	member := w.Join(admin, "Sam Rivers", access.DTSL)
	for _, want := range []int{1, 0} {
		if n, err := w.App.ReapplyErasures(t.Context(), []string{member.ID, "usr_of_later"}); err != nil || n != want {
			t.Errorf("%d erased again, %v; want %d", n, err, want)
		}
	}
	if ids, err := w.App.ErasedPeople(t.Context()); err != nil || len(ids) != 1 || ids[0] != member.ID {
		t.Errorf("erased: %v, %v", ids, err)
	}
	if _, _, err := w.App.ActorFromSession(t.Context(), member.Cookie, apptest.Meta); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("a session of somebody erased: %v", err)
	}
}

func TestAUnitIsClosedOnceSomebodyTakesOverWhatIsUnderIt(t *testing.T) {
	w := apptest.New(t)
	admin := w.Admin("Harbour office")
	unit := func(name, parent string) string {
		u, _, err := w.App.CreateUnit(t.Context(), admin.Actor(), app.UnitInput{Name: name, Parent: parent})
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	top := unit("North", "")
	closing, taker := unit("Buoys", top), unit("Lights", top)
	child := unit("Repairs", closing)
	system, _, err := w.App.CreateSystem(t.Context(), admin.Actor(), app.SystemInput{Name: "Buoy register", Unit: closing})
	if err != nil {
		t.Fatal(err)
	}
	member := w.Join(admin, "Sam Rivers", access.DTSL)
	mayNot := member.Actor()
	if _, _, err := w.App.GrantRole(t.Context(), admin.Actor(), app.GrantInput{Person: member.ID, Role: access.Assessor, Unit: closing}); err != nil {
		t.Fatal(err)
	}

	_, err = w.App.CloseUnit(t.Context(), admin.Actor(), closing, 1, "")
	if said, _ := fault.Public(err); !fault.Is(err, fault.Conflict) || !strings.Contains(said, "1 unit and 1 system under it") {
		t.Errorf("with things under it: %v", err)
	}
	for _, into := range []string{closing, child, "unit_of_others"} {
		if _, err := w.App.CloseUnit(t.Context(), admin.Actor(), closing, 1, into); !fault.Is(err, fault.Invalid) {
			t.Errorf("into %s: %v", into, err)
		}
	}
	if _, err := w.App.CloseUnit(t.Context(), admin.Actor(), closing, 7, taker); !fault.Is(err, fault.Stale) {
		t.Errorf("another version: %v", err)
	}
	if _, err := w.App.CloseUnit(t.Context(), mayNot, closing, 1, taker); !fault.Is(err, fault.Forbidden) {
		t.Errorf("somebody who may not: %v", err)
	}
	if _, err := w.App.CloseUnit(t.Context(), admin.Actor(), closing, 1, taker); err != nil {
		t.Fatal(err)
	}
	units, err := w.App.Units(t.Context(), admin.Actor())
	if err != nil || len(units) != 3 {
		t.Fatalf("units %+v, %v", units, err)
	}
	for _, u := range units {
		if u.ID == child && u.Parent != taker {
			t.Errorf("the unit under it is under %q", u.Parent)
		}
	}
	home, err := w.App.SystemHome(t.Context(), admin.Actor(), system.ID)
	if err != nil || home.System.Unit != taker {
		t.Errorf("the system is in %q, %v", home.System.Unit, err)
	}
	got, err := w.App.MemberOf(t.Context(), admin.Actor(), member.ID)
	if err != nil || len(got.Roles) != 1 || got.Roles[0].Role != access.DTSL {
		t.Errorf("roles %+v, %v", got.Roles, err)
	}
	if _, err := w.App.CloseUnit(t.Context(), admin.Actor(), child, 0, ""); err != nil {
		t.Errorf("a unit with nothing under it: %v", err)
	}
}
