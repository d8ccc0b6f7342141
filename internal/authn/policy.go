package authn

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Limits of a passphrase in characters, after normalisation (SP 800-63B-4,
// section 3.1.1.2). There are no rules about kinds of characters, and no
// change is asked for by age.
const (
	MinPassphraseAlone   = 15 // when it is the only factor
	MinPassphraseWithMFA = 8
	MaxPassphrase        = 256
)

// Policy says what a passphrase must be for one person.
type Policy struct {
	OnlyFactor bool
	// Words that a guesser would try first: the organisation, the product, the
	// person's name and address. They may be part of a passphrase, not most of it.
	Words []string
}

// Check returns nil when the passphrase may be used, else fault.Invalid with
// every problem at "/passphrase".
func (p Policy) Check(passphrase string) error {
	var problems fault.Problems
	add := func(format string, args ...any) { problems.Add("/passphrase", format, args...) }
	if !utf8.ValidString(passphrase) || strings.IndexFunc(passphrase, unicode.IsControl) >= 0 {
		add("Passphrase must not contain control characters")
		return problems.Err()
	}
	least := MinPassphraseWithMFA
	if p.OnlyFactor {
		least = MinPassphraseAlone
	}
	n := utf8.RuneCountInString(norm.NFC.String(passphrase))
	switch {
	case n < least:
		add("Passphrase must be %d characters or more", least)
	case n > MaxPassphrase:
		add("Passphrase must be %d characters or fewer", MaxPassphrase)
	}
	if len(problems) == 0 {
		why, err := p.guessable(passphrase)
		if err != nil {
			return err
		}
		if why != "" {
			add("%s", why)
		}
	}
	return problems.Err()
}

// guessable returns why a guesser would come to the passphrase early, or "".
func (p Policy) guessable(passphrase string) (string, error) {
	folded := fold(passphrase)
	unit := repeatedUnit(folded)
	switch {
	case len([]rune(unit)) <= 4:
		return "Passphrase must not be a few characters repeated", nil
	case isRun(folded):
		return "Passphrase must not be a run of neighbouring letters or digits", nil
	case p.mostlyContext(folded):
		return "Passphrase must not be made mostly of your name, your email address or the name of your organisation or this product", nil
	}
	common, err := isCommon(folded, unit, core(folded), core(unit))
	if err != nil {
		return "", fmt.Errorf("read the list of common passphrases: %w", err)
	}
	if common {
		return "Passphrase is on a list of the ones most often used. Choose another, for example of three random words", nil
	}
	return "", nil
}

// fold makes spellings alike that a guesser tries together.
func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// core returns s without up to six digits and signs at either end, which is
// how "password" becomes "Password2026!". Longer additions are left: they are
// no longer one guess.
func core(s string) string {
	c := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if utf8.RuneCountInString(s)-utf8.RuneCountInString(c) > 6 {
		return s
	}
	return c
}

// repeatedUnit returns the shortest u of which s is a repetition, s itself
// when there is none.
func repeatedUnit(s string) string {
	if i := strings.Index((s + s)[min(1, len(s)):], s); i >= 0 && i+1 < len(s) {
		return s[:i+1]
	}
	return s
}

// isRun reports whether s walks along the alphabet, the digits or the rows of
// a keyboard, forwards or backwards.
func isRun(s string) bool {
	const alphabet, digits, rows, columns = "abcdefghijklmnopqrstuvwxyz", "0123456789", "1234567890qwertyuiopasdfghjklzxcvbnm",
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"
	for _, row := range []string{alphabet, digits, rows, columns, "qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		around := strings.Repeat(row, MaxPassphrase/len(row)+2)
		if strings.Contains(around, s) || strings.Contains(reversed(around), s) {
			return true
		}
	}
	return false
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// mostlyContext reports whether fewer than eight letters and digits are left
// once the words that everybody knows are taken out.
func (p Policy) mostlyContext(folded string) bool {
	left, found := folded, false
	for _, phrase := range append([]string{"touchstone"}, p.Words...) {
		for _, w := range strings.FieldsFunc(fold(phrase), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(w) >= 3 && strings.Contains(left, w) {
				left, found = strings.ReplaceAll(left, w, " "), true
			}
		}
	}
	n := 0
	for _, r := range left {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return found && n < 8
}
