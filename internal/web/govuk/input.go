package govuk

import "html/template"

// Input asks for a single line of text. ID is also what an error summary links
// to; it defaults to Name.
type Input struct {
	ID, Name, Value string
	Label           Label
	Hint            Hint
	Error           ErrorMessage
	Type            string // "text" when empty
	Disabled        bool
	Spellcheck      Toggle
	Autocomplete    string
	Autocapitalize  string
	InputMode       string
	Pattern         string
	Prefix, Suffix  Affix
	DescribedBy     string // ids of further descriptions
	Classes         string
	WrapperClasses  string
	WrapperAttrs    Attributes
	FormGroup       FormGroup
	Attributes      Attributes
}

// Affix stands at the beginning or end of an input, such as a unit. Assistive
// technology does not read it, so the label must say it as well.
type Affix struct {
	Text       string
	Markup     template.HTML
	Classes    string
	Attributes Attributes
}

// Content is what the affix says.
func (c Affix) Content() Content { return Content{c.Text, c.Markup} }

var inputTemplate = compile("input", `
{{- define "control"}}<input class="govuk-input{{cls .C.Classes}}{{if .G.Invalid}} govuk-input--error{{end}}" id="{{.G.ID}}" name="{{.C.Name}}" type="{{or .C.Type "text"}}"
{{- toggle "spellcheck" .C.Spellcheck}}
{{- with .C.Value}} value="{{.}}"{{end}}
{{- if .C.Disabled}} disabled{{end}}
{{- with .G.DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- with .C.Autocomplete}} autocomplete="{{.}}"{{end}}
{{- with .C.Autocapitalize}} autocapitalize="{{.}}"{{end}}
{{- with .C.Pattern}} pattern="{{.}}"{{end}}
{{- with .C.InputMode}} inputmode="{{.}}"{{end}}
{{- attrs .C.Attributes}}>{{end -}}
{{define "affix"}}<div class="govuk-input__{{.Kind}}{{cls .Classes}}" aria-hidden="true"{{attrs .Attributes}}>{{.Content.HTML}}</div>{{end -}}
{{if .Wrapped}}<div class="govuk-input__wrapper{{cls .C.WrapperClasses}}"{{attrs .C.WrapperAttrs}}>
{{.C.FormGroup.Before}}{{with .Prefix}}{{template "affix" .}}{{end}}
{{template "control" .}}
{{with .Suffix}}{{template "affix" .}}{{end}}{{.C.FormGroup.After}}</div>{{else}}{{template "control" .}}{{end}}`)

type inputView struct {
	C       Input
	G       group
	Prefix  *affixView
	Suffix  *affixView
	Wrapped bool
}

type affixView struct {
	Kind string
	Affix
}

func newAffix(kind string, a Affix) *affixView {
	if a.Content().IsZero() {
		return nil
	}
	return &affixView{kind, a}
}

// HTML renders the input with its label, hint and error.
func (c Input) HTML() template.HTML {
	box := FormGroup{Classes: c.FormGroup.Classes, Attributes: c.FormGroup.Attributes}
	v := inputView{
		C: c, G: newGroup(orDefault(c.ID, c.Name), c.DescribedBy, c.Label, c.Hint, c.Error, box),
		Prefix: newAffix("prefix", c.Prefix), Suffix: newAffix("suffix", c.Suffix),
	}
	v.Wrapped = v.Prefix != nil || v.Suffix != nil || c.FormGroup.Before != "" || c.FormGroup.After != ""
	return v.G.around(render(inputTemplate, v))
}
