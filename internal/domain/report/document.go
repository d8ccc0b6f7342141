package report

// Document is a report as headings, paragraphs, lists and tables, ready for any
// writer. Text is plain: a writer makes it harmless in its own format.
type Document struct {
	Title    string
	Subtitle string
	Subject  string // for properties of the file
	Marking  string // words at the top and the bottom of every page
	Banner   string // stands on every page; "" = none
	Lead     []string
	Sections []Section
}

// Section is a heading with its blocks. ID is safe as an anchor.
type Section struct {
	ID      string
	Heading string
	Blocks  []Block
	Folded  bool // a page may show the heading alone until it is asked for more
}

// Block is one of its parts; exactly one is set.
type Block struct {
	Heading string // of the next lower level
	Text    string // a paragraph; line breaks are kept
	List    []string
	Terms   []Term
	Table   *Table
	Plot    *Plot
	Code    string // exact text, to be copied
}

// Term is a name with its value.
type Term struct {
	Name  string
	Value string
}

// Table has a caption and header cells. With RowHeaders the first cell of each
// row names the row.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]string
}

// Column is one column of a table.
type Column struct {
	Title  string
	Number bool
}

// PlotKind names the form of a plot.
type PlotKind string

// The forms of plots.
const (
	PlotStacked   PlotKind = "stacked"
	PlotTrend     PlotKind = "trend"
	PlotFreshness PlotKind = "freshness"
)

// Plot is a drawing of numbers that a table in the same section gives as text.
// A writer that cannot draw leaves it out.
type Plot struct {
	ID     string
	Kind   PlotKind
	Title  string
	Desc   string
	Series []string
	Rows   []PlotRow
}

// PlotRow is one bar or one moment, with a count for each series.
type PlotRow struct {
	Label  string
	Counts []int
}

func text(s string) Block    { return Block{Text: s} }
func heading(s string) Block { return Block{Heading: s} }
func terms(ts ...Term) Block { return Block{Terms: ts} }
func plot(p Plot) Block      { return Block{Plot: &p} }
func columns(titles ...string) (out []Column) {
	for _, t := range titles {
		out = append(out, Column{Title: t})
	}
	return out
}

// numbers marks the columns from i on as numbers.
func numbers(cs []Column, from int) []Column {
	for i := from; i < len(cs); i++ {
		cs[i].Number = true
	}
	return cs
}

func table(caption string, cs []Column, rows [][]string) Block {
	return Block{Table: &Table{Caption: caption, Columns: cs, Rows: rows}}
}
