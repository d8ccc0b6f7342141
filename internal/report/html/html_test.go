package html_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/report/html"
	"github.com/touchstone-assurance/touchstone/internal/report/reporttest"
)

func written(t *testing.T, d report.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestThePageIsAsBefore(t *testing.T) {
	reporttest.Golden(t, "ordinary.html.golden", []byte(written(t, report.Build(reporttest.Ordinary()).Document())))
	reporttest.Golden(t, "empty.html.golden", []byte(written(t, report.Build(reporttest.Empty()).Document())))
}

func TestTheHashInThePolicyIsThatOfTheStyle(t *testing.T) {
	page := written(t, report.Build(reporttest.Ordinary()).Document())
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(page, -1)
	if len(style) != 1 {
		t.Fatalf("%d style elements", len(style))
	}
	sum := sha256.Sum256([]byte(style[0][1]))
	want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if html.CSSHash() != want || !strings.Contains(html.CSP(), want) {
		t.Errorf("hash %s, style has %s", html.CSSHash(), want)
	}
	if other := written(t, report.Build(reporttest.Empty()).Document()); !strings.Contains(other, style[0][0]) {
		t.Error("the style depends on the report")
	}
}

// walk calls fn for every element of the page.
func walk(t *testing.T, page string, fn func(n *xhtml.Node)) {
	t.Helper()
	root, err := xhtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var visit func(n *xhtml.Node)
	visit = func(n *xhtml.Node) {
		if n.Type == xhtml.ElementNode {
			fn(n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(root)
}

func attr(n *xhtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestThePageIsAccessible(t *testing.T) {
	for name, in := range map[string]report.Input{"ordinary": reporttest.Ordinary(), "empty": reporttest.Empty(), "huge": reporttest.Huge()} {
		t.Run(name, func(t *testing.T) {
			count := map[string]int{}
			ids := map[string]bool{}
			var links []string
			level := 0
			walk(t, written(t, report.Build(in).Document()), func(n *xhtml.Node) {
				count[n.Data]++
				if id := attr(n, "id"); id != "" {
					if ids[id] {
						t.Errorf("id %s twice", id)
					}
					ids[id] = true
				}
				switch n.Data {
				case "html":
					if attr(n, "lang") != "en-GB" {
						t.Error("no language")
					}
				case "a":
					links = append(links, strings.TrimPrefix(attr(n, "href"), "#"))
				case "th":
					if s := attr(n, "scope"); s != "row" && s != "col" {
						t.Errorf("header cell with scope %q", s)
					}
				case "table":
					if first := firstElement(n); first != "caption" {
						t.Errorf("table begins with %s, not caption", first)
					}
				case "svg":
					if n.Namespace == "svg" && attr(n, "role") != "img" {
						t.Error("drawing without its role")
					}
				case "h1", "h2", "h3":
					now := int(n.Data[1] - '0')
					if now > level+1 {
						t.Errorf("%s after h%d", n.Data, level)
					}
					level = now
				}
				for _, a := range n.Attr {
					if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s has %s", n.Data, a.Key)
					}
				}
			})
			if count["h1"] != 1 || count["main"] != 1 || count["script"]+count["iframe"]+count["img"]+count["link"] != 0 {
				t.Errorf("elements: %v", count)
			}
			for _, l := range links {
				if !ids[l] {
					t.Errorf("link to #%s leads nowhere", l)
				}
			}
		})
	}
}

func firstElement(n *xhtml.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == xhtml.ElementNode {
			return c.Data
		}
	}
	return ""
}

func TestTheMarkingStandsAtTopAndBottomAndOnEveryPrintedPage(t *testing.T) {
	page := written(t, report.Build(reporttest.Ordinary()).Document())
	if n := strings.Count(page, `<p class="marking">OFFICIAL-SENSITIVE</p>`); n != 2 {
		t.Errorf("marking stands %d times", n)
	}
	if n := strings.Count(page, `<p class="banner">Sample data</p>`); n != 2 {
		t.Errorf("sample data stands %d times", n)
	}
	for _, want := range []string{`<body class="m-official-sensitive-sample">`, `@page m-official-sensitive-sample{@top-center{content:"OFFICIAL-SENSITIVE · Sample data"}@bottom-center{content:"OFFICIAL-SENSITIVE · Sample data"}}`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestHostileTextIsInert(t *testing.T) {
	plain := map[string]int{}
	a := report.Build(reporttest.Ordinary())
	walk(t, written(t, reporttest.WithHostileText(a, "harmless").Document()), func(n *xhtml.Node) { plain[n.Data]++ })
	for _, s := range reporttest.Hostile() {
		got := map[string]int{}
		page := written(t, reporttest.WithHostileText(a, s).Document())
		walk(t, page, func(n *xhtml.Node) {
			got[n.Data]++
			for _, at := range n.Attr {
				if strings.HasPrefix(at.Key, "on") || at.Key == "style" || strings.Contains(at.Val, "javascript:") && at.Key == "href" {
					t.Errorf("%.40q became attribute %s of %s", s, at.Key, n.Data)
				}
			}
		})
		for name, n := range got {
			if plain[name] != n {
				t.Errorf("%.40q: %d elements %s, %d with harmless text", s, n, name, plain[name])
			}
		}
	}
}

func TestAHugeReportIsWrittenWhole(t *testing.T) {
	a := report.Build(reporttest.Huge())
	page := written(t, a.Document())
	for _, x := range a.Answers {
		if !strings.Contains(page, x.Requirement+" "+x.Title) {
			t.Errorf("answer %s is missing", x.Requirement)
		}
	}
	if n := strings.Count(page, "Record "); n < 496 {
		t.Errorf("%d records", n)
	}
}

func TestTheSignOffViewIsAPageToo(t *testing.T) {
	v, err := report.BuildSignOff(reporttest.Ordinary())
	if err != nil {
		t.Fatal(err)
	}
	page := written(t, v.Document())
	for _, want := range []string{"Before you sign", "What you would be accepting", v.Digest} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAWriterThatFailsIsReported(t *testing.T) {
	if err := html.Write(broken{}, report.Build(reporttest.Ordinary()).Document()); err == nil {
		t.Error("no error")
	}
}

func TestEveryPlotIsDrawnWithinItsSizeAndItsNumbersStandInATable(t *testing.T) {
	for _, in := range []report.Input{reporttest.Ordinary(), reporttest.Huge()} {
		for _, s := range report.Build(in).Document().Sections {
			for i, b := range s.Blocks {
				if b.Plot == nil {
					continue
				}
				if svg := html.Figure(*b.Plot).SVG(); svg == "" {
					t.Errorf("%s is not drawn", b.Plot.ID)
				}
				if !slices.ContainsFunc(s.Blocks[i:], func(b report.Block) bool { return b.Table != nil }) {
					t.Errorf("no table after %s", b.Plot.ID)
				}
			}
		}
	}
}
