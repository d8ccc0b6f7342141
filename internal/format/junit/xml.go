package junit

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

const (
	// longestText is for what tests print, of which nothing is kept.
	longestText    = 16 << 20
	mostAttributes = 256 // of one element
)

// meter hands out bytes one at a time and ends a token that is too long before the
// decoder has collected it. It knows just enough of XML to tell a tag, whose
// attributes the decoder keeps, from text.
type meter struct {
	in        *bufio.Reader
	at        int64
	used      int
	tag, text int // limits
	state     state
	exceeded  error
}

type state byte

const (
	inText  state = iota
	opening       // behind a "<"
	inTag
	inMarked // a comment, CDATA, a processing instruction
)

func (m *meter) ReadByte() (byte, error) {
	limit := m.text
	if m.state == inTag {
		limit = m.tag
	}
	if m.used >= limit {
		m.exceeded = fault.Newf(fault.TooLarge, "The text or tag near byte %d is longer than %d bytes.", m.at, limit)
		return 0, m.exceeded
	}
	b, err := m.in.ReadByte()
	if err != nil {
		return 0, err
	}
	m.used++
	m.at++
	switch {
	case m.state == inText && b == '<':
		m.state = opening
	case m.state == opening && (b == '!' || b == '?'):
		m.state = inMarked
	case m.state == opening:
		m.state = inTag
	}
	return b, nil
}

func (m *meter) Read(p []byte) (int, error) { return m.in.Read(p) }

// token begins a new token. The decoder has read one byte on when a text ended.
func (m *meter) token() {
	m.used = 0
	if m.state != opening {
		m.state = inText
	}
}

// next reads a token: a start, an end or text.
func (p *parser) next() (xml.Token, error) {
	for {
		p.meter.token()
		t, err := p.dec.Token()
		if err != nil {
			return nil, p.explain(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if p.depth++; p.depth > p.limits.Depth {
				return nil, p.limits.TooDeep(fmt.Sprintf("line %d", p.line()))
			}
			return t, p.checkAttributes(t)
		case xml.EndElement:
			p.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, p.refuse("The document has a document type declaration (<!…>). It is refused unread, since such declarations can make a document of any size; test results need none", nil)
		}
	}
}

func (p *parser) checkAttributes(t xml.StartElement) error {
	if len(t.Attr) > mostAttributes {
		return fault.Newf(fault.TooLarge, "The element %s in line %d has more than %d attributes.", quote(t.Name.Local), p.line(), mostAttributes)
	}
	for i, a := range t.Attr {
		for _, b := range t.Attr[:i] {
			if a.Name == b.Name {
				return p.refuse(fmt.Sprintf("The element %s has the attribute %s twice", quote(t.Name.Local), quote(a.Name.Local)), nil)
			}
		}
	}
	return nil
}

// root reads to the outermost element.
func (p *parser) root() (xml.StartElement, error) {
	for {
		t, err := p.next()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t, nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return xml.StartElement{}, p.refuse("There is text before the first element", nil)
			}
		}
	}
}

// children visits the elements inside the one that was just read, to its end. visit
// reads the element; text is passed over.
func (p *parser) children(visit func(xml.StartElement) error) error {
	for {
		t, err := p.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := visit(t); err != nil {
				return err
			}
		}
	}
}

func (p *parser) skip() error {
	return p.children(func(xml.StartElement) error { return p.skip() })
}

// end makes sure that nothing but comments and blanks follow.
func (p *parser) end() error {
	for {
		p.meter.token()
		t, err := p.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return p.explain(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			if strings.TrimSpace(string(t)) == "" {
				continue
			}
		case xml.Comment, xml.ProcInst:
			continue
		}
		return p.refuse("There is more after the end of the document. Send one document in one file", nil)
	}
}

func (p *parser) explain(err error) error {
	if p.meter.exceeded != nil {
		return p.meter.exceeded
	}
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		return p.refuse("The document ends too early. Was it cut off on its way?", err)
	case errors.As(err, &syntax):
		return p.refuse("The document is not XML: "+syntax.Msg, err)
	case strings.HasPrefix(err.Error(), "xml: encoding"):
		return p.refuse("The document declares an encoding other than UTF-8. Save it as UTF-8", err)
	case strings.HasPrefix(err.Error(), "xml: "):
		return p.refuse("The document is not XML that is read here: "+strings.TrimPrefix(err.Error(), "xml: "), err)
	}
	return fmt.Errorf("read the document: %w", err)
}

func (p *parser) refuse(what string, cause error) error {
	f := fault.Newf(fault.Invalid, "%s (line %d).", strings.TrimSuffix(what, "."), p.line())
	if cause != nil {
		f = f.Because(cause)
	}
	return f
}

func (p *parser) line() int {
	line, _ := p.dec.InputPos()
	return line
}
