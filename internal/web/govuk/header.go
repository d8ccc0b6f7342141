package govuk

import "html/template"

// Header is the generic header, for services that are not GOV.UK: a name, which
// leads to the front page, and no crown.
type Header struct {
	Name             string
	Logo             template.HTML // instead of Name
	Href             string        // "/" when empty
	ContainerClasses string        // govuk-width-container when empty
	Classes          string
	Attributes       Attributes
}

// Content is what the header says.
func (c Header) Content() Content { return Content{c.Name, c.Logo} }

var headerTemplate = compile("generic-header", `<div class="govuk-generic-header{{cls .Classes}}"{{attrs .Attributes}}>
<div class="govuk-generic-header__container {{or .ContainerClasses "govuk-width-container"}}"><div class="govuk-generic-header__logo"><a href="{{or .Href "/"}}" class="govuk-generic-header__homepage-link">{{.Content.HTML}}</a></div></div>
</div>`)

// HTML renders the header.
func (c Header) HTML() template.HTML { return render(headerTemplate, c) }

// PhaseBanner says that a service is new and how to say what is wrong with it.
type PhaseBanner struct {
	Tag        Tag
	Text       string
	Markup     template.HTML
	Classes    string
	Attributes Attributes
}

// Content is what the banner says.
func (c PhaseBanner) Content() Content { return Content{c.Text, c.Markup} }

// Phase is the tag in the banner's style.
func (c PhaseBanner) Phase() Tag {
	tag := c.Tag
	tag.Classes = withClasses("govuk-phase-banner__content__tag", tag.Classes)
	return tag
}

var phaseTemplate = compile("phase-banner", `<div class="govuk-phase-banner govuk-width-container{{cls .Classes}}"{{attrs .Attributes}}><p class="govuk-phase-banner__content">{{.Phase.HTML}} <span class="govuk-phase-banner__text">{{.Content.HTML}}</span></p></div>`)

// HTML renders the banner.
func (c PhaseBanner) HTML() template.HTML { return render(phaseTemplate, c) }

// Feedback asks at the end of a page what people think of it.
type Feedback struct {
	Title        string
	TitleMarkup  template.HTML
	HeadingLevel int // 2 when 0
	Text         string
	Markup       template.HTML
	Classes      string
	Attributes   Attributes
}

// Heading is the title.
func (c Feedback) Heading() Content { return Content{c.Title, c.TitleMarkup} }

// Body is what stands below the title.
func (c Feedback) Body() template.HTML { return Content{c.Text, c.Markup}.paragraph("govuk-body") }

var feedbackTemplate = compile("feedback", `{{$level := or .HeadingLevel 2 -}}
<div class="govuk-feedback govuk-width-container{{cls .Classes}}"{{attrs .Attributes}}><div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h{{$level}} class="govuk-feedback__title">{{.Heading.HTML}}</h{{$level}}>
{{- with .Body}}<div class="govuk-feedback__body">{{.}}</div>{{end}}
</div></div></div>`)

// HTML renders the box.
func (c Feedback) HTML() template.HTML { return render(feedbackTemplate, c) }
