package cyclonedx_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
)

// corpus is the folder of bills of materials.
func corpus(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	return folder
}

func read(t *testing.T, path string) (*inventory.Document, *decision.Document, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return cyclonedx.ParseAll(f, budget.Limits{})
}

// cases are the conformance cases of the CycloneDX project for one version.
func cases(t *testing.T, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(corpus(t), "sbom", "cyclonedx-spec-tests", pattern))
	if err != nil || len(list) == 0 {
		t.Fatalf("no cases %s: %v", pattern, err)
	}
	return list
}

// faultyValid are valid cases that get a fault all the same, with the reason.
var faultyValid = map[string]string{
	"valid-formulation-1.5.json": "It gives workspace-1 as bom-ref twice. The schema says that each must be unique, in words that no validator reads.",
	"valid-citations-1.7.json":   "It gives workflow-1 as bom-ref twice, likewise.",
}

func TestCorpusEveryValidCaseIsAcceptedWithoutFaults(t *testing.T) {
	seen := 0
	for _, path := range cases(t, "1.[2-7]/valid-*") {
		seen++
		name := filepath.Base(path)
		d, _, err := read(t, path)
		switch {
		case err != nil:
			t.Errorf("%s: refused: %v", name, err)
		case faultyValid[name] == "" && len(d.Faults) > 0:
			t.Errorf("%s: %+v", name, d.Faults)
		case faultyValid[name] != "" && len(d.Faults) == 0:
			t.Errorf("%s is in the table of faulty cases and has no fault", name)
		case d.SpecVersion != filepath.Base(filepath.Dir(path)):
			t.Errorf("%s: version %q", name, d.SpecVersion)
		}
	}
	if seen < 350 {
		t.Errorf("only %d cases", seen)
	}
}

// brokenRule is the rule that each invalid case breaks; "refused" is a document
// that is not accepted at all.
var brokenRule = map[string]string{
	"bomformat":                            "refused",
	"namespace":                            "refused",
	"citations":                            "exactly-one at-least-one required repeated-member unique-ref",
	"component-external-version-and-range": "at-most-one",
	"component-ref":                        "unique-ref empty-ref",
	"component-swid":                       "required",
	"component-versionRange-non-external-explicit": "range-of-internal",
	"component-versionRange-non-external-implicit": "range-of-internal",
	"dependency":                     "required empty-ref",
	"empty-component":                "required",
	"hash-alg":                       "enumeration",
	"hash-sha1":                      "hash-content",
	"hash-sha256":                    "hash-content",
	"hash-sha512":                    "hash-content",
	"issue-type":                     "enumeration",
	"license-choice":                 "exactly-one expression-alone",
	"license-declared-concluded-mix": "expression-alone",
	"license-encoding":               "enumeration",
	"license-id":                     "licence-id",
	"license-id-count":               "repeated-member",
	"license-missing-id-and-name":    "exactly-one",
	"license-name-count":             "repeated-member",
	"metadata-distribution":          "unknown-member",
	"metadata-timestamp":             "timestamp",
	"missing-component-type":         "required",
	"properties":                     "required unknown-member",
	"scope":                          "enumeration",
	"serialnumber":                   "serial-number",
}

var caseName = regexp.MustCompile(`^(?:informal-)?invalid-(.*?)(?:-1\.[0-9])?\.(?:json|xml)$`)

func TestCorpusEveryInvalidCaseIsToldByItsRule(t *testing.T) {
	seen := 0
	for _, path := range cases(t, "1.[2-7]/*invalid-*") {
		seen++
		name := filepath.Base(path)
		rules := strings.Fields(brokenRule[caseName.FindStringSubmatch(name)[1]])
		d, _, err := read(t, path)
		switch {
		case rules == nil:
			t.Errorf("%s: the test does not know which rule it breaks", name)
		case err != nil:
			if rules[0] != "refused" || !fault.Is(err, fault.Unsupported) {
				t.Errorf("%s: refused: %v", name, err)
			}
		case len(d.Faults) == 0:
			t.Errorf("%s was accepted without a fault", name)
		default:
			for _, f := range d.Faults {
				if !slices.Contains(rules, f.Rule) {
					t.Errorf("%s: %+v is not the rule that it breaks (%v)", name, f, rules)
				}
				if f.Pointer == "" && f.Line == 0 {
					t.Errorf("%s: %+v does not say where", name, f)
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d cases", seen)
	}
}

func TestCorpusVersionsBefore12AreRefusedWithTheReason(t *testing.T) {
	for _, path := range slices.Concat(cases(t, "1.[01]/*"), cases(t, "ext/*")) {
		if _, _, err := read(t, path); !fault.Is(err, fault.Unsupported) || !strings.Contains(err.Error(), "Versions 1.2 to 1.7 are read") {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
}

// otherCounts are documents whose components the index counts otherwise: it counts
// every XML element named component. Here the ancestors, descendants and variants
// in a pedigree, tools that are components, and those that took part in a
// formulation are no components of the product, in XML as in JSON.
var otherCounts = map[string]struct {
	more   int    // that the index has
	since  string // version
	reason string
}{
	"valid-bom":               {1, "1.2", "an ancestor in a pedigree"},
	"valid-external-elements": {3, "1.2", "ancestor, descendant and variant in a pedigree"},
	"valid-xml-signature":     {1, "1.2", "an ancestor in a pedigree"},
	"valid-patch":             {1, "1.2", "an ancestor in a pedigree"},
	"valid-metadata-tool":     {1, "1.5", "a tool"},
	"valid-formulation":       {1, "1.2", "a component of a formulation"},
	"valid-citations":         {1, "1.2", "a component of a formulation"},
	"invalid-serialnumber":    {1, "1.2", "an ancestor in a pedigree"},
	"invalid-issue-type":      {1, "1.2", "an ancestor in a pedigree"},
	"invalid-citations":       {1, "1.2", "a component of a formulation"},
}

func TestCorpusCountsAgreeWithTheIndex(t *testing.T) {
	root := filepath.Join(corpus(t), "sbom")
	f, err := os.Open(filepath.Join(root, "counts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	suffix := regexp.MustCompile(`-1\.[0-9]\.xml$`)
	documents, components := 0, 0
	for _, row := range rows[1:] {
		path, format := row[0], row[1]
		if !strings.HasPrefix(format, "CycloneDX ") {
			continue
		}
		d, _, err := read(t, filepath.Join(root, path))
		if err != nil {
			if !fault.Is(err, fault.Unsupported) {
				t.Errorf("%s: %v", path, err)
			}
			continue
		}
		documents++
		components += len(d.Components)
		want := count(t, row[3])
		if format == "CycloneDX XML" && suffix.MatchString(path) {
			if other := otherCounts[suffix.ReplaceAllString(filepath.Base(path), "")]; d.SpecVersion >= other.since {
				want -= other.more
			}
		}
		if len(d.Components) != want {
			t.Errorf("%s: %d components, want %d", path, len(d.Components), want)
		}
		if edges := count(t, row[4]); format == "CycloneDX JSON" && d.Dependencies != edges {
			t.Errorf("%s: %d dependencies, want %d", path, d.Dependencies, edges)
		}
	}
	t.Logf("%d documents with %d components", documents, components)
	if documents < 650 || components < 10_000 {
		t.Errorf("only %d documents with %d components", documents, components)
	}
}

func count(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// One inventory in two syntaxes is one inventory: each JSON document that the
// library of the CycloneDX project writes as XML gives the same components.
func TestCorpusBothSyntaxesAgree(t *testing.T) {
	root := filepath.Join(corpus(t), "sbom")
	compared := 0
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, err := cyclonedx.Parse(bytes.NewReader(b), budget.Limits{})
		if err != nil {
			return nil // not CycloneDX, or refused
		}
		var bom cdx.BOM
		if err := cdx.NewBOMDecoder(bytes.NewReader(b), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
			return nil // the library is stricter about types
		}
		bom.XMLNS = "http://cyclonedx.org/schema/bom/" + bom.SpecVersion.String()
		var out bytes.Buffer
		if err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatXML).Encode(&bom); err != nil {
			return nil
		}
		got, err := cyclonedx.Parse(&out, budget.Limits{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		compared++
		if diff := cmp.Diff(names(want), names(got)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		if len(want.Edges) != len(got.Edges) || want.CreatedAt != got.CreatedAt || want.Subject.Name != got.Subject.Name {
			t.Errorf("%s: %d and %d edges, %d and %d, %q and %q", path, len(want.Edges), len(got.Edges), want.CreatedAt, got.CreatedAt, want.Subject.Name, got.Subject.Name)
		}
		return nil
	})
	if err != nil || compared < 300 {
		t.Errorf("%d documents compared: %v", compared, err)
	}
}

func names(d *inventory.Document) (out []string) {
	for _, c := range d.Components {
		line := []string{c.Ref, c.Type, c.Group, c.Name, c.Version, c.PURL, c.CPE, c.Supplier, strings.Join(c.Licences, ",")}
		for _, h := range c.Hashes {
			line = append(line, h.Algorithm, h.Value)
		}
		out = append(out, strings.Join(line, "|"))
	}
	return out
}

func TestCorpusVEX(t *testing.T) {
	for path, want := range map[string]struct {
		statements int
		status     decision.Status
	}{
		"sbom/cyclonedx-bom-examples/VEX/CISA-Use-Cases/Case-1/vex-affected.json":            {1, decision.Affected},
		"sbom/cyclonedx-bom-examples/VEX/CISA-Use-Cases/Case-1/vex-fixed.json":               {1, decision.Fixed},
		"sbom/cyclonedx-bom-examples/VEX/CISA-Use-Cases/Case-1/vex-not_affected.json":        {1, decision.NotAffected},
		"sbom/cyclonedx-bom-examples/VEX/CISA-Use-Cases/Case-1/vex-under_investigation.json": {1, decision.UnderInvestigation},
		"vex/guac/cyclonedx-unaffected-vex.json":                                             {1, decision.NotAffected},
		"vex/guac/cyclonedx-vex-affected.json":                                               {1, decision.Affected},
		"vex/guac/cyclonedx-vex-false-positive.json":                                         {2, decision.NotAffected},
		"vex/guac/cyclonedx-vex-no-analysis.json":                                            {0, ""},
		"vex/guac/cyclonedx-vex-resolved-with-pedigree.json":                                 {2, decision.Fixed},
	} {
		_, vex, err := read(t, filepath.Join(corpus(t), path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if vex == nil {
			vex = &decision.Document{}
		}
		if len(vex.Statements) != want.statements || want.statements > 0 && vex.Statements[0].Status != want.status {
			t.Errorf("%s: %+v", path, vex.Statements)
		}
	}
	all, err := filepath.Glob(filepath.Join(corpus(t), "sbom", "cyclonedx-bom-examples", "VEX", "*", "*", "vex*.json"))
	if err != nil || len(all) < 15 {
		t.Fatalf("%d examples: %v", len(all), err)
	}
	for _, path := range all {
		if _, vex, err := read(t, path); err != nil || vex == nil || len(vex.Statements) == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
}
