package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// maxShown is how many lines a section shows before it leads to the whole list.
const maxShown = 20

// releaseShow shows one release: its documents, and what follows from them now.
func (s *Site) releaseShow(rq *request) (reply, error) {
	v, err := s.App.Release(rq.Context(), rq.who, rq.id("id"), rq.id("release"))
	if err != nil {
		return reply{}, err
	}
	sys, now := v.System, s.Now().UnixMicro()
	path := releasePath(sys.ID, v.Release.ID)
	var view partsView
	if v.Release.RetiredAt != 0 {
		view.Warnings = append(view.Warnings, "This release was retired on "+day(v.Release.RetiredAt)+". It no longer speaks for the system.")
	}
	view.Parts = append(view.Parts, s.knownPart(v, path, now), findingsPart(v, now), documentsPart(v, path, now))
	p := rq.ofSystem(sys, "Release "+v.Release.Name, crumb{"Releases", releasesPath(sys.ID)})
	p.view = view
	return show(p), nil
}

func (s *Site) knownPart(v app.ReleaseView, path string, now int64) passage {
	out := passage{ID: "known", Heading: "What is known of its components"}
	switch {
	case !v.Ready:
		out.Words = []string{"The index of components and advisories is still being made after the start of the server. Open this page again in some seconds."}
	case v.Coverage.Components == 0:
		out.Words = []string{"No bill of materials counts for this release, so nothing can be said of what is in it."}
		out.Code = pushHint(v.System.ID, v.Release.Name)
	default:
		out.Words = append([]string{many(int64(v.Coverage.Components), "component", "components") + " in its bills of materials."}, coverageWords(v.Coverage, now)...)
		out.Tables = []govuk.Table{coverageTable(v.Coverage, func(x finding.Verdict) string { return path + "/components?verdict=" + string(x) })}
		out.Links = []govuk.Link{{Text: "All components of the release", Href: path + "/components"}}
	}
	return out
}

func findingsPart(v app.ReleaseView, now int64) passage {
	out := passage{ID: "findings", Heading: many(int64(len(v.Findings)), "finding", "findings")}
	if !v.Ready {
		out.Heading = "Findings"
		return out
	}
	if len(v.Findings) == 0 {
		if v.Coverage.Components > 0 {
			out.Words = []string{"No advisory that is held here names a version in this release. What could not be assessed is counted above."}
		}
		return out
	}
	shown := v.Findings[:min(len(v.Findings), maxShown)]
	out.Tables = []govuk.Table{findingTable(shown, now)}
	if v.Release.Speaks {
		out.Links = []govuk.Link{{Text: "All findings, with filters", Href: "/systems/" + v.System.ID + "/findings"}}
	} else if more := len(v.Findings) - len(shown); more > 0 {
		out.Words = []string{"The " + thousands(int64(len(shown))) + " that need most attention are shown; " + thousands(int64(more)) + " more are in the list of components."}
	}
	return out
}

// findingTable lists findings with their due dates and what was decided.
func findingTable(list []app.Finding, now int64) govuk.Table {
	t := govuk.Table{Caption: "Findings, those that need most attention first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Vulnerability"}, {Text: "Component"}, {Text: "Severity"}, {Text: "What holds"}, {Text: "Due"}, {Text: "Put right in"}}}
	for _, f := range list {
		t.Rows = append(t.Rows, []govuk.Cell{{Markup: govuk.Link{Text: f.ID, Href: advisoryPath(f.ID)}.HTML()}, {Text: f.Component}, {Text: severityWord(f)}, {Text: heldWord(f)},
			{Text: dueOf(f, now)}, {Text: or(strings.Join(f.Fixed, ", "), "No version is known")}})
	}
	return stacked(t)
}

func severityWord(f app.Finding) string {
	out := bandWord(f.Band)
	if f.Exploited {
		out += ", known to be exploited"
	}
	return out
}

// heldWord says what holds of a finding, and who said so.
func heldWord(f app.Finding) string {
	out := verdictWord(f.Verdict)
	switch {
	case f.Decided != nil:
		out = decisionWord(string(f.Decided.Status)) + ", decided by " + or(f.Decided.Author, "somebody")
		if f.Decided.ExpiresAt != 0 {
			out += ", until " + day(f.Decided.ExpiresAt)
		}
	case f.Verdict == finding.CannotAssess:
		out += ". " + f.Reason.Meaning()
	}
	if len(f.Conflicts) > 0 {
		out += ". " + many(int64(len(f.Conflicts)), "other decision says", "other decisions say") + " something else"
	}
	if f.Refused != "" {
		out += ". " + f.Refused
	}
	return out
}

func dueOf(f app.Finding, now int64) string {
	switch {
	case f.DueAt == 0:
		return "No due date"
	case f.DueAt <= now:
		return day(f.DueAt-1) + ", overdue"
	}
	return day(f.DueAt - 1)
}

func documentsPart(v app.ReleaseView, path string, now int64) passage {
	out := passage{ID: "documents", Heading: many(int64(len(v.Documents)), "document", "documents")}
	for _, k := range kindsOf(v.Documents) {
		t := govuk.Table{Caption: k.Title(), CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
			Head: []govuk.Cell{{Text: "Document"}, {Text: "Made with"}, {Text: "Holds", Format: "numeric"}, {Text: "Received"}, {Text: "State"}}}
		for _, d := range v.Documents {
			if d.Kind != k {
				continue
			}
			state := statusWord(d.Status)
			switch {
			case d.Doubt != "":
				state += ". " + d.Doubt
			case !d.Counts:
				state += ". A newer one took its place."
			}
			t.Rows = append(t.Rows, []govuk.Cell{{Markup: govuk.Link{Text: or(d.Subject, d.Format), Href: path + "/documents/" + d.ID}.HTML()}, {Text: or(d.Tool, "Not said")},
				{Text: thousands(d.Items), Format: "numeric"}, {Text: dated(d.ReceivedAt, now)}, {Text: state}})
		}
		out.Tables = append(out.Tables, stacked(t))
	}
	return out
}
