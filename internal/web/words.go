package web

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// choice is a value with the words that people read.
type choice struct{ value, text, help string }

// wordOf is the words of a value; the value itself when it has none.
func wordOf(choices []choice, value string) string {
	for _, c := range choices {
		if c.value == value {
			return c.text
		}
	}
	return value
}

// asOptions makes a drop-down of choices, after a first entry for "none".
func asOptions(none string, choices []choice) []govuk.Option {
	var out []govuk.Option
	if none != "" {
		out = append(out, govuk.Option{Text: none, Value: ""})
	}
	for _, c := range choices {
		out = append(out, govuk.Option{Text: c.text, Value: c.value})
	}
	return out
}

func asRadios(choices []choice) []govuk.RadioItem {
	var out []govuk.RadioItem
	for _, c := range choices {
		out = append(out, govuk.RadioItem{Value: c.value, Text: c.text, Hint: govuk.Hint{Text: c.help}})
	}
	return out
}

// spelled makes words of values that are words already: "in_service".
func spelled(values []string, as map[string]string) []choice {
	var out []choice
	for _, v := range values {
		text := as[v]
		if text == "" {
			text = strings.ReplaceAll(v, "_", " ")
			text = strings.ToUpper(text[:1]) + text[1:]
		}
		out = append(out, choice{value: v, text: text})
	}
	return out
}

func systemKinds() []choice { return spelled(portfolio.Kinds(), nil) }

func stages() []choice {
	return spelled(portfolio.Stages(), map[string]string{"in_service": "In service"})
}

func exposures() []choice {
	return []choice{
		{"public", "Yes, from the public internet", ""},
		{"restricted", "Only from networks that are let in", ""},
		{"none", "No", ""},
	}
}

func systemStates() []choice {
	out := []choice{}
	for _, s := range portfolio.States() {
		out = append(out, choice{value: string(s), text: stateWord(string(s))})
	}
	return out
}

func stateWord(s string) string {
	switch portfolio.State(s) {
	case portfolio.Draft:
		return "Draft"
	case portfolio.Registered:
		return "Registered"
	case portfolio.InAssurance:
		return "In assurance"
	case portfolio.Disposing:
		return "Being disposed of"
	case portfolio.Retired:
		return "Retired"
	case portfolio.Rehomed:
		return "Moved to another installation"
	case portfolio.Abandoned:
		return "Registration given up"
	}
	return s
}

func moveWord(a portfolio.Action) string {
	switch a {
	case portfolio.Register:
		return "Register"
	case portfolio.StartDisposal:
		return "Start disposal"
	case portfolio.CancelDisposal:
		return "Stop disposal"
	case portfolio.Retire:
		return "Retire"
	case portfolio.Rehome:
		return "Move to an installation for higher markings"
	case portfolio.Abandon:
		return "Give up the registration"
	}
	return string(a)
}

func supports() []choice {
	var out []choice
	for _, s := range slices.Backward(assessment.Supports()) {
		out = append(out, choice{string(s), s.Label(), s.Meaning()})
	}
	return out
}

// supportWord is a kind of support as people read it.
func supportWord(s string) string {
	if s == "" {
		return "None yet"
	}
	return assessment.Support(s).Label()
}

func evidenceKinds() []choice {
	var kinds []string
	for _, k := range evidence.Kinds() {
		kinds = append(kinds, string(k))
	}
	return spelled(kinds, map[string]string{"sbom": "Software bill of materials (SBOM)", "scan": "Scan result"})
}

func freshnessWord(f evidence.Freshness) string {
	switch f {
	case evidence.Current:
		return "Current"
	case evidence.Expiring:
		return "Runs out soon"
	case evidence.RanOut:
		return "Has run out"
	case evidence.Superseded:
		return "Replaced by a newer version"
	case evidence.Withdrawn:
		return "Withdrawn"
	}
	return string(f)
}

func freshnessTag(f evidence.Freshness) govuk.Tag {
	colour := map[evidence.Freshness]string{evidence.Current: "green", evidence.Expiring: "yellow", evidence.RanOut: "orange"}[f]
	return govuk.Tag{Text: freshnessWord(f), Colour: or(colour, "grey")}
}

// markings are the choices for what a person may mark a thing as here.
func markings() []choice {
	var out []choice
	for _, m := range []portfolio.Marking{{Tier: portfolio.Official}, {Tier: portfolio.Official, Handling: portfolio.Sensitive},
		{Tier: portfolio.Secret}, {Tier: portfolio.TopSecret}} {
		out = append(out, choice{value: m.String(), text: m.String()})
	}
	return out
}

// claimWord is a claim as people read it, with the words of its framework.
func claimWord(f *framework.Framework, r *framework.Requirement, c assessment.Claim) string {
	switch c.Kind {
	case assessment.AtLevel:
		for _, l := range f.LevelsOf(r) {
			if l.ID == c.Level {
				return l.Label
			}
		}
		return c.Level
	case assessment.NotApplicable:
		return "Does not apply"
	case assessment.DontKnow:
		return "I do not know"
	}
	return "No answer"
}

// labelOf is the identifier that readers of a framework know.
func labelOf(r *framework.Requirement) string { return or(r.OfficialID, r.ID) }

func stateTag(s string) govuk.Tag {
	state := assessment.State(s)
	colour := map[assessment.State]string{assessment.Approved: "green", assessment.Shared: "green", assessment.SROReview: "purple",
		assessment.Draft: "blue", assessment.Ready: "blue", assessment.Lapsed: "orange", assessment.Due: "yellow"}[state]
	return govuk.Tag{Text: state.Label(), Colour: or(colour, "grey")}
}

// standingTag shows a kind of support.
func standingTag(s assessment.Support) govuk.Tag {
	return govuk.Tag{Text: s.Label(), Colour: supportColour(s)}
}

func supportColour(s assessment.Support) string {
	switch s {
	case assessment.Confirmed, assessment.Verified:
		return "green"
	case assessment.Documented:
		return "teal"
	case assessment.Stale, assessment.Unassessed:
		return "orange"
	case assessment.Contradicted:
		return "red"
	}
	return "grey"
}
