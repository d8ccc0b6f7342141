package e2e

import (
	"os"
	"testing"
)

// wanted lets the long tests of pages run when they are asked for: the crawl of
// every route takes longer than a change should wait for.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("TOUCHSTONE_E2E_PAGES") == "" {
		t.Skip("set TOUCHSTONE_E2E_PAGES=1 to crawl every page")
	}
}
