package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// modules says who may use which module of others. The longest path wins; an
// empty list means nobody, outside tests. docs/dependencies.md says what each is
// for and how to leave it.
var modules = map[string][]string{
	"modernc.org/sqlite":                                {"internal/store"},
	"github.com/jackc/pgx/v5":                           {"internal/store"},
	"github.com/pressly/goose/v3":                       {"internal/store"},
	"github.com/danielgtaylor/huma/v2":                  {"internal/api"},
	"github.com/go-webauthn/webauthn":                   {"internal/authn"},
	"github.com/pquerna/otp":                            {"internal/authn"},
	"github.com/boombuler/barcode":                      {"internal/authn"},
	"github.com/nbutton23/zxcvbn-go":                    {"internal/authn"},
	"golang.org/x/crypto":                               {"internal/authn", "internal/keyring", "internal/boot"},
	"filippo.io/age":                                    {"internal/keyring"},
	"golang.org/x/mod":                                  {"internal/tlog"},
	"github.com/xuri/excelize/v2":                       {"internal/report", "internal/format"},
	"github.com/alecthomas/kong":                        {"internal/cli", "internal/boot"},
	"go.yaml.in/yaml/v3":                                {"frameworks", "internal/boot", "internal/api", "internal/check"},
	"golang.org/x/net":                                  {"internal/web", "internal/report"},
	"golang.org/x/sys":                                  {"internal/boot"},
	"golang.org/x/text":                                 {"internal/app", "internal/authn", "internal/report", "internal/format/csaf"},
	"github.com/google/osv-scalibr":                     {"internal/match/version"},
	"github.com/package-url/packageurl-go":              {"internal/match/purl"},
	"github.com/go-json-experiment/json":                {"internal/format", "internal/feed"},
	"github.com/pandatix/go-cvss":                       {"internal/format/cvss", "internal/format/csaf"},
	"github.com/secure-systems-lab/go-securesystemslib": {"internal/format/intoto"},
	"github.com/sigstore/sigstore-go":                   {"internal/format/intoto"},
	"github.com/CycloneDX/cyclonedx-go":                 {"internal/format", "internal/scan"},
	"cel.dev/cel-go":                                    {"internal/check"},
	// In tests only.
	"github.com/google/go-cmp":                 nil,
	"github.com/rogpeppe/go-internal":          nil,
	"github.com/santhosh-tekuri/jsonschema/v6": nil,
	"pgregory.net/rapid":                       nil,
}

func moduleOf(importPath string) (string, bool) {
	best := ""
	for m := range modules {
		if (importPath == m || strings.HasPrefix(importPath, m+"/")) && len(m) > len(best) {
			best = m
		}
	}
	return best, best != ""
}

func TestModulesOfOthersAreUsedWhereTheyBelong(t *testing.T) {
	for _, p := range packages(t) {
		if !ours(p.ImportPath) {
			continue
		}
		for _, problem := range foreign(p) {
			t.Error(problem)
		}
	}
}

func foreign(p pkg) []string {
	var out []string
	for _, imported := range p.Imports {
		first, _, _ := strings.Cut(imported, "/")
		if ours(imported) || !strings.Contains(first, ".") {
			continue
		}
		m, known := moduleOf(imported)
		if !known {
			out = append(out, fmt.Sprintf("%s imports %s, a module that nobody has decided on.\n\tRemedy: add it to docs/dependencies.md with its job, runner-up, licence and way out, then to modules in internal/archtest/modules_test.go.", p.path(), imported))
			continue
		}
		_, ring, _ := placeOf(p.path())
		below := func(place string) bool { return p.path() == place || strings.HasPrefix(p.path(), place+"/") }
		if ring != ringTests && !slices.ContainsFunc(modules[m], below) {
			out = append(out, fmt.Sprintf("%s imports %s, which is only for %s.\n\tRemedy: ask the package that owns this job, or move the code there.", p.path(), imported, places(modules[m])))
		}
	}
	return out
}

func places(list []string) string {
	if len(list) == 0 {
		return "tests"
	}
	return strings.Join(list, ", ")
}

func TestAModuleInTheWrongPlaceIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		wrong          bool
	}{
		{"the store uses SQLite", "internal/store", "modernc.org/sqlite/lib", false},
		{"app does not use SQLite", "internal/app", "modernc.org/sqlite", true},
		{"pages do not use the API library", "internal/web", "github.com/danielgtaylor/huma/v2", true},
		{"the domain uses no module of others", "internal/domain/text", "golang.org/x/text/unicode/norm", true},
		{"the standard library is free", "internal/app", "encoding/json", false},
		{"an unknown module", "internal/app", "example.com/left/pad", true},
		{"a module of tests", "internal/app", "pgregory.net/rapid", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := foreign(pkg{ImportPath: module + c.from, Imports: []string{c.to}})
			if (len(got) > 0) != c.wrong {
				t.Errorf("%s → %s: %q", c.from, c.to, got)
			}
		})
	}
}
