package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

type AssessmentBrief struct {
	ID               string     `json:"id" ref:"assessment"`
	System           string     `json:"system" ref:"system"`
	Framework        string     `json:"framework" ref:"framework"`
	FrameworkVersion string     `json:"framework_version"`
	Set              string     `json:"set"`
	State            string     `json:"state"`
	Reason           string     `json:"reason" doc:"Why it is due."`
	Marking          string     `json:"marking"`
	DueOn            string     `json:"due_on"`
	NextDueOn        string     `json:"next_due_on"`
	CreatedAt        *time.Time `json:"created_at"`
	SubmittedAt      *time.Time `json:"submitted_at"`
	ApprovedAt       *time.Time `json:"approved_at"`
	ContentDigest    string     `json:"content_digest" doc:"SHA-256 of what was approved, hex; empty before."`
	Previous         string     `json:"previous" ref:"assessment"`
	Version          int64      `json:"version"`
}

func briefOf(a app.Assessment) AssessmentBrief {
	return AssessmentBrief{ID: a.ID, System: a.System, Framework: a.Framework, FrameworkVersion: a.FrameworkVersion, Set: a.Set, State: a.State, Reason: a.Reason,
		Marking: a.Marking, DueOn: string(a.DueOn), NextDueOn: string(a.NextDueOn), CreatedAt: instant(a.CreatedAt), SubmittedAt: instant(a.SubmittedAt),
		ApprovedAt: instant(a.ApprovedAt), ContentDigest: a.ContentDigest, Previous: a.Previous, Version: a.Version}
}

type poolLine struct {
	AssessmentBrief
	SystemName string `json:"system_name"`
}

type assessmentBody struct {
	AssessmentBrief
	SystemName   string      `json:"system_name"`
	SetReason    string      `json:"set_reason"`
	SubmittedBy  string      `json:"submitted_by" ref:"user"`
	ApprovedBy   string      `json:"approved_by" ref:"user"`
	OnBehalfOf   string      `json:"on_behalf_of" doc:"Name of the accountable person, when somebody acted for them."`
	Declaration  string      `json:"declaration" doc:"What was accepted, in the words of who approved."`
	ReturnReason string      `json:"return_reason"`
	Needs        needsBody   `json:"needs"`
	Countdown    string      `json:"countdown" doc:"none, upcoming, due_soon or overdue."`
	DaysLeft     int         `json:"days_left"`
	Shares       []shareBody `json:"shares" nullable:"false"`
}

type needsBody struct {
	Total     int `json:"total"`
	NeedYou   int `json:"need_you"`
	ToConfirm int `json:"to_confirm"`
	Done      int `json:"done"`
}

type shareBody struct {
	ID        string     `json:"id" ref:"share"`
	Recipient string     `json:"recipient"`
	Marking   string     `json:"marking"`
	At        *time.Time `json:"at"`
	By        string     `json:"by" ref:"user"`
}

func assessmentOf(v app.AssessmentView) assessmentBody {
	a := v.Assessment
	out := assessmentBody{AssessmentBrief: briefOf(a), SystemName: v.System.Name, SetReason: a.SetReason, SubmittedBy: a.SubmittedBy, ApprovedBy: a.ApprovedBy,
		OnBehalfOf: a.OnBehalfOf, Declaration: a.Declaration, ReturnReason: a.ReturnReason, Countdown: string(v.Countdown), DaysLeft: v.DaysLeft, Shares: []shareBody{},
		Needs: needsBody{Total: v.Needs.Total, NeedYou: v.Needs.NeedYou, ToConfirm: v.Needs.ToConfirm, Done: v.Needs.Done}}
	for _, sh := range v.Shares {
		out.Shares = append(out.Shares, shareBody{ID: sh.ID, Recipient: sh.Recipient, Marking: sh.Marking, At: instant(sh.At), By: sh.By})
	}
	return out
}

type AssessmentPath struct {
	ID string `path:"id" ref:"assessment"`
}

type startBody struct {
	Framework string `json:"framework" ref:"framework"`
	Version   string `json:"version,omitempty" doc:"The newest when not said."`
	Set       string `json:"set,omitempty" doc:"The suggested question set when not said."`
	SetReason string `json:"set_reason,omitempty"`
}

type triggerBody struct {
	Framework string `json:"framework" ref:"framework"`
	Kind      string `json:"kind" doc:"Identifier of a trigger that the framework names."`
	Reason    string `json:"reason"`
}

type assessmentShown struct {
	ETag string `header:"ETag"`
	Body assessmentBody
}

func assessments(s *server) {
	route(s, Operation{ID: "startAssessment", Method: "POST", Path: "/systems/{id}/assessments", Summary: "Start an assessment of a system", Needs: access.AssessmentStart, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Body startBody
		}) (*created, error) {
			b := in.Body
			c, r, err := s.app.StartAssessment(ctx, who, in.ID, app.StartInput{Framework: b.Framework, Version: b.Version, Set: b.Set, SetReason: b.SetReason})
			return creation("/assessments", c, r, err)
		})
	route(s, Operation{ID: "listSystemAssessments", Method: "GET", Path: "/systems/{id}/assessments", Summary: "List the assessments of a system, newest first", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *systemList) (*listed[AssessmentBrief], error) {
			all, err := s.app.AssessmentsIn(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOf(all, in.Paging, app.DefaultLimit, func(a app.Assessment) string { return a.ID }, briefOf)
		})
	route(s, Operation{ID: "triggerAssessment", Method: "POST", Path: "/systems/{id}/triggers", Summary: "Say what happened that asks for a new look", Needs: access.AssessmentTrigger, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Body triggerBody
		}) (*created, error) {
			c, r, err := s.app.Trigger(ctx, who, in.ID, app.TriggerInput{Framework: in.Body.Framework, Kind: in.Body.Kind, Reason: in.Body.Reason})
			return creation("/assessments", c, r, err)
		})
	route(s, Operation{ID: "listAssessments", Method: "GET", Path: "/assessments", Summary: "List assessments over all systems, newest first", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *struct {
			Paging
			State     []string `query:"state" maxItems:"20" doc:"One or more states, separated by commas."`
			DueBefore string   `query:"due_before" doc:"Due before this day."`
		}) (*listed[poolLine], error) {
			if err := day("/due_before", in.DueBefore); err != nil {
				return nil, err
			}
			l, err := s.app.Assessments(ctx, who, app.AssessmentFilter{States: in.State, DueBefore: civil.Date(in.DueBefore)}, in.page())
			if err != nil {
				return nil, err
			}
			return listOf(l, func(l app.AssessmentLine) poolLine { return poolLine{briefOf(l.Assessment), l.SystemName} }), nil
		})
	route(s, Operation{ID: "getAssessment", Method: "GET", Path: "/assessments/{id}", Summary: "Read an assessment", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *AssessmentPath) (*assessmentShown, error) {
			v, err := s.app.AssessmentView(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return &assessmentShown{ETag: etag(v.Assessment.Version), Body: assessmentOf(v)}, nil
		})
}
