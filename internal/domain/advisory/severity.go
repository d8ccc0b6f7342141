package advisory

// Band is a qualitative severity rating.
type Band string

// The bands, worst last. Unrated is for what carries no score that can be read:
// it is not the same as BandNone, and never counts as harmless.
const (
	Unrated      Band = "unrated"
	BandNone     Band = "none"
	BandLow      Band = "low"
	BandMedium   Band = "medium"
	BandHigh     Band = "high"
	BandCritical Band = "critical"
)

// Bands lists every band, least severe first.
func Bands() []Band {
	return []Band{Unrated, BandNone, BandLow, BandMedium, BandHigh, BandCritical}
}

// BandOf rates a CVSS score of 0 to 10 (CVSS v3.1 section 5, CVSS v4.0 section 6).
// CVSS v2 defines no bands; the three of the US National Vulnerability Database
// are used, in which nothing is critical. A score outside 0 to 10 is Unrated.
func BandOf(severityType string, score float64) Band {
	switch {
	case !(score >= 0 && score <= 10):
		return Unrated
	case severityType == "CVSS_V2":
		switch {
		case score < 4:
			return BandLow
		case score < 7:
			return BandMedium
		}
		return BandHigh
	case score == 0:
		return BandNone
	case score < 4:
		return BandLow
	case score < 7:
		return BandMedium
	case score < 9:
		return BandHigh
	}
	return BandCritical
}

// Band is the band of one rating.
func (s Severity) Band() Band { return BandOf(s.Type, s.Score) }

// Preferred picks the rating to show where several are given: the newest CVSS
// version that could be read, and within it the highest score. Ratings of other
// schemes come last. It returns false when there is none.
func Preferred(ratings []Severity) (Severity, bool) {
	var best Severity
	bestRank := -1
	for _, s := range ratings {
		r := rank(s)
		if r > bestRank || r == bestRank && s.Score > best.Score {
			best, bestRank = s, r
		}
	}
	return best, bestRank >= 0
}

func rank(s Severity) int {
	if s.Score < 0 {
		return 0
	}
	switch s.Type {
	case "CVSS_V4":
		return 4
	case "CVSS_V3":
		return 3
	case "CVSS_V2":
		return 2
	}
	return 1
}
