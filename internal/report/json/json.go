// Package json writes a report as JSON (RFC 8259) of the schema
// touchstone.report/v1, described in docs/schemas/report.schema.json. It holds
// everything that the other formats show.
package json

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
)

// MediaType is that of the document.
const MediaType = "application/json"

// Write writes the report, indented, in one fixed order of members. Characters
// that HTML gives a meaning are escaped, so that a page which shows the text by
// mistake does no harm.
func Write(w io.Writer, a report.Assessment) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(a); err != nil {
		return fmt.Errorf("write report as JSON: %w", err)
	}
	return nil
}
