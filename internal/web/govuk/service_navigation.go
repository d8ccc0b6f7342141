package govuk

import "html/template"

// ServiceNavigation names the service and leads to its main parts. On a narrow
// screen it folds behind a button, if scripts run.
type ServiceNavigation struct {
	Name, Href        string // of the service
	Items             []NavigationItem
	Label             string // "Service information" when empty
	NavigationLabel   string // the menu's text when empty
	NavigationID      string // "navigation" when empty
	NavigationClasses string
	MenuText          string // "Menu" when empty
	MenuLabel         string
	Collapse          Toggle // by default when there is more than one item
	Slots             NavigationSlots
	Classes           string
	Attributes        Attributes
}

// NavigationItem is one part of the service. Current is the page itself, Active
// the part it belongs to.
type NavigationItem struct {
	Text, Href      string
	Markup          template.HTML
	Current, Active bool
	Attributes      Attributes
}

// NavigationSlots takes further markup: at the start and end of the whole, and
// (as list items) at the start and end of the list.
type NavigationSlots struct {
	Start, End                     template.HTML
	NavigationStart, NavigationEnd template.HTML
	EndInline                      bool // End stands beside the list, not below it
}

// Content is what the item says.
func (c NavigationItem) Content() Content { return Content{c.Text, c.Markup} }

// Aria is the value of aria-current, or nothing.
func (c NavigationItem) Aria() string {
	switch {
	case c.Current:
		return "page"
	case c.Active:
		return "true"
	}
	return ""
}

// Menu is the text of the button that unfolds the list.
func (c ServiceNavigation) Menu() string { return orDefault(c.MenuText, "Menu") }

// Folds says whether the list folds on a narrow screen.
func (c ServiceNavigation) Folds() bool {
	return c.Collapse == On || c.Collapse == Unset && len(c.Items) > 1
}

// Navigates says whether there is a list at all.
func (c ServiceNavigation) Navigates() bool {
	return len(c.Items) > 0 || c.Slots.NavigationStart != "" || c.Slots.NavigationEnd != ""
}

// Section says whether the whole needs a landmark beyond that of its list.
func (c ServiceNavigation) Section() bool {
	return c.Name != "" || c.Slots.Start != "" || c.Slots.End != ""
}

var serviceNavigationTemplate = compile("service-navigation", `
{{- define "item"}}{{if .Aria}}<strong class="govuk-service-navigation__active-fallback">{{.Content.HTML}}</strong>{{else}}{{.Content.HTML}}{{end}}{{end -}}
{{define "inside"}}<div class="govuk-width-container{{if .Slots.EndInline}} govuk-service-navigation__inlining-container{{end}}">
{{.Slots.Start}}
<div class="govuk-service-navigation__container">
{{- with .Name}}<span class="govuk-service-navigation__service-name">
{{- if $.Href}}<a href="{{$.Href}}" class="govuk-service-navigation__link">{{.}}</a>{{else}}<span class="govuk-service-navigation__text">{{.}}</span>{{end}}</span>{{end}}
{{- if .Navigates}}{{$id := or .NavigationID "navigation"}}<nav aria-label="{{or .NavigationLabel .Menu}}" class="govuk-service-navigation__wrapper{{cls .NavigationClasses}}">
{{- if .Folds}}<button type="button" class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle" aria-controls="{{$id}}"
{{- with .MenuLabel}}{{if ne . $.Menu}} aria-label="{{.}}"{{end}}{{end}} hidden aria-hidden="true">{{.Menu}}</button>{{end}}
<ul class="govuk-service-navigation__list" id="{{$id}}">
{{.Slots.NavigationStart}}
{{- range .Items}}<li class="govuk-service-navigation__item{{if .Aria}} govuk-service-navigation__item--active{{end}}">
{{- if .Href}}<a class="govuk-service-navigation__link" href="{{.Href}}"{{with .Aria}} aria-current="{{.}}"{{end}}{{attrs .Attributes}}>{{template "item" .}}</a>
{{- else if not .Content.IsZero}}<span class="govuk-service-navigation__text"{{with .Aria}} aria-current="{{.}}"{{end}}>{{template "item" .}}</span>{{end}}</li>{{end}}
{{.Slots.NavigationEnd}}
</ul></nav>{{end}}
</div>
{{.Slots.End}}
</div>{{end -}}
{{if .Section}}<section aria-label="{{or .Label "Service information"}}" class="govuk-service-navigation{{cls .Classes}}" data-module="govuk-service-navigation"{{attrs .Attributes}}>{{template "inside" .}}</section>
{{- else}}<div class="govuk-service-navigation{{cls .Classes}}" data-module="govuk-service-navigation"{{attrs .Attributes}}>{{template "inside" .}}</div>{{end}}`)

// HTML renders the navigation.
func (c ServiceNavigation) HTML() template.HTML { return render(serviceNavigationTemplate, c) }
