package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

const (
	title     = "Maturity self-assessment report and statement of assurance"
	statement = "This is what the team claims about the system, and what holds each claim up. It is a self-assessment: it is not a certificate " +
		"or an accreditation, there is no pass mark, and Touchstone has not judged the answers. The accountable person has accepted it as a true account."
	signedWhat = "The digest is the SHA-256 of the frozen content in its canonical form (touchstone.frozen/v1): the profile, the roles, the questions in scope, " +
		"every answer with its support, and every evidence record, as they were when it was signed. Freshness of evidence, later moves and sharing are not part of it."
)

// Build makes the report. It adds nothing that the input does not hold, and the
// same input gives the same report.
func Build(in Input) Assessment {
	f := in.Frozen
	b := builder{in: in, byID: map[string]*framework.Requirement{}, group: map[string]*framework.Group{}, today: civil.OfMicro(in.AsOf, in.Zone)}
	b.index()
	a := Assessment{Schema: Schema, Title: title, Statement: statement, Marking: f.Marking.String(), Sample: in.Sample, AsOf: instant(in.AsOf), ID: f.Assessment,
		Version: f.Version, State: in.State.Label(), Organisation: f.Organisation, zone: in.Zone, sroWord: cmp.Or(in.SROWord, portfolio.SRO.Title()),
		System: profile(f.System), Framework: b.framework(), Scope: b.scope(), Roles: b.roles(), Proof: in.Proof,
		Summary:  Summary{Distribution: b.distribution(b.items(nil)), Gap: f.Gap},
		Groups:   b.groups(),
		Trend:    b.trend(),
		Gaps:     b.gaps(),
		Unknowns: b.unknowns(),
		Answers:  b.answers(),
		Evidence: b.evidence(),
		History:  b.history(),
		SignOff:  b.signature(),
		Shares:   []Sharing{},
	}
	if a.Proof.VerifierKeys == nil {
		a.Proof.VerifierKeys = []string{}
	}
	for _, s := range in.Shares {
		a.Shares = append(a.Shares, Sharing{Recipient: s.Recipient, Marking: s.Marking, At: instant(s.At), By: b.name(s.By)})
	}
	return a
}

type builder struct {
	in    Input
	byID  map[string]*framework.Requirement
	group map[string]*framework.Group // innermost group of a requirement
	order []*framework.Requirement    // in scope, in reading order
	today civil.Date
}

func (b *builder) index() {
	b.in.Framework.Walk(func(path []*framework.Group, r *framework.Requirement) {
		b.byID[r.ID], b.group[r.ID] = r, path[len(path)-1]
		if slices.Contains(b.in.Frozen.Scope.Requirements, r.ID) {
			b.order = append(b.order, r)
		}
	})
}

func (b *builder) response(id string) assessment.FrozenResponse {
	i := slices.IndexFunc(b.in.Frozen.Responses, func(r assessment.FrozenResponse) bool { return r.Requirement == id })
	if i < 0 {
		return assessment.FrozenResponse{Requirement: id, Kind: assessment.Unanswered, Support: assessment.Asserted}
	}
	r := b.in.Frozen.Responses[i]
	if r.Kind == "" {
		r.Kind = assessment.Unanswered
	}
	return r
}

// name returns a person's name; an id without one belongs to somebody whose
// details were removed.
func (b *builder) name(id string) string {
	if id == "" {
		return ""
	}
	return cmp.Or(b.in.Names[id], "Somebody whose details were removed ("+id+")")
}

func (b *builder) claim(r *framework.Requirement, resp assessment.FrozenResponse) string {
	return claimWords(b.in.Framework, r, assessment.Claim{Kind: resp.Kind, Level: resp.Level})
}

func claimWords(f *framework.Framework, r *framework.Requirement, c assessment.Claim) string {
	switch c.Kind {
	case assessment.AtLevel:
		for _, l := range f.LevelsOf(r) {
			if l.ID == c.Level {
				return l.Label
			}
		}
		return c.Level
	case assessment.NotApplicable:
		return "Not applicable"
	case assessment.DontKnow:
		return "I don’t know"
	}
	return "No answer"
}

func (b *builder) framework() Framework {
	f := b.in.Framework
	source := f.Source.Title
	if f.Source.URL != "" {
		source += ", " + f.Source.URL
	}
	return Framework{Key: b.in.Frozen.Framework.Key, Title: b.in.Frozen.Framework.Title, Publisher: b.in.Frozen.Framework.Publisher,
		Alignment: Alignment(f), Note: f.Note, Source: source, SHA256: b.in.Frozen.Framework.SHA256, RollUp: f.RollUp.Note}
}

// Alignment says in one sentence whose words the questions are. Five different
// things are called Secure by Design, so it names the publisher.
func Alignment(f *framework.Framework) string {
	switch f.Alignment {
	case framework.Official:
		return "The list of requirements is that of " + f.Publisher + ", summarised in our own words."
	case framework.AlignedWith:
		return "Aligned with published guidance; published by " + f.Publisher + ". This is not the official question set."
	}
	return "Written and published by " + f.Publisher + ". It is not an official question set."
}

func (b *builder) scope() Scope {
	s := b.in.Frozen.Scope
	name := s.Set
	for _, set := range b.in.Framework.Sets {
		if set.ID == s.Set {
			name = set.Title
		}
	}
	return Scope{Set: cmp.Or(name, "All"), Stage: words(s.Stage), Larger: s.Larger, Reason: s.Reason, Questions: len(s.Requirements)}
}

func (b *builder) roles() []Role {
	out := []Role{}
	for _, r := range b.in.Frozen.Roles {
		out = append(out, Role{Role: roleTitle(portfolio.Role(r.Role), b.in.SROWord), Name: r.Name, StandIn: r.StandIn, OnBehalfOf: r.OnBehalfOf != "", From: r.From, To: r.To})
	}
	return out
}

func profile(s assessment.FrozenSystem) System {
	return System{ID: s.ID, Name: s.Name, Kind: words(s.Kind), Scope: s.Scope, Stage: words(s.Stage), Phase: words(s.Phase), Gate: s.Gate,
		Classification: s.Classification.String(), Exposure: words(s.Exposure), Personal: s.Personal, Special: s.Special}
}

func (b *builder) answers() []Answer {
	out := []Answer{}
	for _, r := range b.order {
		resp := b.response(r.ID)
		a := Answer{Requirement: r.ID, Group: groupTitle(b.group[r.ID]), Title: r.Title, Question: r.Question, Kind: string(resp.Kind), Level: resp.Level,
			Claim: b.claim(r, resp), Rationale: resp.Rationale, Reason: resp.NAReason, Support: resp.Support, Partly: resp.PartlyChecked,
			Since: instant(resp.Since), Because: []string{}, Evidence: append([]string{}, resp.Evidence...), Author: b.name(resp.Author), AnsweredAt: instant(resp.At)}
		for _, c := range resp.Because {
			a.Because = append(a.Because, c.Text)
		}
		out = append(out, a)
	}
	return out
}

func (b *builder) evidence() []EvidenceItem {
	out := []EvidenceItem{}
	used := map[string][]string{}
	for _, r := range b.order {
		for _, id := range b.response(r.ID).Evidence {
			used[id] = append(used[id], r.ID)
		}
	}
	for _, e := range b.in.Frozen.Evidence {
		rec := evidence.Record{ValidUntil: e.ValidUntil, WithdrawnAt: b.in.Withdrawn[e.ID]}
		item := EvidenceItem{ID: e.ID, Kind: words(e.Kind), Title: e.Title, Version: e.Version, ProducedOn: e.ProducedOn, ValidUntil: e.ValidUntil,
			Freshness: rec.Freshness(b.in.AsOf, b.in.Zone), Marking: e.Marking.String(), Where: e.Link, Place: e.Place, SHA256: e.FileSHA256, UsedFor: append([]string{}, used[e.ID]...)}
		switch {
		case e.Held != nil:
			item.Held = true
			item.Where = "Held elsewhere by " + e.Held.Custodian + ", reference " + e.Held.Reference + ", marked " + e.Held.Marking.String() +
				", seen by " + e.Held.SeenBy + " on " + e.Held.SeenOn.Words()
		case e.Link == "" && e.FileSHA256 != "":
			item.Where = "File kept in Touchstone"
		}
		out = append(out, item)
	}
	slices.SortStableFunc(out, func(a, b EvidenceItem) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (b *builder) history() []HistoryItem {
	out := []HistoryItem{}
	for _, m := range b.in.Moves {
		if m.At > b.in.AsOf {
			continue
		}
		h := HistoryItem{At: instant(m.At), Requirement: m.Requirement, Before: b.standing(m.Requirement, m.Before, m.BeforeHeld),
			After: b.standing(m.Requirement, m.After, m.AfterHeld), Why: m.Why, AfterSigning: b.in.Approval.At > 0 && m.At > b.in.Approval.At}
		if r := b.byID[m.Requirement]; r != nil {
			h.Title = r.Title
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b HistoryItem) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Requirement, b.Requirement))
	})
	return out
}

// standing says claim and support together: "Met, documented".
func (b *builder) standing(requirement, claim string, support assessment.Support) string {
	c := assessment.ParseClaim(claim)
	said := claim
	if r := b.byID[requirement]; r != nil {
		said = claimWords(b.in.Framework, r, c)
	}
	if support == "" || c.Kind == assessment.DontKnow || c.Kind == assessment.Unanswered {
		return said
	}
	return said + ", " + string(support)
}

func (b *builder) signature() Signature {
	ap := b.in.Approval
	s := Signature{By: b.name(ap.By), OnBehalfOf: ap.OnBehalfOf, At: instant(ap.At), Declaration: ap.Declaration, Algorithm: "SHA-256", Digest: ap.Digest, Signed: signedWhat, Content: string(ap.Content)}
	s.Role = cmp.Or(b.in.SROWord, portfolio.SRO.Title())
	for _, r := range b.in.Frozen.Roles {
		if r.User == ap.By && r.User != "" && portfolio.Role(r.Role) == portfolio.SRO {
			switch {
			case r.StandIn:
				s.Role += ", as stand-in"
			case r.OnBehalfOf != "":
				s.Role += ", acting on behalf"
			}
			break
		}
	}
	return s
}

func groupTitle(g *framework.Group) string {
	if id := cmp.Or(g.OfficialID, g.ID); id != "" && !strings.EqualFold(id, g.Title) {
		return id + " " + g.Title
	}
	return g.Title
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// words turns a stored word into one for people: "in_service" → "In service".
func words(s string) string {
	s = strings.ReplaceAll(s, "_", " ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
