// Package fileslisted asks whether every file of a release can be told from any other.
package fileslisted

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate looks at the lists of files.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	digests := map[string]string{}
	var bare, twice []string
	for _, a := range f.Artifacts {
		g.Saw(a.Document, "Files of the release", ground.Count(len(a.Fact.Files), "file", "files"))
		for _, file := range a.Fact.Files {
			name, digest := ground.Text(file.Name), strings.ToLower(file.SHA256)
			switch {
			case !ground.SHA256(digest):
				bare = append(bare, name)
			case digests[file.Name] != "" && digests[file.Name] != digest:
				twice = append(twice, name)
			default:
				digests[file.Name] = digest
			}
		}
	}
	slices.Sort(bare)
	slices.Sort(twice)
	switch {
	case len(bare) > 0:
		return g.Fail("%s has no SHA-256 digest.%s", named(bare[0]), ground.Others(len(bare)-1))
	case len(twice) > 0:
		return g.Fail("%s is listed with two digests.%s", named(twice[0]), ground.Others(len(slices.Compact(twice))-1))
	case len(digests) == 0:
		return g.Cannot("The files of this release are not known. %s", ground.NoArtifacts)
	}
	return g.Pass("%s with a digest each.", ground.Count(len(digests), "file of the release is listed", "files of the release are listed"))
}

func named(s string) string {
	if s == "" {
		return "A file without a name"
	}
	return s
}
