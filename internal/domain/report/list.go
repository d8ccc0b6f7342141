package report

import "iter"

// List is a list as it is exported: one table with a marking, made row by row.
type List struct {
	Name    string // of the sheet and the file: "systems"
	Marking string // words; stands in the file
	Banner  string // "" = none
	AsOf    string // when it was made, in words
	Columns []string
	Rows    iter.Seq2[[]string, error] // ends at the first error
}

// Marks returns the lines that stand above the header row: marking, sample data
// and time.
func (l List) Marks() []string {
	out := []string{"Marking: " + Mark(l.Marking)}
	if l.Banner != "" {
		out = append(out, l.Banner)
	}
	if l.AsOf != "" {
		out = append(out, "As at "+l.AsOf)
	}
	return out
}
