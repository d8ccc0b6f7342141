// Command measure takes the figures of docs/benchmarks.md that need the whole
// program: start, size, memory and pages from the outside. It runs the binary it
// is given in folders of its own and removes them.
//
//	go run ./internal/sample/measure --binary bin/touchstone --systems 100,10000
//
// It asserts nothing: what the figures have to be stands in the page.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	binary := flag.String("binary", "bin/touchstone", "the program to measure")
	systems := flag.String("systems", "100,10000", "numbers of systems to compare pages at; empty leaves pages out")
	keep := flag.String("keep", "", "folder for the data, kept for another run; empty uses a temporary one")
	runs := flag.Int("runs", 9, "starts to measure")
	database := flag.String("database", "", "PostgreSQL address with %d for the number of systems, of empty databases that exist; measures pages alone")
	flag.Parse()
	m := &measure{binary: *binary, dir: *keep, runs: *runs, database: *database}
	if err := m.all(context.Background(), *systems); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

type measure struct {
	binary string
	dir    string
	runs   int

	database string // "" = the embedded one
}

// engine names the database with so many systems, for a command.
func (m *measure) engine(systems int) []string {
	if m.database == "" {
		return nil
	}
	return []string{"--database", strings.ReplaceAll(m.database, "%d", strconv.Itoa(systems))}
}

func (m *measure) all(ctx context.Context, systems string) error {
	if m.dir == "" {
		dir, err := os.MkdirTemp("", "touchstone-measure-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		m.dir = dir
	}
	info, err := os.Stat(m.binary)
	if err != nil {
		return err
	}
	fmt.Printf("binary                  %.1f MB\n", float64(info.Size())/1e6)
	if m.database == "" {
		if err := m.starts(ctx); err != nil {
			return err
		}
		if err := m.idle(ctx, 1000); err != nil {
			return err
		}
	}
	for _, word := range strings.Fields(strings.ReplaceAll(systems, ",", " ")) {
		n, err := strconv.Atoi(word)
		if err != nil {
			return fmt.Errorf("--systems: %w", err)
		}
		if err := m.pages(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// starts measures from the start of the process to the first 200 of /readyz.
func (m *measure) starts(ctx context.Context) error {
	var first, warm []time.Duration
	for i := range m.runs {
		dir := filepath.Join(m.dir, fmt.Sprintf("start-%d", i))
		for _, into := range []*[]time.Duration{&first, &warm} {
			s, err := m.serve(ctx, dir)
			if err != nil {
				return err
			}
			*into = append(*into, s.ready)
			if err := s.stop(); err != nil {
				return err
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	fmt.Printf("first start to /readyz  %s\n", spread(first))
	fmt.Printf("warm start to /readyz   %s\n", spread(warm))
	return nil
}

// idle measures the memory of a server with systems in it that nobody asks
// anything, before any passphrase is hashed.
func (m *measure) idle(ctx context.Context, systems int) error {
	dir, _, err := m.seed(ctx, systems)
	if err != nil {
		return err
	}
	s, err := m.serve(ctx, dir)
	if err != nil {
		return err
	}
	defer s.stop()               //nolint:errcheck // the figure is taken
	time.Sleep(25 * time.Second) // the work by the clock has run once
	rss, err := s.rss()
	if err != nil {
		return err
	}
	fmt.Printf("idle RSS, %d systems  %.1f MB\n", systems, rss)
	return nil
}

// seed makes a folder with so many systems, unless it was kept, and returns the
// administrator's token.
func (m *measure) seed(ctx context.Context, systems int) (dir, token string, err error) {
	dir = filepath.Join(m.dir, fmt.Sprintf("seed-%d", systems))
	kept := dir + ".token"
	if b, err := os.ReadFile(kept); err == nil {
		return dir, string(b), nil
	}
	began := time.Now()
	cmd := exec.CommandContext(ctx, m.binary, append([]string{"bench", "seed", "--data", dir, "--systems", strconv.Itoa(systems), "--format", "json"}, m.engine(systems)...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", "", fmt.Errorf("bench seed: %w", err)
	}
	var made struct {
		Counts map[string]int64
		Token  string
	}
	if err := json.Unmarshal(out, &made); err != nil {
		return "", "", err
	}
	fmt.Printf("bench seed, %d systems, %d answers: %.0f s, CPU %.0f s\n", systems, made.Counts["responses"], time.Since(began).Seconds(),
		(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	return dir, made.Token, os.WriteFile(kept, []byte(made.Token), 0o600)
}

// server is a running program.
type server struct {
	cmd    *exec.Cmd
	url    string
	ready  time.Duration
	client *client
}

func (m *measure) serve(ctx context.Context, dir string, engine ...string) (*server, error) {
	began := time.Now()
	cmd := exec.CommandContext(ctx, m.binary, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--format", "json"}, engine...)...)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(pipe).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("serve said nothing: %w\n%s", errors.Join(err, cmd.Wait()), talk.String())
	}
	var said struct{ URL string }
	if err := json.Unmarshal(line, &said); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, url: said.URL}
	if s.client, err = newClient(filepath.Join(dir, "ca.crt")); err != nil {
		return nil, err
	}
	for {
		if status, _, err := s.client.get(ctx, s.url+"/readyz", ""); err == nil && status == 200 {
			s.ready = time.Since(began)
			return s, nil
		}
		if time.Since(began) > time.Minute {
			return nil, fmt.Errorf("the server is not ready after a minute\n%s", talk.String())
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// rss is the resident memory in MB, from /proc.
func (s *server) rss() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1000, err
		}
	}
	return 0, errors.New("no VmRSS in /proc")
}

func spread(d []time.Duration) string {
	slices.Sort(d)
	return fmt.Sprintf("median %s, slowest %s", ms(d[len(d)/2]), ms(d[len(d)-1]))
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
