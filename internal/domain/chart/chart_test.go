package chart_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/chart"
)

var update = flag.Bool("update", false, "write the goldens")

type shape struct {
	name  string
	attr  map[string]string
	title string // of the shape itself
}

// parse reads a drawing strictly as XML and returns its shapes and its texts.
func parse(t *rapid.T, svg string) (shapes []shape, texts []string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	var open []*shape
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the drawing is not XML: %v\n%s", err, svg)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			s := &shape{name: tok.Name.Local, attr: map[string]string{}}
			for _, a := range tok.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
					t.Fatalf("attribute %s", a.Name.Local)
				}
				s.attr[a.Name.Local] = a.Value
			}
			open = append(open, s)
		case xml.CharData:
			switch last := open; {
			case len(last) > 1 && last[len(last)-1].name == "title":
				last[len(last)-2].title = string(tok)
			case len(last) > 0 && last[len(last)-1].name == "text":
				texts = append(texts, string(tok))
			}
		case xml.EndElement:
			shapes = append(shapes, *open[len(open)-1])
			open = open[:len(open)-1]
		}
	}
	return shapes, texts
}

func numbers(n int) *rapid.Generator[[]int] { return rapid.SliceOfN(rapid.IntRange(0, 60), n, n) }

var supports = []string{"Confirmed", "Verified", "Documented", "Stale", "Asserted", "Unassessed", "Contradicted"}

func TestStackedBarsShowTheNumbersOfTheirTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bars []chart.Bar
		sum := 0
		for i := range rapid.IntRange(1, 22).Draw(t, "bars") {
			b := chart.Bar{Label: fmt.Sprintf("Group %d & more", i), Counts: numbers(7).Draw(t, "counts")}
			for _, n := range b.Counts {
				sum += n
			}
			bars = append(bars, b)
		}
		f := chart.Stacked("x", "Title", "Description.", supports, bars)
		if len(f.SVG()) > chart.MaxBytes || f.SVG() == "" && sum > 0 {
			t.Fatalf("%d bytes, sum %d", len(f.SVG()), sum)
		}
		if sum == 0 {
			return
		}
		compare(t, f, supports)
		// The length of a bar says how many: the bars of one drawing share a scale.
		shapes, _ := parse(t, f.SVG())
		for _, s := range shapes {
			n, ok := counted(s.title)
			width, err := strconv.Atoi(s.attr["width"])
			if !ok || s.name != "rect" || err != nil {
				continue
			}
			most := 0
			for _, b := range bars {
				total := 0
				for _, c := range b.Counts {
					total += c
				}
				most = max(most, total)
			}
			if want := n * 420 / most; width < want-1 || width > want+1 {
				t.Fatalf("%q is %d wide, want about %d", s.title, width, want)
			}
		}
	})
}

func TestTrendsShowTheNumbersOfTheirTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		series := []string{"Not met", "Partly met", "Met", "Not applicable"}
		var points []chart.Point
		sum := 0
		for i := range rapid.IntRange(1, 13).Draw(t, "points") {
			p := chart.Point{Label: fmt.Sprintf("%d March 2026", i+1), Counts: numbers(4).Draw(t, "counts")}
			for _, n := range p.Counts {
				sum += n
			}
			points = append(points, p)
		}
		f := chart.Trend("x", "Title", "Description.", series, points)
		if sum == 0 {
			return
		}
		compare(t, f, series)
		_, texts := parse(t, f.SVG())
		last := points[len(points)-1]
		for i, s := range series {
			if want := fmt.Sprintf("%s %d", s, last.Counts[i]); !strings.Contains(strings.Join(texts, "\n"), want) {
				t.Fatalf("no label %q among %q", want, texts)
			}
		}
	})
}

var ending = regexp.MustCompile(`^(.*), (.*): (\d+)$`)

func counted(title string) (int, bool) {
	m := ending.FindStringSubmatch(title)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[3])
	return n, err == nil
}

// compare takes every number out of the drawing and out of the table: the two
// must be the same, but for zeros, which a bar does not draw.
func compare(t *rapid.T, f chart.Figure, series []string) {
	shapes, _ := parse(t, f.SVG())
	drawn := map[string]int{}
	for _, s := range shapes {
		if m := ending.FindStringSubmatch(s.title); m != nil && s.name != "svg" {
			n, _ := counted(s.title)
			drawn[m[1]+"/"+m[2]] = n
		}
	}
	if root := shapes[len(shapes)-1]; root.name != "svg" || root.attr["role"] != "img" || root.title != "Title" {
		t.Fatalf("root %+v", root)
	}
	table := f.Table()
	for _, row := range table.Rows {
		for i, name := range series {
			n, err := strconv.Atoi(row[i+1])
			if err != nil {
				t.Fatal(err)
			}
			if drawn[row[0]+"/"+name] != n {
				t.Fatalf("%s, %s: drawn %d, in the table %d", row[0], name, drawn[row[0]+"/"+name], n)
			}
			delete(drawn, row[0]+"/"+name)
		}
	}
	if len(drawn) > 0 {
		t.Fatalf("drawn and not in the table: %v", drawn)
	}
}

func TestHostileLabelsAreText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.SampledFrom([]string{`<script>alert(1)</script>`, `" onload="x`, "\x00\x01\uFFFE", "]]>", strings.Repeat("y", 20_000), "\u202Ertl"}), rapid.String()).Draw(t, "s")
		for _, f := range []chart.Figure{chart.Stacked("x", s, s, []string{s, "b"}, []chart.Bar{{Label: s, Counts: []int{1, 2}}}),
			chart.Trend("x", s, s, []string{s}, []chart.Point{{Label: s, Counts: []int{3}}, {Label: s, Counts: []int{2}}})} {
			shapes, _ := parse(t, f.SVG())
			for _, x := range shapes {
				if x.name == "script" || x.name == "style" || x.name == "foreignObject" {
					t.Fatalf("element %s", x.name)
				}
			}
			if f.SVG() == "" {
				t.Fatal("not drawn")
			}
		}
	})
}

func TestNothingIsDrawnWithoutNumbers(t *testing.T) {
	for _, f := range []chart.Figure{chart.Stacked("x", "t", "d", supports, nil), chart.Stacked("x", "t", "d", []string{"a"}, []chart.Bar{{Label: "b", Counts: []int{0}}}), chart.Trend("x", "t", "d", []string{"a"}, nil)} {
		if f.SVG() != "" {
			t.Errorf("drawn: %s", f.SVG())
		}
	}
}

func TestADrawingThatIsTooHeavyIsLeftOut(t *testing.T) {
	var bars []chart.Bar
	for i := range 300 {
		bars = append(bars, chart.Bar{Label: fmt.Sprint(i), Counts: []int{1, 1, 1, 1, 1, 1, 1}})
	}
	f := chart.Stacked("x", "t", "d", supports, bars)
	if f.SVG() != "" || len(f.Table().Rows) != 300 {
		t.Errorf("%d bytes, %d rows", len(f.SVG()), len(f.Table().Rows))
	}
}

// No two labels of one drawing may lie on each other: each text gets a box by a
// generous width for its letters.
func TestTextsDoNotOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := []chart.Point{{Label: "1 September 2025", Counts: numbers(6).Draw(t, "a")}, {Label: "30 November 2026", Counts: numbers(6).Draw(t, "b")}}
		f := chart.Trend("x", "t", "d", []string{"Initial", "Managed", "Defined", "Measured", "Optimising", "Not applicable"}, points)
		if f.SVG() == "" {
			return
		}
		shapes, _ := parse(t, f.SVG())
		var ys []int
		for _, s := range shapes {
			if s.name == "text" && s.attr["x"] == "278" {
				y, _ := strconv.Atoi(s.attr["y"])
				for _, other := range ys {
					if y-other < 17 && other-y < 17 {
						t.Fatalf("labels at %d and %d", y, other)
					}
				}
				if y < 0 || y > 238 {
					t.Fatalf("label at %d is outside", y)
				}
				ys = append(ys, y)
			}
		}
		if len(ys) != 6 {
			t.Fatalf("%d labels at the side", len(ys))
		}
	})
}

func TestDrawingsAreAsBefore(t *testing.T) {
	for name, f := range map[string]chart.Figure{
		"stacked.svg": chart.Stacked("a", "Claims by level", "Two bars.", supports, []chart.Bar{{Label: "Met", Counts: []int{1, 2, 30, 4, 5, 6, 7}}, {Label: "Not met", Counts: []int{0, 0, 0, 0, 9, 0, 0}}}),
		"trend.svg": chart.Trend("b", "Over time", "Three lines.", []string{"Not met", "Partly met", "Met"},
			[]chart.Point{{Label: "1 May 2025", Counts: []int{30, 20, 4}}, {Label: "1 August 2025", Counts: []int{20, 20, 14}}, {Label: "1 November 2025", Counts: []int{9, 18, 27}}}),
	} {
		path := "testdata/" + name + ".golden"
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(f.SVG()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != f.SVG() {
			t.Errorf("%s differs; if it is meant, run with -update", path)
		}
	}
}
