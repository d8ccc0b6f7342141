package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func evidenceInput(rq *request) app.EvidenceInput {
	f := rq.form
	return app.EvidenceInput{Title: f.text("title"), Edition: f.text("edition"), Kind: f.text("kind"), System: f.id("system"), Link: f.text("link"),
		Place: f.text("place"), Owner: f.text("owner"), Marking: f.text("marking"), ProducedOn: f.date("produced_on"), ValidUntil: f.date("valid_until"),
		HeldReference: f.text("held_reference"), HeldMarking: f.text("held_marking"), HeldCustodian: f.text("held_custodian"),
		HeldSeenBy: f.text("held_seen_by"), HeldSeenOn: f.date("held_seen_on"), Upload: rq.upload}
}

func evidenceForm(e app.Evidence) *form {
	f := filled("title", e.Title, "edition", e.Edition, "kind", e.Kind, "system", e.System, "link", e.Location, "place", e.Place, "owner", e.Owner,
		"marking", e.Marking, "held_reference", e.HeldReference, "held_marking", e.HeldMarking, "held_custodian", e.HeldCustodian,
		"held_seen_by", e.HeldSeenBy, "version", strconv.FormatInt(e.Version, 10))
	f.setDate("produced_on", e.ProducedOn)
	f.setDate("valid_until", e.ValidUntil)
	f.setDate("held_seen_on", e.HeldSeenOn)
	return f
}

// evidenceFields are the controls of a record. The file stands last, so that the
// rest has been read when it arrives.
func (s *Site) evidenceFields(rq *request, f *form, current app.Evidence) ([]govuk.Component, error) {
	found, err := s.App.SystemsIn(rq.Context(), rq.who, app.SystemFilter{}, app.Page{Limit: app.MaxLimit})
	if err != nil {
		return nil, err
	}
	systems := []choice{}
	listed := f.text("system") == ""
	for _, l := range found.Items {
		systems = append(systems, choice{value: l.System.ID, text: l.System.Name})
		listed = listed || l.System.ID == f.text("system")
	}
	if !listed {
		systems = append(systems, choice{value: f.id("system"), text: "The system it belongs to now"})
	}
	held := govuk.Details{Summary: "It is held elsewhere because of its marking", Open: f.text("held_reference") != "" || f.text("held_custodian") != "" || heldWrong(f)}
	held.Markup = govuk.Join(
		f.line("held_reference", "Reference under which it is held", ""), f.pick("held_marking", "Marking of what is held", "", "Choose a marking", markings()),
		f.line("held_custodian", "Who keeps it", ""), f.line("held_seen_by", "Who has seen it", ""), f.day("held_seen_on", "When it was seen", ""))
	file := f.file(govuk.FileUpload{Name: "file", Label: label("Or upload a file"),
		Hint: hint("PDF, PNG, JPEG, Office without macros, JSON, XML, CSV or plain text.")})
	if current.FileName != "" {
		file.Label, file.Hint = label("Or upload another file"), hint("“"+current.FileName+"” stays unless you give another place.")
	}
	return []govuk.Component{
		f.line("title", "Title", ""), f.line("edition", "Version of the document", "For example 1.0, or a date."),
		f.pick("kind", "Kind", "", "Choose a kind", evidenceKinds()),
		f.day("produced_on", "Date it was produced", "The document’s own date, not today’s. For example, 27 3 2026"),
		f.pick("system", capital(rq.systemWord()), "", "The whole organisation", systems),
		f.line("place", "Place within the document (optional)", "For example “section 4, page 12”."),
		f.line("owner", "Owner (optional)", ""),
		f.pick("marking", "Marking of this record", "", "As the system", markings()),
		f.day("valid_until", "Valid until (optional)", "Left empty, it depends on the kind: a year for documents, 90 days for statistics, 7 days for scans."),
		f.line("link", "Link to where it is stored", "An https address or a file share. It is never fetched."),
		held, file,
	}, nil
}

// heldWrong reports whether a problem lies in the part that is folded away.
func heldWrong(f *form) bool {
	for _, p := range f.problems {
		if len(p.Pointer) > 6 && p.Pointer[:6] == "/held/" {
			return true
		}
	}
	return false
}

func (s *Site) evidenceNew(rq *request) (reply, error) {
	return s.evidenceNewPage(rq, filled("system", identifier(rq.query("system")), "for", identifier(rq.query("for")), "requirement", identifier(rq.query("requirement"))))
}

func (s *Site) evidenceNewPage(rq *request, f *form) (reply, error) {
	fields, err := s.evidenceFields(rq, f, app.Evidence{})
	if err != nil {
		return reply{}, err
	}
	v := askView{Action: "/evidence/new", Fields: fields, File: true, Submit: "Save", Cancel: "/evidence",
		Intro: "A record says what supports a claim and where it can be found. One record can support many questions.",
		Kept:  kept("for", f.id("for"), "requirement", f.id("requirement"))}
	if as := f.id("for"); as != "" {
		v.Cancel = "/assessments/" + as + "/questions/" + f.id("requirement")
		v.Intro += " It will be linked to the question that you came from."
	}
	return show(&page{title: "Add evidence", section: "/evidence", crumbs: []crumb{{"Evidence", "/evidence"}}, form: f, view: v}), nil
}

func (s *Site) evidenceCreate(rq *request) (reply, error) {
	made, _, err := s.App.CreateEvidence(rq.Context(), rq.who, evidenceInput(rq))
	if err != nil {
		if rq.form.take(filedAtFile(err)) {
			return s.evidenceNewPage(rq, rq.form)
		}
		return reply{}, err
	}
	as := rq.form.id("for")
	if as == "" {
		return goTo("/evidence/"+made.ID, "evidence_added"), nil
	}
	v, err := s.App.QuestionView(rq.Context(), rq.who, as, rq.form.id("requirement"))
	if err != nil {
		return goTo("/evidence/"+made.ID, "evidence_added"), nil //nolint:nilerr // the record is saved; only the way back is gone
	}
	if _, err := s.App.LinkEvidence(rq.Context(), rq.who, v.System.ID, v.Framework.ID, v.Line.Requirement.ID, made.ID); err != nil {
		return reply{}, err
	}
	return goTo(questionPath(v), "evidence_added"), nil
}

// filedAtFile puts what is wrong with an uploaded file at its field.
func filedAtFile(err error) error {
	public, problems := fault.Public(err)
	if k := fault.KindOf(err); len(problems) == 0 && (k == fault.TooLarge || k == fault.Unsupported || k == fault.Invalid) {
		return &fault.Error{Kind: fault.Invalid, Public: public, Problems: []fault.Problem{{Pointer: "/file", Detail: public}}}
	}
	return err
}

func (s *Site) evidenceEdit(rq *request) (reply, error) {
	v, err := s.App.EvidenceView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	return s.evidenceEditPage(rq, v.Evidence, evidenceForm(v.Evidence))
}

func (s *Site) evidenceEditPage(rq *request, e app.Evidence, f *form) (reply, error) {
	fields, err := s.evidenceFields(rq, f, e)
	if err != nil {
		return reply{}, err
	}
	path := "/evidence/" + e.ID
	return show(&page{title: "Change " + e.Title, section: "/evidence", crumbs: []crumb{{"Evidence", "/evidence"}, {e.Title, path}}, markings: []string{e.Marking}, form: f,
		view: askView{Action: path + "/edit", Fields: fields, File: true, Submit: "Save", Cancel: path, Kept: kept("version", f.text("version")),
			Intro: "Every answer that rests on this record is looked at again when you save."}}), nil
}

func (s *Site) evidenceChange(rq *request) (reply, error) {
	id := rq.id("id")
	_, err := s.App.ChangeEvidence(rq.Context(), rq.who, id, rq.form.number("version"), evidenceInput(rq))
	if err == nil {
		return goTo("/evidence/"+id, "evidence_changed"), nil
	}
	stale := fault.Is(err, fault.Stale)
	if !stale && !rq.form.take(filedAtFile(err)) {
		return reply{}, err
	}
	v, readErr := s.App.EvidenceView(rq.Context(), rq.who, id)
	if readErr != nil {
		return reply{}, readErr
	}
	if stale {
		return show(evidenceConflict(rq.form, v.Evidence)), nil
	}
	return s.evidenceEditPage(rq, v.Evidence, rq.form)
}

func evidenceConflict(mine *form, theirs app.Evidence) *page {
	saved := evidenceForm(theirs)
	var d []difference
	for _, field := range [][2]string{{"title", "Title"}, {"edition", "Version of the document"}, {"link", "Link"}, {"place", "Place within the document"},
		{"owner", "Owner"}, {"marking", "Marking"}, {"held_reference", "Reference"}, {"held_custodian", "Who keeps it"}, {"held_seen_by", "Who has seen it"}} {
		d = append(d, difference{field[1], mine.text(field[0]), saved.text(field[0])})
	}
	d = append(d, difference{"Kind", wordOf(evidenceKinds(), mine.text("kind")), wordOf(evidenceKinds(), saved.text("kind"))},
		difference{"Date it was produced", mine.date("produced_on").Words(), saved.date("produced_on").Words()},
		difference{"Valid until", mine.date("valid_until").Words(), saved.date("valid_until").Words()})
	mine.values.Set("version", saved.text("version"))
	path := "/evidence/" + theirs.ID
	p := conflictPage("Somebody saved this record after you opened it. Nothing of yours was saved. What you typed is kept below; a file has to be chosen again.", path+"/edit", path, mine, d)
	p.markings = []string{theirs.Marking}
	return p
}
