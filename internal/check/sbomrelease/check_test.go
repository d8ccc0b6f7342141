package sbomrelease_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomrelease"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMOfRelease(t *testing.T) {
	facts := func(release, subject string) check.Facts {
		f := checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Subject = subject }))
		f.Release = release
		return f
	}
	checktest.Run(t, sbomrelease.Evaluate, []checktest.Case{
		checktest.It("the same version", facts("1.2.0", "shop 1.2.0"), checktest.Pass, "version 1.2.0"),
		checktest.It("the same with a v", facts("v1.2.0", "shop 1.2.0"), checktest.Pass, "version 1.2.0"),
		checktest.It("a name before it", facts("shop-1.2.0", "shop v1.2.0"), checktest.Pass, ""),
		checktest.It("a release candidate", facts("1.2.0-rc.1", "shop 1.2.0-rc.1"), checktest.Pass, "1.2.0-rc.1"),
		checktest.It("an older version", facts("1.2.0", "shop 1.1.0"), checktest.Fail, "describes version 1.1.0, and this release is 1.2.0"),
		checktest.It("a version that is longer", facts("1.2", "shop 1.2.0"), checktest.Fail, ""),
		checktest.It("no version", facts("1.2.0", "shop"), checktest.Cannot, "does not name a version"),
		checktest.It("a digest", facts("1.2.0", "shop sha256:0123"), checktest.Cannot, "does not name a version"),
		checktest.It("a release with a word for a name", facts("spring", "shop 1.1.0"), checktest.Cannot, "has no version in it"),
	})
}
