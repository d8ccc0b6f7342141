package govuk

import "html/template"

// PasswordInput asks for a passphrase and lets the person show what they typed.
// Pasting is never prevented. Without JavaScript it is a plain password field.
type PasswordInput struct {
	ID, Name, Value string
	Label           Label
	Hint            Hint
	Error           ErrorMessage
	Autocomplete    string // "current-password" when empty; "new-password" when one is chosen
	Disabled        bool
	DescribedBy     string
	Classes         string
	ButtonClasses   string
	Texts           PasswordTexts
	FormGroup       FormGroup
	Attributes      Attributes
}

// PasswordTexts replaces the English texts of the show and hide button.
type PasswordTexts struct {
	Show, Hide                   string
	ShowAriaLabel, HideAriaLabel string
	Shown, Hidden                string // announced when the state changes
}

// HTML renders the input with its toggle button, which the script reveals.
func (c PasswordInput) HTML() template.HTML {
	id := orDefault(c.ID, c.Name)
	t := c.Texts
	texts := i18n{"data-module": "govuk-password-input"}.
		text("show-password", t.Show).text("hide-password", t.Hide).
		text("show-password-aria-label", t.ShowAriaLabel).text("hide-password-aria-label", t.HideAriaLabel).
		text("password-shown-announcement", t.Shown).text("password-hidden-announcement", t.Hidden)
	button := Button{
		Type: "button", Text: orDefault(t.Show, "Show"),
		Classes: withClasses("govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle", c.ButtonClasses),
		Attributes: Attributes{
			"aria-controls": id, "aria-label": orDefault(t.ShowAriaLabel, "Show password"), "hidden": "",
		},
	}
	return Input{
		ID: id, Name: c.Name, Value: c.Value, Label: c.Label, Hint: c.Hint, Error: c.Error,
		Type: "password", Spellcheck: Off, Autocapitalize: "none",
		Autocomplete: orDefault(c.Autocomplete, "current-password"),
		Disabled:     c.Disabled, DescribedBy: c.DescribedBy, Attributes: c.Attributes,
		Classes:        withClasses("govuk-password-input__input govuk-js-password-input-input", c.Classes),
		WrapperClasses: "govuk-password-input__wrapper",
		FormGroup: FormGroup{
			Classes:    withClasses("govuk-password-input", c.FormGroup.Classes),
			Attributes: c.FormGroup.Attributes.with(Attributes(texts)),
			Before:     c.FormGroup.Before,
			After:      button.HTML() + c.FormGroup.After,
		},
	}.HTML()
}
