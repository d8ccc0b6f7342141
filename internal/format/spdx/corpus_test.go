package spdx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

var update = flag.Bool("update", false, "write testdata/corpus.txt")

// corpus is the folder of real bills of materials.
func corpus(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	return filepath.Join(folder, "sbom")
}

// counted is a line of counts.csv, made by a script that shares no code with this.
type counted struct{ path, format, version, components, edges string }

// documents are those of SPDX in any form: the ones that the script knew, and what
// stands beside them that it could not read.
func documents(t *testing.T, root string) []counted {
	t.Helper()
	f, err := os.Open(filepath.Join(root, "counts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []counted
	for _, r := range rows[1:] {
		if strings.HasPrefix(r[1], "SPDX") || strings.Contains(r[0], "spdx") {
			out = append(out, counted{r[0], r[1], r[2], r[3], r[4]})
		}
	}
	return out
}

// content reads a document of the corpus, which may stand in an archive.
func content(t *testing.T, root, path string) []byte {
	t.Helper()
	archive, name, zipped := strings.Cut(path, "!")
	if !zipped {
		b, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	z, err := zip.OpenReader(filepath.Join(root, archive))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// notRead are the documents that are refused, and why that is right.
var notRead = map[string]struct {
	kind fault.Kind
	why  string
}{
	"bom-shelter-wild/istio-source.spdx":                                {fault.Invalid, "cut off in the middle of a licence text"},
	"bom-shelter-wild/powershell-2.2.6.spdx.json":                       {fault.Invalid, "a second value behind the first"},
	"bom-shelter-wild/usbutils.spdx":                                    {fault.Unsupported, "SPDX 2.1"},
	"guac/invalid/invalid-spdx.json":                                    {fault.Unsupported, "the version is the number 2"},
	"spdx-spec-examples/support-2.3.1/SPDXRdfExample-v2.3.spdx.rdf.xml": {fault.Unsupported, "RDF"},
	"spdx-spec-examples/support-2.3.1/SPDXXMLExample-v2.3.spdx.xml":     {fault.Unsupported, "XML"},
	"spdx-spec-examples/support-2.3.1/SPDXYAMLExample-2.3.spdx.yaml":    {fault.Unsupported, "YAML"},
	"spdx-spec-examples/support-2.3/SPDXRdfExample-v2.2.spdx.rdf.xml":   {fault.Unsupported, "RDF"},
	"spdx-spec-examples/support-2.3/SPDXXMLExample-v2.2.spdx.xml":       {fault.Unsupported, "XML"},
	"spdx-spec-examples/support-2.3/SPDXYAMLExample-2.2.spdx.yaml":      {fault.Unsupported, "YAML"},
}

// TestCorpusEveryDocumentIsJudgedAsTheTableSays reads real bills of materials.
// testdata/corpus.txt says of each what becomes of it: packages and relationships,
// which equal those that an independent script counted, and how many of the
// relationships are between packages (what an inventory counts) and what the others
// are.
func TestCorpusEveryDocumentIsJudgedAsTheTableSays(t *testing.T) {
	const table = "testdata/corpus.txt"
	root := corpus(t)
	got := []string{}
	for _, d := range documents(t, root) {
		b := content(t, root, d.path)
		if !Detect(b[:min(len(b), headLen)]) {
			t.Errorf("%s is not detected", d.path)
		}
		p, err := parse(bytes.NewReader(b), budget.Limits{})
		got = append(got, d.path+"\n\t"+verdict(t, d, p, err))
	}
	text := strings.Join(got, "\n") + "\n"
	if *update {
		if err := os.WriteFile(table, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(text, "\n") {
		if i >= len(lines) || lines[i] != line {
			t.Fatalf("%s, line %d: got\n%s\nRun with -update and read the difference.", table, i+1, line)
		}
	}
	if len(got) != 318 || len(want) != len(text) {
		t.Errorf("%d documents, want 318; %d bytes of table, want %d", len(got), len(want), len(text))
	}
}

func verdict(t *testing.T, c counted, p *parser, err error) string {
	if why, listed := notRead[c.path]; listed || err != nil {
		if !listed || fault.KindOf(err) != why.kind {
			t.Errorf("%s: %v; want %s because of %s", c.path, err, cmp.Or(why.kind, "no refusal"), cmp.Or(why.why, "nothing"))
		}
		public, _ := fault.Public(err)
		return fmt.Sprintf("refused, %s: %s", why.why, public)
	}
	d := &p.doc
	sound(t, d)
	if got := fmt.Sprint(len(d.Components)); got != c.components {
		t.Errorf("%s: %s packages, counted %s", c.path, got, c.components)
	}
	if got := fmt.Sprint(p.relationships); got != c.edges {
		t.Errorf("%s: %s relationships, counted %s", c.path, got, c.edges)
	}
	parts, sum := breakdown(p)
	out := fmt.Sprintf("%s %s, %d packages, %d relationships", d.Format, d.SpecVersion, len(d.Components), p.relationships)
	if sum != p.relationships {
		out += fmt.Sprintf(" to %d elements", sum)
		if d.Format != inventory.SPDX3JSON {
			t.Errorf("%s: the parts of %d relationships are %d", c.path, p.relationships, sum)
		}
	}
	out += fmt.Sprintf(": %s; %d edges", parts, len(d.Edges))
	if i := d.SubjectIndex(); i >= 0 {
		out += "; one subject"
	}
	return out + rules(d.Faults)
}

// breakdown explains why an inventory counts fewer dependencies than a document has
// relationships.
func breakdown(p *parser) (string, int) {
	n := map[string]int{"of the document": -p.implied}
	for l := range p.links.all() {
		from, to := p.refs.target[l.from], p.refs.target[l.to]
		switch {
		case countable(from, to, l.kind):
			n["between packages"]++
		case l.kind == concluded || l.kind == declared:
			n["licences"]++
		case from == document || to == document:
			n["of the document"]++
		case from == nothing || to == nothing:
			n["to nothing"]++
		default:
			n["of files and others"]++
		}
	}
	sum := 0
	var out []string
	for _, what := range []string{"between packages", "of the document", "of files and others", "licences", "to nothing"} {
		if n[what] != 0 {
			out = append(out, fmt.Sprintf("%d %s", n[what], what))
		}
		sum += n[what]
	}
	if n["between packages"] != p.doc.Dependencies {
		out = append(out, "the dependencies do not add up")
	}
	return cmp.Or(strings.Join(out, ", "), "none"), sum
}

func rules(faults []inventory.Fault) string {
	n := map[string]int{}
	for _, f := range faults {
		n[f.Rule]++
	}
	var out []string
	for rule, n := range n {
		out = append(out, fmt.Sprintf("%s %d", rule, n))
	}
	slices.Sort(out)
	if len(out) == 0 {
		return ""
	}
	return "; faults: " + strings.Join(out, ", ")
}

const turnedLinks = "the converter turned DYNAMIC_LINK round, although in both versions the first links to the second"

// pairs are documents that describe the same software, one in SPDX 2 and one in SPDX
// 3. What differs is in the documents: some of the later ones were not converted but
// written anew.
var pairs = []struct{ two, three, differs string }{
	{"example3/spdx2.2/example3-bin.spdx", "example3/spdx3.0/example3-bin.json", ""},
	{"example3/spdx2.2/example3-src.spdx", "example3/spdx3.0/example3-src.json", ""},
	{"example5/spdx2.2/example5-bin.spdx", "example5/spdx3.0/example5-bin.json", ""},
	{"example5/spdx2.2/example5-src.spdx", "example5/spdx3.0/example5-src.json", ""},
	{"example6/spdx2.2/example6-bin.spdx", "example6/spdx3.0/example6-bin.json", ""},
	{"example6/spdx2.2/example6-lib.spdx", "example6/spdx3.0/example6-lib.json", ""},
	{"example6/spdx2.2/example6-src.spdx", "example6/spdx3.0/example6-src.json", ""},
	{"example7/spdx2.2/example7-bin.spdx.json", "example7/spdx3.0/example7-bin.spdx3.json", "written anew: hello is a file in the later one"},
	{"example7/spdx2.2/example7-go-module.spdx.json", "example7/spdx3.0/example7-go-module.spdx3.json", ""},
	{"example7/spdx2.2/example7-golang.spdx.json", "example7/spdx3.0/example7-golang.spdx3.json", "written anew: another name, no licence, and the compiler is a file"},
	{"example7/spdx2.2/example7-third-party-modules.spdx.json", "example7/spdx3.0/example7-third-party-modules.spdx3.json", "written anew: two of the three modules, under another name"},
	{"example8/spdx2.3/examplemaven-0.0.1.spdx.json", "example8/spdx3.0/examplemaven-0.0.1.spdx3.json", turnedLinks},
	{"example9/spdx2.2/appbomination.spdx.json", "example9/spdx3.0/appbomination.spdx3.json", ""},
	{"example10/spdx2.3/hello-source.spdx.json", "example10/spdx3.0/hello-source.spdx3.json", ""},
	{"example11/spdx2.3/sbom.spdx.json", "example11/spdx3.0/sbom.spdx3.json", ""},
	{"example12/spdx2.2/hello-dist.spdx.json", "example12/spdx3.0/hello-dist.spdx3.json", ""},
	{"example12/spdx2.2/hello-src.spdx.json", "example12/spdx3.0/hello-src.spdx3.json", ""},
	{"example14/content/examplemaven-0.0.1.spdx.json", "example14/content/examplemaven-0.0.1.spdx3.json", turnedLinks},
	{"example14/spdx2.3/examplemaven-0.0.1-enriched.spdx.json", "example14/spdx3.0/examplemaven-0.0.1-enriched.spdx3.json", turnedLinks},
}

func TestCorpusPairsOfSPDX2And3GiveTheSameInventory(t *testing.T) {
	root := filepath.Join(corpus(t), "spdx-examples", "software")
	for _, pair := range pairs {
		two, three := essence(t, root, pair.two), essence(t, root, pair.three)
		diff := gocmp.Diff(two, three)
		if (diff == "") != (pair.differs == "") {
			t.Errorf("%s and %s (%s): %s", pair.two, pair.three, cmp.Or(pair.differs, "should be the same"), diff)
		}
	}
}

// essence is what must be the same whatever the version: names, versions, package
// URLs, licences and edges.
func essence(t *testing.T, root, path string) []string {
	t.Helper()
	d, err := Parse(bytes.NewReader(content(t, root, path)), budget.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	name := func(i int32) string {
		if i < 0 {
			return "subject " + d.Subject.Name
		}
		return d.Components[i].Name
	}
	var out []string
	for _, c := range d.Components {
		var licences []string
		for _, l := range c.Licences {
			licences = append(licences, inventory.SplitLicence(l)...)
		}
		slices.Sort(licences)
		out = append(out, fmt.Sprintf("package %q version %q purls %q %q licences %q", c.Name, c.Version, c.PURL, c.PURLs, licences))
	}
	for _, e := range d.Edges {
		out = append(out, fmt.Sprintf("%q needs %q", name(e.From), name(e.To)))
	}
	slices.Sort(out)
	return append(out, "subject "+d.Subject.Name)
}

// TestCorpusJSONAndTagValueOfOneDocumentAreEqual compares documents that tools wrote
// in both forms at once, in every field. One more such pair, of source-controller, is
// left out: somebody replaced "sha256" by "SHA256" throughout its tag-value, also in
// the name of a package.
func TestCorpusJSONAndTagValueOfOneDocumentAreEqual(t *testing.T) {
	root := corpus(t)
	for _, name := range []string{
		"bom-shelter-wild/grype-sbom", "bom-shelter-wild/flagger_1.18.0_sbom", "bom-shelter-wild/helm-controller_0.16.0_sbom",
		"bom-shelter-wild/image-automation-controller_0.20.0_sbom", "bom-shelter-wild/image-reflector-controller_0.16.0_sbom",
		"bom-shelter-wild/notification-controller_0.21.0_sbom", "bom-shelter-wild/julia",
	} {
		one, err := Parse(bytes.NewReader(content(t, root, name+".spdx")), budget.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		other, err := Parse(bytes.NewReader(content(t, root, name+".spdx.json")), budget.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*inventory.Document{one, other} {
			slices.SortFunc(d.Components, func(a, b inventory.Component) int { return cmp.Compare(a.Ref, b.Ref) })
			d.Edges = nil // by numbers that have just changed; the pairs above compare them
		}
		if diff := gocmp.Diff(one, other, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(inventory.Document{}, "Format", "Faults")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
