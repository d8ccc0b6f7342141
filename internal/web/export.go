package web

import (
	"net/http"

	"github.com/touchstone-assurance/touchstone/internal/app"
)

func (s *Site) systemsExport(rq *request) (reply, error) {
	_, filter, err := s.systemsListing(rq)
	if err != nil {
		return reply{}, err
	}
	return s.export(rq, app.ExportInput{What: "systems", Systems: filter})
}

func (s *Site) evidenceExport(rq *request) (reply, error) {
	_, filter := s.evidenceListing(rq)
	return s.export(rq, app.ExportInput{What: "evidence", Evidence: filter})
}

func (s *Site) auditExport(rq *request) (reply, error) {
	_, filter := s.auditListing(rq)
	return s.export(rq, app.ExportInput{What: "audit", Audit: filter})
}

// export gives a list as a file: exactly what its page shows with these filters,
// every page of it.
func (s *Site) export(rq *request, in app.ExportInput) (reply, error) {
	in.Format = rq.query("format")
	file, _, err := s.App.Export(rq.Context(), rq.who, in)
	if err != nil {
		return reply{}, err
	}
	return reply{write: func(w http.ResponseWriter) error {
		attachment(w.Header(), file.Name, file.MediaType)
		return file.Send(w)
	}}, nil
}
