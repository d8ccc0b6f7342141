package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// partsView is a page of sections, as those of releases are.
type partsView struct {
	Warnings []string
	Lead     string
	Parts    []passage
	Compare  *compareForm
}

// passage is one section; what is empty is left out.
type passage struct {
	ID, Heading string
	Words       []string
	Lines       []string
	Code        string
	Terms       *govuk.SummaryList
	Tables      []govuk.Table
	Links       []govuk.Link
}

// compareForm asks for two releases.
type compareForm struct {
	Action   string
	From, To govuk.Select
}

// releaseListView is a list with filters.
type releaseListView struct {
	Words  []string
	Filter govuk.Filter
	Count  string
	List   govuk.Table
	None   string
	Pages  *govuk.Pagination
	Links  []govuk.Link
}

// ofSystem is a page about a system, with the way to it.
func (rq *request) ofSystem(sys app.System, title string, way ...crumb) *page {
	return &page{title: title, caption: sys.Name, section: "/systems", wide: true, markings: []string{sys.Marking},
		crumbs: append([]crumb{{capital(rq.systemsWord()), "/systems"}, {sys.Name, "/systems/" + sys.ID}}, way...)}
}

func releasesPath(system string) string { return "/systems/" + system + "/releases" }

func releasePath(system, release string) string {
	return releasesPath(system) + "/" + url.PathEscape(release)
}

// coverageTable counts components by verdict, those that need most attention first.
// Every verdict is named, so that none is taken for granted.
func coverageTable(c app.Coverage, href func(finding.Verdict) string) govuk.Table {
	t := govuk.Table{Caption: "Components by what is known of them", CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "What is known"}, {Text: "Components", Format: "numeric"}}}
	for _, v := range finding.Verdicts() {
		n := c.Verdicts[v]
		if n == 0 && v != finding.CannotAssess && v != finding.Affected {
			continue
		}
		cell := govuk.Cell{Text: verdictWord(v)}
		if n > 0 && href != nil {
			cell = govuk.Cell{Markup: govuk.Link{Text: verdictWord(v), Href: href(v)}.HTML()}
		}
		t.Rows = append(t.Rows, []govuk.Cell{cell, {Text: thousands(int64(n)), Format: "numeric"}})
	}
	return t
}

// coverageWords say what cannot be told, and how old the rest is.
func coverageWords(c app.Coverage, now int64) []string {
	var out []string
	for _, r := range finding.Reasons() {
		if n := c.Reasons[r]; n > 0 {
			out = append(out, many(int64(n), "component", "components")+" cannot be assessed. "+r.Meaning())
		}
	}
	if len(c.Missing) > 0 {
		out = append(out, "There are no advisories here for "+strings.Join(c.Missing, ", ")+".")
	}
	if c.FeedsAsOf > 0 {
		out = append(out, "The oldest advisories that were used are of "+dated(c.FeedsAsOf, now)+".")
	}
	return out
}

func statusWord(s string) string {
	switch s {
	case "accepted":
		return "Accepted"
	case "accepted_with_faults":
		return "Accepted with faults"
	}
	return s
}

// notReady turns the refusal while the index is being made into its page.
func notReady(rq *request, err error, way ...crumb) (reply, error) {
	if fault.Is(err, fault.Unavailable) {
		return show(indexPage(rq, err, "/systems", way...)), nil
	}
	return reply{}, err
}

// pushHint is the command that delivers something.
func pushHint(system, release string) string {
	return "touchstone push bom.json --server ADDRESS --token-file FILE --system " + system + " --release " + or(release, "1.0.0")
}

// kindsOf are the kinds of fact among documents, in the order in which they are
// shown.
func kindsOf(list []app.DocumentLine) []check.Kind {
	var out []check.Kind
	for _, k := range check.Kinds() {
		if slices.ContainsFunc(list, func(d app.DocumentLine) bool { return d.Kind == k }) {
			out = append(out, k)
		}
	}
	return out
}
