package stand

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Options say how a server is started.
type Options struct {
	Engine  Engine // SQLite when empty
	Demo    bool   // touchstone demo instead of serve
	Data    string // folder; a new one when empty
	Further []string
}

// Persona is one sample person of a demo.
type Persona struct {
	Name         string `json:"name"`
	Role         string `json:"role"`
	Organisation string `json:"organisation"`
	SignInURL    string `json:"sign_in_url"`
	Token        string `json:"token"`
}

// Started is the line that the program prints once it answers.
type Started struct {
	URL      string    `json:"url"`
	SetupURL string    `json:"setup_url"`
	CA       string    `json:"ca"`
	ReadyMS  float64   `json:"ready_ms"`
	Personas []Persona `json:"personas"`
}

// Server is a running program.
type Server struct {
	Started
	Data     string
	Database string // address of the PostgreSQL database; "" for SQLite
	Listen   string
	options  Options
	program  string
	cmd      *exec.Cmd
	stdout   *bufio.Reader
	stderr   *tail
	exited   chan struct{}
	client   *http.Client
}

// Start runs the program until the test ends. It fails the test when the program
// does not answer within half a minute (five minutes for a demo, which makes a
// year of history first).
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{Data: o.Data, options: o, program: Program(t), Listen: "127.0.0.1:0"}
	if s.Data == "" {
		s.Data = filepath.Join(t.TempDir(), "data")
	}
	if o.Engine == PostgreSQL {
		s.Database = database(t)
	}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("what the program said last:\n%s", s.stderr.String())
		}
	})
	if err := s.Begin(); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Server) arguments() []string {
	command := "serve"
	if s.options.Demo {
		command = "demo"
	}
	args := []string{command, "--data", s.Data, "--listen", s.Listen, "--format", "json"}
	if s.Database != "" {
		args = append(args, "--database", s.Database)
	}
	return append(args, s.options.Further...)
}

// Begin starts the program again after Kill or Stop, at the address it had.
func (s *Server) Begin() error {
	if s.stderr == nil {
		s.stderr = new(tail)
	}
	s.cmd = exec.Command(s.program, s.arguments()...)
	s.cmd.Stderr = s.stderr
	// The program must not outlive a test that is ended hard.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.stdout, s.exited = bufio.NewReader(out), make(chan struct{})
	limit := 30 * time.Second
	if s.options.Demo {
		limit = 5 * time.Minute
	}
	line, err := s.firstLine(limit)
	if err != nil {
		return errors.Join(err, s.wait(), errors.New(s.stderr.String()))
	}
	var started Started
	if err := json.Unmarshal(line, &started); err != nil {
		return err
	}
	s.Started = started
	s.Listen = "127.0.0.1:" + started.URL[strings.LastIndexByte(started.URL, ':')+1:]
	if s.CA == "" {
		s.CA = filepath.Join(s.Data, "ca.crt")
	}
	return nil
}

func (s *Server) firstLine(limit time.Duration) ([]byte, error) {
	type answer struct {
		line []byte
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := s.stdout.ReadBytes('\n')
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-time.After(limit):
		s.cmd.Process.Kill()
		return nil, errors.New("the program did not print its line in time")
	}
}

// wait reads what is left of stdout and returns how the program ended.
func (s *Server) wait() error {
	io.Copy(io.Discard, s.stdout)
	return s.cmd.Wait()
}

// Kill ends the program at once, as a power cut would (kill -9).
func (s *Server) Kill() {
	if s.cmd == nil || s.cmd.Process == nil || s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Kill()
	s.wait()
}

// Stop asks the program to end (SIGTERM). It returns the exit code, how long that
// took, and what it printed on stdout beyond the first line.
func (s *Server) Stop() (code int, took time.Duration, rest string, err error) {
	began := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, 0, "", err
	}
	timer := time.AfterFunc(20*time.Second, func() { s.cmd.Process.Kill() })
	defer timer.Stop()
	left, err := io.ReadAll(s.stdout)
	waited := s.cmd.Wait()
	var exit *exec.ExitError
	if waited != nil && !errors.As(waited, &exit) {
		return 0, 0, "", waited
	}
	return s.cmd.ProcessState.ExitCode(), time.Since(began), string(left), err
}

// Client speaks to the server and trusts its authority alone. Redirects are
// answers, not followed.
func (s *Server) Client(t testing.TB) *http.Client {
	t.Helper()
	if s.client != nil {
		return s.client
	}
	pem, err := os.ReadFile(s.CA)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatalf("%s holds no certificate", s.CA)
	}
	s.client = &http.Client{Timeout: 30 * time.Second,
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 100},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s.client
}

// Result is how a command ended.
type Result struct {
	Code           int
	Stdout, Stderr string
}

// Command runs another command of the program beside the server: the arguments,
// then --data and, on PostgreSQL, --database.
func (s *Server) Command(t testing.TB, args ...string) Result {
	t.Helper()
	args = append(args, "--data", s.Data)
	if s.Database != "" {
		args = append(args, "--database", s.Database)
	}
	return run(t, nil, s.program, args...)
}

// Token makes an API token on the command line.
func (s *Server) Token(t testing.TB, organisation, role string) string {
	t.Helper()
	r := s.Command(t, "token", "create", "--org", organisation, "--create-org", "--role", role, "--format", "json")
	var made struct {
		Token string `json:"token"`
	}
	if r.Code != 0 || json.Unmarshal([]byte(r.Stdout), &made) != nil || made.Token == "" {
		t.Fatalf("token create ended with %d: %s%s", r.Code, r.Stdout, r.Stderr)
	}
	return made.Token
}

// TrustedHome is a new home folder whose owner has agreed to trust the server's
// authority, by the command that people use.
func (s *Server) TrustedHome(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("certutil"); err != nil {
		t.Fatal("certutil is missing: apt-get install libnss3-tools")
	}
	home := t.TempDir()
	r := run(t, []string{"HOME=" + home}, s.program, "trust", "--data", s.Data, "--yes")
	if r.Code != 0 {
		t.Fatalf("trust ended with %d: %s%s", r.Code, r.Stdout, r.Stderr)
	}
	return home
}

func run(t testing.TB, env []string, program string, args ...string) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	var out, errs bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return Result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// tail keeps the last part of what was written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailSize = 64 << 10

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = append(w.kept, p...)
	if len(w.kept) > tailSize {
		w.kept = append([]byte(nil), w.kept[len(w.kept)-tailSize:]...)
	}
	return len(p), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.kept)
}
