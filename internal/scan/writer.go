package scan

import (
	"io"
	"maps"
	"slices"
)

// Writer writes a result in one format.
type Writer interface {
	Write(w io.Writer, r *Result, v View) error
}

// View is what a writer knows of its reader.
type View struct {
	Version string // of this program
	Width   int    // columns of the terminal; 0 = it is no terminal, and nothing is left out
	Allowed int    // components that may go unassessed
}

// writers is the explicit list of formats.
var writers = map[string]Writer{
	"json":      jsonWriter{},
	"table":     tableWriter{},
	"sarif":     sarifWriter{},
	"cyclonedx": cycloneDXWriter{},
	"openvex":   openVEXWriter{},
	"html":      htmlWriter{},
}

// Formats names the formats that a result can be written in.
func Formats() []string { return slices.Sorted(maps.Keys(writers)) }

// WriterOf gives the writer of a format.
func WriterOf(format string) (Writer, bool) {
	w, known := writers[format]
	return w, known
}
