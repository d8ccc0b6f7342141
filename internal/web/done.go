package web

import "github.com/touchstone-assurance/touchstone/internal/web/govuk"

// doneSentence is what heads the page after a write, by the word that goTo put
// into its address. An address with any other word says nothing.
func doneSentence(word string) string {
	for _, sentences := range []map[string]string{mainDone(), accountDone()} {
		if s := sentences[word]; s != "" {
			return s
		}
	}
	return ""
}

func mainDone() map[string]string {
	return map[string]string{
		"organisation_chosen": "You are now working for this organisation.",
		"system_created":      "The system has been saved as a draft.",
		"system_changed":      "The details have been saved.",
		"system_moved":        "The state of the system has changed.",
		"role_added":          "The role has been recorded.",
		"appointment_ended":   "The role ends on the day you gave.",
		"connection_saved":    "The connection has been saved.",
		"obligation_added":    "The obligation has been added.",
		"accreditation_added": "The legacy accreditation has been recorded.",
		"assessment_started":  "The assessment has been started.",
		"assessment_due":      "An assessment is due now. The reason is on record.",
		"answer_saved":        "The answer has been saved.",
		"answers_confirmed":   "The answers have been confirmed.",
		"assessment_approved": "The assessment has been approved.",
		"assessment_returned": "The assessment has been sent back to the team.",
		"report_shared":       "It has been recorded who was given the report.",
		"evidence_added":      "The evidence has been saved.",
		"evidence_changed":    "The record has been saved.",
		"evidence_withdrawn":  "The record has been withdrawn.",
		"evidence_linked":     "The record is linked to this question.",
		"evidence_unlinked":   "The link has been taken away.",
		"feedback_sent":       "Thank you. Your note has been sent.",
		"feedback_handled":    "The note has been answered.",
		"removal_asked":       "The removal has been asked for. An administrator decides.",
		"removal_refused":     "The removal has been turned down.",
		"bands_set":           "The thresholds of the bands have been saved.",
	}
}

func done(rq *request) *govuk.NotificationBanner {
	if words := doneSentence(rq.URL.Query().Get("done")); words != "" && !rq.writes() {
		return &govuk.NotificationBanner{Success: true, Text: words}
	}
	return nil
}
