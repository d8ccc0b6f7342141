package sarif

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestTheKindOfATool(t *testing.T) {
	for _, c := range []struct {
		name string
		tags [][]string // of its rules
		want fact.ScanKind
	}{
		{"CodeQL", nil, fact.Static},
		{"CodeQL command-line toolchain", nil, fact.Static},
		{"Semgrep OSS", nil, fact.Static},
		{"gitleaks", nil, fact.Secrets},
		{"osv-scanner", nil, fact.Composition},
		{"OSV Scanner", nil, fact.Composition},
		{"Checkov", nil, fact.Infrastructure},
		{"OWASP ZAP", nil, fact.Dynamic},
		{"Fortify WebInspect", nil, fact.Dynamic},
		{"Fortify SCA", nil, fact.Static},
		{"CodeQLish", nil, ""}, // the beginning ends with a word
		{"Trivy", nil, ""},     // does several things
		{"Trivy", [][]string{{"vulnerability", "security"}, {"vulnerability", "HIGH"}}, fact.Composition},
		{"Trivy", [][]string{{"misconfiguration", "security"}}, fact.Infrastructure},
		{"Trivy", [][]string{{"vulnerability"}, {"secret"}}, ""},
		{"Own scanner", [][]string{{"security", "external/cwe/cwe-079"}}, ""}, // says what, not how
		{"Own scanner", [][]string{{"SAST"}, {"sast", "security"}}, fact.Static},
		{"Own scanner", [][]string{{"sast"}, {"style"}}, ""},
		{"Own scanner", [][]string{{"sast", "dast"}}, ""},
		{"CodeQL", [][]string{{"secret"}}, fact.Static}, // a known name decides
		{"Scorecard", nil, ""},
		{"", nil, ""},
	} {
		r := &run{driver: component{name: c.name}}
		for _, tags := range c.tags {
			r.driver.rules = append(r.driver.rules, rule{kind: byTags(tags)})
		}
		if got := kindOf(r); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.name, c.tags, got, c.want)
		}
	}
}

func TestNoNameIsInTheListTwice(t *testing.T) {
	seen := map[string]fact.ScanKind{}
	for kind, list := range names {
		for _, n := range list {
			if n != words(n) {
				t.Errorf("%q is not written as it is compared (%q)", n, words(n))
			}
			if other, twice := seen[n]; twice {
				t.Errorf("%q is %s and %s", n, other, kind)
			}
			seen[n] = kind
		}
	}
}
