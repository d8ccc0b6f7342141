package feed_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/feed/feedtest"
)

func cached(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the cache holds %v, %v", found, err)
	}
	return found[0]
}

func TestAChangedArchiveIsNoticedThoughItsTimeAndSizeAreAlike(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "npm", "all.zip")
	archive(t, path, file{"A.json", record("A", "npm", "a", "1")})
	before := openSet(t, dir, feed.Options{Cache: cache}).Feeds()[0]
	archive(t, path, file{"A.json", record("A", "npm", "b", "1")})
	s := openSet(t, dir, feed.Options{Cache: cache})
	after := s.Feeds()[0]
	if before.AsOf != after.AsOf || before.Digest == after.Digest || len(ids(t, s, "npm", "b")) != 1 || len(ids(t, s, "npm", "a")) != 0 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// Every byte of the compiled form is damaged once: answers are never other ones.
func TestADamagedCacheIsMadeAgainAndNeverTrusted(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	shape := feedtest.Shape{Seed: 5, Advisories: 4, Packages: 3}
	if err := shape.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	want := all(t, openSet(t, dir, feed.Options{Cache: cache}))
	path := cached(t, cache)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := 0
	check := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := feed.Open(context.Background(), dir, feed.Options{Cache: cache})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, all(t, s)); d != "" {
			t.Fatal(d)
		}
		for i := range shape.Packages {
			ids(t, s, "npm", shape.Package(i))
		}
		damaged += len(s.Warnings())
		s.Close()
	}
	for i := range sound {
		b := append([]byte(nil), sound...)
		b[i] ^= 0x41
		check(b)
	}
	if damaged != len(sound) {
		t.Errorf("of %d damaged bytes %d were noticed", len(sound), damaged)
	}
	for n := 0; n < len(sound); n += 7 {
		check(sound[:n])
	}
	check(append(append([]byte(nil), sound...), 0))
	s := openSet(t, dir, feed.Options{Cache: cache})
	if d := cmp.Diff(want, all(t, s)); d != "" || len(s.Warnings()) != 0 {
		t.Errorf("the cache that was made again is not sound: %v %s", s.Warnings(), d)
	}
}

func TestACacheThatCannotBeWrittenIsAWarning(t *testing.T) {
	dir := t.TempDir()
	archive(t, filepath.Join(dir, "npm", "all.zip"), file{"A.json", record("A", "npm", "a", "1")})
	inTheWay := filepath.Join(t.TempDir(), "file")
	write(t, inTheWay, []byte("x"))
	s := openSet(t, dir, feed.Options{Cache: filepath.Join(inTheWay, "cache")})
	if len(s.Warnings()) != 1 || len(ids(t, s, "npm", "a")) != 1 {
		t.Errorf("warnings %v", s.Warnings())
	}
}

func TestTheCacheIsNobodyElses(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "new", "cache")
	archive(t, filepath.Join(dir, "npm", "all.zip"), file{"A.json", record("A", "npm", "a", "1")})
	openSet(t, dir, feed.Options{Cache: cache})
	info, err := os.Stat(cached(t, cache))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
