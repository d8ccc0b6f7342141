package main

import (
	"strings"
	"testing"
)

const good = `{"Action":"run","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX"}
{"Action":"run","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/sqlite"}
{"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/sqlite"}
{"Action":"run","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/postgres"}
{"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/postgres"}
{"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX"}
{"Action":"output","Package":"github.com/touchstone-assurance/touchstone/internal/a","Output":"ok  \tinternal/a\t0.1s\n"}
{"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a"}
`

func TestTheVerdictFollowsTheEvents(t *testing.T) {
	allow := parseSkips("# comment\ninternal/a TestSlow* needs a machine\n* TestFar* needs a folder\n")
	for _, c := range []struct {
		name, input  string
		loose        bool // verdict without strictness
		strict       bool
		mustBeInText string
	}{
		{"all passed", good, true, true, "ok: 2 passed, 0 failed, 0 skipped"},
		{"nothing ran", "", false, false, "no package was tested"},
		{"the go command complains", "go: no such tool\n", false, false, "no such tool"},
		{"a package does not build", good + `{"ImportPath":"p","Action":"build-output","Output":"p.go:1: bad\n"}
{"ImportPath":"p","Action":"build-fail"}`, false, false, "p.go:1: bad"},
		{"a test failed", good + `{"Action":"output","Package":"p","Test":"TestY","Output":"want 1\n"}
{"Action":"fail","Package":"p","Test":"TestY"}
{"Action":"fail","Package":"p"}`, false, false, "want 1"},
		{"a package died outside a test", good + `{"Action":"fail","Package":"p"}`, false, false, "FAIL p"},
		{"a skip that is not on the list", good + `{"Action":"output","Package":"p","Test":"TestZ","Output":"    z_test.go:3: no tool\n"}
{"Action":"skip","Package":"p","Test":"TestZ"}`, true, false, "no tool"},
		{"a skip that is on the list", good + `{"Action":"skip","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestSlowly"}`, true, true, "1 skipped"},
		{"a skip that may be in any package", good + `{"Action":"skip","Package":"p","Test":"TestFarAway"}`, true, true, "1 skipped"},
		{"one database was left out for one test", strings.ReplaceAll(good, `"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/sqlite"`,
			`"Action":"run","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/sqlite/more"`) +
			`{"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/sqlite/more"}
{"Action":"pass","Package":"github.com/touchstone-assurance/touchstone/internal/a","Test":"TestX/sqlite/again"}`, true, false, "2 tests ran on SQLite and 1 on PostgreSQL"},
		{"PostgreSQL was not there", strings.ReplaceAll(good, "TestX/postgres", "TestX/other"), true, false, "one database only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, strict := range []bool{false, true} {
				r := newReport(allow)
				var out strings.Builder
				if err := r.read(strings.NewReader(c.input), &out); err != nil {
					t.Fatal(err)
				}
				want := c.loose
				if strict {
					want = c.strict
				}
				if got := r.write(&out, "t", strict); got != want {
					t.Errorf("strict %v: verdict %v, want %v\n%s", strict, got, want, out.String())
				}
				if strict && !strings.Contains(out.String(), c.mustBeInText) {
					t.Errorf("the report does not say %q:\n%s", c.mustBeInText, out.String())
				}
			}
		})
	}
}
