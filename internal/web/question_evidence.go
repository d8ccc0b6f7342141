package web

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// evidencePanel stands beside a question: what is linked, how fresh it is, and
// how to add more.
type evidencePanel struct {
	Items  []evidenceItem
	Links  string // action of the form that links a record, "" when it may not
	Pick   *govuk.Select
	Found  []linkable
	Find   govuk.Input
	Looked bool
	New    string
	Path   string
}

type evidenceItem struct {
	Title, Href, Facts string
	Fresh              govuk.Tag
	Unlink             string // action
	ID                 string
}

type linkable struct{ ID, Title, Href, Action string }

const pickable = 100

func (s *Site) evidencePanel(rq *request, v app.QuestionView) (evidencePanel, error) {
	path := questionPath(v)
	p := evidencePanel{Path: path}
	writes := rq.may(access.EvidenceWrite) && !assessment.State(v.Assessment.State).Frozen()
	linked := map[string]bool{}
	for _, l := range v.Linked {
		e := l.Evidence
		linked[e.ID] = true
		item := evidenceItem{ID: e.ID, Title: e.Title, Href: "/evidence/" + e.ID, Facts: evidenceFacts(e), Fresh: freshnessTag(freshness(e, v.Organisation, v.Now))}
		if writes {
			item.Unlink = path + "/unlink"
		}
		p.Items = append(p.Items, item)
	}
	if !writes {
		return p, nil
	}
	p.Links, p.New = path+"/link", "/evidence/new?system="+v.System.ID+"&for="+v.Assessment.ID+"&requirement="+v.Line.Requirement.ID
	find := rq.query("find")
	p.Find = govuk.Input{ID: "find", Name: "find", Value: find, Label: label("Find a record by its title")}
	filter := app.EvidenceFilter{System: v.System.ID}
	if find != "" {
		filter, p.Looked = app.EvidenceFilter{Title: find}, true
	}
	found, err := s.App.EvidenceIn(rq.Context(), rq.who, filter, app.Page{Limit: pickable})
	if fault.Is(err, fault.Forbidden) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	pick := govuk.Select{ID: "evidence", Name: "evidence", Label: label("Link a record of this system")}
	for _, e := range found.Items {
		if linked[e.ID] || e.WithdrawnAt > 0 {
			continue
		}
		pick.Options = append(pick.Options, govuk.Option{Text: e.Title + ", version " + e.Edition, Value: e.ID})
		p.Found = append(p.Found, linkable{ID: e.ID, Title: e.Title + ", version " + e.Edition, Href: "/evidence/" + e.ID, Action: p.Links})
	}
	if !p.Looked {
		p.Found = nil
		if len(pick.Options) > 0 {
			p.Pick = &pick
		}
	}
	return p, nil
}

// evidenceFacts is the version, date and place of a record in one line.
func evidenceFacts(e app.Evidence) string {
	words := "Version " + e.Edition + ", produced on " + e.ProducedOn.Words()
	if e.Place != "" {
		words += ", see " + e.Place
	}
	if e.ValidUntil != "" {
		words += ", valid until " + e.ValidUntil.Words()
	}
	if e.HeldReference != "" {
		words += ", held elsewhere"
	}
	return words
}

// freshness is how a record stands with time.
func freshness(e app.Evidence, org app.Organisation, now int64) evidence.Freshness {
	zone, err := time.LoadLocation(org.Zone)
	if err != nil {
		zone = time.UTC
	}
	return evidence.Record{ID: e.ID, ProducedOn: e.ProducedOn, ValidUntil: e.ValidUntil, WithdrawnAt: e.WithdrawnAt}.Freshness(now, zone)
}

func (s *Site) questionLink(rq *request) (reply, error) {
	return s.changeLink(rq, s.App.LinkEvidence, "evidence_linked")
}

func (s *Site) questionUnlink(rq *request) (reply, error) {
	return s.changeLink(rq, s.App.UnlinkEvidence, "evidence_unlinked")
}
