package feed_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/feed/feedtest"
)

func record(id, ecosystem, name, fixed string) string {
	return fmt.Sprintf(`{"id":%q,"modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":%q,"name":%q},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":%q}]}]}],"details":"words"}`, id, ecosystem, name, fixed)
}

// file is one entry of an archive that is made for a test.
type file struct{ name, content string }

func archive(t testing.TB, path string, files ...file) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write([]byte(f.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func openSet(t testing.TB, path string, o feed.Options) *feed.Set {
	t.Helper()
	s, err := feed.Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func ids(t testing.TB, s *feed.Set, ecosystem, name string) []string {
	t.Helper()
	list, err := s.Advisories(context.Background(), ecosystem+"\x00"+name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, a := range list {
		out = append(out, a.ID)
	}
	return out
}

func all(t testing.TB, s *feed.Set) []advisory.Advisory {
	t.Helper()
	var out []advisory.Advisory
	for a, err := range s.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func TestOpenReadsTheBulkLayout(t *testing.T) {
	dir := t.TempDir()
	archive(t, filepath.Join(dir, "npm", "all.zip"), file{"B.json", record("B", "npm", "a", "2")}, file{"A.json", record("A", "npm", "a", "1")},
		file{"notes.txt", "not a record"}, file{"sub/", ""})
	archive(t, filepath.Join(dir, "Red Hat", "all.zip"), file{"C.json", record("C", "Red Hat", "z", "1")})
	write(t, filepath.Join(dir, "loose", "D.json"), []byte(record("D", "npm", "a", "4")))
	write(t, filepath.Join(dir, "kev.json"), []byte(`{}`))
	s := openSet(t, dir, feed.Options{})
	var got []string
	for _, f := range s.Feeds() {
		if f.AsOf != time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC).UnixMicro() || !strings.HasPrefix(f.Digest, "sha256:") || len(f.Digest) != 71 {
			t.Errorf("%+v", f)
		}
		got = append(got, fmt.Sprint(f.Ecosystem, " ", f.Records))
	}
	if d := cmp.Diff([]string{"Red Hat 1", "loose 1", "npm 2"}, got); d != "" {
		t.Error(d)
	}
	if got := ids(t, s, "npm", "a"); !slices.Equal(got, []string{"A", "B", "D"}) {
		t.Errorf("of npm a: %v", got)
	}
	if got := ids(t, s, "npm", "nothing"); got != nil {
		t.Errorf("of an unknown package: %v", got)
	}
	if got := all(t, s); len(got) != 4 || got[0].ID != "A" || got[3].ID != "D" || s.Count() != 4 {
		t.Errorf("all: %+v", got)
	}
}

func TestOpenTakesAnArchiveADirectoryOfRecordsOrOneRecord(t *testing.T) {
	dir := t.TempDir()
	archive(t, filepath.Join(dir, "Go", "all.zip"), file{"A.json", record("A", "Go", "a", "1")})
	archive(t, filepath.Join(dir, "mine.zip"), file{"A.json", record("A", "Go", "a", "1")})
	write(t, filepath.Join(dir, "x", "A.json"), []byte(record("A", "Go", "a", "1")))
	for path, ecosystem := range map[string]string{"Go/all.zip": "Go", "mine.zip": "mine", "x": "x", "x/A.json": "A", "Go": "Go"} {
		s := openSet(t, filepath.Join(dir, path), feed.Options{})
		if f := s.Feeds(); len(f) != 1 || f[0].Ecosystem != ecosystem || f[0].Records != 1 || len(ids(t, s, "Go", "a")) != 1 {
			t.Errorf("%s: %+v", path, f)
		}
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "words.zip"), []byte("not a zip"))
	write(t, filepath.Join(dir, "empty", "readme.txt"), []byte("x"))
	for path, kind := range map[string]fault.Kind{"nowhere": fault.NotFound, "words.zip": fault.Unsupported, "empty": fault.Invalid} {
		if _, err := feed.Open(context.Background(), filepath.Join(dir, path), feed.Options{}); !fault.Is(err, kind) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestABrokenRecordIsQuarantinedAndTheOthersAreRead(t *testing.T) {
	dir := t.TempDir()
	archive(t, filepath.Join(dir, "npm", "all.zip"),
		file{"A.json", record("A", "npm", "a", "1")},
		file{"BAD.json", `{"id":"BAD","affected":[{"package":{"ecosystem":"npm","name":"b"},"ranges":[{"type":"?","events":[{"introduced":"0"}]}]}]}`},
		file{"CUT.json", `{"affected":[{"package":{"ecosystem":"npm","name":"c"}},{"pack`},
		file{"TWICE.json", record("A", "npm", "other", "1")},
		file{"SAME.json", record("A", "npm", "a", "1")})
	for _, cache := range []string{"", t.TempDir()} {
		for range 2 {
			s := openSet(t, dir, feed.Options{Cache: cache})
			f := s.Feeds()[0]
			var got []string
			for _, q := range f.Quarantined {
				got = append(got, fmt.Sprint(q.ID, " ", q.Packages))
				if q.Reason == "" {
					t.Errorf("%s has no reason", q.ID)
				}
			}
			want := []string{"BAD [{npm b}]", "CUT [{npm c}]", "A [{npm other}]"}
			if d := cmp.Diff(want, got); f.Records != 1 || d != "" {
				t.Errorf("%d records, %s", f.Records, d)
			}
			if !strings.Contains(f.Quarantined[0].Reason, "/affected/0/ranges/0/type") {
				t.Errorf("the reason names no place: %q", f.Quarantined[0].Reason)
			}
		}
	}
}

func TestARecordOfSeveralArchivesIsOneAdvisory(t *testing.T) {
	dir := t.TempDir()
	old := record("X", "Go", "gone", "1")
	new := strings.Replace(record("X", "npm", "a", "2"), "2026-01-01", "2026-02-01", 1)
	archive(t, filepath.Join(dir, "Go", "all.zip"), file{"X.json", old}, file{"Y.json", record("Y", "Go", "y", "1")})
	archive(t, filepath.Join(dir, "Maven", "all.zip"), file{"X.json", new})
	archive(t, filepath.Join(dir, "npm", "all.zip"), file{"X.json", new})
	s := openSet(t, dir, feed.Options{})
	if s.Count() != 2 || len(all(t, s)) != 2 {
		t.Errorf("%d advisories, %d given", s.Count(), len(all(t, s)))
	}
	if got := ids(t, s, "npm", "a"); !slices.Equal(got, []string{"X"}) {
		t.Errorf("the newer revision: %v", got)
	}
	if got := ids(t, s, "Go", "gone"); got != nil {
		t.Errorf("a package that only the older revision names: %v", got)
	}
}

func TestTheCallerSaysWhichNamesAreAlike(t *testing.T) {
	dir := t.TempDir()
	archive(t, filepath.Join(dir, "PyPI", "all.zip"), file{"A.json", record("A", "PyPI", "My_Name", "1")}, file{"B.json", record("B", "Odd", "b", "1")})
	o := feed.Options{Cache: t.TempDir(), KeyVersion: "1", Key: func(ecosystem, name string) string {
		if ecosystem != "PyPI" {
			return ""
		}
		return strings.ReplaceAll(strings.ToLower(name), "_", "-")
	}}
	s := openSet(t, dir, o)
	if got, err := s.Advisories(context.Background(), "my-name"); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := s.Advisories(context.Background(), ""); err != nil || got != nil || len(all(t, s)) != 2 {
		t.Errorf("an advisory without key: %v, %v", got, err)
	}
	o.KeyVersion, o.Key = "2", func(string, string) string { return "everything" }
	s = openSet(t, dir, o)
	if got, err := s.Advisories(context.Background(), "everything"); err != nil || len(got) != 2 {
		t.Errorf("with other keys the old form is used: %v, %v", got, err)
	}
}

func TestTheCompiledFormSaysTheSameAsTheArchive(t *testing.T) {
	shape := feedtest.Shape{Seed: 3, Advisories: 500, Packages: 200}
	dir := t.TempDir()
	if err := shape.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	sources, err := feed.Sources(dir)
	if err != nil || len(sources) != 1 {
		t.Fatal(sources, err)
	}
	var want []advisory.Advisory
	names := map[string][]string{}
	info, err := feed.Walk(context.Background(), sources[0], feed.Options{}, func(e feed.Entry) error {
		if len(e.Raw) == 0 || e.Advisory.Details == "" || e.Quarantined != nil {
			t.Fatalf("%+v", e)
		}
		e.Advisory.Details, e.Advisory.References = "", nil
		want = append(want, e.Advisory)
		for _, f := range e.Advisory.Affected {
			if list := names[f.Name]; !slices.Contains(list, e.Advisory.ID) {
				names[f.Name] = append(list, e.Advisory.ID)
			}
		}
		return nil
	})
	if err != nil || info.Records != 500 {
		t.Fatal(info, err)
	}
	cache := t.TempDir()
	for _, o := range []feed.Options{{}, {Cache: cache}, {Cache: cache, Workers: 7}} {
		s := openSet(t, dir, o)
		if d := cmp.Diff(want, all(t, s)); d != "" {
			t.Fatal(d)
		}
		for name, list := range names {
			if got := ids(t, s, "npm", name); !slices.Equal(got, list) {
				t.Fatalf("%s: got %v, want %v", name, got, list)
			}
		}
		if d := cmp.Diff(info, s.Feeds()[0]); d != "" {
			t.Error(d)
		}
	}
	if slices.Collect(maps.Keys(names)) == nil {
		t.Error("no package")
	}
}

func TestWalkStopsWhenItIsToldTo(t *testing.T) {
	shape := feedtest.Shape{Seed: 4, Advisories: 1000, Packages: 100}
	dir := t.TempDir()
	if err := shape.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	sources, err := feed.Sources(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	enough := fmt.Errorf("enough")
	if _, err := feed.Walk(context.Background(), sources[0], feed.Options{}, func(feed.Entry) error {
		if n++; n == 5 {
			return enough
		}
		return nil
	}); err != enough || n != 5 {
		t.Errorf("%d entries, %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := feed.Walk(ctx, sources[0], feed.Options{}, func(feed.Entry) error { return nil }); err == nil {
		t.Error("a walk goes on though nobody waits for it")
	}
}
