package web

import (
	"net/http"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// signOffView is the two pages that the accountable person reads, and the
// decision. The digest and the time of reading go along with it, so that nothing
// can be approved that was not shown.
type signOffView struct {
	Document                documentView
	Decide                  bool
	Approve, Return         string
	Digest, Seen, Version   string
	ApproveFields, Returned []govuk.Component
}

func (s *Site) signOff(rq *request) (reply, error) { return s.signOffPage(rq, filled(), 0) }

func (s *Site) signOffPage(rq *request, f *form, status int) (reply, error) {
	v, err := s.App.SignOffView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	path := "/assessments/" + v.ID
	view := signOffView{Document: documentOf(v.Document()), Approve: path + "/approve", Return: path + "/return", Digest: v.Digest,
		Seen: strconv.FormatInt(v.SeenAt, 10), Version: strconv.FormatInt(v.Version, 10),
		Decide: v.State == assessment.SROReview.Label() && rq.may(access.AssessmentApprove)}
	if view.Decide {
		view.ApproveFields = []govuk.Component{f.lines("statement", "What you accept, in your own words (optional)", "It stands in the report beside your name."),
			f.line("on_behalf_of", "On behalf of (optional)", "The name of the accountable person, if you act for them. It is recorded as such.")}
		view.Returned = []govuk.Component{f.lines("reason", "What has to change?", "")}
	}
	return show(&page{title: "Read and decide: " + v.System.Name, caption: v.Framework.Title, section: "/systems", status: status, form: f, wide: true, markings: []string{v.Marking},
		crumbs: []crumb{listOfSystems, {v.System.Name, "/systems/" + v.System.ID}, {v.Framework.Title, path}}, view: view}), nil
}

func (s *Site) assessmentApprove(rq *request) (reply, error) {
	f := rq.form
	as, _, err := s.App.Approve(rq.Context(), rq.who, rq.id("id"), app.ApproveInput{Version: f.number("version"), Digest: or(f.text("digest"), "-"),
		SeenAt: f.number("seen_at"), Statement: f.text("statement"), OnBehalfOf: f.text("on_behalf_of")})
	if err == nil {
		return goTo("/assessments/"+as.ID+"/receipt", "assessment_approved"), nil
	}
	return s.undecided(rq, err)
}

// undecided shows the page again as things stand now, with what kept the
// decision from being taken and everything that was typed.
func (s *Site) undecided(rq *request, err error) (reply, error) {
	status := 0
	switch fault.KindOf(err) {
	case fault.Conflict:
		status = http.StatusConflict
	case fault.Stale:
		status = http.StatusPreconditionFailed
		public, _ := fault.Public(err)
		err = fault.New(fault.Conflict, public)
	}
	if !rq.form.take(err) {
		return reply{}, err
	}
	again, readErr := s.signOffPage(rq, rq.form, status)
	if readErr != nil {
		return reply{}, err // it is with nobody to decide any more: say what was said
	}
	again.page.template = "assessment_signoff"
	return again, nil
}

func (s *Site) assessmentReturn(rq *request) (reply, error) {
	as, _, err := s.App.Return(rq.Context(), rq.who, rq.id("id"), rq.form.number("version"), rq.form.text("reason"))
	if err == nil {
		return goTo("/assessments/"+as.ID, "assessment_returned"), nil
	}
	return s.undecided(rq, err)
}
