package govuk

import (
	"html/template"
	"strconv"
	"strings"
)

// Table shows rows of data. Give it a caption always; it names the table for
// people who do not see it. Scroll lets a wide table scroll sideways in a
// region of its own that the keyboard can reach, so that the page never does.
type Table struct {
	Caption           string
	CaptionClasses    string
	Head              []Cell
	Rows              [][]Cell
	FirstCellIsHeader bool
	Scroll            bool
	Classes           string
	Attributes        Attributes
}

// Cell is a cell of a table. Format is "numeric" for numbers.
type Cell struct {
	Text             string
	Markup           template.HTML
	Format           string
	Colspan, Rowspan int
	Sort             *Sort // of a heading only
	Classes          string
	Attributes       Attributes
}

// Sort makes a heading a link that orders the list by its column. The server
// sorts, so that the order has an address and holds for every page of a list.
type Sort struct {
	Href  string
	Order SortOrder
}

// SortOrder is how a list is ordered by a column.
type SortOrder string

// The orders, in the words of aria-sort.
const (
	NotSorted  SortOrder = ""
	Ascending  SortOrder = "ascending"
	Descending SortOrder = "descending"
)

// Next is the order that pressing the heading leads to, in words.
func (s Sort) Next() string {
	if s.Order == Ascending {
		return "sort descending"
	}
	return "sort ascending"
}

// Content is what the cell says.
func (c Cell) Content() Content { return Content{c.Text, c.Markup} }

var tableTemplate = compile("table", `<table class="govuk-table{{cls .Classes}}"{{attrs .Attributes}}>
{{- with .Caption}}<caption class="govuk-table__caption{{cls $.CaptionClasses}}">{{.}}</caption>{{end}}
{{- if .Head}}<thead class="govuk-table__head"><tr class="govuk-table__row">
{{- range .Head}}<th scope="col" class="govuk-table__header{{with .Format}} govuk-table__header--{{.}}{{end}}{{cls .Classes}}"
{{- with .Colspan}} colspan="{{.}}"{{end}}{{with .Rowspan}} rowspan="{{.}}"{{end}}
{{- with .Sort}}{{with .Order}} aria-sort="{{.}}"{{end}}{{end}}{{attrs .Attributes}}>
{{- if .Sort}}<a class="govuk-link app-sort{{with .Sort.Order}} app-sort--{{.}}{{end}}" href="{{.Sort.Href}}">{{.Content.HTML}}<span class="govuk-visually-hidden">, {{.Sort.Next}}</span></a>
{{- else}}{{.Content.HTML}}{{end}}</th>{{end}}</tr></thead>{{end}}
<tbody class="govuk-table__body">{{.Body}}</tbody></table>`)

// Body is the rows. They are written without a template because lists are long:
// 800 cells take four times as long by template.
func (c Table) Body() template.HTML {
	var b strings.Builder
	for _, row := range c.Rows {
		b.WriteString(`<tr class="govuk-table__row">`)
		for i, cell := range row {
			if i == 0 && c.FirstCellIsHeader {
				cell.write(&b, `<th scope="row" class="govuk-table__header`, "</th>")
				continue
			}
			open := `<td class="govuk-table__cell`
			if cell.Format != "" {
				open += ` govuk-table__cell--` + template.HTMLEscapeString(cell.Format)
			}
			cell.write(&b, open, "</td>")
		}
		b.WriteString("</tr>\n")
	}
	return template.HTML(b.String())
}

// write writes the cell; open lacks the end of its class attribute.
func (c Cell) write(b *strings.Builder, open, end string) {
	b.WriteString(open)
	b.WriteString(template.HTMLEscapeString(classSuffix(c.Classes)))
	b.WriteByte('"')
	if c.Colspan != 0 {
		b.WriteString(` colspan="` + strconv.Itoa(c.Colspan) + `"`)
	}
	if c.Rowspan != 0 {
		b.WriteString(` rowspan="` + strconv.Itoa(c.Rowspan) + `"`)
	}
	b.WriteString(string(attrs(c.Attributes)))
	b.WriteByte('>')
	b.WriteString(string(c.Content().HTML()))
	b.WriteString(end)
}

// HTML renders the table, in its scrolling region if it has one.
func (c Table) HTML() template.HTML {
	table := render(tableTemplate, c)
	if c.Scroll {
		return ScrollRegion{Label: c.Caption, Body: table}.HTML()
	}
	return table
}
