package govuk

import (
	"html/template"
	"strconv"
	"strings"
)

// CharacterCount is a text area that says how much may still be typed. The
// limit is a help, not a rule: the server must check it as well.
type CharacterCount struct {
	ID, Name, Value string
	MaxLength       int // characters; MaxWords wins when both are given
	MaxWords        int
	CountType       string // of the script: "words" when MaxWords is given
	Threshold       int    // per cent of the limit from which the count is shown
	Label           Label
	Hint            Hint
	Error           ErrorMessage
	Rows            int
	Spellcheck      Toggle
	Classes         string
	MessageClasses  string
	Texts           CountTexts
	FormGroup       FormGroup
	Attributes      Attributes
}

// CountTexts replaces the English texts; %{count} stands for the number.
type CountTexts struct {
	Description                     string
	CharactersUnder, CharactersOver Plural
	WordsUnder, WordsOver           Plural
	CharactersAtLimit, WordsAtLimit string
}

// HTML renders the text area and the message that the script keeps up to date.
func (c CharacterCount) HTML() template.HTML {
	id := orDefault(c.ID, c.Name)
	message := Hint{
		ID:      id + "-info",
		Text:    c.description(),
		Classes: withClasses("govuk-character-count__message", c.MessageClasses),
	}
	return Textarea{
		ID: id, Name: c.Name, Value: c.Value, DescribedBy: message.ID,
		Label: c.Label, Hint: c.Hint, Error: c.Error, Rows: c.Rows, Spellcheck: c.Spellcheck,
		Classes: withClasses("govuk-js-character-count", c.Classes), Attributes: c.Attributes,
		FormGroup: FormGroup{
			Classes:    withClasses("govuk-character-count", c.FormGroup.Classes),
			Attributes: c.FormGroup.Attributes.with(c.settings()),
			Before:     c.FormGroup.Before,
			After:      message.HTML() + c.FormGroup.After,
		},
	}.HTML()
}

func (c CharacterCount) limit() int { return orDefault(c.MaxWords, c.MaxLength) }

func (c CharacterCount) countType() string {
	if c.CountType == "" && c.MaxWords > 0 {
		return "words"
	}
	return c.CountType
}

// description is what people without JavaScript read; without a limit there is
// nothing to say until the script has one.
func (c CharacterCount) description() string {
	if c.limit() == 0 {
		return ""
	}
	unit := "characters"
	if c.countType() == "words" {
		unit = "words"
	}
	text := orDefault(c.Texts.Description, "You can enter up to %{count} "+unit)
	return strings.ReplaceAll(text, "%{count}", strconv.Itoa(c.limit()))
}

func (c CharacterCount) settings() Attributes {
	t := c.Texts
	settings := i18n{"data-module": "govuk-character-count"}.
		plural("characters-under-limit", t.CharactersUnder).text("characters-at-limit", t.CharactersAtLimit).
		plural("characters-over-limit", t.CharactersOver).
		plural("words-under-limit", t.WordsUnder).text("words-at-limit", t.WordsAtLimit).
		plural("words-over-limit", t.WordsOver)
	if c.limit() == 0 {
		settings.text("textarea-description.other", t.Description)
	}
	return Attributes(settings).with(Attributes{
		"data-maxlength": number(c.MaxLength), "data-maxwords": number(c.MaxWords),
		"data-threshold": number(c.Threshold), "data-count-type": c.countType(),
	})
}

// number writes n, and nothing for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
