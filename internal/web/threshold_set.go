package web

import (
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// mostMet is above any count of questions; what is more was mistyped.
const mostMet = 100_000

// banded says whether a framework is summed up by bands of confidence.
func banded(f *framework.Framework) bool {
	return f.RollUp.Function == framework.RollUpConfidenceProfile
}

func (s *Site) bandsSet(rq *request) (reply, error) {
	f, err := s.bandedOf(rq)
	if err != nil {
		return reply{}, err
	}
	set, err := s.App.BandThresholds(rq.Context(), rq.who, f.ID)
	if err != nil {
		return reply{}, err
	}
	typed := filled("at_least_0", "0")
	for i, t := range set {
		n := strconv.Itoa(i)
		typed.values.Set("at_least_"+n, strconv.Itoa(t.AtLeast))
		typed.values.Set("source_"+n, t.Source)
	}
	return show(bandsPage(f, typed)), nil
}

// bandedOf reads a framework that has bands; the others have no such page.
func (s *Site) bandedOf(rq *request) (*framework.Framework, error) {
	f, err := s.frameworkOf(rq)
	if err == nil && !banded(f) {
		err = fault.New(fault.NotFound, "This framework has no bands.")
	}
	return f, err
}

func bandsPage(fw *framework.Framework, f *form) *page {
	path := frameworkPath(fw)
	v := askView{Action: path + "/bands", Cancel: path, Submit: "Save the thresholds",
		Intro: "A band says how many questions are answered at the highest level. No official figures are published, so none are shipped: enter those that your organisation uses, and where each comes from. The lowest band begins at 0 and each begins above the one before."}
	for i, band := range fw.RollUp.Bands {
		n := strconv.Itoa(i)
		v.Fields = append(v.Fields, bandField(f, "at_least_"+n, n+"_at_least", govuk.Input{Label: label(phaseWord(band) + " begins at how many questions?"), InputMode: "numeric", Classes: "govuk-input--width-5"}),
			bandField(f, "source_"+n, n+"_source", govuk.Input{Label: label("Source of the figure for " + phaseWord(band)), Hint: hint("For example, the title and date of a policy.")}))
	}
	return &page{title: "Thresholds of the bands", caption: fw.Title, section: "/frameworks", crumbs: []crumb{{"Frameworks", "/frameworks"}, {fw.Short, path}}, form: f, view: v}
}

// bandField is a control whose problems are filed by the place of its band.
func bandField(f *form, name, pointer string, c govuk.Input) govuk.Component {
	c.ID, c.Name, c.Value, c.Error = name, name, f.text(name), f.problem(name, pointer)
	return c
}

func (s *Site) bandsSaved(rq *request) (reply, error) {
	fw, err := s.bandedOf(rq)
	if err != nil {
		return reply{}, err
	}
	f := rq.form
	var list []framework.Threshold
	for i, band := range fw.RollUp.Bands {
		n := strconv.Itoa(i)
		least, err := strconv.Atoi(strings.TrimSpace(f.text("at_least_" + n)))
		if err != nil || least < 0 || least > mostMet {
			f.problems = append(f.problems, fault.Problem{Pointer: "/" + n + "/at_least", Detail: "Enter a whole number for " + phaseWord(band) + ", such as 0 or 12."})
		}
		list = append(list, framework.Threshold{Band: band, AtLeast: least, Source: f.text("source_" + n)})
	}
	if f.wrong() {
		return show(bandsPage(fw, f)), nil
	}
	if _, err := s.App.SetBandThresholds(rq.Context(), rq.who, fw.ID, list); err != nil {
		if f.take(err) {
			return show(bandsPage(fw, f)), nil
		}
		return reply{}, err
	}
	return goTo(frameworkPath(fw), "bands_set"), nil
}

// bandsView is what a framework's page says of its bands.
type bandsView struct {
	Table govuk.Table
	Set   string // address to enter thresholds at, "" for those who may not
}

// bandsOf reads the thresholds that the organisation has set; nil for a framework
// without bands.
func (s *Site) bandsOf(rq *request, f *framework.Framework) (*bandsView, error) {
	if !banded(f) {
		return nil, nil
	}
	set, err := s.App.BandThresholds(rq.Context(), rq.who, f.ID)
	if err != nil {
		return nil, err
	}
	v := &bandsView{Table: govuk.Table{Caption: "Bands", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Band"}, {Text: "Begins at", Format: "numeric"}, {Text: "Source"}}}}
	for _, t := range set {
		v.Table.Rows = append(v.Table.Rows, []govuk.Cell{{Text: phaseWord(t.Band)}, {Text: thousands(int64(t.AtLeast)), Format: "numeric"}, {Text: t.Source}})
	}
	if rq.may(access.OrganisationWrite) {
		v.Set = frameworkPath(f) + "/bands"
	}
	return v, nil
}

// confidenceView is the confidence profile of an assessment.
type confidenceView struct {
	Words string
	Why   string
	Set   string // address to enter thresholds at, when that is what is missing
}

// confidenceOf is the profile of an assessment that was started, nil for a
// framework without bands.
func (s *Site) confidenceOf(rq *request, v app.AssessmentView) (*confidenceView, error) {
	if state := assessment.State(v.Assessment.State); !banded(v.Framework) || state == assessment.Due || state == assessment.Lapsed {
		return nil, nil
	}
	c, problems, err := s.App.Confidence(rq.Context(), rq.who, v.Assessment.ID)
	if err != nil {
		return nil, err
	}
	out := &confidenceView{Words: phaseWord(c.Band) + ". Questions that apply: " + thousands(int64(c.Applicable)) + ". Answered at the highest level: " + thousands(int64(c.Met)) + ".", Why: c.Why}
	for _, p := range problems {
		out.Why += " " + p.Fix
	}
	if c.Band == framework.BandNotSet && rq.may(access.OrganisationWrite) {
		out.Set = frameworkPath(v.Framework) + "/bands"
	}
	return out, nil
}
