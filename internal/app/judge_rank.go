package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// What decides how urgent a finding is, where nobody has said so about the
// vulnerability itself, is read off its CVSS vector: whether an attack can be
// automated, and whether it gives total control. That is an approximation, and the
// path of the decision says that it is one.

// metric is the value of a metric in a CVSS vector; "" when it has none.
func metric(vector, name string) string {
	for part := range strings.SplitSeq(vector, "/") {
		if value, is := strings.CutPrefix(part, name+":"); is {
			return value
		}
	}
	return ""
}

// automatable: over the network, without conditions, rights or a person's help;
// nil when there is no vector to read it off.
func automatable(s advisory.Severity) *bool {
	switch {
	case s.Score < 0 || s.Vector == "":
		return nil
	case s.Type == "CVSS_V4":
		if au := metric(s.Vector, "AU"); au == "Y" || au == "N" {
			return new(au == "Y")
		}
		return new(metric(s.Vector, "AV") == "N" && metric(s.Vector, "AC") == "L" && metric(s.Vector, "AT") == "N" && metric(s.Vector, "PR") == "N" && metric(s.Vector, "UI") == "N")
	case s.Type == "CVSS_V3":
		return new(metric(s.Vector, "AV") == "N" && metric(s.Vector, "AC") == "L" && metric(s.Vector, "PR") == "N" && metric(s.Vector, "UI") == "N")
	case s.Type == "CVSS_V2":
		return new(metric(s.Vector, "AV") == "N" && metric(s.Vector, "AC") == "L" && metric(s.Vector, "Au") == "N")
	}
	return nil
}

// total: confidentiality, integrity and availability are all lost.
func total(s advisory.Severity) *bool {
	all := func(value string, names ...string) *bool {
		for _, n := range names {
			if metric(s.Vector, n) != value {
				return new(false)
			}
		}
		return new(true)
	}
	switch {
	case s.Score < 0 || s.Vector == "":
		return nil
	case s.Type == "CVSS_V4":
		return all("H", "VC", "VI", "VA")
	case s.Type == "CVSS_V3":
		return all("H", "C", "I", "A")
	case s.Type == "CVSS_V2":
		return all("C", "C", "I", "A")
	}
	return nil
}

// rank follows CISA's SSVC tree. What nobody knows counts as the worse.
func (f *Finding) rank(s store.System) {
	point := advisory.SSVC{Exploitation: advisory.ExploitationNone, Automatable: true, Impact: advisory.ImpactTotal, Mission: missionOf(s)}
	if f.Exploited {
		point.Exploitation = advisory.ExploitationActive
	}
	from := "not rated, so the worse is taken"
	if au := automatable(f.Severity); au != nil {
		point.Automatable, from = *au, "read off the CVSS vector"
	}
	if t := total(f.Severity); t != nil && !*t {
		point.Impact = advisory.ImpactPartial
	}
	if outcome, path, ok := point.Decide(); ok {
		f.SSVC, f.SSVCPath = outcome, append(path, "automatable and technical impact: "+from, "table: "+advisory.SSVCTable)
	}
}

// missionOf rates what a system is there for, as far as the register tells: data
// about people raise it, a system that nobody can reach from outside lowers it.
func missionOf(s store.System) advisory.Mission {
	switch {
	case s.Special:
		return advisory.MissionHigh
	case s.Exposure == "none" && !s.Personal:
		return advisory.MissionLow
	}
	return advisory.MissionMedium
}

// policyOf is the policy of an organisation about due dates.
func policyOf(ctx context.Context, tx *store.Tx, organisation string) (finding.Policy, error) {
	row, err := tx.RemedyPolicyOf(ctx, organisation)
	if fault.Is(err, fault.NotFound) {
		return finding.CyberEssentials(), nil
	}
	if err != nil {
		return finding.Policy{}, err
	}
	if row.Body != "" {
		var p finding.Policy
		if err := json.Unmarshal([]byte(row.Body), &p); err != nil {
			return p, fmt.Errorf("policy of %s: %w", organisation, err)
		}
		return p, nil
	}
	for _, p := range finding.Policies() {
		if p.ID == row.Policy {
			return p, nil
		}
	}
	return finding.Policy{}, fmt.Errorf("organisation %s has chosen policy %q, which this program does not have", organisation, row.Policy)
}
