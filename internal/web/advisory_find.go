package web

import (
	"net/url"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// advisoryFindView asks for an identifier, and says what it will be looked up in.
type advisoryFindView struct {
	Find  govuk.Input
	Feeds feedsPart
}

// advisoryFind is the way to the page of a vulnerability. With an identifier it
// leads there, so that the page has an address to share.
func (s *Site) advisoryFind(rq *request) (reply, error) {
	asked := rq.query("id")
	if id := vulnerability(asked); id != "" {
		return goTo(advisoryPath(id), ""), nil
	}
	feeds, err := s.App.FeedStatus(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := advisoryFindView{Feeds: feedsOf(rq, feeds, s.Now().UnixMicro()), Find: govuk.Input{ID: "id", Name: "id", Value: asked, Spellcheck: govuk.Off, Autocomplete: "off",
		Label: govuk.Label{Text: "Which vulnerability?", Classes: "govuk-label--m"},
		Hint:  hint("Paste an identifier, such as CVE-2021-44228 or GHSA-jfh8-c2jp-5v3q, or the address of a page about it.")}}
	return show(&page{title: "Advisories", section: "/advisories", view: v}), nil
}

// vulnerability is the identifier in what somebody pasted: the last part of an
// address, without what stands around it.
func vulnerability(pasted string) string {
	id := strings.Trim(pasted, " \t\"'`<>()[],;")
	if u, err := url.Parse(id); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		whole := strings.TrimRight(u.Path, "/")
		id = whole[strings.LastIndex(whole, "/")+1:]
	}
	return cased(id)
}

// cased is an identifier in the case in which the great catalogues write theirs,
// since identifiers are compared to the letter.
func cased(id string) string {
	upper := strings.ToUpper(id)
	switch {
	case strings.HasPrefix(upper, "GHSA-"):
		return "GHSA-" + strings.ToLower(id[len("GHSA-"):])
	case strings.HasPrefix(upper, "CVE-"):
		return upper
	}
	return id
}

func advisoryPath(id string) string { return "/advisories/" + url.PathEscape(id) }

// feedsPart says what advisories are held and how old they are.
type feedsPart struct {
	Count string
	Table govuk.Table
	None  bool
	All   bool // the page of feeds is theirs to see
}

func feedsOf(rq *request, feeds []app.FeedView, now int64) feedsPart {
	p := feedsPart{None: len(feeds) == 0, All: rq.may(access.OrganisationWrite)}
	t := govuk.Table{Caption: "Feeds", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Feed"}, {Text: "As of"}, {Text: "Age"}, {Text: "Records", Format: "numeric"}, {Text: "In quarantine", Format: "numeric"}, {Text: "State"}}}
	var records int64
	for _, f := range feeds {
		records += f.Records
		t.Rows = append(t.Rows, []govuk.Cell{{Text: f.Name}, {Text: or(moment(f.AsOf), "Not known")}, {Text: or(age(f.AsOf, now), "Not known")},
			{Text: thousands(f.Records), Format: "numeric"}, {Text: thousands(int64(len(f.Quarantined))), Format: "numeric"}, {Text: feedState(f)}})
	}
	p.Count = many(int64(len(feeds)), "feed", "feeds") + " with " + many(records, "record", "records")
	p.Table = stacked(t)
	return p
}

// feedState is how a feed is, in words.
func feedState(f app.FeedView) string {
	switch {
	case f.Records == 0 && f.Problem != "":
		return "Could not be loaded"
	case f.Stale:
		return "Too old to say that nothing is known"
	case f.Problem != "":
		return "The last attempt to load it failed"
	case len(f.Alerts) > 0:
		return "Needs a look"
	}
	return "Fresh"
}
