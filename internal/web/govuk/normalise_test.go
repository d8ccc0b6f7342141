package govuk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// verdict is what becomes of an element before the comparison.
type verdict int

const (
	keep   verdict = iota
	drop           // with all that is in it
	unwrap         // without what is in it
)

// normalise writes markup so that two fragments which mean the same are equal:
// attributes and class names in alphabetical order, one line per tag or text,
// white space folded. White space at the edge of an element is dropped, except
// in spans, where a hidden " page" must not grow together with what precedes it.
func normalise(t *testing.T, markup string, judge func(*html.Node) verdict) string {
	t.Helper()
	root, err := parseBody(markup)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	writeChildren(&b, root, 0, judge)
	return b.String()
}

// parseBody reads markup as a browser reads it within the body of a page.
func parseBody(markup string) (*html.Node, error) {
	body := &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"}
	nodes, err := html.ParseFragment(strings.NewReader(markup), body)
	if err != nil {
		return nil, fmt.Errorf("parsing markup: %w", err)
	}
	root := &html.Node{Type: html.ElementNode, Data: "root"}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

func writeChildren(b *strings.Builder, parent *html.Node, depth int, judge func(*html.Node) verdict) {
	for n := parent.FirstChild; n != nil; n = n.NextSibling {
		if judge != nil {
			switch judge(n) {
			case drop:
				continue
			case unwrap:
				writeChildren(b, n, depth, judge)
				continue
			}
		}
		switch n.Type {
		case html.TextNode:
			if text := foldedText(n); text != "" {
				fmt.Fprintf(b, "%s%q\n", strings.Repeat(" ", depth), text)
			}
		case html.ElementNode:
			fmt.Fprintf(b, "%s<%s%s>\n", strings.Repeat(" ", depth), n.Data, sortedAttributes(n))
			writeChildren(b, n, depth+1, judge)
		case html.CommentNode:
		default:
			fmt.Fprintf(b, "%snode of type %d\n", strings.Repeat(" ", depth), n.Type)
		}
	}
}

func foldedText(n *html.Node) string {
	if n.Parent.Data == "textarea" {
		return n.Data
	}
	text := n.Data
	if strings.TrimSpace(text) == "" {
		// Space only matters between two things on one line.
		if inline(n.PrevSibling) && inline(n.NextSibling) {
			return " "
		}
		return ""
	}
	folded := strings.Join(strings.Fields(text), " ")
	keepEdges := n.Parent.Data == "span"
	if startsWithSpace(text) && (inline(n.PrevSibling) || keepEdges && n.PrevSibling == nil && onOneLine(text)) {
		folded = " " + folded
	}
	if startsWithSpace(reversed(text)) && inline(n.NextSibling) {
		folded += " "
	}
	return folded
}

// onOneLine tells a deliberate space from the indentation of a template.
func onOneLine(text string) bool { return !strings.Contains(text, "\n") }

func startsWithSpace(s string) bool { return strings.TrimLeft(s, " \n\t") != s }

func reversed(s string) string {
	bytes := []byte(s)
	slices.Reverse(bytes)
	return string(bytes)
}

func inline(n *html.Node) bool {
	if n == nil {
		return false
	}
	if n.Type == html.TextNode {
		return true
	}
	return slices.Contains([]string{"a", "span", "strong", "em", "b", "i", "code"}, n.Data)
}

func sortedAttributes(n *html.Node) string {
	var all []string
	for _, a := range n.Attr {
		value := a.Val
		if a.Key == "class" {
			names := strings.Fields(value)
			slices.Sort(names)
			value = strings.Join(names, " ")
		}
		all = append(all, fmt.Sprintf(" %s=%q", a.Key, value))
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" && slices.Contains(strings.Fields(a.Val), class) {
			return true
		}
	}
	return false
}
