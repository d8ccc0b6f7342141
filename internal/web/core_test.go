package web

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestARouteWithoutAnOperationStopsTheStart(t *testing.T) {
	for _, op := range []access.Operation{"", "no.such.operation"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("operation %q was taken", op)
				}
			}()
			(&Site{}).serve(route{pattern: "GET /x", operation: op})
		}()
	}
}

func TestATemplateThatIsMissingOrSpareStopsTheStart(t *testing.T) {
	files := fstest.MapFS{
		"templates/layout.html": {Data: []byte(`{{define "layout"}}{{template "content" .}}{{end}}`)},
		"templates/a.html":      {Data: []byte(`{{define "content"}}a{{end}}`)},
		"templates/spare.html":  {Data: []byte(`{{define "content"}}b{{end}}`)},
		"templates/empty.html":  {Data: []byte(``)},
	}
	_, err := parseTemplates(files, []string{"a", "missing", "empty"})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"spare.html: no route", "template missing", `empty: it does not define "content"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
}

func TestAnAddressIsFollowedOnlyOnThisSite(t *testing.T) {
	for in, want := range map[string]string{
		"/": "/", "/systems?stage=a&name=b c": "/", "/systems?name=x%20y": "/systems?name=x+y", "/a/%2e%2e/b": "/a/../b",
		"": "/", "systems": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example/": "/", "/\t/evil.example": "/",
		"/%2F/evil.example": "/", "javascript:alert(1)": "/", "/a\x00b": "/", "/%zz": "/", "/" + strings.Repeat("a", 3000): "/",
	} {
		if got := sitePath(in); got != want {
			t.Errorf("%q gives %q, not %q", in, got, want)
		}
	}
}

func FuzzSitePath(f *testing.F) {
	for _, s := range []string{"/", "//a", "/a?b=c", "/\\a", "/%2f%2fa", "/a#b", "http:/a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := sitePath(s)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t\x00 ") {
			t.Errorf("%q gives %q", s, got)
		}
		if again := sitePath(got); again != got {
			t.Errorf("%q gives %q, which gives %q", s, got, again)
		}
	})
}

func TestWhatIsNoIdentifierIsAskedForAsADash(t *testing.T) {
	for in, want := range map[string]string{"sys_01ab": "sys_01ab", "TSF-P01a": "TSF-P01a", "A2.b": "A2.b", "": "", "a b": "-", "\xff": "-", "é": "-", strings.Repeat("a", 200): "-"} {
		if got := identifier(in); got != want {
			t.Errorf("%q gives %q, not %q", in, got, want)
		}
	}
}

func TestProblemsAreFiledAtTheirControls(t *testing.T) {
	f := filled("held_marking", "x")
	f.take(problems("/held/marking", "Enter a marking.", "/system", "There is no such system."))
	if e := f.problem("held_marking", "held_marking"); e.Text != "Enter a marking." {
		t.Errorf("the control says %q", e.Text)
	}
	s := f.summary()
	if len(s.Errors) != 2 || s.Errors[0].Href != "#held_marking" || s.Errors[1].Href != "" {
		t.Errorf("summary %+v", s.Errors)
	}
}

func TestNobodyIsSentToSignInAndBack(t *testing.T) {
	w := newWorld(t)
	if to := w.as(nil).get("/?a=b").to("/sign-in"); to != "/sign-in?next=%2F%3Fa%3Db" {
		t.Errorf("leads to %s", to)
	}
}

func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	w := newWorld(t)
	a := w.as(nil).post("/choose-organisation", "organisation", "org_x", "note", "<b>kept</b>").status(http.StatusUnauthorized).sound()
	a.says("You have been signed out", "Send again")
	kept := a.values("/choose-organisation")
	if kept["note"][0] != "<b>kept</b>" || kept["organisation"][0] != "org_x" {
		t.Errorf("kept %v", kept)
	}
}

func TestSecretsAreNotWrittenIntoAPage(t *testing.T) {
	w := newWorld(t)
	a := w.as(nil).post("/account/passphrase", "passphrase", "hush-one", "passphrase_again", "hush-two", "code", "hush-three", "confirm_code", "hush-four",
		"codes", "hush-five", "Recovery-Code", "hush-six", "name", "Bo").status(http.StatusUnauthorized).sound()
	a.omits("hush").says("You will have to type them again")
	if kept := a.values("/account/passphrase"); len(kept) != 1 || kept["name"][0] != "Bo" {
		t.Errorf("kept %v", kept)
	}
	w.as(nil).post("/choose-organisation", "encoded", "x", "postcode", "y").omits("type them again").says("Send again")
	for _, name := range []string{"encoded", "postcode", "reason", "decoded", "rationale"} {
		if secretField(name) {
			t.Errorf("%s is taken for a secret", name)
		}
	}
}

func TestAMissingPageIsAPage(t *testing.T) {
	w := newWorld(t)
	w.as(nil).get("/no/such/page").status(http.StatusNotFound).sound().says("Page not found")
	admin := w.Admin("Ministry")
	w.as(admin).get("/no/such/page").status(http.StatusNotFound).sound().says("First Administrator", "Sign out")
}

func TestAWriteFromAnotherSiteIsRefusedWithAPage(t *testing.T) {
	w := newWorld(t)
	a := w.as(w.Admin("Ministry")).do("POST", "/choose-organisation", http.Header{"Sec-Fetch-Site": {"cross-site"}}, strings.NewReader(""))
	a.status(http.StatusForbidden).sound().says("another site")
}

func TestMyWorkOfSomebodyWithNothingToDo(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	w.as(admin).get("/").status(http.StatusOK).sound().says("My work", "Nothing waits for you", "This is how to begin", "Register your first system")
	if _, _, err := w.App.CreateSystem(t.Context(), admin.Actor(), app.SystemInput{Name: "One"}); err != nil {
		t.Fatal(err)
	}
	w.as(admin).get("/").status(http.StatusOK).sound().says("See the systems")
	w.as(w.Enter(admin, "New Person", access.SRO)).get("/").to(enrolPath)
}

// problems makes an invalid fault of pointers and details.
func problems(pairs ...string) error {
	var p fault.Problems
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Add(pairs[i], "%s", pairs[i+1])
	}
	return p.Err()
}
