package web

import (
	"slices"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/chart"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// supportSeries are the kinds of support from the strongest to the weakest, as
// words for a plot.
func supportSeries() (series []string, kinds []assessment.Support) {
	for _, c := range supports() {
		series, kinds = append(series, c.text), append(kinds, assessment.Support(c.value))
	}
	return series, kinds
}

func inOrder(kinds []assessment.Support, counts map[assessment.Support]int) (out []int, sum int) {
	for _, k := range kinds {
		out, sum = append(out, counts[k]), sum+counts[k]
	}
	return out, sum
}

// supportCounts are the claims of a system by what holds them up.
func supportCounts(sum app.Summary) map[assessment.Support]int {
	return map[assessment.Support]int{assessment.Confirmed: sum.Confirmed, assessment.Verified: sum.Verified, assessment.Documented: sum.Documented,
		assessment.Stale: sum.Stale, assessment.Asserted: sum.Asserted, assessment.Unassessed: sum.Unassessed, assessment.Contradicted: sum.Contradicted}
}

// supportPlot draws the claims of a system by support; nil while nothing is
// claimed.
func supportPlot(sum app.Summary) *govuk.Plot {
	series, kinds := supportSeries()
	counts, claims := inOrder(kinds, supportCounts(sum))
	if claims == 0 {
		return nil
	}
	desc := "One bar of " + many(int64(claims), "claim", "claims") + ", divided by what holds each of them up."
	return &govuk.Plot{Figure: chart.Stacked("plot-support", "Claims by support", desc, series, []chart.Bar{{Label: "Claims", Counts: counts}})}
}

// barsOfAPlot is how many bars stay below the weight of one drawing.
const barsOfAPlot = 10

// systemsPlots draw the claims of the systems that a page lists, by support. A
// long page has several drawings, each with a scale of its own.
func systemsPlots(lines []app.SystemLine) []govuk.Plot {
	series, kinds := supportSeries()
	var bars []chart.Bar
	for _, line := range lines {
		if counts, claims := inOrder(kinds, supportCounts(line.Summary)); claims > 0 {
			bars = append(bars, chart.Bar{Label: line.System.Name, Counts: counts})
		}
	}
	var out []govuk.Plot
	for part := range slices.Chunk(bars, barsOfAPlot) {
		n := strconv.Itoa(len(out) + 1)
		title := "Claims by support"
		if len(bars) > barsOfAPlot {
			title += ", part " + n
		}
		desc := "One bar for each that is listed above and claims something: " + strconv.Itoa(len(part)) + ". Each bar is divided by what holds the claims up."
		out = append(out, govuk.Plot{Figure: chart.Stacked("plot-systems-"+n, title, desc, series, part)})
	}
	return out
}

// approvalPlots draw how the claims of each framework moved from one approval to
// the next. One approval is no trend, so a framework needs two.
func approvalPlots(approvals []app.Approval, name func(framework string) string) []govuk.Plot {
	series, kinds := supportSeries()
	points := map[string][]chart.Point{}
	var order []string
	for _, a := range approvals { // oldest first
		f := a.Assessment.Framework
		if points[f] == nil {
			order = append(order, f)
		}
		counts, _ := inOrder(kinds, a.Counts)
		points[f] = append(points[f], chart.Point{Label: day(a.Assessment.ApprovedAt), Counts: counts})
	}
	var out []govuk.Plot
	for _, f := range order {
		if n := len(points[f]); n > 1 {
			desc := "One line for each kind of support that occurs, over " + many(int64(n), "approval", "approvals") + ". Each counts the claims as they were signed."
			shown, some := thatOccur(series, points[f])
			if len(shown) == 0 {
				continue
			}
			out = append(out, govuk.Plot{Figure: chart.Trend("plot-approvals-"+f, name(f)+": claims by support at each approval", desc, shown, some)})
		}
	}
	return out
}

// thatOccur leaves out the series that are 0 at every point: their lines would
// lie on each other and tell nothing.
func thatOccur(series []string, points []chart.Point) (shown []string, some []chart.Point) {
	some = make([]chart.Point, len(points))
	for i, name := range series {
		if !slices.ContainsFunc(points, func(p chart.Point) bool { return p.Counts[i] > 0 }) {
			continue
		}
		shown = append(shown, name)
		for at, p := range points {
			some[at].Label, some[at].Counts = p.Label, append(some[at].Counts, p.Counts[i])
		}
	}
	return shown, some
}
