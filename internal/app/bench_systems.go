package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// systems makes the systems, as many a transaction as keep it small.
func (b *bench) systems(ctx context.Context) error {
	each := max(1, benchRows/(20+b.in.Answers/b.in.Systems))
	for first := 0; first < b.in.Systems; first += each {
		last := min(first+each, b.in.Systems)
		err := b.write(ctx, func(tx *store.Tx) error {
			for n := first; n < last; n++ {
				if err := b.system(ctx, tx, n); err != nil {
					return fmt.Errorf("system %d: %w", n+1, err)
				}
			}
			return nil
		}, "systems %d", last-first)
		if err != nil {
			return err
		}
		if b.in.Progress != nil {
			b.in.Progress(last, b.in.Systems)
		}
	}
	return nil
}

// benchSystem is one system while it is made.
type benchSystem struct {
	*bench
	n         int
	row       store.System
	c         *rand.Rand
	left      int // answers still to be given
	sro, lead string
	records   []store.Evidence
}

func (b *bench) system(ctx context.Context, tx *store.Tx, n int) error {
	s := &benchSystem{bench: b, n: n, c: b.chance(chanceSystems, n), left: b.in.Answers / b.in.Systems}
	if n < b.in.Answers%b.in.Systems {
		s.left++
	}
	s.sro, s.lead = b.staff[s.c.IntN(len(b.staff))], b.staff[s.c.IntN(len(b.staff))]
	if err := s.register(ctx, tx); err != nil {
		return err
	}
	if err := s.surround(ctx, tx); err != nil {
		return err
	}
	for i := 0; i < 3; i++ {
		if err := s.evidence(ctx, tx, i); err != nil {
			return err
		}
	}
	for i, f := range b.asked {
		if i > 0 && s.left == 0 {
			break
		}
		if err := s.assess(ctx, tx, i, f); err != nil {
			return err
		}
	}
	return b.app.summarise(ctx, tx, s.row)
}

// any chooses one of the words.
func (s *benchSystem) any(words ...string) string { return words[s.c.IntN(len(words))] }

func (s *benchSystem) register(ctx context.Context, tx *store.Tx) error {
	name := fmt.Sprintf("%s %s %05d", s.any("Harbour", "Rail", "Depot", "Records", "Payments", "Fleet", "Field", "Office"),
		s.any("booking", "monitoring", "register", "network", "portal", "planning", "reporting", "access control"), s.n+1)
	m := portfolio.Marking{Tier: portfolio.Official}
	if s.c.IntN(4) == 0 {
		m.Handling = portfolio.Sensitive
	}
	kinds, exposures := portfolio.Kinds(), portfolio.Exposures()
	s.row = store.System{Organisation: s.org.ID, Name: name, NameFolded: s.app.folded(name), Kind: kinds[s.c.IntN(len(kinds))],
		Scope: "All of " + name + ", made up for measuring.", Sponsor: "Sample sponsor", Unit: s.units[s.c.IntN(len(s.units))], Stage: benchStage,
		Phase: s.any("discovery", "alpha", "private beta", "public beta", "live"), Gate: s.any("", "Gate 3", "Gate 4", "Gate 5"), Size: framework.SizeLarger,
		Marking: m.String(), MarkingRank: rankOf(m), Exposure: exposures[s.c.IntN(len(exposures))], Personal: s.c.IntN(3) == 0,
		State: string(portfolio.Registered), CreatedBy: s.lead, CreatedAt: tx.Now()}
	if s.approved(0) {
		s.row.State = string(portfolio.InAssurance)
	}
	var err error
	if s.row.ID, err = s.app.newID(tx, ident.System); err != nil {
		return err
	}
	if err := tx.CreateSystem(ctx, s.row); err != nil {
		return err
	}
	s.row.Version = 1
	return nil
}

// surround names the people of the system and a connection.
func (s *benchSystem) surround(ctx context.Context, tx *store.Tx) error {
	day := s.day(tx, -300)
	for _, p := range []struct {
		role   portfolio.Role
		grant  access.Role
		person string
	}{{portfolio.SRO, access.SRO, s.sro}, {portfolio.DTSL, access.DTSL, s.lead}} {
		id, err := s.app.newID(tx, ident.Appointment)
		if err != nil {
			return err
		}
		err = tx.CreateAppointment(ctx, store.Appointment{Organisation: s.org.ID, ID: id, System: s.row.ID, Role: string(p.role), Person: p.person,
			Name: "Sample user", StartsOn: day})
		if err != nil {
			return err
		}
		g := store.RoleGrant{Organisation: s.org.ID, Person: p.person, Role: p.grant, System: s.row.ID, StartsAt: tx.Now()}
		if g.ID, err = s.app.newID(tx, "grt"); err != nil {
			return err
		}
		if err := tx.CreateGrant(ctx, g); err != nil {
			return err
		}
	}
	id, err := s.app.newID(tx, ident.Connection)
	if err != nil {
		return err
	}
	return tx.CreateConnection(ctx, store.Connection{Organisation: s.org.ID, ID: id, System: s.row.ID, OtherName: "Mail relay", Description: "Notices, one way out.",
		OurOwner: "Sample user", TheirOwner: s.any("", "Duty manager"), CheckedOn: day})
}

// day is a calendar day so many days from the day of the transaction.
func (s *benchSystem) day(tx *store.Tx, days int) civil.Date {
	return today(tx, s.org).AddDays(days)
}

// evidence records one piece. One in five has run out already; the others hold
// for longer than measuring takes, so that no work by the clock gets in the way.
func (s *benchSystem) evidence(ctx context.Context, tx *store.Tx, i int) error {
	e := store.Evidence{Organisation: s.org.ID, Edition: fmt.Sprintf("%d.%d", 1+s.c.IntN(4), i), Kind: s.any("document", "test_report", "attestation"), System: s.row.ID,
		Title: s.any("Risk register", "Test report", "Recovery exercise", "Access review", "Design record") + ", " + s.row.Name, Owner: "Sample user",
		Marking: s.row.Marking, MarkingRank: s.row.MarkingRank, Location: fmt.Sprintf("https://documents.bench.example/%d/%d", s.n, i),
		ProducedOn: s.day(tx, -200-s.c.IntN(100)), ValidUntil: s.day(tx, 30+s.c.IntN(300)), ReceivedAt: tx.Now(), ObservedAt: tx.Now(), CreatedBy: s.lead}
	if s.c.IntN(5) == 0 {
		e.ValidUntil = s.day(tx, -1-s.c.IntN(100))
	}
	e.TitleFolded = s.app.folded(e.Title)
	var err error
	if e.ID, err = s.app.newID(tx, ident.Evidence); err != nil {
		return err
	}
	s.records = append(s.records, e)
	return tx.CreateEvidence(ctx, e)
}

// approved reports whether the assessment of the framework in this place is
// approved: the first one, of every tenth system, when all of it gets an answer.
func (s *benchSystem) approved(place int) bool {
	return place == 0 && s.n%10 == 0 && s.left >= len(s.asked[0].scope)
}

// assess makes one assessment with its answers and standings.
func (s *benchSystem) assess(ctx context.Context, tx *store.Tx, place int, f benchFramework) error {
	as := store.Assessment{Organisation: s.org.ID, System: s.row.ID, Framework: f.ID, FrameworkVersion: f.Version, Set: f.set, Stage: s.row.Stage, Size: s.row.Size,
		State: string(assessment.Draft), Reason: "Made for measuring.", Marking: s.row.Marking, DueOn: s.day(tx, s.c.IntN(120)-20),
		CreatedAt: tx.Now() - int64(90-place)*24*3600*1_000_000} // at times of their own, so that their order is fixed
	if place == 0 && s.n%10 < 3 {
		as.State, as.SubmittedAt, as.SubmittedBy = string(assessment.SROReview), tx.Now(), s.lead
	}
	var err error
	if as.ID, err = s.app.newID(tx, ident.Assessment); err != nil {
		return err
	}
	sub := subject{org: s.org, system: s.row, as: as, framework: f.Framework}
	approved := s.approved(place) // before its answers are given
	if !approved {
		if err := tx.CreateAssessment(ctx, as); err != nil {
			return err
		}
		return s.answers(ctx, tx, sub, f.scope)
	}
	if err := s.answers(ctx, tx, sub, f.scope); err != nil {
		return err
	}
	return s.approve(ctx, tx, sub)
}

// answers gives the answers that are left, links the evidence to some, and works
// the standings out by the rules that hold for everybody.
func (s *benchSystem) answers(ctx context.Context, tx *store.Tx, sub subject, scope []*framework.Requirement) error {
	var linked []store.LinkedEvidence
	for i, e := range s.records {
		l := store.EvidenceLink{Organisation: s.org.ID, System: s.row.ID, Framework: sub.framework.ID, Requirement: scope[(i*5+s.n)%len(scope)].ID,
			Evidence: e.ID, LinkedBy: s.lead, LinkedAt: tx.Now()}
		if err := tx.LinkEvidence(ctx, l); err != nil {
			return err
		}
		linked = append(linked, store.LinkedEvidence{Link: l, Evidence: e})
	}
	n := min(s.left, len(scope))
	s.left -= n
	responses := make([]store.Response, n)
	standings := make([]store.Standing, len(scope))
	for i, r := range scope {
		var resp store.Response
		if i < n {
			resp = s.answer(tx, sub, r)
			responses[i] = resp
		}
		var err error
		if standings[i], err = standingRow(sub.as, r.ID, assessment.Evaluate(sub.input(r, resp, linked), tx.Now(), nil)); err != nil {
			return err
		}
	}
	if err := tx.CreateResponses(ctx, responses); err != nil {
		return err
	}
	return tx.CreateStandings(ctx, standings)
}

func (s *benchSystem) answer(tx *store.Tx, sub subject, r *framework.Requirement) store.Response {
	out := store.Response{Organisation: s.org.ID, Assessment: sub.as.ID, Requirement: r.ID, ClaimKind: string(assessment.AtLevel), Author: s.lead, At: tx.Now(), Confirmed: true,
		Rationale: s.any("This is done, and the record beside it shows it.", "Done for the main part; the rest is in the plan for next quarter.",
			"The team does this by habit. It is not written down yet.", "Looked at in the last review; nothing had to change.") + " " +
			strings.ToUpper(r.Title[:1]) + r.Title[1:] + " is looked at again each quarter."}
	switch at := s.c.IntN(100); {
	case at < 4:
		out.ClaimKind, out.FindOutBy, out.Delegate = string(assessment.DontKnow), s.day(tx, 10+at*5), s.lead
	case at < 7:
		out.ClaimKind, out.Reason = string(assessment.NotApplicable), "The system has nothing of this sort."
	default:
		levels := assessment.LevelIDs(sub.framework, r)
		out.Level = levels[s.c.IntN(len(levels))]
	}
	return out
}

// approve freezes the assessment as an approval does.
func (s *benchSystem) approve(ctx context.Context, tx *store.Tx, sub subject) error {
	sub.as.Version = 1
	frozen, err := s.app.freeze(ctx, tx, sub)
	if err != nil {
		return err
	}
	body, digest, err := frozen.Digest()
	if err != nil {
		return err
	}
	as := sub.as
	as.State, as.ApprovedAt, as.ApprovedBy, as.Declaration, as.ContentDigest = string(assessment.Approved), tx.Now(), s.sro, "Accepted, for measuring.", digest
	as.NextDueOn = s.day(tx, 60+s.c.IntN(30))
	if err := tx.CreateAssessment(ctx, as); err != nil {
		return err
	}
	return tx.Freeze(ctx, store.Frozen{Organisation: as.Organisation, Assessment: as.ID, Digest: digest, Body: body})
}
