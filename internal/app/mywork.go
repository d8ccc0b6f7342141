package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// WorkItem is one thing that waits for the person, with the reason.
type WorkItem struct {
	Reason     string // stable word: approve, overdue, due_soon, find_out, purge, contradicted, stale
	Title      string
	Detail     string
	Path       string // page that deals with it
	On         civil.Date
	Assessment string
	System     string
}

// Work is a person's inbox, grouped by reason, most pressing first.
type Work struct {
	Items []WorkItem
	More  bool // something was left out: a list was longer than its bound
	Now   int64
}

const workLimit = 100

// MyWork lists what waits for the actor in the organisation they act in. It needs
// assessment.read.
func (a *App) MyWork(ctx context.Context, who access.Actor) (Work, error) {
	var w Work
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		org, err := tx.Organisation(ctx, scope)
		if err != nil {
			return err
		}
		w.Now = tx.Now()
		day := today(tx, org)
		if err := a.workOnAssessments(ctx, tx, scope, who, day, &w); err != nil {
			return err
		}
		if err := a.workToFindOut(ctx, tx, scope, who, &w); err != nil {
			return err
		}
		if err := workOnPurges(ctx, tx, scope, who, &w); err != nil {
			return err
		}
		return a.workOnSupport(ctx, tx, scope, who, day, &w)
	})
	return w, err
}

func (a *App) workOnAssessments(ctx context.Context, tx *store.Tx, scope access.Scope, who access.Actor, day civil.Date, w *Work) error {
	if access.May(who, access.AssessmentApprove) {
		lines, total, err := tx.Assessments(ctx, scope, store.AssessmentFilter{States: []string{string(assessment.SROReview)}, Limit: workLimit})
		if err != nil {
			return err
		}
		for _, l := range lines {
			w.Items = append(w.Items, WorkItem{Reason: "approve", Title: l.SystemName, Detail: "The team sent this assessment to you. Read it, then approve it or send it back.",
				Path: "/assessments/" + l.Assessment.ID + "/sign-off", On: l.Assessment.DueOn, Assessment: l.Assessment.ID, System: l.Assessment.System})
		}
		w.More = w.More || total > int64(len(lines))
	}
	if !answersOrSigns(who) {
		return nil
	}
	// What nobody started counts from some days before its date; what is under way
	// always does.
	soon := day.AddDays(assessment.DueSoonDays + 1)
	for _, list := range []struct {
		states []string
		before civil.Date
	}{
		{[]string{string(assessment.Due), string(assessment.Lapsed)}, soon},
		{[]string{string(assessment.Draft), string(assessment.Ready)}, farOff},
	} {
		lines, err := tx.AssessmentsDue(ctx, scope, list.states, list.before, workLimit+1)
		if err != nil {
			return err
		}
		if len(lines) > workLimit {
			lines, w.More = lines[:workLimit], true
		}
		for _, l := range lines {
			// Whoever signs is warned of what is late, and does not do the work.
			if item := openItem(l, day, soon); item.Reason == "overdue" || access.May(who, access.ResponseWrite) {
				w.Items = append(w.Items, item)
			}
		}
	}
	slices.SortStableFunc(w.Items, func(x, y WorkItem) int {
		return slices.Index(workOrder(), x.Reason) - slices.Index(workOrder(), y.Reason)
	})
	return nil
}

// answersOrSigns says who hears of late assessments and of support that fell: the
// team that can mend it, and whoever is accountable for it.
func answersOrSigns(who access.Actor) bool {
	return access.May(who, access.ResponseWrite) || access.May(who, access.AssessmentApprove)
}

// farOff is after every date that an assessment can be due.
const farOff civil.Date = "9999-12-31"

// openItem says why an assessment that is not with the SRO waits for the team.
func openItem(l store.AssessmentLine, day, soon civil.Date) WorkItem {
	as := l.Assessment
	item := WorkItem{Reason: "in_progress", Title: l.SystemName, Detail: as.Reason, Path: "/assessments/" + as.ID, On: as.DueOn, Assessment: as.ID, System: as.System}
	switch {
	case as.ReturnReason != "":
		item.Reason, item.Detail = "returned", "The SRO sent this back: "+as.ReturnReason
	case as.DueOn != "" && as.DueOn < day:
		item.Reason = "overdue"
	case as.DueOn != "" && as.DueOn < soon:
		item.Reason = "due_soon"
	}
	return item
}

func workOrder() []string {
	return []string{"approve", "returned", "purge", "overdue", "find_out", "contradicted", "stale", "due_soon", "in_progress"}
}

func (a *App) workToFindOut(ctx context.Context, tx *store.Tx, scope access.Scope, who access.Actor, w *Work) error {
	list, err := tx.Delegated(ctx, scope, who.ID, workLimit)
	if err != nil {
		return err
	}
	for _, l := range list {
		question := l.Response.Requirement
		f, err := a.Frameworks.Get(l.Framework, l.FrameworkVersion)
		if err != nil {
			return err
		}
		if req, known := f.Requirement(l.Response.Requirement); known {
			question = req.Question
		}
		w.Items = append(w.Items, WorkItem{Reason: "find_out", Title: l.SystemName, Detail: question,
			Path: fmt.Sprintf("/assessments/%s/questions/%s", l.Response.Assessment, l.Response.Requirement), On: l.Response.FindOutBy,
			Assessment: l.Response.Assessment, System: l.System})
	}
	return nil
}

// workOnPurges tells administrators that somebody asked for content to be removed.
func workOnPurges(ctx context.Context, tx *store.Tx, scope access.Scope, who access.Actor, w *Work) error {
	if !access.May(who, access.PurgeApprove) {
		return nil
	}
	list, err := tx.Purges(ctx, scope, workLimit)
	for _, p := range list {
		if p.State == PurgeRequested && p.RequestedBy != who.ID {
			w.Items = append(w.Items, WorkItem{Reason: "purge", Title: "Content to remove", Detail: p.Reason, Path: "/purges"})
		}
	}
	return err
}

// workOnSupport lists systems whose support fell.
func (a *App) workOnSupport(ctx context.Context, tx *store.Tx, scope access.Scope, who access.Actor, _ civil.Date, w *Work) error {
	if !answersOrSigns(who) {
		return nil
	}
	for _, fallen := range []assessment.Support{assessment.Contradicted, assessment.Stale} {
		lines, total, err := tx.Systems(ctx, scope, store.SystemFilter{Fallen: string(fallen), Limit: workLimit})
		if err != nil {
			return err
		}
		for _, l := range lines {
			w.Items = append(w.Items, WorkItem{Reason: string(fallen), Title: l.System.Name, Detail: fallen.Meaning() + " " + fallen.Remedy(),
				Path: "/systems/" + l.System.ID, System: l.System.ID})
		}
		w.More = w.More || total > int64(len(lines))
	}
	return nil
}
