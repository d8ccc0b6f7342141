package govuk

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

var hostile = []string{
	`"><script>alert(1)</script>`,
	`' onmouseover='alert(1)`,
	"`${alert(1)}`",
	`</textarea></title></style><img src=x onerror=alert(1)>`,
	`javascript:alert(1)`,
	"java\tscript:alert(1)",
	` JAVASCRIPT:alert(1)`,
	`data:text/html,<script>alert(1)</script>`,
	"\x00<b>\xff\u202e{{.}}",
}

// everything is one of each component, patterns of our own included.
func everything() []Component {
	return []Component{
		Input{Hint: Hint{}, Prefix: Affix{Text: "x"}, Attributes: Attributes{"data-autosave-url": "x", "href": "x"}},
		PasswordInput{}, Textarea{}, CharacterCount{MaxLength: 5}, FileUpload{DropZone: true}, DateInput{},
		Select{Options: []Option{{}}}, Radios{Items: []RadioItem{{}, {Divider: "x"}}}, Checkboxes{Items: []CheckboxItem{{}}},
		Fieldset{}, Label{}, Hint{}, ErrorMessage{}, ErrorSummary{Errors: []ErrorLink{{Href: "x"}}}, Button{}, Button{Href: "x"},
		Tag{}, InsetText{}, WarningText{}, Details{}, NotificationBanner{}, Panel{Classes: "govuk-panel--interruption", Actions: []PanelAction{{Href: "x"}}},
		SummaryList{Rows: []SummaryRow{{Actions: []SummaryAction{{}}}}, Card: &SummaryCard{}}, TaskList{Tasks: []Task{{Href: "x"}}},
		Table{Scroll: true, Head: []Cell{{Sort: &Sort{}}}, Rows: [][]Cell{{{}}}}, SkipLink{}, BackLink{}, Breadcrumbs{Items: []Breadcrumb{{Href: "x"}}},
		LanguageNavigation{Items: []Language{{Href: "x"}}}, Pagination{Next: PageLink{Href: "x"}, Pages: []Page{{Number: "x"}}},
		Header{}, PhaseBanner{}, Feedback{}, ServiceNavigation{Items: []NavigationItem{{Href: "x"}}},
		Footer{Columns: []FooterColumn{{Links: []FooterLink{{}}}}, Links: []FooterLink{{}}}, Accordion{Sections: []AccordionSection{{}}},
		Tabs{Tabs: []Tab{{}}}, Link{}, Prose{}, ScrollRegion{}, Timeline{Events: []Event{{Href: "x"}}}, IdentityBar{Facts: []Fact{{}}},
		Filter{Selected: []FilterGroup{{Items: []FilterItem{{}}}}, Keep: []KeptValue{{}}},
	}
}

func TestHostileTextInEveryFieldStaysText(t *testing.T) {
	for _, text := range hostile {
		for _, component := range everything() {
			filled := fill(component, text)
			if problem := active(string(filled.HTML())); problem != "" {
				t.Errorf("%T filled with %q renders %s", component, text, problem)
			}
		}
	}
}

func TestAnyTextStaysText(t *testing.T) {
	components := everything()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune(`<>"'&=/:; `+"`\x00{}")))).Draw(t, "text")
		component := rapid.SampledFrom(components).Draw(t, "component")
		if problem := active(string(fill(component, text).HTML())); problem != "" {
			t.Fatalf("%T renders %s", component, problem)
		}
	})
}

// fill sets every text of a component, at any depth, to the same value. Markup
// and class names are code, not data, and stay as they are.
func fill(component Component, text string) Component {
	copied := reflect.New(reflect.TypeOf(component)).Elem()
	copied.Set(deepFill(reflect.ValueOf(component), text))
	return copied.Interface().(Component)
}

func deepFill(v reflect.Value, text string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			out.SetString(text)
			return out
		}
		out.Set(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if strings.HasSuffix(v.Type().Field(i).Name, "Classes") {
				out.Field(i).Set(v.Field(i))
				continue
			}
			out.Field(i).Set(deepFill(v.Field(i), text))
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = reflect.Append(out, deepFill(v.Index(i), text))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for _, key := range v.MapKeys() {
			out.SetMapIndex(key, deepFill(v.MapIndex(key), text))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(deepFill(v.Elem(), text).Addr())
		}
	default:
		out.Set(v)
	}
	return out
}

// active names the first thing in the markup that could run or load anything.
func active(markup string) string {
	root, err := parseBody(markup)
	if err != nil {
		return err.Error()
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"script", "style", "img", "iframe", "object", "embed", "base", "meta"}, n.Data) {
			return "<" + n.Data + ">"
		}
		for _, a := range n.Attr {
			if activeAttribute(a) {
				return fmt.Sprintf("attribute %s=%q", a.Key, a.Val)
			}
		}
	}
	return ""
}

func activeAttribute(a html.Attribute) bool {
	switch a.Key {
	case "style", "srcdoc":
		return true
	case "href", "action", "src":
		scheme, _, found := strings.Cut(strings.Map(printable, a.Val), ":")
		return found && (strings.EqualFold(scheme, "javascript") || strings.EqualFold(scheme, "data"))
	}
	return strings.HasPrefix(a.Key, "on")
}

// printable drops what browsers drop from an address before reading its scheme.
func printable(r rune) rune {
	if r <= ' ' {
		return -1
	}
	return r
}

func TestTheHostileTestSeesWhatIsActive(t *testing.T) {
	for _, markup := range []string{
		`<p><script>1</script></p>`, `<p onclick="x">`, `<a href="java&#9;script:x">`, `<p style="x">`, `<img src="x">`,
	} {
		if active(markup) == "" {
			t.Errorf("%s passes as harmless", markup)
		}
	}
}

func TestAttributeNamesThatCouldCarryScriptPanic(t *testing.T) {
	for _, name := range []string{"onclick", "style", "srcdoc", "hx-on:click", "data-hx-on", "hx-vals", "a b", `x"`, "x>", "", "X"} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("attribute name %q is accepted", name)
				}
			}()
			Tag{Text: "x", Attributes: Attributes{name: "x"}}.HTML()
		})
	}
}

func TestAddressesInAttributesKeepOnlyHarmlessSchemes(t *testing.T) {
	for address, want := range map[string]string{
		"/systems?a=b:c":      `data-hx-get="/systems?a=b:c"`,
		"https://example.org": `data-hx-get="https://example.org"`,
		"javascript:alert(1)": `data-hx-get="#refused-address"`,
		" javascript:x":       `data-hx-get="#refused-address"`,
	} {
		if got := string(Tag{Text: "x", Attributes: Attributes{"data-hx-get": address}}.HTML()); !strings.Contains(got, want) {
			t.Errorf("%q renders %s, without %s", address, got, want)
		}
	}
}

func TestComponentsRenderInsideAPageTemplate(t *testing.T) {
	page := template.Must(template.New("page").Parse(`<form>{{.Name.HTML}}</form>`))
	var b strings.Builder
	err := page.Execute(&b, map[string]any{"Name": Input{Name: "name", Value: `"`, Label: Label{Text: "A & B"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`value="&#34;"`, `A &amp; B</label>`, `for="name"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("page %s lacks %s", b.String(), want)
		}
	}
}
