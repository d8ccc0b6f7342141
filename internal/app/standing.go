package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// StandingEvent is one move of one standing.
type StandingEvent = store.StandingEvent

// subject is one assessment with what its standings are worked out from.
type subject struct {
	org       store.Organisation
	system    store.System
	as        store.Assessment
	framework *framework.Framework
	share     string // id of the share that a move of it made
	machine   bound  // what checks found, by requirement
}

// input gathers everything that may hold up or pull down one requirement.
func (s subject) input(r *framework.Requirement, resp store.Response, linked []store.LinkedEvidence) assessment.Input {
	in := assessment.Input{Levels: assessment.LevelIDs(s.framework, r), Claim: claimOf(resp), ClaimedAt: resp.At, Zone: zoneOf(s.org)}
	for _, l := range linked {
		if l.Link.Requirement != r.ID {
			continue
		}
		if fact, counts := assessment.FactOf(record(l.Evidence), l.Link.LinkedAt, in.Zone); counts {
			in.Evidence = append(in.Evidence, fact)
		}
	}
	in.Checks, in.Adverse = s.machine.checks[r.ID], s.machine.adverse[r.ID]
	return in
}

func claimOf(r store.Response) assessment.Claim {
	if r.ClaimKind == "" {
		return assessment.Claim{Kind: assessment.Unanswered}
	}
	return assessment.Claim{Kind: assessment.ClaimKind(r.ClaimKind), Level: r.Level}
}

// standingRow keeps a standing for lists and for the job that watches the clock.
func standingRow(as store.Assessment, requirement string, st assessment.Standing) (store.Standing, error) {
	body, err := json.Marshal(st)
	if err != nil {
		return store.Standing{}, fmt.Errorf("encode the standing of %s: %w", requirement, err)
	}
	return store.Standing{Organisation: as.Organisation, Assessment: as.ID, Requirement: requirement, ClaimKind: string(st.Claim.Kind), Level: st.Claim.Level,
		Support: string(st.Support), Since: st.Since, NextChangeAt: st.NextChangeAt, Body: string(body)}, nil
}

func readStanding(row store.Standing) (assessment.Standing, error) {
	var st assessment.Standing
	if err := json.Unmarshal([]byte(row.Body), &st); err != nil {
		return st, fmt.Errorf("decode the standing of %s: %w", row.Requirement, err)
	}
	return st, nil
}

// restand works out the standing of a requirement again in every live assessment
// of the system that asks it, after evidence moved.
func (a *App) restand(ctx context.Context, tx *store.Tx, s store.System, frameworkID, requirement string) error {
	live, err := tx.LiveAssessments(ctx, s)
	if err != nil {
		return err
	}
	for _, as := range live {
		if as.Framework != frameworkID {
			continue
		}
		sub, err := a.subjectOf(ctx, tx, as, s)
		if err != nil {
			return err
		}
		if _, err := a.restandOne(ctx, tx, sub, requirement, tx.Now(), true); err != nil {
			return err
		}
	}
	return a.summarise(ctx, tx, s)
}

func (a *App) subjectOf(ctx context.Context, tx *store.Tx, as store.Assessment, s store.System) (subject, error) {
	f, err := a.Frameworks.Get(as.Framework, as.FrameworkVersion)
	if err != nil {
		return subject{}, err
	}
	org, err := tx.OrganisationByID(ctx, as.Organisation)
	if err != nil {
		return subject{}, err
	}
	machine, err := a.boundTo(ctx, tx, s, as.Framework)
	return subject{org: org, system: s, as: as, framework: f, machine: machine}, err
}

// restandOne works out one standing at a time, keeps it, and records the move
// when claim or support changed. With alone it stands as an audit entry of its
// own; otherwise the entry of the answer that caused it carries the row.
func (a *App) restandOne(ctx context.Context, tx *store.Tx, sub subject, requirement string, at int64, alone bool) (assessment.Standing, error) {
	row, err := tx.Standing(ctx, sub.as, requirement)
	if fault.Is(err, fault.NotFound) {
		return assessment.Standing{}, nil // not in scope of this assessment
	}
	if err != nil {
		return assessment.Standing{}, err
	}
	r, known := sub.framework.Requirement(requirement)
	if !known {
		return assessment.Standing{}, fmt.Errorf("%s has no requirement %s", sub.framework.Key(), requirement)
	}
	prev, err := readStanding(row)
	if err != nil {
		return prev, err
	}
	resp, err := tx.Response(ctx, sub.as, requirement)
	if ignoreNotFound(err) != nil {
		return prev, err
	}
	linked, err := tx.LinkedTo(ctx, sub.system, sub.as.Framework, requirement)
	if err != nil {
		return prev, err
	}
	st := assessment.Evaluate(sub.input(r, resp, linked), at, &prev)
	if row, err = standingRow(sub.as, requirement, st); err != nil {
		return st, err
	}
	if err := tx.SaveStanding(ctx, row); err != nil {
		return st, err
	}
	if prev.Claim == st.Claim && prev.Support == st.Support {
		return st, nil
	}
	return st, a.recordMove(ctx, tx, sub, requirement, prev, st, at, alone)
}

func (a *App) recordMove(ctx context.Context, tx *store.Tx, sub subject, requirement string, prev, st assessment.Standing, at int64, alone bool) error {
	why := assessment.WhyMoved(prev, st)
	err := tx.AddStandingEvent(ctx, store.StandingEvent{Organisation: sub.as.Organisation, System: sub.system.ID, At: at, Assessment: sub.as.ID,
		Requirement: requirement, BeforeLevel: prev.Claim.String(), BeforeSupport: string(prev.Support), AfterLevel: st.Claim.String(),
		AfterSupport: string(st.Support), Why: why})
	if err != nil || !alone {
		return err
	}
	tx.Record(store.Record{Action: audit.StandingChanged, Organisation: sub.as.Organisation, TargetType: "assessment", Target: sub.as.ID, Fields: map[string]string{
		"requirement": requirement, "before": string(prev.Support), "after": string(st.Support), "because": why}})
	return nil
}

// evidenceMoved works out every standing again that rests on a record.
func (a *App) evidenceMoved(ctx context.Context, tx *store.Tx, e store.Evidence) error {
	links, err := tx.LinksOf(ctx, e)
	if err != nil {
		return err
	}
	for _, l := range links {
		s, err := tx.SystemForJob(ctx, l.Organisation, l.System)
		if err != nil {
			return err
		}
		if err := a.restand(ctx, tx, s, l.Framework, l.Requirement); err != nil {
			return err
		}
	}
	return nil
}

// summarise brings the line of a system in lists up to date. For each framework
// the approved assessment that nothing has followed speaks for the system, or the
// open one while none was approved.
func (a *App) summarise(ctx context.Context, tx *store.Tx, s store.System) error {
	sum := store.Summary{Organisation: s.Organisation, System: s.ID}
	live, err := tx.LiveAssessments(ctx, s)
	if err != nil {
		return err
	}
	speaks := map[string]store.Assessment{}
	for _, as := range live { // oldest first
		state := assessment.State(as.State)
		due := as.DueOn
		if state.Frozen() {
			due = as.NextDueOn
		}
		if due != "" && (sum.DueOn == "" || due < sum.DueOn) {
			sum.DueOn = due
		}
		if have, ok := speaks[as.Framework]; !ok || state.Frozen() || !assessment.State(have.State).Frozen() {
			speaks[as.Framework] = as
		}
		sum.State, sum.Assessment = as.State, as.ID
		sum.ApprovedAt = max(sum.ApprovedAt, as.ApprovedAt)
	}
	for _, as := range speaks {
		if err := addCounts(ctx, tx, as, &sum); err != nil {
			return err
		}
	}
	return tx.SaveSummary(ctx, sum)
}

func addCounts(ctx context.Context, tx *store.Tx, as store.Assessment, sum *store.Summary) error {
	counts, err := tx.CountStandings(ctx, as)
	if err != nil {
		return err
	}
	into := map[assessment.Support]*int{assessment.Confirmed: &sum.Confirmed, assessment.Verified: &sum.Verified, assessment.Documented: &sum.Documented,
		assessment.Stale: &sum.Stale, assessment.Asserted: &sum.Asserted, assessment.Unassessed: &sum.Unassessed, assessment.Contradicted: &sum.Contradicted}
	total := 0
	for _, c := range counts {
		total += int(c.N)
		switch assessment.ClaimKind(c.ClaimKind) {
		case assessment.Unanswered:
			continue
		case assessment.DontKnow:
			sum.DontKnow += int(c.N)
			continue
		}
		*into[assessment.Support(c.Support)] += int(c.N)
		if s := assessment.Support(c.Support); sum.Worst == "" || s.Below(assessment.Support(sum.Worst)) {
			sum.Worst = c.Support
		}
	}
	answered, err := tx.CountAnswered(ctx, as)
	sum.InScope += total
	sum.Answered += answered
	sum.NeedYou += total - answered
	return err
}

// MoveStandings records the standings whose time has come, each dated at its
// expiry, and returns how many moved. It is run by a job and needs no person.
func (a *App) MoveStandings(ctx context.Context, limit int) (int, error) {
	moved := 0
	_, err := a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		moved = 0
		due, err := tx.StandingsToMove(ctx, limit)
		if err != nil {
			return err
		}
		touched := map[string]store.System{}
		for _, row := range due {
			as, s, err := tx.AssessmentForJob(ctx, row.Organisation, row.Assessment)
			if err != nil {
				return err
			}
			sub, err := a.subjectOf(ctx, tx, as, s)
			if err != nil {
				return err
			}
			if err := a.catchUp(ctx, tx, sub, row); err != nil {
				return err
			}
			touched[s.ID] = s
			moved++
		}
		for _, s := range touched {
			if err := a.summarise(ctx, tx, s); err != nil {
				return err
			}
		}
		return nil
	})
	return moved, err
}

// catchUp takes every step between the last look and now, so that an outage
// leaves no move out.
func (a *App) catchUp(ctx context.Context, tx *store.Tx, sub subject, row store.Standing) error {
	at := row.NextChangeAt
	for range 1000 {
		st, err := a.restandOne(ctx, tx, sub, row.Requirement, at, true)
		if err != nil {
			return err
		}
		if st.NextChangeAt == 0 || st.NextChangeAt > tx.Now() {
			return nil
		}
		at = st.NextChangeAt
	}
	return fmt.Errorf("standing of %s in %s moves without end", row.Requirement, row.Assessment)
}
