package sample

import (
	"fmt"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
)

// How many records each system gathers, first and in each later quarter. With
// those of the whole organisation that makes 328 in each, beside what pipelines
// deliver.
const (
	firstRecords = 24
	laterRecords = 5
)

// record is a piece of evidence that a system made.
type record struct {
	id          string
	requirement string
	title       string
	kind        evidence.Kind
	edition     int
}

// gather records evidence for the questions in turn and links it to them.
func (b *builder) gather(who access.Actor, s *system, v app.AssessmentView, quarter int) error {
	n, first := firstRecords, 0
	if quarter > 0 {
		n, first = laterRecords, b.chance("gathers", s.org.number, s.place, quarter).IntN(len(v.Lines))
	}
	if quarter == 4 {
		return nil
	}
	for i := range n {
		r := v.Lines[(first+i*7)%len(v.Lines)].Requirement // seven is prime to the length of every set
		title := "Notes on " + strings.ToLower(r.Title[:1]) + r.Title[1:]
		if len(r.Evidence) > 0 {
			title = r.Evidence[(quarter+i/len(v.Lines))%len(r.Evidence)]
		}
		rec := record{requirement: r.ID, title: title + ", " + s.spec.name, kind: kindOf(title, b.chance("kind", s.org.number, s.place, quarter, i).IntN(10)), edition: 1}
		made, _, err := b.app.CreateEvidence(b.ctx, who, b.describe(s, rec, len(s.records)))
		if err != nil {
			return fmt.Errorf("record %q: %w", rec.title, err)
		}
		b.pass()
		rec.id = made.ID
		s.records = append(s.records, rec)
		if _, err := b.app.LinkEvidence(b.ctx, who, s.id, s.spec.framework, r.ID, rec.id); err != nil {
			return fmt.Errorf("link %q: %w", rec.title, err)
		}
		b.pass()
	}
	return nil
}

// kindOf guesses the kind of evidence from its title, as a person would.
func kindOf(title string, n int) evidence.Kind {
	t := strings.ToLower(title)
	switch {
	case strings.Contains(t, "bill of materials"):
		return evidence.SBOM
	case strings.Contains(t, "scan"):
		return evidence.Scan
	case strings.Contains(t, "test") || strings.Contains(t, "exercise") || strings.Contains(t, "result"):
		return evidence.TestReport
	case strings.Contains(t, "figures") || strings.Contains(t, "log") || strings.Contains(t, "measure"):
		return evidence.Statistics
	case n == 0:
		return evidence.Attestation
	}
	return evidence.Document
}

// describe is what a person enters about a record. Some are files, one is held
// elsewhere because of its marking, the rest are links.
func (b *builder) describe(s *system, r record, number int) app.EvidenceInput {
	produced := b.today() - 2 - number%40
	in := app.EvidenceInput{Title: r.title, Edition: fmt.Sprintf("%d.%d", r.edition, number%3), Kind: string(r.kind), System: s.id,
		Owner: "Sample delivery lead 1", Marking: "OFFICIAL", ProducedOn: b.date(produced), Place: places()[number%len(places())]}
	if days := validFor(r.kind, number); days > 0 {
		in.ValidUntil = b.date(lasts(produced + days))
	}
	switch {
	case number == 3:
		name := strings.ReplaceAll(strings.ToLower(s.spec.name), " ", "-") + "-notes.txt"
		in.Upload = &app.Upload{Name: name, Content: strings.NewReader("Sample notes on " + s.spec.name + ".\n\n" + strings.Join(noteLines(), "\n") + "\n")}
	case number == 5 && s.place == overdueDraft:
		in.HeldReference, in.HeldMarking, in.HeldCustodian = "SAMPLE/REG/0042", "SECRET", "Sample security registry"
		in.HeldSeenBy, in.HeldSeenOn = s.org.sroOf(s).Name, b.date(b.today()-1)
	default:
		in.Link = fmt.Sprintf("https://documents.%s/%s/%s/%d", s.org.spec.domain, s.org.spec.short, strings.ReplaceAll(strings.ToLower(s.spec.name), " ", "-"), 100+number)
	}
	return in
}

// validFor is for how many days a record holds from its day; 0 = until the next
// release.
func validFor(k evidence.Kind, number int) int {
	switch k {
	case evidence.SBOM, evidence.Provenance:
		return 0
	case evidence.Scan:
		return 30
	case evidence.Statistics:
		return 90
	case evidence.Attestation:
		return 365
	}
	return []int{365, 365, 180, 365, 270}[number%5]
}

// lasts keeps the last day of validity away from the day on which the visitor
// comes, so that the hour at which a demo is made does not change its counts.
func lasts(day int) int {
	if day >= days-1 && day <= days+1 {
		return day + 4
	}
	return day
}

// renew replaces most of the records that have run out with a newer edition.
func (b *builder) renew(who access.Actor, s *system, quarter int) error {
	for i := range s.records {
		r := &s.records[i]
		v, err := b.app.EvidenceView(b.ctx, who, r.id)
		if err != nil {
			return err
		}
		late := v.Freshness == evidence.RanOut || v.Freshness == evidence.Expiring
		if !late || v.Evidence.File != "" || b.chance("renews", s.org.number, s.place, i, quarter).IntN(100) >= 60 {
			continue
		}
		r.edition++
		in := b.describe(s, *r, i)
		if _, err := b.app.ChangeEvidence(b.ctx, who, r.id, v.Evidence.Version, in); err != nil {
			return fmt.Errorf("renew %q: %w", r.title, err)
		}
		b.pass()
	}
	return nil
}

// withdraw takes a record out of use that turned out to be about something else.
func (b *builder) withdraw(s *system, lead *person) error {
	return b.visit(lead, func(who access.Actor) error {
		v, err := b.app.EvidenceView(b.ctx, who, s.records[1].id)
		if err != nil {
			return err
		}
		_, err = b.app.WithdrawEvidence(b.ctx, who, s.records[1].id, v.Evidence.Version, "The document is about an earlier system of the same name.")
		return err
	})
}

// policies records what serves the whole organisation.
func (b *builder) policies(o *organisation) error {
	return b.visit(o.one(access.DTSL, 0), func(who access.Actor) error {
		for i, title := range policies() {
			in := app.EvidenceInput{Title: title, Edition: "2.0", Kind: string(evidence.Document), Owner: "Sample policy owner 1", Marking: "OFFICIAL",
				ProducedOn: b.date(-30 - 5*i), ValidUntil: b.date(500), Link: fmt.Sprintf("https://policies.%s/%d", o.spec.domain, i+1)}
			if _, _, err := b.app.CreateEvidence(b.ctx, who, in); err != nil {
				return err
			}
			b.pass()
		}
		return nil
	})
}
