package storetest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// TestEveryMethodIsCalled keeps the contract whole: an exported method of Tx that
// the suite never calls is a method that may differ between the databases.
func TestEveryMethodIsCalled(t *testing.T) {
	called := map[string]bool{}
	eachFile(t, ".", "_test.go", func(f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "tx" {
					called[sel.Sel.Name] = true
				}
			}
			return true
		})
	})
	methods := 0
	eachFile(t, "..", ".go", func(f *ast.File) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			if recv, ok := star.X.(*ast.Ident); !ok || recv.Name != "Tx" {
				continue
			}
			methods++
			if !called[fn.Name.Name] {
				t.Errorf("no test of the contract calls tx.%s.\n\tRemedy: add it to the test of its noun in internal/store/storetest.", fn.Name.Name)
			}
		}
	})
	if methods < 100 {
		t.Errorf("only %d methods were found: the test does not see the store", methods)
	}
}

func eachFile(t *testing.T, dir, suffix string, fn func(*ast.File)) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, suffix) || suffix == ".go" && strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), dir+"/"+name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		fn(f)
	}
}
