// Command touchstone is the whole product: server, command line and verifier in
// one binary. What it does stands in internal/boot and internal/cli.
package main

import (
	"os"

	"github.com/touchstone-assurance/touchstone/internal/boot"
)

// version is set when a release is linked.
var version string

func main() {
	os.Exit(boot.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr, version))
}
