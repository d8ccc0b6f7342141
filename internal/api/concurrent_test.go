package api_test

import (
	"sync"
	"testing"
)

// atOnce sends the same request n times at once.
func (w *world) atOnce(n int, a ask) []reply {
	out := make([]reply, n)
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range out {
		wait.Go(func() {
			<-start
			out[i] = w.send(a)
		})
	}
	close(start)
	wait.Wait()
	return out
}

func TestOfFiftySimultaneousApprovalsExactlyOneSucceeds(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	path := "/api/v1/assessments/" + q.assessment
	q.do(200, ask{method: "POST", path: path + "/submit", token: q.team})
	count := map[int]int{}
	for _, r := range q.atOnce(50, ask{method: "POST", path: path + "/approve", token: q.sro}) {
		count[r.status]++
	}
	if count[200] != 1 || count[200]+count[409] != 50 {
		t.Errorf("%v", count)
	}
}

func TestOneKeySentManyTimesAtOnceHasOneEffect(t *testing.T) {
	q := newQuarter(t)
	before := q.entries()
	replies := q.atOnce(20, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"Cranes","organisation":"Harbour Agency"}`,
		header: map[string]string{"Idempotency-Key": "once"}})
	for _, r := range replies {
		if r.status != 201 || r.body != replies[0].body || r.header.Get("Touchstone-Audit-Index") != replies[0].header.Get("Touchstone-Audit-Index") {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if n := q.entries(); n != before+1 {
		t.Errorf("the log grew by %d", n-before)
	}
}
