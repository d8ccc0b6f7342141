package version

import "strings"

// takes reports whether a text is a version at all by the rules of the family. The
// library reads anything for some ecosystems and would give “latest” a place.
func (f family) takes(text string) bool {
	if text == "" || len(text) > maxLength || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	switch f {
	case semver, pub, nuget:
		t := strings.TrimPrefix(strings.TrimPrefix(text, "="), "v")
		return t != "" && digit(t[0])
	case hackage, cran:
		return digit(text[0])
	case debian:
		// deb-version(7): the upstream version begins with a digit in practice, and an
		// epoch is a number.
		epoch, rest, has := strings.Cut(text, ":")
		return !has || number(epoch) && rest != ""
	}
	return true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func number(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
