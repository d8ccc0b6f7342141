package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestTextIsTakenOrRefusedWithAPointer(t *testing.T) {
	for _, c := range []struct{ name, in, want, problem string }{
		{"right-to-left marks are kept", "a\u202eb\u200f", "a\u202eb\u200f", ""},
		{"script is kept as written", "<script>x</script>", "<script>x</script>", ""},
		{"line ends become line feeds", "a\r\nb\rc", "a\nb\nc", ""},
		{"outer space goes", "  a b \n", "a b", ""},
		{"NUL is refused", "a\x00b", "", "NUL"},
		{"a lone surrogate in bytes is refused", "a\xed\xa0\x80", "", "UTF-8"},
		{"an escape character is refused", "a\x1b[31m", "", "U+001B"},
		{"100 kB is refused", strings.Repeat("x", 100_000), "", "20 characters"},
		{"limits count characters and not bytes", strings.Repeat("é", 20), strings.Repeat("é", 20), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p fault.Problems
			got := Clean(&p, "/x", c.in, 20)
			if c.problem == "" && (len(p) != 0 || got != c.want) {
				t.Fatalf("got %q, %v", got, p)
			}
			if c.problem != "" && (len(p) != 1 || p[0].Pointer != "/x" || !strings.Contains(p[0].Detail, c.problem)) {
				t.Fatalf("got %v", p)
			}
		})
	}
}

func TestLinesAndNeeds(t *testing.T) {
	var p fault.Problems
	Line(&p, "/a", "x\ny", 10)
	Need(&p, "/b", "a title", "  ", 10)
	Need(&p, "/c", "a title", "\x00", 10)
	if len(p) != 3 || p[0].Pointer != "/a" || p[1].Detail != "Enter a title." || p[2].Pointer != "/c" {
		t.Fatalf("got %v", p)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("abc\x00")
	f.Add("\xff\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		var p fault.Problems
		got := Clean(&p, "/x", s, 50)
		if len(p) == 0 && (!utf8.ValidString(got) || strings.ContainsRune(got, 0) || utf8.RuneCountInString(got) > 50) {
			t.Fatalf("%q was taken as %q", s, got)
		}
		if len(p) == 0 && Clean(&p, "/x", got, 50) != got {
			t.Fatal("cleaning twice differs")
		}
	})
}
