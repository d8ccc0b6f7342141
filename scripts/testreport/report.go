package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

const module = "github.com/touchstone-assurance/touchstone/"

// event is one line of go test -json (see go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output
	Test       string
	Output     string
}

type allowed struct{ pkg, test string }

func parseSkips(text string) []allowed {
	var out []allowed
	for line := range strings.SplitSeq(text, "\n") {
		if f := strings.Fields(line); len(f) >= 3 && !strings.HasPrefix(line, "#") {
			out = append(out, allowed{f[0], f[1]})
		}
	}
	return out
}

type report struct {
	allow   []allowed
	output  map[string]*strings.Builder // by package and test
	parents map[string]bool             // tests that have subtests
	passed  map[string]bool
	failed  []string
	skipped []string
	broken  []string // packages that failed, built or not
	done    int      // packages that ended
}

func newReport(allow []allowed) *report {
	return &report{allow: allow, output: map[string]*strings.Builder{}, parents: map[string]bool{}, passed: map[string]bool{}}
}

// read takes in every event; the lines about packages go to out as they come.
func (r *report) read(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				out.Write(line) // the go command itself says something
			} else {
				r.take(e, out)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func key(pkg, test string) string { return strings.TrimPrefix(pkg, module) + " " + test }

func (r *report) take(e event, out io.Writer) {
	k := key(e.Package, e.Test)
	switch {
	case e.Action == "build-output":
		fmt.Fprint(out, e.Output)
	case e.Action == "build-fail":
		r.broken = append(r.broken, strings.TrimPrefix(e.ImportPath, module))
	case e.Test == "":
		r.takePackage(e, out)
	case e.Action == "run":
		if i := strings.LastIndexByte(e.Test, '/'); i > 0 {
			r.parents[key(e.Package, e.Test[:i])] = true
		}
	case e.Action == "output":
		b := r.output[k]
		if b == nil {
			b = new(strings.Builder)
			r.output[k] = b
		}
		b.WriteString(e.Output)
	case e.Action == "pass":
		r.passed[k] = true
		delete(r.output, k)
	case e.Action == "fail":
		r.failed = append(r.failed, k)
	case e.Action == "skip":
		r.skipped = append(r.skipped, k)
	}
}

func (r *report) takePackage(e event, out io.Writer) {
	switch e.Action {
	case "output":
		// "ok  	package	0.1s" and what a package prints when it dies; packages
		// without tests are left out.
		if !strings.Contains(e.Output, "[no test files]") && e.Output != "PASS\n" {
			fmt.Fprint(out, e.Output)
		}
	case "fail":
		r.broken = append(r.broken, strings.TrimPrefix(e.Package, module))
		r.done++
	case "pass", "skip":
		r.done++
	}
}

// write ends the report and says whether all is well.
func (r *report) write(out io.Writer, title string, strict bool) bool {
	ok := len(r.failed) == 0 && len(r.broken) == 0
	for _, k := range r.failed {
		if r.parents[k] && r.childFailed(k) {
			continue // the subtest says it
		}
		fmt.Fprintf(out, "\nFAIL %s\n", k)
		if b := r.output[k]; b != nil {
			fmt.Fprint(out, tail(b.String(), 16_000))
		}
	}
	if r.done == 0 {
		fmt.Fprintln(out, "no package was tested")
		ok = false
	}
	for _, k := range r.skipped {
		fmt.Fprintf(out, "skipped: %s: %s\n", k, reason(r.output[k]))
		if strict && !r.mayskip(k) {
			fmt.Fprintf(out, "FAIL %s was skipped and is not in scripts/testreport/skips.txt\n", k)
			ok = false
		}
	}
	if strict {
		ok = r.compareEngines(out) && ok
	}
	verdict := "ok"
	if !ok {
		verdict = "FAILED"
	}
	fmt.Fprintf(out, "%s: %s: %d passed, %d failed, %d skipped\n", title, verdict, r.leaves(), len(r.failed), len(r.skipped))
	for _, p := range r.broken {
		fmt.Fprintf(out, "  FAIL %s\n", p)
	}
	return ok
}

func (r *report) childFailed(k string) bool {
	return slices.ContainsFunc(r.failed, func(f string) bool { return strings.HasPrefix(f, k+"/") })
}

// leaves counts passed tests that are not merely the parents of others.
func (r *report) leaves() int {
	n := 0
	for k := range r.passed {
		if !r.parents[k] {
			n++
		}
	}
	return n
}

func (r *report) mayskip(k string) bool {
	pkg, test, _ := strings.Cut(k, " ")
	return slices.ContainsFunc(r.allow, func(a allowed) bool {
		prefix, wild := strings.CutSuffix(a.test, "*")
		return (a.pkg == pkg || a.pkg == "*") && (a.test == test || wild && strings.HasPrefix(test, prefix))
	})
}

// compareEngines compares what ran below subtests named sqlite and postgres.
func (r *report) compareEngines(out io.Writer) bool {
	counts := map[string]*[2]int{}
	for k := range r.passed {
		pkg, test, _ := strings.Cut(k, " ")
		if r.parents[k] {
			continue
		}
		for i, engine := range []string{"sqlite", "postgres"} {
			if slices.Contains(strings.Split(test, "/"), engine) {
				if counts[pkg] == nil {
					counts[pkg] = new([2]int)
				}
				counts[pkg][i]++
			}
		}
	}
	ok := true
	for _, pkg := range slices.Sorted(maps.Keys(counts)) {
		n := counts[pkg]
		switch {
		case n[0] == n[1]:
			fmt.Fprintf(out, "both databases: %s: %d tests each\n", pkg, n[0])
		case n[0] == 0 || n[1] == 0:
			fmt.Fprintf(out, "one database only: %s: %d on SQLite, %d on PostgreSQL\n", pkg, n[0], n[1])
			ok = ok && n[0] == 0 // the race detector runs on PostgreSQL alone
		default:
			fmt.Fprintf(out, "FAIL %s: %d tests ran on SQLite and %d on PostgreSQL\n", pkg, n[0], n[1])
			ok = false
		}
	}
	return ok
}

// reason is the last thing that a skipped test said.
func reason(b *strings.Builder) string {
	if b == nil {
		return "no reason given"
	}
	for _, line := range slices.Backward(strings.Split(strings.TrimSpace(b.String()), "\n")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "===") {
			return line
		}
	}
	return "no reason given"
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + s[len(s)-n:]
}
