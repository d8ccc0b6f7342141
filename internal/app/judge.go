package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	libcheck "github.com/touchstone-assurance/touchstone/internal/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Checker is a library of checks.
type Checker interface {
	All() []libcheck.Check
	For(framework, requirement string) []libcheck.Bound
	Judge(check.Facts) map[string]check.Verdict
}

// judge is the second transaction of a delivery: it looks at everything that is
// known of a system now, lets the checks find what they find, and moves the
// standings that follow. What it looks at is kept, so doing it twice changes
// nothing; what a crash leaves undone is done when the job is taken up again.
func (a *App) judge(ctx context.Context, j store.Job, t task) error {
	if err := a.Follow(ctx); err != nil {
		return err
	}
	_, err := a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		s, err := tx.SystemForJob(ctx, t.Organisation, t.System)
		if fault.Is(err, fault.NotFound) {
			return a.done(ctx, tx, j, t)
		}
		if err != nil {
			return err
		}
		result, err := a.judgeSystem(ctx, tx, s)
		if err != nil {
			return err
		}
		if t.Document != "" {
			if err := tx.MarkJudged(ctx, store.Document{Organisation: s.Organisation, ID: t.Document}); err != nil {
				return err
			}
		}
		t.Result = &result
		return a.done(ctx, tx, j, t)
	})
	return err
}

func (a *App) judgeSystem(ctx context.Context, tx *store.Tx, s store.System) (Judged, error) {
	k, err := a.look(ctx, tx, s)
	if err != nil || len(k.lanes) == 0 {
		return Judged{Standings: []Moved{}, Policy: policyMet, Reasons: []string{}}, err
	}
	verdicts, next, err := a.verdicts(ctx, tx, k)
	if err != nil {
		return Judged{}, err
	}
	if err := tx.SaveJudgement(ctx, k.judgement(next)); err != nil {
		return Judged{}, err
	}
	moved, contradicted, err := a.moveBound(ctx, tx, k, verdicts)
	if err != nil {
		return Judged{}, err
	}
	out := Judged{Standings: moved, Policy: policyMet, Reasons: []string{}}
	out.Reasons = append(out.Reasons, contradicted...)
	for _, f := range k.findings {
		if f.open() && f.DueAt > 0 && f.DueAt <= tx.Now() {
			out.Reasons = append(out.Reasons, fmt.Sprintf("%s in %s was to be remedied by %s.", f.ID, f.Component, micro(f.DueAt).UTC().Format("2 January 2006")))
		}
	}
	if len(out.Reasons) > 0 {
		out.Policy = policyNotMet
	}
	const most = 100
	if more := len(out.Reasons) - most; more > 0 {
		out.Reasons = append(out.Reasons[:most], plural(more, "1 more reason is not listed.", "%d more reasons are not listed."))
	}
	return out, nil
}

const (
	policyMet    = "met"
	policyNotMet = "not_met"
)

// keptVerdict is a verdict as it is kept.
type keptVerdict struct {
	Facts     []check.Used `json:"facts"`
	FreshFrom int64        `json:"fresh_from,omitempty"`
	Problems  int          `json:"problems"` // components that said too little of themselves when it was found
}

func verdictOf(row store.Verdict) (check.Verdict, keptVerdict, error) {
	var k keptVerdict
	if err := json.Unmarshal([]byte(row.Facts), &k); err != nil {
		return check.Verdict{}, k, fmt.Errorf("verdict of %s: %w", row.Check, err)
	}
	return check.Verdict{Outcome: assessment.Outcome(row.Outcome), Reason: row.Reason, Facts: k.Facts, At: row.At, FreshFrom: k.FreshFrom}, k, nil
}

// follow says which verdict stands after a check was evaluated again. Beside the
// rule of check.Verdict.After there is one more, for checks about findings: what
// failed on findings that are gone, in a bill of materials that says as much of its
// components as the one before, is no longer known to fail. Without it a claim would
// stay contradicted by a flaw that was put right, as long as any other component
// cannot be assessed, which in real products is for ever. A bill that says less
// lifts nothing.
func (k *knowledge) follow(d check.Definition, v, before check.Verdict, problems int) check.Verdict {
	lifted := before.Outcome == assessment.Fail && v.Outcome == assessment.CannotAssess && slices.Contains(d.Needs, check.Findings) &&
		len(k.facts.Inventories) > 0 && k.coverage.Components > 0 && k.coverage.problems() <= problems
	if lifted {
		return v
	}
	return v.After(before)
}

// verdicts lets every check that applies judge, keeps what each found, and returns
// when the first of them runs out. A check applies once any kind of fact that it
// needs was delivered for the system: that nobody ever sends test results does not
// make the rest of the evidence worth less.
func (a *App) verdicts(ctx context.Context, tx *store.Tx, k *knowledge) (map[string]check.Verdict, int64, error) {
	rows, err := tx.VerdictsOf(ctx, k.system)
	if err != nil {
		return nil, 0, err
	}
	before := map[string]store.Verdict{}
	for _, r := range rows {
		before[r.Check] = r
	}
	found := a.Checks.Judge(k.facts)
	out := map[string]check.Verdict{}
	var save []store.Verdict
	next := int64(0)
	for _, c := range a.Checks.All() {
		row, had := before[c.ID]
		if !had && !k.applies(c.Definition) {
			continue
		}
		v, problems := found[c.ID], k.coverage.problems()
		if had {
			old, kept, err := verdictOf(row)
			if err != nil {
				return nil, 0, err
			}
			if v = k.follow(c.Definition, v, old, kept.Problems); v.Outcome == assessment.Fail && old.Outcome == assessment.Fail {
				problems = min(problems, kept.Problems) // so that it does not wear off step by step
			}
		}
		out[c.ID] = v
		fresh := c.FreshUntil(v)
		if v.Outcome == assessment.Pass && fresh > tx.Now() {
			next = sooner(next, before24(fresh, tx.Now()))
		}
		kept, err := json.Marshal(keptVerdict{v.Facts, v.FreshFrom, problems})
		if err != nil {
			return nil, 0, err
		}
		now := store.Verdict{Organisation: k.system.Organisation, System: k.system.ID, Check: c.ID, Release: k.release.ID, Outcome: string(v.Outcome),
			Reason: v.Reason, Facts: string(kept), At: v.At, FreshUntil: fresh}
		if now != row {
			save = append(save, now)
		}
	}
	return out, next, tx.SaveVerdicts(ctx, save)
}

// before24 is a day before a pass runs out, so that facts which came since hold it
// up without a gap; and when it runs out once that day has begun.
func before24(fresh, now int64) int64 {
	if early := fresh - dayMicro; early > now {
		return early
	}
	return fresh
}

// sooner is the earlier of two times, of which 0 is none.
func sooner(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// moveBound works out the standings of all bound requirements again, and says
// which moved and which claims are contradicted now.
func (a *App) moveBound(ctx context.Context, tx *store.Tx, k *knowledge, verdicts map[string]check.Verdict) (moved []Moved, contradicted []string, err error) {
	live, err := tx.LiveAssessments(ctx, k.system)
	if err != nil {
		return nil, nil, err
	}
	moved = []Moved{}
	var subs []subject
	bound := map[string][]string{} // by framework: links outlive assessments
	for _, as := range live {
		sub, err := a.subjectOf(ctx, tx, as, k.system)
		if err != nil {
			return nil, nil, err
		}
		subs = append(subs, sub)
		bound[as.Framework] = append(bound[as.Framework], a.boundIn(sub)...)
	}
	for framework, requirements := range bound {
		if err := a.linkMachine(ctx, tx, k, framework, requirements, verdicts); err != nil {
			return nil, nil, err
		}
	}
	for _, sub := range subs {
		m, c, err := a.restandBound(ctx, tx, sub, bound[sub.as.Framework])
		if err != nil {
			return nil, nil, err
		}
		moved, contradicted = append(moved, m...), append(contradicted, c...)
	}
	if len(moved) > 0 {
		err = a.summarise(ctx, tx, k.system)
	}
	return moved, contradicted, err
}

// boundIn lists the requirements of an assessment that some check speaks to.
func (a *App) boundIn(sub subject) []string {
	var out []string
	for _, r := range scopeOf(sub) {
		if len(a.Checks.For(sub.as.Framework, r.ID)) > 0 {
			out = append(out, r.ID)
		}
	}
	return out
}

// restandBound is restandOne for many requirements, with as many statements for
// reading as for one.
func (a *App) restandBound(ctx context.Context, tx *store.Tx, sub subject, requirements []string) (moved []Moved, contradicted []string, err error) {
	rows, err := tx.Standings(ctx, sub.as)
	if err != nil {
		return nil, nil, err
	}
	answers, err := tx.Responses(ctx, sub.as)
	if err != nil {
		return nil, nil, err
	}
	linked, err := tx.LinkedTo(ctx, sub.system, sub.as.Framework, "")
	if err != nil {
		return nil, nil, err
	}
	byRequirement := map[string]store.Response{}
	for _, r := range answers {
		byRequirement[r.Requirement] = r
	}
	for _, row := range rows {
		r, known := sub.framework.Requirement(row.Requirement)
		if !known || !slices.Contains(requirements, row.Requirement) {
			continue
		}
		prev, err := readStanding(row)
		if err != nil {
			return nil, nil, err
		}
		st := assessment.Evaluate(sub.input(r, byRequirement[r.ID], linked), tx.Now(), &prev)
		now, err := standingRow(sub.as, r.ID, st)
		if err != nil {
			return nil, nil, err
		}
		if now != row {
			if err := tx.SaveStanding(ctx, now); err != nil {
				return nil, nil, err
			}
		}
		if st.Support == assessment.Contradicted {
			contradicted = append(contradicted, fmt.Sprintf("%s %s: %s", sub.framework.Short, r.ID, reasonOf(st)))
		}
		if prev.Claim == st.Claim && prev.Support == st.Support {
			continue
		}
		if err := a.recordMove(ctx, tx, sub, r.ID, prev, st, tx.Now(), true); err != nil {
			return nil, nil, err
		}
		moved = append(moved, Moved{Assessment: sub.as.ID, Framework: sub.as.Framework, Requirement: r.ID, Before: string(prev.Support), After: string(st.Support), Because: reasonOf(st)})
	}
	return moved, contradicted, nil
}

// reasonOf is the first thing that decided a standing.
func reasonOf(st assessment.Standing) string {
	if len(st.Because) == 0 {
		return ""
	}
	return st.Because[0].Text
}

// Rejudge queues the systems whose time has come though nothing arrived: a pass
// ran out, a decision ended, a finding fell due, advisories grew old. It is run by
// a job and returns how many there were.
func (a *App) Rejudge(ctx context.Context, limit int) (int, error) {
	n := 0
	_, err := a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		due, err := tx.JudgementsDue(ctx, limit)
		n = len(due)
		for _, j := range due {
			if err == nil {
				err = a.enqueueSystem(ctx, tx, j.Organisation, j.System)
			}
			if err == nil {
				j.NextAt = 0 // until it was looked at
				err = tx.SaveJudgement(ctx, j)
			}
		}
		return err
	})
	return n, err
}
