package feed_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/feed"
)

// TestCorpusArchivesAreReadWhole counts what real archives hold: records of several
// ecosystems lie in each archive concerned and are one advisory.
func TestCorpusArchivesAreReadWhole(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	for set, want := range map[string]struct{ archives, records, advisories int }{
		"osv":         {17, 23_088, 23_071},
		"osv-derived": {2, 1_856, 1_856},
	} {
		s := openSet(t, filepath.Join(folder, set), feed.Options{})
		records := 0
		for _, f := range s.Feeds() {
			records += f.Records
			for _, q := range f.Quarantined {
				t.Errorf("%s: %s is in quarantine: %s", f.Ecosystem, q.ID, q.Reason)
			}
		}
		if n := len(all(t, s)); len(s.Feeds()) != want.archives || records != want.records || s.Count() != want.advisories || n != want.advisories {
			t.Errorf("%s: %d archives, %d records, %d advisories, %d given; want %+v", set, len(s.Feeds()), records, s.Count(), n, want)
		}
	}
}
