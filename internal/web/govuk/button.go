package govuk

import "html/template"

// Button sends a form, or leads somewhere when Href is given.
type Button struct {
	Text               string
	Markup             template.HTML // instead of Text
	ID, Name, Value    string
	Type               string // "submit" when empty
	Href               string
	Start              bool // the button that starts a journey, with an arrow
	Disabled           bool // avoid: a disabled button does not say why
	PreventDoubleClick Toggle
	Classes            string // such as govuk-button--secondary or govuk-button--warning
	Attributes         Attributes
}

// Content is what the button says.
func (c Button) Content() Content { return Content{c.Text, c.Markup} }

var buttonTemplate = compile("button", `
{{- define "inside"}}{{if and .Markup .Start}}<span>{{.Markup}}</span>{{else}}{{.Content.HTML}}{{end}}
{{- if .Start}}<svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" viewBox="0 0 33 40" aria-hidden="true" focusable="false"><path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>{{end}}{{end -}}
{{if .Href}}<a href="{{.Href}}" role="button" draggable="false" class="govuk-button{{cls .Classes}}{{if .Start}} govuk-button--start{{end}}" data-module="govuk-button"{{attrs .Attributes}}{{with .ID}} id="{{.}}"{{end}}>{{template "inside" .}}</a>
{{- else}}<button type="{{or .Type "submit"}}"
{{- with .Value}} value="{{.}}"{{end}}
{{- with .Name}} name="{{.}}"{{end}}
{{- if .Disabled}} disabled aria-disabled="true"{{end}}
{{- toggle "data-prevent-double-click" .PreventDoubleClick}} class="govuk-button{{cls .Classes}}{{if .Start}} govuk-button--start{{end}}" data-module="govuk-button"{{attrs .Attributes}}{{with .ID}} id="{{.}}"{{end}}>{{template "inside" .}}</button>
{{- end}}`)

// HTML renders the button.
func (c Button) HTML() template.HTML { return render(buttonTemplate, c) }
