package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// machineActor stands as the author of links that follow from a verdict.
const machineActor = "scheduler"

// spoken says that a record speaks to a requirement.
type spoken struct{ requirement, evidence string }

// linkMachine lets the documents behind a pass show as evidence of the
// requirements that the check is bound to, and takes away what it had linked and
// no pass stands on any more. Links that people made are theirs.
func (a *App) linkMachine(ctx context.Context, tx *store.Tx, k *knowledge, framework string, bound []string, verdicts map[string]check.Verdict) error {
	linked, err := tx.LinkedTo(ctx, k.system, framework, "")
	if err != nil {
		return err
	}
	have, byPeople := map[spoken]bool{}, map[spoken]bool{}
	for _, l := range linked {
		at := spoken{l.Link.Requirement, l.Link.Evidence}
		if l.Link.LinkedBy == machineActor {
			have[at] = true
		} else {
			byPeople[at] = true
		}
	}
	want := map[spoken]bool{}
	for _, r := range bound {
		for _, b := range a.Checks.For(framework, r) {
			if v, judged := verdicts[b.Check.ID]; !judged || v.Outcome != assessment.Pass {
				continue
			}
			for _, e := range k.evidenceFor(b.Check.Needs) {
				if at := (spoken{r, e}); !byPeople[at] {
					want[at] = true
				}
			}
		}
	}
	row := func(at spoken) store.EvidenceLink {
		return store.EvidenceLink{Organisation: k.system.Organisation, System: k.system.ID, Framework: framework, Requirement: at.requirement, Evidence: at.evidence,
			LinkedBy: machineActor, LinkedAt: tx.Now()}
	}
	added, removed := missingFrom(have, want), missingFrom(want, have)
	for _, at := range added {
		if err := tx.LinkEvidence(ctx, row(at)); err != nil {
			return err
		}
	}
	recordLinks(tx, k.system, framework, added, audit.EvidenceLinked, "A check that is bound to the requirement passes on it.")
	for _, at := range removed {
		if err := tx.UnlinkEvidence(ctx, row(at)); err != nil {
			return err
		}
	}
	recordLinks(tx, k.system, framework, removed, audit.EvidenceUnlinked, "No check that is bound to the requirement passes on it any more.")
	return nil
}

// missingFrom lists what is in b and not in a, by record and requirement.
func missingFrom(a, b map[spoken]bool) []spoken {
	var out []spoken
	for at := range b {
		if !a[at] {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(x, y spoken) int {
		return cmp.Or(cmp.Compare(x.evidence, y.evidence), cmp.Compare(x.requirement, y.requirement))
	})
	return out
}

// recordLinks writes one entry for each record of evidence; the first carries the
// rows of all.
func recordLinks(tx *store.Tx, s store.System, framework string, links []spoken, action audit.Action, why string) {
	names := map[string][]string{}
	for _, at := range links {
		names[at.evidence] = append(names[at.evidence], at.requirement)
	}
	for _, e := range slices.Sorted(maps.Keys(names)) {
		tx.Record(store.Record{Action: action, Organisation: s.Organisation, TargetType: "evidence", Target: e,
			Fields: map[string]string{"requirement": framework + " " + strings.Join(names[e], ", "), "reason": why}})
	}
}
