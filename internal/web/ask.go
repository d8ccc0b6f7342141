package web

import "github.com/touchstone-assurance/touchstone/internal/web/govuk"

// askView is a page that is one form; many pages need nothing more.
type askView struct {
	Action  string
	Intro   string
	Before  govuk.Component
	Kept    []govuk.KeptValue // sent along, such as the version that was read
	Fields  []govuk.Component
	File    bool // the last field is a file
	Warning string
	Danger  bool
	Submit  string
	Cancel  string
}

func label(text string) govuk.Label     { return govuk.Label{Text: text} }
func hint(text string) govuk.Hint       { return govuk.Hint{Text: text} }
func legend(text string) govuk.Fieldset { return govuk.Fieldset{Legend: govuk.Legend{Text: text}} }
func kept(pairs ...string) []govuk.KeptValue {
	var out []govuk.KeptValue
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, govuk.KeptValue{Name: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// yesBox is one thing to tick.
func (f *form) yesBox(name, text, help string) govuk.Checkboxes {
	return f.checkboxes(govuk.Checkboxes{Name: name, Items: []govuk.CheckboxItem{{Value: "yes", Text: text, Hint: hint(help)}}})
}

// line asks for one line of text.
func (f *form) line(name, text, help string) govuk.Input {
	return f.input(govuk.Input{Name: name, Label: label(text), Hint: hint(help)})
}

// lines asks for some lines of text.
func (f *form) lines(name, text, help string) govuk.Textarea {
	return f.area(govuk.Textarea{Name: name, Label: label(text), Hint: hint(help)})
}

// pick asks for one of many.
func (f *form) pick(name, text, help, none string, choices []choice) govuk.Select {
	return f.choose(govuk.Select{Name: name, Label: label(text), Hint: hint(help), Options: asOptions(none, choices)})
}

// one asks for one of a few.
func (f *form) one(name, text, help string, choices []choice) govuk.Radios {
	return f.radios(govuk.Radios{Name: name, Fieldset: legend(text), Hint: hint(help), Items: asRadios(choices)})
}

// day asks for a date.
func (f *form) day(name, text, help string) govuk.DateInput {
	return f.dateInput(govuk.DateInput{NamePrefix: name, Fieldset: legend(text), Hint: hint(or(help, "For example, 27 3 2026"))})
}
