package ground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// What to deliver for checks of disclosure.
const (
	NoCVEs         = "No CVE record of your own is known. Push your records (CVE JSON 5)."
	NoPublications = "No advisory that you published is known. Push your advisories (CSAF)."
)

// EachFile asks every security.txt, of which each has to answer yes.
func EachFile(f check.Facts, what string, ask func(*Ground, fact.SecurityTxt) (Answer, string)) check.Verdict {
	g := New(f)
	var said []Said
	for i, s := range Sorted(f.SecurityTxts) {
		answer, words := ask(g, s.Fact)
		g.Beside(s.Document, what, map[Answer]string{No: "no", Yes: "yes"}[answer]+", "+cmp.Or(HTTPS(s.Fact.Canonical), "a file without an address"))
		said = append(said, Said{Subject: fmt.Sprint(i), Answer: answer, Words: words, doc: s.Document})
	}
	return g.every(said, best, "There is no security.txt. Push the file as it is published.")
}

// HTTPS is the first of some addresses, by text, that is encrypted; "" = none.
func HTTPS(addresses []string) string {
	for _, a := range slices.Sorted(slices.Values(addresses)) {
		if strings.HasPrefix(strings.ToLower(a), "https://") {
			return Text(a)
		}
	}
	return ""
}

// EachCVE asks every record of the maker that was not rejected. The words go after
// the id of the record.
func EachCVE(f check.Facts, what string, ask func(fact.CVERecord) (ok bool, words, value string)) check.Verdict {
	g := New(f)
	var bad, well []string
	for _, c := range f.CVEs {
		if c.Fact.State == "REJECTED" {
			continue
		}
		ok, words, value := ask(c.Fact)
		g.Saw(c.Document, what, value+", "+c.Fact.ID)
		words = cmp.Or(Text(c.Fact.ID), "A record without an id") + " " + words
		if ok {
			well = append(well, words)
		} else {
			bad = append(bad, words)
		}
	}
	slices.Sort(bad)
	slices.Sort(well)
	switch {
	case len(f.CVEs) == 0:
		return g.Cannot("%s", NoCVEs)
	case len(bad) > 0:
		return g.Fail("%s.%s", bad[0], Others(len(bad)-1))
	case len(well) == 0:
		return g.Nothing("Every CVE record was rejected.")
	}
	return g.Pass("%s.%s", well[0], Others(len(well)-1))
}

// Named names an advisory.
func Named(p fact.Publication) string { return cmp.Or(Text(p.ID), "An advisory without an id") }
