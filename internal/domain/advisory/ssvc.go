package advisory

import (
	"fmt"
	"slices"
)

// The decision points of CISA's SSVC tree (CERT/CC data files, decision table
// "CISA Coordinator" 2.0.3). Values are in the words of the table.
type (
	Exploitation string // none, public PoC, active
	Impact       string // partial, total
	Mission      string // low, medium, high: mission prevalence and public well-being
	Outcome      string // Track, Track*, Attend, Act
)

const (
	ExploitationNone   Exploitation = "none"
	ExploitationPoC    Exploitation = "public poc"
	ExploitationActive Exploitation = "active"

	ImpactPartial Impact = "partial"
	ImpactTotal   Impact = "total"

	MissionLow    Mission = "low"
	MissionMedium Mission = "medium"
	MissionHigh   Mission = "high"

	Track     Outcome = "Track"  // no action now; the standard update time
	TrackStar Outcome = "Track*" // watch closely; the standard update time
	Attend    Outcome = "Attend" // those in charge take part; faster than standard
	Act       Outcome = "Act"    // leadership takes part; as soon as possible
)

// SSVCTable names the table and its version, to be kept with every outcome.
const SSVCTable = "cisa:CISA Coordinator:2.0.3"

// SSVC is a point of the tree.
type SSVC struct {
	Exploitation Exploitation
	Automatable  bool
	Impact       Impact
	Mission      Mission
}

// ssvcRow holds the outcomes of low, medium and high.
type ssvcRow struct {
	exploitation Exploitation
	automatable  bool
	impact       Impact
	outcomes     [3]Outcome
}

func ssvcRows() []ssvcRow {
	return []ssvcRow{
		{ExploitationNone, false, ImpactPartial, [3]Outcome{Track, Track, Track}},
		{ExploitationNone, false, ImpactTotal, [3]Outcome{Track, Track, TrackStar}},
		{ExploitationNone, true, ImpactPartial, [3]Outcome{Track, Track, Attend}},
		{ExploitationNone, true, ImpactTotal, [3]Outcome{Track, Track, Attend}},
		{ExploitationPoC, false, ImpactPartial, [3]Outcome{Track, Track, TrackStar}},
		{ExploitationPoC, false, ImpactTotal, [3]Outcome{Track, TrackStar, Attend}},
		{ExploitationPoC, true, ImpactPartial, [3]Outcome{Track, Track, Attend}},
		{ExploitationPoC, true, ImpactTotal, [3]Outcome{Track, TrackStar, Attend}},
		{ExploitationActive, false, ImpactPartial, [3]Outcome{Track, Track, Attend}},
		{ExploitationActive, false, ImpactTotal, [3]Outcome{Track, Attend, Act}},
		{ExploitationActive, true, ImpactPartial, [3]Outcome{Attend, Attend, Act}},
		{ExploitationActive, true, ImpactTotal, [3]Outcome{Attend, Act, Act}},
	}
}

// Decide follows the tree. path is the reason, from the first question to the
// outcome. ok is false when a value is none of the table's.
func (s SSVC) Decide() (outcome Outcome, path []string, ok bool) {
	column := -1
	for i, m := range []Mission{MissionLow, MissionMedium, MissionHigh} {
		if s.Mission == m {
			column = i
		}
	}
	if column < 0 {
		return "", nil, false
	}
	for _, row := range ssvcRows() {
		if row.exploitation == s.Exploitation && row.automatable == s.Automatable && row.impact == s.Impact {
			outcome = row.outcomes[column]
			return outcome, []string{
				"exploitation: " + string(s.Exploitation),
				"automatable: " + yesNo(s.Automatable),
				"technical impact: " + string(s.Impact),
				"mission and well-being: " + string(s.Mission),
				"outcome: " + string(outcome),
			}, true
		}
	}
	return "", nil, false
}

// Urgency orders outcomes: 0 for what is none, then from Track to Act.
func (o Outcome) Urgency() int {
	for i, known := range []Outcome{Track, TrackStar, Attend, Act} {
		if o == known {
			return i + 1
		}
	}
	return 0
}

// MissionOf combines mission prevalence (minimal, support, essential) with public
// well-being impact (minimal, material, irreversible). The table leaves minimal
// prevalence with material impact open; it counts as medium, as support with
// material does.
func MissionOf(prevalence, wellBeing string) (Mission, error) {
	known := func(v string, values ...string) bool { return slices.Contains(values, v) }
	if !known(prevalence, "minimal", "support", "essential") || !known(wellBeing, "minimal", "material", "irreversible") {
		return "", fmt.Errorf("mission prevalence %q and well-being %q are not both values of the tree", prevalence, wellBeing)
	}
	switch {
	case prevalence == "essential" || wellBeing == "irreversible":
		return MissionHigh, nil
	case prevalence == "minimal" && wellBeing == "minimal":
		return MissionLow, nil
	}
	return MissionMedium, nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
