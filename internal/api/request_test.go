package api

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestIfMatchIsReadStrictly(t *testing.T) {
	for _, c := range []struct {
		header string
		want   int64
		kind   fault.Kind
	}{
		{"", 0, ""}, {`"0"`, 0, ""}, {`"3"`, 3, ""}, {"3", 3, ""}, {`"9223372036854775807"`, 9223372036854775807, ""},
		{`W/"3"`, 0, fault.Stale}, {"*", 0, fault.Invalid}, {`"3", "4"`, 0, fault.Invalid}, {`"03"`, 0, fault.Invalid}, {`"+3"`, 0, fault.Invalid},
		{`"-3"`, 0, fault.Invalid}, {`"`, 0, fault.Invalid}, {`""`, 0, fault.Invalid}, {`"3`, 0, fault.Invalid}, {"9223372036854775808", 0, fault.Invalid}, {" 3", 0, fault.Invalid},
	} {
		got, err := version(c.header)
		if got != c.want || fault.KindOf(err) != c.kind {
			t.Errorf("%q: %d, %v", c.header, got, err)
		}
	}
}

func FuzzIfMatch(f *testing.F) {
	for _, s := range []string{"", `"1"`, "*", `W/"1"`, `"1","2"`, "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		n, err := version(header)
		if kind := fault.KindOf(err); err != nil && kind != fault.Invalid && kind != fault.Stale {
			t.Fatalf("%q: %v", header, err)
		}
		if err == nil && header != "" && header != itoa(n) && header != etag(n) {
			t.Fatalf("%q was read as %d", header, n)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,"\u0000"]}`, `{"a":1,"a":2}`, `[[[[]]]]`, `{"a":`, "\xff", `{} {}`, `{"A":{"b":"é"}}`, strings.Repeat("[", 100)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := checkJSON(body)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatalf("%q was let through: %v", body, err)
		}
		if deep(v) > maxDepth {
			t.Fatalf("%d levels were let through", deep(v))
		}
	})
}

func deep(v any) int {
	most := 0
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			most = max(most, deep(x))
		}
	case []any:
		for _, x := range v {
			most = max(most, deep(x))
		}
	default:
		return 0
	}
	return most + 1
}

func FuzzCursor(f *testing.F) {
	f.Add("YQ", 1)
	f.Add("", 2)
	f.Add("!!", 0)
	all := []string{"a", "b", "c"}
	f.Fuzz(func(t *testing.T, after string, limit int) {
		if limit < 0 || limit > 500 {
			return // refused before
		}
		same := func(s string) string { return s }
		got, err := pageOf(all, Paging{After: after, Limit: limit}, 2, same, same)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", after, err)
			}
			return
		}
		if got.Body.Total != 3 || len(got.Body.Items) > max(limit, 2) {
			t.Fatalf("%q: %+v", after, got.Body)
		}
	})
}

func TestAFormSaysTheSameAsJSON(t *testing.T) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, field := range [][2]string{{"title", "Plan"}, {"held.reference", "R1"}, {"held.marking", "SECRET"}} {
		m.WriteField(field[0], field[1]) //nolint:errcheck // memory
	}
	m.Close()
	r := httptest.NewRequest("POST", "/", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	got, err := (&server{}).readForm(r)
	if err != nil || string(got.json) != `{"held":{"marking":"SECRET","reference":"R1"},"title":"Plan"}` {
		t.Errorf("%s, %v", got.json, err)
	}
}

func FuzzForm(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nPlan\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n"))
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"held.x\"\r\n\r\n\x00\r\n--b--\r\n"))
	f.Add([]byte("--b\r\n\r\n--b--"))
	f.Add([]byte(""))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		got, err := (&server{opts: Options{TempDir: dir}}).readForm(r)
		if err != nil {
			if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.TooLarge {
				t.Fatalf("%v", err)
			}
			if got.file != nil {
				t.Fatal("a file was left open")
			}
			return
		}
		defer sent{file: got.file}.close()
		if err := checkJSON(got.json); err != nil && !strings.Contains(err.Error(), "lower case") {
			t.Fatalf("%q became %s: %v", body, got.json, err)
		}
	})
}

func TestAnOperationWithoutAPermissionCannotBeDeclared(t *testing.T) {
	for name, op := range map[string]Operation{
		"none":                 {ID: "x", Method: "GET", Path: "/x", Summary: "X"},
		"an unknown one":       {ID: "x", Method: "GET", Path: "/x", Summary: "X", Needs: "system.destroy"},
		"no operationId":       {Method: "GET", Path: "/x", Summary: "X", Needs: access.SystemRead},
		"a slot without a ref": {ID: "x", Method: "POST", Path: "/y", Summary: "X", Needs: access.SystemRead},
		"a path without a ref": {ID: "x", Method: "GET", Path: "/x/{id}", Summary: "X", Needs: access.SystemRead},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was declared")
				}
			}()
			s := build(nil, Options{})
			switch {
			case op.Method == "POST":
				route[struct{ Body strayBody }, done](s, op, nil)
			case strings.Contains(op.Path, "{"):
				route[strayPath, done](s, op, nil)
			default:
				route[struct{}, done](s, op, nil)
			}
		})
	}
}

type strayBody struct {
	System string `json:"system"`
}

type strayPath struct {
	ID string `path:"id"`
}

func TestWhatTheLibrarySaysBecomesPlain(t *testing.T) {
	for _, c := range []struct{ location, message, pointer, part string }{
		{"body", "expected required property name to be present", "/name", "needed"},
		{"body.held", "expected required property a/b to be present", "/held/a~1b", "needed"},
		{"body.skills[2]", "expected string", "/skills/2", "text"},
		{"query.limit", "expected number <= 500", "/limit", "too large"},
		{"body." + strings.Repeat("x", 500), "unexpected property", "/" + strings.Repeat("x", 60) + "…", "not a field"},
		{"body.a", "something new", "/a", "not in the form"},
	} {
		pointer, words := plainDetail(c.location, c.message)
		if pointer != c.pointer || !strings.Contains(words, c.part) {
			t.Errorf("%s: %s → %q %q", c.location, c.message, pointer, words)
		}
	}
}
