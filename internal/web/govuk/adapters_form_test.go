package govuk

import "strings"

func adaptInput(o *options) Component {
	return Input{
		ID: o.str("id"), Name: o.str("name"), Value: o.str("value"), Label: o.label(), Hint: o.hint(), Error: o.errorMessage(),
		Type: o.str("type"), Disabled: o.flag("disabled"), Spellcheck: o.toggle("spellcheck"),
		Autocomplete: o.str("autocomplete"), Autocapitalize: o.str("autocapitalize"), InputMode: o.str("inputmode"),
		Pattern: o.str("pattern"), Prefix: adaptAffix(o.sub("prefix")), Suffix: adaptAffix(o.sub("suffix")),
		DescribedBy: o.str("describedBy"), Classes: o.str("classes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
		WrapperClasses: o.sub("inputWrapper").str("classes"), WrapperAttrs: o.sub("inputWrapper").attributes(),
	}
}

func adaptAffix(o *options) Affix {
	return Affix{Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptPassword(o *options) Component {
	return PasswordInput{
		ID: o.str("id"), Name: o.str("name"), Value: o.str("value"), Label: o.label(), Hint: o.hint(), Error: o.errorMessage(),
		Autocomplete: o.str("autocomplete"), Disabled: o.flag("disabled"), DescribedBy: o.str("describedBy"),
		Classes: o.str("classes"), ButtonClasses: o.sub("button").str("classes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
		Texts: PasswordTexts{
			Show: o.str("showPasswordText"), Hide: o.str("hidePasswordText"),
			ShowAriaLabel: o.str("showPasswordAriaLabelText"), HideAriaLabel: o.str("hidePasswordAriaLabelText"),
			Shown: o.str("passwordShownAnnouncementText"), Hidden: o.str("passwordHiddenAnnouncementText"),
		},
	}
}

func adaptTextarea(o *options) Component {
	return Textarea{
		ID: o.str("id"), Name: o.str("name"), Value: o.str("value"), Label: o.label(), Hint: o.hint(), Error: o.errorMessage(),
		Rows: o.num("rows"), Disabled: o.flag("disabled"), Spellcheck: o.toggle("spellcheck"), Autocomplete: o.str("autocomplete"),
		DescribedBy: o.str("describedBy"), Classes: o.str("classes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
	}
}

func adaptCharacterCount(o *options) Component {
	return CharacterCount{
		ID: o.str("id"), Name: o.str("name"), Value: o.str("value"), Label: o.label(), Hint: o.hint(), Error: o.errorMessage(),
		MaxLength: o.num("maxlength"), MaxWords: o.num("maxwords"), CountType: o.str("countType"), Threshold: o.num("threshold"),
		Rows: o.num("rows"), Spellcheck: o.toggle("spellcheck"), Classes: o.str("classes"),
		MessageClasses: o.sub("countMessage").str("classes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
		Texts: CountTexts{
			Description:     o.str("textareaDescriptionText"),
			CharactersUnder: o.plural("charactersUnderLimitText"), CharactersAtLimit: o.str("charactersAtLimitText"),
			CharactersOver: o.plural("charactersOverLimitText"), WordsUnder: o.plural("wordsUnderLimitText"),
			WordsAtLimit: o.str("wordsAtLimitText"), WordsOver: o.plural("wordsOverLimitText"),
		},
	}
}

func adaptSelect(o *options) Component {
	c := Select{
		ID: o.str("id"), Name: o.str("name"), Value: o.str("value"), Label: o.label(), Hint: o.hint(), Error: o.errorMessage(),
		Disabled: o.flag("disabled"), DescribedBy: o.str("describedBy"), Classes: o.str("classes"),
		FormGroup: o.formGroup(), Attributes: o.attributes(),
	}
	for _, item := range o.list("items") {
		c.Options = append(c.Options, Option{
			Text: item.str("text"), TextIsValue: !item.has("value"), Value: item.str("value"),
			Selected: item.toggle("selected"), Disabled: item.flag("disabled"), Attributes: item.attributes(),
		})
	}
	return c
}

func adaptFileUpload(o *options) Component {
	o.str("value") // browsers do not let a page fill in a file field, and govuk-frontend ignores it
	return FileUpload{
		ID: o.str("id"), Name: o.str("name"), Label: o.label(), Hint: o.hint(), Error: o.errorMessage(),
		Disabled: o.flag("disabled"), Multiple: o.flag("multiple"), DropZone: o.flag("javascript"),
		DescribedBy: o.str("describedBy"), Classes: o.str("classes"), WrapperClasses: o.str("wrapperClasses"),
		WrapperAttrs: o.attributesAt("wrapperAttributes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
		Texts: UploadTexts{
			ChooseFiles: o.str("chooseFilesButtonText"), NoFile: o.str("noFileChosenText"), Drop: o.str("dropInstructionText"),
			Entered: o.str("enteredDropZoneText"), Left: o.str("leftDropZoneText"), Chosen: o.plural("multipleFilesChosenText"),
		},
	}
}

func adaptRadios(o *options) Component {
	c := Radios{
		Name: o.str("name"), IDPrefix: o.str("idPrefix"), Value: o.str("value"), Fieldset: o.fieldset(), Hint: o.hint(),
		Error: o.errorMessage(), Classes: o.str("classes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
	}
	for _, item := range o.list("items") {
		label := item.sub("label")
		c.Items = append(c.Items, RadioItem{
			Value: item.str("value"), Text: item.str("text"), Markup: item.markup("html"), ID: item.str("id"),
			Hint: item.hint(), Checked: item.toggle("checked"), Disabled: item.flag("disabled"),
			Conditional: item.sub("conditional").markup("html"), Divider: item.str("divider"),
			LabelClasses: label.str("classes"), LabelAttributes: label.attributes(), Attributes: item.attributes(),
		})
	}
	return c
}

func adaptCheckboxes(o *options) Component {
	c := Checkboxes{
		Name: o.str("name"), IDPrefix: o.str("idPrefix"), Values: o.texts("values"), Fieldset: o.fieldset(), Hint: o.hint(),
		Error: o.errorMessage(), DescribedBy: o.str("describedBy"), Classes: o.str("classes"), FormGroup: o.formGroup(),
		Attributes: o.attributes(),
	}
	for _, item := range o.list("items") {
		label := item.sub("label")
		c.Items = append(c.Items, CheckboxItem{
			Value: item.str("value"), Text: item.str("text"), Markup: item.markup("html"), ID: item.str("id"), Name: item.str("name"),
			Hint: item.hint(), Checked: item.toggle("checked"), Disabled: item.flag("disabled"),
			Exclusive:   item.str("behaviour") == "exclusive",
			Conditional: item.sub("conditional").markup("html"), Divider: item.str("divider"),
			LabelClasses: label.str("classes"), LabelAttributes: label.attributes(), Attributes: item.attributes(),
		})
	}
	return c
}

// adaptDateInput turns the three named parts and the values of the fixtures,
// which overlap, into the one list of parts that we have.
func adaptDateInput(o *options) Component {
	c := DateInput{
		ID: o.str("id"), NamePrefix: o.str("namePrefix"), Fieldset: o.fieldset(), Hint: o.hint(), Error: o.errorMessage(),
		Classes: o.str("classes"), FormGroup: o.formGroup(), Attributes: o.attributes(),
	}
	values := o.sub("values")
	named := map[string]DatePart{}
	for _, name := range []string{"day", "month", "year"} {
		if o.has(name) && o.any(name) == false {
			continue
		}
		part := adaptDatePart(o.sub(name), name)
		if name == "year" && !strings.Contains(part.Classes, "govuk-input--width-") {
			part.Classes += " govuk-input--width-4"
		}
		named[name] = part
		c.Parts = append(c.Parts, part)
	}
	if items := o.list("items"); len(items) > 0 {
		c.Parts = nil
		for _, item := range items {
			part := adaptDatePart(item, "")
			part.Value = orDefault(part.Value, named[part.Name].Value)
			c.Parts = append(c.Parts, part)
		}
	}
	prefix := c.NamePrefix
	if prefix != "" {
		prefix += "-"
	}
	for i, part := range c.Parts {
		c.Parts[i].Value = orDefault(part.Value, values.str(prefix+part.Name))
	}
	for name := range values.values {
		values.str(name)
	}
	return c
}

func adaptDatePart(o *options, name string) DatePart {
	return DatePart{
		Name: orDefault(o.str("name"), name), Label: o.str("label"), ID: o.str("id"), Value: o.str("value"),
		Wrong: o.toggle("error"), Autocomplete: o.str("autocomplete"), InputMode: o.str("inputmode"),
		Pattern: o.str("pattern"), Classes: o.str("classes"), Attributes: o.attributes(),
	}
}

func adaptLabel(o *options) Component {
	return Label{Text: o.str("text"), Markup: o.markup("html"), For: o.str("for"), PageHeading: o.flag("isPageHeading"),
		Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptHint(o *options) Component {
	return Hint{ID: o.str("id"), Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptErrorMessage(o *options) Component {
	e := o.asError()
	e.ID = o.str("id")
	return e
}

func adaptFieldset(o *options) Component { return o.asFieldset() }

func adaptButton(o *options) Component {
	return Button{Text: o.str("text"), Markup: o.markup("html"), ID: o.str("id"), Name: o.str("name"), Value: o.str("value"),
		Type: o.str("type"), Href: o.str("href"), Start: o.flag("isStartButton"), Disabled: o.flag("disabled"),
		PreventDoubleClick: o.toggle("preventDoubleClick"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptErrorSummary(o *options) Component {
	c := ErrorSummary{Title: o.str("titleText"), TitleMarkup: o.markup("titleHtml"), Description: o.str("descriptionText"),
		DescriptionMarkup: o.markup("descriptionHtml"), DisableAutoFocus: o.toggle("disableAutoFocus"),
		Classes: o.str("classes"), Attributes: o.attributes()}
	for _, item := range o.list("errorList") {
		c.Errors = append(c.Errors, ErrorLink{Text: item.str("text"), Markup: item.markup("html"), Href: item.str("href"),
			Attributes: item.attributes()})
	}
	return c
}
