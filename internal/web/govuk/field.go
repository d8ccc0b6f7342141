package govuk

import "html/template"

// Label names a form control. PageHeading wraps it in the h1 of the page.
type Label struct {
	Text        string
	Markup      template.HTML
	For         string // set by the control that owns the label
	PageHeading bool
	Classes     string
	Attributes  Attributes
}

var labelTemplate = compile("label", `{{if .PageHeading}}<h1 class="govuk-label-wrapper">{{end -}}
<label class="govuk-label{{cls .Classes}}"{{attrs .Attributes}}{{with .For}} for="{{.}}"{{end}}>{{.Content.HTML}}</label>
{{- if .PageHeading}}</h1>{{end}}`)

// Content is what the label says.
func (c Label) Content() Content { return Content{c.Text, c.Markup} }

// HTML renders the label, or nothing when it has no text.
func (c Label) HTML() template.HTML {
	if c.Content().IsZero() {
		return ""
	}
	return render(labelTemplate, c)
}

// Hint helps with filling in a control. It is left out while it has no text.
type Hint struct {
	ID         string // set by the control that owns the hint
	Text       string
	Markup     template.HTML
	Classes    string
	Attributes Attributes
}

var hintTemplate = compile("hint", `<div{{with .ID}} id="{{.}}"{{end}} class="govuk-hint{{cls .Classes}}"{{attrs .Attributes}}>{{.Content.HTML}}</div>`)

// Content is what the hint says.
func (c Hint) Content() Content { return Content{c.Text, c.Markup} }

// HTML renders the hint.
func (c Hint) HTML() template.HTML { return render(hintTemplate, c) }

// ErrorMessage says at the control what is wrong with it. The control shows it
// and turns red while it has a text.
type ErrorMessage struct {
	ID     string // set by the control that owns the message
	Text   string
	Markup template.HTML
	// Prefix is read out before the text; "Error" when empty, none when NoPrefix.
	Prefix     string
	NoPrefix   bool
	Classes    string
	Attributes Attributes
}

var errorMessageTemplate = compile("error-message", `<p{{with .ID}} id="{{.}}"{{end}} class="govuk-error-message{{cls .Classes}}"{{attrs .Attributes}}>
{{- if not .NoPrefix}}<span class="govuk-visually-hidden">{{or .Prefix "Error"}}:</span> {{end}}{{.Content.HTML}}</p>`)

// Content is what the message says.
func (c ErrorMessage) Content() Content { return Content{c.Text, c.Markup} }

// HTML renders the message.
func (c ErrorMessage) HTML() template.HTML { return render(errorMessageTemplate, c) }

// FormGroup changes the box around a control with its label, hint and error.
type FormGroup struct {
	Classes    string
	Attributes Attributes
	Before     template.HTML // just before the control
	After      template.HTML // just after the control
}

// group is what every form control shares: the box, what describes the control
// and the identifiers that tie them together.
type group struct {
	ID          string
	DescribedBy string
	Invalid     bool
	Label       Label
	Hint        Hint
	Error       ErrorMessage
	FormGroup   FormGroup
	Control     template.HTML
}

// newGroup ties label, hint and error to the control with the given id.
func newGroup(id, describedBy string, label Label, hint Hint, problem ErrorMessage, box FormGroup) group {
	g := group{ID: id, DescribedBy: describedBy, Label: label, Hint: hint, Error: problem, FormGroup: box}
	g.Label.For = id
	if !hint.Content().IsZero() {
		g.Hint.ID = id + "-hint"
		g.describe(g.Hint.ID)
	}
	if !problem.Content().IsZero() {
		g.Invalid = true
		g.Error.ID = id + "-error"
		g.describe(g.Error.ID)
	}
	return g
}

func (g *group) describe(id string) {
	if g.DescribedBy != "" {
		g.DescribedBy += " "
	}
	g.DescribedBy += id
}

var groupTemplate = compile("form-group", `<div class="govuk-form-group{{if .Invalid}} govuk-form-group--error{{end}}{{cls .FormGroup.Classes}}"{{attrs .FormGroup.Attributes}}>
{{.Label.HTML}}
{{.Notes}}
{{.FormGroup.Before}}
{{.Control}}
{{.FormGroup.After}}
</div>`)

// around renders the box with the control inside.
func (g group) around(control template.HTML) template.HTML {
	g.Control = control
	return render(groupTemplate, g)
}

// Notes are the hint and the error, in this order, as far as there are any.
func (g group) Notes() template.HTML {
	var notes template.HTML
	if g.Hint.ID != "" {
		notes = g.Hint.HTML()
	}
	if g.Error.ID != "" {
		notes += g.Error.HTML()
	}
	return notes
}
