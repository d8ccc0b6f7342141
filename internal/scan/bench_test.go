package scan_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/feed/feedtest"
	"github.com/touchstone-assurance/touchstone/internal/scan"
	"github.com/touchstone-assurance/touchstone/internal/scan/scantest"
)

// The figures of docs/benchmarks.md come from whole processes (scripts/bench-scan.sh);
// these say where the time goes.

func generated(b *testing.B, components int) scan.Options {
	b.Helper()
	dir := b.TempDir()
	shape := feedtest.NPM()
	if err := shape.WriteDir(filepath.Join(dir, "advisories")); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("%d.json", components))
	if err := (scantest.Shape{Seed: 1, Components: components, Advisories: shape}).WriteFile(path); err != nil {
		b.Fatal(err)
	}
	return scan.Options{Advisories: filepath.Join(dir, "advisories"), Now: now.UnixMicro(),
		Documents: []scan.Source{{Path: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}}}
}

func benchmark(b *testing.B, o scan.Options) {
	b.ReportAllocs()
	for b.Loop() {
		r, err := scan.Run(context.Background(), o)
		if err != nil {
			b.Fatal(err)
		}
		if r.Tally().Findings == 0 {
			b.Fatal("nothing was found")
		}
		w, _ := scan.WriterOf("json")
		if err := w.Write(io.Discard, r, scan.View{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan10000ComponentsWithoutCache(b *testing.B) { benchmark(b, generated(b, 10_000)) }

func BenchmarkScan10000ComponentsWithCache(b *testing.B) {
	o := generated(b, 10_000)
	o.Cache = b.TempDir()
	if _, err := scan.Run(context.Background(), o); err != nil {
		b.Fatal(err)
	}
	benchmark(b, o)
}

func BenchmarkScan300000ComponentsWithCache(b *testing.B) {
	o := generated(b, 300_000)
	o.Cache = b.TempDir()
	if _, err := scan.Run(context.Background(), o); err != nil {
		b.Fatal(err)
	}
	benchmark(b, o)
}
