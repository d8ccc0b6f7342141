package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// copyLength is the number of characters from which the same words under another
// requirement count as a copy. Shorter answers are alike by chance.
const copyLength = 40

// report changes the content of one approved assessment.
func (r *removal) report(ctx context.Context, kept store.Frozen, change func(*assessment.Frozen)) error {
	var f assessment.Frozen
	if err := json.Unmarshal(kept.Body, &f); err != nil {
		return fmt.Errorf("frozen content of %s: %w", kept.Assessment, err)
	}
	change(&f)
	body, err := f.Canonical()
	if err != nil {
		return err
	}
	if string(body) == string(kept.Body) {
		return nil
	}
	kept.Body = body
	r.held("frozen", kept.Organisation, kept.Assessment)
	r.targets = append(r.targets, "report "+kept.Assessment)
	return r.tx.BlankFrozen(ctx, kept)
}

// answer blanks the words of an answer, of all that it replaced, of drafts and of
// the report. What was claimed stays.
func (r *removal) answer(ctx context.Context, as store.Assessment, requirement string) error {
	r.answers[as.ID+" "+requirement] = true
	row, err := r.tx.Response(ctx, as, requirement)
	switch {
	case err == nil:
		r.held("response", as.Organisation, as.ID, requirement)
		r.take(blanked, &row.Rationale, &row.Reason)
		err = r.tx.BlankResponse(ctx, row)
	case fault.Is(err, fault.NotFound):
		err = nil
	}
	if err != nil {
		return err
	}
	if err := r.replaced(ctx, as, requirement); err != nil {
		return err
	}
	if err := r.tx.DropDrafts(ctx, as, requirement); err != nil {
		return err
	}
	kept, err := r.tx.Frozen(ctx, as)
	if err != nil {
		return ignoreNotFound(err)
	}
	return r.report(ctx, kept, func(f *assessment.Frozen) {
		for i := range f.Responses {
			if fr := &f.Responses[i]; fr.Requirement == requirement {
				r.take(blanked, &fr.Rationale, &fr.NAReason)
			}
		}
	})
}

// replaced blanks every earlier version of an answer.
func (r *removal) replaced(ctx context.Context, as store.Assessment, requirement string) error {
	_, s, err := r.tx.AssessmentForJob(ctx, as.Organisation, as.ID)
	if err != nil {
		return err
	}
	_, replaced, err := r.tx.Answers(ctx, s, as.Framework)
	if err != nil {
		return err
	}
	for _, rev := range replaced {
		if rev.Assessment != as.ID || rev.Requirement != requirement {
			continue
		}
		r.held("response_revision", as.Organisation, as.ID, requirement, fmt.Sprint(rev.Version))
		r.take(blanked, &rev.Rationale, &rev.Reason)
		if err := r.tx.BlankRevision(ctx, rev); err != nil {
			return err
		}
	}
	return nil
}

// copies finds the same words in other answers of the system to the framework:
// answers are carried over from one assessment to the next.
func (r *removal) copies(ctx context.Context, p store.Purge) ([]store.Purge, error) {
	if p.TargetType != PurgeResponse {
		return nil, nil
	}
	id, requirement, _ := strings.Cut(p.TargetID, "/")
	as, s, err := r.tx.AssessmentForJob(ctx, r.org, id)
	if err != nil {
		return nil, ignoreNotFound(err)
	}
	standing, replaced, err := r.tx.Answers(ctx, s, as.Framework)
	if err != nil {
		return nil, err
	}
	for _, rev := range replaced {
		standing = append(standing, rev.Response)
	}
	found := map[string]bool{}
	for _, other := range standing {
		same := func(s string) bool {
			return r.texts[s] && (other.Requirement == requirement || utf8.RuneCountInString(s) >= copyLength)
		}
		if same(other.Rationale) || same(other.Reason) {
			found[other.Assessment+"/"+other.Requirement] = true
		}
	}
	var out []store.Purge
	for _, target := range slices.Sorted(maps.Keys(found)) {
		c := p
		c.TargetID = target
		out = append(out, c)
	}
	return out, nil
}
