package api

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

type approveBody struct {
	Digest     string `json:"digest,omitempty" doc:"Content digest that was shown; with it nothing else is approved."`
	SeenAt     string `json:"seen_at,omitempty" doc:"When it was shown, RFC 3339."`
	Statement  string `json:"statement,omitempty" doc:"What is accepted."`
	OnBehalfOf string `json:"on_behalf_of,omitempty" doc:"Name of the accountable person, when acting for them."`
}

type shareRequest struct {
	Recipient string `json:"recipient"`
	Marking   string `json:"marking,omitempty" doc:"That of the report when not said."`
}

type shared struct {
	Location string `header:"Location" doc:"Address of the record of the share."`
	Index    string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log."`
	Body     sharedBody
}

type sharedBody struct {
	ID    string `json:"id" ref:"share"`
	State string `json:"state"`
}

type returnReason struct {
	Reason string `json:"reason"`
}

// nothing is a body that may be there and says nothing.
type nothing struct{}

func assessmentMoves(s *server) {
	route(s, Operation{ID: "submitAssessment", Method: "POST", Path: "/assessments/{id}/submit", Summary: "Send an assessment to the senior responsible owner", Needs: access.AssessmentSubmit},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Precondition
			Body *nothing
		}) (*changed[movedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			a, r, err := s.app.Submit(ctx, who, in.ID, v)
			return movement(a.ID, a.State, a.Version, r, err)
		})
	route(s, Operation{ID: "returnAssessment", Method: "POST", Path: "/assessments/{id}/return", Summary: "Send an assessment back to the team with a reason", Needs: access.AssessmentReturn},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Precondition
			Body returnReason
		}) (*changed[movedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			a, r, err := s.app.Return(ctx, who, in.ID, v, in.Body.Reason)
			return movement(a.ID, a.State, a.Version, r, err)
		})
	route(s, Operation{ID: "approveAssessment", Method: "POST", Path: "/assessments/{id}/approve", Summary: "Approve an assessment: it is frozen with its digest", Needs: access.AssessmentApprove},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Precondition
			Body *approveBody
		}) (*changed[movedBody], error) {
			input, err := approval(in.IfMatch, in.Body)
			if err != nil {
				return nil, err
			}
			a, r, err := s.app.Approve(ctx, who, in.ID, input)
			return movement(a.ID, a.State, a.Version, r, err)
		})
	route(s, Operation{ID: "shareReport", Method: "POST", Path: "/assessments/{id}/share", Summary: "Record that an approved report was given to somebody", Needs: access.AssessmentShare, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Body shareRequest
		}) (*shared, error) {
			c, r, err := s.app.ShareReport(ctx, who, in.ID, in.Body.Recipient, in.Body.Marking)
			body, index, err := settle[sharedBody](r, err, func() any { return sharedBody{ID: c.ID, State: "shared"} })
			if err != nil {
				return nil, err
			}
			return &shared{Location: Prefix + "/assessments/" + in.ID + "/shares/" + body.ID, Index: index, Body: body}, nil
		})
}

func approval(header string, b *approveBody) (app.ApproveInput, error) {
	var in app.ApproveInput
	var err error
	if in.Version, err = version(header); err != nil || b == nil {
		return in, err
	}
	in.Digest, in.Statement, in.OnBehalfOf = b.Digest, b.Statement, b.OnBehalfOf
	if b.SeenAt != "" {
		in.SeenAt, err = timeOf("/seen_at", b.SeenAt)
	}
	return in, err
}
