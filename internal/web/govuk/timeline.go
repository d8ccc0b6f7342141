package govuk

import "html/template"

// Timeline is a list of our own of what happened, newest first by convention.
type Timeline struct {
	Events       []Event
	HeadingLevel int // of each event; 2 when 0
	Classes      string
}

// Event is one thing that happened. Time is RFC 3339, for machines; When is the
// same for people.
type Event struct {
	Title, By  string
	Time, When string
	Detail     Content
	Href       string // of the title
	Classes    string
}

// Body is the detail; plain text becomes a paragraph.
func (e Event) Body() template.HTML { return e.Detail.paragraph("govuk-body") }

var timelineTemplate = compile("timeline", `{{$level := or .HeadingLevel 2 -}}
<ol class="app-timeline{{cls .Classes}}">
{{- range .Events}}
<li class="app-timeline__event{{cls .Classes}}"><h{{$level}} class="app-timeline__title">{{if .Href}}<a class="govuk-link" href="{{.Href}}">{{.Title}}</a>{{else}}{{.Title}}{{end}}</h{{$level}}>
<p class="app-timeline__by">{{if .When}}<time datetime="{{.Time}}">{{.When}}</time>{{end}}{{with .By}} by {{.}}{{end}}</p>
{{- with .Body}}<div class="app-timeline__detail">{{.}}</div>{{end}}</li>
{{- end}}
</ol>`)

// HTML renders the list.
func (c Timeline) HTML() template.HTML { return render(timelineTemplate, c) }
