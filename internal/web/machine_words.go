package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

const (
	hourMicro = 3600 * 1_000_000
	dayMicro  = 24 * hourMicro
)

// age says how old something of an instant is (µs UTC); "" for none.
func age(at, now int64) string {
	switch d := now - at; {
	case at == 0:
		return ""
	case d < hourMicro:
		return "less than an hour old"
	case d < dayMicro:
		return many(d/hourMicro, "hour", "hours") + " old"
	default:
		return many(d/dayMicro, "day", "days") + " old"
	}
}

// dated is an instant with its age: "2 March 2026, 09:00 UTC (2 days old)".
func dated(at, now int64) string {
	if at == 0 {
		return "Not known"
	}
	return moment(at) + " (" + age(at, now) + ")"
}

// stacked lets the rows of a table become blocks on a narrow screen, in which each
// cell says which column it stands in.
func stacked(t govuk.Table) govuk.Table {
	t.Classes = strings.TrimSpace(t.Classes + " app-stack")
	for _, row := range t.Rows {
		for i := range row {
			label := govuk.Attributes{"data-label": t.Head[i].Text}
			for name, value := range row[i].Attributes {
				label[name] = value
			}
			row[i].Attributes = label
		}
	}
	return t
}

func bandWord(b advisory.Band) string {
	switch b {
	case advisory.BandCritical:
		return "Critical"
	case advisory.BandHigh:
		return "High"
	case advisory.BandMedium:
		return "Medium"
	case advisory.BandLow:
		return "Low"
	case advisory.BandNone:
		return "None"
	}
	return "Not rated"
}

func verdictWord(v finding.Verdict) string {
	switch v {
	case finding.Affected:
		return "Affected"
	case finding.NotAffected:
		return "Not affected: the versions were compared"
	case finding.NotAffectedByDecision:
		return "Not affected: somebody decided so"
	case finding.Fixed:
		return "Fixed: somebody decided so"
	case finding.UnderInvestigation:
		return "Under investigation"
	case finding.NoKnown:
		return "No known vulnerability"
	case finding.CannotAssess:
		return "Cannot be assessed"
	}
	return string(v)
}

func decisionWord(s string) string {
	switch decision.Status(s) {
	case decision.Affected:
		return "Affected"
	case decision.NotAffected:
		return "Not affected"
	case decision.Fixed:
		return "Fixed"
	case decision.UnderInvestigation:
		return "Under investigation"
	}
	return s
}

// ssvcWord is an outcome of SSVC with what it asks for.
func ssvcWord(o advisory.Outcome) string {
	switch o {
	case advisory.Track:
		return "Track: no action now, update at the usual time"
	case advisory.TrackStar:
		return "Track closely: watch for changes, update at the usual time"
	case advisory.Attend:
		return "Attend: those in charge take part, update sooner than usual"
	case advisory.Act:
		return "Act: leaders take part, update as soon as possible"
	}
	return "Not decided"
}

// outcomeWord is what a check found.
func outcomeWord(o assessment.Outcome) string {
	switch o {
	case assessment.Pass:
		return "Passes"
	case assessment.Fail:
		return "Fails"
	case assessment.CannotAssess:
		return "Cannot decide"
	case assessment.OutcomeNotApplicable:
		return "Nothing to decide"
	}
	return string(o)
}

func effortWord(e check.Effort) string {
	switch e {
	case check.Hours:
		return "Some hours of work"
	case check.Days:
		return "Some days of work"
	case check.Weeks:
		return "Some weeks of work"
	}
	return string(e)
}

func factKinds() []choice {
	var out []choice
	for _, k := range check.Kinds() {
		out = append(out, choice{string(k), k.Title(), ""})
	}
	return out
}

func needWords(d check.Definition) string {
	var titles []string
	for _, k := range d.Needs {
		titles = append(titles, k.Title())
	}
	return strings.Join(titles, ", ")
}
