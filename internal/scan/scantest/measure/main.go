// Command measure takes the figures of docs/benchmarks.md about scanning: this
// program and osv-scanner, one after the other, on the same files, offline.
//
//	scripts/bench-scan.sh
//
// CPU is user and system time of the process and of what it waited for; memory is
// the largest resident set of the process (both programs are one process). It asserts
// nothing about how long things take: what the figures have to be stands in the page.
// It does compare what the two programs found.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/feed/feedtest"
	"github.com/touchstone-assurance/touchstone/internal/scan/scantest"
)

func main() {
	m := &measure{}
	flag.StringVar(&m.ours, "touchstone", "bin/touchstone", "this program")
	flag.StringVar(&m.peer, "osv-scanner", "", "the peer; empty leaves it out")
	flag.StringVar(&m.dir, "dir", "", "folder for the files, kept for another run; empty uses a temporary one")
	flag.StringVar(&m.real, "advisories", "", "folder of real advisories to measure with as well, on the documents named behind the flags")
	flag.IntVar(&m.runs, "runs", 5, "runs of each")
	flag.IntVar(&m.long, "long-runs", 1, "runs of what takes the peer minutes")
	flag.Parse()
	if err := m.all(); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

type measure struct {
	ours, peer, dir, real string
	runs, long            int
}

func (m *measure) all() error {
	if m.dir == "" {
		dir, err := os.MkdirTemp("", "touchstone-scan-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		m.dir = dir
	}
	advisories, err := m.files()
	if err != nil {
		return err
	}
	fmt.Println("| | CPU s: min | median | max | wall s: median | RSS MB: max |")
	fmt.Println("|---|---|---|---|---|---|")
	if err := m.compare("10,000 components × 200,000 advisories", m.runs, advisories, m.file(10_000)); err != nil {
		return err
	}
	var fifty []string
	for i := range 50 {
		fifty = append(fifty, filepath.Join(m.dir, fmt.Sprintf("sbom-%d.cdx.json", i)))
	}
	if err := m.compare("50 documents × 1,000 components", m.long, advisories, fifty...); err != nil {
		return err
	}
	if m.real != "" {
		if err := m.compare(fmt.Sprintf("%d real documents", flag.NArg()), m.runs, m.real, flag.Args()...); err != nil {
			return err
		}
	}
	if err := m.run("touchstone, 300,000 components, no cache", 3, m.scan(advisories, "", m.file(300_000))); err != nil {
		return err
	}
	return m.run("touchstone, 300,000 components, with cache", 3, m.scan(advisories, filepath.Join(m.dir, "warm"), m.file(300_000)))
}

func (m *measure) file(components int) string {
	return filepath.Join(m.dir, fmt.Sprintf("%d.cdx.json", components))
}

// files makes what is not there yet. The archive lies where each of the programs looks.
func (m *measure) files() (advisories string, err error) {
	shape := feedtest.NPM()
	advisories = filepath.Join(m.dir, "advisories")
	archive := filepath.Join(advisories, feedtest.Ecosystem, "all.zip")
	if _, err := os.Stat(archive); err != nil {
		if err := shape.WriteDir(advisories); err != nil {
			return "", err
		}
	}
	write := func(path string, seed uint64, components int) error {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		return scantest.Shape{Seed: seed, Components: components, Advisories: shape}.WriteFile(path)
	}
	for i := range 50 {
		if err := write(filepath.Join(m.dir, fmt.Sprintf("sbom-%d.cdx.json", i)), uint64(100+i), 1000); err != nil {
			return "", err
		}
	}
	return advisories, errors.Join(write(m.file(10_000), 1, 10_000), write(m.file(300_000), 2, 300_000))
}

// compare measures both programs on the same files, the peer so many times, and says
// where they disagree.
func (m *measure) compare(what string, peerRuns int, advisories string, documents ...string) error {
	none, warm := filepath.Join(m.dir, "none"), filepath.Join(m.dir, "warm")
	cold := m.scan(advisories, none, documents...)
	cold.before = func() error { return os.RemoveAll(none) }
	without := m.scan(advisories, "", documents...)
	filled := m.scan(advisories, warm, documents...)
	if _, err := filled.once(); err != nil {
		return err
	}
	ours := found(filled.out.Bytes())
	for _, r := range []struct {
		name string
		run  *command
	}{{"touchstone, no cache", without}, {"touchstone, empty cache", cold}, {"touchstone, with cache", filled}} {
		if err := m.run(r.name+": "+what, m.runs, r.run); err != nil {
			return err
		}
	}
	if m.peer == "" {
		return nil
	}
	peer, err := m.peerScan(advisories, documents...)
	if err != nil {
		return err
	}
	if err := m.run("osv-scanner: "+what, peerRuns, peer); err != nil {
		return err
	}
	theirs := peerFound(peer.out.Bytes())
	fmt.Fprintf(os.Stderr, "%s: %d findings here, %d there\n", what, len(ours), len(theirs))
	differ("only here", ours, theirs)
	differ("only there", theirs, ours)
	return nil
}

func differ(what string, a, b map[string]bool) {
	n := 0
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if !b[k] {
			if n++; n <= 20 {
				fmt.Fprintln(os.Stderr, " ", what+":", k)
			}
		}
	}
	if n > 20 {
		fmt.Fprintf(os.Stderr, "  %s: %d in all\n", what, n)
	}
}

// command is a process that is measured.
type command struct {
	args   []string
	env    []string
	before func() error
	out    bytes.Buffer
}

type figure struct {
	cpu, wall time.Duration
	rss       int64
}

// once runs the process. Exit codes of findings are not failures.
func (c *command) once() (figure, error) {
	if c.before != nil {
		if err := c.before(); err != nil {
			return figure{}, err
		}
	}
	c.out.Reset()
	var talk bytes.Buffer
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Stdout, cmd.Stderr = &c.out, &talk
	began := time.Now()
	err := cmd.Run()
	wall := time.Since(began)
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		return figure{}, err
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 && code != 3 || c.out.Len() == 0 {
		return figure{}, fmt.Errorf("%s: exit code %d\n%s", strings.Join(c.args, " "), code, talk.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return figure{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall, usage.Maxrss << 10}, nil
}

func (m *measure) run(name string, runs int, c *command) error {
	var cpu, wall []time.Duration
	var rss int64
	for range runs {
		f, err := c.once()
		if err != nil {
			return err
		}
		cpu, wall, rss = append(cpu, f.cpu), append(wall, f.wall), max(rss, f.rss)
	}
	slices.Sort(cpu)
	slices.Sort(wall)
	fmt.Printf("| %s | %.2f | %.2f | %.2f | %.2f | %.0f |\n", name, cpu[0].Seconds(), cpu[len(cpu)/2].Seconds(), cpu[len(cpu)-1].Seconds(), wall[len(wall)/2].Seconds(), float64(rss)/1e6)
	return nil
}

func (m *measure) scan(advisories, cache string, documents ...string) *command {
	args := []string{m.ours, "scan", "--advisories", advisories, "--format", "json"}
	if cache != "" {
		args = append(args, "--cache", cache)
	}
	return &command{args: append(args, documents...), env: []string{"TOUCHSTONE_CACHE="}}
}

// peerScan puts the archives where osv-scanner looks for them.
func (m *measure) peerScan(advisories string, documents ...string) (*command, error) {
	home := filepath.Join(m.dir, "peer-"+filepath.Base(advisories))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(advisories)
	if err != nil {
		return nil, err
	}
	link := filepath.Join(home, "osv-scanner")
	if err := os.Symlink(absolute, link); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	args := []string{m.peer, "scan", "source", "--offline", "--format", "json", "--all-vulns", "--verbosity", "error"}
	for _, d := range documents {
		args = append(args, "--lockfile", d)
	}
	return &command{args: args, env: []string{"OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY=" + home}}, nil
}

// found lists what this program found: document, package, version, advisory.
func found(b []byte) map[string]bool {
	var in struct {
		Documents []struct {
			Path       string
			Components []struct {
				Name, Version   string
				Vulnerabilities []struct{ ID string }
				Group           string
			} `json:"components_detail"`
		}
	}
	out := map[string]bool{}
	if json.Unmarshal(b, &in) != nil {
		return out
	}
	for _, d := range in.Documents {
		for _, c := range d.Components {
			name := c.Name
			if c.Group != "" {
				name = c.Group + "/" + c.Name
			}
			for _, v := range c.Vulnerabilities {
				out[strings.Join([]string{filepath.Base(d.Path), name, c.Version, v.ID}, " ")] = true
			}
		}
	}
	return out
}

func peerFound(b []byte) map[string]bool {
	var in struct {
		Results []struct {
			Source   struct{ Path string }
			Packages []struct {
				Package         struct{ Name, Version string }
				Vulnerabilities []struct{ ID string }
			}
		}
	}
	out := map[string]bool{}
	if json.Unmarshal(b, &in) != nil {
		return out
	}
	for _, r := range in.Results {
		for _, p := range r.Packages {
			for _, v := range p.Vulnerabilities {
				out[strings.Join([]string{filepath.Base(r.Source.Path), p.Package.Name, p.Package.Version, v.ID}, " ")] = true
			}
		}
	}
	return out
}
