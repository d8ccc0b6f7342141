// Package sbommaker asks who and what made the bill of materials.
package sbommaker

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for both names.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Author and tool", func(i check.InventoryFact) (ground.Answer, string, string) {
		doc, value := ground.Name(i.Document), fmt.Sprintf("authors %d, tool %q", i.Authors, i.Tool)
		switch {
		case i.Authors == 0:
			return ground.No, fmt.Sprintf("The %s does not name an author.", doc), value
		case i.Tool == "":
			return ground.No, fmt.Sprintf("The %s does not name the tool that made it.", doc), value
		}
		return ground.Yes, fmt.Sprintf("The %s names its author and its tool.", doc), value
	})
}
