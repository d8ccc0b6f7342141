package edge_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/edge"
)

func TestOnePersonOrTokenIsHeldToItsRateAndNobodyElseIs(t *testing.T) {
	held := func(c *edge.Config) { c.Actor = edge.PerMinute(60) }
	e := newEdge(t, held)
	served := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for name, c := range map[string]struct {
		h  http.Handler
		as func(*http.Request)
	}{
		"a token":   {e.Wrap(e.Bearer(served)), func(r *http.Request) { r.Header.Set("Authorization", "Bearer good") }},
		"a session": {e.Wrap(e.Session(served)), func(r *http.Request) { r.AddCookie(&http.Cookie{Name: edge.SessionCookie, Value: "good"}) }},
	} {
		t.Run(name, func(t *testing.T) {
			ok := 0
			var last *httptest.ResponseRecorder
			for range 100 { // the clock of these tests advances by milliseconds
				if last = get(c.h, "/x", c.as); last.Code == http.StatusNoContent {
					ok++
				}
			}
			if ok < 60 || ok > 62 || last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" {
				t.Errorf("%d of 100 were answered, the last with %d after %q", ok, last.Code, last.Header().Get("Retry-After"))
			}
		})
	}
	if w := get(e.Wrap(e.Session(served)), "/x", nil); w.Code != http.StatusNoContent {
		t.Errorf("somebody who is not signed in: %d", w.Code)
	}
}

func TestTheRateOfAPersonComesBackWithTime(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	e := newEdge(t, func(c *edge.Config) {
		c.Now = func() time.Time { return now }
		c.Actor = edge.PerMinute(60)
	})
	h := e.Wrap(e.Bearer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	as := func(r *http.Request) { r.Header.Set("Authorization", "Bearer good") }
	for range 60 {
		get(h, "/x", as)
	}
	for _, want := range []int{http.StatusTooManyRequests, http.StatusOK, http.StatusTooManyRequests} {
		if w := get(h, "/x", as); w.Code != want {
			t.Fatalf("%d, want %d", w.Code, want)
		}
		if want == http.StatusTooManyRequests {
			now = now.Add(1100 * time.Millisecond) // what Retry-After promises
		} else {
			now = now.Add(100 * time.Millisecond)
		}
	}
}
