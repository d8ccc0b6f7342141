package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
)

func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t)
	p := w.Admin("Ministry")
	old := *p
	w.Clock.Advance(time.Minute)
	if err := p.SignIn(); err != nil {
		t.Fatal(err)
	}
	v := w.as(p)
	page := v.get("/account").status(http.StatusOK).sound().says("This session", "192.0.2.7", "End all my other sessions")
	_, rest, _ := strings.Cut(page.body, `action="/account/sessions/`)
	id, _, _ := strings.Cut(rest, "/end")
	w.as(&old).get("/account").status(http.StatusOK)
	v.post("/account/sessions/ses_00000000000000000000000000/end").status(http.StatusNotFound).sound()
	v.post("/account/sessions/" + id + "/end").to("/account?done=session_ended")
	w.as(&old).get("/account").to("/sign-in")
	v.get("/account?done=session_ended").status(http.StatusOK).sound().says("The session has ended").omits("End all my other sessions")

	third := *p
	if err := third.SignIn(); err != nil {
		t.Fatal(err)
	}
	v.post("/account/sessions/end-others").to("/account")
	w.as(&third).get("/account").to("/sign-in")
	v.get("/account").status(http.StatusOK)
}

func TestNobodyEndsSomebodyElsesSession(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	member := w.Join(admin, "Bo Example", access.TeamMember)
	sessions, err := w.App.Sessions(t.Context(), member.Actor())
	if err != nil {
		t.Fatal(err)
	}
	w.as(admin).post("/account/sessions/" + sessions[0].ID + "/end").status(http.StatusNotFound)
	w.as(member).get("/account").status(http.StatusOK)
}

func TestADisabledPersonIsOutOnTheNextRequest(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	member := w.Join(admin, "Bo Example", access.TeamMember)
	w.as(member).get("/account").status(http.StatusOK)
	admin.StepUp()
	v := w.as(admin)
	v.get("/people/" + member.ID + "/disable").status(http.StatusOK).sound().says("Bo Example is signed out everywhere at once")
	v.post("/people/" + member.ID + "/disable").to("/people/" + member.ID)
	w.as(member).get("/account").to("/sign-in")
	w.as(member).exchange("/sign-in/options", "/sign-in/finish", member.Key.Sign).status(http.StatusUnauthorized)
	v.get("/people/"+member.ID).status(http.StatusOK).sound().says("Disabled", "Enable the account again")
	v.get("/people/" + member.ID + "/enable").status(http.StatusOK).sound()
	v.post("/people/" + member.ID + "/enable").to("/people/" + member.ID)
	w.as(member).get("/account").to("/sign-in") // the old session does not come back
	w.as(member).exchange("/sign-in/options", "/sign-in/finish", member.Key.Sign).status(http.StatusOK)
	v.post("/people/" + admin.ID + "/disable").status(http.StatusUnprocessableEntity).sound().says("You cannot disable your own account")
}

func TestFactorsChangeOnlyAfterAConfirmation(t *testing.T) {
	w := newWorld(t)
	member := w.Join(w.Admin("Ministry"), "Bo Example", access.TeamMember)
	w.Clock.Advance(identity.StepUpFresh + time.Second)
	v := w.as(member)
	for _, path := range []string{"/account/passkey/new", "/account/passphrase", "/account/code-app"} {
		page := v.get(path).status(http.StatusOK).sound().says("confirm that it is you")
		v.postValues(path, page.values(path)).status(http.StatusForbidden).sound().says("Confirm that it is you")
	}
	key := keyOf(t, w, v)
	v.post(key).status(http.StatusForbidden).sound().says("Confirm that it is you")
	v.post("/account/recovery-codes").status(http.StatusForbidden).sound()
	v.post("/account/passphrase", "passphrase", "lantern orbit teapot").status(http.StatusForbidden).sound().omits("lantern orbit")

	if to := v.exchange("/step-up/options", "/step-up/finish?next=/account/passphrase", member.Key.Sign).location(); to != "/account/passphrase#confirmed" {
		t.Errorf("a confirmation leads to %s", to)
	}
	v.post("/account/passphrase", "begin", "yes").to("/account/passphrase")
	v.get("/account/passphrase").status(http.StatusOK).sound().says("New passphrase")
	v.post("/account/passphrase", "passphrase", "lantern orbit teapot").to("/account/code-app")
	v.get(key).status(http.StatusOK).sound().says("Remove the passkey")
	v.post(key, "label", "x").status(http.StatusUnprocessableEntity).sound().says("only way to sign in")
	v.get("/account/passphrase/remove").status(http.StatusOK).sound()
	v.post("/account/passphrase/remove").to("/account?done=passphrase_removed")
	v.get("/account/name").status(http.StatusOK).sound()
	v.post("/account/name", "name", "").status(http.StatusUnprocessableEntity).sound()
	v.post("/account/name", "name", "Bo Other").to("/account")
	v.get("/account/email").status(http.StatusOK).sound()
	v.post("/account/email", "email", "nobody").status(http.StatusUnprocessableEntity).sound()
	v.post("/account/email", "email", "bo.other@example.gov.uk").to("/account?done=email_changed")
	v.get("/account").says("Bo Other")
}

// keyOf is the address at which the one passkey is removed.
func keyOf(t *testing.T, w *world, v visitor) string {
	t.Helper()
	f, err := w.App.Factors(t.Context(), v.person.Actor())
	if err != nil || len(f.Passkeys) != 1 {
		t.Fatalf("passkeys %v, %v", f.Passkeys, err)
	}
	return "/account/passkey/" + f.Passkeys[0].ID + "/remove"
}

func TestABrowserIsNamedForItsOwner(t *testing.T) {
	for agent, want := range map[string]string{
		"": "Not known", "curl/8": "curl/8",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":  "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                 "Firefox on Linux",
	} {
		if got := browser(agent); got != want {
			t.Errorf("%q is %q, not %q", agent, got, want)
		}
	}
}
