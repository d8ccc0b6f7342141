package chart

import (
	"slices"
	"strconv"
)

// Point is one moment of a trend: a label and one count for each series.
type Point struct {
	Label  string
	Counts []int
}

const (
	plotTop    = 14
	plotHeight = 190
	plotLeft   = 30
	plotRight  = 260 // the labels of the lines stand to the right of it
)

// Trend draws steps over time, one line for each series, labelled directly at
// its end. Lines differ in dash and marker.
func Trend(id, title, desc string, series []string, points []Point) Figure {
	f := Figure{ID: id, Title: title, Desc: desc, table: pointTable(title, series, points)}
	most := 0
	for _, p := range points {
		for _, n := range p.Counts {
			most = max(most, n)
		}
	}
	if most == 0 {
		return f
	}
	d := newDrawing(f, plotTop+plotHeight+34)
	height := func(n int) int { return plotTop + plotHeight - n*plotHeight/most }
	for _, n := range []int{0, most} {
		d.line(plotLeft, height(n), plotRight, height(n), "")
		d.text(plotLeft-6, height(n)+5, "end", strconv.Itoa(n))
	}
	d.dates(points)
	for s := range series {
		d.steps(s, series[s], points, height)
	}
	d.ends(series, points, height)
	f.svg = d.done()
	return f
}

// across returns the place of a point; a single one stands in the middle.
func across(i, n int) int {
	if n == 1 {
		return (plotLeft + plotRight) / 2
	}
	return plotLeft + 8 + i*(plotRight-plotLeft-16)/(n-1)
}

// dates labels the first and the last moment; those between are in the table and
// in the titles of the markers.
func (d *drawing) dates(points []Point) {
	y, last := plotTop+plotHeight+20, len(points)-1
	if last == 0 {
		d.text(across(0, 1), y, "middle", points[0].Label)
		return
	}
	d.text(plotLeft, y, "start", points[0].Label)
	d.text(plotRight, y, "end", points[last].Label)
}

func (d *drawing) steps(series int, name string, points []Point, height func(int) int) {
	dashes := []string{"", "6 3", "2 3", "9 3 2 3", "12 4", "4 2", "1 2"}
	path := ""
	for i, p := range points {
		x, y := strconv.Itoa(across(i, len(points))), strconv.Itoa(height(p.Counts[series]))
		if i == 0 {
			path = "M" + x + " " + y
		} else {
			path += "H" + x + "V" + y
		}
	}
	d.raw(`<path d="` + path + `" fill="none" stroke="` + ink + `" stroke-width="1.6"`)
	if dash := dashes[series%MaxSeries]; dash != "" {
		d.raw(` stroke-dasharray="` + dash + `"`)
	}
	d.raw("/>")
	for i, p := range points {
		d.marker(series, across(i, len(points)), height(p.Counts[series]), count(cut(p.Label, 60)+", "+cut(name, 60), p.Counts[series]))
	}
}

// marker draws the mark of a series: circle, square, diamond or triangle, filled
// or open.
func (d *drawing) marker(series, x, y int, title string) {
	fill := ink
	if series%MaxSeries >= 4 {
		fill = "#ffffff"
	}
	shapes := []string{"m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "m-4 -4h8v8h-8z", "m0 -5l5 5l-5 5l-5 -5z", "m0 -5l5 9h-10z"}
	d.raw(`<path d="M` + strconv.Itoa(x) + " " + strconv.Itoa(y) + shapes[series%len(shapes)] + `" fill="` + fill + `" stroke="` + ink + `"><title>` + escape(title) + "</title></path>")
}

// ends writes the name and last number of each series beside its line, moved
// apart where they would touch.
func (d *drawing) ends(series []string, points []Point, height func(int) int) {
	type label struct{ series, y int }
	last := points[len(points)-1]
	labels := make([]label, len(series))
	for s := range series {
		labels[s] = label{s, height(last.Counts[s])}
	}
	slices.SortStableFunc(labels, func(a, b label) int { return a.y - b.y })
	for i := range labels {
		if i > 0 {
			labels[i].y = max(labels[i].y, labels[i-1].y+18)
		}
	}
	below := plotTop + plotHeight + 18
	for i := range slices.Backward(labels) {
		labels[i].y = min(labels[i].y, below-18)
		below = labels[i].y
	}
	for i := range labels {
		y := labels[i].y
		s := labels[i].series
		d.line(across(len(points)-1, len(points))+6, height(last.Counts[s]), plotRight+14, y, "1 3")
		d.text(plotRight+18, y+5, "start", cut(series[s], 15)+" "+strconv.Itoa(last.Counts[s]))
	}
}

func pointTable(caption string, series []string, points []Point) Table {
	t := Table{Caption: caption, Columns: append([]string{""}, series...)}
	for _, p := range points {
		row := []string{p.Label}
		for _, n := range p.Counts {
			row = append(row, strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
