package govuk

import "html/template"

// Tag shows a state in a word. Its colour only repeats what the word says.
type Tag struct {
	Text       string
	Markup     template.HTML
	Colour     string // grey, green, teal, blue, purple, magenta, red, orange, yellow; blue when empty
	Classes    string
	Attributes Attributes
}

// Content is what the tag says.
func (c Tag) Content() Content { return Content{c.Text, c.Markup} }

var tagTemplate = compile("tag", `<strong class="govuk-tag{{with .Colour}} govuk-tag--{{.}}{{end}}{{cls .Classes}}"{{attrs .Attributes}}>{{.Content.HTML}}</strong>`)

// HTML renders the tag.
func (c Tag) HTML() template.HTML { return render(tagTemplate, c) }

// InsetText sets text apart from what surrounds it.
type InsetText struct {
	ID, Text   string
	Markup     template.HTML
	Classes    string
	Attributes Attributes
}

// Content is what the inset says.
func (c InsetText) Content() Content { return Content{c.Text, c.Markup} }

var insetTemplate = compile("inset-text", `<div{{with .ID}} id="{{.}}"{{end}} class="govuk-inset-text{{cls .Classes}}"{{attrs .Attributes}}>{{.Content.HTML}}</div>`)

// HTML renders the inset.
func (c InsetText) HTML() template.HTML { return render(insetTemplate, c) }

// WarningText warns of something important, such as a consequence.
type WarningText struct {
	Text         string
	Markup       template.HTML
	IconFallback string // read out before the text; "Warning" when empty
	Classes      string
	Attributes   Attributes
}

// Content is what the warning says.
func (c WarningText) Content() Content { return Content{c.Text, c.Markup} }

var warningTemplate = compile("warning-text", `<div class="govuk-warning-text{{cls .Classes}}"{{attrs .Attributes}}>
<span class="govuk-warning-text__icon" aria-hidden="true">!</span>
<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{{or .IconFallback "Warning"}}</span> {{.Content.HTML}}</strong>
</div>`)

// HTML renders the warning.
func (c WarningText) HTML() template.HTML { return render(warningTemplate, c) }

// Details hides text behind a summary until it is asked for.
type Details struct {
	ID            string
	Summary, Text string
	SummaryMarkup template.HTML
	Markup        template.HTML
	Open          bool
	Classes       string
	Attributes    Attributes
}

// Title is what can be pressed.
func (c Details) Title() Content { return Content{c.Summary, c.SummaryMarkup} }

// Content is what opens.
func (c Details) Content() Content { return Content{c.Text, c.Markup} }

var detailsTemplate = compile("details", `<details{{with .ID}} id="{{.}}"{{end}} class="govuk-details{{cls .Classes}}"{{attrs .Attributes}}{{if .Open}} open{{end}}>
<summary class="govuk-details__summary"><span class="govuk-details__summary-text">{{.Title.HTML}}</span></summary>
<div class="govuk-details__text">{{.Content.HTML}}</div>
</details>`)

// HTML renders the details.
func (c Details) HTML() template.HTML { return render(detailsTemplate, c) }

// NotificationBanner tells of something that is not about the page itself.
// Success makes it the answer to what the person just did: it is announced and
// takes the focus.
type NotificationBanner struct {
	Success          bool
	Title            string // "Success" or "Important" when empty
	TitleMarkup      template.HTML
	TitleID          string
	HeadingLevel     int // 2 when 0
	Text             string
	Markup           template.HTML
	Role             string
	DisableAutoFocus Toggle
	Classes          string
	Attributes       Attributes
}

// Heading is the title, or what it is when none is given.
func (c NotificationBanner) Heading() Content {
	given := Content{c.Title, c.TitleMarkup}
	switch {
	case !given.IsZero():
		return given
	case c.Success:
		return Text("Success")
	}
	return Text("Important")
}

// Body is the message; plain text becomes a heading of its own.
func (c NotificationBanner) Body() template.HTML {
	return Content{c.Text, c.Markup}.paragraph("govuk-notification-banner__heading")
}

// AriaRole is alert for a success and region for everything else.
func (c NotificationBanner) AriaRole() string {
	if c.Role == "" && c.Success {
		return "alert"
	}
	return orDefault(c.Role, "region")
}

var notificationTemplate = compile("notification-banner", `{{$id := or .TitleID "govuk-notification-banner-title"}}{{$level := or .HeadingLevel 2 -}}
<div class="govuk-notification-banner{{if .Success}} govuk-notification-banner--success{{end}}{{cls .Classes}}" role="{{.AriaRole}}" aria-labelledby="{{$id}}" data-module="govuk-notification-banner"
{{- toggle "data-disable-auto-focus" .DisableAutoFocus}}{{attrs .Attributes}}>
<div class="govuk-notification-banner__header"><h{{$level}} class="govuk-notification-banner__title" id="{{$id}}">{{.Heading.HTML}}</h{{$level}}></div>
<div class="govuk-notification-banner__content">{{.Body}}</div>
</div>`)

// HTML renders the banner.
func (c NotificationBanner) HTML() template.HTML { return render(notificationTemplate, c) }
