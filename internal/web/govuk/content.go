package govuk

import (
	"html/template"
	"strings"
)

// Content is either plain text, which is escaped, or markup made by another
// component. Markup wins when both are given.
type Content struct {
	Text   string
	Markup template.HTML
}

// Text is content of plain text.
func Text(text string) Content { return Content{Text: text} }

// Of is content made of components, one after the other.
func Of(parts ...Component) Content { return Content{Markup: Join(parts...)} }

// IsZero says whether there is nothing to show.
func (c Content) IsZero() bool { return c.Text == "" && c.Markup == "" }

// HTML is the markup, or the escaped text.
func (c Content) HTML() template.HTML {
	if c.Markup != "" {
		return template.HTML(strings.TrimSpace(string(c.Markup)))
	}
	return template.HTML(template.HTMLEscapeString(c.Text))
}

// paragraph is the content, in a paragraph when it is plain text.
func (c Content) paragraph(class string) template.HTML {
	if c.Markup != "" || c.Text == "" {
		return c.HTML()
	}
	return template.HTML(`<p class="`+template.HTMLEscapeString(class)+`">`) + c.HTML() + `</p>`
}

// Join renders components one after the other. Nil components are left out.
func Join(parts ...Component) template.HTML {
	var b strings.Builder
	for _, part := range parts {
		if part != nil {
			b.WriteString(string(part.HTML()))
		}
	}
	return template.HTML(b.String())
}

// Link is an ordinary link. Hidden is read out after the text but not shown;
// it tells apart links of the same text ("Change" + " name").
type Link struct {
	Text, Hidden string
	Href         string
	Classes      string
	Attributes   Attributes
}

var linkTemplate = compile("link", `<a class="govuk-link{{cls .Classes}}" href="{{.Href}}"{{attrs .Attributes}}>{{.Text}}
{{- with .Hidden}}<span class="govuk-visually-hidden"> {{.}}</span>{{end}}</a>`)

// HTML renders the link.
func (c Link) HTML() template.HTML { return render(linkTemplate, c) }

// Prose is text that a person wrote: an empty line begins a paragraph, a
// single line break is kept, and nothing in it is markup.
type Prose struct {
	Text    string
	Classes string
}

var proseTemplate = compile("prose", `<div class="app-prose{{cls .Classes}}">
{{- range .Paragraphs}}<p class="govuk-body">{{range $i, $line := .}}{{if $i}}<br>{{end}}{{$line}}{{end}}</p>{{end}}</div>`)

// HTML renders the paragraphs.
func (c Prose) HTML() template.HTML { return render(proseTemplate, c) }

// Paragraphs are the lines of each paragraph of the text.
func (c Prose) Paragraphs() [][]string {
	var paragraphs [][]string
	var lines []string
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(c.Text)
	for line := range strings.SplitSeq(text+"\n\n", "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		} else if lines != nil {
			paragraphs = append(paragraphs, lines)
			lines = nil
		}
	}
	return paragraphs
}
