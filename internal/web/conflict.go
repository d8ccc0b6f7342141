package web

import (
	"net/http"

	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// conflictView shows what one person typed beside what another saved meanwhile.
// Nothing is merged by machine and nobody's words are lost.
type conflictView struct {
	keptView
	Words string
	Both  govuk.Table
	Merge bool // both may be put together in the form
}

// difference is one field in both versions.
type difference struct{ field, mine, theirs string }

// conflictPage shows the fields that differ. kept is sent when the person keeps
// what they typed; it names the version that they have now seen.
func conflictPage(words, action, back string, kept *form, differences []difference) *page {
	v := conflictView{Words: words, keptView: keptView{Action: action, Next: back, Fields: kept.kept()}}
	v.Both = govuk.Table{Caption: "Both versions", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Field"}, {Text: "What you typed"}, {Text: "What is saved now"}}}
	for _, d := range differences {
		if d.mine != d.theirs {
			v.Both.Rows = append(v.Both.Rows, []govuk.Cell{{Text: d.field}, prose(d.mine), prose(d.theirs)})
		}
	}
	return &page{template: "conflict", status: http.StatusPreconditionFailed, title: "Somebody else changed this while you were typing", back: back, wide: true, view: v}
}

// prose is a cell of text that a person wrote.
func prose(text string) govuk.Cell {
	if text == "" {
		return govuk.Cell{Text: "Empty"}
	}
	return govuk.Cell{Markup: govuk.Prose{Text: text}.HTML()}
}
