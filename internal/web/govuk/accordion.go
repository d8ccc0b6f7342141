package govuk

import (
	"html/template"
	"strconv"
)

// Accordion folds sections of a page. Without JavaScript they are all open.
type Accordion struct {
	ID               string // required, and unique to the list: the browser remembers by it what was open
	Sections         []AccordionSection
	HeadingLevel     int // 2 when 0
	RememberExpanded Toggle
	Texts            AccordionTexts
	Classes          string
	Attributes       Attributes
}

// AccordionSection is one section that unfolds.
type AccordionSection struct {
	Heading, Summary, Content Content
	Expanded                  bool
}

// Body is the content; plain text becomes a paragraph.
func (s AccordionSection) Body() template.HTML { return s.Content.paragraph("govuk-body") }

// AccordionTexts replaces the English texts of the controls.
type AccordionTexts struct {
	HideAll, Hide, HideAriaLabel string
	ShowAll, Show, ShowAriaLabel string
}

type accordionSection struct {
	AccordionSection
	Number string
}

var accordionTemplate = compile("accordion", `{{$id := .C.ID}}{{$level := or .C.HeadingLevel 2 -}}
<div class="govuk-accordion{{cls .C.Classes}}" data-module="govuk-accordion" id="{{$id}}"{{toggle "data-remember-expanded" .C.RememberExpanded}}{{attrs .Attributes}}>
{{- range .Sections}}
<div class="govuk-accordion__section{{if .Expanded}} govuk-accordion__section--expanded{{end}}">
<div class="govuk-accordion__section-header">
<h{{$level}} class="govuk-accordion__section-heading"><span class="govuk-accordion__section-button" id="{{$id}}-heading-{{.Number}}">{{.Heading.HTML}}</span></h{{$level}}>
{{- if not .Summary.IsZero}}<div class="govuk-accordion__section-summary govuk-body" id="{{$id}}-summary-{{.Number}}">{{.Summary.HTML}}</div>{{end}}
</div>
<div id="{{$id}}-content-{{.Number}}" class="govuk-accordion__section-content">{{.Body}}</div>
</div>
{{- end}}
</div>`)

// HTML renders the sections.
func (c Accordion) HTML() template.HTML {
	t := c.Texts
	texts := i18n{}.text("hide-all-sections", t.HideAll).text("hide-section", t.Hide).
		text("hide-section-aria-label", t.HideAriaLabel).text("show-all-sections", t.ShowAll).
		text("show-section", t.Show).text("show-section-aria-label", t.ShowAriaLabel)
	sections := make([]accordionSection, len(c.Sections))
	for i, s := range c.Sections {
		sections[i] = accordionSection{s, strconv.Itoa(i + 1)}
	}
	return render(accordionTemplate, struct {
		C          Accordion
		Sections   []accordionSection
		Attributes Attributes
	}{c, sections, c.Attributes.with(Attributes(texts))})
}
