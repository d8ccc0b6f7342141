package api

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

type DecisionBody struct {
	ID              string         `json:"id" ref:"decision"`
	Vulnerability   string         `json:"vulnerability" doc:"As whoever decided named it."`
	Component       string         `json:"component" doc:"Package URL; empty for the product as a whole."`
	ComponentVers   string         `json:"component_version" doc:"Empty for every version."`
	System          string         `json:"system" ref:"system" doc:"Empty for every system of the organisation."`
	SystemName      string         `json:"system_name"`
	Release         string         `json:"release" ref:"release" doc:"Empty for every release."`
	ReleaseName     string         `json:"release_name"`
	Status          string         `json:"status" doc:"affected, under_investigation, fixed or not_affected."`
	Justification   string         `json:"justification"`
	Statement       string         `json:"statement" doc:"The impact, in words."`
	Action          string         `json:"action"`
	Condition       string         `json:"condition" doc:"What must stay true for it to hold."`
	Source          string         `json:"source" doc:"person, or the format of the document: openvex, cyclonedx or csaf."`
	Document        string         `json:"document" ref:"document" doc:"The delivered document that says it; empty for a person's decision."`
	Author          string         `json:"author" doc:"Name."`
	MadeAt          *time.Time     `json:"made_at" doc:"As the author says."`
	RecordedAt      *time.Time     `json:"recorded_at"`
	ExpiresAt       *time.Time     `json:"expires_at" doc:"First instant at which it no longer holds; null when it holds until it is withdrawn."`
	WithdrawnAt     *time.Time     `json:"withdrawn_at"`
	WithdrawnBy     string         `json:"withdrawn_by" doc:"Name."`
	WithdrawnReason string         `json:"withdrawn_reason"`
	State           string         `json:"state" doc:"in_force, expired or withdrawn."`
	Followed        bool           `json:"followed" doc:"Findings are judged by it."`
	ReplacedBy      string         `json:"replaced_by" ref:"decision" doc:"A newer one of the same author about the same."`
	Conflicts       []conflictBody `json:"conflicts" nullable:"false" doc:"Others in force about the same that say something else."`
	Refused         string         `json:"refused" doc:"Why it clears nothing though it is in force."`
	Version         int64          `json:"version"`
}

type conflictBody struct {
	ID     string `json:"id" ref:"decision"`
	Status string `json:"status"`
	Author string `json:"author" doc:"Name."`
}

func decisionOf(d app.DecisionLine) DecisionBody {
	out := DecisionBody{ID: d.ID, Vulnerability: d.Vulnerability, Component: d.Component, ComponentVers: d.Versions, System: d.System, SystemName: d.SystemName, Release: d.Release,
		ReleaseName: d.ReleaseName, Status: d.Status, Justification: d.Justification, Statement: d.Statement, Action: d.Action, Condition: d.Condition, Source: d.Source,
		Document: d.Document, Author: d.AuthorName, MadeAt: instant(d.MadeAt), RecordedAt: instant(d.RecordedAt), ExpiresAt: instant(d.ExpiresAt), WithdrawnAt: instant(d.WithdrawnAt),
		WithdrawnBy: d.WithdrawnByName, WithdrawnReason: d.WithdrawnWhy, State: d.State, Followed: d.Followed, ReplacedBy: d.ReplacedBy, Conflicts: []conflictBody{},
		Refused: d.Refused, Version: d.Version}
	for _, c := range d.Conflicts {
		out.Conflicts = append(out.Conflicts, conflictBody{ID: c.ID, Status: c.Status, Author: c.AuthorName})
	}
	return out
}

type decisionViewBody struct {
	DecisionBody
	Aliases   []string       `json:"aliases" nullable:"false" doc:"Other ids of the vulnerability."`
	Exploited bool           `json:"exploited" doc:"The vulnerability is known to be exploited."`
	Others    []DecisionBody `json:"others" nullable:"false" doc:"About the same vulnerability in the same component, whatever became of them; newest first, at most 100."`
}

type decisionShown struct {
	ETag string `header:"ETag"`
	Body decisionViewBody
}

type decisionsBody struct {
	Items  []DecisionBody   `json:"items" nullable:"false"`
	Next   *string          `json:"next" doc:"Cursor of the next page, null on the last."`
	Total  int64            `json:"total" doc:"Items that match, on all pages."`
	Counts map[string]int64 `json:"counts" nullable:"false" doc:"By state, whatever state is asked for."`
}

type newDecision struct {
	Vulnerability string `json:"vulnerability" doc:"Any of its ids."`
	Component     string `json:"component,omitempty" doc:"Package URL, or the name of a component of the system; empty for the product as a whole."`
	AnyVersion    bool   `json:"any_version,omitempty" doc:"Every version of the component, whatever version the package URL names."`
	System        string `json:"system,omitempty" ref:"system" doc:"Empty for every system of the organisation."`
	Release       string `json:"release,omitempty" ref:"release" doc:"Identifier or name; empty for every release."`
	Status        string `json:"status" doc:"affected, under_investigation, fixed or not_affected."`
	Justification string `json:"justification,omitempty" doc:"Of not_affected: component_not_present, vulnerable_code_not_present, vulnerable_code_not_in_execute_path, vulnerable_code_cannot_be_controlled_by_adversary or inline_mitigations_already_exist. Without one a statement is needed."`
	Statement     string `json:"statement,omitempty" doc:"The impact, in words."`
	Action        string `json:"action,omitempty" doc:"What users should do; needed for affected."`
	Condition     string `json:"condition,omitempty" doc:"What must stay true for it to hold."`
	ExpiresOn     string `json:"expires_on,omitempty" doc:"Last day on which it holds, in the organisation's time zone; empty until it is withdrawn."`
}

type decidedBody struct {
	ID       string   `json:"id" ref:"decision"`
	Warnings []string `json:"warnings" nullable:"false" doc:"What may not have been meant."`
}

type decidedAnswer struct {
	Location string `header:"Location" doc:"Address of the decision."`
	Index    string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log."`
	Body     decidedBody
}

type DecisionPath struct {
	ID string `path:"id" ref:"decision"`
}

var vexTypes = []string{"application/json", "application/vnd.cyclonedx+json"}

func decisions(s *server) {
	route(s, Operation{ID: "listDecisions", Method: "GET", Path: "/decisions", Summary: "List what was decided about vulnerabilities, newest first", Needs: access.DecisionRead},
		func(ctx context.Context, who access.Actor, in *struct {
			Paging
			System        string `query:"system" ref:"system" doc:"Decisions that may speak for it, those for every system included."`
			Vulnerability string `query:"vulnerability" maxLength:"400" doc:"By any of its ids."`
			State         string `query:"state" enum:"in_force,conflict,expired,withdrawn" doc:"conflict: in force, and somebody else says otherwise of the same."`
		}) (*struct{ Body decisionsBody }, error) {
			l, err := s.app.Decisions(ctx, who, app.DecisionFilter{System: in.System, Vulnerability: in.Vulnerability, State: in.State}, in.page())
			if err != nil {
				return nil, err
			}
			page := listOf(l.ListOf, decisionOf).Body
			out := decisionsBody{Items: page.Items, Next: page.Next, Total: page.Total, Counts: map[string]int64{}}
			for _, state := range app.DecisionStates() {
				out.Counts[state] = l.Counts[state]
			}
			return &struct{ Body decisionsBody }{out}, nil
		})
	route(s, Operation{ID: "createDecision", Method: "POST", Path: "/decisions", Summary: "Decide about a vulnerability", Needs: access.DecisionWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body newDecision }) (*decidedAnswer, error) {
			b := in.Body
			d, r, err := s.app.MakeDecision(ctx, who, app.DecisionInput{Vulnerability: b.Vulnerability, Component: b.Component, AnyVersion: b.AnyVersion, System: b.System, Release: b.Release,
				Status: b.Status, Justification: b.Justification, Statement: b.Statement, Action: b.Action, Condition: b.Condition, ExpiresOn: civil.Date(b.ExpiresOn)})
			body, index, err := settle[decidedBody](r, err, func() any { return d })
			if err != nil {
				return nil, err
			}
			return &decidedAnswer{Location: Prefix + "/decisions/" + body.ID, Index: index, Body: body}, nil
		})
	route(s, Operation{ID: "getDecision", Method: "GET", Path: "/decisions/{id}", Summary: "Read a decision with the others about the same matter", Needs: access.DecisionRead},
		func(ctx context.Context, who access.Actor, in *DecisionPath) (*decisionShown, error) {
			v, err := s.app.DecisionView(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			out := decisionViewBody{DecisionBody: decisionOf(v.DecisionLine), Aliases: append([]string{}, v.Aliases...), Exploited: v.Exploited, Others: []DecisionBody{}}
			for _, o := range v.Others {
				out.Others = append(out.Others, decisionOf(o))
			}
			return &decisionShown{ETag: etag(v.Version), Body: out}, nil
		})
	route(s, Operation{ID: "withdrawDecision", Method: "POST", Path: "/decisions/{id}/withdraw", Summary: "Withdraw a decision; it stays on record with the reason", Needs: access.DecisionWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			DecisionPath
			Precondition
			Body withdrawReason
		}) (*changed[changedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			r, err := s.app.WithdrawDecision(ctx, who, in.ID, v, in.Body.Reason)
			return change(in.ID, v+1, r, err)
		})
	route(s, Operation{ID: "exportSystemVex", Method: "GET", Path: "/systems/{id}/vex", Summary: "Export the decisions that hold for a system, as a VEX document", Needs: access.DecisionRead, types: vexTypes},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			VEXFormat
			Release string `query:"release" ref:"release" doc:"Identifier or name; of every release when not said."`
			Include string `query:"include" enum:"open" doc:"open: matches that nobody decided about too, as under investigation."`
		}) (*streamed, error) {
			return s.exportVEX(ctx, who, app.VEXInput{System: in.ID, Release: in.Release, Format: in.Format, Open: in.Include == "open"})
		})
	route(s, Operation{ID: "exportVex", Method: "GET", Path: "/vex", Summary: "Export the decisions that hold for every system, as a VEX document", Needs: access.DecisionRead, types: vexTypes},
		func(ctx context.Context, who access.Actor, in *VEXFormat) (*streamed, error) {
			return s.exportVEX(ctx, who, app.VEXInput{Format: in.Format})
		})
}

// VEXFormat is the form of an export of decisions.
type VEXFormat struct {
	Format string `query:"format" enum:"openvex,cyclonedx,csaf" default:"openvex"`
}

func (s *server) exportVEX(ctx context.Context, who access.Actor, in app.VEXInput) (*streamed, error) {
	v, r, err := s.app.ExportVEX(ctx, who, in)
	if err != nil {
		return nil, err
	}
	out := attachment(v.Name, v.MediaType, io.NopCloser(bytes.NewReader(v.Content)))
	out.Index = itoa(r.Index)
	return out, nil
}
