package spdx

import (
	"net/url"
	"strings"
)

// purl finds fault with a package URL by the rules that hold for every type
// (ECMA-427). What single types ask for is decided where identities are.
func (p *parser) purl(s string) {
	if why := purlFault(s); why != "" {
		p.fault("purl", "The package URL %s is not one: %s.", quote(s), why)
	}
}

func purlFault(s string) string {
	rest, ok := strings.CutPrefix(s, "pkg:")
	if !ok {
		return "it does not begin with pkg:"
	}
	if strings.ContainsAny(s, " \t\r\n") {
		return "it has white space"
	}
	rest, subpath, _ := strings.Cut(rest, "#")
	rest, qualifiers, _ := strings.Cut(rest, "?")
	kind, path, _ := strings.Cut(strings.TrimLeft(rest, "/"), "/")
	if !letters(kind, ".+-") || kind[0] >= '0' && kind[0] <= '9' {
		return "its type is missing or has a character that is not allowed"
	}
	if at := strings.LastIndexByte(path, '@'); at > strings.LastIndexByte(path, '/') {
		if !escaped(path[at+1:]) {
			return "its version has a % that begins no escape"
		}
		path = path[:at]
	}
	path = strings.Trim(path, "/")
	switch {
	case path == "":
		return "it has no name"
	case !escaped(path):
		return "its name has a % that begins no escape"
	case !escaped(subpath):
		return "its subpath has a % that begins no escape"
	case qualifiers != "":
		return qualifierFault(qualifiers)
	}
	return ""
}

func qualifierFault(s string) string {
	seen := map[string]bool{}
	for q := range strings.SplitSeq(s, "&") {
		key, value, ok := strings.Cut(q, "=")
		switch key = strings.ToLower(key); {
		case !ok || !letters(key, ".-_") || key[0] >= '0' && key[0] <= '9':
			return "one of its qualifiers is not a name and a value"
		case seen[key]:
			return "one of its qualifiers is there twice"
		case !escaped(value):
			return "one of its qualifiers has a % that begins no escape"
		}
		seen[key] = true
	}
	return ""
}

// letters tells whether s is made of ASCII letters, digits and what else is allowed.
func letters(s, also string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && strings.IndexByte(also, c) < 0 {
			return false
		}
	}
	return s != ""
}

func escaped(s string) bool {
	if strings.IndexByte(s, '%') < 0 {
		return true
	}
	_, err := url.PathUnescape(s)
	return err == nil
}
