package govuk

import (
	"html/template"

	"github.com/touchstone-assurance/touchstone/internal/domain/chart"
)

// Plot is a pattern of our own: a drawing with its title, and the same numbers
// as a table, for everybody who reads them better there. Without a drawing the
// table stands open.
//
// The drawing is markup that package chart made, with every text in it escaped;
// this is the one place that trusts it.
type Plot struct {
	Figure  chart.Figure
	Classes string
}

var plotTemplate = compile("plot", `<figure class="app-plot{{cls .Classes}}">
{{- if .Drawing}}<figcaption class="govuk-heading-s">{{.Figure.Title}}</figcaption>{{.Drawing}}{{end}}{{.Numbers}}</figure>`)

// HTML renders the plot.
func (c Plot) HTML() template.HTML { return render(plotTemplate, c) }

// Drawing is the picture, "" when there is none.
func (c Plot) Drawing() template.HTML { return template.HTML(c.Figure.SVG()) }

// Numbers is the table, folded away below a drawing.
func (c Plot) Numbers() template.HTML {
	from := c.Figure.Table()
	t := Table{Caption: from.Caption, FirstCellIsHeader: true, Scroll: true}
	for i, name := range from.Columns {
		head := Cell{Text: name}
		if i > 0 {
			head.Format = "numeric"
		}
		t.Head = append(t.Head, head)
	}
	for _, row := range from.Rows {
		cells := make([]Cell, len(row))
		for i, text := range row {
			cells[i] = Cell{Text: text}
			if i > 0 {
				cells[i].Format = "numeric"
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	if c.Drawing() == "" {
		return t.HTML()
	}
	return Details{Summary: "The same numbers as a table", Markup: t.HTML()}.HTML()
}
