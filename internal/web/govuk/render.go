package govuk

import (
	"fmt"
	"html/template"
	"strings"
)

// Component is anything that renders itself as safe markup.
type Component interface {
	HTML() template.HTML
}

// Toggle is a boolean that can also be left to the default.
type Toggle int8

// The states of a Toggle. The zero value leaves the choice to the component.
const (
	Unset Toggle = iota
	On
	Off
)

// ToggleOf turns a plain boolean into On or Off.
func ToggleOf(on bool) Toggle {
	if on {
		return On
	}
	return Off
}

func compile(name, text string) *template.Template {
	return template.Must(template.New(name).Funcs(template.FuncMap{
		"attrs":  attrs,
		"cls":    classSuffix,
		"toggle": toggleAttr,
	}).Parse(text))
}

// render panics when a template fails: the templates and the types of their
// data are fixed here, so a failure is a fault of this package. html/template
// turns the panic into an error of the page that called HTML.
func render(t *template.Template, data any) template.HTML {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(fmt.Sprintf("govuk: rendering %s: %v", t.Name(), err))
	}
	return template.HTML(b.String())
}

func classSuffix(classes string) string {
	if classes == "" {
		return ""
	}
	return " " + classes
}

// withClasses joins a fixed class with the caller's.
func withClasses(fixed, extra string) string { return fixed + classSuffix(extra) }

func toggleAttr(name string, t Toggle) template.HTMLAttr {
	switch t {
	case On:
		return attrs(Attributes{name: "true"})
	case Off:
		return attrs(Attributes{name: "false"})
	}
	return ""
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
