package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/touchstone-assurance/touchstone/"

// A ring knows only the rings inside it.
const (
	ringDomain = iota // values and rules, pure
	ringTools         // one technology or format each
	ringApp           // the operations: authorise, decide, record
	ringFaces         // pages, API, commands, jobs
	ringBoot          // wiring
	ringMain
	ringTests // helpers of tests: they know everything, nothing knows them
)

// rings places every package; the longest path wins. A package that is not below
// one of these is a failure, so that its place is decided and not found.
var rings = map[string]int{
	"internal/domain":          ringDomain,
	"frameworks":               ringTools,
	"internal/store":           ringTools,
	"internal/store/storetest": ringTests,
	"internal/archive":         ringTools,
	"internal/format":          ringTools,
	"internal/check":           ringTools,
	"internal/match":           ringTools,
	"internal/scan":            ringTools,
	"internal/scan/scantest":   ringTests,
	"internal/tlog":            ringTools,
	"internal/keyring":         ringTools,
	"internal/authn":           ringTools,
	"internal/outbound":        ringTools,
	"internal/feed":            ringTools,
	"internal/feed/feedtest":   ringTests,
	"internal/notify":          ringTools,
	"internal/report":          ringTools,
	"internal/app":             ringApp,
	"internal/app/apptest":     ringTests,
	"internal/edge":            ringFaces,
	"internal/web":             ringFaces,
	"internal/api":             ringFaces,
	"internal/cli":             ringFaces,
	"internal/sample":          ringFaces,
	"internal/job":             ringFaces,
	"internal/boot":            ringBoot,
	"cmd":                      ringMain,
	"internal/archtest":        ringTests,
	"internal/pgtest":          ringTests,
	"scripts":                  ringTests,
}

// sideways are the arrows within a ring that are meant. A package always knows
// those below its own root (internal/web knows internal/web/govuk).
var sideways = map[string][]string{
	"internal/feed":   {"internal/outbound", "internal/format"},
	"internal/notify": {"internal/outbound"},
	"internal/match":  {"internal/feed"},
	"internal/scan":   {"internal/format", "internal/match", "internal/feed"},
	"internal/authn":  {"internal/outbound"},
	"internal/web":    {"internal/edge"},
	"internal/api":    {"internal/edge"},
}

// behindApp may be known by app and boot, not by the faces: whoever could reach
// them could go round the operations.
var behindApp = []string{"internal/store", "internal/keyring", "internal/outbound"}

// neighbours are the arrows between packages of the domain, besides those that
// every one of them has (everywhere). There is no circle in it.
var neighbours = map[string][]string{
	"access":     nil,
	"identity":   {"access"},
	"audit":      nil,
	"framework":  nil,
	"portfolio":  nil,
	"evidence":   {"portfolio"},
	"assessment": {"framework", "evidence", "portfolio"},
	"inventory":  {"fact"},
	"advisory":   nil,
	"fact":       nil,
	"finding":    {"advisory", "inventory"},
	"decision":   {"advisory", "fact", "inventory"},
	"check":      {"advisory", "assessment", "fact", "finding", "inventory"},
	"report":     {"assessment", "framework", "evidence", "portfolio"},
}

var everywhere = []string{"fault", "ident", "text", "civil"}

// impure are the parts of the standard library that the domain does without.
var impure = []string{"net", "net/http", "database/sql", "os", "os/exec", "io/ioutil", "syscall", "unsafe", "log"}

type pkg struct {
	ImportPath string
	Name       string
	Imports    []string
	GoFiles    []string
	Dir        string
	Standard   bool
	Module     *struct {
		Path string
		Main bool
	}
	Error *struct{ Err string }
}

// path is the package below the module.
func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module) }

func ours(importPath string) bool { return strings.HasPrefix(importPath, module) }

// packages lists the packages of the module with all they depend on.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Name,Imports,GoFiles,Dir,Standard,Module", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var ps []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
	if !slices.ContainsFunc(ps, func(p pkg) bool { return p.path() == "internal/store" }) {
		t.Fatal("go list did not list internal/store: the test does not see the code")
	}
	return ps
}

// placeOf finds the root in rings that a package stands below.
func placeOf(path string) (root string, ring int, ok bool) {
	for r, n := range rings {
		if (path == r || strings.HasPrefix(path, r+"/")) && len(r) > len(root) {
			root, ring, ok = r, n, true
		}
	}
	return root, ring, ok
}

func TestPackagesKnowOnlyTheRingsInsideTheirs(t *testing.T) {
	for _, p := range packages(t) {
		if !ours(p.ImportPath) {
			continue
		}
		for _, problem := range arrows(p) {
			t.Error(problem)
		}
	}
}

// arrows returns what is wrong with the imports of one package.
func arrows(p pkg) []string {
	root, ring, ok := placeOf(p.path())
	if !ok {
		return []string{fmt.Sprintf("%s has no ring.\n\tRemedy: decide which ring it belongs to and add it to rings in internal/archtest/rings_test.go.", p.path())}
	}
	var out []string
	for _, imported := range p.Imports {
		if ring == ringDomain && slices.Contains(impure, imported) {
			out = append(out, fmt.Sprintf("%s imports %s: the domain is pure.\n\tRemedy: take the value as an argument and do the input and output in ring 1.", p.path(), imported))
		}
		if !ours(imported) {
			continue
		}
		path := strings.TrimPrefix(imported, module)
		if problem := arrow(p, root, ring, path); problem != "" {
			out = append(out, problem)
		}
	}
	return out
}

func arrow(p pkg, root string, ring int, to string) string {
	toRoot, toRing, ok := placeOf(to)
	switch {
	case !ok:
		return "" // reported for the package itself
	case ring == ringTests:
		return ""
	case toRing == ringTests:
		return fmt.Sprintf("%s imports %s, which is for tests.\n\tRemedy: move what is needed out of the test helper.", p.path(), to)
	case ring == ringDomain && toRing == ringDomain:
		return neighbour(p.path(), to)
	case toRing > ring:
		return fmt.Sprintf("%s imports %s: arrows point inwards only.\n\tRemedy: declare a small interface where it is used, or pass a function in from boot.", p.path(), to)
	case toRing == ring && root != toRoot && !slices.Contains(sideways[root], toRoot):
		return fmt.Sprintf("%s imports %s: packages of one ring do not know each other.\n\tRemedy: let app bring them together, or move what both need into the domain.", p.path(), to)
	case ring == ringFaces && slices.Contains(behindApp, toRoot) && p.Name != "main":
		return fmt.Sprintf("%s imports %s: only app may.\n\tRemedy: add an operation to internal/app; it authorises, decides and records.", p.path(), to)
	}
	return ""
}

func neighbour(from, to string) string {
	a, b := strings.TrimPrefix(from, "internal/domain/"), strings.TrimPrefix(to, "internal/domain/")
	allowed, known := neighbours[a]
	if slices.Contains(everywhere, b) && (!slices.Contains(everywhere, a) || a == "text" && b == "fault" || a == "civil" && b == "fault") {
		return ""
	}
	if known && slices.Contains(allowed, b) {
		return ""
	}
	return fmt.Sprintf("%s imports %s: it is not among its neighbours.\n\tRemedy: take a plain value instead; if the arrow is meant, add it to neighbours in internal/archtest/rings_test.go and make sure there is no circle.", from, to)
}

func TestAWrongArrowIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name, from string
		to         string
		wrong      bool
	}{
		{"app knows the store", "internal/app", module + "internal/store", false},
		{"the store does not know app", "internal/store", module + "internal/app", true},
		{"pages know app", "internal/web", module + "internal/app", false},
		{"pages do not know the store", "internal/web", module + "internal/store", true},
		{"pages know their components", "internal/web", module + "internal/web/govuk", false},
		{"pages do not know the API", "internal/web", module + "internal/api", true},
		{"pages know the edge", "internal/web", module + "internal/edge", false},
		{"jobs do not know the edge", "internal/job", module + "internal/edge", true},
		{"the log does not know the store", "internal/tlog", module + "internal/store", true},
		{"a pure package does not open files", "internal/domain/audit", "os", true},
		{"a pure package formats text", "internal/domain/audit", "fmt", false},
		{"evidence knows portfolio", "internal/domain/evidence", module + "internal/domain/portfolio", false},
		{"portfolio does not know evidence", "internal/domain/portfolio", module + "internal/domain/evidence", true},
		{"faults know nobody", "internal/domain/fault", module + "internal/domain/text", true},
		{"the program does not know test helpers", "internal/boot", module + "internal/pgtest", true},
		{"a package without a ring", "internal/util", "fmt", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := arrows(pkg{ImportPath: module + c.from, Imports: []string{c.to}})
			if (len(got) > 0) != c.wrong {
				t.Errorf("%s → %s: %q", c.from, c.to, got)
			}
		})
	}
}

func TestTheDomainHasNoCircle(t *testing.T) {
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if slices.Contains(path, name) {
			t.Fatalf("circle: %s", strings.Join(append(path, name), " → "))
		}
		for _, next := range neighbours[name] {
			visit(next, append(slices.Clone(path), name))
		}
	}
	for name := range neighbours {
		visit(name, nil)
	}
}
