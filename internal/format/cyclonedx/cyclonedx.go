package cyclonedx

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Parse reads a document. What is wrong with an accepted one stands in its faults.
func Parse(r io.Reader, l budget.Limits) (*inventory.Document, error) {
	p, err := parse(r, l, false)
	if err != nil {
		return nil, err
	}
	doc := p.doc // a copy, so that the parser can be freed
	return &doc, nil
}

// ParseAll is Parse that also gives what the analyses of vulnerabilities say, in
// the same pass; nil when there are none.
func ParseAll(r io.Reader, l budget.Limits) (*inventory.Document, *decision.Document, error) {
	p, err := parse(r, l, true)
	if err != nil {
		return nil, nil, err
	}
	doc := p.doc
	return &doc, p.statements(), nil
}

// parser reads one document.
type parser struct {
	src        source
	format     format
	limits     budget.Limits
	grammar    *shapes
	doc        inventory.Document
	found      pages
	version    int // minor version; 0 = not said yet, which only JSON can leave open
	items      int
	texts      map[string]string // texts that come again and again
	algorithms map[string]string // names of hashes, by how the document writes them

	faults faults

	refs    refs
	links   []link
	dangles []dangle

	vex analyses
}

func parse(r io.Reader, l budget.Limits, vex bool) (*parser, error) {
	l = l.OrDefaults()
	in := bufio.NewReaderSize(l.Reader(r), 64<<10)
	p := &parser{limits: l, grammar: grammar(), texts: map[string]string{}, algorithms: map[string]string{}, refs: refs{number: map[string]int32{}, most: l.Items},
		faults: faults{count: map[span]int{}}}
	p.vex.wanted = vex
	if head, _ := in.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // the three bytes have just been seen
	}
	read := p.json
	if head, _ := in.Peek(4096); bytes.HasPrefix(trimMark(head), []byte("<")) {
		read = p.xml
	}
	if err := read(in); err != nil {
		return nil, err
	}
	if err := p.src.close(); err != nil {
		return nil, err
	}
	if err := p.item(); err != nil { // also for what came after the last item
		return nil, err
	}
	p.doc.Components = p.found.join()
	p.resolve()
	p.doc.Faults = p.faults.of(p.version)
	return p, nil
}

func (p *parser) json(in *bufio.Reader) error {
	s := &jsonSource{in: jsonstream.New(in, p.limits), p: p}
	p.src, p.format, p.doc.Format = s, inJSON, inventory.CycloneDXJSON
	if k := s.in.Kind(); k != '{' && k != 0 {
		return fault.New(fault.Invalid, "This is not a CycloneDX document: it is neither a JSON object nor an XML element.")
	}
	if err := p.bom(); err != nil {
		return err
	}
	if p.version == 0 {
		return fault.New(fault.Unsupported, "This is not a CycloneDX document: it has no specVersion.")
	}
	return nil
}

func (p *parser) xml(in *bufio.Reader) error {
	s := newXML(in, p.limits, p)
	p.src, p.format, p.doc.Format = s, inXML, inventory.CycloneDXXML
	name, err := s.root()
	if err != nil {
		return err
	}
	version, ours := strings.CutPrefix(name.Space, namespace)
	if name.Local != "bom" || !ours {
		return fault.Newf(fault.Unsupported, "This is not a CycloneDX document: its outermost element is %s in the namespace %s.", quote(name.Local), quote(name.Space))
	}
	if err := p.specVersion(version); err != nil {
		return err
	}
	return p.bom()
}

// specVersion takes the version of CycloneDX, or refuses it.
func (p *parser) specVersion(v string) error {
	minor, ok := strings.CutPrefix(v, "1.")
	if !ok || len(minor) != 1 || minor[0] < '0'+earliest || minor[0] > '0'+latest {
		return fault.Newf(fault.Unsupported, "The document is in CycloneDX %s. Versions 1.%d to 1.%d are read; make it again with a newer tool, or convert it.", quote(v), earliest, latest)
	}
	p.version, p.doc.SpecVersion = int(minor[0]-'0'), v
	return nil
}

func (p *parser) bom() error {
	var version string
	err := p.object(p.grammar.objects["bom"], func(m *member) (bool, error) {
		switch m.name {
		case "bomFormat":
			return true, p.bomFormat(m)
		case "specVersion":
			v, err := p.text(m)
			if err == nil {
				err = p.specVersion(v)
			}
			return true, err
		case "serialNumber":
			return p.textTo(m, &p.doc.Serial)
		case "version":
			return p.textTo(m, &version)
		case "metadata":
			return true, p.metadata(m.shape)
		case "components":
			return true, p.components(m, noParent)
		case "dependencies":
			return true, p.list(m, func() error { _, _, err := p.dependency(m.shape); return err })
		case "vulnerabilities":
			return true, p.list(m, func() error { return p.vulnerability(m.shape) })
		case "properties":
			return true, p.properties(m, p.vex.documentProperty)
		}
		return false, nil
	})
	if version == "" {
		version = "1" // the default of the schemas
	}
	p.doc.Version = version
	return err
}

func (p *parser) bomFormat(m *member) error {
	v, err := p.text(m)
	if err == nil && v != "CycloneDX" {
		return fault.Newf(fault.Unsupported, "This is not a CycloneDX document: its bomFormat is %s.", quote(v))
	}
	return err
}
