package inventory

import (
	"cmp"
	"net/url"
	"strings"
)

// Package is what a component is a version of, for comparing documents: the package
// URL without version, qualifiers and subpath, or else the group and name. Two
// versions of one package have the same. It is no key for matching advisories,
// which internal/match derives by the rules of each ecosystem.
func (c *Component) Package() string {
	if rest, ok := strings.CutPrefix(c.PURL, "pkg:"); ok {
		rest, _, _ = strings.Cut(rest, "#")
		rest, _, _ = strings.Cut(rest, "?")
		if at := strings.LastIndexByte(rest, '@'); at > strings.LastIndexByte(rest, '/') {
			rest = rest[:at]
		}
		kind, name, _ := strings.Cut(strings.TrimLeft(rest, "/"), "/")
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		return "pkg:" + strings.ToLower(kind) + "/" + name
	}
	if c.Group != "" {
		return c.Group + "/" + c.Name
	}
	return c.Name
}

// compareVersions orders versions for showing and pairing: runs of digits by their
// value, everything else by its bytes. It is a total order and no statement about
// which version is the newer one.
func compareVersions(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		n, m := digits(x), digits(y)
		if n > 0 && m > 0 {
			if c := compareNumbers(x[:n], y[:m]); c != 0 {
				return c
			}
			x, y = x[n:], y[m:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
