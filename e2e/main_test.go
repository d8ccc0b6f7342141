// Package e2e tests the real program from the outside: people at a real Chromium
// on both databases, programs at the API, operators on the command line. Nothing
// of the program's own packages is used.
package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/e2e/internal/browser"
	"github.com/touchstone-assurance/touchstone/e2e/internal/stand"
)

func TestMain(m *testing.M) {
	code := m.Run()
	stand.Clean()
	os.Exit(code)
}

// launch starts a browser that trusts the authority of the server.
func launch(t *testing.T, s *stand.Server) *browser.Browser {
	t.Helper()
	return browser.Launch(t, s.TrustedHome(t), filepath.Join(stand.Artifacts(), strings.ReplaceAll(t.Name(), "/", "-")))
}
