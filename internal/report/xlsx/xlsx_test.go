package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/touchstone-assurance/touchstone/internal/report/reporttest"
	"github.com/touchstone-assurance/touchstone/internal/report/xlsx"
)

func written(t *testing.T, cells []string) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := xlsx.Write(&b, reporttest.List(cells))
	if err != nil || n != len(cells) {
		t.Fatalf("%d rows, %v", n, err)
	}
	return b.Bytes()
}

func sheet(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.Contains(f.Name, "vba") || strings.Contains(f.Name, "externalLink") {
			t.Errorf("part %s", f.Name)
		}
		if f.Name == "xl/worksheets/sheet1.xml" {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
	}
	t.Fatal("no sheet")
	return ""
}

func TestTheSheetIsAsBefore(t *testing.T) {
	reporttest.Golden(t, "sheet1.xml.golden", []byte(sheet(t, written(t, []string{"Example", "=1+1", "two\nlines"}))))
}

func TestEveryTextComesBackAsAString(t *testing.T) {
	file := written(t, reporttest.Hostile())
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("systems")
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "Marking: OFFICIAL" || rows[1][0] != "Sample data" || rows[3][0] != "Name" {
		t.Errorf("the sheet begins %q", rows[:4])
	}
	for i, want := range reporttest.Hostile() {
		at, _ := excelize.CoordinatesToCellName(1, i+5)
		if got := rows[i+4][0]; got != want {
			t.Errorf("%.40q came back as %.40q", want, got)
		}
		if formula, err := f.GetCellFormula("systems", at); err != nil || formula != "" {
			t.Errorf("%s has formula %q, %v", at, formula, err)
		}
		if kind, err := f.GetCellType("systems", at); err != nil || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
			t.Errorf("%s is of type %v, %v", at, kind, err)
		}
	}
	if s := sheet(t, file); strings.Contains(s, "<f>") || strings.Contains(s, "<hyperlink") {
		t.Error("the sheet has formulas or links")
	}
}

func TestTextThatTheFormatCannotHold(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"control characters are replaced", "a\x00b\x1f", "a\uFFFDb\uFFFD"},
		{"broken UTF-8 is replaced", "a\xffb", "a\uFFFDb"},
		{"line ends stay", "a\nb\tc", "a\nb\tc"},
	} {
		if got := xlsx.Text(c.in); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	long := strings.Repeat("\U0001F512", 20_000)
	if got := xlsx.Text(long); len([]rune(got)) >= 20_000 || !strings.HasSuffix(got, "(cut: the format allows no more)") {
		t.Errorf("%d characters", len([]rune(got)))
	}
	if s := strings.Repeat("x", xlsx.MaxCell); xlsx.Text(s) != s {
		t.Error("text of the most that fits was cut")
	}
}

func TestManyRowsAreWritten(t *testing.T) {
	cells := make([]string, 20_000)
	for i := range cells {
		cells[i] = "=x"
	}
	if s := sheet(t, written(t, cells)); strings.Count(s, "<row ") != 20_004 {
		t.Errorf("%d rows", strings.Count(s, "<row "))
	}
}

func TestARowThatCannotBeReadEndsInAnError(t *testing.T) {
	l := reporttest.List(nil)
	l.Rows = func(yield func([]string, error) bool) { yield(nil, errors.New("gone")) }
	if _, err := xlsx.Write(&bytes.Buffer{}, l); err == nil {
		t.Error("no error")
	}
}
