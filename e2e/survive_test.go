package e2e

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/e2e/internal/stand"
)

// killsVariable says how many times the program is killed; the contract says 100.
const killsVariable = "TOUCHSTONE_E2E_KILLS"

func kills(t *testing.T) int {
	t.Helper()
	s := os.Getenv(killsVariable)
	if s == "" {
		return 100
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("%s is not a number of times: %q", killsVariable, s)
	}
	return n
}

// TestEveryAcknowledgedWriteIsThereAfterKill kills the program at random moments
// while 20 writers write, starts it again, and looks for everything that it had
// said was written.
func TestEveryAcknowledgedWriteIsThereAfterKill(t *testing.T) {
	s := stand.Start(t, stand.Options{})
	const writers = 20
	api := stand.API{Server: s, Token: s.Token(t, organisation, "team_member")}
	s.Client(t)
	// Each writer answers a question of its own system again and again, and
	// registers systems.
	type place struct{ assessment, requirement string }
	places := make([]place, writers)
	acknowledged := make([]int64, writers) // version of the answer last said to be saved
	for i := range places {
		system := api.Do(t, 201, "POST", "/api/v1/systems", map[string]any{"name": fmt.Sprintf("System of writer %d", i), "organisation": organisation}).ID()
		a := api.Do(t, 201, "POST", "/api/v1/systems/"+system+"/assessments", map[string]any{"framework": frameworkID, "version": "1.0"}).ID()
		places[i] = place{a, api.Do(t, 200, "GET", "/api/v1/assessments/"+a+"/responses", nil).Items()[0]["id"].(string)}
	}
	var mu sync.Mutex
	made := map[string]string{} // identifier of a system said to be made -> its name
	var wrote, asked atomic.Int64

	soon := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	write := func(writer, round int, stop *atomic.Bool) {
		for n := 0; !stop.Load(); n++ {
			asked.Add(1)
			if n%2 == 0 {
				name := fmt.Sprintf("Round %d writer %d number %d", round, writer, n)
				got, err := api.Try("POST", "/api/v1/systems", map[string]any{"name": name, "organisation": organisation})
				if err != nil {
					return // killed
				}
				if got.Status == 201 {
					wrote.Add(1)
					mu.Lock()
					made[got.ID()] = name
					mu.Unlock()
				} else {
					t.Errorf("creating a system: %d %.300s", got.Status, got.Raw)
					return
				}
				continue
			}
			p := places[writer]
			path := "/api/v1/assessments/" + p.assessment + "/responses/" + p.requirement
			var header []string
			if v := atomic.LoadInt64(&acknowledged[writer]); v > 0 {
				header = []string{"If-Match", fmt.Sprintf(`"%d"`, v)}
			}
			got, err := api.Try("PUT", path, map[string]any{"claim": "dont_know", "find_out_by": soon, "rationale": fmt.Sprintf("Round %d, number %d.", round, n)}, header...)
			switch {
			case err != nil:
				return
			case got.Status == 200:
				wrote.Add(1)
				v, _ := strconv.ParseInt(strings.Trim(got.Header.Get("ETag"), `"`), 10, 64)
				atomic.StoreInt64(&acknowledged[writer], v)
			case got.Status == 412:
				// The write before was done and its answer was lost with the process.
				now, err := api.Try("GET", path, nil)
				if err != nil {
					return
				}
				v, _ := now.Body["version"].(float64)
				if last := atomic.LoadInt64(&acknowledged[writer]); int64(v) <= last {
					t.Errorf("writer %d: version %v is there, %d was acknowledged", writer, v, last)
				}
				atomic.StoreInt64(&acknowledged[writer], int64(v))
			default:
				t.Errorf("answering: %d %.300s", got.Status, got.Raw)
				return
			}
		}
	}
	rounds := kills(t)
	for round := range rounds {
		if t.Failed() {
			break
		}
		var stop atomic.Bool
		var running sync.WaitGroup
		for i := range writers {
			running.Go(func() { write(i, round, &stop) })
		}
		time.Sleep(time.Duration(60+rand.IntN(240)) * time.Millisecond)
		s.Kill()
		stop.Store(true)
		running.Wait()
		s.Client(t).CloseIdleConnections()
		if err := s.Begin(); err != nil {
			t.Fatalf("after kill %d it did not start: %v", round+1, err)
		}
	}
	t.Logf("%d kills; %d of %d writes acknowledged", rounds, wrote.Load(), asked.Load())
	if wrote.Load() < int64(rounds) {
		t.Errorf("only %d writes were acknowledged: nothing was tested", wrote.Load())
	}
	there := map[string]string{}
	for after := ""; ; {
		page := api.Do(t, 200, "GET", "/api/v1/systems?limit=200"+after, nil)
		for _, item := range page.Items() {
			there[item["id"].(string)], _ = item["name"].(string)
		}
		next, _ := page.Body["next"].(string)
		if next == "" {
			break
		}
		after = "&after=" + next
	}
	for id, name := range made {
		if there[id] != name {
			t.Errorf("system %s (%s) was acknowledged and is %q", id, name, there[id])
		}
	}
	for i, p := range places {
		got := api.Do(t, 200, "GET", "/api/v1/assessments/"+p.assessment+"/responses/"+p.requirement, nil)
		if v, _ := got.Body["version"].(float64); int64(v) < acknowledged[i] {
			t.Errorf("writer %d: version %v is there, %d was acknowledged", i, v, acknowledged[i])
		}
	}
	sound(t, s)
}

// sound runs verify and fails the test unless it finds nothing.
func sound(t *testing.T, s *stand.Server) {
	t.Helper()
	r := s.Command(t, "verify", "--format", "json")
	var found struct {
		OK       bool  `json:"ok"`
		Entries  int64 `json:"entries"`
		Problems []any `json:"problems"`
	}
	if err := json.Unmarshal([]byte(r.Stdout), &found); err != nil || r.Code != 0 || !found.OK || len(found.Problems) > 0 {
		t.Errorf("verify ended with %d: %.2000s%s", r.Code, r.Stdout, r.Stderr)
	}
}

func TestStopsInTimeAndFinishesWhatItBegan(t *testing.T) {
	stand.OnBoth(t, func(t *testing.T, engine stand.Engine) {
		s := stand.Start(t, stand.Options{Engine: engine})
		api := stand.API{Server: s, Token: s.Token(t, organisation, "team_member")}
		s.Client(t)
		var running sync.WaitGroup
		var stopping atomic.Bool
		var mu sync.Mutex
		var made []string
		for i := range 20 {
			running.Go(func() {
				for n := 0; ; n++ {
					before := stopping.Load()
					got, err := api.Try("POST", "/api/v1/systems", map[string]any{"name": fmt.Sprintf("System %d of writer %d", n, i), "organisation": organisation})
					if err != nil {
						// Requests sent before the signal have to be answered.
						if !before && !stopping.Load() {
							t.Errorf("a request before the signal failed: %v", err)
						}
						return
					}
					if got.Status == 201 {
						mu.Lock()
						made = append(made, got.ID())
						mu.Unlock()
					} else if !stopping.Load() {
						t.Errorf("%d %.200s", got.Status, got.Raw)
						return
					}
				}
			})
		}
		time.Sleep(300 * time.Millisecond)
		stopping.Store(true)
		code, took, rest, err := s.Stop()
		running.Wait()
		if err != nil || code != 0 || took > 5*time.Second {
			t.Errorf("SIGTERM: exit code %d after %v, %v", code, took, err)
		}
		if rest != "" {
			t.Errorf("stdout carried more than one line: %q", rest)
		}
		t.Logf("ended %v after the signal, %d systems made", took, len(made))
		if err := s.Begin(); err != nil {
			t.Fatal(err)
		}
		for _, id := range made {
			api.Do(t, 200, "GET", "/api/v1/systems/"+id, nil)
		}
		sound(t, s)
	})
}

func TestASecondServeOnOneFolderIsRefused(t *testing.T) {
	s := stand.Start(t, stand.Options{})
	r := s.Command(t, "serve", "--listen", "127.0.0.1:0", "--format", "json")
	if r.Code != 1 || r.Stdout != "" || !strings.Contains(r.Stderr, s.Data) {
		t.Errorf("a second serve ended with %d, stdout %q, stderr %q", r.Code, r.Stdout, r.Stderr)
	}
	(stand.API{Server: s}).Do(t, 200, "GET", "/readyz", nil)
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	s := stand.Start(t, stand.Options{})
	api := stand.API{Server: s, Token: s.Token(t, organisation, "team_member")}
	api.Upload(t, 201, map[string]string{"title": "Report", "edition": "1", "produced_on": time.Now().Format(time.DateOnly)}, "report.txt", []byte("All tests passed.\n"))
	if r := s.Command(t, "backup", "--out", filepath.Join(s.Data, "copy.backup")); r.Code != 0 {
		t.Errorf("backup ended with %d: %s", r.Code, r.Stderr)
	}
	err := filepath.WalkDir(s.Data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		switch {
		case d.IsDir():
			want = 0o700
		case path == filepath.Join(s.Data, "ca.crt"):
			want = 0o644
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFirstStart says how long an empty folder takes until /readyz, and that it
// is answered. The figure is judged in docs/benchmarks.md, on a quiet machine.
func TestFirstStart(t *testing.T) {
	stand.OnBoth(t, func(t *testing.T, engine stand.Engine) {
		began := time.Now()
		s := stand.Start(t, stand.Options{Engine: engine})
		(stand.API{Server: s}).Do(t, 200, "GET", "/readyz", nil)
		t.Logf("first start to /readyz: %v; the program says %.0f ms", time.Since(began).Round(time.Millisecond), s.ReadyMS)
		if _, _, _, err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		s.Client(t).CloseIdleConnections()
		began = time.Now()
		if err := s.Begin(); err != nil {
			t.Fatal(err)
		}
		(stand.API{Server: s}).Do(t, 200, "GET", "/readyz", nil)
		t.Logf("warm start to /readyz: %v; the program says %.0f ms", time.Since(began).Round(time.Millisecond), s.ReadyMS)
	})
}

// TestOneOfFiftyApprovals has 50 requests approve one assessment at once.
func TestOneOfFiftyApprovals(t *testing.T) {
	s := stand.Start(t, stand.Options{Demo: true})
	s.Client(t)
	by := map[string]stand.API{}
	first := ""
	for _, p := range s.Personas {
		if first == "" {
			first = p.Organisation
		}
		if p.Organisation == first {
			by[p.Role] = stand.API{Server: s, Token: p.Token}
		}
	}
	team, sro := by["team_member"], by["sro"]
	a := begin(t, team, sro)
	team.AnswerAll(t, a)
	path := "/api/v1/assessments/" + a
	team.Do(t, 200, "POST", path+"/submit", map[string]any{}, "If-Match", team.Do(t, 200, "GET", path, nil).Header.Get("ETag"))
	etag := sro.Do(t, 200, "GET", path, nil).Header.Get("ETag")

	var running sync.WaitGroup
	var mu sync.Mutex
	status := map[int]int{}
	ready := make(chan struct{})
	for range 50 {
		running.Go(func() {
			<-ready
			got, err := sro.Try("POST", path+"/approve", map[string]any{}, "If-Match", etag)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			status[got.Status]++
		})
	}
	close(ready)
	running.Wait()
	won := 0
	for code, n := range status {
		if code/100 == 2 {
			won += n
		} else if code != http.StatusConflict && code != http.StatusPreconditionFailed && code != http.StatusTooManyRequests {
			t.Errorf("%d approvals were answered with %d", n, code)
		}
	}
	if won != 1 {
		t.Errorf("%d of 50 approvals were granted: %v", won, status)
	}
	now := sro.Do(t, 200, "GET", path, nil)
	if now.Body["state"] != "approved" || version(t, now.Header.Get("ETag")) != version(t, etag)+1 {
		t.Errorf("the assessment is %v at version %s, it was sent at %s", now.Body["state"], now.Header.Get("ETag"), etag)
	}
	sound(t, s)
}

// begin starts an assessment of a system that both the team and its SRO reach.
func begin(t *testing.T, team, sro stand.API) string {
	t.Helper()
	for _, system := range sro.Do(t, 200, "GET", "/api/v1/systems", nil).Items() {
		for _, f := range []string{"nist-ssdf", frameworkID, "touchstone-foundation"} {
			got, err := team.Try("POST", fmt.Sprintf("/api/v1/systems/%s/assessments", system["id"]), map[string]any{"framework": f})
			if err == nil && got.Status == 201 {
				return got.ID()
			}
		}
	}
	t.Fatal("no system can be assessed")
	return ""
}

// version reads an ETag.
func version(t *testing.T, etag string) int64 {
	t.Helper()
	v, err := strconv.ParseInt(strings.Trim(etag, `"`), 10, 64)
	if err != nil {
		t.Fatalf("the ETag %q is no version", etag)
	}
	return v
}
