// Package version puts versions of packages in order, for each ecosystem by its
// own rules, behind one contract: every two texts have an answer, the answer may
// be that they cannot be compared, and nothing panics.
//
// The rules are those of osv-scalibr/semantic; where they take a text for a
// version that is none, or differ from the ecosystem's own, the differences stand
// in differ.go. The bar is the published comparison fixtures (version_test.go).
package version

import (
	"strings"

	"github.com/google/osv-scalibr/semantic"
)

// Order is how one version stands to another.
type Order int8

// The orders.
const (
	Incomparable Order = iota
	Less
	Equal
	Greater
)

// maxLength bounds what is taken for a version. Longer texts are digests, paths or
// attacks, and comparing them digit by digit costs.
const maxLength = 256

// Version is a version that was read. The zero value compares with nothing.
type Version struct {
	family family
	raw    string
	parsed semantic.Version
}

// Known reports whether versions of the ecosystem can be put in order. A release
// suffix (“Debian:12”) does not matter.
func Known(ecosystem string) bool { return familyOf(ecosystem) != none }

// Parse reads a version. It returns false for a text that the ecosystem's rules
// give no place.
func Parse(ecosystem, text string) (v Version, ok bool) {
	f := familyOf(ecosystem)
	if f == none || !f.takes(text) {
		return Version{}, false
	}
	defer func() {
		if recover() != nil {
			v, ok = Version{}, false
		}
	}()
	parsed, err := semantic.Parse(text, string(f))
	if err != nil {
		return Version{}, false
	}
	return Version{family: f, raw: text, parsed: parsed}, true
}

// Compare says how v stands to o. Versions of different families, and versions that
// were not read, are Incomparable.
func (v Version) Compare(o Version) (order Order) {
	if v.parsed == nil || o.parsed == nil || v.family != o.family {
		return Incomparable
	}
	if v.raw == o.raw {
		return Equal
	}
	defer func() {
		if recover() != nil {
			order = Incomparable
		}
	}()
	n, err := v.parsed.Compare(o.parsed)
	switch {
	case err != nil:
		return Incomparable
	case n < 0:
		return Less
	case n > 0:
		return Greater
	}
	return Equal
}

// String is the version as it was written.
func (v Version) String() string { return v.raw }

// Compare reads both and says how a stands to b.
func Compare(ecosystem, a, b string) Order {
	x, ok := Parse(ecosystem, a)
	y, also := Parse(ecosystem, b)
	if !ok || !also {
		return Incomparable
	}
	return x.Compare(y)
}

// family is a set of rules, by the name of an ecosystem that has them.
type family string

const (
	none      family = ""
	semver    family = "npm"
	redHat    family = "Red Hat"
	debian    family = "Debian"
	alpine    family = "Alpine"
	maven     family = "Maven"
	nuget     family = "NuGet"
	pypi      family = "PyPI"
	rubyGems  family = "RubyGems"
	packagist family = "Packagist"
	pub       family = "Pub"
	hackage   family = "Hackage"
	cran      family = "CRAN"
)

// families is every ecosystem of the OSV schema whose versions can be put in
// order. Ecosystems without an entry are unknown, which is never a clean verdict.
var families = map[string]family{
	"npm": semver, "Go": semver, "crates.io": semver, "Hex": semver, "Bitnami": semver, "SwiftURL": semver, "GHC": semver, "Julia": semver,
	"ConanCenter": semver, "Bioconductor": semver, "GitHub Actions": semver, "Docker Hardened Images": semver,
	"AlmaLinux": redHat, "Red Hat": redHat, "Rocky Linux": redHat, "SUSE": redHat, "openSUSE": redHat, "openEuler": redHat, "Mageia": redHat, "Azure Linux": redHat,
	"Debian": debian, "Ubuntu": debian, "Echo": debian,
	"Alpine": alpine, "Wolfi": alpine, "Chainguard": alpine, "Alpaquita": alpine, "BellSoft Hardened Containers": alpine, "MinimOS": alpine,
	"Maven": maven, "NuGet": nuget, "PyPI": pypi, "RubyGems": rubyGems, "Packagist": packagist, "Pub": pub, "Hackage": hackage, "CRAN": cran,
}

func familyOf(ecosystem string) family {
	name, _, _ := strings.Cut(ecosystem, ":")
	return families[name]
}
