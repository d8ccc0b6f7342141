package sarif

import (
	"fmt"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Version is the version that is read.
const Version = "2.1.0"

// Limits beside those of the operator, since each of these is kept until the end of
// its run. They are far above what tools write.
const (
	mostRuns       = 1_000
	mostParts      = 1_000   // extensions of one tool; taxonomies of one run
	mostRules      = 100_000 // of one run; overrides too
	mostReferences = 100_000 // to taxonomies, of one run
	mostGroups     = 100_000 // different rules and levels among the results of one run
	mostPaths      = 50_000  // of the list of artifacts; a file beyond them goes unnamed
	mostTexts      = 20_000  // descriptions and messages of rules, for results without one
	mostKept       = 20_000  // results that wait for the end of their run
	mostTroubles   = 1_000   // notifications that do
	mostArguments  = 20      // of one message
)

// What is kept of one text, in characters.
const (
	longestName        = 200 // of a rule, a tool, a version
	longestPath        = 500 // of a file, a repository, a revision
	longestFingerprint = 200
)

// Detect reports whether a document that begins with head means to be SARIF, of
// any version.
func Detect(head []byte) bool {
	for _, f := range jsonstream.Fields(head) {
		switch f.Name {
		case "runs", "inlineExternalProperties":
			return true
		case "$schema":
			if strings.Contains(strings.ToLower(f.Text), "sarif") {
				return true
			}
		}
	}
	return false
}

// Parse reads a log. It gives one scan for each run, in the order of the log, and
// the rules of the format that the log breaks. The error is a fault.
func Parse(r io.Reader, l budget.Limits) ([]fact.Scan, []fact.Fault, error) {
	p := &parser{in: jsonstream.New(r, l), limits: l.OrDefaults()}
	if err := p.log(); err != nil {
		return nil, nil, err
	}
	return p.scans, p.faults(), nil
}

type parser struct {
	in     *jsonstream.Reader
	limits budget.Limits
	items  int
	scans  []fact.Scan
	listed []fact.Fault
	more   int
}

func (p *parser) log() error {
	if p.in.Kind() != '{' {
		if err := p.in.Skip(nil); err != nil {
			return err
		}
		return fault.New(fault.Unsupported, "This is not a SARIF log: a log is a JSON object with version and runs.")
	}
	var version, schema string
	runs := byte(0) // what stands in runs
	_, err := p.in.Object(func(name string) error {
		switch name {
		case "version":
			if err := p.text(&version); err != nil {
				return err
			}
			return accept(version)
		case "$schema":
			return p.text(&schema)
		case "runs":
			runs = p.in.Kind()
			return p.array(p.run)
		case "inlineExternalProperties":
			p.fault("external-properties", "/inlineExternalProperties", "Parts of runs that stand apart from them are not read. Write them into the run.")
		}
		return p.in.Skip(nil)
	})
	if err == nil {
		err = p.in.Close()
	}
	if err != nil {
		return err
	}
	if version == "" {
		if !strings.Contains(schema, Version) {
			return fault.New(fault.Invalid, `The document does not say which version of SARIF it has. Add "version": "2.1.0" if it is that.`)
		}
		p.fault("version", "/version", "The version is missing; it was taken from $schema.")
	}
	switch runs {
	case '[':
	case 'n': // section 3.13.4: the writer tried to find runs and could not
		p.fault("runs-null", "/runs", "The log says that its writer could not get at the runs. It holds no scan.")
	case 0:
		return fault.New(fault.Invalid, "The document is not a SARIF log: it has no list of runs.")
	default:
		return fault.New(fault.Invalid, "The document is not a SARIF log: /runs is not a list.")
	}
	return nil
}

// accept refuses what is not 2.1.0. Earlier and later versions use the same names
// for other things (a level of 1.0.0 may be "pass"), so they are not guessed at.
func accept(version string) error {
	switch {
	case version == "" || version == Version:
		return nil
	case strings.HasPrefix(version, "1.") || strings.HasPrefix(version, "2.0"):
		return fault.Newf(fault.Unsupported, "This is SARIF %s, from before the standard. Touchstone reads SARIF %s: let the tool write that, or convert the log.", quote(version), Version)
	case strings.HasPrefix(version, "2.2"):
		return fault.Newf(fault.Unsupported, "This is SARIF %s, which is a draft. Touchstone reads SARIF %s: let the tool write that.", quote(version), Version)
	}
	return fault.Newf(fault.Unsupported, "This is SARIF %s. Touchstone reads SARIF %s: let the tool write that.", quote(version), Version)
}

// place is the pointer of the run that is being read.
func (p *parser) place() string { return fmt.Sprintf("/runs/%d", len(p.scans)) }
