package match_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"strings"
	"sync"

	"github.com/google/osv-scalibr/semantic"
)

// The second opinion: the evaluation of the OSV schema 1.7 (section “Evaluation”),
// written from its text and slow on purpose. It shares no code with internal/match
// or internal/format: records are decoded here, names and releases are compared
// here, and two versions are put in order through one function, so that what decides
// in the real matcher decides nothing here.

// ordered says how a stands to b: negative, zero or positive. An error says that
// they cannot be compared.
type ordered func(a, b string) (int, error)

var errNoVersion = errors.New("not a version")

// published is the comparison that the OSV team publishes for an ecosystem.
func published(ecosystem string) ordered {
	return func(a, b string) (order int, err error) {
		defer func() {
			if recover() != nil {
				err = errNoVersion
			}
		}()
		v, err := parsed(ecosystem, a)
		if err != nil {
			return 0, err
		}
		w, err := parsed(ecosystem, b)
		if err != nil {
			return 0, err
		}
		return v.Compare(w)
	}
}

// parsed keeps what was read: a test of real records asks for the same versions
// millions of times.
func parsed(ecosystem, text string) (semantic.Version, error) {
	type key struct{ ecosystem, text string }
	if v, known := readVersions.Load(key{ecosystem, text}); known {
		return v.(semantic.Version), nil
	}
	v, err := semantic.Parse(text, ecosystem)
	if err == nil {
		readVersions.Store(key{ecosystem, text}, v)
	}
	return v, err
}

var readVersions sync.Map

var semverText = regexp.MustCompile(`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$`)

// semantic2 is precedence by Semantic Versioning 2.0.0, item 11. Texts that are not
// quite semantic versions go to the published comparison.
func semantic2(a, b string) (int, error) {
	x, y := semverText.FindStringSubmatch(a), semverText.FindStringSubmatch(b)
	if x == nil || y == nil {
		return published("npm")(a, b)
	}
	for i := 1; i <= 3; i++ {
		if n := numeric(x[i]).Cmp(numeric(y[i])); n != 0 {
			return n, nil
		}
	}
	switch {
	case x[4] == y[4]:
		return 0, nil
	case x[4] == "":
		return 1, nil
	case y[4] == "":
		return -1, nil
	}
	p, q := strings.Split(x[4], "."), strings.Split(y[4], ".")
	for i := 0; i < len(p) && i < len(q); i++ {
		m, n := numeric(p[i]), numeric(q[i])
		switch {
		case m != nil && n != nil:
			if c := m.Cmp(n); c != 0 {
				return c, nil
			}
		case m != nil:
			return -1, nil
		case n != nil:
			return 1, nil
		default:
			if c := strings.Compare(p[i], q[i]); c != 0 {
				return c, nil
			}
		}
	}
	return len(p) - len(q), nil
}

func numeric(s string) *big.Int {
	for _, r := range s {
		if r < '0' || r > '9' {
			return nil
		}
	}
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil
	}
	return n
}

// bookRecord is a record of the OSV schema as far as evaluation reads it.
type bookRecord struct {
	ID        string         `json:"id"`
	Withdrawn string         `json:"withdrawn"`
	Affected  []bookAffected `json:"affected"`
}

type bookAffected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges   []bookRange `json:"ranges"`
	Versions []string    `json:"versions"`
}

type bookRange struct {
	Type   string              `json:"type"`
	Events []map[string]string `json:"events"`
}

func readBook(b []byte) (bookRecord, error) {
	var r bookRecord
	err := json.Unmarshal(b, &r)
	return r, err
}

// third is an answer: it is affected, it is not, or nobody can say.
type third int

const (
	isNot third = iota
	unknown
	is
)

// byTheBook says whether a record affects a version of a package. A withdrawn record
// affects nothing.
func (r bookRecord) byTheBook(ecosystem, name, version string) third {
	out := isNot
	if r.Withdrawn != "" {
		return out
	}
	for _, a := range r.Affected {
		if samePackage(a.Package.Ecosystem, a.Package.Name, ecosystem, name) {
			out = max(out, a.affects(ecosystem, version))
		}
	}
	return out
}

func (a bookAffected) affects(ecosystem, version string) third {
	base, _, _ := strings.Cut(ecosystem, ":")
	order := published(base)
	out := isNot
	for _, named := range a.Versions {
		if named == version {
			return is
		}
		n, err := order(version, named)
		switch {
		case err != nil:
			out = max(out, unknown)
		case n == 0:
			return is
		}
	}
	inCommits := 0
	for _, r := range a.Ranges {
		switch r.Type {
		case "GIT":
			inCommits++ // says nothing about versions
		case "SEMVER":
			out = max(out, r.includes(version, semantic2))
		default:
			out = max(out, r.includes(version, order))
		}
	}
	if inCommits > 0 && inCommits == len(a.Ranges) && len(a.Versions) == 0 {
		return unknown
	}
	return out
}

func (r bookRange) includes(version string, order ordered) third {
	type turn struct{ kind, at string }
	var turns []turn
	var limits []string
	for _, e := range r.Events {
		for kind, at := range e {
			if kind == "limit" {
				limits = append(limits, at)
			} else {
				turns = append(turns, turn{kind, at})
			}
		}
	}
	before := len(limits) == 0
	doubt := false
	for _, l := range limits {
		if l == "*" {
			before = true
			continue
		}
		n, err := order(version, l)
		doubt = doubt || err != nil
		before = before || err == nil && n < 0
	}
	if !before {
		if doubt {
			return unknown
		}
		return isNot
	}
	// “0” comes before every version. Sorting by insertion keeps what stands at one
	// version in the order in which it is written.
	first := func(t turn) bool { return t.kind == "introduced" && t.at == "0" }
	for i := 1; i < len(turns); i++ {
		for j := i; j > 0 && !first(turns[j-1]); j-- {
			if !first(turns[j]) {
				n, err := order(turns[j-1].at, turns[j].at)
				if err != nil {
					return unknown
				}
				if n <= 0 {
					break
				}
			}
			turns[j-1], turns[j] = turns[j], turns[j-1]
		}
	}
	vulnerable := false
	for _, t := range turns {
		n := 1
		if !first(t) {
			var err error
			if n, err = order(version, t.at); err != nil {
				return unknown
			}
		}
		switch {
		case t.kind == "introduced" && n >= 0:
			vulnerable = true
		case t.kind == "fixed" && n >= 0:
			vulnerable = false
		case t.kind == "last_affected" && n > 0:
			vulnerable = false
		}
	}
	if vulnerable {
		return is
	}
	return isNot
}

// samePackage compares packages by the rules of their ecosystems. An entry without a
// release is about every release.
func samePackage(ofRecord, name, ecosystem, asked string) bool {
	base, rest, _ := strings.Cut(ofRecord, ":")
	askedBase, askedRest, _ := strings.Cut(ecosystem, ":")
	if base != askedBase || bookName(base, name) != bookName(base, asked) {
		return false
	}
	release := bookRelease(base, rest)
	return release == "" || release == bookRelease(base, askedRest)
}

// bookRelease is what tells releases of a distribution apart: the first number of
// some (“9”, “enterprise_linux:9::baseos”), the whole of others.
func bookRelease(base, rest string) string {
	switch base {
	case "Debian", "AlmaLinux", "Rocky Linux", "Red Hat":
		for part := range strings.SplitSeq(rest, ":") {
			if part != "" && part[0] >= '0' && part[0] <= '9' {
				major, _, _ := strings.Cut(part, ".")
				return major
			}
		}
	}
	return rest
}

var pythonRuns = regexp.MustCompile(`[-_.]+`)

func bookName(base, name string) string {
	switch base {
	case "PyPI": // PEP 503
		return strings.ToLower(pythonRuns.ReplaceAllString(name, "-"))
	case "crates.io":
		return strings.ToLower(strings.ReplaceAll(name, "_", "-"))
	case "NuGet", "Packagist", "Bitnami", "Pub", "Hex":
		return strings.ToLower(name)
	case "SwiftURL":
		return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(name), "https://"), ".git")
	}
	return name
}
