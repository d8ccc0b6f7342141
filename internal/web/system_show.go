package web

import (
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// systemShowView is the home of a system.
type systemShowView struct {
	Identity    govuk.IdentityBar
	Missing     []string
	Standings   []standingCount
	Claims      string // words beside the strip
	Plot        *govuk.Plot
	Next        string
	Open        []govuk.Link // assessments that are being answered
	Start       string       // address to start an assessment at, "" when it may not
	Trigger     string
	Moves       govuk.Timeline
	HistoryPath string
	Machine     *machinePart
	Gaps        []portfolio.Finding
	Countdown   string // of a legacy accreditation
	Details     govuk.SummaryList
	Tables      []systemTable
	Actions     []govuk.Button
}

// standingCount is one box of the strip of standings.
type standingCount struct {
	Support, Word, Count, Href string
}

// systemTable is one list of things around a system.
type systemTable struct {
	ID, Heading, Add, AddText, None string
	Table                           govuk.Table
}

// todayIn is the calendar day in the organisation.
func todayIn(org app.Organisation, now int64) civil.Date {
	zone, err := time.LoadLocation(org.Zone)
	if err != nil {
		zone = time.UTC
	}
	return civil.OfMicro(now, zone)
}

func (s *Site) systemShow(rq *request) (reply, error) {
	h, err := s.App.SystemHome(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	units, err := s.App.Units(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	machine, err := s.machinePart(rq, h.System.ID)
	if err != nil {
		return reply{}, err
	}
	return show(systemShowPage(rq, h, units, machine)), nil
}

func systemShowPage(rq *request, h app.SystemHome, units []app.Unit, machine *machinePart) *page {
	sys, path := h.System, "/systems/"+h.System.ID
	readOnly := portfolio.State(sys.State).ReadOnly()
	writes := rq.may(access.SystemWrite) && !readOnly
	v := systemShowView{
		Identity:  systemBar(h),
		Standings: standingStrip(path, h.Summary), Claims: claimsWords(h.Summary), Plot: supportPlot(h.Summary), Next: nextWords(h),
		Moves: govuk.Timeline{HeadingLevel: 3, Events: moveEvents(lastMoves(h.Moves))}, HistoryPath: path + "/history",
		Machine: machine, Gaps: h.Findings, Countdown: countdownWords(h), Details: systemDetails(h, units, writes),
		Tables: systemTables(h, path, writes),
	}
	if sys.State == string(portfolio.Draft) {
		for _, m := range h.Missing {
			v.Missing = append(v.Missing, m.Detail)
		}
	}
	if rq.may(access.AssessmentStart) && !readOnly {
		v.Start = path + "/assessments/new"
	}
	for _, as := range h.Assessments {
		if state := assessment.State(as.State); !state.Frozen() && state != assessment.Due && state != assessment.Lapsed {
			v.Open = append(v.Open, govuk.Link{Text: "Go on with the assessment: " + h.Frameworks[as.Framework], Href: "/assessments/" + as.ID})
		}
	}
	if rq.may(access.AssessmentTrigger) && !readOnly {
		v.Trigger = path + "/trigger"
	}
	if rq.may(access.SystemWrite) {
		v.Actions = moveButtons(path, sys)
	}
	return &page{title: sys.Name, section: "/systems", crumbs: []crumb{listOfSystems}, markings: []string{sys.Marking}, wide: true, view: v}
}

func systemBar(h app.SystemHome) govuk.IdentityBar {
	word := or(h.Organisation.SystemWord, "system")
	sys := h.System
	bar := govuk.IdentityBar{Label: capital(word), Title: sys.Name, Href: "/systems/" + sys.ID, Facts: []govuk.Fact{
		{Name: "State", Value: govuk.Text(stateWord(sys.State))},
		{Name: "Stage", Value: govuk.Text(or(wordOf(stages(), sys.Stage), "not entered"))},
		{Name: "Classification", Value: govuk.Text(or(sys.Marking, "not entered"))},
	}}
	if h.Transitioning {
		bar.Facts = append(bar.Facts, govuk.Fact{Name: "Standing on", Value: govuk.Text("a legacy accreditation")})
	}
	return bar
}

func standingStrip(path string, sum app.Summary) []standingCount {
	counts := supportCounts(sum)
	var out []standingCount
	for _, c := range supports() {
		out = append(out, standingCount{Support: c.value, Word: strings.ToLower(c.text), Count: thousands(int64(counts[assessment.Support(c.value)])),
			Href: path + "/standings?support=" + c.value})
	}
	return out
}

// claimsWords says what the strip does not: what is not claimed at all.
func claimsWords(sum app.Summary) string {
	if sum.InScope == 0 {
		return "No assessment has been started, so nothing is claimed yet."
	}
	return "Of " + many(int64(sum.InScope), "question", "questions") + " in scope: answered " + thousands(int64(sum.Answered)) + ", of these “I do not know” " +
		thousands(int64(sum.DontKnow)) + "; still to be answered " + thousands(int64(sum.NeedYou)) + "."
}

func nextWords(h app.SystemHome) string {
	today := todayIn(h.Organisation, h.Now)
	due := h.Summary.DueOn
	switch {
	case due == "":
		return "No date is set for the next assessment."
	case due < today:
		return "The next assessment was due on " + due.Words() + ". It is overdue."
	}
	return "The next assessment is due by " + due.Words() + ", in " + many(int64(today.DaysUntil(due)), "day", "days") + "."
}

func countdownWords(h app.SystemHome) string {
	n := len(h.Accreditations)
	if n == 0 || !h.Transitioning {
		return ""
	}
	last := h.Accreditations[n-1]
	c := portfolio.Accreditation{ID: last.ID, Issued: last.IssuedOn, Expires: last.ExpiresOn}.Countdown(todayIn(h.Organisation, h.Now), false)
	switch {
	case c.Overdue:
		return "The legacy accreditation expired on " + last.ExpiresOn.Words() + " and no assessment has been approved. The transition is overdue."
	case last.ExpiresOn == "":
		return ""
	}
	return "The legacy accreditation expires on " + last.ExpiresOn.Words() + ", in " + many(int64(c.Days), "day", "days") + ". An approved assessment has to follow before then."
}

// onceEach makes one move of the same move in several assessments: evidence that runs
// out is missed by the answer that was signed and by the one being written. The
// move of the newest assessment stays, and its reason says how many there are.
func onceEach(moves []app.StandingEvent) []app.StandingEvent {
	var out []app.StandingEvent
	at, times := map[app.StandingEvent]int{}, map[int]int64{}
	for _, m := range moves {
		same := m
		same.Assessment = ""
		if first, known := at[same]; known {
			times[first]++
			continue
		}
		at[same] = len(out)
		out = append(out, m)
	}
	for i, more := range times {
		out[i].Why += " The same happened in " + many(more, "other assessment", "other assessments") + " of this question."
	}
	return out
}

// lastMoves are the five that the home of a system shows.
func lastMoves(moves []app.StandingEvent) []app.StandingEvent {
	moves = onceEach(moves)
	return moves[:min(len(moves), 5)]
}

// moveEvents tells why standings moved, newest first.
func moveEvents(moves []app.StandingEvent) []govuk.Event {
	var out []govuk.Event
	for _, m := range moves {
		title := m.Requirement + ": " + strings.ToLower(supportWord(m.AfterSupport))
		if m.BeforeSupport != "" && m.BeforeSupport != m.AfterSupport {
			title = m.Requirement + ": " + strings.ToLower(supportWord(m.BeforeSupport)) + " to " + strings.ToLower(supportWord(m.AfterSupport))
		}
		out = append(out, govuk.Event{Title: title, Time: machine(m.At), When: moment(m.At), Detail: govuk.Text(m.Why),
			Href: "/assessments/" + m.Assessment + "/questions/" + m.Requirement})
	}
	return out
}

func systemDetails(h app.SystemHome, units []app.Unit, writes bool) govuk.SummaryList {
	sys := h.System
	unit := "The organisation itself"
	if i := slices.IndexFunc(units, func(u app.Unit) bool { return u.ID == sys.Unit }); i >= 0 {
		unit = wordOf(unitChoices(units), sys.Unit)
	}
	holds := "No personal data recorded"
	if sys.Personal {
		holds = "Personal data"
	}
	if sys.Special {
		holds = "Personal data, also of special categories"
	}
	list := govuk.SummaryList{}
	row := func(key string, value govuk.Content) {
		r := govuk.SummaryRow{Key: govuk.Text(key), Value: value}
		if writes {
			r.Actions = []govuk.SummaryAction{{Text: "Change", Hidden: strings.ToLower(key), Href: "/systems/" + sys.ID + "/edit"}}
		}
		list.Rows = append(list.Rows, r)
	}
	plain := func(key, value string) { row(key, govuk.Text(or(value, "Not entered"))) }
	plain("Kind", wordOf(systemKinds(), sys.Kind))
	row("Scope", govuk.Of(govuk.Prose{Text: or(sys.Scope, "Not entered")}))
	plain("Sponsor", sys.Sponsor)
	plain("Unit", unit)
	plain("Stage", wordOf(stages(), sys.Stage))
	plain("Phase", sys.Phase)
	plain("Next gate", sys.Gate)
	plain("Size", or(map[string]string{"larger": "Larger or complex"}[sys.Size], "Standard"))
	plain("Reached from outside", or(wordOf(exposures(), sys.Exposure), "Not known yet"))
	plain("Information held", holds)
	return list
}

// moveButtons lead to what can happen to the system next.
func moveButtons(path string, sys app.System) []govuk.Button {
	var out []govuk.Button
	for _, a := range moves(sys) {
		b := govuk.Button{Text: moveWord(a), Href: path + "/move/" + string(a), Classes: "govuk-button--secondary"}
		if a == portfolio.Register {
			b.Classes = ""
		}
		out = append(out, b)
	}
	return out
}

// moves lists what a person may do to a system in its state.
func moves(sys app.System) []portfolio.Action {
	var out []portfolio.Action
	for _, a := range []portfolio.Action{portfolio.Register, portfolio.StartDisposal, portfolio.CancelDisposal, portfolio.Retire, portfolio.Rehome, portfolio.Abandon} {
		if _, err := portfolio.Move(portfolio.State(sys.State), a); err == nil {
			out = append(out, a)
		}
	}
	return out
}
