// Package purl says which package a component is: the ecosystem as advisories name
// it, the name in the form in which it is matched, and the version. A component
// that contradicts itself, or says too little, gives a reason instead of a guess.
//
// Package URLs are read by packageurl-go (ECMA-427). Keys are ours, derived from
// the text as written: the library puts the names of Go modules in lower case,
// which makes two modules one.
package purl

import (
	"net/url"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/match/version"
)

// Identity is which version of which package a component is.
type Identity struct {
	Ecosystem string // in our form, release included: “npm”, “Debian:12”; "" = not known
	Key       string // as it is matched
	Name      string // as it is shown
	Version   string
	PURL      string // as the document gives it
}

// Identify says which package a component is. With a reason it cannot be matched;
// the identity then holds what could be read, for people.
func Identify(c inventory.Component) (Identity, finding.Reason) {
	shown := c.Name
	if c.Group != "" {
		shown = c.Group + "/" + c.Name
	}
	plain := Identity{Key: shown, Name: shown, Version: c.Version, PURL: c.PURL}
	if c.PURL == "" {
		return plain, finding.NoIdentity
	}
	id, known := Parse(c.PURL)
	switch {
	case !known && id.Name == "":
		return plain, finding.NoIdentity
	case !known:
		plain.Version = id.Version
		return plain, finding.UnknownEcosystem
	}
	if conflicting(c, id) {
		plain.Ecosystem, plain.Key = "", shown
		return plain, finding.IdentityConflict
	}
	for _, other := range c.PURLs {
		o, ok := Parse(other)
		if other != c.PURL && ok && (o.Ecosystem != id.Ecosystem || o.Key != id.Key || o.own != id.own) {
			return plain, finding.IdentityConflict
		}
	}
	if id.Version == "" {
		id.Version = c.Version
	}
	if id.Version == "" {
		return id.Identity, finding.NoVersion
	}
	if _, ok := version.Parse(id.Ecosystem, id.Version); !ok {
		return id.Identity, finding.VersionNotComparable
	}
	return id.Identity, ""
}

// Parsed is a package URL that was read.
type Parsed struct {
	Identity
	segments []string // of the name, as written
	own      string   // the version of the package itself; Version may be its source's
}

// Parse reads a package URL. It returns false when it is none, or when its type has
// no ecosystem; then Name is "" in the first case.
func Parse(text string) (Parsed, bool) {
	p, err := packageurl.FromString(text)
	if err != nil {
		return Parsed{}, false
	}
	namespace, name := asWritten(text, p)
	q := p.Qualifiers.Map()
	out := Parsed{Identity: Identity{Name: name, Version: p.Version, PURL: text}, own: p.Version, segments: append(segments(namespace), segments(name)...)}
	if namespace != "" {
		out.Name = namespace + "/" + name
	}
	base, known := ecosystems[p.Type]
	if !known {
		if base, known = distributions[p.Type+"/"+strings.ToLower(namespace)]; !known {
			return out, false
		}
		return distribution(out, base, p.Type, name, q), true
	}
	switch base {
	case "Maven":
		out.Name = namespace + ":" + name
	case "Go":
		out.Version = strings.TrimPrefix(out.Version, "go") // of the standard library
		out.own = out.Version
	case "ConanCenter", "CRAN", "Hackage", "Bitnami", "crates.io", "NuGet", "RubyGems", "PyPI", "Pub":
		out.Name = name
	}
	out.Ecosystem, out.Key = base, Key(base, out.Name)
	return out, true
}

// distribution settles what advisories of a distribution speak of: the source
// package for Debian, Ubuntu and Alpine, the binary one for the others.
func distribution(out Parsed, base, purlType, name string, q map[string]string) Parsed {
	out.Name = name
	if e := q["epoch"]; purlType == "rpm" && e != "" && e != "0" && !strings.Contains(out.Version, ":") {
		out.Version = e + ":" + out.Version
	}
	if purlType != "rpm" {
		source := q["upstream"]
		if source == "" {
			source = q["source"]
		}
		if source, v, has := strings.Cut(source, "@"); source != "" {
			out.Name = source
			if has && v != "" {
				out.Version = v
			}
		}
	}
	release := releaseOf(base, q["distro"])
	if release == "" && purlType == "rpm" {
		release = elRelease(out.Version)
	}
	out.Ecosystem = Join(base, release)
	out.Key = Key(base, out.Name)
	return out
}

// elRelease reads the release of Enterprise Linux out of a version: “1.2-3.el9_4”.
func elRelease(v string) string {
	_, rest, has := strings.Cut(v, ".el")
	if !has {
		return ""
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}

// asWritten is the namespace and name of a package URL with their case as written,
// since the library changes it for some types.
func asWritten(text string, p packageurl.PackageURL) (namespace, name string) {
	if p.Type != "golang" && p.Type != "npm" {
		return p.Namespace, p.Name
	}
	rest := text[strings.Index(text, ":")+1:]
	rest = strings.TrimLeft(rest, "/")
	rest = rest[strings.Index(rest, "/")+1:]
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	if at := strings.LastIndex(rest, "@"); at > 0 && at > strings.LastIndex(rest, "/") {
		rest = rest[:at]
	}
	path, err := url.PathUnescape(strings.Trim(rest, "/"))
	whole := p.Name
	if p.Namespace != "" {
		whole = p.Namespace + "/" + p.Name
	}
	if err != nil || !strings.EqualFold(path, whole) {
		return p.Namespace, p.Name
	}
	at := strings.LastIndex(path, "/")
	if at < 0 {
		return "", path
	}
	return path[:at], path[at+1:]
}

func segments(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == ':' })
}

// conflicting reports whether a component gives another version, or another name,
// than its package URL. That it gives no group is no conflict.
func conflicting(c inventory.Component, id Parsed) bool {
	if c.Version != "" && id.own != "" && !sameVersion(id.Ecosystem, c.Version, id.own) && !sameVersion(id.Ecosystem, c.Version, id.Version) {
		return true
	}
	parts := segments(c.Name)
	if len(parts) == 0 {
		return false
	}
	last := pep503(parts[len(parts)-1])
	for _, s := range id.segments {
		if pep503(s) == last {
			return false
		}
	}
	return pep503(c.Name) != pep503(id.Name)
}

func sameVersion(ecosystem, a, b string) bool {
	a, b = bare(a), bare(b)
	return a == b || version.Compare(ecosystem, a, b) == version.Equal
}

// bare takes away what tools put in front of a version.
func bare(v string) string {
	v = strings.TrimPrefix(v, "0:")
	if t := strings.TrimPrefix(v, "go"); t != v && t != "" && t[0] >= '0' && t[0] <= '9' {
		return t
	}
	return strings.TrimPrefix(v, "v")
}
