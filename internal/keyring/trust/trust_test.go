package trust

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
)

// caFile returns the certificate of a fresh local authority.
func caFile(t *testing.T) string {
	t.Helper()
	r, err := keyring.Create(keyring.Options{Dir: t.TempDir(), Random: rand.NewChaCha8([32]byte{1}),
		Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return r.CAFile()
}

func TestNothingHappensWithoutConsentOrAnAuthority(t *testing.T) {
	home := t.TempDir()
	ca := caFile(t)
	if _, err := Install(context.Background(), Request{CAFile: ca, Home: home}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without consent: %v", err)
	}
	text := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(text, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{text, home, filepath.Join(home, "none")} {
		if _, err := Install(context.Background(), Request{CAFile: bad, Home: home, Consent: true}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if left, err := os.ReadDir(home); err != nil || len(left) != 0 {
		t.Errorf("left in the home folder: %v %v", left, err)
	}
}

func TestBrowsersTrustTheAuthorityAndForgetIt(t *testing.T) {
	certutil, err := exec.LookPath("certutil")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("certutil is not installed (Debian: libnss3-tools)")
	}
	if err != nil {
		t.Fatal("certutil is not installed (Debian: libnss3-tools)")
	}
	ctx, home, ca := context.Background(), t.TempDir(), caFile(t)
	shared, profile := filepath.Join(home, ".pki", "nssdb"), filepath.Join(home, ".mozilla", "firefox", "abc.default")
	if err := os.MkdirAll(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(certutil, "-N", "-d", "sql:"+profile, "--empty-password").Run(); err != nil {
		t.Fatal(err)
	}
	listed := func(db string) string {
		t.Helper()
		out, err := exec.Command(certutil, "-L", "-d", "sql:"+db).CombinedOutput()
		if err != nil {
			t.Fatalf("%s", out)
		}
		return string(out)
	}
	yes := Request{CAFile: ca, Home: home, Consent: true}
	for range 2 { // the second time changes nothing and is no fault
		steps, err := Install(ctx, yes)
		if err != nil || len(steps) != 2 || !steps[0].Done || !steps[1].Done {
			t.Fatalf("%+v %v", steps, err)
		}
	}
	for _, db := range []string{shared, profile} {
		if text := listed(db); strings.Count(text, "touchstone-local-ca-") != 1 || !strings.Contains(text, "C,,") {
			t.Errorf("%s lists %s", db, text)
		}
	}
	other := Request{CAFile: caFile(t), Home: home, Consent: true}
	if steps, err := Remove(ctx, other); err != nil || !steps[0].Done || !strings.Contains(listed(shared), "touchstone-local-ca-") {
		t.Errorf("removing another authority: %+v %v", steps, err)
	}
	for range 2 {
		if steps, err := Remove(ctx, yes); err != nil || !steps[0].Done || !steps[1].Done {
			t.Fatalf("%+v %v", steps, err)
		}
	}
	for _, db := range []string{shared, profile} {
		if text := listed(db); strings.Contains(text, "touchstone-local-ca-") {
			t.Errorf("%s still lists %s", db, text)
		}
	}
	if err := os.WriteFile(filepath.Join(profile, "cert9.db"), []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	steps, err := Install(ctx, yes)
	if err != nil || !steps[0].Done || steps[1].Done || !strings.Contains(steps[1].Text, "import "+ca) {
		t.Errorf("with a broken profile: %+v %v", steps, err)
	}
}

func TestRemovingFromAHomeWithoutDatabasesMakesNone(t *testing.T) {
	home := t.TempDir()
	if _, err := Remove(context.Background(), Request{CAFile: caFile(t), Home: home, Consent: true}); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(home); err != nil || len(left) != 0 {
		t.Errorf("left in the home folder: %v %v", left, err)
	}
}

func TestWithoutCertutilThePersonIsToldWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	ca := caFile(t)
	steps, err := Install(context.Background(), Request{CAFile: ca, Home: t.TempDir(), Consent: true})
	if err != nil || len(steps) != 1 || steps[0].Done || !strings.Contains(steps[0].Text, "libnss3-tools") || !strings.Contains(steps[0].Text, ca) {
		t.Errorf("%+v %v", steps, err)
	}
}

func TestTheMachinesListIsChangedAndChangedBack(t *testing.T) {
	ctx, ca, dir := context.Background(), caFile(t), t.TempDir()
	r := Request{CAFile: ca, Home: t.TempDir(), Consent: true, System: true, SystemDir: dir, Update: []string{"true"}}
	last := func(steps []Step, err error) Step {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return steps[len(steps)-1]
	}
	name, err := nickname(ca)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name+".crt")
	if s := last(Install(ctx, r)); !s.Done {
		t.Errorf("%+v", s)
	}
	want, _ := os.ReadFile(ca)
	if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
		t.Errorf("%s: %v", path, err)
	}
	for range 2 {
		if s := last(Remove(ctx, r)); !s.Done {
			t.Errorf("%+v", s)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
	r.Update = []string{"false"}
	if s := last(Install(ctx, r)); s.Done || !strings.Contains(s.Text, "update-ca-certificates") {
		t.Errorf("a failing update: %+v", s)
	}
	r.SystemDir = filepath.Join(dir, "none")
	if s := last(Install(ctx, r)); s.Done || !strings.Contains(s.Text, "not Debian") {
		t.Errorf("no such folder: %+v", s)
	}
}
