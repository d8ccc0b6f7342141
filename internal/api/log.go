package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

type entryBody struct {
	ID         string       `json:"id" doc:"The index, as text."`
	Index      int64        `json:"index"`
	At         *time.Time   `json:"at"`
	Action     string       `json:"action"`
	Meaning    string       `json:"meaning"`
	Actor      string       `json:"actor" ref:"actor"`
	ActorName  string       `json:"actor_name"`
	Strength   string       `json:"strength"`
	TargetType string       `json:"target_type"`
	Target     string       `json:"target" ref:"target"`
	Outcome    string       `json:"outcome"`
	RequestID  string       `json:"request_id" ref:"request"`
	Fields     []entryField `json:"fields" nullable:"false"`
	LeafHash   string       `json:"leaf_hash" doc:"Hex."`
}

type entryField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Erased bool   `json:"erased"`
}

func entryOf(e app.AuditEntry) entryBody {
	out := entryBody{ID: itoa(e.Index), Index: e.Index, At: instant(e.At), Action: e.Action, Meaning: e.Description, Actor: e.Actor, ActorName: e.ActorName,
		Strength: e.Strength, TargetType: e.TargetType, Target: e.Target, Outcome: e.Outcome, RequestID: e.RequestID, LeafHash: e.LeafHash, Fields: []entryField{}}
	for _, f := range e.Fields {
		out.Fields = append(out.Fields, entryField{Name: f.Name, Value: f.Value, Erased: f.Erased})
	}
	return out
}

// EntryFilter narrows lists of entries.
type EntryFilter struct {
	Action     string `query:"action"`
	Actor      string `query:"actor" ref:"actor"`
	TargetType string `query:"target_type"`
	Target     string `query:"target" ref:"target"`
	From       string `query:"from" doc:"At or after this time, RFC 3339."`
	To         string `query:"to" doc:"Before this time, RFC 3339."`
}

func (f EntryFilter) filter() (out app.AuditFilter, err error) {
	out = app.AuditFilter{Action: f.Action, Actor: f.Actor, TargetType: f.TargetType, Target: f.Target}
	if f.From != "" {
		if out.From, err = timeOf("/from", f.From); err != nil {
			return out, err
		}
	}
	if f.To != "" {
		out.To, err = timeOf("/to", f.To)
	}
	return out, err
}

type note struct {
	ContentType string `header:"Content-Type"`
	Body        func(huma.Context)
}

func logs(s *server) {
	route(s, Operation{ID: "getCheckpoint", Method: "GET", Path: "/log/checkpoint", Summary: "Read a fresh checkpoint of the audit log as a signed note", Needs: access.CheckpointRead, types: []string{"text/plain"}},
		func(ctx context.Context, who access.Actor, _ *struct{}) (*note, error) {
			signed, err := s.app.Checkpoint(ctx, who)
			if err != nil {
				return nil, err
			}
			return &note{ContentType: "text/plain; charset=utf-8", Body: func(hc huma.Context) {
				hc.SetStatus(200)
				hc.BodyWriter().Write(signed) //nolint:errcheck // the client is gone
			}}, nil
		})
	route(s, Operation{ID: "listLogEntries", Method: "GET", Path: "/log/entries", Summary: "List entries of the audit log, newest first", Needs: access.AuditRead},
		func(ctx context.Context, who access.Actor, in *struct {
			Paging
			EntryFilter
		}) (*listed[entryBody], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			l, err := s.app.AuditEntries(ctx, who, f, in.page())
			if err != nil {
				return nil, err
			}
			return listOf(l, entryOf), nil
		})
}
