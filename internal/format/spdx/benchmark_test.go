package spdx

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// large writes a document of n packages as scanners of images write them: a digest,
// a licence, a package URL, two CPE names, and a graph in which each package depends
// on three others and is contained in the image.
func large(w io.Writer, n int) error {
	b := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprint(b, `{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"large","documentNamespace":"https://example.org/large",
"creationInfo":{"created":"2026-01-02T03:04:05Z","creators":["Tool: generator-1.0"]},"packages":[`)
	licences := []string{"MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "GPL-2.0-only"}
	for i := range n {
		name := fmt.Sprintf("package-number-%d", i)
		purl := fmt.Sprintf("pkg:npm/%%40scope-%d/%s@%d.%d.%d", i%500, name, i%7, i%31, i%11)
		fmt.Fprintf(b, `{"SPDXID":"SPDXRef-Package-npm-%s-%016x","name":"@scope-%d/%s","versionInfo":"%d.%d.%d","supplier":"Person: Maintainer %d (m%d@example.org)",
"downloadLocation":"https://registry.example.org/%s.tgz","filesAnalyzed":false,"licenseConcluded":"NOASSERTION","licenseDeclared":"%s","copyrightText":"NOASSERTION",
"checksums":[{"algorithm":"SHA256","checksumValue":"%x"}],"sourceInfo":"acquired package info from installed node module manifest file: /app/package-lock.json",
"externalRefs":[{"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:scope-%d:%s:%d.%d.%d:*:*:*:*:*:*:*"},
{"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:%s:%s:%d.%d.%d:*:*:*:*:*:*:*"},
{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"%s"}]},
`, name, i, i%500, name, i%7, i%31, i%11, i%2000, i%2000, name, licences[i%5], sha256.Sum256([]byte(purl)),
			i%500, name, i%7, i%31, i%11, name, name, i%7, i%31, i%11, purl)
	}
	fmt.Fprint(b, `{"SPDXID":"SPDXRef-image","name":"image","downloadLocation":"NOASSERTION","filesAnalyzed":false}],"relationships":[`)
	ref := func(i int) string { i %= n; return fmt.Sprintf("SPDXRef-Package-npm-package-number-%d-%016x", i, i) }
	for i := range n {
		fmt.Fprintf(b, `{"spdxElementId":"SPDXRef-image","relationshipType":"CONTAINS","relatedSpdxElement":"%s"},`+"\n", ref(i))
		for k := 1; k < 4; k++ {
			fmt.Fprintf(b, `{"spdxElementId":"%s","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"%s"},`+"\n", ref(7919*i+k), ref(i))
		}
	}
	fmt.Fprint(b, `{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-image"}]}`)
	return b.Flush()
}

// large3 writes about the same in SPDX 3: a relationship for the licence of each
// package and one for the three that it depends on, all of them listed once more as
// elements of the bill of materials.
func large3(w io.Writer, n int) error {
	b := bufio.NewWriterSize(w, 1<<20)
	const base = "https://example.org/spdxdocs/large-5f2c7a1e/"
	fmt.Fprint(b, `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
{"type":"CreationInfo","@id":"_:info","specVersion":"3.0.1","created":"2026-01-02T03:04:05Z","createdBy":["`+base+`person"]},
{"type":"Person","spdxId":"`+base+`person","creationInfo":"_:info","name":"A. Nother"},
`)
	licences := []string{"MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "GPL-2.0-only"}
	for i, l := range licences {
		fmt.Fprintf(b, `{"type":"simplelicensing_LicenseExpression","spdxId":"%slicence-%d","creationInfo":"_:info","simplelicensing_licenseExpression":"%s"},`+"\n", base, i, l)
	}
	ref := func(i int) string { i %= n; return fmt.Sprintf("%spackage-%d-%016x", base, i, i) }
	for i := range n {
		name := fmt.Sprintf("package-number-%d", i)
		purl := fmt.Sprintf("pkg:npm/%%40scope-%d/%s@%d.%d.%d", i%500, name, i%7, i%31, i%11)
		fmt.Fprintf(b, `{"type":"software_Package","spdxId":"%s","creationInfo":"_:info","name":"@scope-%d/%s","software_packageVersion":"%d.%d.%d","suppliedBy":"%sperson","software_downloadLocation":"https://registry.example.org/%s.tgz","software_copyrightText":"NOASSERTION","verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"%x"}],"software_packageUrl":"%s"},
{"type":"Relationship","spdxId":"%slicensed-%d","creationInfo":"_:info","relationshipType":"hasDeclaredLicense","from":"%s","to":["%slicence-%d"]},
{"type":"LifecycleScopedRelationship","spdxId":"%sdepends-%d","creationInfo":"_:info","relationshipType":"dependsOn","scope":"runtime","from":"%s","to":["%s","%s","%s"]},
`, ref(i), i%500, name, i%7, i%31, i%11, base, name, sha256.Sum256([]byte(purl)), purl, base, i, ref(i), base, i%5, base, i, ref(i), ref(7919*i+1), ref(7919*i+2), ref(7919*i+3))
	}
	fmt.Fprintf(b, `{"type":"software_Sbom","spdxId":"%sbom","creationInfo":"_:info","rootElement":["%s"],"element":["%sperson"`, base, ref(0), base)
	for i := range n {
		fmt.Fprintf(b, `,"%s","%slicensed-%d","%sdepends-%d"`, ref(i), base, i, base, i)
	}
	fmt.Fprintf(b, `]},{"type":"SpdxDocument","spdxId":"%sdocument","creationInfo":"_:info","name":"large","rootElement":["%sbom"]}]}`, base, base)
	return b.Flush()
}

// BenchmarkParse300000 reads 300,000 packages with 1,200,000 relationships and
// reports the highest resident memory of the process, which holds nothing else, and
// what the inventory keeps. A scan of such a document may take 600 MB as a whole.
func BenchmarkParse300000(b *testing.B) { parseLarge(b, large, 300_001) }

// BenchmarkParse300000InSPDX3 is the same for SPDX 3, in which a relationship is an
// element too. Run one of them at a time: the memory is that of the process.
func BenchmarkParse300000InSPDX3(b *testing.B) { parseLarge(b, large3, 300_000) }

func parseLarge(b *testing.B, write func(io.Writer, int) error, want int) {
	path := b.TempDir() + "/large.json"
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := write(f, 300_000); err != nil {
		b.Fatal(err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		d, err := Parse(f, budget.Limits{Bytes: 1 << 30})
		if err != nil {
			b.Fatal(err)
		}
		if len(d.Components) != want || len(d.Faults) != 0 || d.SubjectIndex() < 0 {
			b.Fatalf("%d components, %d faults", len(d.Components), len(d.Faults))
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "kept-MB")
		b.ReportMetric(float64(peak(b))/1e6, "peak-MB")
		runtime.KeepAlive(d)
		f.Close()
	}
}

// peak is the highest resident memory of the process so far, in bytes.
func peak(tb testing.TB) int {
	tb.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		tb.Skip("this system does not say how much memory a process has used")
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			if err != nil {
				tb.Fatal(err)
			}
			return kB << 10
		}
	}
	tb.Skip("this system does not say how much memory a process has used")
	return 0
}
