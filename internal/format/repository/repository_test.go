package repository_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/repository"
)

func parse(s string) (*fact.Repository, []fact.Fault, error) {
	return repository.Parse(strings.NewReader(s), budget.Limits{})
}

// with is a document with further members.
func with(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"schema":"touchstone.repository/v1","repository":"https://example.org/app","collected_at":"2026-03-04T05:06:07Z"` + members + `}`
}

const whole = `"commit":"abc","default_branch":"main","collector":"script 1.2","reviews_required":2,"code_owners_required":true,"checks_required":false,
 "force_push_blocked":true,"deletion_blocked":true,"admins_bound":true,"signed_commits_required":false,"mfa_required":true,"secret_scanning":true,"push_protection":true,
 "private_reporting":true,"dependency_updates":true,"workflow_token_read_only":true,"actions_pinned":true,"secrets_found":0,"merged_90_days":10,"reviewed_90_days":9,
 "files":{"readme":"README.md","ci":".github/workflows/ci.yml"},"manifests":["go.mod"],"lockfiles":["go.sum"],"languages":{"Go":1234},"binaries":["tools/x.exe"],"files_listed":true`

func TestParse(t *testing.T) {
	yes, no := true, false
	number := func(n int) *int { return &n }
	want := &fact.Repository{Repository: "https://example.org/app", Commit: "abc", DefaultBranch: "main", CollectedAt: 1772600767000000, Collector: "script 1.2",
		ReviewsRequired: number(2), CodeOwnersRequired: &yes, ChecksRequired: &no, ForcePushBlocked: &yes, DeletionBlocked: &yes, AdminsBound: &yes, SignedCommits: &no,
		MFARequired: &yes, SecretScanning: &yes, PushProtection: &yes, PrivateReporting: &yes, DependencyUpdates: &yes, WorkflowTokenRead: &yes, ActionsPinned: &yes,
		SecretsInRepository: number(0), Merged: number(10), Reviewed: number(9), Files: map[fact.FileRole]string{fact.FileReadme: "README.md", fact.FileCI: ".github/workflows/ci.yml"},
		Manifests: []string{"go.mod"}, Lockfiles: []string{"go.sum"}, Languages: map[string]int64{"Go": 1234}, Binaries: []string{"tools/x.exe"}, FilesListed: true}
	got, faults, err := parse(with(whole))
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestWhatIsNotSaidIsNotFalse(t *testing.T) {
	want := &fact.Repository{Repository: "https://example.org/app", CollectedAt: 1772600767000000}
	for _, members := range []string{"", `"mfa_required":null,"reviews_required":null,"files":null,"manifests":null,"languages":null,"files_listed":null,"commit":null`} {
		got, faults, err := parse(with(members))
		if err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}

func TestWhatDoesNotBelongIsAFaultAndSaysNothing(t *testing.T) {
	want := &fact.Repository{Repository: "https://example.org/app", CollectedAt: 1772600767000000}
	for _, c := range []struct{ name, members, fault string }{
		{"a misspelt setting", `"mfa_require":true`, "/mfa_require unknown"},
		{"a name that needs escaping", `"a/b~c":1`, "/a~1b~0c unknown"},
		{"a text for a setting", `"mfa_required":"true"`, "/mfa_required type"},
		{"a number for a setting", `"mfa_required":1`, "/mfa_required type"},
		{"a text for a number", `"reviews_required":"2"`, "/reviews_required type"},
		{"a negative number", `"reviews_required":-1`, "/reviews_required type"},
		{"half a number", `"reviews_required":1.5`, "/reviews_required type"},
		{"a number for a text", `"commit":7`, "/commit type"},
		{"a list for the files", `"files":[]`, "/files type"},
		{"an unknown role", `"files":{"licens":"LICENSE"}`, "/files/licens role"},
		{"a path out of the tree", `"files":{"licence":"../LICENSE"}`, "/files/licence path"},
		{"a path from the root", `"manifests":["/go.mod"]`, "/manifests/0 path"},
		{"a path of Windows", `"manifests":["a\\go.mod"]`, "/manifests/0 path"},
		{"a path with detours", `"manifests":["a/../go.mod"]`, "/manifests/0 path"},
		{"a text for a list", `"lockfiles":"go.sum"`, "/lockfiles type"},
		{"a text for bytes", `"languages":{"Go":"all"}`, "/languages/Go type"},
		{"more reviewed than merged", `"merged_90_days":3,"reviewed_90_days":4`, "/reviewed_90_days reviewed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(with(c.members))
			if err != nil {
				t.Fatal(err)
			}
			if len(faults) != 1 || faults[0].Pointer+" "+faults[0].Rule != c.fault {
				t.Errorf("faults %+v, want %s", faults, c.fault)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
		says       string
	}{
		{"another version", `{"schema":"touchstone.repository/v2"}`, fault.Unsupported, `"touchstone.repository/v2"`},
		{"no schema", `{}`, fault.Unsupported, "no \"schema\""},
		{"a list", `[]`, fault.Unsupported, "no \"schema\""},
		{"no repository", `{"schema":"touchstone.repository/v1","collected_at":"2026-03-04T05:06:07Z"}`, fault.Invalid, "/repository"},
		{"no day", `{"schema":"touchstone.repository/v1","repository":"x"}`, fault.Invalid, "/collected_at"},
		{"a day that is none", `{"schema":"touchstone.repository/v1","repository":"x","collected_at":"today"}`, fault.Invalid, "/collected_at"},
		{"nothing", ``, fault.Invalid, "ends too early"},
		{"a member twice", with(`"mfa_required":false,"mfa_required":true`), fault.Invalid, "same member twice"},
		{"data behind the end", with("") + "{}", fault.Invalid, "data after the end"},
		{"NUL", "{\"schema\":\"\x00\"}", fault.Invalid, "not JSON"},
		{"text that is not UTF-8", "{\"schema\":\"\xff\"}", fault.Invalid, "not JSON"},
		{"deep nesting", with(`"x":` + strings.Repeat("[", 100)), fault.TooLarge, "deeper"},
		{"a long text", with(`"commit":"` + strings.Repeat("a", 2000) + `"`), fault.TooLarge, "/commit is longer than 1000 bytes"},
		{"a million files", with(`"binaries":[` + strings.Repeat(`"a",`, 1_000_000) + `"a"]`), fault.TooLarge, "more than 20000"},
		{"a huge document", with(`"x":[` + strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 17_000) + `1]`), fault.TooLarge, "longer than 16 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parse(c.text)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestVeryManyFaultsAreNotAllListed(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `,"x%d":1`, i)
	}
	_, faults, err := parse(with(b.String()[1:]))
	if err != nil || len(faults) != 1001 || faults[1000].Rule != "more-faults" {
		t.Errorf("%d faults, %v", len(faults), err)
	}
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	text := with(whole)
	for n := range len(text) {
		if _, _, err := parse(text[:n]); err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(text))
		}
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		head string
		want bool
	}{{with("")[:60], true}, {`{"schema":"touchstone.repository/v9"`, true}, {`{"schema":"touchstone.artifacts/v1"`, false}, {`{"x":{"schema":"touchstone.repository/v1"}}`, false}, {"", false}} {
		if got := repository.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%s: %v", c.head, got)
		}
	}
}

// properties are the members that the published schema describes.
func properties(t *testing.T) (*jsonschema.Schema, map[string]json.RawMessage, []string) {
	t.Helper()
	b, err := os.ReadFile("../../../docs/schemas/repository.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("repository.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("repository.json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var files struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(in.Properties["files"], &files); err != nil {
		t.Fatal(err)
	}
	return s, in.Properties, slices.Sorted(maps.Keys(files.Properties))
}

func TestThePublishedSchemaAndTheReaderAgree(t *testing.T) {
	schema, members, _ := properties(t)
	for _, c := range []struct {
		members string
		valid   bool
	}{
		{"", true}, {whole, true}, {`"mfa_required":null`, true}, {`"mfa_required":"true"`, false}, {`"mfa_require":true`, false}, {`"reviews_required":-1`, false},
		{`"files":{"licens":"x"}`, false}, {`"manifests":["/x"]`, false}, {`"manifests":["x/"]`, false}, {`"languages":{"Go":-1}`, false}, {`"files":{"ci":null}`, true},
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(with(c.members)))
		if err != nil {
			t.Fatal(err)
		}
		_, faults, err := parse(with(c.members))
		if valid := schema.Validate(doc) == nil; valid != c.valid || (err == nil && len(faults) == 0) != c.valid {
			t.Errorf("%s: the schema says %v, the reader %v %v, want %v", c.members, valid, faults, err, c.valid)
		}
	}
	var all map[string]any
	if err := json.Unmarshal([]byte(with(whole)), &all); err != nil {
		t.Fatal(err)
	}
	for name := range members {
		if _, there := all[name]; !there {
			t.Errorf("the schema describes %s, which no test reads", name)
		}
	}
}

// TestEveryRoleOfAFileIsKnown compares the roles in the domain with those that are
// read, and with the schema.
func TestEveryRoleOfAFileIsKnown(t *testing.T) {
	_, _, described := properties(t)
	f, err := parser.ParseFile(token.NewFileSet(), "../../domain/fact/fact.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var roles []string
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "FileRole" {
				s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				roles = append(roles, s)
			}
		}
		return true
	})
	slices.Sort(roles)
	if len(roles) == 0 {
		t.Fatal("no role was found")
	}
	if d := cmp.Diff(roles, described); d != "" {
		t.Errorf("the schema has other roles:\n%s", d)
	}
	for _, role := range roles {
		if _, faults, err := parse(with(`"files":{"` + role + `":"a"}`)); err != nil || len(faults) > 0 {
			t.Errorf("%s: %v, %v", role, faults, err)
		}
	}
}

// TestThePageDescribesTheFormat compares docs/formats.md with the schema, and reads
// the example in it.
func TestThePageDescribesTheFormat(t *testing.T) {
	_, members, roles := properties(t)
	b, err := os.ReadFile("../../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(b), "\n## touchstone.repository/v1\n")
	page, _, _ = strings.Cut(page, "\n## ")
	for name := range members {
		if !strings.Contains(page, "\n| `"+name+"` |") {
			t.Errorf("docs/formats.md does not describe %s", name)
		}
	}
	for _, role := range roles {
		if !strings.Contains(page, "`"+role+"`") {
			t.Errorf("docs/formats.md does not name the role %s", role)
		}
	}
	_, example, _ := strings.Cut(page, "```json\n")
	example, _, _ = strings.Cut(example, "```")
	if _, faults, err := parse(example); err != nil || len(faults) > 0 {
		t.Errorf("the example: %v, %v", faults, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{with(whole), with(`"files":{"":""},"languages":{"":1e9},"manifests":[null]`), `{"schema":null}`, with(`"reviews_required":1e400`)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		repository.Detect(b)
		got, _, err := repository.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		if got.Repository == "" || got.CollectedAt == 0 {
			t.Errorf("accepted without a source or a day: %+v", got)
		}
	})
}
