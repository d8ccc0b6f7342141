package artifacts_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/artifacts"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

func parse(s string) (*fact.Artifacts, []fact.Fault, error) {
	return artifacts.Parse(strings.NewReader(s), budget.Limits{})
}

var a, b = strings.Repeat("a1", 32), strings.Repeat("b2", 32)

// files is a document of our format.
func files(entries string) string {
	return `{"schema":"touchstone.artifacts/v1","files":[` + entries + `]}`
}

func entry(name, digest string) string {
	return fmt.Sprintf(`{"name":%q,"sha256":%q}`, name, digest)
}

func TestParse(t *testing.T) {
	two := []fact.Artifact{{Name: "app.tar.gz", SHA256: a}, {Name: "app two.zip", SHA256: b}}
	for _, c := range []struct {
		name, text string
		want       []fact.Artifact
	}{
		{"our format", files(entry("app.tar.gz", a) + "," + entry("app two.zip", strings.ToUpper(b))), two},
		{"with a size", files(`{"name":"x","sha256":"` + a + `","size":12},{"sha256":"` + b + `","size":null,"name":"y"}`), []fact.Artifact{{Name: "x", SHA256: a, Size: 12}, {Name: "y", SHA256: b}}},
		{"sha256sum", a + "  app.tar.gz\n" + b + " *app two.zip\n", two},
		{"sha256sum of Windows", "\xef\xbb\xbf" + a + "  app.tar.gz\r\n\r\n" + strings.ToUpper(b) + "  app two.zip", two},
		{"sha256sum --tag", "SHA256 (app.tar.gz) = " + a + "\nSHA256 (app two.zip) = " + b + "\n", two},
		{"a name with a backslash", `\` + a + `  a\\n` + "\n", []fact.Artifact{{Name: `a\n`, SHA256: a}}},
		{"a name that looks like a listing", a + "  " + b + "  x", []fact.Artifact{{Name: b + "  x", SHA256: a}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(c.text)
			if err != nil || len(faults) > 0 {
				t.Fatal(faults, err)
			}
			if d := cmp.Diff(c.want, got.Files); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct{ name, text, fault string }{
		{"an unknown member", strings.Replace(files(entry("x", a)), `"files"`, `"sighned":true,"files"`, 1), "/sighned 0 unknown"},
		{"an unknown member of a file", files(`{"name":"x","sha256":"` + a + `","sha512":"s"}`), "/files/0/sha512 0 unknown"},
		{"a file twice", files(entry("x", a) + "," + entry("x", a)), "/files/1 0 twice"},
		{"a line twice", a + "  x\n" + a + "  x\n", " 2 twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(c.text)
			if err != nil || len(got.Files) != 1 || len(faults) != 1 {
				t.Fatal(got, faults, err)
			}
			if f := faults[0]; fmt.Sprintf("%s %d %s", f.Pointer, f.Line, f.Rule) != c.fault {
				t.Errorf("got %+v, want %s", f, c.fault)
			}
		})
	}
}

func TestAnEntryThatCannotBeReadRefusesTheList(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
		says       string
	}{
		{"no digest", files(entry("x", a) + `,{"name":"y"}`), fault.Invalid, "/files/1/sha256"},
		{"a short digest", files(entry("x", a[:40])), fault.Invalid, "/files/0/sha256"},
		{"a digest that is no text", files(`{"name":"x","sha256":7}`), fault.Invalid, "/files/0/sha256"},
		{"no name", files(entry("", a)), fault.Invalid, "/files/0/name"},
		{"a name with a line feed", files(entry("a\nb", a)), fault.Invalid, "/files/0/name"},
		{"a long name", files(entry(strings.Repeat("x", 1001), a)), fault.Invalid, "/files/0/name"},
		{"a negative size", files(`{"name":"x","sha256":"` + a + `","size":-1}`), fault.Invalid, "/files/0/size"},
		{"a size that is a text", files(`{"name":"x","sha256":"` + a + `","size":"1"}`), fault.Invalid, "/files/0/size"},
		{"an entry that is a text", files(`"x"`), fault.Invalid, "/files/0"},
		{"two digests of one name", files(entry("x", a) + "," + entry("x", b)), fault.Invalid, "different digests"},
		{"a line that is none", a + "  x\nnot a line\n", fault.Invalid, "line 2"},
		{"SHA-512", a + "  x\n" + a + a + "  y\n", fault.Invalid, "line 2"},
		{"a listing with an unreadable name", a + "  x\xff\n", fault.Invalid, "line 1"},
		{"no file", files(""), fault.Invalid, "names no file"},
		{"nothing", "", fault.Invalid, "names no file"},
		{"blank lines", "\n\n", fault.Invalid, "names no file"},
		{"no list", `{"schema":"touchstone.artifacts/v1"}`, fault.Invalid, "/files"},
		{"another version", `{"schema":"touchstone.artifacts/v2","files":[]}`, fault.Unsupported, "touchstone.artifacts/v2"},
		{"no schema", `{"files":[]}`, fault.Unsupported, "no \"schema\""},
		{"a list", `[]`, fault.Unsupported, "no \"schema\""},
		{"a member twice", `{"files":[],"files":[]}`, fault.Invalid, "same member twice"},
		{"data behind the end", files(entry("x", a)) + "{}", fault.Invalid, "data after the end"},
		{"NUL", files(`"` + "\x00" + `"`), fault.Invalid, "not JSON"},
		{"text that is not UTF-8", files(`"` + "\xff" + `"`), fault.Invalid, "not JSON"},
		{"deep nesting", files(strings.Repeat("[", 100)), fault.TooLarge, "deeper"},
		{"a long line", strings.Repeat("x", 100_000), fault.TooLarge, "longer than 8000 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parse(c.text)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestVeryManyFiles(t *testing.T) {
	var list, lines strings.Builder
	for i := range 110_000 {
		fmt.Fprintf(&list, "%s,", entry(fmt.Sprint("f", i), a))
		fmt.Fprintf(&lines, "%s  f%d\n", a, i)
	}
	for name, text := range map[string]string{"our format": files(list.String() + entry("x", a)), "a listing": lines.String()} {
		if _, _, err := parse(text); !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), "100000") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err := parse(strings.Repeat("not a line\n", 1_000_000))
	if _, problems := fault.Public(err); len(problems) != 100 {
		t.Errorf("%d problems", len(problems))
	}
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	text := files(entry("x", a) + "," + entry("y", b))
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
	}{
		{files("")[:40], true}, {`{"schema":"touchstone.artifacts/v3"`, true}, {a + "  x\n" + a[:10], true}, {a + " *x\r\n", true}, {"\nSHA256 (x) = " + a, true},
		{a[:40] + "  x\n", false}, {a + a + "  x\n", false}, {`{"schema":"touchstone.repository/v1"`, false}, {a, false}, {"", false},
	} {
		if got := artifacts.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%s: %v", c.head, got)
		}
	}
}

func TestThePublishedSchemaAndTheReaderAgree(t *testing.T) {
	raw, err := os.ReadFile("../../../docs/schemas/artifacts.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("artifacts.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("artifacts.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		valid bool
	}{
		{files(entry("x", a)), true}, {files(entry("x", strings.ToUpper(a))), true}, {files(`{"name":"x","sha256":"` + a + `","size":1}`), true}, {files(`{"name":"x","sha256":"` + a + `","size":null}`), true},
		{files(""), false}, {files(entry("", a)), false}, {files(entry("x", "1")), false}, {files(`{"name":"x","sha256":"` + a + `","x":1}`), false},
		{files(`{"name":"x","sha256":"` + a + `","size":-1}`), false}, {`{"schema":"touchstone.artifacts/v2","files":[]}`, false},
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		_, faults, err := parse(c.text)
		if valid := schema.Validate(doc) == nil; valid != c.valid || (err == nil && len(faults) == 0) != c.valid {
			t.Errorf("%s: the schema says %v, the reader %v %v, want %v", c.text, valid, faults, err, c.valid)
		}
	}
}

func TestTheExamplesOfThePageAreRead(t *testing.T) {
	b, err := os.ReadFile("../../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, found := strings.Cut(string(b), "\n## touchstone.artifacts/v1\n")
	parts := strings.Split(page, "```")
	if !found || len(parts) != 5 {
		t.Fatalf("docs/formats.md has %d parts, want two examples", len(parts))
	}
	for _, example := range []string{strings.TrimPrefix(parts[1], "json"), parts[3]} {
		if got, faults, err := parse(example); err != nil || len(faults) > 0 || len(got.Files) == 0 {
			t.Errorf("%s: %v, %v", example, faults, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{files(entry("x", a)), a + "  x\n" + b + " *y", "SHA256 (x) = " + a, `\` + a + `  a\\b`, files(`{"size":1e9,"name":null}`), " \n{"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		artifacts.Detect(in)
		got, _, err := artifacts.Parse(bytes.NewReader(in), budget.Limits{Bytes: 1 << 16})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		for _, file := range got.Files {
			if file.Name == "" || len(file.SHA256) != 64 || file.SHA256 != strings.ToLower(file.SHA256) {
				t.Errorf("%+v", file)
			}
		}
	})
}
