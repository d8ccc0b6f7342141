package web

import (
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type evidenceShowView struct {
	Fresh    govuk.Tag
	Details  govuk.SummaryList
	Used     govuk.Table
	None     string
	Download string
	Actions  []govuk.Button
	Remove   string // address to ask for removal at, "" for those who may not
}

func (s *Site) evidenceShow(rq *request) (reply, error) {
	v, err := s.App.EvidenceView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	e, path := v.Evidence, "/evidence/"+v.Evidence.ID
	view := evidenceShowView{Fresh: freshnessTag(v.Freshness), Details: evidenceDetails(v)}
	if e.File != "" {
		view.Download = path + "/file"
	}
	view.Used = govuk.Table{Caption: "Where it is used", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: capital(rq.systemWord())}, {Text: "Framework"}, {Text: "Question"}, {Text: "Linked"}}}
	for _, l := range v.Links {
		view.Used.Rows = append(view.Used.Rows, []govuk.Cell{{Markup: govuk.Link{Text: v.Systems[l.System], Href: "/systems/" + l.System}.HTML()},
			{Text: l.Framework}, {Text: l.Requirement}, {Text: day(l.LinkedAt)}})
	}
	if len(v.Links) == 0 {
		view.None = "It is linked to no question yet. Link it from the page of a question."
	}
	if rq.may(access.EvidenceWrite) && e.WithdrawnAt == 0 {
		view.Actions = []govuk.Button{{Text: "Change", Href: path + "/edit", Classes: "govuk-button--secondary"},
			{Text: "Withdraw", Href: path + "/withdraw", Classes: "govuk-button--secondary"}}
	}
	if rq.may(access.PurgeRequest) {
		view.Remove = path + "/remove"
	}
	return show(&page{title: e.Title, caption: "Evidence", section: "/evidence", crumbs: []crumb{{"Evidence", "/evidence"}}, markings: []string{e.Marking}, view: view}), nil
}

func evidenceDetails(v app.EvidenceView) govuk.SummaryList {
	e := v.Evidence
	var list govuk.SummaryList
	add := func(key, value string) {
		if value != "" {
			list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
		}
	}
	add("Version", e.Edition)
	add("Kind", wordOf(evidenceKinds(), e.Kind))
	add("Produced", e.ProducedOn.Words())
	add("Valid until", or(e.ValidUntil.Words(), "Until it is replaced or withdrawn"))
	add("Received", moment(e.ReceivedAt))
	if v.Href != "" {
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text("Stored at"),
			Value: govuk.Of(govuk.Link{Text: e.Location, Href: v.Href, Attributes: govuk.Attributes{"rel": "noopener noreferrer nofollow"}})})
	} else {
		add("Stored at", e.Location)
	}
	add("Place within it", e.Place)
	add("Owner", e.Owner)
	add("Marking", e.Marking)
	if e.File != "" {
		add("File", e.FileName+", "+many(e.FileSize, "byte", "bytes"))
		add("SHA-256 of the file", e.Digest)
	}
	add("Held elsewhere under", e.HeldReference)
	add("Marking of what is held", e.HeldMarking)
	add("Kept by", e.HeldCustodian)
	if e.HeldSeenBy != "" {
		add("Seen", e.HeldSeenBy+", "+e.HeldSeenOn.Words())
	}
	if e.WithdrawnAt > 0 {
		add("Withdrawn", moment(e.WithdrawnAt)+": "+e.WithdrawnReason)
	}
	return list
}

func (s *Site) evidenceWithdraw(rq *request) (reply, error) {
	v, err := s.App.EvidenceView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	return show(evidenceWithdrawPage(v, filled("version", strconv.FormatInt(v.Evidence.Version, 10)))), nil
}

func evidenceWithdrawPage(v app.EvidenceView, f *form) *page {
	path := "/evidence/" + v.Evidence.ID
	return &page{title: "Withdraw " + v.Evidence.Title, section: "/evidence", crumbs: []crumb{{"Evidence", "/evidence"}, {v.Evidence.Title, path}},
		markings: []string{v.Evidence.Marking}, form: f, view: askView{Action: path + "/withdraw", Kept: kept("version", f.text("version")), Cancel: path, Danger: true,
			Warning: "Answers that rest on it lose this support at once: " + many(int64(len(v.Links)), "link", "links") + ". The record stays on file.",
			Submit:  "Withdraw", Fields: []govuk.Component{f.line("reason", "Why is it withdrawn?", "")}}}
}

func (s *Site) evidenceWithdrawn(rq *request) (reply, error) {
	id := rq.id("id")
	_, err := s.App.WithdrawEvidence(rq.Context(), rq.who, id, rq.form.number("version"), rq.form.text("reason"))
	if err == nil {
		return goTo("/evidence/"+id, "evidence_withdrawn"), nil
	}
	if !rq.form.take(err) {
		return reply{}, err
	}
	v, readErr := s.App.EvidenceView(rq.Context(), rq.who, id)
	if readErr != nil {
		return reply{}, readErr
	}
	return show(evidenceWithdrawPage(v, rq.form)), nil
}

// evidenceDownload gives the file of a record, always to be saved and never to
// be shown: people uploaded it, and it may hold anything.
func (s *Site) evidenceDownload(rq *request) (reply, error) {
	e, content, err := s.App.DownloadEvidence(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	return reply{write: func(w http.ResponseWriter) error {
		defer content.Close()
		attachment(w.Header(), e.FileName, e.MediaType)
		w.Header().Set("Content-Length", strconv.FormatInt(e.FileSize, 10))
		_, err := io.Copy(w, content)
		return err
	}}, nil
}

// attachment sets the headers of a file that a browser has to save.
func attachment(h http.Header, name, mediaType string) {
	h.Set("Content-Type", or(mediaType, "application/octet-stream"))
	h.Set("Content-Disposition", or(mime.FormatMediaType("attachment", map[string]string{"filename": name}), "attachment"))
	h.Set("Content-Security-Policy", edge.AttachmentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
}
