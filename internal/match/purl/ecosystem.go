package purl

import (
	"strings"
)

// Split separates an ecosystem as advisories write it into its name and the
// release in our form: “Debian:12” is Debian and 12, “Ubuntu:22.04:LTS” is Ubuntu
// and 22.04, “Red Hat:enterprise_linux:9::baseos” is Red Hat and 9. The release is
// "" for an ecosystem without any, and for an entry that speaks of every release.
func Split(ecosystem string) (name, release string) {
	name, rest, _ := strings.Cut(ecosystem, ":")
	if rest == "" {
		return name, ""
	}
	switch name {
	case "Ubuntu":
		return name, strings.TrimSuffix(rest, ":LTS") // Pro stays: “Pro:22.04”
	case "Red Hat":
		for part := range strings.SplitSeq(rest, ":") {
			if part != "" && part[0] >= '0' && part[0] <= '9' {
				return name, major(part)
			}
		}
	case "Debian", "AlmaLinux", "Rocky Linux":
		return name, major(rest)
	}
	return name, rest
}

// Join is the ecosystem in our form: the name, and the release where there is one.
func Join(name, release string) string {
	if release == "" {
		return name
	}
	return name + ":" + release
}

// Releases reports whether packages of the ecosystem belong to a release of a
// distribution, so that a component must say to which.
func Releases(name string) bool {
	switch name {
	case "Debian", "Ubuntu", "Alpine", "AlmaLinux", "Rocky Linux", "Red Hat", "SUSE", "openSUSE", "openEuler", "Mageia", "Azure Linux":
		return true
	}
	return false
}

func major(s string) string {
	s, _, _ = strings.Cut(s, ".")
	return s
}

// Key is the form in which names of packages are compared, by the rules of each
// ecosystem. Where two names that differ in case are two packages, case stays: the
// paths of Go modules above all, and npm, which has old names with capitals.
func Key(ecosystem, name string) string {
	base, _ := Split(ecosystem)
	switch base {
	case "PyPI":
		return pep503(name)
	case "NuGet", "Packagist", "Pub", "Hex", "Bitnami", "GitHub Actions", "ConanCenter":
		return strings.ToLower(name)
	case "SwiftURL":
		name = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(name), "https://"), "http://")
		return strings.TrimSuffix(strings.TrimSuffix(name, "/"), ".git")
	case "crates.io":
		return strings.ReplaceAll(strings.ToLower(name), "_", "-") // the registry holds one of the two
	}
	return name
}

// pep503 normalises the name of a Python project (PEP 503): lower case, and runs
// of - _ . are one hyphen.
func pep503(name string) string {
	var b strings.Builder
	run := false
	for _, r := range strings.ToLower(name) {
		if r == '-' || r == '_' || r == '.' {
			run = true
			continue
		}
		if run {
			b.WriteByte('-')
			run = false
		}
		b.WriteRune(r)
	}
	if run {
		b.WriteByte('-')
	}
	return b.String()
}

// ecosystems maps types of package URL to ecosystems, for those that have one
// whatever the namespace.
var ecosystems = map[string]string{
	"npm": "npm", "golang": "Go", "pypi": "PyPI", "maven": "Maven", "nuget": "NuGet", "gem": "RubyGems", "cargo": "crates.io", "composer": "Packagist",
	"pub": "Pub", "hackage": "Hackage", "cran": "CRAN", "bitnami": "Bitnami", "swift": "SwiftURL", "hex": "Hex", "conan": "ConanCenter", "julia": "Julia",
	"githubactions": "GitHub Actions", "bioconductor": "Bioconductor",
}

// distributions maps type and namespace to the ecosystem of a distribution.
var distributions = map[string]string{
	"deb/debian": "Debian", "deb/ubuntu": "Ubuntu", "deb/echo": "Echo",
	"apk/alpine": "Alpine", "apk/wolfi": "Wolfi", "apk/chainguard": "Chainguard", "apk/minimos": "MinimOS", "apk/alpaquita": "Alpaquita",
	"rpm/almalinux": "AlmaLinux", "rpm/alma": "AlmaLinux", "rpm/rocky": "Rocky Linux", "rpm/rockylinux": "Rocky Linux", "rpm/redhat": "Red Hat", "rpm/rhel": "Red Hat",
	"rpm/suse": "SUSE", "rpm/sles": "SUSE", "rpm/opensuse": "openSUSE", "rpm/openeuler": "openEuler", "rpm/mageia": "Mageia", "rpm/azurelinux": "Azure Linux",
}

// codenames maps names of releases to their numbers.
var codenames = map[string]string{
	"stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14",
	"trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04",
}

// releaseOf reads the distro qualifier of a package URL: “debian-12”,
// “alpine-3.18.4”, “rhel-9.2”, “opensuse-leap-15.5”, “bookworm”.
func releaseOf(ecosystem, distro string) string {
	if distro == "" {
		return ""
	}
	distro = strings.ToLower(distro)
	if n, known := codenames[distro]; known {
		return n
	}
	at := strings.LastIndexAny(distro, "-:")
	number := distro[at+1:]
	if n, known := codenames[number]; known {
		return n
	}
	if number == "" || number[0] != 'v' && (number[0] < '0' || number[0] > '9') {
		return ""
	}
	switch ecosystem {
	case "Alpine":
		parts := strings.Split(strings.TrimPrefix(number, "v"), ".")
		if len(parts) < 2 {
			return ""
		}
		return "v" + parts[0] + "." + parts[1]
	case "Debian", "AlmaLinux", "Rocky Linux", "Red Hat":
		return major(number)
	case "openSUSE":
		return "Leap " + number
	case "SUSE":
		version, pack, has := strings.Cut(number, ".")
		if has && pack != "0" {
			return "Linux Enterprise Server " + version + " SP" + pack
		}
		return "Linux Enterprise Server " + version
	}
	return number
}
