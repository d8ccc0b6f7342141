package govuk

import (
	"html/template"
	"strconv"
)

// Tabs show one panel of several at a time. Without JavaScript they are a list
// of links to panels that are all shown.
type Tabs struct {
	ID, IDPrefix string // IDPrefix names panels that have no ID of their own
	Title        string // "Contents" when empty
	Tabs         []Tab
	Classes      string
	Attributes   Attributes
}

// Tab is one panel with its label.
type Tab struct {
	ID, Label                   string
	Panel                       Content
	Attributes, PanelAttributes Attributes
}

// Body is the panel; plain text becomes a paragraph.
func (t Tab) Body() template.HTML { return t.Panel.paragraph("govuk-body") }

var tabsTemplate = compile("tabs", `<div{{with .C.ID}} id="{{.}}"{{end}} class="govuk-tabs{{cls .C.Classes}}"{{attrs .C.Attributes}} data-module="govuk-tabs">
<h2 class="govuk-tabs__title">{{or .C.Title "Contents"}}</h2>
{{- if .Tabs}}<ul class="govuk-tabs__list">
{{- range $i, $tab := .Tabs}}<li class="govuk-tabs__list-item{{if not $i}} govuk-tabs__list-item--selected{{end}}"><a class="govuk-tabs__tab" href="#{{.ID}}"{{attrs .Attributes}}>{{.Label}}</a></li>{{end}}</ul>
{{- range $i, $tab := .Tabs}}<div class="govuk-tabs__panel{{if $i}} govuk-tabs__panel--hidden{{end}}" id="{{.ID}}"{{attrs .PanelAttributes}}>{{.Body}}</div>{{end}}{{end}}
</div>`)

// HTML renders the tabs and their panels.
func (c Tabs) HTML() template.HTML {
	tabs := make([]Tab, len(c.Tabs))
	for i, tab := range c.Tabs {
		tabs[i] = tab
		tabs[i].ID = orDefault(tab.ID, c.IDPrefix+"-"+strconv.Itoa(i+1))
	}
	return render(tabsTemplate, struct {
		C    Tabs
		Tabs []Tab
	}{c, tabs})
}
