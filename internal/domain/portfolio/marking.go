// Package portfolio is what is looked after and by whom: organisations, their
// units, the systems in them with their states, markings, roles, skills,
// connections, obligations and legacy accreditations, and the gaps in all that.
//
// It is pure and knows nothing of assessments. Classification follows the UK
// Government Security Classifications Policy: three tiers, with SENSITIVE as a
// handling marking within OFFICIAL and not a fourth tier.
package portfolio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Tier is a classification tier.
type Tier string

// The three tiers.
const (
	Official  Tier = "OFFICIAL"
	Secret    Tier = "SECRET"
	TopSecret Tier = "TOP SECRET"
)

// Tiers lists the tiers, lowest first.
func Tiers() []Tier { return []Tier{Official, Secret, TopSecret} }

// Sensitive is the only handling marking known here.
const Sensitive = "SENSITIVE"

// Marking is a tier with its handling marking. The zero value is unmarked.
type Marking struct {
	Tier     Tier
	Handling string // "" or Sensitive; Sensitive only within OFFICIAL
}

// DefaultCeiling is the highest marking that an installation holds unless its
// settings say otherwise.
func DefaultCeiling() Marking { return Marking{Official, Sensitive} }

// ParseMarking reads a marking as people write it: case, spaces and hyphens do
// not matter. "" is an error: absence of a marking is not OFFICIAL.
func ParseMarking(s string) (Marking, error) {
	fields := strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '\u2011' || r == '\u2013' })
	switch strings.Join(fields, " ") {
	case "OFFICIAL":
		return Marking{Tier: Official}, nil
	case "OFFICIAL SENSITIVE":
		return Marking{Official, Sensitive}, nil
	case "SECRET":
		return Marking{Tier: Secret}, nil
	case "TOP SECRET":
		return Marking{Tier: TopSecret}, nil
	case "SENSITIVE", "SECRET SENSITIVE", "TOP SECRET SENSITIVE":
		return Marking{}, fault.New(fault.Invalid, "SENSITIVE is a handling marking within OFFICIAL. Use OFFICIAL-SENSITIVE, or a tier by itself.")
	}
	return Marking{}, fault.New(fault.Invalid, "The marking must be OFFICIAL, OFFICIAL-SENSITIVE, SECRET or TOP SECRET.")
}

// String writes the marking as ParseMarking reads it; "" when unmarked.
func (m Marking) String() string {
	if m.Handling != "" {
		return string(m.Tier) + "-" + m.Handling
	}
	return string(m.Tier)
}

// Marked reports whether there is a marking.
func (m Marking) Marked() bool { return m.Tier != "" }

// Compare orders markings: by tier, and within OFFICIAL without SENSITIVE first.
// Unmarked is lowest.
func (m Marking) Compare(o Marking) int {
	return cmp.Or(cmp.Compare(slices.Index(Tiers(), m.Tier), slices.Index(Tiers(), o.Tier)), cmp.Compare(m.Handling, o.Handling))
}

// Highest returns the highest of the markings; unmarked when there is none. An
// export is marked with the highest of its parts.
func Highest(ms ...Marking) Marking {
	var top Marking
	for _, m := range ms {
		if m.Compare(top) > 0 {
			top = m
		}
	}
	return top
}

// Within adds a problem at the pointer when the marking is above the ceiling.
func (m Marking) Within(p *fault.Problems, pointer string, ceiling Marking) {
	if m.Compare(ceiling) > 0 {
		p.Add(pointer, "This installation may hold information up to %s. Do not enter %s information here. "+
			"Record it as held elsewhere, or use an installation that is cleared for it.", ceiling, m)
	}
}

// MarshalText writes the marking as String does.
func (m Marking) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes; "" is unmarked.
func (m *Marking) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = Marking{}
		return nil
	}
	got, err := ParseMarking(string(b))
	if err == nil {
		*m = got
	}
	return err
}
