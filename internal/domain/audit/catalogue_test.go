package audit_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

var update = flag.Bool("update", false, "write docs/logging.md from the catalogue")

func TestTheEventsPageSaysWhatTheCodeKnows(t *testing.T) {
	page := filepath.Join("..", "..", "..", "docs", "logging.md")
	want := audit.Markdown()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Fatalf("docs/logging.md differs from the catalogue (run with -update and read the difference):\n%s", diff)
	}
}

var (
	actionForm = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
	wordForm   = regexp.MustCompile(`^[a-z_]+$`)
)

func TestEveryEventOfTheCatalogueIsWhole(t *testing.T) {
	seen := map[audit.Action]bool{}
	for _, ev := range audit.Catalogue() {
		if seen[ev.Action] {
			t.Errorf("%s stands there twice", ev.Action)
		}
		seen[ev.Action] = true
		if !actionForm.MatchString(string(ev.Action)) || !wordForm.MatchString(ev.Target) {
			t.Errorf("%s about %q: not lower-case words", ev.Action, ev.Target)
		}
		if !slices.Contains(audit.Categories(), ev.Category) {
			t.Errorf("%s: unknown category %q", ev.Action, ev.Category)
		}
		if !strings.HasSuffix(ev.Description, ".") || strings.ContainsAny(ev.Description, "|\n") {
			t.Errorf("%s: %q is not a sentence for a table", ev.Action, ev.Description)
		}
		for i, f := range ev.Fields {
			if !wordForm.MatchString(f) || slices.Contains(ev.Fields[:i], f) || slices.Contains(audit.CommonFields(), f) {
				t.Errorf("%s: field %q is malformed or repeated", ev.Action, f)
			}
			if !ev.Allows(f) {
				t.Errorf("%s does not allow its own field %q", ev.Action, f)
			}
		}
		for _, f := range audit.CommonFields() {
			if !ev.Allows(f) {
				t.Errorf("%s does not allow %q", ev.Action, f)
			}
		}
		if ev.Allows("passphrase") || !ev.Action.Valid() {
			t.Errorf("%s: allows a passphrase or is not valid", ev.Action)
		}
		if got, ok := audit.Lookup(ev.Action); !ok || got.Description != ev.Description {
			t.Errorf("%s is not looked up", ev.Action)
		}
	}
	if audit.Action("system.painted").Valid() {
		t.Error("an action outside the catalogue is valid")
	}
}

func TestEveryConstantHasItsLineInTheCatalogue(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "actions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		if lit, ok := node.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			n++
			action, _ := strconv.Unquote(lit.Value)
			if !audit.Action(action).Valid() {
				t.Errorf("%s has no line", action)
			}
		}
		return true
	})
	if n != len(audit.Catalogue()) {
		t.Errorf("%d constants, %d lines", n, len(audit.Catalogue()))
	}
}

func TestOnlyErasuresOnRecordMayNameErasedValues(t *testing.T) {
	var got []audit.Action
	for _, ev := range audit.Catalogue() {
		if ev.Allows(audit.ErasedField) {
			got = append(got, ev.Action)
		}
	}
	if want := []audit.Action{audit.LogValuesErased, audit.PurgeDone}; !slices.Equal(got, want) {
		t.Fatalf("got %v", got)
	}
}
