package csaf

import (
	"slices"
	"strconv"
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"
)

// metric is a metric of a version of CVSS: its name in vectors, its member in the
// JSON form, and its values in both ("N=NETWORK").
type metric struct {
	code, member string
	values       []string
}

// scheme is a version of CVSS as its JSON schema has it (first.org/cvss).
type scheme struct {
	prefix   string
	metrics  []metric // in the order of vectors
	base     int      // how many of them every vector has
	required []string
	scores   []string // members that are a score, 0 to 10
	severity []string // members that are a band
	none     []string // members of other versions that this one has given up
}

func metrics(lines string) []metric {
	var out []metric
	for l := range strings.Lines(strings.TrimSpace(lines)) {
		w := strings.Fields(l)
		out = append(out, metric{code: w[0], member: w[1], values: w[2:]})
	}
	return out
}

func metrics2() []metric {
	return metrics(`
AV accessVector L=LOCAL A=ADJACENT_NETWORK N=NETWORK
AC accessComplexity H=HIGH M=MEDIUM L=LOW
Au authentication M=MULTIPLE S=SINGLE N=NONE
C confidentialityImpact N=NONE P=PARTIAL C=COMPLETE
I integrityImpact N=NONE P=PARTIAL C=COMPLETE
A availabilityImpact N=NONE P=PARTIAL C=COMPLETE
E exploitability U=UNPROVEN POC=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH ND=NOT_DEFINED
RL remediationLevel OF=OFFICIAL_FIX TF=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE ND=NOT_DEFINED
RC reportConfidence UC=UNCONFIRMED UR=UNCORROBORATED C=CONFIRMED ND=NOT_DEFINED
CDP collateralDamagePotential N=NONE L=LOW LM=LOW_MEDIUM MH=MEDIUM_HIGH H=HIGH ND=NOT_DEFINED
TD targetDistribution N=NONE L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
CR confidentialityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
IR integrityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
AR availabilityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED`)
}

func metrics3() []metric {
	return metrics(`
AV attackVector N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL
AC attackComplexity L=LOW H=HIGH
PR privilegesRequired N=NONE L=LOW H=HIGH
UI userInteraction N=NONE R=REQUIRED
S scope U=UNCHANGED C=CHANGED
C confidentialityImpact N=NONE L=LOW H=HIGH
I integrityImpact N=NONE L=LOW H=HIGH
A availabilityImpact N=NONE L=LOW H=HIGH
E exploitCodeMaturity X=NOT_DEFINED U=UNPROVEN P=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH
RL remediationLevel X=NOT_DEFINED O=OFFICIAL_FIX T=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE
RC reportConfidence X=NOT_DEFINED U=UNKNOWN R=REASONABLE C=CONFIRMED
CR confidentialityRequirement X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH
IR integrityRequirement X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH
AR availabilityRequirement X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH
MAV modifiedAttackVector X=NOT_DEFINED N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL
MAC modifiedAttackComplexity X=NOT_DEFINED L=LOW H=HIGH
MPR modifiedPrivilegesRequired X=NOT_DEFINED N=NONE L=LOW H=HIGH
MUI modifiedUserInteraction X=NOT_DEFINED N=NONE R=REQUIRED
MS modifiedScope X=NOT_DEFINED U=UNCHANGED C=CHANGED
MC modifiedConfidentialityImpact X=NOT_DEFINED N=NONE L=LOW H=HIGH
MI modifiedIntegrityImpact X=NOT_DEFINED N=NONE L=LOW H=HIGH
MA modifiedAvailabilityImpact X=NOT_DEFINED N=NONE L=LOW H=HIGH`)
}

func metrics4() []metric {
	return metrics(`
AV attackVector N=NETWORK A=ADJACENT L=LOCAL P=PHYSICAL
AC attackComplexity L=LOW H=HIGH
AT attackRequirements N=NONE P=PRESENT
PR privilegesRequired N=NONE L=LOW H=HIGH
UI userInteraction N=NONE P=PASSIVE A=ACTIVE
VC vulnConfidentialityImpact H=HIGH L=LOW N=NONE
VI vulnIntegrityImpact H=HIGH L=LOW N=NONE
VA vulnAvailabilityImpact H=HIGH L=LOW N=NONE
SC subConfidentialityImpact H=HIGH L=LOW N=NONE
SI subIntegrityImpact H=HIGH L=LOW N=NONE
SA subAvailabilityImpact H=HIGH L=LOW N=NONE
E exploitMaturity X=NOT_DEFINED A=ATTACKED P=PROOF_OF_CONCEPT U=UNREPORTED
CR confidentialityRequirement X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH
IR integrityRequirement X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH
AR availabilityRequirement X=NOT_DEFINED L=LOW M=MEDIUM H=HIGH
MAV modifiedAttackVector X=NOT_DEFINED N=NETWORK A=ADJACENT L=LOCAL P=PHYSICAL
MAC modifiedAttackComplexity X=NOT_DEFINED L=LOW H=HIGH
MAT modifiedAttackRequirements X=NOT_DEFINED N=NONE P=PRESENT
MPR modifiedPrivilegesRequired X=NOT_DEFINED N=NONE L=LOW H=HIGH
MUI modifiedUserInteraction X=NOT_DEFINED N=NONE P=PASSIVE A=ACTIVE
MVC modifiedVulnConfidentialityImpact X=NOT_DEFINED H=HIGH L=LOW N=NONE
MVI modifiedVulnIntegrityImpact X=NOT_DEFINED H=HIGH L=LOW N=NONE
MVA modifiedVulnAvailabilityImpact X=NOT_DEFINED H=HIGH L=LOW N=NONE
MSC modifiedSubConfidentialityImpact X=NOT_DEFINED N=NEGLIGIBLE H=HIGH L=LOW
MSI modifiedSubIntegrityImpact X=NOT_DEFINED N=NEGLIGIBLE H=HIGH L=LOW S=SAFETY
MSA modifiedSubAvailabilityImpact X=NOT_DEFINED N=NEGLIGIBLE H=HIGH L=LOW S=SAFETY
S Safety X=NOT_DEFINED N=NEGLIGIBLE P=PRESENT
AU Automatable X=NOT_DEFINED N=NO Y=YES
R Recovery X=NOT_DEFINED A=AUTOMATIC U=USER I=IRRECOVERABLE
V valueDensity X=NOT_DEFINED D=DIFFUSE C=CONCENTRATED
RE vulnerabilityResponseEffort X=NOT_DEFINED L=LOW M=MODERATE H=HIGH
U providerUrgency X=NOT_DEFINED Clear=CLEAR Green=GREEN Amber=AMBER Red=RED`)
}

// schemes are the versions of CVSS that CSAF knows, by their name.
func schemes() map[string]scheme {
	v3 := scheme{metrics: metrics3(), base: 8, required: []string{"vectorString", "baseScore", "baseSeverity"},
		scores:   []string{"baseScore", "temporalScore", "environmentalScore"},
		severity: []string{"baseSeverity", "temporalSeverity", "environmentalSeverity"}}
	v30, v31 := v3, v3
	v30.prefix, v31.prefix = "CVSS:3.0/", "CVSS:3.1/"
	return map[string]scheme{
		"2.0": {metrics: metrics2(), base: 6, required: []string{"vectorString", "baseScore"}, scores: v3.scores},
		"3.0": v30, "3.1": v31,
		"4.0": {prefix: "CVSS:4.0/", metrics: metrics4(), base: 11, required: v3.required,
			scores: []string{"baseScore"}, severity: []string{"baseSeverity"},
			none: []string{"threatScore", "threatSeverity", "environmentalScore", "environmentalSeverity"}},
	}
}

var bands = []string{"NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"}

// vector takes a vector apart; "" in why means that it is one.
func (s scheme) vector(text string) (values map[string]string, why string) {
	rest, ok := strings.CutPrefix(text, s.prefix)
	if !ok {
		return nil, "does not begin with " + s.prefix
	}
	values = map[string]string{}
	for part := range strings.SplitSeq(rest, "/") {
		code, value, _ := strings.Cut(part, ":")
		i := slices.IndexFunc(s.metrics, func(m metric) bool { return m.code == code })
		if i < 0 || s.metrics[i].word(value) == "" {
			return nil, "has the part " + quote(part) + ", which the version does not define"
		}
		if values[code] != "" {
			return nil, "has the metric " + code + " twice"
		}
		values[code] = value
	}
	for _, m := range s.metrics[:s.base] {
		if values[m.code] == "" {
			return nil, "lacks the metric " + m.code
		}
	}
	return values, ""
}

// word is the value of the JSON form for one in a vector.
func (m metric) word(value string) string {
	for _, v := range m.values {
		if code, word, _ := strings.Cut(v, "="); code == value {
			return word
		}
	}
	return ""
}

// has reports whether the JSON form knows the word.
func (m metric) has(word string) bool {
	return slices.ContainsFunc(m.values, func(v string) bool { _, w, _ := strings.Cut(v, "="); return w == word })
}

// join makes a vector in the order of the version. A metric that is not there is left
// out, or "ND" in version 2, which asks for whole groups.
func (s scheme) join(values map[string]string, whole bool) string {
	var parts []string
	for _, m := range s.metrics {
		v := values[m.code]
		if v == "" && whole {
			v = "ND"
		}
		if v != "" {
			parts = append(parts, m.code+":"+v)
		}
	}
	return s.prefix + strings.Join(parts, "/")
}

// computed gives the scores of a vector by member of the JSON form.
func (s scheme) computed(version string, values map[string]string) map[string]float64 {
	out := map[string]float64{}
	switch version {
	case "2.0":
		if c, err := gocvss20.ParseVector(s.join(values, true)); err == nil {
			out["baseScore"], out["temporalScore"], out["environmentalScore"] = c.BaseScore(), c.TemporalScore(), c.EnvironmentalScore()
		}
	case "3.0":
		if c, err := gocvss30.ParseVector(s.join(values, false)); err == nil {
			out["baseScore"], out["temporalScore"], out["environmentalScore"] = c.BaseScore(), c.TemporalScore(), c.EnvironmentalScore()
		}
	case "3.1":
		if c, err := gocvss31.ParseVector(s.join(values, false)); err == nil {
			out["baseScore"], out["temporalScore"], out["environmentalScore"] = c.BaseScore(), c.TemporalScore(), c.EnvironmentalScore()
		}
	case "4.0": // one score, of all the metrics that the vector gives
		if c, err := gocvss40.ParseVector(s.join(values, false)); err == nil {
			out["baseScore"] = c.Score()
		}
	}
	return out
}

// band is the severity of a score, for versions 3 and 4.
func band(score float64) string {
	switch {
	case score >= 9:
		return "CRITICAL"
	case score >= 7:
		return "HIGH"
	case score >= 4:
		return "MEDIUM"
	case score > 0:
		return "LOW"
	}
	return "NONE"
}

// number reads a member that is a number.
func (o Object) number(name string) (float64, bool) {
	v := o[name]
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, v.Kind == '0' && err == nil
}
