package junit

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

type parser struct {
	dec    *xml.Decoder
	meter  *meter
	limits budget.Limits
	depth  int
	items  int
	out    fact.Tests
	listed []fact.Fault
	more   int
}

// tally is what was counted: failures are those of assertions, errors everything
// else that kept a test from passing.
type tally struct{ tests, failures, errors, skipped int }

func (t *tally) add(o tally) {
	t.tests += o.tests
	t.failures += o.failures
	t.errors += o.errors
	t.skipped += o.skipped
}

// claims are the counts that the attributes of a suite give; -1 = not given.
type claims struct{ tests, failures, errors, skipped, disabled int }

// suite reads a testsuite or testsuites and what is inside. It returns what was
// counted there, with everything nested in it.
func (p *parser) suite(start xml.StartElement, outermost bool) (tally, error) {
	line := p.line()
	if err := p.count(); err != nil {
		return tally{}, err
	}
	name, claimed := p.attributes(start, line)
	p.tool(start, name, outermost)
	var own, nested tally
	suites := 0
	err := p.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "testsuite", "testsuites":
			suites++
			t, err := p.suite(e, false)
			nested.add(t)
			return err
		case "testcase":
			return p.testcase(e, &own)
		case "properties":
			return p.properties()
		case "failure", "error": // of what runs around the tests
			own.errors++
			p.fail(name)
		}
		return p.skip()
	})
	if err != nil {
		return tally{}, err
	}
	all := own
	all.add(nested)
	unlisted := p.compare(claimed, own, all, line)
	own.failures += unlisted
	all.failures += unlisted
	if own != (tally{}) || suites == 0 && start.Name.Local == "testsuite" {
		if len(p.out.Suites) < fact.MaxSuites {
			p.out.Suites = append(p.out.Suites, fact.Suite{Name: name, Tests: own.tests, Failures: own.failures + own.errors, Skipped: own.skipped})
		}
	}
	p.out.Tests += own.tests
	p.out.Failures += own.failures
	p.out.Errors += own.errors
	p.out.Skipped += own.skipped
	return all, nil
}

func (p *parser) count() error {
	if p.items++; p.items > p.limits.Items {
		return p.limits.TooMany("test suites and test cases")
	}
	return nil
}

func (p *parser) attributes(start xml.StartElement, line int) (name string, c claims) {
	c = claims{-1, -1, -1, -1, -1}
	number := func(into *int, a xml.Attr) {
		n, err := strconv.Atoi(strings.TrimSpace(a.Value))
		if err != nil || n < 0 || n > mostClaimed {
			p.fault("number", line, "The attribute %s is %s, which is not a number of tests.", a.Name.Local, quote(a.Value))
			return
		}
		*into = n
	}
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "name":
			name = cut(a.Value, longestName)
		case "tests":
			number(&c.tests, a)
		case "failures":
			number(&c.failures, a)
		case "errors":
			number(&c.errors, a)
		case "skipped", "skip", "skips": // "skip" is of nose, "skips" of old pytest
			number(&c.skipped, a)
		case "disabled":
			number(&c.disabled, a)
		case "timestamp":
			p.timestamp(a.Value, line)
		}
	}
	return name, c
}

// compare says where the attributes of a suite lie. Runners differ in whether they
// count nested suites, so that either number will do, and in what is an error. It
// returns how many failures are claimed that no case shows.
func (p *parser) compare(c claims, own, all tally, line int) int {
	differs := func(claimed, own, all int, what string) {
		if claimed >= 0 && claimed != own && claimed != all {
			p.fault("count", line, "The suite says that it has %d %s; there are %d.", claimed, what, all)
		}
	}
	differs(c.tests, own.tests, all.tests, "tests")
	if c.skipped >= 0 || c.disabled >= 0 {
		differs(max(c.skipped, 0)+max(c.disabled, 0), own.skipped, all.skipped, "skipped tests")
	}
	if c.failures < 0 && c.errors < 0 {
		return 0
	}
	claimed := max(c.failures, 0) + max(c.errors, 0)
	differs(claimed, own.failures+own.errors, all.failures+all.errors, "failures and errors")
	return max(0, claimed-all.failures-all.errors)
}

// Layouts of timestamps. Many runners leave the zone out; UTC is assumed then.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999Z0700"}

func (p *parser) timestamp(s string, line int) {
	if s = strings.TrimSpace(s); s == "" {
		return
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			p.out.At = max(p.out.At, t.UnixMicro())
			return
		}
	}
	p.fault("timestamp", line, "The timestamp %s is not a time such as 2026-01-31T09:30:00Z.", quote(s))
}

// testcase reads one case. An error counts before a failure, and a failure before
// skipping; several failures of one case are one.
func (p *parser) testcase(start xml.StartElement, t *tally) error {
	line := p.line()
	if err := p.count(); err != nil {
		return err
	}
	var class, name string
	notRun := false
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "name":
			name = cut(a.Value, longestName)
		case "classname":
			class = cut(a.Value, longestName)
		case "status", "result": // of GoogleTest and CTest
			switch strings.ToLower(a.Value) {
			case "notrun", "disabled", "suppressed", "skipped":
				notRun = true
			}
		}
	}
	var failed, broke bool
	err := p.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "failure":
			failed = true
		case "error":
			broke = true
		case "skipped":
			notRun = true
		}
		return p.skip()
	})
	if err != nil {
		return err
	}
	if name == "" {
		p.fault("name", line, "The test case has no name.")
	}
	t.tests++
	switch {
	case broke:
		t.errors++
	case failed:
		t.failures++
	case notRun:
		t.skipped++
	}
	if broke || failed {
		if class != "" {
			name = class + "." + name
		}
		p.fail(name)
	}
	return nil
}

func (p *parser) fail(name string) {
	if len(p.out.Failed) < fact.MaxResults {
		p.out.Failed = append(p.out.Failed, name)
	}
}

// tool knows some runners by what they write into the outermost suites.
func (p *parser) tool(start xml.StartElement, name string, outermost bool) {
	if p.out.Tool != "" {
		return
	}
	switch {
	case name == "pytest" || name == "pytest tests":
		p.out.Tool = "pytest"
	case outermost && name == "nextest-run":
		p.out.Tool = "cargo-nextest"
	case outermost && name == "jest tests":
		p.out.Tool = "Jest"
	case outermost && name == "AllTests":
		p.out.Tool = "GoogleTest"
	}
	for _, a := range start.Attr {
		if strings.Contains(a.Value, "maven-surefire") {
			p.out.Tool = "Maven Surefire"
		}
	}
}

func (p *parser) properties() error {
	return p.children(func(e xml.StartElement) error {
		for _, a := range e.Attr {
			if a.Name.Local == "name" && a.Value == "go.version" && p.out.Tool == "" {
				p.out.Tool = "go test" // by gotestsum or go-junit-report
			}
		}
		return p.skip()
	})
}

const (
	longestName = 300         // characters
	mostClaimed = 100_000_000 // tests of one suite
	mostFaults  = 1000
)

func (p *parser) fault(rule string, line int, format string, args ...any) {
	if len(p.listed) >= mostFaults {
		p.more++
		return
	}
	p.listed = append(p.listed, fact.Fault{Line: line, Rule: rule, Detail: fmt.Sprintf(format, args...)})
}

func (p *parser) faults() []fact.Fault {
	if p.more > 0 {
		return append(p.listed, fact.Fault{Rule: "more-faults", Detail: fmt.Sprintf("%d more faults are not listed.", p.more)})
	}
	return p.listed
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string { return strconv.Quote(cut(s, 80)) }

// cut shortens a text to so many characters and puts it on one line.
func cut(s string, most int) string {
	if len(s) > 4*most {
		s = strings.ToValidUTF8(s[:4*most], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
