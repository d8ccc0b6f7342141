package boot

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"touchstone": func() { os.Exit(Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr, "v0.0.0-test")) },
	})
}

// TestScripts runs the transcripts of testdata/script: what a person types and
// what the program answers, exit code and streams included.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: *update})
}
