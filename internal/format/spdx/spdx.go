package spdx

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// headLen is how much of a document is looked at to tell its form.
const headLen = 64 << 10

// Parse reads a document. What is wrong with an accepted one stands in its faults.
func Parse(r io.Reader, l budget.Limits) (*inventory.Document, error) {
	p, err := parse(r, l)
	if err != nil {
		return nil, err
	}
	doc := p.doc // a copy, so that the parser can be freed
	return &doc, nil
}

// parser reads one document.
type parser struct {
	limits    budget.Limits
	doc       inventory.Document
	edition   edition
	here      func() inventory.Fault            // the place read last
	place     func(first int32) inventory.Fault // the place of a reference, as refs keeps it
	texts     map[string]string                 // texts that come again and again
	licences  map[string][]string               // likewise, as lists of one
	hashNames map[string]string                 // names of hashes, by how the document writes them
	faults    faults

	refs          refs
	components    chunked[inventory.Component]
	links         chunked[link]
	relationships int // as written, whatever their ends
	implied       int // links that are written otherwise: documentDescribes, rootElement
	items         int // as listed, whatever they are
	licenceRefs   licenceRefs
}

func parse(r io.Reader, l budget.Limits) (*parser, error) {
	l = l.OrDefaults()
	in := bufio.NewReaderSize(l.Reader(r), headLen)
	head, err := in.Peek(headLen)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	form := formOf(head)
	if err := form.refusal(); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte(byteOrderMark)) {
		_, _ = in.Discard(len(byteOrderMark)) // they have just been seen
	}
	p := &parser{limits: l, texts: map[string]string{}, licences: map[string][]string{}, hashNames: map[string]string{}, refs: newRefs(l.Items + 1), faults: newFaults()}
	read := p.json2
	switch form {
	case json3:
		read = p.json3
	case tagValue:
		read = p.tagLines
	}
	if err := read(in); err != nil {
		return nil, err
	}
	if err := p.within(); err != nil { // also for what came after the last check
		return nil, err
	}
	p.resolve()
	p.doc.Faults = p.faults.of(p.edition)
	return p, nil
}

// maxOfOne is what one package may have of package URLs, hashes or identifiers.
const maxOfOne = 1000

// item counts what the document lists, most of which is passed over: all of it
// together may be a multiple of the limit.
func (p *parser) item() error {
	if p.items++; p.items > 8*p.limits.Items {
		return fault.Newf(fault.TooLarge, "The document lists more than %d things.", 8*p.limits.Items)
	}
	return p.within()
}

// within holds what the inventory keeps, or the parser itself, to the limit.
func (p *parser) within() error {
	switch most := p.limits.Items; {
	case p.components.n > most:
		return p.limits.TooMany("packages")
	case p.links.n > most || p.relationships > most:
		return p.limits.TooMany("relationships")
	case p.refs.over:
		return p.limits.TooMany("identifiers")
	case len(p.doc.Authors)+len(p.doc.Tools) > most:
		return p.limits.TooMany("creators")
	}
	return nil
}

// maxShared bounds the texts that are kept for comparison.
const maxShared = 1 << 16

// shared gives the same string for equal texts.
func (p *parser) shared(s string) string {
	if known, ok := p.texts[s]; ok {
		return known
	}
	if len(p.texts) < maxShared {
		p.texts[s] = s
	}
	return s
}

// specVersion takes the version of an SPDX 2 document, or refuses it.
func (p *parser) specVersion(v string) error {
	number, ok := strings.CutPrefix(v, "SPDX-")
	i := slices.IndexFunc(editions, func(e string) bool { return number == e || strings.HasPrefix(number, e+".") })
	if !ok || i < 0 {
		return fault.Newf(fault.Unsupported, "The document says that its SPDX version is %s. SPDX-2.2, SPDX-2.3 and 3.0.1 are read; make it again with a newer tool, or convert it.", quote(v))
	}
	if number != editions[i] {
		p.fault("spdx-version", "The SPDX version is %s and must be SPDX-%s: it has two numbers.", quote(v), editions[i])
	}
	p.edition, p.doc.SpecVersion = edition(i+1), editions[i]
	return nil
}

// editions are the versions of SPDX 2 that are read; their numbers from 1 are the
// values of edition.
var editions = []string{"2.2", "2.3"}

// edition is a version whose rules differ from others'; 0 is not known, or all.
type edition int

const (
	in22 edition = 1
	in23 edition = 2
)
