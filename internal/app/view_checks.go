package app

import (
	"context"

	libcheck "github.com/touchstone-assurance/touchstone/internal/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// LibraryCheck is one automated check with its definition.
type LibraryCheck = libcheck.Check

// CheckLibrary lists the automated checks. It needs framework.read.
func (a *App) CheckLibrary(ctx context.Context, who access.Actor) ([]LibraryCheck, error) {
	if _, err := a.Decide(ctx, who, access.FrameworkRead); err != nil {
		return nil, err
	}
	return a.Checks.All(), nil
}

// LibraryCheckOf finds a check by its id. It needs framework.read.
func (a *App) LibraryCheckOf(ctx context.Context, who access.Actor, id string) (LibraryCheck, error) {
	all, err := a.CheckLibrary(ctx, who)
	if err != nil {
		return LibraryCheck{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return LibraryCheck{}, errNotFound
}

// CheckLine is a check with what it found in a system when it was last looked at.
type CheckLine struct {
	check.Definition
	Applies    bool // some kind of fact that it needs was delivered, or stands in the register
	Judged     bool // Verdict is there
	Verdict    check.Verdict
	FreshUntil int64 // first instant at which a pass no longer holds; 0 = it does not run out
}

// RanOut reports whether the check passed on facts that are too old by now.
func (l CheckLine) RanOut(now int64) bool {
	return l.Judged && l.Verdict.Outcome == assessment.Pass && l.FreshUntil != 0 && l.FreshUntil <= now
}

// BoundCheck is a check that is bound to a requirement.
type BoundCheck struct {
	CheckLine
	Binding check.Binding
	Permits string // highest level that its verdict permits; "" when it limits nothing, or nothing was found yet
}

// ChecksView is what the checks found in a system.
type ChecksView struct {
	System System
	At     int64 // when it was last looked at; 0 = never
	NextAt int64 // 0 = only when something arrives
	Lines  []CheckLine
}

// SystemChecks lists every check with what it found in a system. It needs
// release.read.
func (a *App) SystemChecks(ctx context.Context, who access.Actor, system string) (ChecksView, error) {
	var v ChecksView
	err := a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		v.System = s
		j, err := tx.JudgementOf(ctx, s)
		if ignoreNotFound(err) != nil {
			return err
		}
		v.At, v.NextAt = j.At, j.NextAt
		line, err := a.checkLines(ctx, tx, s)
		if err != nil {
			return err
		}
		for _, c := range a.Checks.All() {
			l, err := line(c.Definition)
			if err != nil {
				return err
			}
			v.Lines = append(v.Lines, l)
		}
		return nil
	})
	return v, err
}

// RequirementChecks lists the checks that are bound to a requirement with what they
// found in the system of an assessment. It needs assessment.read.
func (a *App) RequirementChecks(ctx context.Context, who access.Actor, id, requirement string) ([]BoundCheck, error) {
	var out []BoundCheck
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		as, err := tx.Assessment(ctx, scope, id)
		if err != nil {
			return err
		}
		bound := a.Checks.For(as.Framework, requirement)
		if len(bound) == 0 {
			return nil
		}
		s, err := tx.System(ctx, scope, as.System)
		if err != nil {
			return err
		}
		line, err := a.checkLines(ctx, tx, s)
		if err != nil {
			return err
		}
		for _, b := range bound {
			l, err := line(b.Check.Definition)
			if err != nil {
				return err
			}
			c := BoundCheck{CheckLine: l, Binding: b.Binding}
			if l.Judged {
				c.Permits = b.Binding.Permits[l.Verdict.Outcome]
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

// checkLines reads what was found in a system, and returns what makes a line of it
// for any check.
func (a *App) checkLines(ctx context.Context, tx *store.Tx, s store.System) (func(check.Definition) (CheckLine, error), error) {
	rows, err := tx.VerdictsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	found := map[string]store.Verdict{}
	for _, r := range rows {
		found[r.Check] = r
	}
	k := knowledge{system: s}
	if k.lanes, err = tx.LanesOf(ctx, s); err != nil {
		return nil, err
	}
	return func(d check.Definition) (CheckLine, error) {
		l := CheckLine{Definition: d, Applies: len(k.lanes) > 0 && k.applies(d)}
		row, judged := found[d.ID]
		if !judged {
			return l, nil
		}
		v, _, err := verdictOf(row)
		l.Judged, l.Verdict, l.FreshUntil = true, v, row.FreshUntil
		return l, err
	}, nil
}
