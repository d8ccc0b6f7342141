// Package cvss reads vectors of the Common Vulnerability Scoring System, versions
// 2.0, 3.0, 3.1 and 4.0, and gives their scores (FIRST's specifications of each).
//
// The arithmetic is a library's; what is wrong with a vector is said in our words.
// It does not decide which of several ratings counts (internal/domain/advisory).
package cvss

import (
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// longest is more than every metric of any version takes.
const longest = 512

// Rating is what a vector says.
type Rating struct {
	Version string  // "2.0", "3.0", "3.1", "4.0"
	Score   float64 // 0 to 10; of all the metrics that the vector gives, not of the base alone
	Band    advisory.Band
}

// Parse reads a vector of any version. Version 2 vectors have no prefix; one in
// brackets, as old databases write them, is read too. The error is an Invalid fault.
func Parse(vector string) (Rating, error) {
	v := strings.TrimSpace(vector)
	if len(v) > longest {
		return Rating{}, fault.Newf(fault.Invalid, "The CVSS vector is longer than %d characters.", longest)
	}
	version, family := "2.0", "CVSS_V2"
	var score float64
	var err error
	switch {
	case strings.HasPrefix(v, "CVSS:4.0/"):
		version, family = "4.0", "CVSS_V4"
		score, err = score40(v)
	case strings.HasPrefix(v, "CVSS:3.1/"):
		version, family = "3.1", "CVSS_V3"
		score, err = score31(v)
	case strings.HasPrefix(v, "CVSS:3.0/"):
		version, family = "3.0", "CVSS_V3"
		score, err = score30(v)
	case strings.HasPrefix(v, "CVSS:"):
		return Rating{}, fault.Newf(fault.Invalid, "The vector %q names a version of CVSS that is not 3.0, 3.1 or 4.0.", v)
	default:
		score, err = score20(strings.TrimSuffix(strings.TrimPrefix(v, "("), ")"))
	}
	if err != nil {
		return Rating{}, fault.Newf(fault.Invalid, "The vector %q is not a CVSS %s vector: a metric is missing, repeated, out of order or has a value that the version does not define.", v, version).Because(err)
	}
	return Rating{Version: version, Score: score, Band: advisory.BandOf(family, score)}, nil
}

// Score is the score of a vector given under a type of the OSV schema (CVSS_V2,
// CVSS_V3, CVSS_V4), and -1 when it is of another scheme, of another version than
// its type says, or cannot be read.
func Score(severityType, vector string) float64 {
	if !strings.HasPrefix(severityType, "CVSS_V") {
		return -1
	}
	r, err := Parse(vector)
	if err != nil || severityType[len("CVSS_V"):] != r.Version[:1] {
		return -1
	}
	return r.Score
}

// A vector without environmental metrics is scored without them: the modified
// impact of version 3.1 is another formula than that of its base score, so the two
// differ even where nothing was modified.

func score20(v string) (float64, error) {
	c, err := gocvss20.ParseVector(v)
	if err != nil {
		return 0, err
	}
	if has(v, "CDP:", "TD:", "CR:", "IR:", "AR:") {
		return c.EnvironmentalScore(), nil
	}
	return c.TemporalScore(), nil
}

func score30(v string) (float64, error) {
	c, err := gocvss30.ParseVector(v)
	if err != nil {
		return 0, err
	}
	if has(v, environmental3...) {
		return c.EnvironmentalScore(), nil
	}
	return c.TemporalScore(), nil
}

func score31(v string) (float64, error) {
	c, err := gocvss31.ParseVector(v)
	if err != nil {
		return 0, err
	}
	if has(v, environmental3...) {
		return c.EnvironmentalScore(), nil
	}
	return c.TemporalScore(), nil
}

func score40(v string) (float64, error) {
	c, err := gocvss40.ParseVector(v)
	if err != nil {
		return 0, err
	}
	return c.Score(), nil
}

var environmental3 = []string{"CR:", "IR:", "AR:", "MAV:", "MAC:", "MPR:", "MUI:", "MS:", "MC:", "MI:", "MA:"}

func has(vector string, metrics ...string) bool {
	for m := range strings.SplitSeq(vector, "/") {
		for _, want := range metrics {
			if strings.HasPrefix(m, want) && !strings.HasSuffix(m, ":X") && !strings.HasSuffix(m, ":ND") {
				return true
			}
		}
	}
	return false
}
