package web

import (
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// releaseCompare shows what changed between two releases, and why the counts of
// findings differ.
func (s *Site) releaseCompare(rq *request) (reply, error) {
	id := rq.id("id")
	list, err := s.App.Releases(rq.Context(), rq.who, id)
	if err != nil {
		return reply{}, err
	}
	v, err := s.App.CompareReleases(rq.Context(), rq.who, id, identifier(rq.query("from")), identifier(rq.query("to")))
	if err != nil {
		return notReady(rq, err, crumb{"Releases", releasesPath(id)})
	}
	now := s.Now().UnixMicro()
	view := partsView{Lead: v.Verdict, Compare: compareFormOf(id, list.Releases, v.Before.ID, v.After.ID)}
	why := passage{ID: "why", Heading: "Why the counts differ", Lines: v.Why}
	if len(v.Why) == 0 {
		why.Words = []string{"They do not."}
	}
	view.Parts = append(view.Parts, why, changedFindings("introduced", "Introduced", v.Introduced, now), changedFindings("resolved", "Resolved", v.Resolved, now), rejudged(v))
	if len(v.OnlyBefore)+len(v.OnlyAfter) > 0 {
		view.Parts = append(view.Parts, unpaired(v))
	}
	for i, p := range v.Products {
		view.Parts = append(view.Parts, productPart(i, p))
	}
	p := rq.ofSystem(v.System, "From release "+v.Before.Name+" to "+v.After.Name, crumb{"Releases", releasesPath(id)})
	p.view = view
	return show(p), nil
}

func changedFindings(id, heading string, list []app.Finding, now int64) passage {
	out := passage{ID: id, Heading: heading + ": " + many(int64(len(list)), "finding", "findings")}
	if len(list) == 0 {
		out.Words = []string{"None."}
		return out
	}
	shown := list[:min(len(list), maxShown)]
	out.Tables = []govuk.Table{findingTable(shown, now)}
	if more := len(list) - len(shown); more > 0 {
		out.Words = []string{"The most severe are shown; " + thousands(int64(more)) + " more are not."}
	}
	return out
}

func rejudged(v app.ReleaseDiff) passage {
	out := passage{ID: "both", Heading: "In both: " + many(int64(v.Remaining+len(v.Changed)), "finding", "findings")}
	if len(v.Changed) == 0 {
		out.Words = []string{"None of them is judged otherwise now."}
		return out
	}
	t := govuk.Table{Caption: "Judged otherwise now", CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Vulnerability"}, {Text: "Component"}, {Text: "Before"}, {Text: "Now"}}}
	for _, c := range v.Changed[:min(len(v.Changed), maxShown)] {
		t.Rows = append(t.Rows, []govuk.Cell{{Markup: govuk.Link{Text: c.After.ID, Href: advisoryPath(c.After.ID)}.HTML()}, {Text: c.After.Component},
			{Text: severityWord(c.Before) + ". " + heldWord(c.Before)}, {Text: severityWord(c.After) + ". " + heldWord(c.After)}})
	}
	out.Tables = []govuk.Table{stacked(t)}
	return out
}

func unpaired(v app.ReleaseDiff) passage {
	out := passage{ID: "unpaired", Heading: "Described in one release alone"}
	for _, name := range v.OnlyBefore {
		out.Lines = append(out.Lines, name+": in release "+v.Before.Name+" only.")
	}
	for _, name := range v.OnlyAfter {
		out.Lines = append(out.Lines, name+": in release "+v.After.Name+" only.")
	}
	return out
}

// productPart is what changed in the bill of materials of one product.
func productPart(n int, p app.ProductDiff) passage {
	out := passage{ID: "product-" + strconv.Itoa(n+1), Heading: "Components of " + p.Product, Words: []string{p.Verdict(),
		many(int64(p.Before.Components), "component", "components") + " before, " + thousands(int64(p.After.Components)) + " now; " + thousands(int64(p.Unchanged)) + " in the same version."}}
	table := func(caption string, list []inventory.Change) {
		if len(list) == 0 {
			return
		}
		t := govuk.Table{Caption: caption + ": " + thousands(int64(len(list))), CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
			Head: []govuk.Cell{{Text: "Component"}, {Text: "Before"}, {Text: "Now"}}}
		for _, c := range list[:min(len(list), maxShown)] {
			before, after := or(c.Before, "No version"), or(c.After, "No version")
			if c.BeforeIndex < 0 {
				before = "Not there"
			}
			if c.AfterIndex < 0 {
				after = "Not there"
			}
			t.Rows = append(t.Rows, []govuk.Cell{{Text: c.Name}, {Text: before}, {Text: after}})
		}
		out.Tables = append(out.Tables, stacked(t))
	}
	table("Added", p.Added)
	table("Removed", p.Removed)
	table("In another version", p.Versions)
	table("The same version with other contents", p.Contents)
	if len(p.Licences) > 0 {
		t := govuk.Table{Caption: "Under other licences: " + thousands(int64(len(p.Licences))), CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
			Head: []govuk.Cell{{Text: "Component"}, {Text: "Before"}, {Text: "Now"}}}
		for _, c := range p.Licences[:min(len(p.Licences), maxShown)] {
			t.Rows = append(t.Rows, []govuk.Cell{{Text: c.Name}, {Text: or(strings.Join(c.LicencesBefore, ", "), "None named")}, {Text: or(strings.Join(c.LicencesAfter, ", "), "None named")}})
		}
		out.Tables = append(out.Tables, stacked(t))
	}
	return out
}
