package govuk

import (
	"html/template"
	"strings"
)

// DateInput asks for a date that the person knows, in three fields. Without
// Parts it has day, month and year, named NamePrefix-day and so on.
type DateInput struct {
	ID               string
	NamePrefix       string
	Day, Month, Year string // what was typed, whether it is a date or not
	Parts            []DatePart
	Fieldset         Fieldset
	Hint             Hint
	Error            ErrorMessage
	Classes          string
	FormGroup        FormGroup
	Attributes       Attributes
}

// DatePart is one field of a DateInput. Name is day, month or year, unless the
// form says otherwise; Label defaults to the name with a capital letter.
type DatePart struct {
	Name, Label, ID, Value string
	// Wrong marks the field that is in error. When a DateInput has an error and
	// no part is On, all parts that are not Off are marked.
	Wrong        Toggle
	Autocomplete string
	InputMode    string // "numeric" when empty
	Pattern      string
	Classes      string
	Attributes   Attributes
}

var dateInputTemplate = compile("date-input", `<div class="govuk-date-input{{cls .C.Classes}}"{{attrs .C.Attributes}}{{with .C.ID}} id="{{.}}"{{end}}>
{{.C.FormGroup.Before}}
{{range .Inputs}}<div class="govuk-date-input__item">{{.HTML}}</div>
{{end -}}
{{.C.FormGroup.After}}
</div>`)

// HTML renders the fields within their fieldset, if there is one.
func (c DateInput) HTML() template.HTML {
	g := newGroup(c.ID, c.Fieldset.DescribedBy, Label{}, c.Hint, c.Error, c.FormGroup)
	c.Fieldset.Role = c.role()
	parts := c.parts()
	marked := false
	for _, part := range parts {
		marked = marked || part.wrong()
	}
	inputs := make([]Input, len(parts))
	for i, part := range parts {
		inputs[i] = c.input(part, part.wrong() || part.Wrong == Unset && g.Invalid && !marked)
	}
	return c.Fieldset.wrap(g, render(dateInputTemplate, struct {
		C      DateInput
		Inputs []Input
	}{c, inputs}))
}

// role is group within a fieldset, because some screen readers do not read the
// description of a fieldset that holds only text inputs.
func (c DateInput) role() string {
	if c.Fieldset.given() {
		return "group"
	}
	return ""
}

func (c DateInput) parts() []DatePart {
	if len(c.Parts) > 0 {
		return c.Parts
	}
	return []DatePart{{Name: "day", Value: c.Day}, {Name: "month", Value: c.Month}, {Name: "year", Value: c.Year}}
}

func (p DatePart) wrong() bool {
	return p.Wrong == On || strings.Contains(p.Classes, "govuk-input--error")
}

func (c DateInput) input(part DatePart, wrong bool) Input {
	classes := "govuk-date-input__input"
	if wrong && !strings.Contains(part.Classes, "govuk-input--error") {
		classes += " govuk-input--error"
	}
	if !strings.Contains(part.Classes, "govuk-input--width-") {
		if part.Name == "year" {
			classes += " govuk-input--width-4"
		} else {
			classes += " govuk-input--width-2"
		}
	}
	name := part.Name
	if c.NamePrefix != "" {
		name = c.NamePrefix + "-" + name
	}
	return Input{
		ID: orDefault(part.ID, c.ID+"-"+part.Name), Name: name, Value: part.Value,
		Label:     Label{Text: orDefault(part.Label, capitalised(part.Name)), Classes: "govuk-date-input__label"},
		InputMode: orDefault(part.InputMode, "numeric"), Autocomplete: part.Autocomplete, Pattern: part.Pattern,
		Classes: withClasses(classes, part.Classes), Attributes: part.Attributes,
	}
}

func capitalised(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + strings.ToLower(name[1:])
}
