package govuk

import (
	"html/template"
	"slices"
)

// Checkboxes asks for any number of values, none included.
type Checkboxes struct {
	Name        string
	IDPrefix    string   // id of the first item, to which an error links; Name when empty
	Values      []string // the items with these values are checked
	Items       []CheckboxItem
	Fieldset    Fieldset
	Hint        Hint
	Error       ErrorMessage
	DescribedBy string
	Classes     string
	FormGroup   FormGroup
	Attributes  Attributes
}

// CheckboxItem is one choice, or a divider such as "or" when Divider is given.
type CheckboxItem struct {
	Value, Text     string
	Markup          template.HTML // instead of Text
	ID, Name        string        // worked out from the Checkboxes when empty
	Hint            Hint
	Checked         Toggle // overrides the Checkboxes' Values
	Disabled        bool
	Exclusive       bool          // "none of these": the script unticks the others
	Conditional     template.HTML // shown while the item is checked
	Divider         string
	LabelClasses    string
	LabelAttributes Attributes
	Attributes      Attributes
}

var checkboxesTemplate = compile("checkboxes", `<div class="govuk-checkboxes{{cls .C.Classes}}"{{attrs .C.Attributes}} data-module="govuk-checkboxes">
{{.C.FormGroup.Before}}
{{- range .Choices}}
{{- if .Divider}}<div class="govuk-checkboxes__divider">{{.Divider}}</div>{{else -}}
<div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" id="{{.ID}}" name="{{.Name}}" type="checkbox" value="{{.Value}}"
{{- if .Checked}} checked{{end}}
{{- if .Disabled}} disabled{{end}}
{{- if .Conditional}} data-aria-controls="conditional-{{.ID}}"{{end}}
{{- with .Behaviour}} data-behaviour="{{.}}"{{end}}
{{- with .DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- attrs .Attributes}}>
{{.Label.HTML}}{{if .Hint.ID}}{{.Hint.HTML}}{{end}}</div>
{{- if .Conditional}}<div class="govuk-checkboxes__conditional{{if not .Checked}} govuk-checkboxes__conditional--hidden{{end}}" id="conditional-{{.ID}}">{{.Conditional}}</div>{{end}}
{{- end}}{{end}}
{{.C.FormGroup.After}}
</div>`)

// HTML renders the choices within their fieldset, if there is one.
func (c Checkboxes) HTML() template.HTML {
	prefix := orDefault(c.IDPrefix, c.Name)
	g := newGroup(prefix, orDefault(c.Fieldset.DescribedBy, c.DescribedBy), Label{}, c.Hint, c.Error, c.FormGroup)
	// Without a fieldset nothing else carries the description, so each box does.
	describedBy := g.DescribedBy
	if c.Fieldset.given() {
		describedBy = ""
	}
	choices := make([]choice, len(c.Items))
	for i, item := range c.Items {
		choices[i] = choice{
			ID: orDefault(item.ID, itemID(prefix, i)), Name: orDefault(item.Name, c.Name),
			Value: item.Value, Divider: item.Divider, Disabled: item.Disabled,
			Checked:     item.Checked == On || item.Checked == Unset && slices.Contains(c.Values, item.Value),
			Conditional: item.Conditional, Attributes: item.Attributes,
			Label: Label{Text: item.Text, Markup: item.Markup, Attributes: item.LabelAttributes,
				Classes: withClasses("govuk-checkboxes__label", item.LabelClasses)},
		}
		if item.Exclusive {
			choices[i].Behaviour = "exclusive"
		}
		choices[i].tie(item.Hint, "govuk-checkboxes__hint", describedBy)
	}
	return c.Fieldset.wrap(g, render(checkboxesTemplate, struct {
		C       Checkboxes
		Choices []choice
	}{c, choices}))
}
