package cyclonedx

import (
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// source is a document in JSON or XML, as one reader of both sees it. It stands at
// a value, and each method moves behind that value. What is not there in the form
// asked for is passed over.
type source interface {
	// object visits members (JSON), or attributes as "@name", children by name and
	// then the text as "." (XML). False means that no object stood there.
	object(visit func(name string) error) (bool, error)
	// each visits the items of an array (JSON, the name is empty) or the child
	// elements (XML). False means that no list stood there.
	each(visit func(name string) error) (bool, error)
	// scalar reads a string, a number or a truth value, an attribute or the text of
	// an element. The kind is '"', '0', 't', 'x' (XML: any of them) or 0 (none).
	scalar() (text string, kind byte, err error)
	// skip passes over the value and declares the bom-refs in it.
	skip() error
	// list reports whether an array stands next; never so in XML.
	list() bool
	// here is the place of what was read last.
	here() inventory.Fault
	// close makes sure that nothing follows.
	close() error
}

// jsonSource is the source of a JSON document.
type jsonSource struct {
	in *jsonstream.Reader
	p  *parser
}

func (s *jsonSource) object(visit func(string) error) (bool, error) { return s.in.Object(visit) }

func (s *jsonSource) each(visit func(string) error) (bool, error) {
	return s.in.Array(func() error { return visit("") })
}

func (s *jsonSource) scalar() (string, byte, error) {
	kind := s.in.Kind()
	text, _, err := s.in.Text()
	switch kind {
	case '"', '0':
		return text, kind, err
	case 't', 'f':
		return text, 't', err
	}
	return text, 0, err
}

func (s *jsonSource) skip() error {
	return s.in.Skip(func(name, value string) {
		if name == "bom-ref" {
			s.p.declare(value, none)
		}
	})
}

func (s *jsonSource) list() bool { return s.in.Kind() == '[' }

func (s *jsonSource) here() inventory.Fault { return inventory.Fault{Pointer: s.in.Pointer()} }

func (s *jsonSource) close() error { return s.in.Close() }
