package govuk

import "html/template"

// Pagination leads through the pages of a list, or, without Pages, from one
// page of a text to the one before and after it.
type Pagination struct {
	Previous, Next PageLink
	Pages          []Page
	Label          string // "Pagination" when empty
	Classes        string
	Attributes     Attributes
}

// PageLink leads to the page before or after; it is left out without an address.
type PageLink struct {
	Href, Text string
	Markup     template.HTML
	Label      string // title of the page, where there are no numbers
	Attributes Attributes
}

// Content is what the link says.
func (c PageLink) Content() Content { return Content{c.Text, c.Markup} }

// Page is the number of a page, or an ellipsis for those left out.
type Page struct {
	Number, Href string
	Hidden       string // "Page 3" when empty
	Current      bool
	Ellipsis     bool
	Attributes   Attributes
}

// Block says whether the links stand one below the other, without numbers.
func (c Pagination) Block() bool {
	return c.Pages == nil && (c.Next.Href != "" || c.Previous.Href != "")
}

var paginationTemplate = compile("pagination", `
{{- define "title"}}<span class="govuk-pagination__link-title{{if and .Block (not .Link.Label)}} govuk-pagination__link-title--decorated{{end}}">
{{- if not .Link.Content.IsZero}}{{.Link.Content.HTML}}{{else}}{{.Word}}<span class="govuk-visually-hidden"> page</span>{{end}}</span>
{{- if and .Block .Link.Label}} <span class="govuk-visually-hidden">:</span> <span class="govuk-pagination__link-label">{{.Link.Label}}</span>{{end}}{{end -}}
{{define "prev"}}<svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"></path></svg>{{end -}}
{{define "next"}}<svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"></path></svg>{{end -}}
<nav class="govuk-pagination{{if .Block}} govuk-pagination--block{{end}}{{cls .Classes}}" aria-label="{{or .Label "Pagination"}}"{{attrs .Attributes}}>
{{- with .Back}}<div class="govuk-pagination__prev"><a class="govuk-link govuk-pagination__link" href="{{.Link.Href}}" rel="prev"{{attrs .Link.Attributes}}>{{template "prev"}} {{template "title" .}}</a></div>{{end}}
{{- if .Pages}}<ul class="govuk-pagination__list">
{{- range .Pages}}{{if or .Number .Ellipsis}}<li class="govuk-pagination__item{{if .Current}} govuk-pagination__item--current{{end}}{{if .Ellipsis}} govuk-pagination__item--ellipsis{{end}}">
{{- if .Ellipsis}}&ctdot;{{else}}<a class="govuk-link govuk-pagination__link" href="{{.Href}}" aria-label="{{with .Hidden}}{{.}}{{else}}Page {{.Number}}{{end}}"
{{- if .Current}} aria-current="page"{{end}}{{attrs .Attributes}}>{{.Number}}</a>{{end}}</li>{{end}}{{end}}</ul>{{end}}
{{- with .Onward}}<div class="govuk-pagination__next"><a class="govuk-link govuk-pagination__link" href="{{.Link.Href}}" rel="next"{{attrs .Link.Attributes}}>
{{- if .Block}}{{template "next"}} {{template "title" .}}{{else}}{{template "title" .}} {{template "next"}}{{end}}</a></div>{{end}}
</nav>`)

type pageArrow struct {
	Link  PageLink
	Word  string
	Block bool
}

// Back is the link to the page before, if there is one.
func (c Pagination) Back() any { return c.arrow(c.Previous, "Previous") }

// Onward is the link to the page after, if there is one.
func (c Pagination) Onward() any { return c.arrow(c.Next, "Next") }

func (c Pagination) arrow(link PageLink, word string) any {
	if link.Href == "" {
		return nil
	}
	return pageArrow{link, word, c.Block()}
}

// HTML renders the links.
func (c Pagination) HTML() template.HTML { return render(paginationTemplate, c) }
