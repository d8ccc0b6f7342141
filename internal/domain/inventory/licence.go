package inventory

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
	"sync"
)

//go:embed spdx-licences.txt
var licenceList string

//go:embed spdx-exceptions.txt
var exceptionList string

var knownLicences = sync.OnceValue(func() map[string]bool { return lines(licenceList) })

var knownExceptions = sync.OnceValue(func() map[string]bool { return lines(exceptionList) })

func lines(list string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.SplitSeq(list, "\n") {
		if line != "" && line[0] != '#' {
			out[line] = true
		}
	}
	return out
}

// KnownLicence reports whether id is an identifier of the SPDX Licence List,
// current or deprecated, in the list's own spelling.
func KnownLicence(id string) bool { return knownLicences()[id] }

// KnownException reports whether id is an identifier of the SPDX list of licence
// exceptions (what may stand after WITH).
func KnownException(id string) bool { return knownExceptions()[id] }

// LicenceUse is a licence and how many components name it.
type LicenceUse struct {
	Licence    string // identifier, or the name that the document gives
	Known      bool   // on the SPDX Licence List
	Components int    // components that name it, each counted once
}

// LicenceSummary is what an inventory says about licences.
type LicenceSummary struct {
	Licences []LicenceUse // distinct, most used first, then by name
	Without  []int32      // indexes of components that name no licence
}

// Licences counts the licences of the components of d. An expression counts for
// every licence in it: "MIT OR Apache-2.0" is one use of each. A text that is no
// expression counts whole, as a name. What follows WITH stays with its licence.
func Licences(d *Document) LicenceSummary {
	count := map[string]int{}
	var out LicenceSummary
	for i, c := range d.Parts() {
		seen := map[string]bool{}
		for _, text := range c.Licences {
			for _, l := range SplitLicence(text) {
				if !seen[l] {
					seen[l] = true
					count[l]++
				}
			}
		}
		if len(seen) == 0 {
			out.Without = append(out.Without, i)
		}
	}
	for l, n := range count {
		id, _, _ := strings.Cut(l, " WITH ")
		out.Licences = append(out.Licences, LicenceUse{Licence: l, Known: KnownLicence(strings.TrimSuffix(id, "+")), Components: n})
	}
	slices.SortFunc(out.Licences, func(a, b LicenceUse) int {
		if a.Components != b.Components {
			return b.Components - a.Components
		}
		return strings.Compare(a.Licence, b.Licence)
	})
	return out
}

// SplitLicence gives the licences of an SPDX licence expression (SPDX 2.3 annex
// D), in order and each once; "A WITH E" is one. A text that is not an expression
// is given back whole, trimmed; NONE, NOASSERTION and the empty text give nothing.
func SplitLicence(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" || text == "NONE" || text == "NOASSERTION" {
		return nil
	}
	p := expression{}
	for word := range words(text) {
		p.take(word)
	}
	if p.bad || p.open != 0 || !p.complete {
		return []string{text}
	}
	return distinct(p.found)
}

// expression is a reader of "A AND (B OR C WITH E)" that keeps only the names.
type expression struct {
	found    []string
	open     int  // parentheses not closed
	complete bool // a licence has just ended: an operator may follow
	with     bool // the next word is an exception
	bad      bool
}

func (p *expression) take(word string) {
	switch upper := strings.ToUpper(word); {
	case word == "(":
		p.bad = p.bad || p.complete || p.with
		p.open++
	case word == ")":
		p.open--
		p.bad = p.bad || !p.complete || p.with || p.open < 0
	case upper == "AND" || upper == "OR":
		p.bad = p.bad || !p.complete || p.with
		p.complete = false
	case upper == "WITH":
		p.bad = p.bad || !p.complete || p.with
		p.complete, p.with = false, true
	case p.with:
		p.bad = p.bad || !name(word)
		if !p.bad {
			p.found[len(p.found)-1] += " WITH " + word
		}
		p.complete, p.with = true, false
	default:
		p.bad = p.bad || p.complete || !name(word)
		p.found = append(p.found, word)
		p.complete = true
	}
}

func distinct(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

// name tells whether word can be an identifier: letters, digits, "-", ".", "+" and
// ":" (as in DocumentRef-a:LicenseRef-b).
func name(word string) bool {
	for _, r := range word {
		if !strings.ContainsRune("-.+:_", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return word != ""
}

// words gives the words and parentheses of text.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)) {
			if !yield(f) {
				return
			}
		}
	}
}
