package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// machinePart is what machines say of a system, in the few lines of its home.
type machinePart struct {
	None string
	Code string // the command that delivers the first document
	List govuk.SummaryList
	All  string // address of its releases
}

// machinePart reads what was delivered for a system and what follows from it; nil
// for those who may not see it.
func (s *Site) machinePart(rq *request, system string) (*machinePart, error) {
	if !rq.may(access.ReleaseRead) {
		return nil, nil
	}
	v, err := s.App.Releases(rq.Context(), rq.who, system)
	if err != nil {
		return nil, err
	}
	p := &machinePart{All: releasesPath(system)}
	if len(v.Releases) == 0 {
		p.None = "Nothing was delivered for it yet. Let the pipeline that builds a release send what it knows, such as a bill of materials, and the answers it bears on show what it says:"
		p.Code = pushHint(system, "")
		return p, nil
	}
	checks, err := s.App.SystemChecks(rq.Context(), rq.who, system)
	if err != nil {
		return nil, err
	}
	p.List = machineList(v, checks, s.Now().UnixMicro())
	return p, nil
}

func machineList(v app.ReleasesView, checks app.ChecksView, now int64) govuk.SummaryList {
	var list govuk.SummaryList
	add := func(key string, words string, links ...govuk.SummaryAction) {
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(words), Actions: links})
	}
	path := "/systems/" + v.System.ID
	see := func(what, href string) govuk.SummaryAction {
		return govuk.SummaryAction{Text: "See", Hidden: what, Href: href}
	}
	latest := v.Releases[0]
	words := latest.Name + ", known since " + dated(latest.CreatedAt, now)
	if v.Judged.Release != "" && v.Judged.Release != latest.Name {
		words += ". Standings rest on release " + v.Judged.Release + ", the newest with documents that count"
	}
	add("Latest release", words+".", see("the latest release", releasePath(v.System.ID, latest.ID)))
	add("Documents", many(int64(latest.Documents), "document", "documents")+", the newest of "+dated(latest.LatestAt, now)+".")
	add("Findings", openWords(v.Judged, now), see("the findings", path+"/findings"))
	add("Components", componentWords(v.Judged), see("the components", releasePath(v.System.ID, releaseThatSpeaks(v))+"/components"))
	add("Checks", or(checkCounts(checks.Lines, now), "None has looked yet."), see("the checks", path+"/checks"))
	return list
}

func releaseThatSpeaks(v app.ReleasesView) string {
	for _, r := range v.Releases {
		if r.Speaks {
			return r.ID
		}
	}
	return v.Releases[0].ID
}

// openWords count the findings that somebody has to deal with, the overdue ones
// apart.
func openWords(j app.JudgedNow, now int64) string {
	switch {
	case j.At == 0:
		return "Nobody has looked yet. The server does so within seconds of a delivery."
	case j.Open == 0:
		return "None is open, as of " + dated(j.At, now) + "."
	case j.Overdue == 0:
		return thousands(int64(j.Open)) + " open, none past its due date, as of " + dated(j.At, now) + "."
	}
	return thousands(int64(j.Open)) + " open, " + thousands(int64(j.Overdue)) + " of them past the due date, as of " + dated(j.At, now) + "."
}

// componentWords say how many components are affected, and of how many nothing can
// be said and why.
func componentWords(j app.JudgedNow) string {
	c := j.Coverage
	if c.Components == 0 {
		return "No bill of materials counts, so nothing can be said of what is in it."
	}
	words := many(int64(c.Components), "component", "components") + ", " + thousands(int64(c.Verdicts[finding.Affected])) + " affected. "
	n := c.Verdicts[finding.CannotAssess]
	if n == 0 {
		return words + "All of them could be assessed."
	}
	var why []string
	for _, r := range finding.Reasons() {
		if k := c.Reasons[r]; k > 0 {
			why = append(why, thousands(int64(k))+": "+r.Meaning())
		}
	}
	return words + thousands(int64(n)) + " cannot" + " be assessed. " + strings.Join(why, " ")
}
