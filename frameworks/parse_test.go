package frameworks

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

func template(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/parse/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheTemplateIsAFrameworkWithoutProblems(t *testing.T) {
	f, problems, err := Parse("template.yaml", []byte(template(t)))
	if err != nil || len(problems) > 0 {
		t.Fatalf("problems %v, error %v", problems, err)
	}
	if f.Key() != "example@1" || len(f.Requirements()) != 1 {
		t.Errorf("read %s with %d requirements", f.Key(), len(f.Requirements()))
	}
}

func TestAVersionStaysAsItIsWritten(t *testing.T) {
	f, _, err := Parse("x", []byte(strings.Replace(template(t), `version: "1"`, "version: 4.0", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Version != "4.0" {
		t.Errorf("version %q, want 4.0", f.Version)
	}
}

func TestAFileThatBreaksARuleIsRefusedWithTheLine(t *testing.T) {
	tests := map[string]struct {
		old, new string
		line     int
		says     string
	}{
		"an unknown key":                   {"status: draft", "colour: blue", 8, `"colour" is not known`},
		"a key given twice":                {"status: draft", "status: draft\nstatus: draft", 9, "twice"},
		"an anchor":                        {"status: draft", "status: &a draft", 8, "anchors"},
		"an alias":                         {"status: draft", "status: &a draft\nlang: *a", 8, "anchors"},
		"a tag":                            {"status: draft", "status: !!binary ZHJhZnQ=", 8, "tag"},
		"a merge key":                      {"status: draft", "<<: {status: draft}", 8, `"<<"`},
		"a second document":                {"id: example", "---\nid: x\n---\nid: example", 5, "more than one document"},
		"a list for a value":               {"status: draft", "status: [draft]", 8, "single value"},
		"a value for a list":               {"subjects: [system]", "subjects: system", 20, "not a list"},
		"a word for a number":              {"months: 3", "months: three", 22, "whole number"},
		"a key without a value":            {"status: draft", "status:", 8, "no value"},
		"broken YAML":                      {"status: draft", "status: [draft", 7, "did not find"},
		"a word outside its list":          {"status: draft", "status: final", 8, `"final"`},
		"a question without its mark":      {"of the system?", "of the system.", 42, "question mark"},
		"a role that nobody defined":       {"roles: [team_lead]", "roles: [boss]", 47, `"boss"`},
		"a missing text, at what holds it": {"\n        clause: Chapter 2, paragraph 4", "", 40, "missing"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			src := strings.Replace(template(t), tc.old, tc.new, 1)
			if src == template(t) {
				t.Fatalf("the template has no %q", tc.old)
			}
			f, problems, err := Parse("x.yaml", []byte(src))
			if f != nil || !fault.Is(err, fault.Invalid) {
				t.Fatalf("framework %v, error %v", f, err)
			}
			p := framework.Errors(problems)[0]
			if !strings.Contains(p.What, tc.says) || p.Line != tc.line {
				t.Errorf("line %d: %s; want line %d: %s", p.Line, p, tc.line, tc.says)
			}
		})
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	src := strings.NewReplacer("status: draft", "status: x", "alignment: own", "alignment: x", "lang: en-GB", "lang: ''").Replace(template(t))
	_, problems, _ := Parse("x", []byte(src))
	if len(problems) != 3 {
		t.Errorf("problems %v, want 3", problems)
	}
}

func TestAFileOverTheLimitIsNotRead(t *testing.T) {
	_, _, err := Parse("x", bytes.Repeat([]byte("#"), SizeLimit+1))
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("error %v", err)
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	deep := "groups: " + strings.Repeat("[{groups: ", 60) + strings.Repeat("}]", 60)
	_, problems, err := Parse("x", []byte(deep))
	if err == nil || !strings.Contains(problems[0].What, "nested") {
		t.Errorf("problems %v, error %v", problems, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(template(f)))
	f.Add([]byte("a: &a [*a, *a]"))
	f.Add([]byte("---\n---\n"))
	f.Add([]byte("? [a]\n: b"))
	f.Add([]byte("#"))
	f.Add([]byte("groups: [{groups: [{requirements: [{}]}]}]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, problems, err := Parse("fuzz", b)
		if (got == nil) != (err != nil) {
			t.Fatalf("framework %v with error %v", got, err)
		}
		if bad := framework.Errors(problems); len(bad) > 0 && err == nil {
			t.Fatalf("accepted with errors %v", bad)
		}
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("an error nobody may read: %v", err)
		}
	})
}
