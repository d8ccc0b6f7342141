// Package html writes a report as one page that stands by itself: no script, no
// request to anywhere, its style inside. It is the master of the PDF.
//
// Text goes through html/template; drawings come escaped from package chart. The
// page meets WCAG 2.2 AA: one h1, a skip link, captions, header cells with their
// scope, and reflow at 320 CSS pixels. The style is a constant, so that a
// response can allow exactly it by CSSHash and nothing else.
package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/chart"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
)

// MediaType is that of the page.
const MediaType = "text/html; charset=utf-8"

//go:embed report.css
var onScreen string

//go:embed report.tmpl
var source string

var page = template.Must(template.New("report").Parse(source))

// style is the whole style of every page: it does not depend on the report. The
// marking stands in the margins of each printed page by a rule for each marking
// there is, with and without sample data (CSS Paged Media Level 3, section 5).
func style() string {
	var b strings.Builder
	b.WriteString(onScreen)
	for _, m := range markings() {
		for _, banner := range []string{"", report.SampleData} {
			d := report.Document{Marking: m, Banner: banner}
			words := m
			if banner != "" {
				words += " \u00b7 " + banner
			}
			fmt.Fprintf(&b, "body.%[1]s{page:%[1]s}\n@page %[1]s{@top-center{content:%[2]q}@bottom-center{content:%[2]q}}\n", pageName(d), words)
		}
	}
	return b.String()
}

func markings() []string {
	out := []string{report.Mark("")}
	for _, m := range []portfolio.Marking{{Tier: portfolio.Official}, {Tier: portfolio.Official, Handling: portfolio.Sensitive}, {Tier: portfolio.Secret}, {Tier: portfolio.TopSecret}} {
		out = append(out, m.String())
	}
	return out
}

// pageName names the rule for the margins of a document.
func pageName(d report.Document) string {
	m := d.Marking
	if !slices.Contains(markings(), m) {
		return "unknown"
	}
	name := "m-" + strings.ToLower(strings.ReplaceAll(m, " ", "-"))
	if d.Banner != "" {
		name += "-sample"
	}
	return name
}

// CSSHash is the source expression that allows the style of the page in a
// Content-Security-Policy: 'sha256-…' (CSP Level 3, section 2.3.1).
func CSSHash() string {
	sum := sha256.Sum256([]byte(style()))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// CSP is the policy that the page needs and no more.
func CSP() string {
	return policy() + "; frame-ancestors 'none'"
}

// policy stands in the page too, so that it holds when the page is opened from a
// file or printed. (frame-ancestors has no meaning there.)
func policy() string {
	return "default-src 'none'; style-src " + CSSHash() + "; base-uri 'none'; form-action 'none'"
}

// Write writes the document as a page.
func Write(w io.Writer, d report.Document) error {
	b := &bytes.Buffer{}
	p := printer{b: b}
	p.part("head", struct {
		report.Document
		Policy string
	}{d, policy()})
	b.WriteString("<style>" + style() + "</style>\n")
	p.part("top", struct {
		report.Document
		Page string
	}{d, pageName(d)})
	for _, s := range d.Sections {
		p.part("section", s)
		for i := range s.Blocks {
			p.block(s.Blocks[i])
		}
		b.WriteString("</section>\n")
	}
	p.part("bottom", d)
	if p.err != nil {
		return fmt.Errorf("write report as HTML: %w", p.err)
	}
	_, err := b.WriteTo(w)
	return err
}

type printer struct {
	b   *bytes.Buffer
	err error
}

func (p *printer) part(name string, data any) {
	if p.err == nil {
		p.err = page.ExecuteTemplate(p.b, name, data)
	}
}

func (p *printer) block(b report.Block) {
	if b.Plot == nil {
		p.part("block", b)
		return
	}
	if svg := Figure(*b.Plot).SVG(); svg != "" {
		p.b.WriteString(`<figure>` + svg)
		p.part("figcaption", *b.Plot)
		p.b.WriteString("</figure>\n")
	}
}

// Figure draws a plot of a report.
func Figure(p report.Plot) chart.Figure {
	if p.Kind == report.PlotTrend {
		points := make([]chart.Point, len(p.Rows))
		for i, r := range p.Rows {
			points[i] = chart.Point{Label: r.Label, Counts: r.Counts}
		}
		return chart.Trend(p.ID, p.Title, p.Desc, p.Series, points)
	}
	bars := make([]chart.Bar, len(p.Rows))
	for i, r := range p.Rows {
		bars[i] = chart.Bar{Label: r.Label, Counts: r.Counts}
	}
	if p.Kind == report.PlotFreshness {
		return chart.Freshness(p.ID, p.Title, p.Desc, p.Series, bars)
	}
	return chart.Stacked(p.ID, p.Title, p.Desc, p.Series, bars)
}
