package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// AnswerLine is one requirement of an assessment with its answer and standing.
type AnswerLine struct {
	Requirement *framework.Requirement
	Group       *framework.Group // the innermost heading
	Answer      assessment.Response
	Standing    assessment.Standing
	Evidence    int // records linked
}

// AssessmentView is an assessment with every question in scope: the task list,
// the check-answers page and the API's list of responses.
type AssessmentView struct {
	Assessment   Assessment
	System       System
	Organisation Organisation
	Framework    *framework.Framework
	Lines        []AnswerLine // in reading order
	Needs        assessment.Needs
	Countdown    assessment.Countdown
	DaysLeft     int
	People       map[string]string // names of people whose ids occur
	Shares       []Share
	Now          int64
}

// AssessmentView reads one assessment. It needs assessment.read.
func (a *App) AssessmentView(ctx context.Context, who access.Actor, id string) (AssessmentView, error) {
	var v AssessmentView
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		return a.fillView(ctx, tx, sub, &v)
	})
	return v, err
}

func (a *App) fillView(ctx context.Context, tx *store.Tx, sub subject, v *AssessmentView) error {
	v.Assessment, v.System, v.Organisation, v.Framework, v.Now = sub.as, sub.system, sub.org, sub.framework, tx.Now()
	rows, err := tx.Responses(ctx, sub.as)
	if err != nil {
		return err
	}
	standings, err := a.standingsNow(ctx, tx, sub.as)
	if err != nil {
		return err
	}
	linked, err := tx.LinkedTo(ctx, sub.system, sub.as.Framework, "")
	if err != nil {
		return err
	}
	if v.Shares, err = tx.Shares(ctx, sub.as); err != nil {
		return err
	}
	answers, records := map[string]assessment.Response{}, map[string]int{}
	ids := []string{sub.as.SubmittedBy, sub.as.ApprovedBy}
	responses, today := domainResponses(rows), civil.OfMicro(tx.Now(), zoneOf(sub.org))
	for i := range responses {
		r := &responses[i]
		r.Attention = assessment.AttentionNow(*r, standings[r.Requirement], today)
		answers[r.Requirement] = *r
		ids = append(ids, r.Author, r.Delegate)
	}
	for _, l := range linked {
		records[l.Link.Requirement]++
	}
	groups := map[string]*framework.Group{}
	sub.framework.Walk(func(path []*framework.Group, r *framework.Requirement) { groups[r.ID] = path[len(path)-1] })
	reqs := scopeOf(sub)
	for _, r := range reqs {
		answer := answers[r.ID]
		answer.Requirement = r.ID
		v.Lines = append(v.Lines, AnswerLine{Requirement: r, Group: groups[r.ID], Answer: answer, Standing: standings[r.ID], Evidence: records[r.ID]})
	}
	v.Needs = assessment.CountNeeds(reqs, responses)
	due := sub.as.DueOn
	if assessment.State(sub.as.State).Frozen() {
		due = sub.as.NextDueOn
	}
	v.Countdown, v.DaysLeft = assessment.CountDown(due, tx.Now(), zoneOf(sub.org))
	v.People, err = a.actorNames(ctx, tx, ids)
	return err
}

// QuestionView is one question page: guidance, the answer, what holds it up,
// what was said before and elsewhere.
type QuestionView struct {
	AssessmentView
	Line        AnswerLine
	Previous    string // requirement id before this one, "" for the first
	Next        string
	Linked      []LinkedEvidence
	Revisions   []Revision
	Suggestions []SuggestedAnswer
	Draft       *Draft
	Members     []Person // who may be asked to find out
}

// Revision and Draft as callers see them.
type (
	Revision = store.Revision
	Draft    = store.Draft
	Person   = store.Person
)

// SuggestedAnswer is an answer given in another framework to a requirement that
// speaks of the same matter. It is shown and never filled in.
type SuggestedAnswer struct {
	Framework   *framework.Framework
	Requirement *framework.Requirement
	Relation    string
	Claim       string // "" when it is not answered there
	Support     string
	Evidence    []Evidence // linked there and not here
}

// QuestionView reads one question of an assessment. It needs assessment.read.
func (a *App) QuestionView(ctx context.Context, who access.Actor, id, requirement string) (QuestionView, error) {
	var v QuestionView
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		if err := a.fillView(ctx, tx, sub, &v.AssessmentView); err != nil {
			return err
		}
		if !v.place(requirement) {
			return errNotFound
		}
		if v.Linked, err = tx.LinkedTo(ctx, sub.system, sub.as.Framework, requirement); err != nil {
			return err
		}
		if v.Revisions, err = tx.Revisions(ctx, sub.as, requirement); err != nil {
			return err
		}
		if v.Members, err = tx.Members(ctx, scope, "", "", 200); err != nil {
			return err
		}
		draft, err := tx.Draft(ctx, sub.as, requirement, who.ID)
		if err == nil {
			v.Draft = &draft
		} else if ignoreNotFound(err) != nil {
			return err
		}
		for _, rev := range v.Revisions {
			if v.People[rev.Author] == "" {
				names, err := a.actorNames(ctx, tx, []string{rev.Author})
				if err != nil {
					return err
				}
				v.People[rev.Author] = names[rev.Author]
			}
		}
		v.Suggestions, err = a.suggestions(ctx, tx, sub, requirement, v.Linked)
		return err
	})
	return v, err
}

// place finds the line of a requirement and its neighbours.
func (v *QuestionView) place(requirement string) bool {
	for i, line := range v.Lines {
		if line.Requirement.ID != requirement {
			continue
		}
		v.Line = line
		if i > 0 {
			v.Previous = v.Lines[i-1].Requirement.ID
		}
		if i+1 < len(v.Lines) {
			v.Next = v.Lines[i+1].Requirement.ID
		}
		return true
	}
	return false
}

// suggestions looks for answers and evidence of the same system in frameworks
// that a crosswalk links to the requirement.
func (a *App) suggestions(ctx context.Context, tx *store.Tx, sub subject, requirement string, have []store.LinkedEvidence) ([]SuggestedAnswer, error) {
	live, err := tx.LiveAssessments(ctx, sub.system)
	if err != nil {
		return nil, err
	}
	byFramework := map[string]store.Assessment{}
	for _, as := range live {
		if as.ID != sub.as.ID {
			byFramework[as.Framework+"@"+as.FrameworkVersion] = as
		}
	}
	if len(byFramework) == 0 {
		return nil, nil
	}
	all, err := a.Frameworks.All()
	if err != nil {
		return nil, err
	}
	linkedHere := map[string]bool{}
	for _, l := range have {
		linkedHere[l.Evidence.ID] = true
	}
	var out []SuggestedAnswer
	for _, s := range framework.Suggestions(all, sub.framework, requirement) {
		as, open := byFramework[s.Framework.Key()]
		if !open {
			continue
		}
		for _, r := range s.Requirements {
			suggested, err := a.suggested(ctx, tx, sub, as, s, r, linkedHere)
			if err != nil {
				return nil, err
			}
			if suggested.Claim != "" || len(suggested.Evidence) > 0 {
				out = append(out, suggested)
			}
		}
	}
	return out, nil
}

func (a *App) suggested(ctx context.Context, tx *store.Tx, sub subject, as store.Assessment, s framework.Suggestion, r *framework.Requirement, linkedHere map[string]bool) (SuggestedAnswer, error) {
	out := SuggestedAnswer{Framework: s.Framework, Requirement: r, Relation: s.Relation}
	resp, err := tx.Response(ctx, as, r.ID)
	if ignoreNotFound(err) != nil {
		return out, err
	}
	if c := claimOf(resp); c.Answered() {
		out.Claim = c.String()
		st, err := tx.Standing(ctx, as, r.ID)
		if ignoreNotFound(err) != nil {
			return out, err
		}
		out.Support = st.Support
	}
	linked, err := tx.LinkedTo(ctx, sub.system, as.Framework, r.ID)
	for _, l := range linked {
		if !linkedHere[l.Evidence.ID] && l.Evidence.WithdrawnAt == 0 {
			out.Evidence = append(out.Evidence, l.Evidence)
		}
	}
	return out, err
}

// AssessmentsIn lists the assessments of one system, newest first. It needs
// assessment.read.
func (a *App) AssessmentsIn(ctx context.Context, who access.Actor, system string) ([]Assessment, error) {
	var out []Assessment
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		out, err = tx.AssessmentsOf(ctx, s, 500)
		return err
	})
	return out, err
}

// AssessmentFilter narrows the list of assessments over systems.
type AssessmentFilter = store.AssessmentFilter

// Assessments lists assessments over all systems of the scope, newest first: with
// the states approved and shared it is the assurance pool. It needs
// assessment.read.
func (a *App) Assessments(ctx context.Context, who access.Actor, f AssessmentFilter, page Page) (ListOf[AssessmentLine], error) {
	var out ListOf[AssessmentLine]
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	after, err := page.parts(2)
	if err != nil {
		return out, err
	}
	f.AfterID, f.Limit = after[1], limit+1
	if after[0] != "" {
		if _, err := fmt.Sscan(after[0], &f.AfterAt); err != nil {
			return out, fault.New(fault.Invalid, "The cursor is not one that this list gave out.")
		}
	}
	err = a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		out.Items, out.Total, err = tx.Assessments(ctx, scope, f)
		return err
	})
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		last := out.Items[limit-1].Assessment
		out.Next = cursor(fmt.Sprint(last.CreatedAt), last.ID)
	}
	return out, err
}

// SystemHistory lists the moves of a system's standings, newest first, before a
// time (0 = now). It needs system.read.
func (a *App) SystemHistory(ctx context.Context, who access.Actor, id string, before int64, limit int) (System, []StandingEvent, error) {
	var s System
	var out []StandingEvent
	err := a.reading(ctx, who, access.SystemRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if s, err = tx.System(ctx, scope, id); err != nil {
			return err
		}
		out, err = tx.StandingEvents(ctx, s, before, min(max(limit, 1), MaxLimit))
		return err
	})
	return s, out, err
}

// SystemMoves lists all moves of a system's standings, newest first, a page at a
// time. It needs system.read.
func (a *App) SystemMoves(ctx context.Context, who access.Actor, id string, page Page) (ListOf[StandingEvent], error) {
	var out ListOf[StandingEvent]
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	last, err := moveOf(page)
	if err != nil {
		return out, err
	}
	err = a.reading(ctx, who, access.SystemRead, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, id)
		if err != nil {
			return err
		}
		out.Items, out.Total, err = tx.StandingEventsAfter(ctx, s, last, limit+1)
		return err
	})
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		e := out.Items[limit-1]
		out.Next = cursor(strconv.FormatInt(e.At, 10), e.Assessment, e.Requirement)
	}
	return out, err
}

// moveOf is the move at which the page before ended, nil at the start.
func moveOf(page Page) (*store.StandingEvent, error) {
	parts, err := page.parts(3)
	if err != nil || page.After == "" {
		return nil, err
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return nil, errCursor()
	}
	return &store.StandingEvent{At: at, Assessment: parts[1], Requirement: parts[2]}, nil
}

// AsAt is how the answers of a system stood at a time.
type AsAt struct {
	System    System
	At        int64
	Standings []StandingAt
}

// StandingAt is one standing at a time in the past.
type StandingAt struct {
	Assessment, Requirement, Level, Support, Why string
	Since                                        int64
}

// SystemAsAt replays the moves of a system up to a time. It needs system.read.
func (a *App) SystemAsAt(ctx context.Context, who access.Actor, id string, at int64) (AsAt, error) {
	out := AsAt{At: at}
	err := a.reading(ctx, who, access.SystemRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if out.System, err = tx.System(ctx, scope, id); err != nil {
			return err
		}
		seen := map[string]bool{}
		events, err := tx.StandingEvents(ctx, out.System, at+1, 100_000)
		for _, e := range events { // newest first: the first of each requirement counts
			key := e.Assessment + "/" + e.Requirement
			if seen[key] {
				continue
			}
			seen[key] = true
			out.Standings = append(out.Standings, StandingAt{Assessment: e.Assessment, Requirement: e.Requirement, Level: e.AfterLevel,
				Support: e.AfterSupport, Why: e.Why, Since: e.At})
		}
		return err
	})
	return out, err
}

// FrameworkHeads lists the shipped frameworks without their content. It needs
// framework.read.
func (a *App) FrameworkHeads(ctx context.Context, who access.Actor) ([]*framework.Framework, error) {
	if _, err := access.Decide(who, access.FrameworkRead); err != nil {
		return nil, err
	}
	return a.Frameworks.Heads(), nil
}

// FrameworkName is the short title of a framework, or its id when it does not
// ship.
func (a *App) FrameworkName(id string) string {
	for _, h := range a.Frameworks.Heads() {
		if h.ID == id {
			return h.Short
		}
	}
	return id
}

// FrameworkView returns one framework whole. It needs framework.read.
func (a *App) FrameworkView(ctx context.Context, who access.Actor, id, version string) (*framework.Framework, error) {
	if _, err := access.Decide(who, access.FrameworkRead); err != nil {
		return nil, err
	}
	if version == "" {
		version = a.newest(id)
	}
	return a.Frameworks.Get(id, version)
}

// DraftFields reads the form values that a draft holds.
func DraftFields(d Draft) (map[string]string, error) {
	var fields map[string]string
	if err := json.Unmarshal([]byte(d.Body), &fields); err != nil {
		return nil, fmt.Errorf("draft of %s: %w", d.Requirement, err)
	}
	return fields, nil
}
