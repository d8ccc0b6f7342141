package cyclonedx_test

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
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
)

// large writes a document of n components as scanners of images write them: a
// package URL that is also part of the bom-ref, a digest, a licence, and a graph in
// which each component depends on three others.
func large(w io.Writer, n int) error {
	b := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprint(b, `{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,
"metadata":{"timestamp":"2026-01-02T03:04:05Z","tools":{"components":[{"type":"application","name":"generator","version":"1"}]},
"component":{"bom-ref":"root","type":"application","name":"large","version":"1"}},"components":[`)
	licences := []string{"MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "GPL-2.0-only"}
	comma := ""
	for i := range n {
		purl := fmt.Sprintf("pkg:npm/%%40scope-%d/package-number-%d@%d.%d.%d", i%500, i, i%7, i%31, i%11)
		fmt.Fprintf(b, `%s{"bom-ref":"%s?package-id=%016x","type":"library","publisher":"Maintainer %d","group":"@scope-%d","name":"package-number-%d","version":"%d.%d.%d",
"hashes":[{"alg":"SHA-256","content":"%x"}],"licenses":[{"license":{"id":"%s"}}],"purl":"%s","properties":[{"name":"syft:package:foundBy","value":"javascript-lock-cataloger"},{"name":"syft:location:0:path","value":"/app/package-lock.json"}]}`,
			comma, purl, i, i%2000, i%500, i, i%7, i%31, i%11, sha256.Sum256([]byte(purl)), licences[i%5], purl)
		comma = ",\n"
	}
	fmt.Fprint(b, `],"dependencies":[`)
	comma = ""
	ref := func(i int) string {
		i %= n
		return fmt.Sprintf("pkg:npm/%%40scope-%d/package-number-%d@%d.%d.%d?package-id=%016x", i%500, i, i%7, i%31, i%11, i)
	}
	for i := range n {
		fmt.Fprintf(b, `%s{"ref":"%s","dependsOn":["%s","%s","%s"]}`, comma, ref(i), ref(7919*i+1), ref(7919*i+2), ref(7919*i+3))
		comma = ",\n"
	}
	fmt.Fprint(b, "]}\n")
	return b.Flush()
}

// BenchmarkParse300000 reads 300,000 components (230 MB) and reports the highest
// resident memory of the process, which holds nothing else, and what the inventory
// keeps. A scan of such a document may take 600 MB as a whole.
func BenchmarkParse300000(b *testing.B) {
	const components = 300_000
	path := b.TempDir() + "/large.json"
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := large(f, components); err != nil {
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
		d, err := cyclonedx.Parse(f, budget.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if len(d.Components) != components || len(d.Faults) != 0 {
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
