package govuk

import (
	"html/template"
	"strings"
)

// Panel confirms at the end of a journey that it is done. With the class
// govuk-panel--interruption it stops the person for a moment instead, and its
// Actions say how to go on.
type Panel struct {
	Title         string
	TitleMarkup   template.HTML
	HeadingLevel  int // 1 when 0
	Text          string
	Markup        template.HTML
	Actions       []PanelAction
	ActionClasses string
	ActionAttrs   Attributes
	Classes       string
	Attributes    Attributes
}

// PanelAction is a link, or a button when it has no address or its type says so.
type PanelAction struct {
	Text, Href, Type string
	Classes          string
	Attributes       Attributes
}

// Heading is the title of the panel.
func (c Panel) Heading() Content { return Content{c.Title, c.TitleMarkup} }

// Content is what stands below the title.
func (c Panel) Content() Content { return Content{c.Text, c.Markup} }

// Interrupts says whether the panel is an interruption.
func (c Panel) Interrupts() bool { return strings.Contains(c.Classes, "govuk-panel--interruption") }

// HTML renders the action.
func (a PanelAction) HTML() template.HTML {
	if a.Href == "" || a.Type == "button" {
		return Button{Text: a.Text, Type: orDefault(a.Type, "button"), Href: a.Href, Attributes: a.Attributes,
			Classes: withClasses("govuk-button--inverse", a.Classes)}.HTML()
	}
	return Link{Text: a.Text, Href: a.Href, Attributes: a.Attributes, Classes: withClasses("govuk-link--inverse", a.Classes)}.HTML()
}

var panelTemplate = compile("panel", `{{$level := or .HeadingLevel 1 -}}
<div class="govuk-panel{{if not .Interrupts}} govuk-panel--confirmation{{end}}{{cls .Classes}}"{{attrs .Attributes}}>
<h{{$level}} class="govuk-panel__title">{{.Heading.HTML}}</h{{$level}}>
{{- if not .Content.IsZero}}<div class="govuk-panel__body">{{.Content.HTML}}</div>{{end}}
{{- if and .Interrupts .Actions}}<div class="govuk-panel__actions{{cls .ActionClasses}}"{{attrs .ActionAttrs}}><div class="govuk-button-group">
{{range .Actions}}{{.HTML}}
{{end}}</div></div>{{end}}
</div>`)

// HTML renders the panel.
func (c Panel) HTML() template.HTML { return render(panelTemplate, c) }
