package csv_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	ours "github.com/touchstone-assurance/touchstone/internal/report/csv"
	"github.com/touchstone-assurance/touchstone/internal/report/reporttest"
)

func written(t interface{ Fatal(...any) }, l report.List) (string, int) {
	var b bytes.Buffer
	n, err := ours.Write(&b, l)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), n
}

func read(t interface{ Fatal(...any) }, s string) [][]string {
	r := csv.NewReader(strings.NewReader(s))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheFileIsAsBefore(t *testing.T) {
	s, n := written(t, reporttest.List([]string{"Example", "=1+1", "two\nlines", `a "quoted" word`, ""}))
	if n != 5 {
		t.Errorf("%d rows", n)
	}
	reporttest.Golden(t, "list.csv.golden", []byte(s))
}

func TestNoCellBeginsAsAFormula(t *testing.T) {
	s, _ := written(t, reporttest.List(reporttest.Hostile()))
	rows := read(t, s)[5:]
	for i, want := range reporttest.Hostile() {
		got := rows[i][0]
		if strings.ContainsAny(got[:1], "=+-@\t\r\n") || strings.HasPrefix(got, "＝") {
			t.Errorf("cell %.20q", got)
		}
		if back := ours.Restore(got); back != want {
			t.Errorf("%.30q came back as %.30q", want, back)
		}
	}
}

func TestEveryTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@'\t\n＝]{1,3}[a-z,"\n]*`))).Draw(t, "cells")
		s, _ := written(t, reporttest.List(cells))
		rows := read(t, s)[5:]
		if len(rows) != len(cells) {
			t.Fatalf("%d rows of %d", len(rows), len(cells))
		}
		for i, c := range cells {
			want := strings.ReplaceAll(strings.ReplaceAll(c, "\r\n", "\n"), "\r", "\n") // as taken everywhere: line ends are LF
			if got := ours.Restore(rows[i][0]); got != want {
				t.Fatalf("%q came back as %q", want, got)
			}
		}
	})
}

func FuzzNeutral(f *testing.F) {
	for _, s := range reporttest.Hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := ours.Neutral(s)
		if n != "" && strings.ContainsAny(n[:1], "=+-@\t\r\n") {
			t.Errorf("%q", n)
		}
		if ours.Neutral(ours.Restore(n)) != n {
			t.Errorf("%q does not come back", s)
		}
	})
}

func TestTheMarkingComesFirst(t *testing.T) {
	s, _ := written(t, reporttest.List(nil))
	if rows := read(t, s); rows[0][0] != "Marking: OFFICIAL" || rows[1][0] != "Sample data" || len(rows) != 5 {
		t.Errorf("%q", rows)
	}
}

func TestARowThatCannotBeReadEndsTheFileWithAnError(t *testing.T) {
	l := reporttest.List(nil)
	l.Rows = func(yield func([]string, error) bool) {
		if yield([]string{"a", "b"}, nil) {
			yield(nil, errors.New("gone"))
		}
	}
	if n, err := ours.Write(&bytes.Buffer{}, l); err == nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
}
