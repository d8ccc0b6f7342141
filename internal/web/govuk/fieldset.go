package govuk

import "html/template"

// Fieldset groups controls that answer one question together.
type Fieldset struct {
	Legend      Legend
	DescribedBy string
	Role        string
	Classes     string
	Attributes  Attributes
	Body        template.HTML // left empty when given to Radios, Checkboxes or DateInput
}

// Legend is the question that the controls of a Fieldset answer.
type Legend struct {
	Text        string
	Markup      template.HTML
	PageHeading bool
	Classes     string // such as govuk-fieldset__legend--l
}

// Content is what the legend says.
func (c Legend) Content() Content { return Content{c.Text, c.Markup} }

var fieldsetTemplate = compile("fieldset", `<fieldset class="govuk-fieldset{{cls .Classes}}"
{{- with .Role}} role="{{.}}"{{end}}
{{- with .DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- attrs .Attributes}}>
{{- if not .Legend.Content.IsZero}}<legend class="govuk-fieldset__legend{{cls .Legend.Classes}}">
{{- if .Legend.PageHeading}}<h1 class="govuk-fieldset__heading">{{.Legend.Content.HTML}}</h1>{{else}}{{.Legend.Content.HTML}}{{end -}}
</legend>{{end}}
{{.Body}}
</fieldset>`)

// HTML renders the fieldset around its body.
func (c Fieldset) HTML() template.HTML { return render(fieldsetTemplate, c) }

// given says whether a control was asked to stand in a fieldset.
func (c Fieldset) given() bool {
	return !c.Legend.Content().IsZero() || c.DescribedBy != "" || c.Role != "" || c.Classes != "" || len(c.Attributes) > 0
}

// wrap puts the notes and the controls of a set into a form group, within the
// fieldset when there is one.
func (c Fieldset) wrap(g group, controls template.HTML) template.HTML {
	inner := g.Notes() + controls
	if c.given() {
		c.DescribedBy = g.DescribedBy
		c.Body = inner
		inner = c.HTML()
	}
	box := group{Invalid: g.Invalid, FormGroup: FormGroup{Classes: g.FormGroup.Classes, Attributes: g.FormGroup.Attributes}}
	return box.around(inner)
}
