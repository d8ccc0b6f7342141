package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// stranger is somebody whom nobody knows yet, with a place for cookies.
func (w *world) stranger() visitor {
	return w.as(&apptest.Person{Key: apptest.NewAuthenticator(w.t)})
}

// exchange does what the script does for a passkey: it asks for options, lets
// the device answer them and sends that back. It returns where the script goes.
func (v visitor) exchange(options, finish string, device func([]byte) []byte, pairs ...string) *answer {
	v.w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	a := v.do("POST", options, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"},
		"Sec-Fetch-Site": {"same-origin"}}, strings.NewReader(form.Encode())).status(http.StatusOK)
	cookie, _, _ := strings.Cut(a.ceremony(), ";")
	return v.finish(finish, cookie, device([]byte(a.body)))
}

// ceremony is how the cookie of a passkey exchange was set.
func (a *answer) ceremony() string {
	a.t.Helper()
	for _, c := range a.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, ceremonyCookie+"=") {
			return c
		}
	}
	a.t.Fatalf("%s sets no cookie for the exchange", a.name)
	return ""
}

func (v visitor) finish(path, cookie string, body []byte) *answer {
	v.w.t.Helper()
	return v.do("POST", path, http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "Sec-Fetch-Site": {"same-origin"},
		"Cookie": {cookie}}, strings.NewReader(string(body)))
}

// location is where the answer to a script leads.
func (a *answer) location() string {
	a.t.Helper()
	a.status(http.StatusOK)
	var to struct {
		Location string `json:"location"`
	}
	if err := json.Unmarshal([]byte(a.body), &to); err != nil {
		a.t.Fatal(err)
	}
	return to.Location
}

func (w *world) link(l app.Link, _ app.Receipt, err error) string {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimPrefix(l.URL, apptest.PublicURL)
}

func TestTheFirstAdministratorComesInByLinkAndAddsAPasskey(t *testing.T) {
	w := newWorld(t)
	l, r, err := w.App.NewSetupLink(t.Context())
	setup := w.link(l, r, err)
	v := w.stranger()
	for range 3 { // programs that look at addresses use nothing up
		v.get(setup).status(http.StatusOK).sound().says("Set up Touchstone")
	}
	v.post(setup, "name", "", "email", "x", "organisation", "").status(http.StatusUnprocessableEntity).sound().says("There is a problem")
	v.post(setup, "name", "Ada Example", "email", "ada@example.gov.uk", "organisation", "Ministry").to("/account")
	v.get("/account").to("/account/enrol")
	v.get("/account/enrol").to("/account/passkey/new")
	v.get("/account/passkey/new").status(http.StatusOK).sound().says("Add a passkey", "Passkeys need JavaScript").omits("authenticator app instead")
	v.get("/people").to(enrolPath)
	before := v.person.Cookie
	to := v.exchange("/account/passkey/options", "/account/passkey/finish", v.person.Key.Register, "label", "Work laptop").location()
	if v.person.Cookie == before {
		t.Error("the cookie did not change with the passkey")
	}
	if to != "/account/recovery-codes?first=yes" {
		t.Fatalf("after the passkey comes %s", to)
	}
	v.get(to).status(http.StatusOK).sound().says("Get your recovery codes")
	shown := v.post("/account/recovery-codes", "first", "yes").status(http.StatusOK).sound()
	codes := shown.values("/account/recovery-codes/keep")
	if len(codes["codes"]) != 10 || codes["first"][0] != "yes" {
		t.Fatalf("shown: %v", codes)
	}
	v.postValues("/account/recovery-codes/keep", codes).status(http.StatusUnprocessableEntity).sound().says("Confirm that you have saved the codes", codes["codes"][9])
	codes["do"] = []string{"download"}
	file := v.postValues("/account/recovery-codes/keep", codes).status(http.StatusOK)
	if !strings.Contains(file.header.Get("Content-Disposition"), "attachment") || !strings.Contains(file.body, codes["codes"][3]) {
		t.Errorf("the file is %q, %q", file.header, file.body)
	}
	delete(codes, "do")
	codes["kept"] = []string{"yes"}
	v.postValues("/account/recovery-codes/keep", codes).to("/account/passkey/second")
	v.get("/account/passkey/second").status(http.StatusOK).sound().says("Add a second passkey", "Not now")
	v.get("/account").status(http.StatusOK).sound().says("Work laptop", "10 codes left", "Ministry", "Administrator")
	v.get(setup).status(http.StatusNotFound).sound().says("This link cannot be used")
	w.as(nil).post(setup, "name", "Eve", "email", "eve@example.gov.uk", "organisation", "Other").status(http.StatusNotFound).sound()
}

func TestWhatIsNoRecoveryCodeIsNeitherShownNorSaved(t *testing.T) {
	w := newWorld(t)
	v := w.as(w.Admin("Ministry"))
	v.post("/account/recovery-codes/keep", "do", "download", "codes", "<script>alert(1)</script>", "codes", "../../etc").to("/account")
	v.post("/account/recovery-codes/keep", "codes", "Pay to 12-34-56").to("/account")
}

func TestSigningInWithAPasskeyLeadsOnWithinTheSite(t *testing.T) {
	w := newWorld(t)
	p := w.Admin("Ministry")
	for next, want := range map[string]string{
		"":                             "/",
		"/people?after=x":              "/people?after=x",
		"//evil.example/":              "/",
		"https://evil.example/":        "/",
		"/\\evil.example":              "/",
		"javascript:alert(1)":          "/",
		"/%09/evil.example":            "/%09/evil.example",
		"/sign-out":                    "/",
		"/sign-in?next=%2F%2Fevil":     "/",
		"/x\r\nSet-Cookie: a=b":        "/",
		"/" + strings.Repeat("a", 9e3): "/",
	} {
		v := w.as(&apptest.Person{Key: p.Key})
		v.get("/sign-in?next="+url.QueryEscape(next)).status(http.StatusOK).sound().says("Sign in with a passkey", "Passkeys need JavaScript")
		to := v.exchange("/sign-in/options", "/sign-in/finish?next="+url.QueryEscape(next), p.Key.Sign).location()
		if to != want {
			t.Errorf("next %q leads to %q, not %q", next, to, want)
		}
		if v.person.Cookie == "" {
			t.Error("no session cookie")
		}
		v.get("/sign-in?next=" + url.QueryEscape(next)).to(want)
	}
}

func FuzzNextStaysOnTheSite(f *testing.F) {
	for _, s := range []string{"/", "//a", "/sign-in", "/\\a", "/%2f%2fa", "http:/a", "/sign-in/../../a", "///a", "/./\t/a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := nextOf(s)
		u, err := url.Parse(got)
		if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t\x00 ") {
			t.Errorf("%q gives %q", s, got)
		}
		if u != nil && u.Path == signInPath {
			t.Errorf("%q leads back to the sign-in", s)
		}
		if to := withNext("/sign-in/finish", got); strings.ContainsAny(to, "\"<>\r\n ") {
			t.Errorf("%q gives the address %q", s, to)
		}
	})
}

func TestAPasskeyExchangeIsUsedOnceAndOnlyWithItsCookie(t *testing.T) {
	w := newWorld(t)
	p := w.Admin("Ministry")
	v := w.as(&apptest.Person{Key: p.Key})
	v.finish("/sign-in/finish", "", []byte(`{}`)).status(http.StatusUnprocessableEntity).says("Try again")
	v.finish("/sign-in/finish", ceremonyCookie+"=nonsense", []byte(`{}`)).status(http.StatusUnauthorized).says("Start again")
	a := v.do("POST", "/sign-in/options", http.Header{"Accept": {"application/json"}, "Sec-Fetch-Site": {"same-origin"}}, nil).status(http.StatusOK)
	set := a.ceremony()
	for _, flag := range []string{"Secure", "HttpOnly", "Path=/", "SameSite="} {
		if !strings.Contains(set, flag) {
			t.Errorf("the cookie of the exchange lacks %s: %s", flag, set)
		}
	}
	cookie, _, _ := strings.Cut(set, ";")
	answer := p.Key.Sign([]byte(a.body))
	v.finish("/sign-in/finish", cookie, []byte(`[]`)).status(http.StatusUnauthorized)
	v.finish("/sign-in/finish", cookie, answer).status(http.StatusUnauthorized) // used up by the wrong answer
	if v.person.Cookie != "" {
		t.Error("a session was given out")
	}
	v.do("POST", "/sign-in/options", http.Header{"Sec-Fetch-Site": {"cross-site"}}, nil).status(http.StatusForbidden)
}

// withCode gives somebody a passphrase and an authenticator app, through the
// pages, and returns the secret of the app.
func withCode(t *testing.T, w *world, v visitor, passphrase string) string {
	t.Helper()
	v.post("/account/passphrase", "passphrase", "aaaaaaaaaa").status(http.StatusUnprocessableEntity).sound().omits("aaaaaaaaaa")
	v.post("/account/passphrase", "passphrase", passphrase).to("/account/code-app")
	page := v.get("/account/code-app").status(http.StatusOK).sound()
	if !strings.Contains(page.body, `<path fill="#000" d="M`) {
		t.Error("the picture is not drawn")
	}
	page = v.post("/account/code-app", "offer", page.values("/account/code-app")["offer"][0], "code", "000000").status(http.StatusUnprocessableEntity).sound().says("The code is not right")
	_, rest, _ := strings.Cut(page.text(), "Key: ")
	secret, _, _ := strings.Cut(rest, " Code from")
	secret = strings.ReplaceAll(secret, " ", "")
	code, err := totp.GenerateCode(secret, w.Clock.Now())
	if err != nil {
		t.Fatalf("secret %q: %v", secret, err)
	}
	v.post("/account/code-app", "offer", page.values("/account/code-app")["offer"][0], "code", code).status(http.StatusOK).sound().says("Your recovery codes")
	w.Clock.Advance(time.Minute)
	return secret
}

func TestEverythingButPasskeysWorksWithoutAScript(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	l, r, err := w.App.Invite(t.Context(), admin.StepUp(), app.InviteInput{Email: "bo@example.gov.uk", Name: "Bo <b>", Role: access.TeamMember})
	invitation := w.link(l, r, err)
	v := w.stranger()
	page := v.get(invitation).status(http.StatusOK).sound().says("Join Ministry", "Team member").omits("bo@example.gov.uk")
	if page.values(invitation)["name"][0] != "Bo <b>" {
		t.Error("the suggested name is not filled in")
	}
	if got := page.header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the page of a link has Referrer-Policy %q", got)
	}
	v.post(invitation, "name", "Bo", "email", "eve@example.gov.uk").status(http.StatusUnprocessableEntity).sound().says("address that the invitation was made for")
	v.post(invitation, "name", "Bo", "email", "BO@example.gov.uk").to("/account")
	v.get("/account/enrol").status(http.StatusOK).sound().says("A passkey (recommended)", "Set a passphrase", "To do")
	const passphrase = "lantern orbit teapot"
	secret := withCode(t, w, v, passphrase)
	v.get("/account").status(http.StatusOK).sound().says("10 codes left")
	v.get("/sign-out").status(http.StatusOK).sound()
	v.post("/sign-out").to("/sign-out")
	v.get("/account").to("/sign-in?next=%2Faccount")

	code, _ := totp.GenerateCode(secret, w.Clock.Now())
	wrong := v.post("/sign-in/passphrase", "email", "bo@example.gov.uk", "passphrase", "wrong "+passphrase, "code", code).status(http.StatusUnauthorized).sound()
	nobody := v.post("/sign-in/passphrase", "email", "no@example.gov.uk", "passphrase", passphrase, "code", code).status(http.StatusUnauthorized).sound()
	if strings.ReplaceAll(wrong.text(), "bo@", "no@") != nobody.text() {
		t.Error("a wrong passphrase and an unknown address answer differently")
	}
	wrong.omits(passphrase, code)
	v.get("/sign-in/passphrase?next=%2Fsystems").status(http.StatusOK).sound()
	v.post("/sign-in/passphrase?next=%2Fsystems", "email", "bo@example.gov.uk", "passphrase", passphrase, "code", code).to("/systems")
}

func TestTooManyWrongPassphrasesHaveToWait(t *testing.T) {
	w := newWorld(t)
	w.Admin("Ministry")
	v := w.as(nil)
	for range 50 {
		a := v.post("/sign-in/passphrase", "email", "first@example.gov.uk", "passphrase", "no no no no", "code", "000000")
		if a.code == http.StatusTooManyRequests {
			if a.sound().header.Get("Retry-After") == "" {
				t.Error("it does not say how long")
			}
			return
		}
		a.status(http.StatusUnauthorized)
	}
	t.Error("nobody was made to wait")
}

func TestARecoveryCodeOpensNothingButAddingAPasskey(t *testing.T) {
	w := newWorld(t)
	p := w.Admin("Ministry")
	v := w.stranger()
	v.get("/sign-in/recovery-code").status(http.StatusOK).sound()
	v.post("/sign-in/recovery-code", "email", p.Email, "code", "0000-0000-0000-0000").status(http.StatusUnauthorized).sound()
	v.post("/sign-in/recovery-code", "email", p.Email, "code", strings.ToUpper(p.Codes[2])).to("/account")
	v.get("/people").to(enrolPath)
	v.get("/").to(enrolPath)
	v.post("/account/passphrase", "passphrase", "lantern orbit teapot").status(http.StatusForbidden).sound().says("needs a passkey")
	if to := v.exchange("/account/passkey/options", "/account/passkey/finish", v.person.Key.Register).location(); to != "/account?done=passkey_added" {
		t.Errorf("leads to %s", to)
	}
	v.get("/people").status(http.StatusOK).sound()
	w.as(nil).post("/sign-in/recovery-code", "email", p.Email, "code", p.Codes[2]).status(http.StatusUnauthorized)
}

func TestARecoveryLinkEndsSessionsAndIsUsedOnlyByPosting(t *testing.T) {
	w := newWorld(t)
	p := w.Admin("Ministry")
	l, r, err := w.App.NewRecoveryLink(t.Context(), p.Email)
	link := w.link(l, r, err)
	v := w.stranger()
	for range 3 {
		if got := v.get(link).status(http.StatusOK).sound().header.Get("Referrer-Policy"); got != "no-referrer" {
			t.Errorf("Referrer-Policy is %q", got)
		}
	}
	w.as(p).get("/account").status(http.StatusOK)
	v.post(link, "email", "eve@example.gov.uk").status(http.StatusNotFound).sound()
	v.post(link, "email", p.Email).to("/account")
	w.as(p).get("/account").to("/sign-in")
	v.get(link).status(http.StatusNotFound).sound()
	w.as(nil).get("/recovery/" + strings.Repeat("a", 52)).status(http.StatusNotFound).sound().says("This link cannot be used")
}

func TestAnInvitationRunsOutToTheSecond(t *testing.T) {
	w := newWorld(t)
	l, r, err := w.App.Invite(t.Context(), w.Admin("Ministry").StepUp(), app.InviteInput{Email: "bo@example.gov.uk", Role: access.DTSL})
	invitation := w.link(l, r, err)
	w.Clock.Advance(24*time.Hour - time.Second)
	w.as(nil).get(invitation).status(http.StatusOK)
	w.Clock.Advance(time.Second)
	w.as(nil).get(invitation).status(http.StatusNotFound).sound()
	w.as(nil).post(invitation, "name", "Bo", "email", "bo@example.gov.uk").status(http.StatusNotFound)
}

func TestSomebodyWithAnAccountJoinsAnotherOrganisation(t *testing.T) {
	w := newWorld(t)
	first := w.Admin("Ministry")
	other := w.Admin("Agency")
	member := w.Join(first, "Bo Example", access.TeamMember)
	l, r, err := w.App.Invite(t.Context(), other.StepUp(), app.InviteInput{Email: member.Email, Role: access.DTSL})
	invitation := w.link(l, r, err)
	w.as(first).post(invitation).status(http.StatusNotFound).sound()
	v := w.as(member)
	w.as(nil).post(invitation, "name", "Bo", "email", member.Email).status(http.StatusUnprocessableEntity).sound().says("You have an account here already")
	v.get(invitation).status(http.StatusOK).sound().says("Join Agency", "signed in as Bo Example")
	v.post(invitation).to("/")
	v.get("/account").status(http.StatusOK).sound().says("Agency", "change organisation")
	v.get(invitation).status(http.StatusNotFound)
}

func TestSamplePeopleSignInByLinkInADemoOnly(t *testing.T) {
	w := newWorld(t, apptest.Demo())
	p := w.Admin("Ministry")
	l, r, err := w.App.NewDemoLink(t.Context(), p.ID)
	link := w.link(l, r, err)
	v := w.stranger()
	for range 2 {
		v.get(link).status(http.StatusOK).sound().says("Sign in as "+p.Name, "sample person")
	}
	v.post(link).to("/")
	v.get("/account").status(http.StatusOK).sound()
	w.as(nil).get(link).status(http.StatusNotFound).sound()
	real := newWorld(t)
	real.as(nil).get(link).status(http.StatusNotFound).sound()
}
