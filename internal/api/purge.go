package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

type purgeBody struct {
	ID          string     `json:"id" ref:"purge"`
	TargetType  string     `json:"target_type"`
	Target      string     `json:"target" doc:"Title of the record, or the requirement."`
	Assessment  string     `json:"assessment" ref:"assessment"`
	Requirement string     `json:"requirement" ref:"requirement"`
	Reason      string     `json:"reason"`
	State       string     `json:"state"`
	Digest      string     `json:"digest" doc:"Salted digest of what was removed."`
	RequestedBy string     `json:"requested_by" doc:"Name."`
	RequestedAt *time.Time `json:"requested_at"`
	DecidedBy   string     `json:"decided_by" doc:"Name."`
	DecidedAt   *time.Time `json:"decided_at"`
}

func purgeOf(l app.PurgeLine) purgeBody {
	p := l.Purge
	return purgeBody{ID: p.ID, TargetType: p.TargetType, Target: l.Target, Assessment: l.Assessment, Requirement: l.Requirement, Reason: p.Reason, State: p.State,
		Digest: p.Digest, RequestedBy: l.RequestedBy, RequestedAt: instant(p.RequestedAt), DecidedBy: l.DecidedBy, DecidedAt: instant(p.ApprovedAt)}
}

type newPurge struct {
	TargetType  string `json:"target_type" enum:"evidence,response"`
	Evidence    string `json:"evidence,omitempty" ref:"evidence"`
	Assessment  string `json:"assessment,omitempty" ref:"assessment"`
	Requirement string `json:"requirement,omitempty" ref:"requirement"`
	Reason      string `json:"reason" doc:"Stays on record, so it must not repeat the content."`
}

// check refuses a field that the target does not have: it would be left unread,
// and somebody might think it was heeded.
func (b newPurge) check() error {
	var p fault.Problems
	for pointer, stray := range map[string]bool{"/evidence": b.TargetType != app.PurgeEvidence && b.Evidence != "",
		"/assessment": b.TargetType != app.PurgeResponse && b.Assessment != "", "/requirement": b.TargetType != app.PurgeResponse && b.Requirement != ""} {
		if stray {
			p.Add(pointer, "This does not belong to the type of target.")
		}
	}
	return p.Err()
}

type purgedBody struct {
	ID     string `json:"id" ref:"purge"`
	Digest string `json:"digest"`
	Salt   string `json:"salt" doc:"Opens the digest. It is shown once and kept nowhere."`
}

type purgeRejection struct {
	Reason string `json:"reason"`
}

type purgePath struct {
	ID string `path:"id" ref:"purge"`
}

func purges(s *server) {
	route(s, Operation{ID: "listPurges", Method: "GET", Path: "/purges", Summary: "List requests to remove content, and what was removed", Needs: access.PurgeRequest},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[purgeBody], error) {
			all, err := s.app.Purges(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf(all, *in, app.DefaultLimit, func(l app.PurgeLine) string { return l.Purge.ID }, purgeOf)
		})
	route(s, Operation{ID: "requestPurge", Method: "POST", Path: "/purges", Summary: "Ask for content to be removed for good", Needs: access.PurgeRequest, created: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body newPurge }) (*created, error) {
			b := in.Body
			if err := b.check(); err != nil {
				return nil, err
			}
			c, r, err := s.app.RequestPurge(ctx, who, app.PurgeInput{TargetType: b.TargetType, Evidence: b.Evidence, Assessment: b.Assessment, Requirement: b.Requirement, Reason: b.Reason})
			return creation("/purges", c, r, err)
		})
	route(s, Operation{ID: "approvePurge", Method: "POST", Path: "/purges/{id}/approve", Summary: "Remove the content that somebody else asked to have removed", Needs: access.PurgeApprove, secret: true},
		func(ctx context.Context, who access.Actor, in *purgePath) (*changed[purgedBody], error) {
			p, r, err := s.app.ApprovePurge(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return &changed[purgedBody]{Index: itoa(r.Index), Body: purgedBody{ID: p.ID, Digest: p.Digest, Salt: p.Salt}}, nil
		})
	route(s, Operation{ID: "rejectPurge", Method: "POST", Path: "/purges/{id}/reject", Summary: "Turn a request to remove content down", Needs: access.PurgeApprove},
		func(ctx context.Context, who access.Actor, in *struct {
			ID   string `path:"id" ref:"purge"`
			Body purgeRejection
		}) (*done, error) {
			return finished(s.app.RejectPurge(ctx, who, in.ID, in.Body.Reason))
		})
}

type clockBody struct {
	Now string `json:"now" doc:"The time, RFC 3339."`
}

type clockMoved struct {
	Index string `header:"Touchstone-Audit-Index"`
	Body  clockBody
}

func demoClock(s *server) {
	route(s, Operation{ID: "moveDemoClock", Method: "POST", Path: "/demo/clock", Summary: "Move the clock of a demo forward", Needs: access.SelfWrite},
		func(ctx context.Context, who access.Actor, in *struct{ Body clockBody }) (*clockMoved, error) {
			at, err := timeOf("/now", in.Body.Now)
			if err != nil {
				return nil, err
			}
			to := time.UnixMicro(at).UTC()
			r, err := s.app.MoveDemoClock(ctx, who, to)
			body, index, err := settle[clockBody](r, err, func() any { return clockBody{Now: to.Format(time.RFC3339)} })
			if err != nil {
				return nil, err
			}
			return &clockMoved{Index: index, Body: body}, nil
		})
}
