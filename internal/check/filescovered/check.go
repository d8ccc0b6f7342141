// Package filescovered asks whether every file of a release is signed for.
package filescovered

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for each file in the statements that count, whatever they say of
// it.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	files := ground.Files(f)
	counting, others := ground.Attestations(f, nil)
	var missing []fact.Artifact
	for _, file := range files {
		if !slices.ContainsFunc(counting, func(a check.Of[fact.Attestation]) bool { return ground.Covers(a.Fact, file) }) {
			missing = append(missing, file)
		}
	}
	for _, a := range ground.Covering(counting, files) {
		g.Saw(a.Document, "Signed by", ground.Signer(a.Fact))
	}
	for _, a := range f.Artifacts {
		g.Saw(a.Document, "Files of the release", ground.Count(len(a.Fact.Files), "file", "files"))
		for _, file := range a.Fact.Files {
			if !ground.SHA256(strings.ToLower(file.SHA256)) {
				missing = append(missing, file)
			}
		}
	}
	names := make([]string, len(missing))
	for i, m := range missing {
		names[i] = ground.Text(m.Name)
	}
	switch {
	case len(files) == 0:
		return g.Cannot("The files of this release are not known. %s", ground.NoArtifacts)
	case len(counting)+len(others) == 0:
		return g.Cannot("There is no signed statement for this release. %s", ground.NoAttestations)
	case len(missing) > 0:
		return g.Fail("No statement that can be verified names the digest of %s.%s", ground.Least(names), ground.Others(len(missing)-1))
	}
	return g.Pass("Verified statements name %s of the release.", ground.Count(len(files), "file", "files"))
}
