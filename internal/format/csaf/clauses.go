package csaf

import (
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// Failure is a mandatory test that the document fails, at one place.
type Failure struct {
	Test    string // number of the clause, "6.1.7"
	Pointer string // JSON pointer (RFC 6901)
	Detail  string // what is wrong, for people
}

// Fault is the failure as a broken rule, "csaf-6.1.7".
func (f Failure) Fault() fact.Fault {
	return fact.Fault{Pointer: f.Pointer, Rule: "csaf-" + f.Test, Detail: f.Detail}
}

// fail reports a failure of the test that is running.
type fail func(at, format string, args ...any)

// clause is one mandatory test.
type clause struct {
	number   string
	versions []string // of CSAF that have it
	run      func(d *Document, fail fail)
}

// maxFailures bounds what is kept of one test.
const maxFailures = 100

var (
	both     = []string{v20, v21}
	only21   = []string{v21}
	clauses6 = []clause{
		{"6.1.1", both, missingProduct},
		{"6.1.2", both, productTwice},
		{"6.1.3", both, productCircle},
		{"6.1.4", both, missingGroup},
		{"6.1.5", both, groupTwice},
		{"6.1.6", both, contradictingStatus},
		{"6.1.7", both, scoredTwice},
		{"6.1.8", both, invalidCVSS},
		{"6.1.9", both, wrongScore},
		{"6.1.10", both, inconsistentCVSS},
		{"6.1.11", both, unknownCWE},
		{"6.1.12", both, unknownLanguage},
		{"6.1.13", both, invalidPURL},
		{"6.1.14", both, unsortedHistory},
		{"6.1.15", both, translatorWithoutSource},
		{"6.1.16", both, notLatestVersion},
		{"6.1.17", both, draftVersionNotDraft},
		{"6.1.18", both, releasedWithZero},
		{"6.1.19", both, preReleaseInHistory},
		{"6.1.20", both, preReleaseNotDraft},
		{"6.1.21", both, missingRevision},
		{"6.1.22", both, revisionTwice},
		{"6.1.23", both, cveTwice},
		{"6.1.24", both, involvementTwice},
		{"6.1.25", both, hashTwice},
		{"6.1.26", both, reservedCategory},
		{"6.1.27.1", both, profileNotes},
		{"6.1.27.2", both, profileReferences},
		{"6.1.27.3", both, profileNoVulnerabilities},
		{"6.1.27.4", both, profileTree},
		{"6.1.27.5", both, profileVulnerabilityNotes},
		{"6.1.27.6", both, profileStatus},
		{"6.1.27.7", both, profileVEXStatus},
		{"6.1.27.8", both, profileID},
		{"6.1.27.9", both, profileImpact},
		{"6.1.27.10", both, profileAction},
		{"6.1.27.11", both, profileVulnerabilities},
		{"6.1.27.12", only21, profileAffected},
		{"6.1.27.13", only21, profileFixedAndAffected},
		{"6.1.27.14", only21, profileReason},
		{"6.1.27.15", only21, profileNoTree},
		{"6.1.27.16", only21, profileTwoRevisions},
		{"6.1.27.17", only21, profileWithdrawal},
		{"6.1.27.18", only21, profileSupersession},
		{"6.1.27.19", only21, profileSuccessor},
		{"6.1.28", both, sameLanguage},
		{"6.1.29", both, remediationWithoutProduct},
		{"6.1.30", both, mixedVersions},
		{"6.1.31", both, rangeAsVersion},
		{"6.1.32", both, flagWithoutProduct},
		{"6.1.33", both, flaggedTwice},
		{"6.1.34", only21, deepBranches},
		{"6.1.35", only21, contradictingRemediations},
		{"6.1.36", only21, remediationAgainstStatus},
		{"6.1.37", only21, wrongTime},
		{"6.1.38", only21, publicGroupWithheld},
		{"6.1.39", only21, publicWithoutPublicGroup},
		{"6.1.40", only21, reservedGroupName},
		{"6.1.41", only21, missingGroupName},
		{"6.1.42", only21, purlsOfSeveral},
		{"6.1.43", only21, starsInModel},
		{"6.1.44", only21, starsInSerial},
		{"6.1.45", only21, disclosedLater},
		{"6.1.46", only21, invalidSSVC},
		{"6.1.47", only21, targetOfSSVC},
		{"6.1.49", only21, laterSSVC},
		{"6.1.50", only21, invalidRange},
		{"6.1.51", only21, laterEPSS},
		{"6.1.52", only21, laterExploitationNote},
		{"6.1.53", only21, exploitedLater},
		{"6.1.54", only21, invalidLicence},
		{"6.1.55", only21, missingLicenceText},
		{"6.1.56", only21, ratedTwice},
		{"6.1.57", only21, stackedBranches},
		{"6.1.58", only21, rangeWithinVersion},
		{"6.1.59", only21, versionAsRange},
		{"6.1.60.1", only21, invalidExtension},
		{"6.1.61", only21, starsInSKU},
	}
)

// Failures runs the mandatory tests of the document's version, in their order.
func (d *Document) Failures() []Failure {
	var out []Failure
	for _, c := range clauses6 {
		if !slices.Contains(c.versions, d.Meta.Version) {
			continue
		}
		n := 0
		c.run(d, func(at, format string, args ...any) {
			if n++; n <= maxFailures {
				out = append(out, Failure{Test: c.number, Pointer: at, Detail: fmt.Sprintf(format, args...)})
			}
		})
	}
	return out
}

// eachVulnerability visits the vulnerabilities with their places.
func (d *Document) eachVulnerability(visit func(at string, v *Vulnerability)) {
	for i := range d.Vulnerabilities {
		visit(item("/vulnerabilities", i), &d.Vulnerabilities[i])
	}
}

// Numbers lists the tests that are run for a version of CSAF, in their order.
func Numbers(version string) []string {
	var out []string
	for _, c := range clauses6 {
		if slices.Contains(c.versions, version) {
			out = append(out, c.number)
		}
	}
	return out
}
