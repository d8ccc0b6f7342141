package app_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// quarter is a system with an open assessment and the people around it.
type quarter struct {
	*apptest.World
	t          *testing.T
	admin      *apptest.Person
	member     *apptest.Person
	sro        *apptest.Person
	system     string
	assessment string
	questions  []string
}

const inService = "touchstone-in-service"

func newQuarter(t *testing.T) *quarter {
	t.Helper()
	w := apptest.New(t)
	q := &quarter{World: w, t: t, admin: w.Admin("Alpha")}
	q.member = w.Join(q.admin, "Member", access.TeamMember)
	q.sro = w.Join(q.admin, "Owner", access.SRO)
	made, r, err := w.App.CreateSystem(t.Context(), q.admin.Actor(), app.SystemInput{Name: "Payments", Kind: "service", Stage: "in_service", Marking: "OFFICIAL", Exposure: "restricted"})
	ok(t, err)
	if r.Count != 1 {
		t.Fatalf("%d audit entries, want 1", r.Count)
	}
	q.system = made.ID
	q.assessment = q.start()
	return q
}

func (q *quarter) start() string {
	q.t.Helper()
	as, _, err := q.App.StartAssessment(q.t.Context(), q.admin.Actor(), q.system, app.StartInput{Framework: inService})
	ok(q.t, err)
	v, err := q.App.AssessmentView(q.t.Context(), q.admin.Actor(), as.ID)
	ok(q.t, err)
	q.questions = nil
	for _, l := range v.Lines {
		q.questions = append(q.questions, l.Requirement.ID)
	}
	return as.ID
}

func (q *quarter) answer(requirement, claim string, version int64) app.Responded {
	q.t.Helper()
	out, _, err := q.App.Respond(q.t.Context(), q.admin.Actor(), q.assessment, requirement, app.RespondInput{Claim: claim, Rationale: "Because.", Version: version})
	ok(q.t, err)
	return out
}

func (q *quarter) answerAll() {
	q.t.Helper()
	for _, id := range q.questions {
		v, err := q.App.QuestionView(q.t.Context(), q.admin.Actor(), q.assessment, id)
		ok(q.t, err)
		q.answer(id, "met", v.Line.Answer.Version)
	}
}

func (q *quarter) evidence(until civil.Date) string {
	q.t.Helper()
	day := civil.Of(q.Clock.Now(), nil)
	e, _, err := q.App.CreateEvidence(q.t.Context(), q.admin.Actor(), app.EvidenceInput{Title: "Test report", Edition: "1", Kind: "test_report", System: q.system,
		Link: "https://example.gov.uk/report", ProducedOn: day, ValidUntil: until})
	ok(q.t, err)
	return e.ID
}

func (q *quarter) standing(requirement string) assessment.Standing {
	q.t.Helper()
	v, err := q.App.QuestionView(q.t.Context(), q.admin.Actor(), q.assessment, requirement)
	ok(q.t, err)
	return v.Line.Standing
}

func TestAQuarterFromRegistrationToAnApprovedReport(t *testing.T) {
	q := newQuarter(t)
	if _, _, err := q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("an unanswered assessment was sent: %v", err)
	} else if _, problems := fault.Public(err); len(problems) != len(q.questions) {
		t.Fatalf("%d problems for %d questions", len(problems), len(q.questions))
	}
	q.answerAll()
	e := q.evidence("")
	_, err := q.App.LinkEvidence(t.Context(), q.admin.Actor(), q.system, inService, q.questions[0], e)
	ok(t, err)
	if got := q.standing(q.questions[0]).Support; got != assessment.Documented {
		t.Fatalf("support is %s, want documented", got)
	}
	as, _, err := q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
	_, _, err = q.App.Approve(t.Context(), q.sro.Actor(), q.assessment, app.ApproveInput{Version: as.Version})
	if err == nil { // the passkey of joining may still be fresh
		t.Log("step-up was fresh")
	} else {
		fails(t, err, fault.StepUp)
		as, _, err = q.App.Approve(t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{Version: as.Version, Statement: "I accept what is open."})
		ok(t, err)
	}
	v, err := q.App.AssessmentView(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
	if v.Assessment.State != string(assessment.Approved) || v.Assessment.ContentDigest == "" || v.Assessment.NextDueOn == "" {
		t.Fatalf("after approval: %+v", v.Assessment)
	}
	if len(v.Shares) != 1 || v.Shares[0].Recipient != "Assurance pool" {
		t.Errorf("the report did not reach the pool: %+v", v.Shares)
	}
	_, _, err = q.App.Respond(t.Context(), q.admin.Actor(), q.assessment, q.questions[0], app.RespondInput{Claim: "met", Version: 1})
	fails(t, err, fault.Conflict)
	verified, err := q.App.Verify(t.Context(), access.Operator(), nil)
	ok(t, err)
	if !verified.OK {
		t.Errorf("verify: %+v", verified.Problems)
	}
}

func TestTheSignOffPageOpensWhileQuestionsAreUnanswered(t *testing.T) {
	q := newQuarter(t)
	if _, err := q.App.SignOffView(t.Context(), q.sro.Actor(), q.assessment); err != nil {
		t.Fatal(err)
	}
}

func TestMyWorkShowsWhatIsUnderWayAndWhatWasSentBack(t *testing.T) {
	q := newQuarter(t)
	reason := func() string {
		w, err := q.App.MyWork(t.Context(), q.admin.Actor())
		ok(t, err)
		for _, item := range w.Items {
			if item.Assessment == q.assessment {
				return item.Reason
			}
		}
		return "nothing"
	}
	if got := reason(); got != "in_progress" {
		t.Errorf("three months before its date: %s", got)
	}
	q.answerAll()
	_, _, err := q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
	if got := reason(); got != "nothing" {
		t.Errorf("with the SRO: %s", got)
	}
	_, _, err = q.App.Return(t.Context(), q.sro.Actor(), q.assessment, 0, "Say more.")
	ok(t, err)
	if got := reason(); got != "returned" {
		t.Errorf("sent back: %s", got)
	}
}

func TestWhoeverSignsIsWarnedOfWhatIsLateAndOfSupportThatFell(t *testing.T) {
	q := newQuarter(t)
	sro := q.sro.Actor() // the session ends before the test does
	reasons := func() string {
		w, err := q.App.MyWork(t.Context(), sro)
		ok(t, err)
		var out []string
		for _, item := range w.Items {
			out = append(out, item.Reason)
		}
		return strings.Join(out, " ")
	}
	if got := reasons(); got != "" {
		t.Errorf("at the start: %s", got)
	}
	until := civil.Of(q.Clock.Now(), nil).AddDays(10)
	_, err := q.App.LinkEvidence(t.Context(), q.admin.Actor(), q.system, inService, q.questions[0], q.evidence(until))
	ok(t, err)
	q.answer(q.questions[0], "met", 0)
	if got := reasons(); got != "" {
		t.Errorf("while the team works: %s", got)
	}
	q.Clock.Advance(12 * 24 * time.Hour)
	_, err = q.App.Tick(t.Context())
	ok(t, err)
	if got := reasons(); got != "stale" {
		t.Errorf("support ran out: %s", got)
	}
	q.Clock.Advance(100 * 24 * time.Hour)
	if got := reasons(); got != "overdue stale" {
		t.Errorf("the date has passed: %s", got)
	}
}

func TestTwoAuthorsAtOnceLoseNothing(t *testing.T) {
	q := newQuarter(t)
	first := q.answer(q.questions[0], "met", 0)
	_, _, err := q.App.Respond(t.Context(), q.member.Actor(), q.assessment, q.questions[0], app.RespondInput{Claim: "not_met", Rationale: "I saw otherwise."})
	fails(t, err, fault.Stale)
	_, _, err = q.App.Respond(t.Context(), q.member.Actor(), q.assessment, q.questions[0],
		app.RespondInput{Claim: "partly_met", Rationale: "Both views.", Version: first.Version, KeptOver: "merged"})
	ok(t, err)
	v, err := q.App.QuestionView(t.Context(), q.admin.Actor(), q.assessment, q.questions[0])
	ok(t, err)
	if len(v.Revisions) != 1 || v.Revisions[0].Rationale != "Because." {
		t.Fatalf("the first words are gone: %+v", v.Revisions)
	}
}

func TestEvidenceThatRunsOutMovesTheStandingByItself(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	until := civil.Of(q.Clock.Now(), nil).AddDays(10)
	_, err := q.App.LinkEvidence(t.Context(), q.admin.Actor(), q.system, inService, q.questions[0], q.evidence(until))
	ok(t, err)
	q.Clock.Advance(12 * 24 * time.Hour)
	_, err = q.App.Tick(t.Context())
	ok(t, err)
	q.SignInAgain()
	st := q.standing(q.questions[0])
	if st.Support != assessment.Stale {
		t.Fatalf("support is %s, want stale", st.Support)
	}
	_, moves, err := q.App.SystemHistory(t.Context(), q.admin.Actor(), q.system, 0, 10)
	ok(t, err)
	zone, _ := time.LoadLocation("Europe/London")
	if len(moves) == 0 || moves[0].At != until.EndMicro(zone) {
		t.Fatalf("the move is not dated at the expiry %d: %+v", until.EndMicro(zone), moves)
	}
	if !strings.Contains(moves[0].Why, "Test report") {
		t.Errorf("why: %s", moves[0].Why)
	}
}

// SignInAgain opens new sessions after time has passed.
func (q *quarter) SignInAgain() {
	q.t.Helper()
	ok(q.t, q.admin.SignIn())
	ok(q.t, q.sro.SignIn())
}

func TestOfFiftySimultaneousApprovalsExactlyOneSucceeds(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	as, _, err := q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
	who := q.sro.StepUp()
	var wg sync.WaitGroup
	results := make([]error, 50)
	for i := range results {
		wg.Go(func() {
			_, _, results[i] = q.App.Approve(t.Context(), who, q.assessment, app.ApproveInput{Version: as.Version})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if k := fault.KindOf(err); k != fault.Conflict && k != fault.Stale {
			t.Errorf("lost with %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d approvals succeeded", won)
	}
}

func TestWhoSentAnAssessmentCannotApproveIt(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	_, _, err := q.App.GrantRole(t.Context(), q.admin.StepUp(), app.GrantInput{Person: q.sro.ID, Role: access.TeamMember})
	ok(t, err)
	ok(t, q.sro.SignIn())
	_, _, err = q.App.Submit(t.Context(), q.sro.Actor(), q.assessment, 0)
	ok(t, err)
	_, _, err = q.App.Approve(t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{})
	fails(t, err, fault.Conflict)
}

func TestTheNextQuarterCarriesAnswersOverAsPrior(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	_, _, err := q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
	_, _, err = q.App.Approve(t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{})
	ok(t, err)
	q.Clock.Advance(85 * 24 * time.Hour)
	for more := true; more; {
		more, err = q.App.Tick(t.Context())
		ok(t, err)
	}
	q.SignInAgain()
	list, err := q.App.AssessmentsIn(t.Context(), q.admin.Actor(), q.system)
	ok(t, err)
	if list[0].State != string(assessment.Due) {
		t.Fatalf("the next assessment is not due: %+v", list[0])
	}
	q.assessment = q.start()
	if q.assessment != list[0].ID {
		t.Error("starting made another one")
	}
	v, err := q.App.AssessmentView(t.Context(), q.admin.Actor(), q.assessment)
	ok(t, err)
	if v.Needs.ToConfirm+v.Needs.NeedYou != len(q.questions) || v.Needs.Done != 0 {
		t.Fatalf("needs: %+v", v.Needs)
	}
	_, _, err = q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	fails(t, err, fault.Invalid)
	_, err = q.App.ConfirmAnswers(t.Context(), q.admin.Actor(), q.assessment, q.questions)
	ok(t, err)
	_, _, err = q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
}

func TestAForeignOrganisationFindsNothing(t *testing.T) {
	q := newQuarter(t)
	stranger, _, err := q.App.OperatorCreateToken(t.Context(), app.OperatorTokenInput{Organisation: "Beta", Create: true, Role: access.Administrator})
	ok(t, err)
	who, err := q.App.ActorFromToken(t.Context(), stranger.Secret, apptest.Meta)
	ok(t, err)
	for name, read := range map[string]func() error{
		"system":     func() error { _, err := q.App.SystemHome(t.Context(), who, q.system); return err },
		"assessment": func() error { _, err := q.App.AssessmentView(t.Context(), who, q.assessment); return err },
		"question":   func() error { _, err := q.App.QuestionView(t.Context(), who, q.assessment, q.questions[0]); return err },
		"answer": func() error {
			_, _, err := q.App.Respond(t.Context(), who, q.assessment, q.questions[0], app.RespondInput{Claim: "met"})
			return err
		},
		"missing": func() error { _, err := q.App.SystemHome(t.Context(), who, "sys_none"); return err },
	} {
		err := read()
		fails(t, err, fault.NotFound)
		if public, _ := fault.Public(err); public != "There is nothing here, or it is not yours to see." {
			t.Errorf("%s: %s", name, public)
		}
	}
}
func TestEvidenceChangedBetweenViewAndSignIsRefusedWithTheDifference(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	e := q.evidence("")
	_, err := q.App.LinkEvidence(t.Context(), q.admin.Actor(), q.system, inService, q.questions[0], e)
	ok(t, err)
	_, _, err = q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
	seen, err := q.App.SignOffView(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
	q.Clock.Advance(time.Second)
	_, err = q.App.ChangeEvidence(t.Context(), q.admin.Actor(), e, 1, app.EvidenceInput{Title: "Test report", Edition: "2", Kind: "test_report", System: q.system,
		Link: "https://example.gov.uk/report", ProducedOn: civil.Of(q.Clock.Now(), nil)})
	ok(t, err)
	_, _, err = q.App.Approve(t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{Digest: seen.Digest, SeenAt: seen.SeenAt})
	fails(t, err, fault.Conflict)
	_, problems := fault.Public(err)
	if len(problems) == 0 || !strings.Contains(problems[0].Detail, "version 2") {
		t.Errorf("the difference is not shown: %+v", problems)
	}
}
