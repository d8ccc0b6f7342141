package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// Records are made by others and may be of any length, so a page shows the first
// of what there is, and says how much more there is.
const (
	shownPackages   = 50
	shownReferences = 20
	shownVersions   = 10
	shownDetails    = 6000
)

// ssvcCell is the outcome of the tree, with the way to it.
func ssvcCell(i app.AffectedItem) govuk.Cell {
	words := ssvcWord(i.SSVC)
	if len(i.SSVCPath) == 0 {
		return govuk.Cell{Text: words}
	}
	way := govuk.Details{Summary: "Why", Markup: govuk.Join(paragraph(strings.Join(i.SSVCPath, "\n")))}
	return govuk.Cell{Markup: govuk.Join(paragraph(words), way)}
}

// movesOf are the standings that moved because of the vulnerability, by system.
func movesOf(found app.AffectedView, moves map[string][]app.StandingEvent) (out []advisoryMoves, none string) {
	names := map[string]string{}
	for _, i := range found.List.Items {
		names[i.System] = i.SystemName
	}
	for _, id := range systemsOf(found) {
		if events := moves[id]; len(events) > 0 {
			out = append(out, advisoryMoves{System: names[id], Href: "/systems/" + id + "/standings?support=contradicted",
				Events: govuk.Timeline{HeadingLevel: 4, Events: moveEvents(events)}})
		}
	}
	switch {
	case len(out) > 0:
	case found.List.Total == 0:
		none = "No system is affected, so nothing moves because of it now. What moved before stands in the history of each system."
	default:
		none = "No answer of the systems above has moved because of it. Answers move a few seconds after an advisory arrives, and only where the claim is more than the evidence permits."
	}
	return out, none
}

// aliasTable says which record asserts each other name. An alias is what somebody
// says, and not a fact.
func aliasTable(v app.AdvisoryView) (t govuk.Table, none string) {
	if len(v.Aliases) == 0 {
		return t, "No record that is held gives it another name."
	}
	t = govuk.Table{Caption: "Other names", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Head: []govuk.Cell{{Text: "Name"}, {Text: "Who says so"}}}
	for _, alias := range slices.Sorted(maps.Keys(v.Aliases)) {
		t.Rows = append(t.Rows, []govuk.Cell{{Text: alias}, {Text: "The record " + strings.Join(v.Aliases[alias], ", ")}})
	}
	return stacked(t), ""
}

// sourceWord is where a record came from.
func sourceWord(rq *request, source string) string {
	organisation, sent := strings.CutPrefix(source, "api:")
	switch {
	case sent && organisation == rq.who.Organisation:
		return "Sent in by your organisation"
	case sent:
		return "Sent in by another organisation of this installation"
	}
	return "The feed " + source
}

func recordOf(rq *request, r app.HeldRecord, now int64) heldRecord {
	out := heldRecord{Facts: govuk.SummaryList{Card: &govuk.SummaryCard{Title: govuk.Text(r.ID), HeadingLevel: 3}}}
	text := func(key, value string) {
		if value != "" {
			out.Facts.Rows = append(out.Facts.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
		}
	}
	text("Comes from", sourceWord(rq, r.Source))
	text("Held since", dated(r.FirstHeld, now))
	text("What it says", r.Summary)
	var ratings []string
	for _, s := range r.Severities {
		ratings = append(ratings, ratingWords(s))
	}
	text("Rated", strings.Join(ratings, "; "))
	text("Weaknesses", strings.Join(r.CWEs, ", "))
	text("Published", or(day(r.Published), "Not said"))
	text("Changed by its maker", or(day(r.Modified), "Not said"))
	if r.Withdrawn != 0 {
		text("Withdrawn by its maker", day(r.Withdrawn))
	}
	if r.Details != "" {
		out.Details = &govuk.Details{Summary: "All that " + r.ID + " says", Markup: govuk.Join(govuk.Prose{Text: cutWords(r.Details, shownDetails)})}
	}
	for _, href := range r.References {
		if strings.HasPrefix(href, "https://") && len(out.References) < shownReferences {
			out.References = append(out.References, govuk.Link{Text: href, Href: href, Attributes: govuk.Attributes{"rel": "noopener noreferrer nofollow"}})
		}
	}
	if n := len(r.References) - len(out.References); n > 0 {
		out.More = append(out.More, many(int64(n), "more reference is", "more references are")+" named and not shown here.")
	}
	out.Packages = packageTable(r)
	if n := len(r.Affected) - shownPackages; n > 0 {
		out.More = append(out.More, many(int64(n), "more package is", "more packages are")+" named and not shown here.")
	}
	out.Revisions = revisionTable(r, now)
	return out
}

// cutWords shortens a long text at a rune, and says so.
func cutWords(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "… (" + thousands(int64(len(r)-most)) + " more characters are not shown)"
}

// packageTable says which versions of what a record calls affected, as it writes
// them.
func packageTable(r app.HeldRecord) govuk.Table {
	t := govuk.Table{Caption: "Packages that " + r.ID + " names", CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Package"}, {Text: "Ecosystem"}, {Text: "Affected versions"}}}
	for _, a := range r.Affected[:min(len(r.Affected), shownPackages)] {
		t.Rows = append(t.Rows, []govuk.Cell{{Text: or(a.Name, "Not named")}, {Text: or(a.Ecosystem, "Not said")}, {Text: rangeWords(a)}})
	}
	return stacked(t)
}

func rangeWords(a advisory.Affected) string {
	var out []string
	for _, r := range a.Ranges {
		var events []string
		for _, e := range r.Events {
			events = append(events, eventWords(e))
		}
		kind := ""
		if r.Type == advisory.Git {
			kind = "commits: "
		}
		out = append(out, kind+cutList(events, shownVersions))
	}
	if len(a.Versions) > 0 {
		out = append(out, "named one by one: "+cutList(a.Versions, shownVersions))
	}
	if len(out) == 0 {
		return "None are named"
	}
	return cutList(out, shownVersions)
}

func eventWords(e advisory.Event) string {
	switch e.Kind {
	case advisory.Introduced:
		if e.Version == "0" {
			return "from the first version"
		}
		return "from " + e.Version
	case advisory.Fixed:
		return "put right in " + e.Version
	case advisory.LastAffected:
		return "up to and with " + e.Version
	case advisory.Limit:
		return "not beyond " + e.Version
	}
	return string(e.Kind) + " " + e.Version
}

func cutList(list []string, most int) string {
	if n := len(list) - most; n > 0 {
		return strings.Join(list[:most], ", ") + " and " + thousands(int64(n)) + " more"
	}
	return strings.Join(list, ", ")
}

// revisionTable says when each revision of a record came, and when it was replaced
// or taken away.
func revisionTable(r app.HeldRecord, now int64) govuk.Table {
	t := govuk.Table{Caption: "Revisions of " + r.ID + " that were received", CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Received"}, {Text: "Age"}, {Text: "State"}, {Text: "Digest"}}}
	for _, v := range r.Revisions {
		state := "It stands"
		switch {
		case v.SupersededAt != 0:
			state = "Replaced or taken away on " + moment(v.SupersededAt)
		case r.Withdrawn != 0:
			state = "Withdrawn by its maker on " + day(r.Withdrawn)
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Text: moment(v.ReceivedAt)}, {Text: age(v.ReceivedAt, now)}, {Text: state}, {Text: v.Digest[:min(12, len(v.Digest))], Classes: "app-mono"}})
	}
	return stacked(t)
}
