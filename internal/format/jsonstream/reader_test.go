package jsonstream

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// walk reads a whole document and gives its strings with their places.
func walk(r *Reader) ([]string, error) {
	var out []string
	var value func() error
	value = func() error {
		switch r.Kind() {
		case '{':
			_, err := r.Object(func(string) error { return value() })
			return err
		case '[':
			_, err := r.Array(value)
			return err
		case '"':
			s, _, err := r.Text()
			out = append(out, r.Pointer()+"="+s)
			return err
		}
		return r.Skip(nil)
	}
	err := value()
	if err == nil {
		err = r.Close()
	}
	return out, err
}

func TestADocumentIsReadFromFrontToBack(t *testing.T) {
	got, err := walk(New(strings.NewReader("\xef\xbb\xbf"+`{"a":"x","b":[1,{"c/d":"\u00e9\n"},null],"e":true}`), budget.Limits{}))
	if err != nil {
		t.Fatal(err)
	}
	if want := "/a=x /b/1/c~1d=é\n"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, " "), want)
	}
}

func TestAValueOfAnotherKindIsSkipped(t *testing.T) {
	r := New(strings.NewReader(`[{"a":1},[2],3,"s",null]`), budget.Limits{})
	var oks []bool
	ok, err := r.Array(func() error {
		is, err := r.Object(func(string) error { return r.Skip(nil) })
		oks = append(oks, is)
		return err
	})
	if !ok || err != nil || len(oks) != 5 || !oks[0] || oks[1] || oks[2] || oks[3] || oks[4] {
		t.Errorf("array %v, objects %v, error %v", ok, oks, err)
	}
}

func TestNumbersAndTruthValuesAreGivenAsWritten(t *testing.T) {
	r := New(strings.NewReader(`[1.50,true,{"a":1}]`), budget.Limits{})
	var got []string
	if _, err := r.Array(func() error {
		s, ok, err := r.Text()
		if ok {
			t.Errorf("%q is no string", s)
		}
		got = append(got, s)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, "|") != "1.50|true|" {
		t.Errorf("got %q", got)
	}
}

func TestSkipTellsMembersThatAreStrings(t *testing.T) {
	r := New(strings.NewReader(`{"a":"1","b":[{"a":"2","c":3}]}`), budget.Limits{})
	var got []string
	if err := r.Skip(func(name, value string) { got = append(got, name+value) }); err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, " ") != "a1 a2" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	for _, c := range []struct {
		name, document, says string
		kind                 fault.Kind
		limits               budget.Limits
	}{
		{"cut off", `{"a":["x"`, "ends too early", fault.Invalid, budget.Limits{}},
		{"empty", ``, "ends too early", fault.Invalid, budget.Limits{}},
		{"a member twice", `{"a":1,"a":2}`, "the same member twice", fault.Invalid, budget.Limits{}},
		{"not JSON", `{"a":nul}`, "not JSON at byte", fault.Invalid, budget.Limits{}},
		{"data behind the end", `{} {}`, "data after the end", fault.Invalid, budget.Limits{}},
		{"not UTF-8", "\"\xff\"", "not JSON at byte", fault.Invalid, budget.Limits{}},
		{"too deep", deep, "", fault.TooLarge, budget.Limits{Depth: 100}},
		{"too long a text", `{"a":"` + strings.Repeat("x", 100) + `"}`, "longer than 50 bytes", fault.TooLarge, budget.Limits{Text: 50}},
		{"too long a number", `{"a":` + strings.Repeat("1", 100) + `}`, "longer than 50 bytes", fault.TooLarge, budget.Limits{Text: 50}},
		{"too many bytes", `["` + strings.Repeat("x", 100) + `"]`, "", fault.TooLarge, budget.Limits{Bytes: 50}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := walk(New(strings.NewReader(c.document), c.limits))
			if err == nil {
				t.Fatal("accepted")
			}
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v: %v; want %v saying %q", fault.KindOf(err), err, c.kind, c.says)
			}
		})
	}
}

func TestATextOfTheFullLengthIsTaken(t *testing.T) {
	for _, escaped := range []string{strings.Repeat("x", 50), strings.Repeat(`\n`, 25)} {
		if _, err := walk(New(strings.NewReader(`["`+escaped+`"]`), budget.Limits{Text: 50})); err != nil {
			t.Errorf("%q: %v", escaped, err)
		}
	}
}

func TestFieldsOfABeginning(t *testing.T) {
	for _, c := range []struct{ head, want string }{
		{`{"a":"x","b":{"c":"y"},"d":[1,2],"e":"z","f":"cut o`, `[a="x" b="" d="" e="z" f=""]`},
		{"\xef\xbb\xbf {\"a\":1}", `[a=""]`},
		{`[{"a":1}]`, `[]`},
		{`a,b,c`, `[]`},
		{`{"a\"b":"x"}`, `[a\"b="x"]`},
	} {
		var got []string
		for _, f := range Fields([]byte(c.head)) {
			got = append(got, f.String())
		}
		if s := "[" + strings.Join(got, " ") + "]"; s != c.want {
			t.Errorf("%s: %s, want %s", c.head, s, c.want)
		}
	}
}

// FuzzRead compares with encoding/json: whatever is accepted here is JSON there,
// and nothing panics or reads on behind its limits.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"a":["x",1,null,{"b":"\ud83d\ude00"}]}`, `{"a":1,"a":2}`, `[[[[`, "\xef\xbb\xbf{}", `"\"\\"`, `{"a":"` + strings.Repeat("x", 300) + `"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		Fields(b)
		_, err := walk(New(bytes.NewReader(b), budget.Limits{Text: 256, Depth: 20}))
		if err == nil && !json.Valid(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))) {
			t.Errorf("%q was accepted", b)
		}
	})
}
