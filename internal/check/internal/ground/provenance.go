package ground

import (
	"cmp"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// What to deliver for checks of provenance.
const (
	NoArtifacts    = "Push the list of the files of this release with their digests (touchstone.artifacts/v1)."
	NoAttestations = "Push the attestations of this release (in-toto in DSSE, or Sigstore bundles)."
)

// Kinds of predicate, by the beginning of their type.
var (
	SLSA = []string{"https://slsa.dev/provenance/"}
	BOM  = []string{"https://cyclonedx.org/bom", "https://spdx.dev/document", "https://spdx.dev/spdx"}
)

// Attestations gives the statements with a predicate of the kinds, in a fixed
// order, those that count apart from those that do not. No kinds means all.
func Attestations(f check.Facts, kinds []string) (counting, others []check.Of[fact.Attestation]) {
	for _, a := range Sorted(f.Attestations) {
		predicate := strings.ToLower(a.Fact.PredicateType)
		if len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(predicate, k) }) {
			continue
		}
		if a.Fact.Counts {
			counting = append(counting, a)
		} else {
			others = append(others, a)
		}
	}
	return counting, others
}

// Files gives the files of the release with a digest that can be compared, by name
// and then digest, each once.
func Files(f check.Facts) []fact.Artifact {
	var out []fact.Artifact
	for _, a := range f.Artifacts {
		for _, file := range a.Fact.Files {
			file.SHA256 = strings.ToLower(file.SHA256)
			if SHA256(file.SHA256) {
				out = append(out, fact.Artifact{Name: file.Name, SHA256: file.SHA256})
			}
		}
	}
	slices.SortFunc(out, func(a, b fact.Artifact) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.SHA256, b.SHA256))
	})
	return slices.Compact(out)
}

// SHA256 reports whether s is a SHA-256 digest in lower-case hexadecimal.
func SHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// Covers reports whether one of the subjects of the statement is the file. The name
// does not matter: it is the digest that tells files apart.
func Covers(a fact.Attestation, file fact.Artifact) bool {
	return slices.ContainsFunc(a.Subjects, func(s fact.Subject) bool { return strings.ToLower(s.Digests["sha256"]) == file.SHA256 })
}

// Covering gives the statements that cover at least one file of the release.
func Covering(list []check.Of[fact.Attestation], files []fact.Artifact) []check.Of[fact.Attestation] {
	var out []check.Of[fact.Attestation]
	for _, a := range list {
		if slices.ContainsFunc(files, func(x fact.Artifact) bool { return Covers(a.Fact, x) }) {
			out = append(out, a)
		}
	}
	return out
}

// Provenance gives the SLSA provenance that counts and covers a file of the
// release. When there is none the verdict says why.
func (g *Ground) Provenance(f check.Facts) ([]check.Of[fact.Attestation], *check.Verdict) {
	counting, others := Attestations(f, SLSA)
	files := Files(f)
	covering := Covering(counting, files)
	for _, a := range covering {
		g.Saw(a.Document, "Provenance that counts", cmp.Or(a.Fact.Identity, a.Fact.KeyID, "a trusted key"))
	}
	say := func(v check.Verdict) *check.Verdict { return &v }
	switch {
	case len(covering) > 0:
		return covering, nil
	case len(files) == 0:
		return nil, say(g.Cannot("The files of this release are not known. %s", NoArtifacts))
	case len(counting) == 0 && len(others) == 0:
		return nil, say(g.Cannot("There is no build provenance for this release. %s", NoAttestations))
	case len(counting) == 0:
		return nil, say(g.Cannot("The provenance of this release does not count: %s. %s", Problem(others[0].Fact), NoAttestations))
	}
	return nil, say(g.Cannot("The provenance that counts speaks of other files than those of this release. %s", NoArtifacts))
}

// Problem says why a statement does not count.
func Problem(a fact.Attestation) string {
	return strings.TrimSuffix(cmp.Or(Text(a.Problem), "its signature was not verified"), ".")
}

// Signer names who signed a statement.
func Signer(a fact.Attestation) string {
	switch {
	case a.Identity != "":
		return Text(a.Identity)
	case a.KeyID != "":
		return "the key " + Text(a.KeyID)
	}
	return "a trusted key"
}
