package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// advisoryShowView is everything that is known here of one vulnerability: whom it
// affects, what was decided, what moved, and what it was looked up in.
type advisoryShowView struct {
	Warnings  []string // withdrawn, in quarantine
	Summary   string
	Urgency   govuk.SummaryList
	Count     string
	Checked   []string // what was looked at, when, and what it could not tell
	List      govuk.Table
	Pages     *govuk.Pagination
	Moves     []advisoryMoves
	NoMoves   string
	Feeds     feedsPart
	Aliases   govuk.Table
	NoAliases string
	Records   []heldRecord
}

// advisoryMoves are the standings of one system that moved because of it.
type advisoryMoves struct {
	System, Href string
	Events       govuk.Timeline
}

// heldRecord is one record with what it says, and how it came and changed.
type heldRecord struct {
	Facts      govuk.SummaryList
	Details    *govuk.Details
	References []govuk.Link
	Packages   govuk.Table
	More       []string // what is not shown
	Revisions  govuk.Table
}

func (s *Site) advisoryShow(rq *request) (reply, error) {
	id := plain(rq.PathValue("id"))
	held, err := s.App.Advisory(rq.Context(), rq.who, id)
	if err == nil && len(held.Records) == 0 && cased(id) != id {
		return goTo(advisoryPath(cased(id)), ""), nil
	}
	var found app.AffectedView
	if err == nil {
		found, err = s.App.Affected(rq.Context(), rq.who, id, app.Page{After: rq.query("after")})
	}
	if fault.Is(err, fault.Unavailable) {
		return show(indexPage(rq, err, "/advisories", crumb{"Advisories", "/advisories"})), nil
	}
	if err != nil {
		return reply{}, err
	}
	moves, err := s.App.AdvisoryMoves(rq.Context(), rq.who, id, systemsOf(found))
	if err != nil {
		return reply{}, err
	}
	v := advisoryShowView{Warnings: advisoryWarnings(id, held, found), Summary: advisorySummary(held), Urgency: urgency(held, found), Count: affectedCount(found),
		Checked: checkedWords(held, found), List: affectedTable(found), Feeds: feedsOf(rq, found.Feeds, found.AsOf)}
	v.Pages = rq.listing(advisoryPath(id)).pages(rq, found.List.Next)
	v.Moves, v.NoMoves = movesOf(found, moves)
	v.Aliases, v.NoAliases = aliasTable(held)
	for _, r := range held.Records {
		v.Records = append(v.Records, recordOf(rq, r, found.AsOf))
	}
	caption := "Vulnerability"
	if held.Name != id {
		caption = "Vulnerability, asked for as " + id
	}
	return show(&page{title: or(held.Name, "No identifier") + ": who is affected", caption: caption, section: "/advisories", crumbs: []crumb{{"Advisories", "/advisories"}}, wide: true, view: v}), nil
}

func systemsOf(v app.AffectedView) []string {
	var out []string
	for _, i := range v.List.Items {
		out = append(out, i.System)
	}
	return slices.Compact(out)
}

// advisoryWarnings says what takes back, or stands in the way of, what is shown.
func advisoryWarnings(id string, held app.AdvisoryView, found app.AffectedView) []string {
	var out []string
	for _, r := range held.Records {
		if r.Withdrawn != 0 {
			out = append(out, r.ID+" was withdrawn on "+day(r.Withdrawn)+". What it said affects nothing any more; findings that rested on it alone are gone.")
		}
	}
	ids := []string{id, held.Name}
	for _, r := range held.Records {
		ids = append(ids, r.ID)
	}
	for alias := range held.Aliases {
		ids = append(ids, alias)
	}
	for _, f := range found.Feeds {
		for _, q := range f.Quarantined {
			if slices.Contains(ids, q.ID) {
				out = append(out, "A record "+q.ID+" of the feed "+f.Name+" could not be understood and is in quarantine: "+q.Reason)
			}
		}
	}
	return out
}

// advisorySummary is the first sentence that any record has.
func advisorySummary(v app.AdvisoryView) string {
	for _, r := range v.Records {
		if r.Summary != "" {
			return r.Summary
		}
	}
	return ""
}

// urgency is what speaks for haste, each with where it comes from.
func urgency(v app.AdvisoryView, found app.AffectedView) govuk.SummaryList {
	var list govuk.SummaryList
	add := func(key, value string) {
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
	}
	if len(v.Records) > 0 {
		add("Severity", severityWords(v))
	}
	switch asOf := feedAsOf(found, "KEV"); {
	case v.Known != nil:
		words := "Yes. In CISA’s catalogue (KEV) since " + day(v.Known.Added) + "."
		if v.Known.Ransomware {
			words += " Known to be used for ransom."
		}
		if v.Known.Action != "" {
			words += " CISA asks: " + v.Known.Action
		}
		add("Known to be exploited", words)
	case asOf == 0:
		add("Known to be exploited", "Cannot be said: CISA’s catalogue (KEV) is not loaded.")
	default:
		add("Known to be exploited", "Not in CISA’s catalogue (KEV) of "+day(asOf)+", which is "+age(asOf, found.AsOf)+".")
	}
	switch asOf := feedAsOf(found, "EPSS"); {
	case v.EPSS != nil:
		add("Likely to be exploited", percent(v.EPSS.Probability)+" within 30 days (EPSS), more than "+percent(v.EPSS.Percentile)+" of all vulnerabilities. Low does not mean safe.")
	case asOf == 0:
		add("Likely to be exploited", "Cannot be said: EPSS is not loaded.")
	default:
		add("Likely to be exploited", "Not rated by EPSS of "+day(asOf)+".")
	}
	return list
}

// feedAsOf is how a feed stands, by its name in capitals or not; 0 when it is not
// loaded.
func feedAsOf(v app.AffectedView, name string) int64 {
	for _, f := range v.Feeds {
		if strings.EqualFold(f.Name, name) {
			return f.AsOf
		}
	}
	return 0
}

// percent writes a share of 1 with as many digits as it needs to differ from 0.
func percent(share float64) string {
	digits := 0
	switch {
	case share <= 0:
	case share < 0.001:
		digits = 2
	case share < 0.1:
		digits = 1
	}
	return strconv.FormatFloat(share*100, 'f', digits, 64) + "%"
}

// severityWords is the rating that counts, with the record it comes from.
func severityWords(v app.AdvisoryView) string {
	var ratings []advisory.Severity
	for _, r := range v.Records {
		ratings = append(ratings, r.Severities...)
		for _, a := range r.Affected {
			ratings = append(ratings, a.Severities...)
		}
	}
	best, rated := advisory.Preferred(ratings)
	if !rated {
		return "Nobody has rated it. That does not mean that it is harmless."
	}
	return ratingWords(best)
}

func ratingWords(s advisory.Severity) string {
	if s.Score < 0 {
		return "Rated by " + s.Type + " as " + s.Vector
	}
	return bandWord(s.Band()) + ", " + strconv.FormatFloat(s.Score, 'f', 1, 64) + " of 10 (" + s.Vector + ")"
}

func affectedCount(v app.AffectedView) string {
	if v.List.Total == 0 {
		return "Nobody is known to be affected"
	}
	return many(v.List.Total, "affected component", "affected components")
}

// checkedWords is the dated statement of what was looked at. It is never a bare
// "not found": what was not looked at, or could not be told, belongs to it.
func checkedWords(held app.AdvisoryView, found app.AffectedView) []string {
	var out []string
	feeds, quarantined, stale := 0, 0, 0
	for _, f := range found.Feeds {
		feeds++
		quarantined += len(f.Quarantined)
		if f.Stale {
			stale++
		}
	}
	where := "the releases of the systems that you may see"
	switch {
	case feeds == 0 && !found.Held:
		out = append(out, "On "+moment(found.AsOf)+" nothing could be looked up for "+found.ID+": no feed of advisories is loaded. This says nothing about whether anybody is affected.")
	case !found.Held:
		out = append(out, "On "+moment(found.AsOf)+" no record about "+found.ID+" was held, under this name or as an alias. It was looked for in "+
			many(int64(feeds), "feed", "feeds")+" and in what was sent in. Either nobody has published it there yet, or the identifier is not right.")
	case found.List.Total == 0:
		out = append(out, "On "+moment(found.AsOf)+" the components of "+where+" were compared with what "+many(int64(len(held.Records)), "record says", "records say")+". None of them is an affected version.")
	default:
		out = append(out, "As of "+moment(found.AsOf)+", of "+where+".")
	}
	if stale > 0 {
		out = append(out, many(int64(stale), "feed is", "feeds are")+" older than allowed, so newer statements may be missing.")
	}
	if quarantined > 0 {
		out = append(out, many(int64(quarantined), "record", "records")+" of the feeds could not be understood and may speak of it.")
	}
	if found.Unassessed > 0 {
		out = append(out, many(found.Unassessed, "component could", "components could")+" not be assessed: without a name or version that can be looked up, of an ecosystem without advisories, or with a version that cannot be compared. It may be among them.")
	} else if feeds > 0 {
		out = append(out, "No component was left out for lack of a name, a version or advisories.")
	}
	return out
}

// affectedTable is who is affected, a line for each version of a package in a
// release.
func affectedTable(v app.AffectedView) govuk.Table {
	t := govuk.Table{Caption: "Affected components", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "System"}, {Text: "Release"}, {Text: "Component"}, {Text: "Who answers for it"}, {Text: "Reached from outside"}, {Text: "How urgent (SSVC)"}, {Text: "Decision"}}}
	for _, i := range v.List.Items {
		t.Rows = append(t.Rows, []govuk.Cell{
			{Markup: govuk.Link{Text: or(i.SystemName, "A system that was removed"), Href: "/systems/" + i.System}.HTML()},
			{Markup: govuk.Link{Text: or(i.Release, "Without a name"), Hidden: "of " + i.SystemName, Href: "/systems/" + i.System + "/releases/" + i.ReleaseID}.HTML()},
			{Markup: govuk.Join(govuk.Prose{Text: i.Component + "\n" + fixedWords(i.Fixed)})},
			{Text: or(i.Owner, "Nobody is appointed")}, {Text: exposureWords(i)}, ssvcCell(i),
			{Markup: govuk.Join(paragraph(decidedWords(i)), govuk.Link{Text: "Findings", Hidden: "of " + i.SystemName, Href: "/systems/" + i.System + "/findings"})}})
	}
	return stacked(t)
}

func fixedWords(versions []string) string {
	if len(versions) == 0 {
		return "No version that puts it right is named"
	}
	return "Put right in " + strings.Join(versions[:min(len(versions), 5)], ", ")
}

func exposureWords(i app.AffectedItem) string {
	if i.Exposure == "" {
		return "Nobody has said, so it counts as public"
	}
	return wordOf(exposures(), i.Exposure)
}

// decidedWords is what was decided, by whom, and what does not agree with it.
func decidedWords(i app.AffectedItem) string {
	words := "Nobody has decided"
	if i.Decision != "" {
		words = decisionWord(i.Decision)
		if i.DecidedBy != "" {
			words += ", by " + i.DecidedBy
		}
	}
	words += "."
	if i.Conflicts > 0 {
		words += " " + many(int64(i.Conflicts), "other decision says", "other decisions say") + " something else; the most cautious counts."
	}
	if i.Refused != "" {
		words += " " + i.Refused
	}
	return words
}
