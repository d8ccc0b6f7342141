package govuk

import "html/template"

// Textarea asks for more than one line of text.
type Textarea struct {
	ID, Name, Value string
	Label           Label
	Hint            Hint
	Error           ErrorMessage
	Rows            int // 5 when 0
	Disabled        bool
	Spellcheck      Toggle
	Autocomplete    string
	DescribedBy     string
	Classes         string
	FormGroup       FormGroup
	Attributes      Attributes
}

// The line break after the start tag is the one that HTML drops, so a value
// that itself begins with an empty line keeps it.
var textareaTemplate = compile("textarea", `<textarea class="govuk-textarea{{if .G.Invalid}} govuk-textarea--error{{end}}{{cls .C.Classes}}" id="{{.G.ID}}" name="{{.C.Name}}" rows="{{or .C.Rows 5}}"
{{- toggle "spellcheck" .C.Spellcheck}}
{{- if .C.Disabled}} disabled{{end}}
{{- with .G.DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- with .C.Autocomplete}} autocomplete="{{.}}"{{end}}
{{- attrs .C.Attributes}}>
{{.C.Value}}</textarea>`)

// HTML renders the text area with its label, hint and error.
func (c Textarea) HTML() template.HTML {
	g := newGroup(orDefault(c.ID, c.Name), c.DescribedBy, c.Label, c.Hint, c.Error, c.FormGroup)
	return g.around(render(textareaTemplate, struct {
		C Textarea
		G group
	}{c, g}))
}
