// Package stand runs the real program for tests from the outside: it builds the
// binary once, starts it on folders and databases of its own, talks to it over
// TLS with its own authority trusted, and ends it in the way a test asks for.
//
// It knows the interfaces that other programs rely on and nothing of the
// program's packages. It is not a browser; see package browser.
package stand

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// Names of the environment variables that the tests understand.
const (
	// BinaryVariable names a program that is built already.
	BinaryVariable = "TOUCHSTONE_E2E_BINARY"
	// ArtifactsVariable names the folder for screenshots.
	ArtifactsVariable = "TOUCHSTONE_E2E_ARTIFACTS"
	// PostgresVariable holds the address of a PostgreSQL server.
	PostgresVariable = "TOUCHSTONE_TEST_POSTGRES"
)

// Root is the folder of the whole repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Artifacts is where screenshots and other traces are kept for people to look at.
func Artifacts() string {
	if dir := os.Getenv(ArtifactsVariable); dir != "" {
		return dir
	}
	return filepath.Join(os.TempDir(), "touchstone-e2e")
}

var build = sync.OnceValues(func() (string, error) {
	if ready := os.Getenv(BinaryVariable); ready != "" {
		return filepath.Abs(ready)
	}
	root := Root()
	if _, err := os.Stat(filepath.Join(root, "internal", "web", "assets", "dist", "app.css")); err != nil {
		return "", errors.New("the style sheets and scripts are not built: run make assets")
	}
	dir, err := os.MkdirTemp("", "touchstone-e2e-bin-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "touchstone")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", binary, "./cmd/touchstone")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out.String())
	}
	built = dir
	return binary, nil
})

var built string // folder to remove at the end

// Program is the path of the binary, which is built on first use.
func Program(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Clean removes what Program built; TestMain calls it.
func Clean() {
	if built != "" {
		os.RemoveAll(built)
	}
}
