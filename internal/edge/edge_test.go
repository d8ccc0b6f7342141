package edge_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// doors knows one token and one session.
type doors struct{ fail error }

func (d doors) ActorFromToken(_ context.Context, text string, meta app.RequestMeta) (access.Actor, error) {
	if d.fail != nil {
		return access.Actor{}, d.fail
	}
	if text != "good" {
		return access.Actor{}, fault.New(fault.Unauthorised, "Sign in again.")
	}
	return access.Actor{ID: "tok_1", RequestID: meta.RequestID}, nil
}

func (d doors) ActorFromSession(_ context.Context, cookie string, _ app.RequestMeta) (access.Actor, app.Signed, error) {
	if d.fail != nil {
		return access.Actor{}, app.Signed{}, d.fail
	}
	if cookie != "good" {
		return access.Actor{}, app.Signed{}, fault.New(fault.Unauthorised, "Sign in again.")
	}
	return access.Actor{ID: "usr_1"}, app.Signed{Name: "Ann", Strength: identity.Strength("passkey")}, nil
}

// clock advances by a millisecond whenever it is read.
type clock struct{ t time.Time }

func (c *clock) now() time.Time {
	c.t = c.t.Add(time.Millisecond)
	return c.t
}

func newEdge(t *testing.T, change func(*edge.Config)) *edge.Edge {
	t.Helper()
	c := &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	config := edge.Config{Doors: doors{}, Now: c.now, Random: rand.Reader, Loopback: true, Hosts: []string{"sbd.example.gov.uk"},
		Ready: func(context.Context) error { return nil }}
	if change != nil {
		change(&config)
	}
	e, err := edge.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func get(h http.Handler, target string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.Host = "localhost:8443"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func answer(status int, err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err != nil {
			edge.WriteProblem(w, r, err)
			return
		}
		w.WriteHeader(status)
	})
}

func TestEveryAnswerCarriesTheProtectingHeadersAndTheTime(t *testing.T) {
	panics := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no") })
	silent := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for name, c := range map[string]struct {
		next http.Handler
		path string
		host string
	}{
		"an answer":         {answer(200, nil), "/", "localhost"},
		"nothing written":   {silent, "/", "localhost"},
		"a problem":         {answer(0, fault.New(fault.NotFound, "No.")), "/", "localhost"},
		"a panic":           {panics, "/", "localhost"},
		"another host":      {answer(200, nil), "/", "evil.example"},
		"alive":             {answer(200, nil), "/healthz", "localhost"},
		"ready":             {answer(200, nil), "/readyz", "localhost"},
		"an address broken": {answer(200, nil), "/%00", "localhost"},
	} {
		t.Run(name, func(t *testing.T) {
			h := get(newEdge(t, nil).Wrap(c.next), c.path, func(r *http.Request) { r.Host = c.host }).Result().Header
			if got := h.Get("Server-Timing"); !regexp.MustCompile(`^app;dur=\d+\.\d{3}$`).MatchString(got) {
				t.Errorf("Server-Timing %q", got)
			}
			csp := h.Get("Content-Security-Policy")
			if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "base-uri 'none'") {
				t.Errorf("Content-Security-Policy %q", csp)
			}
			for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"} {
				if h.Get(header) != want {
					t.Errorf("%s is %q, want %q", header, h.Get(header), want)
				}
			}
			if !strings.HasPrefix(h.Get("Strict-Transport-Security"), "max-age=") || !strings.Contains(h.Get("Permissions-Policy"), "publickey-credentials-get=(self)") {
				t.Errorf("%v", h)
			}
			if !strings.HasPrefix(h.Get("X-Request-Id"), "req_") {
				t.Errorf("X-Request-Id %q", h.Get("X-Request-Id"))
			}
		})
	}
}

func TestStrictTransportIsLongOnlyForANameThatIsOursAlone(t *testing.T) {
	e := newEdge(t, nil).Wrap(answer(200, nil))
	for host, want := range map[string]string{"localhost:8443": "max-age=3600", "sbd.example.gov.uk": "max-age=63072000"} {
		got := get(e, "/", func(r *http.Request) { r.Host = host }).Header().Get("Strict-Transport-Security")
		if got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestOnlyKnownHostNamesAreServed(t *testing.T) {
	for _, c := range []struct {
		host     string
		loopback bool
		want     int
	}{
		{"localhost", true, 200}, {"localhost:8443", true, 200}, {"LOCALHOST.:8443", true, 200}, {"127.0.0.1:8443", true, 200}, {"[::1]:8443", true, 200},
		{"localhost", false, 421}, {"127.0.0.1", false, 421},
		{"sbd.example.gov.uk", false, 200}, {"SBD.example.gov.uk:443", true, 200},
		{"evil.example", true, 421}, {"", true, 421}, {"sbd.example.gov.uk.evil.example", true, 421}, {"localhost.evil.example", true, 421}, {"127.0.0.2", true, 421},
	} {
		e := newEdge(t, func(k *edge.Config) { k.Loopback = c.loopback }).Wrap(answer(200, nil))
		if got := get(e, "/", func(r *http.Request) { r.Host = c.host }).Code; got != c.want {
			t.Errorf("%q (loopback %v): %d, want %d", c.host, c.loopback, got, c.want)
		}
	}
}

func TestTooManyRequestsFromOneAddressAreRefusedWithRetryAfter(t *testing.T) {
	e := newEdge(t, func(c *edge.Config) { c.Rate = edge.Rate{PerSecond: 1, Burst: 3, Addresses: 2} }).Wrap(answer(200, nil))
	from := func(address string) *httptest.ResponseRecorder {
		return get(e, "/", func(r *http.Request) { r.RemoteAddr = address })
	}
	for i := range 3 {
		if w := from("192.0.2.1:1000"); w.Code != 200 {
			t.Fatalf("request %d: %d", i, w.Code)
		}
	}
	w := from("192.0.2.1:1001")
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := from("192.0.2.2:1000"); w.Code != 200 {
		t.Errorf("another address: %d", w.Code)
	}
	if w := get(e, "/healthz", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" }); w.Code != 200 {
		t.Errorf("a probe is limited: %d", w.Code)
	}
}

func TestProbesSayWhetherTheServerIsAliveAndReady(t *testing.T) {
	e := newEdge(t, func(c *edge.Config) {
		c.Ready = func(context.Context) error { return errors.New("schema is at 3, want 4") }
	}).Wrap(answer(200, nil))
	if w := get(e, "/healthz", nil); w.Code != 200 {
		t.Errorf("alive: %d", w.Code)
	}
	w := get(e, "/readyz", func(r *http.Request) { r.Host = "10.0.0.7" })
	if w.Code != 503 || strings.Contains(w.Body.String(), "schema") || w.Header().Get("Retry-After") == "" {
		t.Errorf("not ready: %d %s", w.Code, w.Body)
	}
	if w := get(e, "/healthz", func(r *http.Request) { r.Method = "POST" }); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestEveryKindOfFaultHasItsAnswer(t *testing.T) {
	want := map[fault.Kind]struct {
		status int
		uri    string
	}{
		fault.Unauthorised: {401, "/problems/not-signed-in"}, fault.NotFound: {404, "/problems/not-found"}, fault.Forbidden: {403, "/problems/not-permitted"},
		fault.StepUp: {403, "/problems/step-up-required"}, fault.Invalid: {422, "/problems/invalid"}, fault.Conflict: {409, "/problems/conflict"},
		fault.Stale: {412, "/problems/stale"}, fault.TooLarge: {413, "/problems/too-large"}, fault.Unsupported: {415, "/problems/unsupported-type"},
		fault.RateLimited: {429, "/problems/too-many-requests"}, fault.Unavailable: {503, "/problems/unavailable"},
		fault.NotAvailable: {501, "/problems/not-available"}, fault.Internal: {500, "/problems/internal"},
	}
	for _, kind := range fault.Kinds() {
		w := get(newEdge(t, nil).Wrap(answer(0, fault.New(kind, "The sentence."))), "/", nil)
		var p edge.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if w.Code != want[kind].status || p.Status != w.Code || p.Type != want[kind].uri || p.Title == "" {
			t.Errorf("%s: %d %+v", kind, w.Code, p)
		}
		if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s: Content-Type %q", kind, ct)
		}
		if p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") {
			t.Errorf("%s: request id %q", kind, p.RequestID)
		}
		retry, challenge := w.Header().Get("Retry-After"), w.Header().Get("WWW-Authenticate")
		if (retry != "") != (kind == fault.RateLimited || kind == fault.Unavailable) || (challenge != "") != (kind == fault.Unauthorised) {
			t.Errorf("%s: Retry-After %q, WWW-Authenticate %q", kind, retry, challenge)
		}
		if shown := strings.Contains(p.Detail, "The sentence."); shown == (kind == fault.Internal) {
			t.Errorf("%s: %q", kind, p.Detail)
		}
	}
}

func TestProblemsOfFieldsAreListed(t *testing.T) {
	var ps fault.Problems
	ps.Add("/name", "Enter a name.")
	w := get(newEdge(t, nil).Wrap(answer(0, ps.Err())), "/", nil)
	if want := `"errors":[{"pointer":"/name","detail":"Enter a name."}]`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("%s", w.Body)
	}
}

func TestWhatWentWrongInsideIsLoggedAndNotShown(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"an error":         answer(0, errors.New("secret cause")),
		"a panic":          http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret cause") }),
		"an error of time": answer(0, errors.Join(context.DeadlineExceeded, errors.New("secret cause"))),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			w := get(newEdge(t, func(c *edge.Config) { c.Log = slog.New(slog.NewJSONHandler(&log, nil)) }).Wrap(h), "/", nil)
			if w.Code < 500 || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w.Code == 500 && (!strings.Contains(log.String(), "secret cause") || !strings.Contains(log.String(), w.Header().Get("X-Request-Id")) ||
				!strings.Contains(w.Body.String(), "Quote the number "+w.Header().Get("X-Request-Id"))) {
				t.Errorf("log %s\nbody %s", log.String(), w.Body)
			}
		})
	}
}

func TestAPanicBehindHalfAnAnswerCutsTheConnection(t *testing.T) {
	e := newEdge(t, nil).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		panic("no")
	}))
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the connection was not cut")
		}
	}()
	get(e, "/", nil)
}

func TestTheLogHoldsNoPersonalDataAndNoSecretOfALink(t *testing.T) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.Handle("GET /setup/{secret}", answer(200, nil))
	e := newEdge(t, func(c *edge.Config) { c.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	get(e.Wrap(mux), "/setup/s3cret?email=ann@example.org", func(r *http.Request) {
		r.RemoteAddr = "192.0.2.77:1"
		r.Header.Set("User-Agent", "Browser of Ann")
		r.Header.Set("Authorization", "Bearer good")
	})
	for _, secret := range []string{"s3cret", "ann@example.org", "192.0.2.77", "Browser", "good"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q: %s", secret, log.String())
		}
	}
	if !strings.Contains(log.String(), `"route":"GET /setup/{secret}"`) || !strings.Contains(log.String(), `"status":200`) {
		t.Errorf("%s", log.String())
	}
}

func TestBearerLetsOnlyAWorkingTokenThrough(t *testing.T) {
	who := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, edge.Actor(r.Context()).ID) })
	for name, c := range map[string]struct {
		headers []string
		cookie  string
		want    int
	}{
		"a token":                 {[]string{"Bearer good"}, "", 200},
		"scheme in lower case":    {[]string{"bearer good"}, "", 200},
		"nothing":                 {nil, "", 401},
		"a wrong token":           {[]string{"Bearer bad"}, "", 401},
		"another scheme":          {[]string{"Basic good"}, "", 401},
		"no token after the word": {[]string{"Bearer "}, "", 401},
		"two headers":             {[]string{"Bearer good", "Bearer good"}, "", 401},
		"two tokens":              {[]string{"Bearer good, good"}, "", 401},
		"a very long token":       {[]string{"Bearer " + strings.Repeat("a", 600)}, "", 401},
		"a cookie":                {nil, "good", 401},
		"a wrong token, a cookie": {[]string{"Bearer bad"}, "good", 401},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t, nil)
			w := get(e.Wrap(e.Bearer(who)), "/api/v1/x", func(r *http.Request) {
				r.Header["Authorization"] = c.headers
				if c.cookie != "" {
					r.AddCookie(&http.Cookie{Name: edge.SessionCookie, Value: c.cookie})
				}
			})
			if w.Code != c.want || (w.Code == 200) != (w.Body.String() == "tok_1") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Error("no WWW-Authenticate")
			}
		})
	}
}

func TestSessionResolvesTheCookieAndNothingElse(t *testing.T) {
	who := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, edge.Actor(r.Context()).ID+" "+edge.Signed(r.Context()).Name)
	})
	e := newEdge(t, nil)
	for name, c := range map[string]struct {
		cookie, token, want string
		cleared             bool
	}{
		"a session":            {"good", "", "usr_1 Ann", false},
		"nothing":              {"", "", " ", false},
		"a session that ended": {"old", "", " ", true},
		"a token":              {"", "good", " ", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(e.Wrap(e.Session(who)), "/", func(r *http.Request) {
				if c.cookie != "" {
					r.AddCookie(&http.Cookie{Name: edge.SessionCookie, Value: c.cookie})
				}
				if c.token != "" {
					r.Header.Set("Authorization", "Bearer "+c.token)
				}
			})
			if w.Body.String() != c.want || strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") != c.cleared {
				t.Errorf("%q, cookie %q", w.Body, w.Header().Get("Set-Cookie"))
			}
		})
	}
	broken := newEdge(t, func(c *edge.Config) { c.Doors = doors{fail: errors.New("database gone")} })
	w := get(broken.Wrap(broken.Session(who)), "/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: edge.SessionCookie, Value: "good"}) })
	if w.Code != 500 || strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("a database failure signed somebody out: %d", w.Code)
	}
}

func TestWritesFromAnotherSiteAreRefused(t *testing.T) {
	e := newEdge(t, nil)
	h := e.Wrap(e.Session(answer(200, nil)))
	for _, c := range []struct {
		method, site, origin string
		want                 int
	}{
		{"POST", "same-origin", "", 200}, {"POST", "none", "", 200}, {"POST", "cross-site", "", 403}, {"POST", "same-site", "", 403},
		{"POST", "", "https://localhost:8443", 200}, {"POST", "", "https://evil.example", 403}, {"POST", "", "null", 403}, {"GET", "cross-site", "", 200},
		{"DELETE", "cross-site", "", 403}, {"PUT", "cross-site", "", 403},
	} {
		w := get(h, "/", func(r *http.Request) {
			r.Method = c.method
			if c.site != "" {
				r.Header.Set("Sec-Fetch-Site", c.site)
			}
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
		})
		if w.Code != c.want {
			t.Errorf("%s from %q %q: %d, want %d", c.method, c.site, c.origin, w.Code, c.want)
		}
	}
}

func TestTheSessionCookieIsBoundToThisHost(t *testing.T) {
	w := httptest.NewRecorder()
	edge.SetSession(w, "secret")
	got := w.Header().Get("Set-Cookie")
	if got != "__Host-session=secret; Path=/; HttpOnly; Secure; SameSite=Lax" {
		t.Errorf("%s", got)
	}
}

func TestABodyBeyondTheLimitIsTooLarge(t *testing.T) {
	read := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := edge.ReadBody(r, 10); err != nil {
			edge.WriteProblem(w, r, err)
		}
	})
	e := newEdge(t, func(c *edge.Config) { c.MaxBody = 20 }).Wrap(read)
	for n, want := range map[int]int{0: 200, 10: 200, 11: 413, 30: 413} {
		w := get(e, "/", func(r *http.Request) {
			r.Method, r.Body = "POST", io.NopCloser(strings.NewReader(strings.Repeat("a", n)))
		})
		if w.Code != want {
			t.Errorf("%d bytes: %d, want %d", n, w.Code, want)
		}
	}
	w := get(e, "/", func(r *http.Request) {
		r.Method, r.Body = "POST", io.NopCloser(io.MultiReader(strings.NewReader("a"), broken{}))
	})
	if w.Code != 422 {
		t.Errorf("a body that breaks off: %d", w.Code)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAnAddressThatIsNotTextIsRefused(t *testing.T) {
	e := newEdge(t, nil).Wrap(answer(200, nil))
	for target, want := range map[string]int{"/": 200, "/a?name=%C3%A9": 200, "/%00": 422, "/%ff": 422, "/?name=%00": 422, "/?name=%ff": 422, "/?na%ffme=x": 422, "/?a=%zz": 422, "/?a;b": 422} {
		if w := get(e, target, nil); w.Code != want {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestAnEdgeWithoutWhatItNeedsIsRefused(t *testing.T) {
	full := edge.Config{Doors: doors{}, Now: (&clock{}).now, Random: rand.Reader, Loopback: true, Ready: func(context.Context) error { return nil }}
	for name, change := range map[string]func(*edge.Config){
		"doors": func(c *edge.Config) { c.Doors = nil }, "clock": func(c *edge.Config) { c.Now = nil }, "random": func(c *edge.Config) { c.Random = nil },
		"ready": func(c *edge.Config) { c.Ready = nil }, "hosts": func(c *edge.Config) { c.Loopback = false },
	} {
		c := full
		change(&c)
		if _, err := edge.New(c); err == nil {
			t.Errorf("an edge without %s was made", name)
		}
	}
}
