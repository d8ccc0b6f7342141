// Package epss reads the daily file of the Exploit Prediction Scoring System that
// FIRST publishes: CSV with the columns cve, epss and percentile, under a line that
// names the model and the day, packed with gzip or not.
//
// A row that cannot be read is counted and the first of them are named; the others
// hold.
package epss

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// Detect says whether the beginning of an unpacked document looks like the file.
func Detect(head []byte) bool {
	return bytes.HasPrefix(head, []byte("#model_version:")) || bytes.HasPrefix(head, []byte(header))
}

const (
	header = "cve,epss,percentile"
	// longest is more than any line of the file; a longer one is no such file.
	longest    = 512
	mostFaults = 20
)

// Parse reads the file; limits hold for what is unpacked as well. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (advisory.Predictions, error) {
	in := bufio.NewReader(l.Reader(r))
	if head, err := in.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return advisory.Predictions{}, fault.New(fault.Invalid, "The file of predictions is not a sound gzip file.").Because(err)
		}
		in = bufio.NewReader(l.Reader(z))
	}
	p := parser{limits: l.OrDefaults()}
	if err := p.lines(in); err != nil {
		return advisory.Predictions{}, err
	}
	byCVE := func(a, b advisory.Prediction) int { return strings.Compare(a.CVE, b.CVE) }
	slices.SortStableFunc(p.out.Rows, byCVE)
	// Of a row that occurs twice the first holds, and the second is a fault.
	p.out.Rows = slices.CompactFunc(p.out.Rows, func(a, b advisory.Prediction) bool {
		if a.CVE == b.CVE {
			p.fault("%s has more than one row.", b.CVE)
			return true
		}
		return false
	})
	return p.out, nil
}

type parser struct {
	limits budget.Limits
	out    advisory.Predictions
}

func (p *parser) lines(in *bufio.Reader) error {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 0, 4096), longest)
	started := false
	n := 0
	for s.Scan() {
		n++
		line := strings.TrimSuffix(strings.TrimPrefix(s.Text(), "\xef\xbb\xbf"), "\r")
		switch {
		case line == "":
		case !started && strings.HasPrefix(line, "#"):
			p.comment(line[1:])
		case !started && line == header:
			started = true
		case !started:
			return fault.New(fault.Invalid, "The file of predictions does not begin with the columns cve, epss and percentile.")
		case len(p.out.Rows) >= p.limits.Items:
			return p.limits.TooMany("rows")
		default:
			p.row(n, line)
		}
	}
	return p.end(s.Err(), started, n)
}

func (p *parser) end(err error, started bool, n int) error {
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, bufio.ErrTooLong):
		return fault.Newf(fault.Invalid, "Line %d of the file of predictions is longer than %d bytes.", n+1, longest)
	case err != nil:
		return fault.Newf(fault.Invalid, "The file of predictions ends too early, after line %d. Was it cut off on its way?", n).Because(err)
	case !started:
		return fault.New(fault.Invalid, "The file of predictions is empty.")
	}
	return nil
}

// comment reads "model_version:v2025.03.14,score_date:2026-01-31T00:00:00+0000".
func (p *parser) comment(line string) {
	for part := range strings.SplitSeq(line, ",") {
		name, value, _ := strings.Cut(part, ":")
		switch strings.TrimSpace(name) {
		case "model_version":
			p.out.Model = value
		case "score_date":
			for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339, time.DateOnly} {
				if t, err := time.Parse(layout, value); err == nil {
					p.out.Scored = t.UnixMicro()
					break
				}
			}
		}
	}
}

func (p *parser) row(n int, line string) {
	cve, rest, _ := strings.Cut(line, ",")
	probability, percentile, two := strings.Cut(rest, ",")
	a, ok := share(probability)
	b, ok2 := share(percentile)
	if !strings.HasPrefix(cve, "CVE-") || !two || !ok || !ok2 {
		p.fault("Line %d is not an identifier and two numbers from 0 to 1.", n)
		return
	}
	p.out.Rows = append(p.out.Rows, advisory.Prediction{CVE: cve, Probability: a, Percentile: b})
}

// share reads a number from 0 to 1; not a number is none.
func share(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && v >= 0 && v <= 1
}

func (p *parser) fault(format string, args ...any) {
	p.out.Broken++
	if len(p.out.Faults) < mostFaults {
		p.out.Faults = append(p.out.Faults, fmt.Sprintf(format, args...))
	}
}
