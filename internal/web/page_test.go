package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// answer is what a browser got.
type answer struct {
	t      testing.TB
	name   string
	code   int
	header http.Header
	body   string
}

// status fails the test when the status differs.
func (a *answer) status(want int) *answer {
	a.t.Helper()
	if a.code != want {
		a.t.Fatalf("%s answers %d, not %d: %s", a.name, a.code, want, a.text())
	}
	return a
}

// to fails the test unless the answer leads to a path with the prefix, and
// returns where it leads.
func (a *answer) to(prefix string) string {
	a.t.Helper()
	a.status(http.StatusSeeOther)
	if !strings.HasPrefix(a.header.Get("Location"), prefix) {
		a.t.Fatalf("%s leads to %s, not to %s", a.name, a.header.Get("Location"), prefix)
	}
	return a.header.Get("Location")
}

// says fails the test unless the text of the page holds all the words.
func (a *answer) says(words ...string) *answer {
	a.t.Helper()
	text := a.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			a.t.Errorf("%s does not say %q: %s", a.name, w, text)
		}
	}
	return a
}

// omits fails the test when the text or markup of the page holds any of the words.
func (a *answer) omits(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.t.Errorf("%s says %q", a.name, w)
		}
	}
	return a
}

func (a *answer) tree() *html.Node {
	a.t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return root
}

func (a *answer) text() string {
	var b strings.Builder
	for n := range a.tree().Descendants() {
		if n.Type == html.TextNode && n.Parent.DataAtom != atom.Script {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// values are the fields of the page's forms whose action is the path, as a
// browser would send them untouched.
func (a *answer) values(action string) map[string][]string {
	a.t.Helper()
	out := map[string][]string{}
	for n := range a.tree().Descendants() {
		if n.DataAtom == atom.Form && attr(n, "action") == action {
			fields(n, out)
			return out
		}
	}
	a.t.Fatalf("%s has no form for %s", a.name, action)
	return nil
}

func fields(form *html.Node, out map[string][]string) {
	for n := range form.Descendants() {
		name := attr(n, "name")
		if name == "" {
			continue
		}
		switch n.DataAtom {
		case atom.Input:
			kind := attr(n, "type")
			if kind == "file" || (kind == "radio" || kind == "checkbox") && !has(n, "checked") {
				continue
			}
			out[name] = append(out[name], attr(n, "value"))
		case atom.Textarea:
			value := ""
			for c := range n.Descendants() {
				value += c.Data
			}
			out[name] = append(out[name], value)
		case atom.Select:
			value, first := "", true
			for o := range n.Descendants() {
				if o.DataAtom == atom.Option && (first || has(o, "selected")) {
					value, first = attr(o, "value"), false
				}
			}
			out[name] = append(out[name], value)
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// sound checks the rules that every page keeps.
func (a *answer) sound() *answer {
	a.t.Helper()
	for _, problem := range pageProblems(a.tree()) {
		a.t.Errorf("%s: %s", a.name, problem)
	}
	return a
}

func pageProblems(root *html.Node) []string {
	var out []string
	say := func(s string) { out = append(out, s) }
	ids, labels, headings, mains := map[string]int{}, map[string]bool{}, 0, 0
	title := ""
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		switch n.DataAtom {
		case atom.H1:
			headings++
			if strings.TrimSpace(nodeText(n)) == "" {
				say("the h1 is empty")
			}
		case atom.Main:
			mains++
		case atom.Label:
			labels[attr(n, "for")] = true
		case atom.Title:
			if n.Namespace == "" {
				title = nodeText(n)
			}
		case atom.Script:
			if attr(n, "src") == "" {
				say("a script stands in the page")
			}
		case atom.Style:
			say("a style stands in the page")
		case atom.Html:
			if attr(n, "lang") != "en-GB" {
				say("the language is not given")
			}
		}
		for _, at := range n.Attr {
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" {
				say("attribute " + at.Key + " of " + n.Data)
			}
			if (at.Key == "href" || at.Key == "src" || at.Key == "action") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(at.Val)), "javascript:") {
				say("an address runs a script: " + at.Val)
			}
			if strings.Contains(at.Val, "ZgotmplZ") {
				say("the template engine refused a value of " + at.Key)
			}
		}
	}
	if headings != 1 {
		say("the page has not exactly one h1")
	}
	if mains != 1 {
		say("the page has not exactly one main")
	}
	if !strings.HasSuffix(title, " - Touchstone") || len(title) < len(" - Touchstone")+2 {
		say("the title is " + title)
	}
	for id, n := range ids {
		if n > 1 {
			say("the id " + id + " occurs more than once")
		}
	}
	return append(out, controlProblems(root, ids, labels)...)
}

// controlProblems checks that every control is named and every link within the
// page leads somewhere.
func controlProblems(root *html.Node, ids map[string]int, labels map[string]bool) []string {
	var out []string
	level := 0
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Input, atom.Select, atom.Textarea:
			kind := attr(n, "type")
			if kind == "hidden" || kind == "submit" {
				continue
			}
			if !labels[attr(n, "id")] && attr(n, "aria-label") == "" {
				out = append(out, "the field "+attr(n, "name")+" has no label")
			}
		case atom.A:
			if to, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && ids[to] == 0 {
				out = append(out, "the link to #"+to+" leads nowhere")
			}
			if strings.TrimSpace(nodeText(n)) == "" && attr(n, "aria-label") == "" {
				out = append(out, "the link to "+attr(n, "href")+" has no text")
			}
		case atom.Button:
			if strings.TrimSpace(nodeText(n)) == "" {
				out = append(out, "a button has no text")
			}
		case atom.Table:
			if !slices.ContainsFunc(slices.Collect(n.Descendants()), func(c *html.Node) bool { return c.DataAtom == atom.Caption }) {
				out = append(out, "a table has no caption")
			}
		case atom.H1, atom.H2, atom.H3, atom.H4:
			next := int(n.Data[1] - '0')
			if next > level+1 && level > 0 {
				out = append(out, "the heading "+nodeText(n)+" skips a level")
			}
			level = max(next, 1)
		}
		for _, name := range []string{"aria-labelledby", "aria-describedby", "for"} {
			for id := range strings.FieldsSeq(attr(n, name)) {
				if ids[id] == 0 {
					out = append(out, name+" names "+id+", which is not there")
				}
			}
		}
	}
	return out
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func TestTheRulesOfPagesFindWhatBreaksThem(t *testing.T) {
	good := `<html lang="en-GB"><head><title>A page - Touchstone</title></head><body><main id="content"><h1>A</h1>%</main></body></html>`
	for name, c := range map[string]struct{ with, problem string }{
		"nothing wrong":                    {`<label for="a">A</label><input id="a" name="a">`, ""},
		"a second h1":                      {`<h1>B</h1>`, "exactly one h1"},
		"a handler":                        {`<p onclick="x()">a</p>`, "attribute onclick"},
		"a style":                          {`<p style="color:red">a</p>`, "attribute style"},
		"an inline script":                 {`<script>x()</script>`, "a script stands"},
		"a field without a label":          {`<input id="a" name="a">`, "no label"},
		"an error link to nowhere":         {`<a href="#b">b</a>`, "leads nowhere"},
		"a table without a caption":        {`<table><tr><td>1</td></tr></table>`, "no caption"},
		"two equal ids":                    {`<p id="content">a</p>`, "more than once"},
		"a heading that skips a level":     {`<h3>c</h3>`, "skips a level"},
		"a description that is not there":  {`<p aria-describedby="z">a</p>`, "not there"},
		"an address that runs a script":    {`<a href="javascript:x()">a</a>`, "runs a script"},
		"a value the engine would not set": {`<a href="#ZgotmplZ">a</a>`, "refused a value"},
	} {
		t.Run(name, func(t *testing.T) {
			root, err := html.Parse(strings.NewReader(strings.Replace(good, "%", c.with, 1)))
			if err != nil {
				t.Fatal(err)
			}
			problems := strings.Join(pageProblems(root), "; ")
			if c.problem == "" && problems != "" || !strings.Contains(problems, c.problem) {
				t.Errorf("found %q, want %q", problems, c.problem)
			}
		})
	}
}
