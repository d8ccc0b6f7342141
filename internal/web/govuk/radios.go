package govuk

import (
	"html/template"
	"strconv"
)

// Radios asks for exactly one of a few values.
type Radios struct {
	Name       string
	IDPrefix   string // id of the first item, to which an error links; Name when empty
	Value      string // the item with this value is checked
	Items      []RadioItem
	Fieldset   Fieldset
	Hint       Hint
	Error      ErrorMessage
	Classes    string // such as govuk-radios--inline or govuk-radios--small
	FormGroup  FormGroup
	Attributes Attributes
}

// RadioItem is one choice, or a divider such as "or" when Divider is given.
type RadioItem struct {
	Value, Text     string
	Markup          template.HTML // instead of Text
	ID              string
	Hint            Hint
	Checked         Toggle // overrides the Radios' Value
	Disabled        bool
	Conditional     template.HTML // shown while the item is checked
	Divider         string
	LabelClasses    string
	LabelAttributes Attributes
	Attributes      Attributes
}

var radiosTemplate = compile("radios", `<div class="govuk-radios{{cls .C.Classes}}"{{attrs .C.Attributes}} data-module="govuk-radios">
{{.C.FormGroup.Before}}
{{- range .Choices}}
{{- if .Divider}}<div class="govuk-radios__divider">{{.Divider}}</div>{{else -}}
<div class="govuk-radios__item"><input class="govuk-radios__input" id="{{.ID}}" name="{{.Name}}" type="radio" value="{{.Value}}"
{{- if .Checked}} checked{{end}}
{{- if .Disabled}} disabled{{end}}
{{- if .Conditional}} data-aria-controls="conditional-{{.ID}}"{{end}}
{{- with .DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- attrs .Attributes}}>
{{.Label.HTML}}{{if .Hint.ID}}{{.Hint.HTML}}{{end}}</div>
{{- if .Conditional}}<div class="govuk-radios__conditional{{if not .Checked}} govuk-radios__conditional--hidden{{end}}" id="conditional-{{.ID}}">{{.Conditional}}</div>{{end}}
{{- end}}{{end}}
{{.C.FormGroup.After}}
</div>`)

// choice is a radio button or checkbox with its identifiers worked out.
type choice struct {
	ID, Name, Value, Divider string
	Behaviour                string
	DescribedBy              string
	Label                    Label
	Hint                     Hint
	Checked, Disabled        bool
	Conditional              template.HTML
	Attributes               Attributes
}

// HTML renders the choices within their fieldset, if there is one.
func (c Radios) HTML() template.HTML {
	prefix := orDefault(c.IDPrefix, c.Name)
	g := newGroup(prefix, c.Fieldset.DescribedBy, Label{}, c.Hint, c.Error, c.FormGroup)
	choices := make([]choice, len(c.Items))
	for i, item := range c.Items {
		choices[i] = choice{
			ID: orDefault(item.ID, itemID(prefix, i)), Name: c.Name, Value: item.Value, Divider: item.Divider,
			Checked: chosen(item.Checked, c.Value, item.Value), Disabled: item.Disabled,
			Conditional: item.Conditional, Attributes: item.Attributes,
			Label: Label{Text: item.Text, Markup: item.Markup, Attributes: item.LabelAttributes,
				Classes: withClasses("govuk-radios__label", item.LabelClasses)},
		}
		choices[i].tie(item.Hint, "govuk-radios__hint", "")
	}
	return c.Fieldset.wrap(g, render(radiosTemplate, struct {
		C       Radios
		Choices []choice
	}{c, choices}))
}

// tie links the label and the hint of a choice to its control.
func (c *choice) tie(hint Hint, hintClass, describedBy string) {
	c.Label.For = c.ID
	c.DescribedBy = describedBy
	if hint.Content().IsZero() {
		return
	}
	c.Hint = hint
	c.Hint.ID = c.ID + "-item-hint"
	c.Hint.Classes = withClasses(hintClass, hint.Classes)
	if c.DescribedBy != "" {
		c.DescribedBy += " "
	}
	c.DescribedBy += c.Hint.ID
}

// itemID numbers items from 1; the first has no number, so that an error
// summary can link to it without knowing how many there are.
func itemID(prefix string, index int) string {
	if index == 0 {
		return prefix
	}
	return prefix + "-" + strconv.Itoa(index+1)
}
