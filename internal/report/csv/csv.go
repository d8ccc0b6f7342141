// Package csv writes lists as comma-separated values (RFC 4180) that a
// spreadsheet cannot mistake for formulas.
//
// A cell that begins with = + - @, their full-width forms, TAB, CR or LF gets an
// apostrophe in front, and so does a cell that begins with an apostrophe.
// Taking one leading apostrophe away from any cell that has one therefore gives
// every original text back; Restore does that. Line ends within cells are kept.
package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
)

// MediaType is that of the file.
const MediaType = "text/csv; charset=utf-8; header=present"

// note stands above the header row, so that whoever reads the file back knows.
const note = "A leading apostrophe was added to cells that a spreadsheet could take for a formula. Remove one leading apostrophe to get the original text."

// Write writes the list and returns the number of rows, which excludes the marking,
// the note and the header row. The marking comes first.
func Write(w io.Writer, l report.List) (int, error) {
	c := csv.NewWriter(w)
	for _, m := range append(l.Marks(), note) {
		if err := c.Write([]string{Neutral(m)}); err != nil {
			return 0, fmt.Errorf("write %s as CSV: %w", l.Name, err)
		}
	}
	rows := 0
	err := c.Write(neutral(l.Columns))
	for row, rowErr := range l.Rows {
		if err == nil {
			err = rowErr
		}
		if err != nil {
			break
		}
		err = c.Write(neutral(row))
		rows++
	}
	c.Flush()
	if err == nil {
		err = c.Error()
	}
	if err != nil {
		return rows, fmt.Errorf("write %s as CSV: %w", l.Name, err)
	}
	return rows, nil
}

func neutral(cells []string) []string {
	out := make([]string, len(cells))
	for i, s := range cells {
		out[i] = Neutral(s)
	}
	return out
}

// Neutral makes a cell harmless. A CR is written as LF, because readers of CSV
// turn CR LF within a cell into LF and would not give it back.
func Neutral(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if s == "" {
		return s
	}
	switch first := []rune(s)[0]; first {
	case '=', '+', '-', '@', '\t', '\n', '\'', '＝', '＋', '－', '＠':
		return "'" + s
	}
	return s
}

// Restore takes away what Neutral added.
func Restore(s string) string { return strings.TrimPrefix(s, "'") }
