package csaf

import (
	"io"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// The versions that are read.
const (
	v20 = "2.0"
	v21 = "2.1"
)

// Parse reads an advisory. Refused is what is not CSAF 2.0 or 2.1, is not JSON, has
// data behind its end or exceeds a limit; whatever else is wrong becomes a fault of
// the document, or a failure of a mandatory test.
func Parse(r io.Reader, l budget.Limits) (*Document, error) {
	d := &Document{}
	l = l.OrDefaults()
	l.Depth *= 2 // a level of branches is two of JSON
	if err := decode(r, l, d); err != nil {
		return nil, err
	}
	switch d.Meta.Version {
	case v20, v21:
	case "":
		return nil, fault.New(fault.Unsupported, "This is not a CSAF document: it has no /document/csaf_version.")
	default:
		return nil, fault.Newf(fault.Unsupported, "This document says that it is CSAF %s. Versions 2.0 and 2.1 are read.", quote(d.Meta.Version))
	}
	d.Faults = append(d.Faults, d.versionFaults()...)
	d.index()
	if d.reach() > l.Items {
		return nil, l.TooMany("products that groups bring in")
	}
	return d, nil
}

// Publication is what the advisory says of itself. A document that breaks the
// schema fails one test more than those of section 6.1: a valid document must pass
// both.
func (d *Document) Publication() fact.Publication {
	p := fact.Publication{Title: d.Meta.Title, Category: d.Meta.Category, CSAFVersion: d.Meta.Version,
		Vulnerabilities: len(d.Vulnerabilities), FailedTests: d.failedTests()}
	if d.Meta.Publisher != nil {
		p.Publisher = d.Meta.Publisher.Name
	}
	if t := d.Meta.Tracking; t != nil {
		p.ID, p.Status, p.ReleasedAt = t.ID, t.Status, micros(t.Current)
	}
	return p
}

func (d *Document) failedTests() int {
	n := 0
	if len(d.Faults) > 0 {
		n = 1
	}
	last := ""
	for _, f := range d.Failures() {
		if f.Test != last {
			n, last = n+1, f.Test
		}
	}
	return n
}

// reach counts the products that all references to groups come to, which a small
// document can make very many.
func (d *Document) reach() int {
	n := 0
	add := func(s Scope) {
		for _, g := range s.Groups {
			n += len(d.groups[g])
		}
	}
	for i := range d.Vulnerabilities {
		d.Vulnerabilities[i].scopes(func(_ string, s Scope) { add(s) })
	}
	return n
}

// scopes visits all that names products of a vulnerability by Scope, with its place
// below the vulnerability.
func (v *Vulnerability) scopes(visit func(at string, s Scope)) {
	for i := range v.Flags {
		visit(item("/flags", i), v.Flags[i].Scope)
	}
	for i := range v.Threats {
		visit(item("/threats", i), v.Threats[i].Scope)
	}
	for i := range v.Remediations {
		visit(item("/remediations", i), v.Remediations[i].Scope)
	}
	for i := range v.Involvements {
		visit(item("/involvements", i), v.Involvements[i].Scope)
	}
	for i := range v.IDs {
		visit(item("/ids", i), v.IDs[i].Scope)
	}
	for i := range v.Notes {
		visit(item("/notes", i), v.Notes[i].Scope)
	}
	for i := range v.Exploited {
		visit(item("/first_known_exploitation_dates", i), v.Exploited[i].Scope)
	}
}

func item(list string, i int) string { return list + "/" + strconv.Itoa(i) }
