// Package scorecard reads results of OpenSSF Scorecard as versions 4 and 5 write them
// with --format json: the repository, the commit, the score and the checks with their
// scores and reasons.
//
// A score of -1 says that a check could not tell, which is not the same as bad; it is
// kept as it is. Details, documentation, annotations and metadata are passed over. The
// formats of probes and of raw results, and the database of scorecard monitors, are
// refused: they have no scores of checks.
package scorecard

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

const (
	largest    = 16 << 20 // bytes; details of a large repository reach one megabyte
	mostChecks = 1000     // Scorecard has about twenty
	longest    = 300      // characters of a reason
)

// Detect reports whether a document that begins with head means to be a result of
// Scorecard, in any of its JSON formats.
func Detect(head []byte) bool {
	seen := map[string]bool{}
	for _, f := range jsonstream.Fields(head) {
		seen[f.Name] = true
	}
	return seen["scorecard"] && seen["repo"]
}

type document struct {
	Date string `json:"date"`
	Repo struct {
		Name   string `json:"name"`
		Commit string `json:"commit"`
	} `json:"repo"`
	Scorecard struct {
		Version string `json:"version"`
	} `json:"scorecard"`
	Score  *float64 `json:"score"`
	Checks *[]check `json:"checks"`
}

type check struct {
	Name   string   `json:"name"`
	Score  *float64 `json:"score"`
	Reason string   `json:"reason"`
}

// Parse reads a result. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (*fact.Scorecard, []fact.Fault, error) {
	l = l.OrDefaults()
	l.Bytes = min(l.Bytes, largest)
	var in document
	if err := l.JSON(r, &in); err != nil {
		return nil, nil, err
	}
	switch {
	case in.Checks == nil:
		return nil, nil, fault.New(fault.Unsupported, "The document has no checks, so it is no result of Scorecard with --format json. Results of probes and raw results are not read.")
	case in.Repo.Name == "":
		return nil, nil, fault.New(fault.Invalid, "The result does not say which repository it is about (/repo/name).")
	case len(*in.Checks) > mostChecks:
		return nil, nil, fault.Newf(fault.TooLarge, "The result has more than %d checks.", mostChecks)
	}
	var p faults
	out := &fact.Scorecard{Version: in.Scorecard.Version, Repository: in.Repo.Name, Commit: in.Repo.Commit, At: p.date(in.Date), Checks: map[string]fact.ScorecardCheck{}}
	if out.Version == "" {
		p.add("version", "/scorecard/version", "The result does not say which version of Scorecard made it.")
	}
	if out.Commit == "" {
		p.add("commit", "/repo/commit", "The result does not say which commit was looked at.")
	}
	out.Score = p.score("/score", in.Score)
	if len(*in.Checks) == 0 {
		p.add("checks", "/checks", "The result has no check.")
	}
	for i, c := range *in.Checks {
		p.check(out, fmt.Sprintf("/checks/%d", i), c)
	}
	return out, p, nil
}

type faults []fact.Fault

func (p *faults) add(rule, pointer, format string, args ...any) {
	*p = append(*p, fact.Fault{Pointer: pointer, Rule: rule, Detail: fmt.Sprintf(format, args...)})
}

// check adds one check. Of two with the same name the lower score counts, and not
// having been able to tell is lower than any.
func (p *faults) check(out *fact.Scorecard, at string, c check) {
	if c.Name == "" {
		p.add("name", at+"/name", "The check has no name.")
		return
	}
	score := p.score(at+"/score", c.Score)
	whole := math.Floor(score)
	if whole != score {
		p.add("score", at+"/score", "The score of a check is a whole number, not %v. It counts as %v.", score, whole)
	}
	before, twice := out.Checks[c.Name]
	if twice {
		p.add("twice", at+"/name", "The check %s is there twice. The lower score counts.", quote(c.Name))
		if before.Score <= int(whole) {
			return
		}
	}
	out.Checks[c.Name] = fact.ScorecardCheck{Score: int(whole), Reason: cut(c.Reason, longest)}
}

// score is from 0 to 10, or -1 for what could not be told.
func (p *faults) score(at string, s *float64) float64 {
	switch {
	case s == nil:
		p.add("score", at, "There is no score. It counts as inconclusive.")
		return -1
	case *s == -1 || *s >= 0 && *s <= 10:
		return *s
	}
	p.add("score", at, "A score is from 0 to 10, or -1 for inconclusive, not %v. It counts as inconclusive.", *s)
	return -1
}

// date reads the day of version 4 or the time of version 5.
func (p *faults) date(s string) int64 {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixMicro()
		}
	}
	p.add("date", "/date", "The date is %s, which is no day such as 2026-01-31 and no time such as 2026-01-31T09:30:00Z.", quote(s))
	return 0
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string { return strconv.Quote(cut(s, 80)) }

// cut shortens a text to so many characters and puts it on one line.
func cut(s string, most int) string {
	if len(s) > 4*most {
		s = strings.ToValidUTF8(s[:4*most], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
