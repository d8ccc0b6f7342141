package govuk

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/chart"
)

func plots(text string) []Plot {
	bars := []chart.Bar{{Label: text, Counts: []int{3, 4}}, {Label: "b", Counts: []int{0, 1}}}
	points := []chart.Point{{Label: text, Counts: []int{3, 4}}, {Label: text, Counts: []int{5, 1}}}
	return []Plot{{Figure: chart.Stacked(text, text, text, []string{text, "Two"}, bars)}, {Figure: chart.Trend(text, text, text, []string{text, "Two"}, points)},
		{Figure: chart.Stacked(text, text, text, []string{text}, []chart.Bar{{Label: text, Counts: []int{0}}})}}
}

func TestHostileTextInAPlotStaysText(t *testing.T) {
	for _, text := range hostile {
		for _, p := range plots(text) {
			if problem := plotProblem(p); problem != "" {
				t.Errorf("filled with %q: %s", text, problem)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune(`<>"'&=/:; `+"`\x00{}-![]")))).Draw(t, "text")
		for _, p := range plots(text) {
			if problem := plotProblem(p); problem != "" {
				t.Fatal(problem)
			}
		}
	})
}

// plotProblem reads the plot as a browser does: nothing in it may run, and no
// element may stand in it that a plot of plain words does not have.
func plotProblem(p Plot) string {
	markup := string(p.HTML())
	if problem := active(markup); problem != "" {
		return problem
	}
	root, err := parseBody(markup)
	if err != nil {
		return err.Error()
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			return "a comment"
		}
		if n.Type == html.ElementNode && !strings.Contains(" figure figcaption svg title desc defs pattern path circle g rect text details summary span div table caption thead tbody tr th td ", " "+n.Data+" ") {
			return "<" + n.Data + ">"
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "href" {
				return "attribute " + a.Key
			}
		}
	}
	return ""
}

func TestAPlotShowsItsNumbersTwice(t *testing.T) {
	p := Plot{Figure: chart.Stacked("x", "Claims", "Nine claims.", []string{"Verified", "Asserted"}, []chart.Bar{{Label: "All", Counts: []int{2, 7}}})}
	markup := string(p.HTML())
	for _, want := range []string{`<figure class="app-plot">`, `<svg `, `role="img"`, `<figcaption class="govuk-heading-s">Claims</figcaption>`, `<details class="govuk-details"`,
		`>The same numbers as a table<`, `<th scope="row" class="govuk-table__header">All</th>`, `govuk-table__cell--numeric">7<`, `>9<`} {
		if !strings.Contains(markup, want) {
			t.Errorf("no %s in %s", want, markup)
		}
	}
	if empty := string((Plot{Figure: chart.Stacked("x", "Claims", "None.", []string{"Verified"}, nil)}).HTML()); strings.Contains(empty, "<svg") || strings.Contains(empty, "<details") || !strings.Contains(empty, "<table") {
		t.Errorf("without numbers it is %s", empty)
	}
}
