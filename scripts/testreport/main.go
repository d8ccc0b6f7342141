// Command testreport reads the output of go test -json and writes a short report:
// a line for each package, the output of what failed, what was skipped, and the
// numbers. It ends with 1 when anything failed.
//
// With TESTREPORT_STRICT set, a test that was skipped and does not stand in
// scripts/testreport/skips.txt is a failure, and so is a package in which fewer
// tests ran on one database than on the other. With the value all, every skipped
// test is a failure.
package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
)

//go:embed skips.txt
var skips string

func main() {
	title := strings.Join(os.Args[1:], " ")
	strict := os.Getenv("TESTREPORT_STRICT")
	if strict == "all" {
		skips = ""
	}
	r := newReport(parseSkips(skips))
	if err := r.read(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.write(os.Stdout, title, strict != "") {
		os.Exit(1)
	}
}
