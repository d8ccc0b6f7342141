// Package junit reads test results in the XML that JUnit made common and that most
// runners write today: testsuites, testsuite, testcase with failure, error and
// skipped. There is no standard; what is read here is what Maven Surefire, Gradle,
// pytest, gotestsum, go-junit-report, GoogleTest, Jest, cargo-nextest and PHPUnit
// agree on.
//
// Counts come from the test cases, never from the attributes that claim them. Where
// attributes and cases differ, the document has a fault; failures that are claimed
// and not listed count as failures all the same, so that leaving cases out never
// looks like passing.
//
// What it does not read: output, stack traces, durations, attachments and reruns
// (a case that passed in the end is a passed case). Document types are refused, so
// there are no entities but those of XML itself.
package junit

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

var mark = []byte("\xef\xbb\xbf")

// Detect reports whether a document that begins with head is XML whose outermost
// element is testsuites or testsuite.
func Detect(head []byte) bool {
	head = bytes.TrimPrefix(head, mark)
	for {
		head = bytes.TrimLeft(head, " \t\r\n")
		end := ""
		switch {
		case bytes.HasPrefix(head, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(head, []byte("<!--")):
			end = "-->"
		case bytes.HasPrefix(head, []byte("<!")):
			end = ">"
		case bytes.HasPrefix(head, []byte("<testsuite")):
			rest := strings.TrimPrefix(string(head[len("<testsuite"):min(len(head), 20)]), "s")
			return rest == "" || strings.ContainsAny(rest[:1], " \t\r\n/>")
		default:
			return false
		}
		_, after, found := bytes.Cut(head, []byte(end))
		if !found {
			return false
		}
		head = after
	}
}

// Parse reads a document. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (*fact.Tests, []fact.Fault, error) {
	p := &parser{limits: l.OrDefaults()}
	in := bufio.NewReaderSize(l.Reader(r), 64<<10)
	if head, _ := in.Peek(3); bytes.Equal(head, mark) {
		_, _ = in.Discard(3) // the three bytes have just been seen
	}
	p.meter = &meter{in: in, tag: p.limits.Text, text: max(p.limits.Text, longestText)}
	p.dec = xml.NewDecoder(p.meter)
	root, err := p.root()
	if err != nil {
		return nil, nil, err
	}
	if root.Name.Local != "testsuites" && root.Name.Local != "testsuite" {
		return nil, nil, fault.Newf(fault.Unsupported, "This is not a JUnit-style document: its outermost element is %s, not testsuites or testsuite.", quote(root.Name.Local))
	}
	if _, err := p.suite(root, true); err != nil {
		return nil, nil, err
	}
	if err := p.end(); err != nil {
		return nil, nil, err
	}
	return &p.out, p.faults(), nil
}
