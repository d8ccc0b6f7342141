// Package text decides which text is taken from people and programs.
//
// It refuses what cannot be stored or shown on every engine and in every
// report: NUL (PostgreSQL text), invalid UTF-8, and control characters that XML
// 1.0 cannot hold (section 2.2), which DOCX and XLSX need. Everything else is
// kept as it was written, marks of right-to-left writing too: making text
// harmless is the business of the place that shows it.
package text

import (
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Limits in characters for the fields that several packages share.
const (
	Name  = 200    // names and titles
	Short = 1_000  // reasons, places, references
	Long  = 10_000 // rationale, scope
)

// Clean returns s with line ends as \n and outer white space removed, and adds a
// problem at the pointer when it cannot be taken or is longer than max
// characters.
func Clean(p *fault.Problems, pointer, s string, max int) string {
	if len(s) > 4*max+1 && utf8.RuneCountInString(s) > max {
		p.Add(pointer, "Must be %d characters or fewer.", max)
		return ""
	}
	if !utf8.ValidString(s) {
		p.Add(pointer, "Contains bytes that are not UTF-8 text.")
		return ""
	}
	s = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
	for _, r := range s {
		if r == 0 {
			p.Add(pointer, "Contains a NUL character, which cannot be kept.")
			return ""
		}
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			p.Add(pointer, "Contains a control character (U+%04X), which cannot be kept.", r)
			return ""
		}
	}
	if n := utf8.RuneCountInString(s); n > max {
		p.Add(pointer, "Must be %d characters or fewer. It has %d.", max, n)
	}
	return s
}

// Line is Clean for one line: line breaks and tabs are refused.
func Line(p *fault.Problems, pointer, s string, max int) string {
	before := len(*p)
	s = Clean(p, pointer, s, max)
	if len(*p) == before && strings.ContainsAny(s, "\n\t") {
		p.Add(pointer, "Must be a single line.")
	}
	return s
}

// Need is Line for a field that must not be empty. The label completes the
// sentence "Enter …".
func Need(p *fault.Problems, pointer, label, s string, max int) string {
	before := len(*p)
	s = Line(p, pointer, s, max)
	if s == "" && len(*p) == before {
		p.Add(pointer, "Enter %s.", label)
	}
	return s
}
