package api

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// pdfUnavailable is the type of the problem that a report in PDF cannot be made
// on this installation.
const pdfUnavailable = "/problems/pdf-unavailable"

// SignOffBody is what the SRO decides on. It shadows the time with one in the
// form of the API; the digest and this time go into the approval.
type SignOffBody struct {
	report.SignOff
	SeenAt *time.Time `json:"seen_at"`
}

type signOffShown struct {
	Body SignOffBody
}

func reports(s *server) {
	route(s, Operation{ID: "getReport", Method: "GET", Path: "/assessments/{id}/report", Summary: "Produce the report of an approved assessment", Needs: access.ReportRead,
		types: []string{"text/html", "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/json"}, unavailable: "PDF is not available here"},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Format string `query:"format" enum:"html,pdf,docx,json" default:"html"`
		}) (*streamed, error) {
			var b bytes.Buffer
			name, mediaType, r, err := s.app.ProduceReport(ctx, who, in.ID, in.Format, &b)
			if fault.Is(err, fault.NotAvailable) {
				return nil, problemOfType(ctx, err, pdfUnavailable)
			}
			if err != nil {
				return nil, err
			}
			out := attachment(name, mediaType, io.NopCloser(&b))
			out.Index = itoa(r.Index)
			return out, nil
		})
	route(s, Operation{ID: "getSignOff", Method: "GET", Path: "/assessments/{id}/sign-off", Summary: "Read what an approval would accept", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *AssessmentPath) (*signOffShown, error) {
			v, err := s.app.SignOffView(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return &signOffShown{Body: SignOffBody{SignOff: v, SeenAt: instant(v.SeenAt)}}, nil
		})
}

// problemOfType is problemError with a more exact type.
func problemOfType(ctx context.Context, err error, uri string) error {
	p := edge.ProblemOf(err, edge.RequestID(ctx))
	p.Type = uri
	return &problem{document: p, cause: err}
}

// Format is the form of an export.
type Format struct {
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
}

var exportTypes = []string{"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

func exports(s *server) {
	route(s, Operation{ID: "exportSystems", Method: "GET", Path: "/exports/systems", Summary: "Export the list of systems, as narrowed", Needs: access.SystemRead, types: exportTypes},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemFilter
			Format
		}) (*streamed, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			return s.export(ctx, who, app.ExportInput{What: "systems", Format: in.Format.Format, Systems: f})
		})
	route(s, Operation{ID: "exportEvidence", Method: "GET", Path: "/exports/evidence", Summary: "Export the list of evidence, as narrowed", Needs: access.EvidenceRead, types: exportTypes},
		func(ctx context.Context, who access.Actor, in *struct {
			EvidenceFilter
			Format
		}) (*streamed, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			return s.export(ctx, who, app.ExportInput{What: "evidence", Format: in.Format.Format, Evidence: f})
		})
	route(s, Operation{ID: "exportLogEntries", Method: "GET", Path: "/exports/log", Summary: "Export the entries of the audit log, as narrowed", Needs: access.AuditRead, types: exportTypes},
		func(ctx context.Context, who access.Actor, in *struct {
			EntryFilter
			Format
		}) (*streamed, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			return s.export(ctx, who, app.ExportInput{What: "audit", Format: in.Format.Format, Audit: f})
		})
}

func (s *server) export(ctx context.Context, who access.Actor, in app.ExportInput) (*streamed, error) {
	made, r, err := s.app.Export(ctx, who, in)
	if err != nil {
		return nil, err
	}
	// The rows leave as they are written; whoever hangs up ends the writing.
	from, to := io.Pipe()
	go func() { to.CloseWithError(made.Send(to)) }()
	out := attachment(made.Name, made.MediaType, from)
	out.Index = itoa(r.Index)
	return out, nil
}

// EvidenceFilter narrows lists of evidence.
type EvidenceFilter struct {
	Title   string `query:"title" maxLength:"200" doc:"Part of the title."`
	System  string `query:"system" ref:"system"`
	Expired string `query:"expired_before" doc:"That ran out before this day."`
}

func (f EvidenceFilter) filter() (app.EvidenceFilter, error) {
	return app.EvidenceFilter{Title: f.Title, System: f.System, ExpiredOn: civil.Date(f.Expired)}, day("/expired_before", f.Expired)
}
