package app

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAKeyTextHoldsNothingThatALogRefuses(t *testing.T) {
	for in, want := range map[string]string{"left-pad": "left-pad", "@scope/name": "%40scope/name", "payments service": "payments%20service", "": "", "für": "f%C3%BCr", "100%": "100%25"} {
		if got := keyText(in); got != want || textOfKey(got) != in {
			t.Errorf("%q becomes %q, and %q again", in, got, textOfKey(got))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		long := a + strings.Repeat(b, 40)
		for _, s := range []string{a, b, long} {
			k := keyText(s)
			if len(k) > maxKeyText || strings.ContainsFunc(k, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' || r == '@' }) {
				t.Fatalf("%q becomes %q", s, k)
			}
		}
		if (keyText(a) == keyText(b)) != (a == b) || keyText(long) == keyText(long+"x") {
			t.Fatalf("%q and %q share a key", a, b)
		}
	})
}
