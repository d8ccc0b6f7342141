package csaf

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	purlType = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.\-+]*$`)
	purlKey  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.\-_]*$`)
)

// purlFault says what is wrong with a package URL by the rules that hold for every
// type (purl specification, "Rules for each purl component"); "" = nothing.
// What single types ask for is not looked at.
func purlFault(s string) string {
	rest, ok := strings.CutPrefix(s, "pkg:")
	if !ok {
		return "it does not begin with pkg:"
	}
	rest, subpath, _ := strings.Cut(rest, "#")
	rest, qualifiers, _ := strings.Cut(rest, "?")
	for _, part := range strings.Split(strings.Trim(subpath, "/"), "/") {
		if p, err := url.PathUnescape(part); err != nil || p == "." || p == ".." {
			return "its subpath has a segment that is not allowed"
		}
	}
	if why := qualifierFault(qualifiers); why != "" {
		return why
	}
	kind, path, ok := strings.Cut(strings.Trim(rest, "/"), "/")
	if !ok || !purlType.MatchString(kind) {
		return "its type is missing or has a character that is not allowed"
	}
	slash := strings.LastIndexByte(path, '/')
	name := path[slash+1:]
	if at := strings.LastIndexByte(name, '@'); at >= 0 {
		if _, err := url.PathUnescape(name[at+1:]); err != nil {
			return "its version is not percent-encoded rightly"
		}
		name = name[:at]
	}
	if n, err := url.PathUnescape(name); err != nil || n == "" {
		return "it has no name"
	}
	if slash < 0 {
		return ""
	}
	for _, part := range strings.Split(strings.Trim(path[:slash], "/"), "/") {
		if p, err := url.PathUnescape(part); err != nil || strings.Contains(p, "/") {
			return "its namespace has a segment that is not allowed"
		}
	}
	return ""
}

func qualifierFault(s string) string {
	if s == "" {
		return ""
	}
	seen := map[string]bool{}
	for _, q := range strings.Split(s, "&") {
		key, value, _ := strings.Cut(q, "=")
		key = strings.ToLower(key)
		if _, err := url.PathUnescape(value); err != nil || !purlKey.MatchString(key) {
			return "one of its qualifiers is not allowed"
		}
		if seen[key] {
			return "the qualifier " + key + " stands in it twice"
		}
		seen[key] = true
	}
	return ""
}
