package govuk

import (
	"html/template"
	"strconv"
)

// Footer ends every page. It has no crest and claims no licence unless Licence
// says so.
type Footer struct {
	Columns          []FooterColumn
	MetaTitle        string // read out before Links; "Support links" when empty
	Links            []FooterLink
	Meta             Content // below the links
	Licence          Content
	Copyright        Content
	ContainerClasses string
	Classes          string
	Attributes       Attributes
}

// FooterColumn is a titled list of links.
type FooterColumn struct {
	Title string
	Width string // such as "two-thirds"; "full" when empty
	Lists int    // columns that the links stand in
	Links []FooterLink
}

// FooterLink is one link of the footer.
type FooterLink struct {
	Text, Href string
	Attributes Attributes
}

// ListClasses are the classes of the column's list.
func (c FooterColumn) ListClasses() string {
	if c.Lists == 0 {
		return "govuk-footer__list"
	}
	return "govuk-footer__list govuk-footer__list--columns-" + strconv.Itoa(c.Lists)
}

// HasMeta says whether anything stands beside the licence.
func (c Footer) HasMeta() bool { return len(c.Links) > 0 || !c.Meta.IsZero() || c.MetaTitle != "" }

var footerTemplate = compile("footer", `<div class="govuk-footer{{cls .Classes}}"{{attrs .Attributes}}><div class="govuk-width-container{{cls .ContainerClasses}}">
{{- if .Columns}}<div class="govuk-footer__navigation">
{{- range .Columns}}<div class="govuk-footer__section govuk-grid-column-{{or .Width "full"}}"><h2 class="govuk-footer__heading govuk-heading-m">{{.Title}}</h2>
{{- if .Links}}<ul class="{{.ListClasses}}">{{range .Links}}<li class="govuk-footer__list-item"><a class="govuk-footer__link" href="{{.Href}}"{{attrs .Attributes}}>{{.Text}}</a></li>{{end}}</ul>{{end}}</div>{{end}}
</div><hr class="govuk-footer__section-break">{{end}}
<div class="govuk-footer__meta"><div class="govuk-footer__meta-item govuk-footer__meta-item--grow">
{{- if .HasMeta}}<h2 class="govuk-visually-hidden">{{or .MetaTitle "Support links"}}</h2>
{{- if .Links}}<ul class="govuk-footer__inline-list">{{range .Links}}<li class="govuk-footer__inline-list-item"><a class="govuk-footer__link" href="{{.Href}}"{{attrs .Attributes}}>{{.Text}}</a></li>{{end}}</ul>{{end}}
{{- if not .Meta.IsZero}}<div class="govuk-footer__meta-custom">{{.Meta.HTML}}</div>{{end}}{{end}}
{{- if not .Licence.IsZero}}<span class="govuk-footer__licence-description">{{.Licence.HTML}}</span>{{end}}
</div>
{{- if not .Copyright.IsZero}}<div class="govuk-footer__meta-item">{{.Copyright.HTML}}</div>{{end}}
</div></div></div>`)

// HTML renders the footer.
func (c Footer) HTML() template.HTML { return render(footerTemplate, c) }
