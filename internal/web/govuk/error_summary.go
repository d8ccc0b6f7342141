package govuk

import "html/template"

// ErrorSummary stands at the top of a page with errors, takes the focus and
// links to every field in error. Its texts are those of the fields.
type ErrorSummary struct {
	Title             string // "There is a problem" when empty
	TitleMarkup       template.HTML
	Description       string
	DescriptionMarkup template.HTML
	Errors            []ErrorLink
	DisableAutoFocus  Toggle
	Classes           string
	Attributes        Attributes
}

// ErrorLink names one error. Href is "#" and the id of the field; without it
// the error is plain text.
type ErrorLink struct {
	Text, Href string
	Markup     template.HTML
	Attributes Attributes
}

// Content is what the error says.
func (e ErrorLink) Content() Content { return Content{e.Text, e.Markup} }

// Heading is the title of the summary.
func (c ErrorSummary) Heading() Content {
	if given := (Content{c.Title, c.TitleMarkup}); !given.IsZero() {
		return given
	}
	return Text("There is a problem")
}

// Intro is what stands between the title and the list.
func (c ErrorSummary) Intro() Content { return Content{c.Description, c.DescriptionMarkup} }

var errorSummaryTemplate = compile("error-summary", `<div class="govuk-error-summary{{cls .Classes}}"
{{- toggle "data-disable-auto-focus" .DisableAutoFocus}}{{attrs .Attributes}} data-module="govuk-error-summary">
<div role="alert">
<h2 class="govuk-error-summary__title">{{.Heading.HTML}}</h2>
<div class="govuk-error-summary__body">
{{- if not .Intro.IsZero}}<p>{{.Intro.HTML}}</p>{{end}}
{{- if .Errors}}<ul class="govuk-list govuk-error-summary__list">
{{- range .Errors}}<li>{{if .Href}}<a href="{{.Href}}"{{attrs .Attributes}}>{{.Content.HTML}}</a>{{else}}{{.Content.HTML}}{{end}}</li>{{end -}}
</ul>{{end}}
</div></div></div>`)

// HTML renders the summary. Leave it out of a page without errors: see Given.
func (c ErrorSummary) HTML() template.HTML { return render(errorSummaryTemplate, c) }

// Given says whether there is any error to show.
func (c ErrorSummary) Given() bool { return len(c.Errors) > 0 }
