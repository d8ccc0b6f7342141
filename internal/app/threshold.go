package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// SetBandThresholds sets from how many answers met the organisation gives each
// band of a framework, with the source of each figure. No framework is shipped
// with thresholds. It needs organisation.write.
//
// It fails with fault.NotFound for a framework that is not listed, and with
// fault.Invalid for one without bands and for thresholds that do not hold
// together.
func (a *App) SetBandThresholds(ctx context.Context, who access.Actor, frameworkID string, thresholds []framework.Threshold) (Receipt, error) {
	return a.writing(ctx, who, access.OrganisationWrite, func(tx *store.Tx, scope access.Scope) error {
		f, err := a.profiled(frameworkID, a.newest(frameworkID))
		if err != nil {
			return err
		}
		var p fault.Problems
		thresholds = slices.Clone(thresholds)
		for i := range thresholds {
			at := fmt.Sprintf("/%d", i)
			thresholds[i].Source = text.Need(&p, at+"/source", "where the figure comes from", thresholds[i].Source, 300)
		}
		if err := p.Err(); err != nil {
			return err
		}
		if err := thresholdProblems(framework.LintThresholds(f, thresholds)); err != nil {
			return err
		}
		before, err := tx.BandThresholds(ctx, scope, f.ID)
		if err != nil {
			return err
		}
		if slices.EqualFunc(before, thresholds, func(b store.BandThreshold, t framework.Threshold) bool { return threshold(b) == t }) {
			return fault.New(fault.Conflict, "These are the thresholds that are set already.")
		}
		var bands, sources []string
		for _, t := range thresholds {
			bands, sources = append(bands, fmt.Sprintf("%s from %d", t.Band, t.AtLeast)), append(sources, t.Source)
			err := tx.SetBandThreshold(ctx, store.BandThreshold{Organisation: scope.Organisation(), Framework: f.ID, Band: t.Band, AtLeast: t.AtLeast, Source: t.Source, SetBy: who.ID})
			if err != nil {
				return err
			}
		}
		slices.Sort(sources)
		tx.Record(store.Record{Action: audit.FrameworkAdopted, TargetType: "framework", Target: f.ID,
			Fields: map[string]string{"bands": strings.Join(bands, ", "), "source": strings.Join(slices.Compact(sources), "; ")}})
		tx.Answer(map[string]any{"framework": f.ID})
		return nil
	})
}

// BandThresholds lists what the organisation has set for a framework, lowest
// first; nothing when it has not. It needs framework.read.
func (a *App) BandThresholds(ctx context.Context, who access.Actor, frameworkID string) ([]framework.Threshold, error) {
	var out []framework.Threshold
	err := a.reading(ctx, who, access.FrameworkRead, func(tx *store.Tx, scope access.Scope) error {
		if _, err := a.profiled(frameworkID, a.newest(frameworkID)); err != nil {
			return err
		}
		var err error
		out, err = thresholdsOf(ctx, tx, scope, frameworkID)
		return err
	})
	return out, err
}

// Confidence gives the confidence profile of an assessment: what is met of what
// applies, and a band when the organisation has set thresholds. The problems say
// why thresholds that were set do not fit the version of the framework. What was
// carried over counts once somebody confirmed it. It needs assessment.read.
//
// It fails with fault.Invalid for a framework without a confidence profile.
func (a *App) Confidence(ctx context.Context, who access.Actor, assessmentID string) (framework.Confidence, []framework.Problem, error) {
	var out framework.Confidence
	var problems []framework.Problem
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, assessmentID)
		if err != nil {
			return err
		}
		f, err := a.profiled(sub.as.Framework, sub.as.FrameworkVersion)
		if err != nil {
			return err
		}
		rows, err := tx.Responses(ctx, sub.as)
		if err != nil {
			return err
		}
		claims := map[string]string{}
		for _, r := range domainResponses(rows) {
			if r.Counts() {
				claims[r.Requirement] = r.Claim.String()
			}
		}
		thresholds, err := thresholdsOf(ctx, tx, scope, f.ID)
		out, problems = framework.ConfidenceProfile(f, scopeOf(sub), claims, thresholds)
		return err
	})
	return out, problems, err
}

// profiled reads a framework that is summed up as a confidence profile.
func (a *App) profiled(id, version string) (*framework.Framework, error) {
	f, err := a.Frameworks.Get(id, version)
	if err != nil {
		return nil, errNotFound
	}
	if f.RollUp.Function != framework.RollUpConfidenceProfile {
		var p fault.Problems
		p.Add("/framework", "%s has no confidence profile, so it has no bands.", f.Short)
		return nil, p.Err()
	}
	return f, nil
}

func thresholdsOf(ctx context.Context, tx *store.Tx, scope access.Scope, frameworkID string) ([]framework.Threshold, error) {
	rows, err := tx.BandThresholds(ctx, scope, frameworkID)
	var out []framework.Threshold
	for _, b := range rows {
		out = append(out, threshold(b))
	}
	return out, err
}

func threshold(b store.BandThreshold) framework.Threshold {
	return framework.Threshold{Band: b.Band, AtLeast: b.AtLeast, Source: b.Source}
}

// thresholdProblems gives what is wrong with thresholds to whoever entered them.
func thresholdProblems(list []framework.Problem) error {
	var p fault.Problems
	for _, found := range list {
		if !found.Warning {
			p.Add(found.Pointer, "%s", found.Fix)
		}
	}
	return p.Err()
}
