package app

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// pagesOf gives n rows of some hundred bytes, MaxLimit at a time.
func pagesOf(n int) func(Page) ([][]string, []string, string, int64, error) {
	given := 0
	return func(p Page) (rows [][]string, marks []string, next string, total int64, err error) {
		for range min(p.Limit, n-given) {
			rows = append(rows, []string{fmt.Sprint(given), strings.Repeat("é", 60), ""})
			given++
		}
		if given < n {
			next = fmt.Sprint(given)
		}
		return rows, []string{"OFFICIAL", "OFFICIAL-SENSITIVE"}, next, int64(n), nil
	}
}

func TestAnExportOfAnyLengthIsHeldOnTheDisk(t *testing.T) {
	const n = 200_001
	folder := t.TempDir()
	s, err := newSpool(filepath.Join(folder, "attachments"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	marks, err := gather(s, mostRows("csv"), pagesOf(n))
	if err != nil || len(marks) != 2 || s.count != n {
		t.Fatalf("%d rows, markings %v, %v", s.count, marks, err)
	}
	if grown := int64(heap()) - int64(before); grown > 4<<20 {
		t.Errorf("%d bytes more are held for %d rows", grown, n)
	}
	at := 0
	for row, err := range s.all() {
		if err != nil || len(row) != 3 || row[0] != fmt.Sprint(at) || row[1] != strings.Repeat("é", 60) {
			t.Fatalf("row %d is %v, %v", at, row, err)
		}
		at++
	}
	if at != n {
		t.Errorf("%d of %d rows came back", at, n)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("files with a name: %v, %v", left, err)
	}
}

func TestASpreadsheetThatWouldNotHoldTheRowsIsRefusedAtOnce(t *testing.T) {
	s, err := newSpool(filepath.Join(t.TempDir(), "attachments"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pages := 0
	all := pagesOf(2_000_000)
	_, err = gather(s, mostRows("xlsx"), func(p Page) ([][]string, []string, string, int64, error) { pages++; return all(p) })
	if said, _ := fault.Public(err); !fault.Is(err, fault.TooLarge) || !strings.Contains(said, "Choose CSV") || pages != 1 {
		t.Errorf("after %d pages: %v", pages, err)
	}
}
