package govuk

import "html/template"

// IdentityBar is a bar of our own that says which thing the page is about: its
// name, its reference, a few facts, and what can be done with it.
type IdentityBar struct {
	Label     string // names the bar for assistive technology, such as "System"
	Title     string
	Href      string // front page of the thing
	Reference string
	Facts     []Fact
	Actions   []Component
	Classes   string
}

// Fact is a short fact with its name.
type Fact struct {
	Name  string
	Value Content
}

// Menu is the actions.
func (c IdentityBar) Menu() template.HTML { return Join(c.Actions...) }

var identityTemplate = compile("identity-bar", `<section class="app-identity{{cls .Classes}}" aria-label="{{or .Label .Title}}"><div class="app-identity__about">
<p class="app-identity__title">{{if .Href}}<a class="govuk-link" href="{{.Href}}">{{.Title}}</a>{{else}}{{.Title}}{{end}}
{{- with .Reference}} <span class="app-identity__reference">{{.}}</span>{{end}}</p>
{{- if .Facts}}<dl class="app-identity__facts">{{range .Facts}}<div class="app-identity__fact"><dt>{{.Name}}</dt><dd>{{.Value.HTML}}</dd></div>{{end}}</dl>{{end}}
</div>{{with .Menu}}<div class="app-identity__actions">{{.}}</div>{{end}}</section>`)

// HTML renders the bar.
func (c IdentityBar) HTML() template.HTML { return render(identityTemplate, c) }
