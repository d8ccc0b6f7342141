package web

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// purgeListView is the removals that wait for a decision and those decided.
type purgeListView struct {
	Rule   string
	Open   govuk.Table
	Closed govuk.Table
}

func (s *Site) purgeList(rq *request) (reply, error) {
	list, err := s.App.Purges(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	decides := rq.may(access.PurgeApprove)
	hidden := "govuk-visually-hidden"
	v := purgeListView{Rule: twoPeople,
		Open: govuk.Table{Caption: "Removals that wait for a decision", CaptionClasses: hidden, Scroll: true, FirstCellIsHeader: true,
			Head: []govuk.Cell{{Text: "What"}, {Text: "Why"}, {Text: "Asked for"}}},
		Closed: govuk.Table{Caption: "Decided removals", CaptionClasses: hidden, Scroll: true, FirstCellIsHeader: true,
			Head: []govuk.Cell{{Text: "What"}, {Text: "Why"}, {Text: "Asked for"}, {Text: "Outcome"}, {Text: "Digest of what was removed"}}}}
	if decides {
		v.Open.Head = append(v.Open.Head, govuk.Cell{Text: "Decision"})
	}
	var markings []string
	for _, l := range list {
		p := l.Purge
		markings = append(markings, l.Marking)
		row := []govuk.Cell{purgeTarget(l), prose(p.Reason), {Text: by(p.RequestedAt, l.RequestedBy)}}
		if p.State != app.PurgeRequested {
			outcome := govuk.Tag{Text: "Removed", Colour: "green"}
			if p.State == app.PurgeRefused {
				outcome = govuk.Tag{Text: "Turned down", Colour: "grey"}
			}
			v.Closed.Rows = append(v.Closed.Rows, append(row, govuk.Cell{Markup: govuk.Join(outcome, paragraph(by(p.ApprovedAt, l.DecidedBy)))},
				govuk.Cell{Text: or(p.Digest, "None"), Classes: "app-mono"}))
			continue
		}
		if decides {
			row = append(row, purgeActions(rq, l))
		}
		v.Open.Rows = append(v.Open.Rows, row)
	}
	return show(&page{title: "Removals", section: "/organisation", crumbs: []crumb{{"Organisation", "/organisation"}}, markings: markings, wide: true, view: v}), nil
}

// by says when and by whom.
func by(at int64, name string) string {
	return moment(at) + " by " + or(name, "somebody whose details were removed")
}

// purgeWhat names what a removal is about.
func purgeWhat(l app.PurgeLine) string {
	name := or(l.Target, "something that is no longer here")
	if l.Purge.TargetType == app.PurgeResponse {
		return "Answer to " + name
	}
	return "Evidence: " + name
}

func purgeTarget(l app.PurgeLine) govuk.Cell {
	path := "/evidence/" + l.Purge.TargetID
	if l.Purge.TargetType == app.PurgeResponse {
		path = "/assessments/" + l.Assessment + "/questions/" + l.Requirement
	}
	if l.Target == "" {
		return govuk.Cell{Text: purgeWhat(l)}
	}
	return govuk.Cell{Markup: govuk.Link{Text: purgeWhat(l), Href: path}.HTML()}
}

// purgeActions are the links to the decision; nobody approves what they asked
// for themselves.
func purgeActions(rq *request, l app.PurgeLine) govuk.Cell {
	path, hidden := "/purges/"+l.Purge.ID, "the removal of "+purgeWhat(l)
	if l.Purge.RequestedBy == rq.who.ID {
		return govuk.Cell{Markup: govuk.Join(paragraph("You asked for it, so somebody else has to approve it."), govuk.Link{Text: "Take it back", Hidden: hidden, Href: path + "/reject"})}
	}
	return govuk.Cell{Markup: govuk.Join(govuk.Link{Text: "Approve", Hidden: hidden, Href: path + "/approve", Classes: "govuk-!-margin-right-3"},
		govuk.Link{Text: "Turn down", Hidden: hidden, Href: path + "/reject"})}
}

// purgeForm is a page about one removal that waits; one that was decided, or
// that is not here, has none.
func (s *Site) purgeForm(rq *request, f *form, title string, v askView) (reply, error) {
	list, err := s.App.Purges(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	i := slices.IndexFunc(list, func(l app.PurgeLine) bool { return l.Purge.ID == rq.id("id") })
	if i < 0 {
		return s.nothingHere(rq)
	}
	l := list[i]
	if l.Purge.State != app.PurgeRequested && !rq.writes() {
		return reply{}, fault.New(fault.Conflict, "This removal was decided already.")
	}
	v.Action, v.Cancel = rq.URL.Path, "/purges"
	v.Before = govuk.SummaryList{Rows: []govuk.SummaryRow{{Key: govuk.Text("What"), Value: govuk.Text(purgeWhat(l))},
		{Key: govuk.Text("Why it must go"), Value: govuk.Of(govuk.Prose{Text: l.Purge.Reason})}, {Key: govuk.Text("Asked for"), Value: govuk.Text(by(l.Purge.RequestedAt, l.RequestedBy))}}}
	return show(&page{template: "ask", title: title, section: "/organisation", crumbs: []crumb{{"Organisation", "/organisation"}, {"Removals", "/purges"}}, markings: []string{l.Marking}, form: f, view: v}), nil
}

func (s *Site) purgeApprove(rq *request) (reply, error) { return s.purgeApproveForm(rq, newForm(nil)) }

func (s *Site) purgeApproveForm(rq *request, f *form) (reply, error) {
	return s.purgeForm(rq, f, "Approve the removal", askView{Danger: true, Submit: "Remove it for good", Intro: twoPeople,
		Warning: "What is removed cannot be brought back. It goes from the record, its earlier versions, drafts, reports and files. Copies that were given away and backups made before now are not reached."})
}

// purgeApproved removes the content. The salt of its digest is in the answer and
// nowhere else.
func (s *Site) purgeApproved(rq *request) (reply, error) {
	done, r, err := s.App.ApprovePurge(rq.Context(), rq.who, rq.id("id"))
	words := []string{"It is gone from this installation. The log stays sound and says that something was removed, by whom and why.",
		"Copy the salt now if somebody may have to prove later what it was: with the salt and the content, the digest can be worked out again. It is shown this once and kept nowhere."}
	switch {
	case err != nil && done.Salt != "" && r.Count > 0 && fault.Is(err, fault.Unavailable):
		public, _ := fault.Public(err)
		words[0] = public
	case err != nil && rq.form.take(err):
		return s.purgeApproveForm(rq, rq.form)
	case err != nil:
		return reply{}, err
	}
	return show(&page{title: "Removed", section: "/organisation", view: shownView{Words: words, Label: "Salt", Secret: done.Salt,
		Facts: govuk.SummaryList{Rows: []govuk.SummaryRow{{Key: govuk.Text("Removal"), Value: govuk.Text(done.ID)}, {Key: govuk.Text("Digest"), Value: govuk.Text(done.Digest)}}},
		Next:  govuk.Link{Text: "Back to removals", Href: "/purges"}}}), nil
}

func (s *Site) purgeReject(rq *request) (reply, error) { return s.purgeRejectForm(rq, newForm(nil)) }

func (s *Site) purgeRejectForm(rq *request, f *form) (reply, error) {
	return s.purgeForm(rq, f, "Turn the removal down", askView{Submit: "Turn it down", Intro: "What was to be removed stays as it is. Who asked, who decided and both reasons stay on record.",
		Fields: []govuk.Component{f.lines("reason", "Why does it stay?", "")}})
}

func (s *Site) purgeRejected(rq *request) (reply, error) {
	if _, err := s.App.RejectPurge(rq.Context(), rq.who, rq.id("id"), rq.form.text("reason")); err != nil {
		if rq.form.take(err) {
			return s.purgeRejectForm(rq, rq.form)
		}
		return reply{}, err
	}
	return goTo("/purges", "removal_refused"), nil
}
