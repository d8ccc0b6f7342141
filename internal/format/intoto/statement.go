package intoto

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// statement is an in-toto statement as it is written.
type statement struct {
	Type          string    `json:"_type"`
	PredicateType string    `json:"predicateType"`
	Subject       []subject `json:"subject"`
	Predicate     any       `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	URI    string            `json:"uri"` // of version 1, in place of a name
	Digest map[string]string `json:"digest"`
}

// lengths are those of the digests that everybody writes in hexadecimal digits.
var lengths = map[string]int{"sha1": 40, "gitCommit": 40, "gitTag": 40, "gitBlob": 40, "gitTree": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}

var hexadecimal = regexp.MustCompile(`^[0-9a-fA-F]+$`)

// read fills what the statement says into a, and returns what is wrong with it. A
// statement that is none at all is refused in why.
func (s *statement) read(a *fact.Attestation, at string) (faults []fact.Fault, why string) {
	if !strings.HasPrefix(s.Type, statementPrefix) {
		return nil, "It is not an in-toto statement: its _type is " + quote(s.Type) + "."
	}
	if v := strings.TrimPrefix(s.Type, statementPrefix); v != "v0.1" && v != "v1" {
		return nil, "It is an in-toto statement of version " + quote(v) + ". Versions v0.1 and v1 are read."
	}
	if s.PredicateType == "" {
		return nil, "The statement has no predicateType."
	}
	say := func(below, rule, format string, args ...any) {
		if len(faults) < maxFaults {
			faults = append(faults, fact.Fault{Pointer: at + below, Rule: rule, Detail: fmt.Sprintf(format, args...)})
		}
	}
	a.PredicateType = s.PredicateType
	if len(s.Subject) == 0 {
		say("/subject", "subject", "The statement is about nothing: it has no subject.")
	}
	for i, in := range s.Subject {
		if i == fact.MaxSubjects {
			say("/subject", "more-subjects", "The statement has %d subjects. The first %d are kept.", len(s.Subject), fact.MaxSubjects)
			break
		}
		out := fact.Subject{Name: in.Name, Digests: map[string]string{}}
		if out.Name == "" {
			out.Name = in.URI
		}
		for _, algorithm := range slices.Sorted(maps.Keys(in.Digest)) {
			digest := in.Digest[algorithm]
			if n := lengths[algorithm]; n != 0 && (len(digest) != n || !hexadecimal.MatchString(digest)) {
				say("/subject/"+strconv.Itoa(i)+"/digest", "digest", "%s is not a digest by %s. It is left out.", quote(digest), algorithm)
				continue
			}
			if lengths[algorithm] != 0 {
				digest = strings.ToLower(digest)
			}
			out.Digests[algorithm] = digest
		}
		if len(in.Digest) == 0 {
			say("/subject/"+strconv.Itoa(i), "digest", "The subject %s has no digest, so it can be any file.", quote(out.Name))
		}
		a.Subjects = append(a.Subjects, out)
	}
	provenance(a, s.Predicate)
	return faults, ""
}

// parseStatement reads the bytes of one statement.
func parseStatement(b []byte, l budget.Limits) (*statement, error) {
	var s statement
	if err := l.JSON(strings.NewReader(string(b)), &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
