package cvss_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/cvss"
)

func TestParseScoresEveryVersion(t *testing.T) {
	for _, c := range []struct {
		says, vector, version string
		score                 float64
		band                  advisory.Band
	}{
		{"version 2 has no critical band", "AV:N/AC:L/Au:N/C:C/I:C/A:C", "2.0", 10, advisory.BandHigh},
		{"brackets of old databases are taken off", "(AV:L/AC:H/Au:N/C:C/I:C/A:C)", "2.0", 6.2, advisory.BandMedium},
		{"version 2 with temporal metrics", "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", "2.0", 6.4, advisory.BandMedium},
		{"version 3.0", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "3.0", 9.8, advisory.BandCritical},
		{"version 3.1 with a changed scope", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "3.1", 6.1, advisory.BandMedium},
		{"version 3.1 with full impact and a changed scope", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "3.1", 10, advisory.BandCritical},
		{"environmental metrics lower the score", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P", "3.1", 6.8, advisory.BandMedium},
		{"no impact is rated none", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "3.1", 0, advisory.BandNone},
		{"version 4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 9.3, advisory.BandCritical},
		{"version 4.0 at its greatest", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "4.0", 10, advisory.BandCritical},
	} {
		got, err := cvss.Parse(c.vector)
		if err != nil || got != (cvss.Rating{Version: c.version, Score: c.score, Band: c.band}) {
			t.Errorf("%s: got %+v, %v; want %s %v %s", c.says, got, err, c.version, c.score, c.band)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for says, vector := range map[string]string{
		"nothing":                 "",
		"words":                   "high",
		"an unknown version":      "CVSS:5.0/AV:N",
		"a metric missing":        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
		"a metric twice":          "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		"an unknown value":        "CVSS:4.0/AV:Q/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
		"a prefix only":           "CVSS:3.1/",
		"far more than it can be": "CVSS:3.1/" + strings.Repeat("AV:N/", 1000),
	} {
		_, err := cvss.Parse(vector)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v is not a fault of the input", says, err)
		}
	}
}

func TestScoreIsMinusOneForWhatItCannotRate(t *testing.T) {
	v3 := "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	for _, c := range []struct {
		says, scheme, vector string
		want                 float64
	}{
		{"a version 3 vector under its type", "CVSS_V3", v3, 9.8},
		{"a version 3 vector under the type of version 4", "CVSS_V4", v3, -1},
		{"the words of another scheme", "Ubuntu", "medium", -1},
		{"a broken vector", "CVSS_V3", "CVSS:3.1/AV:N", -1},
		{"a type cut short", "CVSS_V", v3, -1},
	} {
		if got := cvss.Score(c.scheme, c.vector); got != c.want {
			t.Errorf("%s: got %v, want %v", c.says, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range []string{"", "CVSS:3.1/", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/RL:O"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, vector string) {
		r, err := cvss.Parse(vector)
		if err == nil && (r.Score < 0 || r.Score > 10 || r.Band == advisory.Unrated) {
			t.Fatalf("%q is rated %+v", vector, r)
		}
	})
}
