package scan

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

// Advisories that were compiled before are found by the keys that they were compiled
// under. When this fails, keys have changed: give keyVersion another value, so that
// old ones are made again, and then write the new digest here.
func TestKeysOfCompiledAdvisories(t *testing.T) {
	var keys string
	for _, ecosystem := range []string{"npm", "Go", "PyPI", "Maven", "NuGet", "RubyGems", "crates.io", "Packagist", "Pub", "Hackage", "CRAN", "Debian:12", "Ubuntu:22.04:LTS", "Alpine:v3.19",
		"Red Hat:enterprise_linux:9::baseos", "AlmaLinux:9", "SwiftURL", "Bitnami", "Hex", "GitHub Actions", "OSS-Fuzz", "nobody's"} {
		for _, name := range []string{"Plain", "with-Some_marks.in", "@Scope/Name", "Group.Id:Artifact", "github.com/Owner/Repo/v2", "https://example.org/Some/Thing.git", ""} {
			keys += fmt.Sprintf("%s\n", keyOf(ecosystem, name))
		}
	}
	const known = "package 1 70a28e895106edf95e38b7ef9547fd03f7e8a016d1f7ff94e3dccc61c75fd920"
	if got := fmt.Sprintf("%s %x", keyVersion, sha256.Sum256([]byte(keys))); got != known {
		t.Errorf("keys are %s, and were %s", got, known)
	}
}
