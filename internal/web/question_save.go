package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// draftFields are what a draft of an answer keeps.
func draftFields() []string {
	return []string{"claim", "rationale", "na_reason", "delegate", "find_out_by-day", "find_out_by-month", "find_out_by-year"}
}

func (s *Site) questionSave(rq *request) (reply, error) {
	id, requirement := rq.id("id"), rq.id("requirement")
	if rq.form.text("merge") == "yes" {
		return s.questionMerge(rq)
	}
	in := respondInput(rq.form)
	var p fault.Problems
	if in.Claim == "" { // the domain takes no answer as no answer; a person who presses save means one
		p.Add("/claim", "Choose an answer. If you do not know, say so.")
	}
	err := p.Err()
	if err == nil {
		_, _, err = s.App.Respond(rq.Context(), rq.who, id, requirement, in)
	}
	if err == nil {
		return s.afterAnswer(rq, id, requirement)
	}
	stale := fault.Is(err, fault.Stale)
	if !stale && !rq.form.take(err) {
		return reply{}, err
	}
	v, readErr := s.App.QuestionView(rq.Context(), rq.who, id, requirement)
	if readErr != nil {
		return reply{}, readErr
	}
	if stale {
		// What could not be saved is kept as a draft, so that closing the page
		// loses nothing either.
		if err := s.saveDraft(rq, id, requirement); err != nil {
			return reply{}, err
		}
		return show(questionConflict(v, rq.form)), nil
	}
	return s.questionPage(rq, v, rq.form, false)
}

func respondInput(f *form) app.RespondInput {
	return app.RespondInput{Claim: f.text("claim"), Rationale: f.text("rationale"), NAReason: f.text("na_reason"), FindOutBy: f.date("find_out_by"),
		Delegate: f.id("delegate"), Version: f.number("version"), KeptOver: keptOver(f.text("kept_over"))}
}

func keptOver(s string) string {
	if s == "own" || s == "both" {
		return s
	}
	return ""
}

// afterAnswer leads to the next question, or back to the list after the last.
func (s *Site) afterAnswer(rq *request, id, requirement string) (reply, error) {
	v, err := s.App.QuestionView(rq.Context(), rq.who, id, requirement)
	if err != nil {
		return reply{}, err
	}
	if v.Next == "" {
		return goTo("/assessments/"+id, "answer_saved"), nil
	}
	return goTo("/assessments/"+id+"/questions/"+v.Next, "answer_saved"), nil
}

// questionConflict shows both answers side by side.
func questionConflict(v app.QuestionView, mine *form) *page {
	theirs := v.Line.Answer
	claim := func(c assessment.Claim) string { return claimWord(v.Framework, v.Line.Requirement, c) }
	who := map[string]string{"": "I will"}
	for _, m := range v.Members {
		who[m.ID] = m.Name
	}
	d := []difference{
		{"Answer", claim(assessment.ParseClaim(mine.text("claim"))), claim(theirs.Claim)},
		{"Why", mine.text("rationale"), theirs.Rationale},
		{"Why it does not apply", mine.text("na_reason"), theirs.NAReason},
		{"To be found out by", mine.date("find_out_by").Words(), theirs.FindOutBy.Words()},
		{"Who will find out", who[mine.id("delegate")], who[theirs.Delegate]},
	}
	mine.values.Set("version", strconv.FormatInt(theirs.Version, 10))
	mine.values.Set("kept_over", "own")
	path := questionPath(v)
	p := conflictPage(or(v.People[theirs.Author], "Somebody")+" answered this question on "+moment(theirs.At)+
		", after you opened it. Your answer was not saved, and nothing is lost: it is kept as your draft. Compare both, then choose.", path, path+"?draft=no", mine, d)
	c := p.view.(conflictView)
	c.Merge = true
	p.view, p.caption, p.markings = c, labelOf(v.Line.Requirement)+" "+v.Line.Requirement.Title, []string{v.System.Marking, v.Assessment.Marking}
	return p
}

// questionMerge shows the question again with both texts in it, for the person
// to make one of.
func (s *Site) questionMerge(rq *request) (reply, error) {
	v, err := s.App.QuestionView(rq.Context(), rq.who, rq.id("id"), rq.id("requirement"))
	if err != nil {
		return reply{}, err
	}
	f := rq.form
	theirs := v.Line.Answer
	f.values.Set("rationale", joined(f.text("rationale"), theirs.Rationale))
	f.values.Set("na_reason", joined(f.text("na_reason"), theirs.NAReason))
	f.values.Set("version", strconv.FormatInt(theirs.Version, 10))
	f.values.Set("kept_over", "both")
	return s.questionPage(rq, v, f, false)
}

func joined(mine, theirs string) string {
	switch {
	case strings.TrimSpace(mine) == "" || mine == theirs:
		return theirs
	case strings.TrimSpace(theirs) == "":
		return mine
	}
	return mine + "\n\n" + theirs
}

func (s *Site) questionDraft(rq *request) (reply, error) {
	if err := s.saveDraft(rq, rq.id("id"), rq.id("requirement")); err != nil {
		return reply{}, err
	}
	if rq.wantsJSON() {
		return answerJSON(http.StatusOK, map[string]bool{"saved": true}), nil
	}
	return goTo("/assessments/"+rq.id("id")+"/questions/"+rq.id("requirement"), ""), nil
}

func (s *Site) saveDraft(rq *request, id, requirement string) error {
	fields := map[string]string{}
	for _, name := range draftFields() {
		fields[name] = strings.ToValidUTF8(strings.ReplaceAll(rq.form.text(name), "\x00", ""), "\uFFFD")
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return s.App.SaveDraft(rq.Context(), rq.who, id, requirement, string(body), rq.form.number("version"))
}

type linkChange func(ctx context.Context, who access.Actor, system, framework, requirement, evidence string) (app.Receipt, error)

// changeLink links a record to the question, or takes the link away.
func (s *Site) changeLink(rq *request, change linkChange, done string) (reply, error) {
	v, err := s.App.QuestionView(rq.Context(), rq.who, rq.id("id"), rq.id("requirement"))
	if err != nil {
		return reply{}, err
	}
	if _, err := change(rq.Context(), rq.who, v.System.ID, v.Framework.ID, v.Line.Requirement.ID, or(rq.form.id("evidence"), "-")); err != nil {
		return reply{}, err
	}
	return goTo(questionPath(v), done), nil
}
