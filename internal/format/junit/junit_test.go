package junit_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/junit"
)

func parse(s string) (*fact.Tests, []fact.Fault, error) {
	return junit.Parse(strings.NewReader(s), budget.Limits{})
}

const surefire = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd"
 version="3.0" name="org.example.AppTest" time="0.05" tests="4" errors="1" skipped="1" failures="0">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="adds" classname="org.example.AppTest" time="0.01"/>
  <testcase name="divides" classname="org.example.AppTest" time="0.01"><error message="/ by zero" type="java.lang.ArithmeticException"><![CDATA[<at> org.example]]></error></testcase>
  <testcase name="later" classname="org.example.AppTest"><skipped message="not yet"/></testcase>
  <testcase name="flaky" classname="org.example.AppTest"><flakyFailure message="once">x</flakyFailure></testcase>
</testsuite>`

const pytest = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3" time="0.03" timestamp="2026-03-04T05:06:07.000008+01:00" hostname="h">
<testcase classname="tests.test_a" name="test_one" time="0.001" /><testcase classname="tests.test_a" name="test_two[a&#10;b]" time="0.001"><failure message="assert 1 == 2">def test_two(): &gt; assert</failure></testcase>
<testcase classname="tests.test_a" name="test_three" time="0.000"><skipped type="pytest.xfail" message="">why</skipped></testcase></testsuite></testsuites>`

const gotestsum = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" time="1.2">
	<testsuite tests="2" failures="1" time="0.5" name="example.org/app/db" timestamp="2026-03-04T05:06:07Z">
		<properties><property name="go.version" value="go1.26.3 linux/amd64"></property></properties>
		<testcase classname="example.org/app/db" name="TestOpen" time="0.1"></testcase>
		<testcase classname="example.org/app/db" name="TestClose" time="0.1"><failure message="Failed" type="">=== RUN</failure></testcase>
	</testsuite>
	<testsuite tests="1" failures="0" time="0.5" name="example.org/app/web" timestamp="2026-03-04T05:06:06Z">
		<testcase classname="example.org/app/web" name="TestPage" time="0.1"></testcase>
	</testsuite>
</testsuites>`

const nested = `<testsuites><testsuite name="outer" tests="3" failures="1"><testsuite name="inner" tests="2" failures="1" disabled="1">
<testcase name="a" status="run"><failure/><failure/></testcase><testcase name="b" status="notrun"/></testsuite><testcase name="c"/></testsuite></testsuites>`

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       fact.Tests
	}{
		{"Maven Surefire", surefire, fact.Tests{Tool: "Maven Surefire", Tests: 4, Errors: 1, Skipped: 1, Failed: []string{"org.example.AppTest.divides"},
			Suites: []fact.Suite{{Name: "org.example.AppTest", Tests: 4, Failures: 1, Skipped: 1}}}},
		{"pytest", pytest, fact.Tests{Tool: "pytest", At: 1772597167000008, Tests: 3, Failures: 1, Skipped: 1, Failed: []string{"tests.test_a.test_two[a b]"},
			Suites: []fact.Suite{{Name: "pytest", Tests: 3, Failures: 1, Skipped: 1}}}},
		{"gotestsum", gotestsum, fact.Tests{Tool: "go test", At: 1772600767000000, Tests: 3, Failures: 1, Failed: []string{"example.org/app/db.TestClose"},
			Suites: []fact.Suite{{Name: "example.org/app/db", Tests: 2, Failures: 1}, {Name: "example.org/app/web", Tests: 1}}}},
		{"nested suites", nested, fact.Tests{Tests: 3, Failures: 1, Skipped: 1, Failed: []string{"a"},
			Suites: []fact.Suite{{Name: "inner", Tests: 2, Failures: 1, Skipped: 1}, {Name: "outer", Tests: 1}}}},
		{"an empty suite", `<testsuite name="x" tests="0"/>`, fact.Tests{Suites: []fact.Suite{{Name: "x"}}}},
		{"no suite", `<testsuites/>`, fact.Tests{}},
		{"an error beside a failure", `<testsuite><testcase name="a"><failure/><error/></testcase></testsuite>`, fact.Tests{Tests: 1, Errors: 1, Failed: []string{"a"}, Suites: []fact.Suite{{Tests: 1, Failures: 1}}}},
		{"an error of the suite itself", `<testsuite name="s"><error message="set-up"/><testcase name="a"/></testsuite>`, fact.Tests{Tests: 1, Errors: 1, Failed: []string{"s"}, Suites: []fact.Suite{{Name: "s", Tests: 1, Failures: 1}}}},
		{"a timestamp without a zone", `<testsuite timestamp="2026-03-04T05:06:07"/>`, fact.Tests{At: 1772600767000000, Suites: []fact.Suite{{}}}},
		{"elements of other makers", `<testsuite><system-out>x</system-out><x><y/></x><testcase name="a"><x/>t</testcase></testsuite>`, fact.Tests{Tests: 1, Suites: []fact.Suite{{Tests: 1}}}},
		{"a byte-order mark", "\xef\xbb\xbf<testsuites/>", fact.Tests{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if len(faults) > 0 {
				t.Errorf("faults: %+v", faults)
			}
			if d := cmp.Diff(&c.want, got, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAttributesThatLieAreFaults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		rules      string // with their lines
		failures   int
	}{
		{"fewer tests than there are", "<testsuites>\n<testsuite tests=\"1\"><testcase name=\"a\"/><testcase name=\"b\"/></testsuite></testsuites>", "2 count", 0},
		{"a failure that is not claimed", `<testsuite tests="1" failures="0"><testcase name="a"><failure/></testcase></testsuite>`, "1 count", 1},
		{"failures without their cases count", `<testsuite tests="5" failures="2"/>`, "1 count, 1 count", 2},
		{"the same, claimed once more above", `<testsuites failures="2"><testsuite tests="1" failures="2"><testcase name="a"/></testsuite></testsuites>`, "1 count", 2},
		{"errors that are called failures are the same", `<testsuite tests="1" failures="1" errors="0"><testcase name="a"><error/></testcase></testsuite>`, "", 0},
		{"skipped ones that ran", `<testsuite tests="1" skipped="1"><testcase name="a"/></testsuite>`, "1 count", 0},
		{"disabled ones are skipped ones", `<testsuite tests="1" skipped="0" disabled="1"><testcase name="a" status="disabled"/></testsuite>`, "", 0},
		{"no number", `<testsuite tests="many" failures="-1" errors="99999999999999999999"/>`, "1 number, 1 number, 1 number", 0},
		{"no time", `<testsuite timestamp="yesterday"/>`, "1 timestamp", 0},
		{"no name", `<testsuite><testcase/></testsuite>`, "1 name", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, f := range faults {
				rules = append(rules, fmt.Sprintf("%d %s", f.Line, f.Rule))
			}
			if s := strings.Join(rules, ", "); s != c.rules {
				t.Errorf("faults %q, want %q", s, c.rules)
			}
			if got.Failures != c.failures {
				t.Errorf("%d failures, want %d", got.Failures, c.failures)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
		says       string
	}{
		{"another format", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, fault.Unsupported, `"bom"`},
		{"a document type", `<!DOCTYPE testsuite [<!ENTITY a "x">]><testsuite name="&a;"/>`, fault.Invalid, "document type"},
		{"an entity of nobody", `<testsuite name="&a;"/>`, fault.Invalid, "not XML"},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><testsuite/>`, fault.Invalid, "UTF-8"},
		{"not XML", `{}`, fault.Invalid, "text before"},
		{"nothing", ``, fault.Invalid, "ends too early"},
		{"an attribute twice", `<testsuite tests="1" tests="2"/>`, fault.Invalid, "twice"},
		{"two documents", `<testsuite/><testsuite/>`, fault.Invalid, "more after the end"},
		{"text behind the end", `<testsuite/> x`, fault.Invalid, "more after the end"},
		{"elements that cross", `<testsuite><testcase></testsuite></testcase>`, fault.Invalid, "not XML"},
		{"NUL", "<testsuite>\x00</testsuite>", fault.Invalid, "not XML"},
		{"text that is not UTF-8", "<testsuite>\xff</testsuite>", fault.Invalid, "not XML"},
		{"deep nesting", strings.Repeat("<testsuite>", 100), fault.TooLarge, "deeper than"},
		{"deep nesting of unknown elements", "<testsuite>" + strings.Repeat("<x>", 100), fault.TooLarge, "deeper than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parse(c.text)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestBeyondALimitIsRefused(t *testing.T) {
	many := func(before, piece string, n int, after string) io.Reader {
		return io.MultiReader(strings.NewReader(before), strings.NewReader(strings.Repeat(piece, n)), strings.NewReader(after))
	}
	var attributes strings.Builder
	for i := range 300 {
		fmt.Fprintf(&attributes, ` a%d=""`, i)
	}
	for _, c := range []struct {
		name   string
		in     io.Reader
		limits budget.Limits
		says   string
	}{
		{"cases", many("<testsuite>", `<testcase name="a"/>`, 1_000_000, "</testsuite>"), budget.Limits{Items: 100_000}, "more than 100000"},
		{"attributes", many("<testsuite", ` a=""`, 1_000_000, "/>"), budget.Limits{}, "longer than 1048576 bytes"},
		{"attributes that fit the tag", strings.NewReader("<testsuite" + attributes.String() + "/>"), budget.Limits{}, "more than 256 attributes"},
		{"an attribute", many(`<testsuite name="`, "x", 2<<20, `"/>`), budget.Limits{}, "longer than 1048576 bytes"},
		{"a tag behind text", many(`<testsuite>text<testcase name="`, "x", 2<<20, `"/></testsuite>`), budget.Limits{}, "longer than 1048576 bytes"},
		{"output", many("<testsuite><system-out>", "x", 17<<20, "</system-out></testsuite>"), budget.Limits{}, "longer than 16777216 bytes"},
		{"output in CDATA", many("<testsuite><system-out><![CDATA[", "<", 17<<20, "]]></system-out></testsuite>"), budget.Limits{}, "longer than 16777216 bytes"},
		{"bytes", many("<testsuite>", " ", 2000, "</testsuite>"), budget.Limits{Bytes: 1024}, "longer than 1 kB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := junit.Parse(c.in, c.limits)
			if !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want too_large saying %q", err, c.says)
			}
		})
	}
}

func TestLongOutputIsNoTag(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", 2<<20), "<![CDATA[" + strings.Repeat("<", 2<<20) + "]]>", "<!--" + strings.Repeat("<", 2<<20) + "-->"} {
		got, _, err := parse(`<testsuite><system-out>` + text + `</system-out><testcase name="a"/></testsuite>`)
		if err != nil || got.Tests != 1 {
			t.Errorf("%.10s…: %v, %v", text, got, err)
		}
	}
}

func TestVeryManySuitesAreCountedAndNotAllKept(t *testing.T) {
	got, _, err := parse("<testsuites>" + strings.Repeat(`<testsuite name="s"><testcase name="a"><failure/></testcase></testsuite>`, 2000) + "</testsuites>")
	if err != nil || got.Tests != 2000 || got.Failures != 2000 || len(got.Suites) != fact.MaxSuites || len(got.Failed) != fact.MaxResults {
		t.Errorf("%d tests, %d failures, %d suites, %d names, %v", got.Tests, got.Failures, len(got.Suites), len(got.Failed), err)
	}
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	for _, sound := range []string{surefire, pytest, gotestsum, nested} {
		for n := range len(sound) {
			if _, _, err := parse(sound[:n]); err == nil {
				t.Fatalf("%d of %d bytes were accepted", n, len(sound))
			}
		}
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		head string
		want bool
	}{
		{surefire[:200], true}, {pytest[:80], true}, {"\xef\xbb\xbf <!-- by x --><testsuite>", true}, {"<!DOCTYPE x><testsuites>", true},
		{"<testsuites/>", true}, {"<testsuite\n", true}, {"<testsuitesx>", false}, {"<testrun>", false}, {"<bom><testsuite>", false}, {"<!-- never ends", false}, {"", false}, {"{", false},
	} {
		if got := junit.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%.30q: %v", c.head, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{surefire, pytest, gotestsum, nested, `<testsuite tests="9"><failure/></testsuite>`, `<!DOCTYPE a><testsuite/>`, "<testsuite><![CDATA[<]]><a/></testsuite>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		junit.Detect(b)
		got, _, err := junit.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		failures := 0
		for _, s := range got.Suites {
			failures += s.Failures
		}
		if len(got.Suites) < fact.MaxSuites && failures != got.Failures+got.Errors {
			t.Errorf("the suites have %d failures, the document %d", failures, got.Failures+got.Errors)
		}
	})
}
