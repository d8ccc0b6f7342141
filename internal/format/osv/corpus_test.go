package osv_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
)

// TestCorpusEveryRecordIsRead reads real databases: none of their records is refused.
func TestCorpusEveryRecordIsRead(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	for set, want := range map[string]struct{ entries, ids, withdrawn int }{
		"osv":         {23_088, 23_071, 50},
		"osv-derived": {1_856, 1_856, 0},
	} {
		archives, err := filepath.Glob(filepath.Join(folder, set, "*", "all.zip"))
		if err != nil {
			t.Fatal(err)
		}
		r := osv.NewReader(budget.Limits{})
		ids := map[string]bool{}
		entries, withdrawn := 0, 0
		for _, path := range archives {
			z, err := zip.OpenReader(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range z.File {
				a, err := r.Read(content(t, f))
				if err != nil {
					t.Errorf("%s %s: %v", path, f.Name, err)
				}
				if a.Withdrawn != 0 && !ids[a.ID] {
					withdrawn++
				}
				ids[a.ID] = true
				entries++
			}
			z.Close()
		}
		if entries != want.entries || len(ids) != want.ids || withdrawn != want.withdrawn {
			t.Errorf("%s: %d entries, %d ids, %d withdrawn; want %+v", set, entries, len(ids), withdrawn, want)
		}
	}
}

func content(t *testing.T, f *zip.File) []byte {
	t.Helper()
	in, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
