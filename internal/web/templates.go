package web

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"
)

//go:embed templates
var templateFiles embed.FS

// templates holds every page, each parsed together with the layout.
type templates map[string]*template.Template

// parseTemplates reads the layout and the templates with the given names. Every
// mistake is reported at once.
func parseTemplates(files fs.FS, names []string) (templates, error) {
	layout, err := template.ParseFS(files, "templates/layout.html")
	if err != nil {
		return nil, err
	}
	present, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, path := range present {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "templates/"), ".html")
		if name != "layout" && !slices.Contains(names, name) {
			problems = append(problems, fmt.Errorf("%s: no route names this template", path))
		}
	}
	out := templates{}
	for _, name := range names {
		t, err := template.Must(layout.Clone()).ParseFS(files, "templates/"+name+".html")
		if err == nil && t.Lookup("content") == nil {
			err = errors.New(`it does not define "content"`)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("template %s: %w", name, err))
			continue
		}
		out[name] = t
	}
	return out, errors.Join(problems...)
}
