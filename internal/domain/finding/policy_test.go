package finding_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

const day = 24 * 3600 * 1_000_000

func TestTheDefaultPolicyIsFourteenDaysForHighAndCritical(t *testing.T) {
	p := finding.CyberEssentials()
	for _, c := range []struct {
		rated finding.Rated
		days  int
	}{
		{finding.Rated{Band: advisory.BandCritical}, 14},
		{finding.Rated{Band: advisory.BandHigh}, 14},
		{finding.Rated{Band: advisory.Unrated}, 14},
		{finding.Rated{Band: advisory.BandMedium}, 0},
		{finding.Rated{Band: advisory.BandLow, Exploited: true}, 14},
	} {
		c.rated.FirstSeen = 1000
		got := p.Due(c.rated)
		if got.Days != c.days || c.days > 0 && got.At != 1000+int64(c.days)*day || c.days == 0 && got.At != 0 {
			t.Errorf("%+v: %+v", c.rated, got)
		}
	}
}

// TestBOD2604 writes the published table out by hand: in the catalogue, exposed,
// automatable, total.
func TestBOD2604(t *testing.T) {
	table := map[[4]bool]int{
		{false, false, false, false}: 0, {false, false, false, true}: 0,
		{false, false, true, false}: 60, {false, false, true, true}: 60,
		{false, true, false, false}: 60, {false, true, false, true}: 14,
		{false, true, true, false}: 14, {false, true, true, true}: 3,
		{true, false, false, false}: 14, {true, false, false, true}: 14,
		{true, false, true, false}: 14, {true, false, true, true}: 3,
		{true, true, false, false}: 14, {true, true, false, true}: 3,
		{true, true, true, false}: 3, {true, true, true, true}: 3,
	}
	forensics := 0
	for k, days := range table {
		got := finding.BOD2604().Due(finding.Rated{Exploited: k[0], Exposed: k[1], Automatable: &k[2], Total: &k[3], FirstSeen: 1})
		if got.Days != days {
			t.Errorf("%v: %d days, want %d", k, got.Days, days)
		}
		if got.Forensics {
			forensics++
		}
	}
	if forensics != 3 {
		t.Errorf("%d rows ask for forensics, the table has 3", forensics)
	}
}

func TestWhatNobodySaidIsTakenForTheWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := finding.Rated{Exploited: rapid.Bool().Draw(t, "exploited"), Exposed: rapid.Bool().Draw(t, "exposed"), FirstSeen: 1}
		unknown := finding.BOD2604().Due(r)
		r.Automatable, r.Total = new(rapid.Bool().Draw(t, "automatable")), new(rapid.Bool().Draw(t, "total"))
		known := finding.BOD2604().Due(r)
		if known.At != 0 && (unknown.At == 0 || unknown.At > known.At) {
			t.Fatalf("knowing less gave more time: %+v, then %+v", unknown, known)
		}
	})
}
