package feed_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/feed/feedtest"
)

// large writes the archive of 200,000 advisories once for a run.
func large(b *testing.B) (string, feedtest.Shape) {
	b.Helper()
	shape := feedtest.NPM()
	dir := filepath.Join(b.TempDir(), "advisories")
	if err := shape.WriteDir(dir); err != nil {
		b.Fatal(err)
	}
	return dir, shape
}

func BenchmarkOpenColdWith200000Advisories(b *testing.B) {
	dir, _ := large(b)
	b.ReportAllocs()
	for b.Loop() {
		s, err := feed.Open(context.Background(), dir, feed.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if s.Feeds()[0].Records != 200_000 {
			b.Fatalf("%+v", s.Feeds()[0])
		}
		s.Close()
	}
}

func BenchmarkOpenFromCacheAndFetch2000Packages(b *testing.B) {
	dir, shape := large(b)
	o := feed.Options{Cache: b.TempDir()}
	first, err := feed.Open(context.Background(), dir, o)
	if err != nil {
		b.Fatal(err)
	}
	first.Close()
	if info, err := os.ReadDir(o.Cache); err == nil && len(info) == 1 {
		if f, err := info[0].Info(); err == nil {
			b.ReportMetric(float64(f.Size())/1e6, "MB-cache")
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		s, err := feed.Open(context.Background(), dir, o)
		if err != nil {
			b.Fatal(err)
		}
		found := 0
		for i := range 2000 {
			list, err := s.Advisories(context.Background(), feedtest.Ecosystem+"\x00"+shape.Package(i*70))
			if err != nil {
				b.Fatal(err)
			}
			found += len(list)
		}
		if found == 0 {
			b.Fatal("no advisory is found")
		}
		s.Close()
	}
}
