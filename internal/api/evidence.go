package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

type EvidenceBody struct {
	ID              string     `json:"id" ref:"evidence"`
	Title           string     `json:"title"`
	Edition         string     `json:"edition" doc:"Version of the document."`
	Kind            string     `json:"kind"`
	System          string     `json:"system" ref:"system" doc:"Empty for the whole organisation."`
	Link            string     `json:"link"`
	Place           string     `json:"place" doc:"Where in the document."`
	Owner           string     `json:"owner"`
	Marking         string     `json:"marking"`
	ProducedOn      string     `json:"produced_on"`
	ValidUntil      string     `json:"valid_until" doc:"Last day."`
	ReceivedAt      *time.Time `json:"received_at"`
	WithdrawnAt     *time.Time `json:"withdrawn_at"`
	WithdrawnReason string     `json:"withdrawn_reason"`
	File            *fileBody  `json:"file" doc:"Null when no file is on record."`
	Held            *heldBody  `json:"held" doc:"Null unless it is held elsewhere because of its marking."`
	Version         int64      `json:"version"`
}

type fileBody struct {
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

type heldBody struct {
	Reference string `json:"reference,omitempty"`
	Marking   string `json:"marking,omitempty"`
	Custodian string `json:"custodian,omitempty"`
	SeenBy    string `json:"seen_by,omitempty"`
	SeenOn    string `json:"seen_on,omitempty"`
}

type withdrawReason struct {
	Reason string `json:"reason"`
}

func evidenceOf(e app.Evidence) EvidenceBody {
	out := EvidenceBody{ID: e.ID, Title: e.Title, Edition: e.Edition, Kind: e.Kind, System: e.System, Link: e.Location, Place: e.Place, Owner: e.Owner, Marking: e.Marking,
		ProducedOn: string(e.ProducedOn), ValidUntil: string(e.ValidUntil), ReceivedAt: instant(e.ReceivedAt), WithdrawnAt: instant(e.WithdrawnAt),
		WithdrawnReason: e.WithdrawnReason, Version: e.Version}
	if e.File != "" {
		out.File = &fileBody{Name: e.FileName, MediaType: e.MediaType, Size: e.FileSize, SHA256: e.Digest}
	}
	if e.HeldReference != "" {
		out.Held = &heldBody{Reference: e.HeldReference, Marking: e.HeldMarking, Custodian: e.HeldCustodian, SeenBy: e.HeldSeenBy, SeenOn: string(e.HeldSeenOn)}
	}
	return out
}

type evidenceViewBody struct {
	EvidenceBody
	Freshness string     `json:"freshness"`
	Links     []linkBody `json:"links" nullable:"false"`
}

type linkBody struct {
	System      string     `json:"system" ref:"system"`
	Framework   string     `json:"framework" ref:"framework"`
	Requirement string     `json:"requirement" ref:"requirement"`
	LinkedAt    *time.Time `json:"linked_at"`
}

type EvidencePath struct {
	ID string `path:"id" ref:"evidence"`
}

type evidenceChange struct {
	Title      string    `json:"title"`
	Edition    string    `json:"edition,omitempty"`
	Kind       string    `json:"kind,omitempty"`
	System     string    `json:"system,omitempty" ref:"system"`
	Link       string    `json:"link,omitempty"`
	Place      string    `json:"place,omitempty"`
	Owner      string    `json:"owner,omitempty"`
	Marking    string    `json:"marking,omitempty"`
	ProducedOn string    `json:"produced_on,omitempty"`
	ValidUntil string    `json:"valid_until,omitempty"`
	Held       *heldBody `json:"held,omitempty"`
}

func (b evidenceChange) input(ctx context.Context) app.EvidenceInput {
	in := app.EvidenceInput{Title: b.Title, Edition: b.Edition, Kind: b.Kind, System: b.System, Link: b.Link, Place: b.Place, Owner: b.Owner, Marking: b.Marking,
		ProducedOn: civil.Date(b.ProducedOn), ValidUntil: civil.Date(b.ValidUntil)}
	if h := b.Held; h != nil {
		in.HeldReference, in.HeldMarking, in.HeldCustodian, in.HeldSeenBy, in.HeldSeenOn = h.Reference, h.Marking, h.Custodian, h.SeenBy, civil.Date(h.SeenOn)
	}
	if u, ok := ctx.Value(fileKey{}).(*upload); ok {
		in.Upload = u.input()
	}
	return in
}

type evidenceShown struct {
	ETag string `header:"ETag"`
	Body evidenceViewBody
}

func evidence(s *server) {
	route(s, Operation{ID: "listEvidence", Method: "GET", Path: "/evidence", Summary: "List evidence", Needs: access.EvidenceRead},
		func(ctx context.Context, who access.Actor, in *struct {
			Paging
			EvidenceFilter
		}) (*listed[EvidenceBody], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			l, err := s.app.EvidenceIn(ctx, who, f, in.page())
			if err != nil {
				return nil, err
			}
			return listOf(l, evidenceOf), nil
		})
	route(s, Operation{ID: "createEvidence", Method: "POST", Path: "/evidence", Summary: "Record a piece of evidence, with its file or where it is", Needs: access.EvidenceWrite, created: true, form: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body evidenceChange }) (*created, error) {
			c, r, err := s.app.CreateEvidence(ctx, who, in.Body.input(ctx))
			return creation("/evidence", c, r, err)
		})
	route(s, Operation{ID: "getEvidence", Method: "GET", Path: "/evidence/{id}", Summary: "Read a piece of evidence with where it is used", Needs: access.EvidenceRead},
		func(ctx context.Context, who access.Actor, in *EvidencePath) (*evidenceShown, error) {
			v, err := s.app.EvidenceView(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			out := evidenceViewBody{EvidenceBody: evidenceOf(v.Evidence), Freshness: string(v.Freshness), Links: []linkBody{}}
			for _, l := range v.Links {
				out.Links = append(out.Links, linkBody{System: l.System, Framework: l.Framework, Requirement: l.Requirement, LinkedAt: instant(l.LinkedAt)})
			}
			return &evidenceShown{ETag: etag(v.Evidence.Version), Body: out}, nil
		})
	route(s, Operation{ID: "changeEvidence", Method: "PUT", Path: "/evidence/{id}", Summary: "Replace a piece of evidence", Needs: access.EvidenceWrite, form: true},
		func(ctx context.Context, who access.Actor, in *struct {
			EvidencePath
			Precondition
			Body evidenceChange
		}) (*changed[changedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			r, err := s.app.ChangeEvidence(ctx, who, in.ID, v, in.Body.input(ctx))
			return change(in.ID, v+1, r, err)
		})
	route(s, Operation{ID: "withdrawEvidence", Method: "POST", Path: "/evidence/{id}/withdraw", Summary: "Take a piece of evidence out of use", Needs: access.EvidenceWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			EvidencePath
			Precondition
			Body withdrawReason
		}) (*changed[changedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			r, err := s.app.WithdrawEvidence(ctx, who, in.ID, v, in.Body.Reason)
			return change(in.ID, v+1, r, err)
		})
}
