// Package xlsx writes lists as spreadsheets (ECMA-376). It is the only writer
// that uses a library, and it only writes: reading spreadsheets is not its job.
//
// Every cell is a string by its type, so no text can become a formula or a link,
// whatever it begins with. The marking stands in the first row and in header and
// footer of every printed page.
package xlsx

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
)

// MediaType is that of the file.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// MaxCell is the most characters that the format allows in a cell (UTF-16 code
// units). Longer text is cut and says so.
const MaxCell = 32_767

// MaxRows is the most rows of a list that fit: the format allows 1,048,576 in a
// sheet, and marking, banner, time and header row are among them.
const MaxRows = 1_048_576 - 4

const cutNote = " … (cut: the format allows no more)"

// Write writes the list as one sheet and returns the number of rows below the
// header row.
func Write(w io.Writer, l report.List) (int, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // it only removes temporary files
	rows, err := fill(f, l)
	if err == nil {
		_, err = f.WriteTo(w)
	}
	if err != nil {
		return rows, fmt.Errorf("write %s as XLSX: %w", l.Name, err)
	}
	return rows, nil
}

func fill(f *excelize.File, l report.List) (int, error) {
	sheet := sheetName(l.Name)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return 0, err
	}
	marking := strings.ReplaceAll(strings.Join(l.Marks()[:min(2, len(l.Marks()))], ", "), "&", "&&")
	if err := f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddHeader: "&C" + marking, OddFooter: "&C" + marking + "&RPage &P of &N"}); err != nil {
		return 0, err
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: l.Name, Language: "en-GB", Created: "1980-01-01T00:00:00Z", Modified: "1980-01-01T00:00:00Z", Creator: "Touchstone", LastModifiedBy: "Touchstone"}); err != nil {
		return 0, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return 0, err
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return 0, err
	}
	rows, err := stream(s, l, bold)
	if err != nil {
		return rows, err
	}
	return rows, s.Flush()
}

func stream(s *excelize.StreamWriter, l report.List, bold int) (int, error) {
	line := 0
	put := func(style int, cells ...string) error {
		line++
		at, err := excelize.CoordinatesToCellName(1, line)
		if err != nil {
			return err
		}
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = excelize.Cell{StyleID: style, Value: Text(c)}
		}
		return s.SetRow(at, values)
	}
	if len(l.Columns) > 0 {
		if err := s.SetColWidth(1, len(l.Columns), 24); err != nil {
			return 0, err
		}
	}
	for _, m := range l.Marks() {
		if err := put(bold, m); err != nil {
			return 0, err
		}
	}
	if err := put(bold, l.Columns...); err != nil {
		return 0, err
	}
	rows := 0
	for row, err := range l.Rows {
		if err != nil {
			return rows, err
		}
		if rows == MaxRows {
			return rows, fmt.Errorf("more than %d rows", MaxRows)
		}
		if err := put(0, row...); err != nil {
			return rows, err
		}
		rows++
	}
	return rows, nil
}

// Text makes a cell's text one that XML 1.0 and the format can hold: control
// characters become U+FFFD, and what is too long is cut.
func Text(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	units := 0
	for i, r := range s {
		units++
		if r > 0xFFFF {
			units++
		}
		if units > MaxCell-len(cutNote) && longer(s) {
			return s[:i] + cutNote
		}
	}
	return s
}

func longer(s string) bool {
	units := 0
	for _, r := range s {
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return units > MaxCell
}

// sheetName makes a name that the format allows: at most 31 characters, none of
// []:*?/\ and no apostrophe at either end.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < 0x20 {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 31 {
		s = string(r[:31])
	}
	if s = strings.TrimSpace(s); s == "" {
		return "List"
	}
	return s
}
