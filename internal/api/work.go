package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

type workBody struct {
	ID         string `json:"id" doc:"Reason and thing."`
	Reason     string `json:"reason"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	Path       string `json:"path" doc:"Page that deals with it."`
	On         string `json:"on"`
	Assessment string `json:"assessment" ref:"assessment"`
	System     string `json:"system" ref:"system"`
}

type feedbackOutcome struct {
	State   string `json:"state" enum:"done,declined"`
	Outcome string `json:"outcome"`
}

func workKey(w app.WorkItem) string { return w.Reason + " " + w.Path }

func work(s *server) {
	route(s, Operation{ID: "listWork", Method: "GET", Path: "/work", Summary: "List what waits for whoever asks, most pressing first", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[workBody], error) {
			w, err := s.app.MyWork(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf(w.Items, *in, app.DefaultLimit, workKey, func(i app.WorkItem) workBody {
				return workBody{ID: workKey(i), Reason: i.Reason, Title: i.Title, Detail: i.Detail, Path: i.Path, On: string(i.On), Assessment: i.Assessment, System: i.System}
			})
		})
}

type feedbackBody struct {
	ID        string     `json:"id" ref:"feedback"`
	Framework string     `json:"framework" ref:"framework"`
	Place     string     `json:"place"`
	Words     string     `json:"words"`
	SentBy    string     `json:"sent_by" ref:"user"`
	SentAt    *time.Time `json:"sent_at"`
	State     string     `json:"state"`
	Outcome   string     `json:"outcome"`
	HandledAt *time.Time `json:"handled_at"`
	Version   int64      `json:"version"`
}

func feedbackOf(f app.Feedback) feedbackBody {
	return feedbackBody{ID: f.ID, Framework: f.Framework, Place: f.Place, Words: f.Words, SentBy: f.SentBy, SentAt: instant(f.SentAt), State: f.State,
		Outcome: f.Outcome, HandledAt: instant(f.HandledAt), Version: f.Version}
}

type newFeedback struct {
	Framework string `json:"framework" ref:"framework"`
	Place     string `json:"place,omitempty" doc:"Requirement or activity."`
	Words     string `json:"words"`
}

func feedback(s *server) {
	route(s, Operation{ID: "listFeedback", Method: "GET", Path: "/feedback", Summary: "List what readers say is missing from the guidance", Needs: access.FeedbackHandle},
		func(ctx context.Context, who access.Actor, in *struct {
			Paging
			State string `query:"state" enum:"open,done,declined"`
		}) (*listed[feedbackBody], error) {
			all, err := s.app.FeedbackIn(ctx, who, in.State)
			if err != nil {
				return nil, err
			}
			return pageOf(all, in.Paging, app.DefaultLimit, func(f app.Feedback) string { return f.ID }, feedbackOf)
		})
	route(s, Operation{ID: "sendFeedback", Method: "POST", Path: "/feedback", Summary: "Say what is missing from the guidance", Needs: access.FeedbackSend, created: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body newFeedback }) (*created, error) {
			c, r, err := s.app.SendFeedback(ctx, who, in.Body.Framework, in.Body.Place, in.Body.Words)
			return creation("/feedback", c, r, err)
		})
	route(s, Operation{ID: "handleFeedback", Method: "POST", Path: "/feedback/{id}/outcome", Summary: "Close a note as done or declined", Needs: access.FeedbackHandle},
		func(ctx context.Context, who access.Actor, in *struct {
			ID string `path:"id" ref:"feedback"`
			Precondition
			Body feedbackOutcome
		}) (*done, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return finished(s.app.HandleFeedback(ctx, who, in.ID, v, in.Body.State, in.Body.Outcome))
		})
}
