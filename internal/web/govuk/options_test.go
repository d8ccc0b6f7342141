package govuk

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
)

// options reads the options of a published fixture. It remembers what was
// read, so that an option no adapter knows is found instead of ignored.
type options struct {
	values map[string]any
	read   map[string]bool
	path   string
	subs   map[string]*options
	nested *[]*options // all there are, this one included
}

func parseOptions(raw json.RawMessage) (*options, error) {
	var values map[string]any
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, fmt.Errorf("reading fixture options: %w", err)
	}
	return newOptions(values, "", &[]*options{}), nil
}

func newOptions(values map[string]any, path string, nested *[]*options) *options {
	o := &options{values: values, read: map[string]bool{}, path: path, subs: map[string]*options{}, nested: nested}
	*nested = append(*nested, o)
	return o
}

// unread lists the options that the adapter did not ask for.
func (o *options) unread() []string {
	var names []string
	for _, n := range *o.nested {
		for name := range n.values {
			if !n.read[name] {
				names = append(names, n.path+name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (o *options) any(name string) any {
	o.read[name] = true
	return o.values[name]
}

func (o *options) has(name string) bool {
	_, found := o.values[name]
	return found
}

func asText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func (o *options) str(name string) string { return asText(o.any(name)) }

func (o *options) num(name string) int {
	n, _ := o.any(name).(float64)
	return int(n)
}

func (o *options) flag(name string) bool {
	b, _ := o.any(name).(bool)
	return b
}

func (o *options) toggle(name string) Toggle {
	if b, ok := o.any(name).(bool); ok {
		return ToggleOf(b)
	}
	return Unset
}

// markup returns raw markup; a fixture may give false for none.
func (o *options) markup(name string) template.HTML {
	s, _ := o.any(name).(string)
	return template.HTML(s)
}

func (o *options) texts(name string) []string {
	var all []string
	list, _ := o.any(name).([]any)
	for _, v := range list {
		all = append(all, asText(v))
	}
	return all
}

func (o *options) sub(name string) *options {
	if o.subs[name] == nil {
		values, _ := o.any(name).(map[string]any)
		o.subs[name] = newOptions(values, o.path+name+".", o.nested)
	}
	return o.subs[name]
}

// list returns the entries that are objects: fixtures also hold null, false and
// empty strings, which a Go slice cannot.
func (o *options) list(name string) []*options {
	entries, _ := o.any(name).([]any)
	var all []*options
	for _, entry := range entries {
		if values, ok := entry.(map[string]any); ok {
			all = append(all, newOptions(values, o.path+name+"[].", o.nested))
		}
	}
	return all
}

func (o *options) attributes() Attributes { return o.attributesAt("attributes") }

func (o *options) attributesAt(name string) Attributes {
	values, _ := o.any(name).(map[string]any)
	var a Attributes
	for k, v := range values {
		if a == nil {
			a = Attributes{}
		}
		a[k] = asText(v)
	}
	return a
}

func (o *options) content(name string) Content {
	c := o.sub(name)
	return Content{Text: c.str("text"), Markup: c.markup("html")}
}

func (o *options) plural(name string) Plural {
	p := o.sub(name)
	return Plural{One: p.str("one"), Other: p.str("other")}
}

func (o *options) label() Label {
	l := o.sub("label")
	return Label{Text: l.str("text"), Markup: l.markup("html"), Classes: l.str("classes"),
		PageHeading: l.flag("isPageHeading"), Attributes: l.attributes()}
}

func (o *options) hint() Hint {
	h := o.sub("hint")
	return Hint{Text: h.str("text"), Markup: h.markup("html"), Classes: h.str("classes"), Attributes: h.attributes()}
}

func (o *options) errorMessage() ErrorMessage {
	return o.sub("errorMessage").asError()
}

func (o *options) asError() ErrorMessage {
	return ErrorMessage{
		Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes(),
		Prefix: o.str("visuallyHiddenText"), NoPrefix: o.has("visuallyHiddenText") && o.str("visuallyHiddenText") == "",
	}
}

func (o *options) formGroup() FormGroup {
	g := o.sub("formGroup")
	box := FormGroup{Classes: g.str("classes"), Attributes: g.attributes()}
	for _, name := range []string{"beforeInput", "beforeInputs"} {
		if g.has(name) {
			box.Before = g.content(name).HTML()
		}
	}
	for _, name := range []string{"afterInput", "afterInputs"} {
		if g.has(name) {
			box.After = g.content(name).HTML()
		}
	}
	return box
}

func (o *options) fieldset() Fieldset { return o.sub("fieldset").asFieldset() }

func (o *options) asFieldset() Fieldset {
	l := o.sub("legend")
	return Fieldset{
		Legend: Legend{Text: l.str("text"), Markup: l.markup("html"),
			PageHeading: l.flag("isPageHeading"), Classes: l.str("classes")},
		DescribedBy: o.str("describedBy"), Role: o.str("role"), Classes: o.str("classes"), Attributes: o.attributes(),
		Body: o.markup("html"),
	}
}
