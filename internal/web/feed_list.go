package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// feedListView is how each feed of advisories is, and what to do about it.
type feedListView struct {
	Count  string
	Look   []feedLook // those that somebody has to look at
	Well   string
	Feeds  []feedCard
	Loads  string // from where feeds are loaded by the clock, "" from nowhere
	Manage bool   // they run the installation
}

// feedLook is one feed that is not well.
type feedLook struct {
	Name, Href string
	Words      []string
}

// feedCard is one feed with everything that is known of it.
type feedCard struct {
	Facts      govuk.SummaryList
	Quarantine *govuk.Details
}

// shownQuarantined bounds what a page lists of one feed: a broken archive may hold
// a hundred thousand records that cannot be understood.
const shownQuarantined = 200

func (s *Site) feedList(rq *request) (reply, error) {
	feeds, err := s.App.FeedStatus(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	now := s.Now().UnixMicro()
	v := feedListView{Manage: rq.may(access.FeedWrite)}
	var records int64
	for i, f := range feeds {
		if !v.Manage {
			f = withoutPlaces(f)
		}
		records += f.Records
		if words := feedTrouble(f); len(words) > 0 {
			v.Look = append(v.Look, feedLook{Name: f.Name, Href: "#" + feedAnchor(i), Words: words})
		}
		v.Feeds = append(v.Feeds, feedCardOf(f, feedAnchor(i), now))
	}
	v.Count = many(int64(len(feeds)), "feed", "feeds") + " with " + many(records, "record", "records")
	if len(feeds) > 0 && len(v.Look) == 0 {
		v.Well = "Every feed moves, is young enough, and could be understood whole."
	}
	if v.Manage {
		v.Loads = strings.Join(s.App.Feeds, ", ")
	}
	return show(&page{title: "Feeds of advisories", section: "/advisories", crumbs: []crumb{{"Advisories", "/advisories"}}, view: v}), nil
}

// withoutPlaces leaves out where a feed lies: folders of the server are the business
// of those who run it.
func withoutPlaces(f app.FeedView) app.FeedView {
	if f.Origin == "" {
		return f
	}
	f.Problem = strings.ReplaceAll(f.Problem, f.Origin, "the file")
	f.Alerts = slices.Clone(f.Alerts)
	for i := range f.Alerts {
		f.Alerts[i] = strings.ReplaceAll(f.Alerts[i], f.Origin, "the file")
	}
	f.Origin = ""
	return f
}

// feedAnchor is a place in the page for a feed: names may hold anything.
func feedAnchor(n int) string { return "feed-" + strconv.Itoa(n+1) }

// feedTrouble says what is not well with a feed.
func feedTrouble(f app.FeedView) []string {
	out := slices.Clone(f.Alerts)
	if f.Stale && f.AsOf > 0 {
		out = append(out, "It is older than allowed, so components for which it is needed cannot be assessed.")
	}
	told := slices.ContainsFunc(out, func(s string) bool { return strings.Contains(s, "could not be understood") })
	if n := len(f.Quarantined); n > 0 && !told {
		out = append(out, many(int64(n), "record is", "records are")+" in quarantine. Components of the packages that they name cannot be assessed.")
	}
	return out
}

func feedCardOf(f app.FeedView, anchor string, now int64) feedCard {
	c := feedCard{Facts: govuk.SummaryList{Card: &govuk.SummaryCard{Title: govuk.Text(f.Name), HeadingLevel: 3, Attributes: govuk.Attributes{"id": anchor}}}}
	add := func(key, value string) {
		if value != "" {
			c.Facts.Rows = append(c.Facts.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
		}
	}
	add("State", feedState(f))
	add("As of", dated(f.AsOf, now))
	add("Records", thousands(f.Records))
	if f.LoadedAt != 0 {
		add("Last changed here", dated(f.LoadedAt, now))
	}
	add("Last checked", dated(f.CheckedAt, now))
	add("Comes from", f.Origin)
	add("Digest", f.Digest)
	add("Last problem", f.Problem)
	if n := len(f.Quarantined); n > 0 {
		t := govuk.Table{Caption: "Records of " + f.Name + " in quarantine", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
			Head: []govuk.Cell{{Text: "Record"}, {Text: "Why it could not be understood"}, {Text: "Packages it names"}}}
		for _, q := range f.Quarantined[:min(n, shownQuarantined)] {
			var packages []string
			for _, p := range q.Packages {
				packages = append(packages, strings.TrimSpace(p.Ecosystem+" "+p.Name))
			}
			t.Rows = append(t.Rows, []govuk.Cell{{Text: q.ID}, {Text: q.Reason}, {Text: or(cutList(packages, shownVersions), "None that could be read")}})
		}
		parts := []govuk.Component{stacked(t)}
		if more := n - shownQuarantined; more > 0 {
			parts = append(parts, paragraph(many(int64(more), "more record is", "more records are")+" not shown here."))
		}
		c.Quarantine = &govuk.Details{Summary: many(int64(n), "record", "records") + " in quarantine", Markup: govuk.Join(parts...)}
	}
	return c
}
