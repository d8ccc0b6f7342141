package cyclonedx

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// maxAttributes is what one element may have; the schemas know of five.
const maxAttributes = 256

// xmlSource is the source of an XML document: a stream of tokens, without document
// types and so without entities of its own. Elements and attributes of other
// namespaces are passed over, as the schemas allow.
type xmlSource struct {
	dec    *xml.Decoder
	meter  *meter
	limits budget.Limits
	p      *parser
	space  string // namespace of the document
	depth  int
	start  xml.StartElement // the element that the source stands at
	value  string           // or the value, when attr
	attr   bool             // the source stands at an attribute or a text
}

// meter hands out bytes one at a time and ends a token that is longer than the
// limit, before the decoder has collected it.
type meter struct {
	in       *bufio.Reader
	at       int64
	used     int
	limit    int
	exceeded error
}

func (m *meter) ReadByte() (byte, error) {
	if m.used >= m.limit {
		m.exceeded = fault.Newf(fault.TooLarge, "The text or tag near byte %d is longer than %d bytes.", m.at, m.limit)
		return 0, m.exceeded
	}
	m.used++
	m.at++
	return m.in.ReadByte()
}

func (m *meter) Read(p []byte) (int, error) { return m.in.Read(p) }

func newXML(in *bufio.Reader, l budget.Limits, p *parser) *xmlSource {
	m := &meter{in: in, limit: l.Text}
	return &xmlSource{dec: xml.NewDecoder(m), meter: m, limits: l, p: p}
}

// root goes into the outermost element and gives its name.
func (s *xmlSource) root() (xml.Name, error) {
	for {
		t, err := s.next()
		if err != nil {
			return xml.Name{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			s.space = t.Name.Space
			return t.Name, nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return xml.Name{}, s.refuse("There is text before the first element", nil)
			}
		}
	}
}

// next reads a token. Comments and processing instructions never come out.
func (s *xmlSource) next() (xml.Token, error) {
	for {
		s.meter.used = 0
		t, err := s.dec.Token()
		if err != nil {
			return nil, s.explain(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if s.depth++; s.depth > s.limits.Depth {
				return nil, s.limits.TooDeep(fmt.Sprintf("line %d", s.line()))
			}
			if len(t.Attr) > maxAttributes {
				return nil, fault.Newf(fault.TooLarge, "The element %s in line %d has more than %d attributes.", quote(t.Name.Local), s.line(), maxAttributes)
			}
			s.start, s.attr = t, false
			return t, nil
		case xml.EndElement:
			s.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, s.refuse("The document has a document type declaration (<!…>). It is refused unread, since such declarations can make a document of any size; CycloneDX needs none", nil)
		}
	}
}

func (s *xmlSource) explain(err error) error {
	if s.meter.exceeded != nil {
		return s.meter.exceeded
	}
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		return s.refuse("The document ends too early. Was it cut off on its way?", err)
	case errors.As(err, &syntax):
		return s.refuse("The document is not XML: "+syntax.Msg, err)
	case strings.HasPrefix(err.Error(), "xml: encoding"):
		return s.refuse("The document declares an encoding other than UTF-8. Save it as UTF-8", err)
	case strings.HasPrefix(err.Error(), "xml: "):
		return s.refuse("The document is not XML that is read here: "+strings.TrimPrefix(err.Error(), "xml: "), err)
	}
	return fmt.Errorf("read the document: %w", err)
}

func (s *xmlSource) refuse(what string, cause error) error {
	f := fault.Newf(fault.Invalid, "%s (line %d).", strings.TrimSuffix(what, "."), s.line())
	if cause != nil {
		f = f.Because(cause)
	}
	return f
}

func (s *xmlSource) line() int {
	line, _ := s.dec.InputPos()
	return line
}

func (s *xmlSource) object(visit func(string) error) (bool, error) {
	if s.attr {
		return false, nil
	}
	for _, a := range s.start.Attr {
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			continue
		}
		s.attr, s.value = true, a.Value
		if err := visit("@" + a.Name.Local); err != nil {
			return true, err
		}
	}
	text, err := s.content(visit)
	if err != nil {
		return true, err
	}
	s.attr, s.value = true, strings.TrimSpace(text)
	return true, visit(".")
}

func (s *xmlSource) each(visit func(string) error) (bool, error) {
	if s.attr {
		return false, nil
	}
	text, err := s.content(visit)
	return strings.TrimSpace(text) == "", err
}

// content reads to the end of the element: children go to visit, which may be nil,
// and the text comes back.
func (s *xmlSource) content(visit func(string) error) (string, error) {
	var text strings.Builder
	for {
		t, err := s.next()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			if text.Len()+len(t) > s.limits.Text {
				return "", s.limits.TooLong(fmt.Sprintf("line %d", s.line()))
			}
			text.Write(t)
		case xml.EndElement:
			return text.String(), nil
		case xml.StartElement:
			if t.Name.Space != s.space || visit == nil {
				err = s.skip()
			} else {
				err = visit(t.Name.Local)
			}
			if err != nil {
				return "", err
			}
		}
	}
}

func (s *xmlSource) scalar() (string, byte, error) {
	if s.attr {
		return s.value, 'x', nil
	}
	var kind byte = 'x'
	text, err := s.content(func(string) error {
		kind = 0
		return s.skip()
	})
	return strings.TrimSpace(text), kind, err
}

func (s *xmlSource) skip() error {
	if s.attr {
		return nil
	}
	for depth := s.depth; ; {
		if s.start.Name.Space == s.space {
			for _, a := range s.start.Attr {
				if a.Name.Space == "" && a.Name.Local == "bom-ref" {
					s.p.declare(a.Value, none)
				}
			}
		}
		for {
			t, err := s.next()
			if err != nil {
				return err
			}
			if _, ok := t.(xml.StartElement); ok {
				break
			}
			if _, ok := t.(xml.EndElement); ok && s.depth < depth {
				return nil
			}
		}
	}
}

func (s *xmlSource) list() bool { return false }

func (s *xmlSource) here() inventory.Fault { return inventory.Fault{Line: s.line()} }

func (s *xmlSource) close() error {
	for {
		s.meter.used = 0
		t, err := s.dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.explain(err)
		}
		switch t := t.(type) {
		case xml.StartElement, xml.Directive:
			return s.refuse("There is more after the end of the document. Send one document in one file", nil)
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return s.refuse("There is text after the end of the document", nil)
			}
		}
	}
}
