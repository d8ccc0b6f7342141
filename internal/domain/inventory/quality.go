package inventory

import "strings"

// MaxExamples is how many components without an element are kept as examples.
const MaxExamples = 50

// ElementScore is how far a document holds an element.
type ElementScore struct {
	Element
	Document bool // it is asked once, of the document
	Present  int
	Of       int // components, or 1
	// Examples are the indexes of the first components that lack it, and at most
	// MaxExamples; Of-Present lack it. SubjectOnly stands for the subject.
	Examples []int32
}

// SubjectOnly is the index in Examples of the subject of a document that lists no
// component besides.
const SubjectOnly int32 = -1

// Met reports whether nothing lacks the element. A document without anything to
// look at meets nothing that is asked of components.
func (s ElementScore) Met() bool { return s.Of > 0 && s.Present == s.Of }

// Percent is the share that has the element, rounded down, so that 100 is all.
func (s ElementScore) Percent() int {
	if s.Of == 0 {
		return 0
	}
	return int(int64(s.Present) * 100 / int64(s.Of))
}

// Score is a document against a profile.
type Score struct {
	Profile  Profile
	Elements []ElementScore // in the order of the profile
}

// Met counts the elements that the document meets.
func (s Score) Met() int {
	n := 0
	for _, e := range s.Elements {
		if e.Met() {
			n++
		}
	}
	return n
}

// Quality scores a document against every profile. Components are all but the
// subject; a document that lists nothing else is scored by its subject.
func Quality(d *Document) []Score {
	linked := ends(d)
	measured := map[Measure]ElementScore{}
	var out []Score
	for _, p := range Profiles() {
		s := Score{Profile: p}
		for _, e := range p.Elements {
			m, known := measured[e.Measure]
			if !known {
				m = measure(d, e.Measure, linked)
				measured[e.Measure] = m
			}
			m.Element = e
			s.Elements = append(s.Elements, m)
		}
		out = append(out, s)
	}
	return out
}

func measure(d *Document, m Measure, linked []bool) ElementScore {
	if holds := ofDocument(d, m); holds != nil {
		s := ElementScore{Document: true, Of: 1}
		if holds() {
			s.Present = 1
		}
		return s
	}
	var s ElementScore
	look := func(i int32, c *Component) {
		s.Of++
		if ofComponent(c, m) || m == MeasureGraph && i >= 0 && linked[i] {
			s.Present++
		} else if len(s.Examples) < MaxExamples {
			s.Examples = append(s.Examples, i)
		}
	}
	for i, c := range d.Parts() {
		look(i, c)
	}
	if s.Of == 0 && (d.Subject.Name != "" || d.Subject.Ref != "") {
		look(SubjectOnly, &d.Subject)
		if m == MeasureGraph { // it has nothing to depend on
			s.Present, s.Examples = 1, nil
		}
	}
	return s
}

// ofDocument gives the question to ask of the document; nil for a measure of
// components.
func ofDocument(d *Document, m Measure) func() bool {
	switch m {
	case MeasureDependencies:
		return func() bool { return len(d.Edges) > 0 || alone(d) }
	case MeasureAuthor:
		return func() bool { return len(d.Authors) > 0 }
	case MeasureMaker:
		return func() bool { return len(d.Authors) > 0 || len(d.Tools) > 0 }
	case MeasureTimestamp:
		return func() bool { return d.CreatedAt != 0 }
	case MeasureTool:
		return func() bool { return len(d.Tools) > 0 }
	case MeasureContext:
		return func() bool { return len(d.Lifecycles) > 0 }
	case MeasureFormat:
		return func() bool { return d.Format != "" }
	}
	return nil
}

// alone reports whether there is one thing, or a product with one thing in it: what
// depends on what then needs no saying.
func alone(d *Document) bool {
	n := 0
	for range d.Parts() {
		if n++; n > 1 {
			return false
		}
	}
	return n == 1 || d.Subject.Name != ""
}

func ofComponent(c *Component, m Measure) bool {
	switch m {
	case MeasureSupplier:
		return said(c.Supplier)
	case MeasureName:
		return said(c.Name)
	case MeasureVersion:
		return said(c.Version)
	case MeasureIdentifier:
		return c.PURL != "" || c.CPE != "" || len(c.Identifiers) > 0
	case MeasureHash:
		return len(c.Hashes) > 0
	case MeasureLicence:
		for _, l := range c.Licences {
			if said(l) { // NONE is an answer
				return true
			}
		}
	}
	return false
}

// said reports whether a text says something. NOASSERTION is how SPDX says that
// nobody knows, and some tools write words for it.
func said(s string) bool {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "", "NOASSERTION", "UNKNOWN":
		return false
	}
	return true
}

// ends marks the components that are an end of a dependency.
func ends(d *Document) []bool {
	out := make([]bool, len(d.Components))
	for _, e := range d.Edges {
		for _, i := range [...]int32{e.From, e.To} {
			if i >= 0 && int(i) < len(out) {
				out[i] = true
			}
		}
	}
	return out
}
