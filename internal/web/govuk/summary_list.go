package govuk

import "html/template"

// SummaryList shows facts as pairs of name and value, each with its actions; it
// is the "check your answers" list. With a Card it stands in a titled box.
type SummaryList struct {
	Rows       []SummaryRow
	Card       *SummaryCard
	Classes    string
	Attributes Attributes
}

// SummaryRow is one fact.
type SummaryRow struct {
	Key, Value                Content
	KeyClasses, ValueClasses  string
	Actions                   []SummaryAction
	ActionClasses, RowClasses string
	// NoMark keeps a row without actions from being styled as such.
	NoMark bool
}

// SummaryAction is a link such as "Change", with Hidden (such as "name of the
// system") read out after it.
type SummaryAction struct {
	Text, Hidden, Href string
	Markup             template.HTML
	Classes            string
	Attributes         Attributes
}

// Content is what the link says.
func (a SummaryAction) Content() Content { return Content{a.Text, a.Markup} }

// SummaryCard is the box around a list.
type SummaryCard struct {
	Title         Content
	HeadingLevel  int // 2 when 0
	TitleClasses  string
	Actions       []SummaryAction
	ActionClasses string
	Classes       string
	Attributes    Attributes
}

// about is an action with the title of the card it belongs to.
type about struct {
	SummaryAction
	Title Content
}

// About ties the action to the card, whose title tells apart equal actions.
func (c SummaryList) About(a SummaryAction) any {
	if c.Card == nil {
		return about{SummaryAction: a}
	}
	return about{a, c.Card.Title}
}

// Marked says whether the row lacks actions that other rows have.
func (c SummaryList) Marked(row SummaryRow) bool {
	if row.NoMark || len(row.Actions) > 0 {
		return false
	}
	for _, other := range c.Rows {
		if len(other.Actions) > 0 {
			return true
		}
	}
	return false
}

var summaryListTemplate = compile("summary-list", `
{{- define "action"}}<a class="govuk-link{{cls .Classes}}" href="{{.Href}}"{{attrs .Attributes}}>{{.Content.HTML}}
{{- if or .Hidden (not .Title.IsZero)}}<span class="govuk-visually-hidden">{{with .Hidden}} {{.}}{{end}}{{if not .Title.IsZero}} ({{.Title.HTML}}){{end}}</span>{{end}}</a>{{end -}}
{{define "list"}}<dl class="govuk-summary-list{{cls .Classes}}"{{attrs .Attributes}}>
{{- range $row := .Rows}}
<div class="govuk-summary-list__row{{if $.Marked .}} govuk-summary-list__row--no-actions{{end}}{{cls .RowClasses}}">
<dt class="govuk-summary-list__key{{cls .KeyClasses}}">{{.Key.HTML}}</dt>
<dd class="govuk-summary-list__value{{cls .ValueClasses}}">{{.Value.HTML}}</dd>
{{- if .Actions}}<dd class="govuk-summary-list__actions{{cls .ActionClasses}}">
{{- if eq (len .Actions) 1}}{{template "action" $.About (index .Actions 0)}}
{{- else}}<ul class="govuk-summary-list__actions-list">{{range .Actions}}<li class="govuk-summary-list__actions-list-item">{{template "action" $.About .}}</li>{{end}}</ul>{{end -}}
</dd>{{end}}
</div>
{{- end}}
</dl>{{end -}}
{{with .Card}}{{$level := or .HeadingLevel 2 -}}
<div class="govuk-summary-card{{cls .Classes}}"{{attrs .Attributes}}>
<div class="govuk-summary-card__title-wrapper">
{{- if not .Title.IsZero}}<h{{$level}} class="govuk-summary-card__title{{cls .TitleClasses}}">{{.Title.HTML}}</h{{$level}}>{{end}}
{{- if eq (len .Actions) 1}}<div class="govuk-summary-card__actions{{cls .ActionClasses}}">{{template "action" $.About (index .Actions 0)}}</div>
{{- else if .Actions}}<ul class="govuk-summary-card__actions{{cls .ActionClasses}}">{{range .Actions}}<li class="govuk-summary-card__action">{{template "action" $.About .}}</li>{{end}}</ul>{{end}}
</div>
<div class="govuk-summary-card__content">{{template "list" $}}</div>
</div>{{else}}{{template "list" .}}{{end}}`)

// HTML renders the list, within its card if there is one.
func (c SummaryList) HTML() template.HTML { return render(summaryListTemplate, c) }
