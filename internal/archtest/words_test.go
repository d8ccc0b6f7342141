package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// word is something that may not stand in the code outside some places.
type word struct {
	pkg    string   // import path
	names  []string // of that package
	where  []string // roots where it may stand; package main of a tool always may
	rule   string
	remedy string
}

var words = []word{
	{"time", []string{"Now", "Since", "Until"}, []string{"internal/boot", "internal/pgtest"},
		"the clock is read in boot alone", "take the time, or a func() time.Time, as an argument; a span is now().Sub(start)."},
	{"net/http", []string{"Get", "Post", "PostForm", "Head", "DefaultClient", "DefaultTransport"}, nil,
		"nothing uses the default HTTP client", "use internal/outbound: it checks every address before it connects."},
	{"net/http", []string{"Client"}, []string{"internal/outbound", "internal/cli"},
		"HTTP clients are made in outbound and in the command line's API client", "use internal/outbound."},
	{"html/template", []string{"HTML", "HTMLAttr", "JS", "JSStr", "CSS", "URL", "Srcset"}, []string{"internal/web/govuk"},
		"text becomes trusted HTML only in the components", "pass the plain text to a component or a template and let it be escaped."},
	{"log", []string{"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf"}, nil,
		"there is one logger", "take a *slog.Logger as an argument."},
	{"os", []string{"Exit"}, nil,
		"only main ends the program", "return an error or an exit code."},
}

// unaudited lists who may call store.WriteUnaudited, with what it writes. Every
// line is a change that the log does not show: add one only for what is no part
// of the record.
var unaudited = map[string]string{
	"internal/app.SaveDraft":        "text that its author has not yet said",
	"internal/app.attachCheckpoint": "a signature over the log, which cannot stand in the log it signs",
	"internal/app.SignCheckpoint":   "a signature over the log, which cannot stand in the log it signs",
	"internal/app.keepCeremony":     "the server's half of a passkey exchange, for minutes",
	"internal/app.takeCeremony":     "the server's half of a passkey exchange, for minutes",
	"internal/app.keepAdvisories":   "advisories of a feed, which come from outside; the digest of the feed is on record",
	"internal/app.keepJob":          "which jobs wait, run and are done; what they do is on record by itself",
	"internal/app.keepGuess":        "how often somebody tried to sign in, under a digest of the name",
	"internal/app.touchSession":     "when a session was last seen",
	"internal/app.touchToken":       "when a token was last used",
}

type source struct {
	path  string // of the package below the module
	file  string
	main  bool
	ast   *ast.File
	lines *token.FileSet
}

func TestForbiddenWords(t *testing.T) {
	callers := map[string]bool{}
	for _, p := range packages(t) {
		if !ours(p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s := source{path: p.path(), file: name, main: p.Name == "main", ast: f, lines: fset}
			for _, problem := range s.problems(callers) {
				t.Error(problem)
			}
		}
	}
	for name := range unaudited {
		if !callers[name] {
			t.Errorf("%s is on the list of callers of WriteUnaudited and calls it no longer.\n\tRemedy: remove the line from unaudited in internal/archtest/words_test.go.", name)
		}
	}
}

// problems walks over one file. Calls of WriteUnaudited are added to callers.
func (s source) problems(callers map[string]bool) []string {
	var out []string
	say := func(n ast.Node, rule, remedy string) {
		out = append(out, fmt.Sprintf("%s/%s:%d: %s.\n\tRemedy: %s", s.path, s.file, s.lines.Position(n.Pos()).Line, rule, remedy))
	}
	imports := s.imports()
	for _, d := range s.ast.Decls {
		fn, isFunc := d.(*ast.FuncDecl)
		if isFunc && fn.Recv == nil && fn.Name.Name == "init" {
			say(fn, "there is no init function anywhere", "build the value in a constructor that boot calls.")
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if w := s.forbidden(imports, n); w != nil {
					say(n, w.rule+" ("+w.pkg+"."+n.Sel.Name+")", w.remedy)
				}
			case *ast.CallExpr:
				if s.formatsSQL(imports, n) {
					say(n, "statements are put together in builder.go alone", "use the where builder: values are parameters, names are constants.")
				}
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "WriteUnaudited" && isFunc {
					name := s.path + "." + fn.Name.Name
					callers[name] = true
					if unaudited[name] == "" {
						say(n, name+" writes without an audit entry", "use Write with a Record; or, for what is no part of the record, add it with its reason to unaudited in internal/archtest/words_test.go.")
					}
				}
			}
			return true
		})
	}
	return out
}

// imports maps the names of a file's imports to their paths.
func (s source) imports() map[string]string {
	m := map[string]string{}
	for _, i := range s.ast.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := path[strings.LastIndexByte(path, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		m[name] = path
	}
	return m
}

func (s source) forbidden(imports map[string]string, sel *ast.SelectorExpr) *word {
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return nil
	}
	for i := range words {
		w := &words[i]
		if imports[x.Name] != w.pkg || !slices.Contains(w.names, sel.Sel.Name) {
			continue
		}
		if s.main || slices.ContainsFunc(w.where, func(root string) bool { return s.path == root || strings.HasPrefix(s.path, root+"/") }) {
			return nil
		}
		return w
	}
	return nil
}

// formatsSQL reports a fmt.Sprintf in the store whose format looks like SQL, or
// that stands where a statement is expected.
func (s source) formatsSQL(imports map[string]string, call *ast.CallExpr) bool {
	if s.path != "internal/store" || s.file == "builder.go" {
		return false
	}
	if isSprint(imports, call) && len(call.Args) > 0 {
		if lit, ok := call.Args[0].(*ast.BasicLit); ok && looksLikeSQL(lit.Value) {
			return true
		}
	}
	if !takesStatement(call.Fun) {
		return false
	}
	return slices.ContainsFunc(call.Args, func(a ast.Expr) bool {
		inner, ok := a.(*ast.CallExpr)
		return ok && isSprint(imports, inner)
	})
}

func isSprint(imports map[string]string, call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && imports[x.Name] == "fmt" && strings.HasPrefix(sel.Sel.Name, "Sprint")
}

func takesStatement(fun ast.Expr) bool {
	name := ""
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	case *ast.IndexExpr:
		return takesStatement(f.X)
	}
	return slices.Contains([]string{"exec", "execArgs", "stmt", "row", "query", "one", "all",
		"Exec", "ExecContext", "Query", "QueryContext", "QueryRow", "QueryRowContext", "Prepare", "PrepareContext"}, name)
}

func looksLikeSQL(lit string) bool {
	upper := strings.ToUpper(lit)
	return slices.ContainsFunc([]string{"SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", " WHERE ", "CREATE TABLE ", "ALTER TABLE ", "DROP TABLE ", "PRAGMA "},
		func(w string) bool { return strings.Contains(upper, w) })
}

func TestAForbiddenWordIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name, path, file, code string
		wrong                  bool
	}{
		{"the clock in app", "internal/app", "a.go", `import "time"; func f() { _ = time.Now() }`, true},
		{"the clock as a value", "internal/app", "a.go", `import "time"; var clock = time.Now`, true},
		{"the clock under another name", "internal/app", "a.go", `import x "time"; func f() { _ = x.Now() }`, true},
		{"the clock in boot", "internal/boot", "a.go", `import "time"; func f() { _ = time.Now() }`, false},
		{"the clock in a comment", "internal/app", "a.go", "// time.Now\nfunc f() {}", false},
		{"somebody else's Now", "internal/app", "a.go", `func f(tx interface{ Now() int64 }) { _ = tx.Now() }`, false},
		{"the default client", "internal/cli", "a.go", `import "net/http"; func f() { http.Get("x") }`, true},
		{"a client in the command line", "internal/cli", "a.go", `import "net/http"; var _ = http.Client{}`, false},
		{"a client in app", "internal/app", "a.go", `import "net/http"; var _ = &http.Client{}`, true},
		{"trusted HTML in a page", "internal/web", "a.go", `import "html/template"; var _ = template.HTML("x")`, true},
		{"trusted HTML in a component", "internal/web/govuk", "a.go", `import "html/template"; var _ = template.HTML("x")`, false},
		{"init", "internal/app", "a.go", `func init() {}`, true},
		{"a method called init", "internal/app", "a.go", `type t struct{}; func (t) init() {}`, false},
		{"a formatted statement", "internal/store", "a.go", `import "fmt"; func f(name string) { q := fmt.Sprintf("SELECT * FROM %s", name); _ = q }`, true},
		{"a formatted fragment in a query", "internal/store", "a.go", `import "fmt"; func f(tx interface{ exec(string) }, v int) { tx.exec(fmt.Sprint("x", v)) }`, true},
		{"a formatted message", "internal/store", "a.go", `import "fmt"; func f(i int) string { return fmt.Sprintf("entry %d", i) }`, false},
		{"the builder", "internal/store", "builder.go", `import "fmt"; func f(name string) { _ = fmt.Sprintf("SELECT %s", name) }`, false},
		{"a write without an entry", "internal/app", "a.go", `func f(db interface{ WriteUnaudited() }) { db.WriteUnaudited() }`, true},
		{"the program ended from below", "internal/web", "a.go", `import "os"; func f() { os.Exit(1) }`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, c.file, "package p\n"+c.code, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s := source{path: c.path, file: c.file, ast: f, lines: fset}
			if got := s.problems(map[string]bool{}); (len(got) > 0) != c.wrong {
				t.Errorf("%q", got)
			}
		})
	}
}
