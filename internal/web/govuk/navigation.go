package govuk

import "html/template"

// SkipLink jumps over what stands before the content of the page.
type SkipLink struct {
	Text       string // "Skip to main content" when empty
	Markup     template.HTML
	Href       string // "#content" when empty
	Classes    string
	Attributes Attributes
}

// Content is what the link says.
func (c SkipLink) Content() Content {
	return Content{orDefault(c.Text, "Skip to main content"), c.Markup}
}

var skipLinkTemplate = compile("skip-link", `<a href="{{or .Href "#content"}}" class="govuk-skip-link{{cls .Classes}}"{{attrs .Attributes}} data-module="govuk-skip-link">{{.Content.HTML}}</a>`)

// HTML renders the link.
func (c SkipLink) HTML() template.HTML { return render(skipLinkTemplate, c) }

// BackLink leads to the page before this one of a journey.
type BackLink struct {
	Text       string // "Back" when empty
	Markup     template.HTML
	Href       string // "#" when empty
	Classes    string
	Attributes Attributes
}

// Content is what the link says.
func (c BackLink) Content() Content { return Content{orDefault(c.Text, "Back"), c.Markup} }

var backLinkTemplate = compile("back-link", `<a href="{{or .Href "#"}}" class="govuk-back-link{{cls .Classes}}"{{attrs .Attributes}}>{{.Content.HTML}}</a>`)

// HTML renders the link.
func (c BackLink) HTML() template.HTML { return render(backLinkTemplate, c) }

// Breadcrumbs show where the page stands. The last item, without an address, is
// the page itself.
type Breadcrumbs struct {
	Items            []Breadcrumb
	Label            string // "Breadcrumb" when empty
	CollapseOnMobile bool
	Classes          string
	Attributes       Attributes
}

// Breadcrumb is one step on the way to the page.
type Breadcrumb struct {
	Text, Href string
	Markup     template.HTML
	Attributes Attributes
}

// Content is what the step says.
func (c Breadcrumb) Content() Content { return Content{c.Text, c.Markup} }

var breadcrumbsTemplate = compile("breadcrumbs", `<nav class="govuk-breadcrumbs{{cls .Classes}}{{if .CollapseOnMobile}} govuk-breadcrumbs--collapse-on-mobile{{end}}"{{attrs .Attributes}} aria-label="{{or .Label "Breadcrumb"}}"><ol class="govuk-breadcrumbs__list">
{{- range .Items}}
{{- if .Href}}<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{{.Href}}"{{attrs .Attributes}}>{{.Content.HTML}}</a></li>
{{- else}}<li class="govuk-breadcrumbs__list-item" aria-current="page">{{.Content.HTML}}</li>{{end}}
{{- end}}</ol></nav>`)

// HTML renders the steps.
func (c Breadcrumbs) HTML() template.HTML { return render(breadcrumbsTemplate, c) }

// LanguageNavigation leads to the same page in other languages. The item
// without an address is the language of the page.
type LanguageNavigation struct {
	Items      []Language
	Label      string // "Language" when empty
	Classes    string
	Attributes Attributes
}

// Language is one language, by its own name.
type Language struct {
	Text, Href     string
	Markup         template.HTML
	Current        bool
	Lang, HrefLang string // BCP 47 tags; HrefLang is Lang when empty
	Dir            string
	Description    string // read out after the name
	Classes        string
	Attributes     Attributes
}

// Content is what the item says.
func (c Language) Content() Content { return Content{c.Text, c.Markup} }

var languageTemplate = compile("language-navigation", `<nav class="govuk-language-navigation{{cls .Classes}}"{{attrs .Attributes}} aria-label="{{or .Label "Language"}}"><ul class="govuk-language-navigation__list">
{{- range .Items}}<li class="govuk-language-navigation__list-item">
{{- if or .Current (not .Href)}}<span class="govuk-language-navigation__text{{cls .Classes}}" aria-current="true"
{{- with .Lang}} lang="{{.}}"{{end}}{{with .Dir}} dir="{{.}}"{{end}}{{attrs .Attributes}}>{{.Content.HTML}}</span>
{{- else}}<a class="govuk-language-navigation__link{{cls .Classes}}" href="{{.Href}}" rel="alternate"
{{- with .Lang}} lang="{{.}}"{{end}}{{with or .HrefLang .Lang}} hreflang="{{.}}"{{end}}{{with .Dir}} dir="{{.}}"{{end}}{{attrs .Attributes}}>{{.Content.HTML}}
{{- with .Description}}<span class="govuk-visually-hidden"> {{.}}</span>{{end}}</a>{{end}}</li>
{{- end}}</ul></nav>`)

// HTML renders the languages.
func (c LanguageNavigation) HTML() template.HTML { return render(languageTemplate, c) }
