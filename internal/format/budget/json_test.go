package budget_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

type sheet struct {
	Name string  `json:"name"`
	List []sheet `json:"list"`
}

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limits     budget.Limits
		kind       fault.Kind // "" = taken
		says       string
	}{
		{"a document", `{"name":"a","other":[1,2]}`, budget.Limits{}, "", ""},
		{"with a byte-order mark", "\xef\xbb\xbf{}", budget.Limits{}, "", ""},
		{"empty", ``, budget.Limits{}, fault.Invalid, "empty"},
		{"only blanks", "  \n", budget.Limits{}, fault.Invalid, "empty"},
		{"cut short", `{"name":"a`, budget.Limits{}, fault.Invalid, "ends too early"},
		{"not JSON", `<a/>`, budget.Limits{}, fault.Invalid, "is not JSON"},
		{"a name twice", `{"name":"a","name":"b"}`, budget.Limits{}, fault.Invalid, "twice"},
		{"two documents", `{} {}`, budget.Limits{}, fault.Invalid, "more after the end"},
		{"a document and a word", `{} x`, budget.Limits{}, fault.Invalid, "more after the end"},
		{"not UTF-8", "{\"name\":\"\xff\"}", budget.Limits{}, fault.Invalid, "not JSON"},
		{"the wrong type", `{"list":[{"name":3}]}`, budget.Limits{}, fault.Invalid, "/list/0/name"},
		{"too deep", strings.Repeat(`{"list":[`, 40), budget.Limits{}, fault.TooLarge, "deeper than 64"},
		{"a text too long", `{"name":"` + strings.Repeat("a", 11) + `"}`, budget.Limits{Text: 10}, fault.TooLarge, "/name"},
		{"too many values", `[` + strings.Repeat("1,", 100) + `1]`, budget.Limits{Items: 10}, fault.TooLarge, "more than 10"},
		{"too long", `{"name":"aaaaaaaaaaaa"}`, budget.Limits{Bytes: 10}, fault.TooLarge, "longer than 10 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s sheet
			err := c.limits.JSON(strings.NewReader(c.text), &s)
			if c.kind == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{}`, `[]`, `{"name":"a"} x`, `"\ud800"`, `{"a":{"a":{"a":1}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s sheet
		err := budget.Limits{Bytes: 1 << 16}.JSON(strings.NewReader(string(b)), &s)
		if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
			t.Errorf("an error that is no fault: %v", err)
		}
	})
}
