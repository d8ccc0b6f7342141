package app_test

import (
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestWhatSomebodyMayNotDoIsOnRecordOnceAMinute(t *testing.T) {
	w := apptest.New(t)
	admin := w.Admin("Harbour office")
	reader := w.Join(admin, "Sam Rivers", access.PortfolioReader)
	refused := func() []app.AuditEntry {
		t.Helper()
		list, err := w.App.AuditEntries(t.Context(), admin.Actor(), app.AuditFilter{Action: "access.refused"}, app.Page{})
		if err != nil {
			t.Fatal(err)
		}
		return list.Items
	}
	try := func(times int) {
		t.Helper()
		var wg sync.WaitGroup
		who := reader.Actor()
		for range times {
			wg.Go(func() {
				if _, _, err := w.App.CreateUnit(t.Context(), who, app.UnitInput{Name: "Mine"}); !fault.Is(err, fault.Forbidden) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	field := func(e app.AuditEntry, name string) string {
		for _, f := range e.Fields {
			if f.Name == name {
				return f.Value
			}
		}
		return ""
	}
	try(50)
	if got := refused(); len(got) != 1 || got[0].Actor != reader.ID || got[0].Outcome != "refused" || field(got[0], "operation") != "unit.write" || field(got[0], "count") != "1" {
		t.Fatalf("after 50 in a minute: %+v", got)
	}
	w.Clock.Advance(61 * time.Second)
	try(1)
	if got := refused(); len(got) != 2 || field(got[0], "count") != "50" {
		t.Errorf("a minute later: %+v", got)
	}
	if _, _, err := w.App.SendFeedback(t.Context(), access.Actor{}, "x", "", "y"); !fault.Is(err, fault.Unauthorised) {
		t.Error(err)
	}
	unconfirmed := admin.Actor()
	unconfirmed.SteppedUp = false
	if _, err := w.App.DisablePerson(t.Context(), unconfirmed, reader.ID); !fault.Is(err, fault.StepUp) {
		t.Error(err)
	}
	if got := refused(); len(got) != 2 {
		t.Errorf("nobody, and somebody who only has to confirm, are no refusals: %+v", got)
	}
}

func TestGuessesOutliveARestartAndCountForAllServers(t *testing.T) {
	var config app.Config
	w := apptest.New(t, apptest.With(func(c *app.Config) { config = *c }))
	guess := func(a *app.App, email string) error {
		_, _, err := a.SignInWithPassphrase(t.Context(), app.PassphraseInput{Email: email, Passphrase: "wrong", Code: "000000"}, apptest.Meta)
		return err
	}
	servers := []*app.App{w.App, app.New(config)}
	for i := range 5 {
		if err := guess(servers[i%2], "Sam@example.org"); !fault.Is(err, fault.Unauthorised) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	for name, a := range map[string]*app.App{"the first server": servers[0], "the second": servers[1], "one just started": app.New(config)} {
		if err := guess(a, "sam@EXAMPLE.org"); !fault.Is(err, fault.RateLimited) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := guess(w.App, "kit@example.org"); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("another name: %v", err)
	}
	w.Clock.Advance(time.Second)
	if err := guess(app.New(config), "sam@example.org"); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("after the wait: %v", err)
	}
	if file := holding(t, w.Dir, "touchstone guess"); file != "" {
		t.Errorf("the text behind a counter is in %s", file)
	}
}
