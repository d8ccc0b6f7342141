package govuk

import (
	"fmt"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Attributes are extra HTML attributes of an element, by name. Names come from
// code; values may be data. They are written in the order of their names. An
// empty value writes an empty attribute, which HTML reads as true for boolean
// attributes such as hidden.
type Attributes map[string]string

// attributeName leaves out whatever could end the name and begin something else.
var attributeName = regexp.MustCompile(`^[a-z][a-z0-9_.:-]*$`)

// attrs renders a leading space and the attributes. It panics for a name that
// could carry script or style: such a name is a programming error, and a page
// that fails is better than one whose policy refuses half of it.
//
// The type HTMLAttr is needed because html/template refuses data-…-url names
// when they are dynamic; the escaping it would do is done here instead.
func attrs(a Attributes) template.HTMLAttr {
	if len(a) == 0 {
		return ""
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !attributeName.MatchString(name) || scriptable(name) {
			panic(fmt.Sprintf("govuk: attribute name %q is not allowed", name))
		}
		value := a[name]
		if addressed(name) {
			value = safeURL(value)
		}
		b.WriteString(` ` + name + `="` + template.HTMLEscapeString(value) + `"`)
	}
	return template.HTMLAttr(b.String())
}

// with returns a copy of a with the pairs of more that are not empty.
func (a Attributes) with(more Attributes) Attributes {
	merged := maps.Clone(a)
	if merged == nil {
		merged = Attributes{}
	}
	for name, value := range more {
		if value != "" {
			merged[name] = value
		}
	}
	return merged
}

func scriptable(name string) bool {
	name = strings.TrimPrefix(name, "data-")
	return strings.HasPrefix(name, "on") || name == "style" || name == "srcdoc" ||
		strings.HasPrefix(name, "hx-on") || strings.HasPrefix(name, "hx-vals") || strings.HasPrefix(name, "hx-vars")
}

// addressed says whether a browser or htmx follows the value of the attribute.
func addressed(name string) bool {
	switch name {
	case "href", "src", "action", "formaction", "poster", "cite", "xlink:href":
		return true
	}
	switch strings.TrimPrefix(name, "data-") {
	case "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-action", "hx-push-url", "hx-replace-url":
		return true
	}
	return false
}

// safeURL keeps relative addresses and the schemes http, https and mailto, as
// html/template does, and replaces everything else by a fragment that leads
// nowhere.
func safeURL(address string) string {
	scheme, _, found := strings.Cut(address, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return address
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto":
		return address
	}
	return "#refused-address"
}

// Plural is a message of a script by grammatical number.
type Plural struct {
	One, Other string
}

// i18n collects translated texts of a component's script under the attribute
// names that govuk-frontend reads. Empty texts are left out.
type i18n Attributes

func (m i18n) text(key, message string) i18n {
	if message != "" {
		m["data-i18n."+key] = message
	}
	return m
}

func (m i18n) plural(key string, p Plural) i18n {
	return m.text(key+".one", p.One).text(key+".other", p.Other)
}
