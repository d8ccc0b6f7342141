package app_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// BenchmarkVerify checks a log of many small entries whole: leaves, tree,
// openings, checkpoint and rows.
func BenchmarkVerify(b *testing.B) {
	const batches, each = 50, 1000
	w := apptest.New(b)
	ctx := context.Background()
	by := access.Actor{ID: "usr_06eavhmtg1x4haq1ztb8kkqtb4", Kind: access.UserActor, Organisation: "org_1", Strength: "passkey", RequestID: "req_1", Address: "192.0.2.1"}
	for range batches {
		_, err := w.DB.Write(ctx, by, func(tx *store.Tx) error {
			for range each {
				tx.Record(store.Record{Action: audit.AssessmentResponded, TargetType: "assessment", Target: "asm_1",
					Fields: map[string]string{"requirement": "Q0001", "before": "partly_met", "after": "met"}})
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	var entries int64
	for b.Loop() {
		v, err := w.App.Verify(ctx, access.Operator(), nil)
		if err != nil || !v.OK {
			b.Fatalf("%v %+v", err, v.Problems)
		}
		entries += v.Entries
	}
	b.ReportMetric(float64(entries)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkPagesWhileEightSignIn measures pages while eight people at a time send
// a passphrase, again and again, at the cost that the program uses. The addresses
// are unknown, for which the same work is done.
func BenchmarkPagesWhileEightSignIn(b *testing.B) {
	w := apptest.New(b, apptest.With(func(c *app.Config) {
		c.Hasher = authn.NewHasher(max(1, runtime.NumCPU()/2), 8, authn.DefaultCost(), rand.Reader)
	}))
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	made, err := w.App.BenchSeed(ctx, app.BenchInput{Systems: 100, Seed: 1, Units: 5, Users: 20})
	if err != nil {
		b.Fatal(err)
	}
	who, err := w.App.ActorFromToken(ctx, made.Token, apptest.Meta)
	if err != nil {
		b.Fatal(err)
	}
	e := &estate{w: w, who: who}
	e.look(b)
	var people sync.WaitGroup
	var mu sync.Mutex
	answers := map[fault.Kind]int{}
	for person := range 8 {
		people.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, _, err := w.App.SignInWithPassphrase(ctx, app.PassphraseInput{Email: fmt.Sprintf("p%d.%d@example.gov.uk", person, n), Passphrase: "correct horse battery staple", Code: "000000"}, apptest.Meta)
				mu.Lock()
				answers[fault.KindOf(err)]++
				mu.Unlock()
			}
		})
	}
	c := mathrand.New(mathrand.NewPCG(1, 1))
	var took []time.Duration
	pages := reads()
	for n := 0; b.Loop(); n++ {
		k := e.any(c)
		k.requirement = e.firstQuestion(b, k.assessment)
		began := time.Now()
		if err := pages[n%len(pages)].do(context.Background(), w.App, who, k); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	elapsed := b.Elapsed().Seconds()
	stop()
	people.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[(len(took)-1)*99/100])/float64(time.Millisecond), "p99-ms")
	b.ReportMetric(float64(took[len(took)/2])/float64(time.Millisecond), "p50-ms")
	b.ReportMetric(float64(answers[fault.Unauthorised])/elapsed, "answered/s")
	b.ReportMetric(float64(answers[fault.RateLimited])/elapsed, "turned_away/s")
	b.ReportMetric(0, "ns/op")
}
