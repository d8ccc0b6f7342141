package osv

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

// mostSalvaged bounds the packages that are taken out of one broken record.
const mostSalvaged = 10_000

// Salvage takes from a record that Parse refuses what can still be read: its id,
// and the packages that it names, up to the first byte that is not JSON. It never
// fails; what it cannot find is empty. Duplicate names and bad text are passed over.
func Salvage(b []byte) (id string, packages []advisory.Package) {
	d := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, bom)),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	s := salvager{d: d}
	s.members(func(name string) {
		switch name {
		case "id":
			if t := s.text(); id == "" {
				id = t
			}
		case "affected":
			s.elements(func() {
				s.members(func(name string) {
					if name == "package" {
						s.pkg(&packages)
						return
					}
					s.skip()
				})
			})
		default:
			s.skip()
		}
	})
	return id, packages
}

// salvager walks as far as it can: after the first error nothing moves any more.
type salvager struct {
	d    *jsontext.Decoder
	over bool
}

func (s *salvager) pkg(packages *[]advisory.Package) {
	var p advisory.Package
	s.members(func(name string) {
		switch name {
		case "ecosystem":
			p.Ecosystem = s.text()
		case "name":
			p.Name = s.text()
		default:
			s.skip()
		}
	})
	if p.Name != "" && len(*packages) < mostSalvaged {
		*packages = append(*packages, p)
	}
}

func (s *salvager) skip() {
	if !s.over && s.d.SkipValue() != nil {
		s.over = true
	}
}

// text is empty for everything that is not a text.
func (s *salvager) text() string {
	if s.d.PeekKind() != '"' {
		s.skip()
		return ""
	}
	t, err := s.d.ReadToken()
	if err != nil {
		s.over = true
		return ""
	}
	return t.String()
}

func (s *salvager) members(member func(name string)) {
	if s.d.PeekKind() != '{' {
		s.skip()
		return
	}
	s.step()
	for !s.over && s.d.PeekKind() != '}' {
		name := s.text()
		if s.over {
			return
		}
		member(name)
	}
	s.step()
}

func (s *salvager) elements(element func()) {
	if s.d.PeekKind() != '[' {
		s.skip()
		return
	}
	s.step()
	for !s.over && s.d.PeekKind() != ']' {
		element()
	}
	s.step()
}

func (s *salvager) step() {
	if _, err := s.d.ReadToken(); err != nil {
		s.over = true
	}
}
