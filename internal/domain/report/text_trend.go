package report

import (
	"slices"
	"strconv"
)

func (a Assessment) trend() []Block {
	if len(a.Trend) < 2 {
		return []Block{text("No earlier assessment with this framework was approved, so there is nothing to compare with yet.")}
	}
	var ids, labels []string
	for _, q := range a.Trend {
		for _, l := range q.Levels {
			if !slices.Contains(ids, l.Level) {
				ids, labels = append(ids, l.Level), append(labels, l.Label)
			}
		}
	}
	p := Plot{ID: "trend-levels", Kind: PlotTrend, Title: "Claims at each level, by approval", Series: labels,
		Desc: "One line for each level, from the first approval to this one. The table after it has the same numbers."}
	cs := append(columns("Approved on", "Framework version"), numbers(columns(append(append([]string{}, labels...), "Not known", "Claims above the lowest level", "Of these not carried")...), 0)...)
	var rows [][]string
	for _, q := range a.Trend {
		counts := make([]int, len(ids))
		row := []string{a.day(q.ApprovedAt), q.Framework}
		for i, id := range ids {
			for _, l := range q.Levels {
				if l.Level == id {
					counts[i] = l.Total
				}
			}
			row = append(row, strconv.Itoa(counts[i]))
		}
		p.Rows = append(p.Rows, PlotRow{Label: a.day(q.ApprovedAt), Counts: counts})
		rows = append(rows, append(row, strconv.Itoa(q.DontKnow), strconv.Itoa(q.Gap.Claims), strconv.Itoa(q.Gap.Unsupported)))
	}
	return []Block{text("Each row is an approved assessment, counted in the same way. Where the framework version differs the questions may differ too."), plot(p), table("Approved assessments, oldest first", cs, rows)}
}
