// Package chart draws plots as SVG, each with a table of the same numbers.
//
// It knows three forms: stacked bars, lines over time, and bars of evidence by
// freshness. Plots are made on the server, are the same bytes every time, need
// no script and no inline style, and never speak by colour alone: series differ
// in pattern or dash, and every number stands in text. They follow WCAG 2.2
// success criteria 1.1.1, 1.4.1 and 1.4.11. Numbers are whole: nothing is
// averaged, and no score is made of them.
package chart

import (
	"fmt"
	"strconv"
)

// MaxBytes is the most that one plot may weigh. A plot that would weigh more is
// not drawn; its table still has the numbers.
const MaxBytes = 30_000

// Figure is a drawn plot. ID begins every id within it, so that a page may hold
// several.
type Figure struct {
	ID    string
	Title string
	Desc  string // one or two sentences that give the gist in words
	svg   string
	table Table
}

// Table is the same numbers as text: a header row and rows whose first cell is a
// header.
type Table struct {
	Caption string
	Columns []string
	Rows    [][]string
}

// SVG returns the drawing, or "" when it would be heavier than MaxBytes or when
// there is nothing to draw. Every text in it is escaped.
func (f Figure) SVG() string {
	if len(f.svg) > MaxBytes {
		return ""
	}
	return f.svg
}

// Table returns the numbers of the drawing.
func (f Figure) Table() Table { return f.table }

// Bar is one bar: a label and one count for each series.
type Bar struct {
	Label  string
	Counts []int
}

// Stacked draws horizontal bars, one below the other, each divided into series
// (at most MaxSeries; later ones share a pattern with earlier ones). Labels
// stand above the bars so that they fit on a narrow screen.
func Stacked(id, title, desc string, series []string, bars []Bar) Figure {
	f := Figure{ID: id, Title: title, Desc: desc, table: barTable(title, series, bars)}
	most := 0
	for _, b := range bars {
		most = max(most, total(b))
	}
	if most == 0 {
		return f
	}
	d := newDrawing(f, keyHeight(series)+len(bars)*barStep+8)
	d.patterns(len(series))
	d.key(series)
	y := keyHeight(series)
	for _, b := range bars {
		d.text(0, y+14, "start", cut(b.Label, 48)+": "+strconv.Itoa(total(b)))
		x, sum := 0, 0
		for i, n := range b.Counts {
			if n == 0 {
				continue
			}
			sum += n
			end := sum * width / most // from the running sum, so that bars of one total have one length
			d.segment(x, y+22, end-x, i, cut(b.Label, 60)+", "+cut(series[i], 60), n)
			x = end
		}
		d.line(0, y+46, width, y+46, "")
		y += barStep
	}
	f.svg = d.done()
	return f
}

// Freshness draws how many evidence records of each kind are current, soon to
// run out, or no longer hold. It is Stacked with a fixed order of states.
func Freshness(id, title, desc string, states []string, kinds []Bar) Figure {
	return Stacked(id, title, desc, states, kinds)
}

func total(b Bar) int {
	n := 0
	for _, c := range b.Counts {
		n += c
	}
	return n
}

func barTable(caption string, series []string, bars []Bar) Table {
	t := Table{Caption: caption, Columns: append(append([]string{""}, series...), "Total")}
	for _, b := range bars {
		row := []string{b.Label}
		for _, n := range b.Counts {
			row = append(row, strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, append(row, strconv.Itoa(total(b))))
	}
	return t
}

// count says how many in words that fit singular and plural alike.
func count(label string, n int) string { return fmt.Sprintf("%s: %d", label, n) }
