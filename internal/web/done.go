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
	}
}

func done(rq *request) *govuk.NotificationBanner {
	if words := doneSentence(rq.URL.Query().Get("done")); words != "" && !rq.writes() {
		return &govuk.NotificationBanner{Success: true, Text: words}
	}
	return nil
}
