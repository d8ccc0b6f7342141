package lockfiles_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/lockfiles"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestLockFilesPresent(t *testing.T) {
	checktest.Run(t, lockfiles.Evaluate, []checktest.Case{
		checktest.It("beside it", checktest.Repositories(with("package.json", "package-lock.json")), checktest.Pass, "1 manifest in"),
		checktest.It("in a folder above, as in a workspace", checktest.Repositories(with("crates/a/Cargo.toml", "Cargo.lock")), checktest.Pass, ""),
		checktest.It("in a folder beside", checktest.Repositories(with("a/package.json", "b/package-lock.json")), checktest.Fail, "a/package.json"),
		checktest.It("of another package manager", checktest.Repositories(with("package.json", "go.sum")), checktest.Fail, "package.json in the repository has no lock file"),
		checktest.It("none", checktest.Repositories(with("go.mod", "")), checktest.Fail, "go.mod"),
		checktest.It("a manifest that needs none", checktest.Repositories(with("pom.xml", "")), checktest.Cannot, ""),
		checktest.It("no manifest", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}

func with(manifest, lock string) fact.Repository {
	r := fact.Repository{Manifests: []string{manifest}}
	if lock != "" {
		r.Lockfiles = []string{lock}
	}
	return r
}
