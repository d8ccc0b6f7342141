package boot

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/touchstone-assurance/touchstone/internal/web/assets"
)

// The tests here are lines of section 1 of the contracts that are about the
// program as a process: what it prints, how it ends, what it leaves on the disk.

// touchstone is the program as an operator has it, run as a process of its own.
type touchstone struct {
	t    *testing.T
	path string
	home string
}

func newTouchstone(t *testing.T) touchstone {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "touchstone") // by this name the tests' binary is the program
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return touchstone{t, path, dir}
}

func (p touchstone) command(ctx context.Context, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	cmd = exec.CommandContext(ctx, p.path, args...)
	cmd.Env = []string{"HOME=" + p.home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + p.home}
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// run expects an exit code and returns what stood on standard output.
func (p touchstone) run(want int, args ...string) string {
	p.t.Helper()
	cmd, stdout, stderr := p.command(p.t.Context(), args...)
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != want {
		p.t.Fatalf("touchstone %s ended with %d, want %d (%v)\n%s%s", strings.Join(args, " "), code, want, err, stdout, stderr)
	}
	return stdout.String()
}

// described runs a command with --format json and holds what it prints to the
// schema of that name.
func (p touchstone) described(schema string, want int, args ...string) map[string]any {
	p.t.Helper()
	return described(p.t, schema, p.run(want, append(args, "--format", "json")...))
}

// described fails unless text is one line of JSON as docs/schemas says, in which
// no member is missing from the description.
func described(t *testing.T, schema, text string) map[string]any {
	t.Helper()
	if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") {
		t.Errorf("%s: want one line, got %q", schema, text)
	}
	b, err := os.ReadFile("../../docs/schemas/" + schema + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	closeObjects(doc)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v in %q", schema, err, text)
	}
	if err := compiled.Validate(v); err != nil {
		t.Errorf("%s: %v\n%s", schema, err, text)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// closeObjects refuses members that a schema does not describe, where it does not
// say that there may be others.
func closeObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, object := v["properties"]; object && v["type"] == "object" && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		for _, child := range v {
			closeObjects(child)
		}
	case []any:
		for _, child := range v {
			closeObjects(child)
		}
	}
}

// TestWhatCommandsPrintForProgramsIsAsDescribed runs every command that prints
// JSON and works on a folder alone.
func TestWhatCommandsPrintForProgramsIsAsDescribed(t *testing.T) {
	p := newTouchstone(t)
	data := filepath.Join(p.home, "data")
	token := p.described("token", 0, "token", "create", "--data", data, "--org", "Example Organisation", "--create-org", "--role", "administrator", "--ttl", "48h")
	if expires, err := time.Parse(time.RFC3339, token["expires_at"].(string)); err != nil || time.Until(expires) < 47*time.Hour || time.Until(expires) > 49*time.Hour {
		t.Errorf("expires %v, %v", expires, err)
	}
	for _, role := range []string{"team_member", "dtsl", "sro", "assessor", "portfolio_reader"} {
		made := p.described("token", 0, "token", "create", "--data", data, "--org", "Example Organisation", "--role", role)
		if made["organisation"] != token["organisation"] || made["role"] != role || made["principal"] == token["principal"] {
			t.Errorf("%v", made)
		}
	}
	p.run(2, "token", "create", "--data", data, "--org", "Example Organisation", "--role", "king", "--format", "json")
	p.run(1, "token", "create", "--data", data, "--org", "Unknown", "--role", "sro", "--format", "json")

	p.described("doctor", 0, "doctor", "--data", data)
	p.described("verify", 0, "verify", "--data", data)
	p.described("migrate", 0, "migrate", "--data", data)
	p.described("config", 0, "config", "check", "--data", data)
	p.described("setting", 0, "config", "explain", "privileged_totp")
	p.described("setting", 0, "config", "explain", "listen")
	p.described("version", 0, "version")
	p.described("frameworks", 0, "framework", "list")
	p.described("framework", 0, "framework", "show", "mod-sbd@2025")
	bad := filepath.Join(p.home, "bad", "1.yaml")
	if err := errors.Join(os.Mkdir(filepath.Dir(bad), 0o700), os.WriteFile(bad, []byte("id: bad\nfrob: 1\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if lint := p.described("framework-lint", 3, "framework", "lint", bad); len(lint["files"].([]any)[0].(map[string]any)["problems"].([]any)) == 0 {
		t.Errorf("%v", lint)
	}

	copied := filepath.Join(p.home, "copy.backup")
	backup := p.described("backup-result", 0, "backup", "--data", data, "--out", copied)
	restored := p.described("backup-result", 0, "restore", "--data", data, copied)
	if backup["sha256"] != restored["sha256"] || backup["entries"] != restored["entries"] {
		t.Errorf("backup %v, restored %v", backup, restored)
	}
	made := p.described("bench-seed", 0, "bench", "seed", "--data", filepath.Join(p.home, "seeded"), "--systems", "3", "--answers", "60", "--units", "2", "--users", "8")
	if n := made["counts"].(map[string]any)["systems"]; n != 3.0 {
		t.Errorf("%v systems", n)
	}
	if v := p.described("verify", 0, "verify", "--data", filepath.Join(p.home, "seeded")); v["ok"] != true {
		t.Errorf("%v", v)
	}
}

// TestVerifyEndsWithThreeWhenTheLogIsNotSound changes a copy of a folder the way
// somebody with the file in their hands would.
func TestVerifyEndsWithThreeWhenTheLogIsNotSound(t *testing.T) {
	p := newTouchstone(t)
	data, kept := filepath.Join(p.home, "data"), filepath.Join(p.home, "checkpoint")
	for _, name := range []string{"A", "B", "C"} {
		p.run(0, "token", "create", "--data", data, "--org", name, "--create-org", "--role", "administrator")
	}
	if err := os.WriteFile(kept, []byte(p.run(0, "log", "checkpoint", "--data", data)), 0o600); err != nil {
		t.Fatal(err)
	}
	sound := p.described("verify", 0, "verify", "--data", data)
	if notes := sound["notes"].([]any); len(notes) != 1 || !strings.Contains(notes[0].(string), "Without a checkpoint") {
		t.Errorf("without a checkpoint it says %v", notes)
	}
	if v := p.described("verify", 0, "verify", "--data", data, "--checkpoint", kept); strings.Contains(strings.Join(texts(v["notes"]), " "), "Without a checkpoint") {
		t.Errorf("with a checkpoint it says %v", v["notes"])
	}
	for want, statement := range map[string]string{
		"edited":       "UPDATE audit_entry SET actor = 'usr_x' WHERE idx = 3",
		"deleted":      "DELETE FROM audit_entry WHERE idx = 3",
		"swapped":      "UPDATE audit_entry SET idx = -1 WHERE idx = 3; UPDATE audit_entry SET idx = 3 WHERE idx = 4; UPDATE audit_entry SET idx = 4 WHERE idx = -1",
		"truncated":    "DELETE FROM audit_entry WHERE idx = (SELECT max(idx) FROM audit_entry)",
		"row_changed":  "UPDATE organisation SET name = 'D' WHERE name = 'C'",
		"row_missing":  "DELETE FROM organisation WHERE name = 'C'",
		"row_unlogged": "INSERT INTO unit SELECT id, 'unit_x', '', 'Ghost', 'directorate', 1 FROM organisation LIMIT 1",
	} {
		t.Run(want, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
				t.Fatal(err)
			}
			tighten(t, copied)
			db, err := sql.Open("sqlite", filepath.Join(copied, "touchstone.db"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			v := p.described("verify", 3, "verify", "--data", copied, "--checkpoint", kept)
			kinds := []string{}
			for _, problem := range v["problems"].([]any) {
				kinds = append(kinds, problem.(map[string]any)["kind"].(string))
			}
			if v["ok"] != false || !strings.Contains(strings.Join(kinds, " "), want) {
				t.Errorf("%s: %v", statement, kinds)
			}
		})
	}
}

func texts(v any) []string {
	var out []string
	for _, s := range v.([]any) {
		out = append(out, s.(string))
	}
	return out
}

// tighten gives a copied folder the modes that the program insists on.
func tighten(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.Chmod(path, 0o700)
		case d.Name() == "ca.crt":
			return os.Chmod(path, 0o644)
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// needsAssets skips a test of the server when the binary was built without its
// style sheets; make test and make check build them first.
func needsAssets(t *testing.T) {
	t.Helper()
	if built, err := assets.New(); err != nil || !built.Built() {
		t.Skipf("the style sheets and scripts are not built: run make assets (%v)", err)
	}
}

// TestServePrintsOneLineAnswersAndEndsWithZero is the life of a server.
func TestServePrintsOneLineAnswersAndEndsWithZero(t *testing.T) {
	needsAssets(t)
	p := newTouchstone(t)
	data := filepath.Join(p.home, "data")
	running := p.begin("serve", "--data", data, "--listen", "127.0.0.1:0")
	said := described(t, "serve", running.line)
	url := said["url"].(string)
	if !strings.HasPrefix(url, "https://localhost:") || !strings.HasPrefix(said["setup_url"].(string), url+"/") {
		t.Errorf("%v", said)
	}
	client := trusting(t, filepath.Join(data, "ca.crt"))
	for path, want := range map[string]int{"/readyz": 200, "/healthz": 200, "/api/v1/openapi.json": 200, "/api/v1/systems": 401} {
		if got := get(t, client, url+path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	// Commands work beside it; a second server does not.
	p.described("token", 0, "token", "create", "--data", data, "--org", "A", "--create-org", "--role", "sro")
	p.described("doctor", 0, "doctor", "--data", data)
	p.described("verify", 0, "verify", "--data", data)
	p.described("backup-result", 0, "backup", "--data", data, "--out", filepath.Join(p.home, "b"))
	if out := p.run(1, "serve", "--data", data, "--listen", "127.0.0.1:0", "--format", "json"); out != "" {
		t.Errorf("a second server prints %q", out)
	}
	running.end()
}

// TestADemoIsForLoopbackAndIsRemovedWithNothingElse makes a demo, moves its clock
// and removes it.
func TestADemoIsForLoopbackAndIsRemovedWithNothingElse(t *testing.T) {
	needsAssets(t)
	p := newTouchstone(t)
	top := filepath.Join(p.home, "folder")
	demo, other := filepath.Join(top, "demo"), filepath.Join(top, "real")
	p.run(0, "token", "create", "--data", other, "--org", "A", "--create-org", "--role", "administrator")
	p.run(1, "demo", "--data", other, "--listen", "127.0.0.1:0")
	p.run(1, "demo", "--remove", "--data", other)
	p.run(1, "demo", "--remove", "--data", top)
	p.run(2, "demo", "--data", demo, "--listen", "0.0.0.0:0")
	p.run(0, "doctor", "--data", other)

	running := p.begin("demo", "--data", demo, "--listen", "127.0.0.1:0")
	said := described(t, "demo", running.line)
	roles := map[string]map[string]bool{}
	for _, v := range said["personas"].([]any) {
		who := v.(map[string]any)
		if roles[who["organisation"].(string)] == nil {
			roles[who["organisation"].(string)] = map[string]bool{}
		}
		roles[who["organisation"].(string)][who["role"].(string)] = true
	}
	if len(roles) < 2 {
		t.Errorf("%d organisations", len(roles))
	}
	for organisation, in := range roles {
		if len(in) != 6 {
			t.Errorf("%s has the roles %v", organisation, in)
		}
	}
	token := said["personas"].([]any)[0].(map[string]any)["token"].(string)
	client := trusting(t, filepath.Join(demo, "ca.crt"))
	clock := func(now time.Time) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, said["url"].(string)+"/api/v1/demo/clock", strings.NewReader(`{"now":"`+now.UTC().Format(time.RFC3339)+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if got := clock(time.Now().AddDate(0, 2, 0)); got != 200 {
		t.Errorf("the clock moves forward: %d", got)
	}
	if got := clock(time.Now()); got/100 != 4 {
		t.Errorf("the clock moves back: %d", got)
	}
	p.run(1, "demo", "--remove", "--data", demo) // it is running
	running.end()
	p.run(1, "serve", "--data", demo, "--listen", "127.0.0.1:0") // never switched on for real data
	removed := p.described("demo-removed", 0, "demo", "--remove", "--data", demo)
	if removed["data"] != demo {
		t.Errorf("%v", removed)
	}
	if _, err := os.Stat(demo); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the demo is still there: %v", err)
	}
	p.run(0, "verify", "--data", other)
}

// running is a server that has said its first line.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	line string
	rest chan string
}

// begin starts a server and waits for its line.
func (p touchstone) begin(args ...string) *running {
	p.t.Helper()
	cmd, _, stderr := p.command(context.WithoutCancel(p.t.Context()), append(args, "--format", "json")...)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { cmd.Process.Kill() })
	r := &running{t: p.t, cmd: cmd, rest: make(chan string, 1)}
	var line []byte
	for one := make([]byte, 1); len(line) == 0 || line[len(line)-1] != '\n'; line = append(line, one...) {
		if _, err := out.Read(one); err != nil {
			cmd.Wait()
			p.t.Fatalf("touchstone %s ended before it was ready: %s", strings.Join(args, " "), stderr)
		}
	}
	r.line = string(line)
	go func() {
		var b bytes.Buffer
		b.ReadFrom(out)
		r.rest <- b.String()
	}()
	return r
}

// end tells the server to stop and expects it to, in time, with nothing more said.
func (r *running) end() {
	r.t.Helper()
	asked := time.Now()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	rest := <-r.rest
	err := r.cmd.Wait()
	if took := time.Since(asked); err != nil || took > 5*time.Second || rest != "" {
		r.t.Errorf("ended with %v after %v, having printed %q more", err, took, rest)
	}
}

// trusting is a client that knows the authority of a folder and no other.
func trusting(t *testing.T, ca string) *http.Client {
	t.Helper()
	b, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		t.Fatal("ca.crt holds no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}
