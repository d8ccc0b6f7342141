package govuk

import "html/template"

// Filter is a panel of our own beside a list: what the list is filtered by now,
// each with a link that takes it away, and the form that changes it. The form
// is sent by GET, so every filtered list has an address to share.
type Filter struct {
	Heading   string // "Filter" when empty
	Action    string // address of the list; the page itself when empty
	Selected  []FilterGroup
	ClearHref string // the list without any filter
	Fields    []Component
	Keep      []KeptValue // parameters of the address that are not filters, such as the order
	Submit    string      // "Apply filters" when empty
	Classes   string
}

// FilterGroup is what was chosen for one field.
type FilterGroup struct {
	Heading string
	Items   []FilterItem
}

// FilterItem is one chosen value; Href is the list without it.
type FilterItem struct {
	Text, Href string
}

// KeptValue is sent along with the form.
type KeptValue struct {
	Name, Value string
}

// Body is the fields of the form.
func (c Filter) Body() template.HTML { return Join(c.Fields...) }

var filterTemplate = compile("filter", `<form class="app-filter{{cls .Classes}}" method="get"{{with .Action}} action="{{.}}"{{end}}>
<h2 class="govuk-heading-m app-filter__title">{{or .Heading "Filter"}}</h2>
{{- if .Selected}}<div class="app-filter__selected"><h3 class="govuk-heading-s">Selected filters</h3>
{{- if .ClearHref}}<p class="govuk-body"><a class="govuk-link" href="{{.ClearHref}}">Clear filters</a></p>{{end}}
{{- range .Selected}}<h4 class="app-filter__group">{{.Heading}}</h4><ul class="app-filter__tags">
{{- range .Items}}<li><a class="app-filter__tag" href="{{.Href}}"><span class="govuk-visually-hidden">Remove this filter: </span>{{.Text}}</a></li>{{end}}</ul>{{end}}</div>{{end}}
{{- range .Keep}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
<div class="app-filter__fields">{{.Body}}<button type="submit" class="govuk-button app-filter__submit" data-module="govuk-button">{{or .Submit "Apply filters"}}</button></div>
</form>`)

// HTML renders the panel.
func (c Filter) HTML() template.HTML { return render(filterTemplate, c) }
