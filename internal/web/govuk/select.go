package govuk

import "html/template"

// Select asks for one of many values. Prefer Radios for fewer than about ten.
type Select struct {
	ID, Name    string
	Value       string // the option with this value is chosen
	Options     []Option
	Label       Label
	Hint        Hint
	Error       ErrorMessage
	Disabled    bool
	DescribedBy string
	Classes     string
	FormGroup   FormGroup
	Attributes  Attributes
}

// Option is one choice of a Select.
type Option struct {
	Text, Value string
	// TextIsValue leaves the value attribute out, so that the text is sent.
	TextIsValue bool
	Selected    Toggle // overrides the Select's Value
	Disabled    bool
	Attributes  Attributes
}

var selectTemplate = compile("select", `<select class="govuk-select{{cls .C.Classes}}{{if .G.Invalid}} govuk-select--error{{end}}" id="{{.G.ID}}" name="{{.C.Name}}"
{{- if .C.Disabled}} disabled{{end}}
{{- with .G.DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- attrs .C.Attributes}}>
{{- range .C.Options}}
<option{{if not .TextIsValue}} value="{{.Value}}"{{end}}{{if $.C.Chosen .}} selected{{end}}{{if .Disabled}} disabled{{end}}{{attrs .Attributes}}>{{.Text}}</option>
{{- end}}
</select>`)

// Chosen says whether the option is the selected one.
func (c Select) Chosen(o Option) bool {
	value := o.Value
	if o.TextIsValue {
		value = o.Text
	}
	return chosen(o.Selected, c.Value, value)
}

// chosen: the item's own word first, else whether its value is the current one.
func chosen(own Toggle, current, value string) bool {
	if own != Unset {
		return own == On
	}
	return current != "" && current == value
}

// HTML renders the select with its label, hint and error.
func (c Select) HTML() template.HTML {
	g := newGroup(orDefault(c.ID, c.Name), c.DescribedBy, c.Label, c.Hint, c.Error, c.FormGroup)
	return g.around(render(selectTemplate, struct {
		C Select
		G group
	}{c, g}))
}
