package api

import (
	"context"
	"io"
	"mime"

	"github.com/danielgtaylor/huma/v2"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// streamed is an answer that is copied through and not held in memory.
type streamed struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Index       string `header:"Touchstone-Audit-Index" doc:"Place in the audit log of the entry that says so, when one was written."`
	Body        func(huma.Context)
}

// attachment answers with content that a browser saves and never shows.
func attachment(name, mediaType string, content io.ReadCloser) *streamed {
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if disposition == "" {
		disposition = "attachment"
	}
	return &streamed{ContentType: mediaType, Disposition: disposition, Policy: edge.AttachmentPolicy, Body: func(hc huma.Context) {
		defer content.Close() //nolint:errcheck // it was only read
		hc.SetStatus(200)
		if _, err := io.Copy(hc.BodyWriter(), content); err != nil {
			panic("send an attachment: " + err.Error()) // cuts the connection: half a file must not look whole
		}
	}}
}

func evidenceFiles(s *server) {
	route(s, Operation{ID: "downloadEvidence", Method: "GET", Path: "/evidence/{id}/file", Summary: "Download the file of a piece of evidence", Needs: access.EvidenceRead, types: []string{"application/octet-stream"}},
		func(ctx context.Context, who access.Actor, in *EvidencePath) (*streamed, error) {
			e, content, err := s.app.DownloadEvidence(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return attachment(e.FileName, "application/octet-stream", content), nil
		})
}

type linkPath struct {
	System      string `path:"id" ref:"system"`
	Framework   string `path:"framework" ref:"framework"`
	Requirement string `path:"requirement" ref:"requirement"`
	Evidence    string `path:"evidence" ref:"evidence"`
}

func links(s *server) {
	const path = "/systems/{id}/links/{framework}/{requirement}/{evidence}"
	route(s, Operation{ID: "linkEvidence", Method: "PUT", Path: path, Summary: "Say that a piece of evidence speaks to a requirement", Needs: access.EvidenceWrite},
		func(ctx context.Context, who access.Actor, in *linkPath) (*done, error) {
			return finished(s.app.LinkEvidence(ctx, who, in.System, in.Framework, in.Requirement, in.Evidence))
		})
	route(s, Operation{ID: "unlinkEvidence", Method: "DELETE", Path: path, Summary: "Take such a link away", Needs: access.EvidenceWrite},
		func(ctx context.Context, who access.Actor, in *linkPath) (*done, error) {
			return finished(s.app.UnlinkEvidence(ctx, who, in.System, in.Framework, in.Requirement, in.Evidence))
		})
}
