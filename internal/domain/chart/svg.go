package chart

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sizes in user units. The drawing is as wide as a narrow screen, so that its
// text stays legible there, and grows with the page.
const (
	width    = 420
	fontSize = 14
	barStep  = 54
	keyStep  = 22
)

// MaxSeries is how many patterns and dashes there are.
const MaxSeries = 7

// ink and grey are the only colours: patterns carry the difference, which holds
// in print and for every kind of colour vision.
const (
	ink  = "#0b0c0c"
	grey = "#505a5f"
)

type drawing struct {
	strings.Builder
	id    string
	bars  strings.Builder // drawn first, under one stroke
	digit strings.Builder // numbers on the bars, with a white halo
}

func newDrawing(f Figure, height int) *drawing {
	d := &drawing{id: f.ID}
	d.raw(`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="` + escape(f.ID) + `-title ` + escape(f.ID) + `-desc" viewBox="0 0 ` +
		strconv.Itoa(width) + " " + strconv.Itoa(height) + `" font-family="arial, sans-serif" font-size="` + strconv.Itoa(fontSize) + `" fill="` + ink + `">`)
	d.raw(`<title id="` + escape(f.ID) + `-title">` + escape(cut(f.Title, 200)) + `</title><desc id="` + escape(f.ID) + `-desc">` + escape(cut(f.Desc, 600)) + `</desc>`)
	return d
}

func (d *drawing) raw(s string) { d.WriteString(s) }

func (d *drawing) done() string {
	if d.bars.Len() > 0 {
		d.raw(`<g stroke="` + ink + `">` + d.bars.String() + `</g><g text-anchor="middle" stroke="#ffffff" stroke-width="5" paint-order="stroke">` + d.digit.String() + "</g>")
	}
	d.raw("</svg>")
	return d.String()
}

// patterns defines one filling for each series: they differ in shape and in
// darkness, never in hue.
func (d *drawing) patterns(n int) {
	shapes := []string{
		`<path d="M0 0L8 8M8 0L0 8" stroke="` + ink + `" stroke-width="1.6"/>`,
		`<circle cx="4" cy="4" r="1.6"/>`,
		`<path d="M0 4H8" stroke="` + ink + `" stroke-width="1.2"/>`,
		`<path d="M0 8L8 0" stroke="` + ink + `" stroke-width="1.2"/>`,
		`<path d="M0 0H8V8H0Z" fill="#b1b4b6"/>`,
		`<path d="M0 0H8V8H0Z" fill="` + grey + `"/>`,
		`<path d="M0 0H8V8H0Z"/>`,
	}
	d.raw("<defs>")
	for i := range min(n, len(shapes)) {
		d.raw(`<pattern id="` + escape(d.id) + "-p" + strconv.Itoa(i) + `" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 0H8V8H0Z" fill="#ffffff"/>` + shapes[i] + "</pattern>")
	}
	d.raw("</defs>")
}

func keyHeight(series []string) int { return (len(series)+1)/2*keyStep + 12 }

// key draws the legend in two columns.
func (d *drawing) key(series []string) {
	for i, s := range series {
		x, y := i%2*(width/2), i/2*keyStep
		d.rect(x, y+2, 22, 14, i, "")
		d.text(x+28, y+14, "start", s)
	}
}

// segment draws part of a bar with its number in a title, and on the bar when
// it fits.
func (d *drawing) segment(x, y, w, series int, label string, n int) {
	d.rect(x, y, w, 24, series, count(label, n))
	if digits := strconv.Itoa(n); w >= 9*len(digits)+10 {
		d.digit.WriteString(`<text x="` + strconv.Itoa(x+w/2) + `" y="` + strconv.Itoa(y+17) + `">` + digits + "</text>")
	}
}

func (d *drawing) rect(x, y, w, h, series int, title string) {
	d.bars.WriteString(`<rect x="` + strconv.Itoa(x) + `" y="` + strconv.Itoa(y) + `" width="` + strconv.Itoa(w) + `" height="` + strconv.Itoa(h) +
		`" fill="url(#` + escape(d.id) + "-p" + strconv.Itoa(series%MaxSeries) + `)"`)
	if title == "" {
		d.bars.WriteString("/>")
		return
	}
	d.bars.WriteString("><title>" + escape(title) + "</title></rect>")
}

func (d *drawing) line(x1, y1, x2, y2 int, dash string) {
	d.raw(`<path d="M` + strconv.Itoa(x1) + " " + strconv.Itoa(y1) + "L" + strconv.Itoa(x2) + " " + strconv.Itoa(y2) + `" stroke="` + grey + `" fill="none"`)
	if dash != "" {
		d.raw(` stroke-dasharray="` + dash + `"`)
	}
	d.raw("/>")
}

// text writes a label, cut to what a line holds.
func (d *drawing) text(x, y int, anchor, s string) {
	d.raw(`<text x="` + strconv.Itoa(x) + `" y="` + strconv.Itoa(y) + `" text-anchor="` + anchor + `">` + escape(cut(s, 54)) + "</text>")
}

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// escape makes text safe in an element and in a quoted attribute; characters
// that XML cannot hold become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a Builder takes everything
	return b.String()
}
