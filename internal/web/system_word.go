package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An organisation has its own word for a system: capability, service, product. It
// names the part of the service, its list and its pages; guidance and the
// interface for programs keep the one word of the glossary.

// systemWord is that word, as the organisation writes it.
func (rq *request) systemWord() string { return or(rq.signed.Organisation.SystemWord, "system") }

// systemsWord is the word for more than one.
func (rq *request) systemsWord() string { return plural(rq.systemWord()) }

// listOfSystems is the crumb as pages name it; the frame shows the organisation's
// own word for it.
var listOfSystems = crumb{"Systems", "/systems"}

// crumbOfSystems leads to the list.
func (rq *request) crumbOfSystems() crumb {
	return crumb{capital(rq.systemsWord()), listOfSystems.href}
}

// plural follows the rules that hold for nearly every English noun.
func plural(word string) string {
	lower := strings.ToLower(word)
	ends := func(with ...string) bool {
		for _, w := range with {
			if strings.HasSuffix(lower, w) {
				return true
			}
		}
		return false
	}
	switch {
	case ends("ay", "ey", "oy", "uy"):
	case ends("y"):
		return word[:len(word)-1] + "ies"
	case ends("s", "x", "z", "ch", "sh"):
		return word + "es"
	}
	return word + "s"
}

// capital begins a word as headings do.
func capital(word string) string {
	r, n := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[n:]
}

// article puts a or an before a word.
func article(word string) string {
	if word != "" && strings.ContainsRune("aeioAEIO", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}
