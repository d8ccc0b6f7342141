package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// documentView is a report laid out in the page; it says what the files say,
// since all are made from the one report.Document.
type documentView struct {
	Lead     []string
	Sections []documentSection
}

type documentSection struct {
	ID, Heading string
	Blocks      []documentBlock
	Folded      bool
}

// documentBlock is one part of a section; exactly one of its fields is set.
// Drawings are left out: a table beside each has the same numbers.
type documentBlock struct {
	Heading string
	Body    govuk.Component
	List    []string
	Code    string
}

func documentOf(d report.Document) documentView {
	v := documentView{Lead: d.Lead}
	for i, s := range d.Sections {
		out := documentSection{ID: or(s.ID, "section-"+strconv.Itoa(i+1)), Heading: s.Heading, Folded: s.Folded}
		for _, b := range s.Blocks {
			if block, ok := blockOf(b); ok {
				out.Blocks = append(out.Blocks, block)
			}
		}
		v.Sections = append(v.Sections, out)
	}
	return v
}

func blockOf(b report.Block) (documentBlock, bool) {
	switch {
	case b.Heading != "":
		return documentBlock{Heading: b.Heading}, true
	case b.Text != "":
		return documentBlock{Body: govuk.Prose{Text: b.Text}}, true
	case len(b.List) > 0:
		return documentBlock{List: b.List}, true
	case len(b.Terms) > 0:
		var list govuk.SummaryList
		for _, t := range b.Terms {
			list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(t.Name), Value: govuk.Of(govuk.Prose{Text: or(t.Value, "Not recorded")})})
		}
		return documentBlock{Body: list}, true
	case b.Table != nil:
		return documentBlock{Body: tableOf(*b.Table)}, true
	case b.Code != "":
		return documentBlock{Code: b.Code}, true
	}
	return documentBlock{}, false
}

func tableOf(t report.Table) govuk.Table {
	out := govuk.Table{Caption: t.Caption, Scroll: true, FirstCellIsHeader: true}
	for _, c := range t.Columns {
		out.Head = append(out.Head, govuk.Cell{Text: c.Title, Format: numeric(c.Number)})
	}
	for _, row := range t.Rows {
		cells := make([]govuk.Cell, len(row))
		for i, text := range row {
			cells[i] = govuk.Cell{Text: text}
			if i < len(t.Columns) {
				cells[i].Format = numeric(t.Columns[i].Number)
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

func numeric(yes bool) string {
	if yes {
		return "numeric"
	}
	return ""
}
