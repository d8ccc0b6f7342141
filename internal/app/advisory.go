package app

import (
	"context"
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// PostedAdvisory says what became of a record that was sent in.
type PostedAdvisory struct {
	ID      string `json:"id"`
	Digest  string `json:"digest"`
	Changed bool   `json:"changed"` // false when it was held like this already
	Job     string `json:"job,omitempty"`
}

// sentBy is the source of records that an organisation sent in.
func sentBy(organisation string) string { return "api:" + organisation }

const maxSentAdvisory = 8 << 20

// PostAdvisory takes in one OSV record. When it returns the record is found by
// whoever asks; the systems that it concerns are looked at by jobs. It needs
// advisory.write.
//
// A record with the id of one that came from a feed, or from another organisation,
// is a fault.Conflict, unless whoever sends it administers the instance: nobody can
// talk a vulnerability of others away.
func (a *App) PostAdvisory(ctx context.Context, who access.Actor, content io.Reader) (PostedAdvisory, Receipt, error) {
	scope, err := a.Decide(ctx, who, access.AdvisoryWrite)
	if err != nil {
		return PostedAdvisory{}, Receipt{}, err
	}
	record, err := osv.Parse(content, budget.Limits{Bytes: maxSentAdvisory})
	if err != nil {
		return PostedAdvisory{}, Receipt{}, err
	}
	var p packer
	body, digest, err := p.pack(record)
	if err != nil {
		return PostedAdvisory{}, Receipt{}, err
	}
	source := sentBy(scope.Organisation())
	var out PostedAdvisory
	r, err := a.DB.Write(ctx, who, func(tx *store.Tx) error {
		out = PostedAdvisory{ID: record.ID, Digest: digest}
		revisions, err := tx.AdvisoryRevisions(ctx, record.ID)
		if err != nil {
			return err
		}
		for _, have := range revisions {
			switch {
			case have.SupersededAt != 0:
			case have.Digest == digest:
				return nil
			case have.Source != source && !who.InstanceAdmin:
				return fault.Newf(fault.Conflict, "Record %s came from elsewhere (%s), so it is changed there and not here.", record.ID, sourceWords(have.Source))
			}
		}
		list := []store.Advisory{{ID: record.ID, Source: source, Digest: digest, Body: body}}
		if err := tx.AddAdvisories(ctx, list); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.AdvisoryReceived, TargetType: "advisory", Target: keyText(record.ID), Fields: map[string]string{"advisory": record.ID, "digest": digest}})
		out.Changed = true
		key, err := a.newID(tx, ident.Job)
		if err != nil {
			return err
		}
		if out.Job, err = a.enqueue(ctx, tx, jobAdvisories, key, task{Advisories: &advisories{From: list[0].Seq, To: list[0].Seq}}); err != nil {
			return err
		}
		tx.Answer(out)
		return nil
	})
	if err != nil {
		return out, r, err
	}
	return out, r, a.Follow(ctx)
}

func sourceWords(source string) string {
	if len(source) > 4 && source[:4] == "api:" {
		return "sent in by another organisation"
	}
	return "the feed " + source
}

// AdvisoryView is what is held about one vulnerability.
type AdvisoryView struct {
	ID      string // as it was asked for
	Name    string // CVE where there is one; ID when nothing is held
	Aliases map[string][]string
	Records []HeldRecord
	Known   *advisory.KnownExploited
	EPSS    *advisory.Prediction
}

// HeldRecord is one record with its revisions.
type HeldRecord struct {
	advisory.Advisory
	Source    string
	FirstHeld int64
	Revisions []HeldRevision // newest first
}

// HeldRevision is when a revision came and went.
type HeldRevision struct {
	Digest       string
	ReceivedAt   int64
	SupersededAt int64 // 0 = it stands
}

// Advisory reads everything that is held about an id or an alias; an id that
// nobody has gives a view without records. It needs advisory.read.
func (a *App) Advisory(ctx context.Context, who access.Actor, id string) (AdvisoryView, error) {
	v := AdvisoryView{ID: id, Name: id}
	err := a.reading(ctx, who, access.AdvisoryRead, func(tx *store.Tx, _ access.Scope) error {
		if !a.Ready() {
			return errNotReady
		}
		g := a.machine.advisories.Group(id)
		if len(g.IDs) == 0 {
			v.rate(a.machine, id)
			return nil
		}
		v.Name, v.Aliases = nameOf(g), g.Asserted
		var u unpacker
		for _, record := range g.IDs {
			revisions, err := tx.AdvisoryRevisions(ctx, record)
			if err != nil {
				return err
			}
			h := HeldRecord{}
			for _, r := range revisions {
				h.Revisions = append(h.Revisions, HeldRevision{r.Digest, r.ReceivedAt, r.SupersededAt})
				if r.SupersededAt != 0 {
					continue
				}
				if h.Advisory, err = u.whole(r.Body); err != nil {
					return fmt.Errorf("advisory %s: %w", record, err)
				}
				h.Source, h.FirstHeld = r.Source, r.FirstAt
			}
			v.Records = append(v.Records, h)
		}
		for _, other := range g.All() {
			v.rate(a.machine, other)
		}
		return nil
	})
	return v, err
}

func (v *AdvisoryView) rate(m *machine, id string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if k, found := m.exploited.Find(id); found && v.Known == nil {
		v.Known = &k
	}
	if p, found := m.predicted.Find(id); found && (v.EPSS == nil || p.Probability > v.EPSS.Probability) {
		v.EPSS = &p
	}
}
