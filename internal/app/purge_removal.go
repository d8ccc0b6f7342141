package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// blanked stands where content was removed.
const blanked = "[removed]"

// removal takes content out of the rows of one organisation in one transaction
// and remembers what it took and where.
type removal struct {
	tx       *store.Tx
	org      string
	texts    map[string]bool // what was taken
	reasons  map[string]bool // sentences of ours that quote it
	rows     map[string]bool // commitment names of the rows that held it
	files    []string        // to be deleted once this is committed
	targets  []string
	evidence map[string]bool // records whose entries say what they held
	answers  map[string]bool // "assessment requirement", of answers
}

func newRemoval(tx *store.Tx, org string) *removal {
	return &removal{tx: tx, org: org, texts: map[string]bool{}, reasons: map[string]bool{}, rows: map[string]bool{},
		evidence: map[string]bool{}, answers: map[string]bool{}}
}

// take blanks each text that there is.
func (r *removal) take(with string, from ...*string) {
	for _, s := range from {
		if *s != "" && *s != blanked {
			r.texts[*s] = true
			*s = with
		}
	}
}

func (r *removal) held(table string, key ...string) {
	r.rows[audit.RowName(table, strings.Join(key, "/"))] = true
}

// remove takes out the content of one target. A target that is not here has none.
func (a *App) remove(ctx context.Context, r *removal, p store.Purge) error {
	r.targets = append(r.targets, p.TargetType+" "+p.TargetID)
	if p.TargetType == PurgeEvidence {
		return ignoreNotFound(a.removeEvidence(ctx, r, p))
	}
	id, requirement, _ := strings.Cut(p.TargetID, "/")
	as, _, err := r.tx.AssessmentForJob(ctx, r.org, id)
	if err != nil {
		return ignoreNotFound(err)
	}
	return r.answer(ctx, as, requirement)
}

// removeEvidence leaves the record as a withdrawn tombstone: kind, system, dates
// and marking stay, words and file go.
func (a *App) removeEvidence(ctx context.Context, r *removal, p store.Purge) error {
	e, err := r.tx.EvidenceByID(ctx, r.org, p.TargetID)
	if err != nil {
		return err
	}
	titles, err := r.formerTitles(ctx, e)
	if err != nil {
		return err
	}
	r.evidence[e.ID] = true
	if e.File != "" {
		r.files = append(r.files, e.File)
	}
	r.held("evidence", e.Organisation, e.ID)
	r.take(blanked, &e.Title)
	r.take("", &e.Edition, &e.Location, &e.Place, &e.Owner, &e.Digest, &e.FileName, &e.HeldReference, &e.HeldCustodian, &e.HeldSeenBy, &e.WithdrawnReason)
	e.TitleFolded, e.File, e.MediaType, e.FileSize, e.HeldMarking, e.HeldSeenOn = blanked, "", "", 0, "", ""
	if e.WithdrawnAt == 0 {
		e.WithdrawnAt = r.tx.Now()
	}
	e.WithdrawnReason = "The content was removed: " + p.ID + "."
	if err := r.tx.SaveEvidence(ctx, e); err != nil {
		return err
	}
	if err := r.standings(ctx, e, titles); err != nil {
		return err
	}
	if err := r.reports(ctx, e); err != nil {
		return err
	}
	if err := r.tx.BlankAnswers(ctx, blankAnswer(e.ID)); err != nil {
		return err
	}
	return a.evidenceMoved(ctx, r.tx, e)
}

// formerTitles are the titles that the record has and had, in the quotation marks
// in which reasons name them.
func (r *removal) formerTitles(ctx context.Context, e store.Evidence) ([]string, error) {
	everything, err := access.Decide(access.Operator(), access.InstanceRead)
	if err != nil {
		return nil, err
	}
	entries, _, err := r.tx.Entries(ctx, everything, store.EntryFilter{TargetType: "evidence", Target: e.ID, Limit: 1 << 20})
	if err != nil {
		return nil, err
	}
	titles := map[string]bool{"“" + e.Title + "”": true}
	for _, s := range entries {
		for _, o := range s.Openings {
			if o.Name == audit.FieldName("title") && !o.Erased() {
				titles["“"+o.Value+"”"] = true
				r.take(blanked, &o.Value)
			}
		}
	}
	delete(titles, "“"+blanked+"”") // of a record that was purged before
	return slices.Sorted(maps.Keys(titles)), nil
}

// standings blanks the reasons that name the record, in what stands and in every
// move on record.
func (r *removal) standings(ctx context.Context, e store.Evidence, titles []string) error {
	rows, err := r.tx.StandingsNaming(ctx, r.org, e.ID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		st, err := readStanding(row)
		if err != nil {
			return err
		}
		blankCauses(st.Because, e.ID)
		body, err := json.Marshal(st)
		if err != nil {
			return fmt.Errorf("encode the standing of %s: %w", row.Requirement, err)
		}
		row.Body = string(body)
		if err := r.tx.SaveStanding(ctx, row); err != nil {
			return err
		}
	}
	for _, title := range titles {
		moves, err := r.tx.StandingEventsSaying(ctx, r.org, title)
		if err != nil {
			return err
		}
		for _, m := range moves {
			r.held("standing_event", m.Organisation, m.System, fmt.Sprint(m.At), m.Assessment, m.Requirement)
			r.reasons[m.Why], m.Why = true, blanked
			if err := r.tx.BlankStandingEvent(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func blankCauses(causes []assessment.Cause, id string) (changed bool) {
	for i := range causes {
		if causes[i].ID == id {
			causes[i].Text, changed = blanked, true
		}
	}
	return changed
}

// blankAnswer blanks the record in what is kept for repeated requests.
func blankAnswer(id string) func([]byte) ([]byte, bool) {
	return func(body []byte) ([]byte, bool) {
		var kept Responded
		if err := json.Unmarshal(body, &kept); err != nil || !blankCauses(kept.Standing.Because, id) {
			return nil, false // the answer of another operation, which repeats ids only
		}
		b, err := json.Marshal(kept)
		return b, err == nil
	}
}

// reports blanks the record in everything that was approved with it.
func (r *removal) reports(ctx context.Context, e store.Evidence) error {
	list, err := r.tx.FrozenNaming(ctx, r.org, e.ID)
	if err != nil {
		return err
	}
	for _, kept := range list {
		err := r.report(ctx, kept, func(f *assessment.Frozen) {
			for i := range f.Evidence {
				if fe := &f.Evidence[i]; fe.ID == e.ID {
					r.take(blanked, &fe.Title)
					r.take("", &fe.Version, &fe.Place, &fe.Link, &fe.FileSHA256)
					if fe.Held != nil {
						r.take("", &fe.Held.Reference, &fe.Held.Custodian, &fe.Held.SeenBy)
					}
				}
			}
			for i := range f.Responses {
				blankCauses(f.Responses[i].Because, e.ID)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
