// Package securitytests asks for tests of what keeps people out.
package securitytests

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// words are parts of names of suites that are about a security function.
var words = []string{"security", "authn", "authz", "authent", "authori", "oauth", "login", "signin", "logon", "session", "password", "passphrase", "passkey", "permission", "privilege", "tenant",
	"access_control", "accesscontrol", "csrf", "xss", "injection", "sanitis", "sanitiz", "escap", "crypt", "certificate", "tls", "signature", "attack", "hostile", "fuzz"}

// Evaluate looks at the names of suites.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	var passed, failed []string
	for _, t := range f.Tests {
		for _, s := range t.Fact.Suites {
			name := strings.ToLower(s.Name)
			if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) }) {
				continue
			}
			g.Saw(t.Document, "Suite about security", fmt.Sprintf("%s: %d tests, failed %d, skipped %d", ground.Text(s.Name), s.Tests, s.Failures, s.Skipped))
			switch {
			case s.Failures > 0:
				failed = append(failed, ground.Text(s.Name))
			case s.Tests-max(s.Skipped, 0) > 0:
				passed = append(passed, ground.Text(s.Name))
			}
		}
	}
	slices.Sort(passed)
	slices.Sort(failed)
	switch {
	case len(failed) > 0:
		return g.Fail("A test in the suite %s failed.", failed[0])
	case len(passed) > 0:
		return g.Pass("%s about security functions ran and passed, one of them %s.", ground.Count(len(passed), "suite", "suites"), passed[0])
	}
	return g.Cannot("No suite that ran is named after a security function. Push JUnit-style results with such suites.")
}
