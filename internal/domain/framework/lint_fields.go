package framework

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text checks a text that must be present and no longer than limit characters.
func (l *linter) text(at, s string, limit int) {
	if strings.TrimSpace(s) == "" {
		l.add(at, "Write it.", "the text is missing")
		return
	}
	l.atMost(at, s, limit)
}

// atMost checks the length of a text that may be empty.
func (l *linter) atMost(at, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		l.add(at, fmt.Sprintf("Shorten it to %d characters.", limit), "the text is %d characters long", n)
	}
}

func (l *linter) form(at, s string, form *regexp.Regexp, fix string) {
	if !form.MatchString(s) {
		l.add(at, fix, "%q does not have the right form", s)
	}
}

func (l *linter) oneOf(at, s string, allowed []string) {
	if !slices.Contains(allowed, s) {
		l.add(at, "Use one of: "+strings.Join(allowed, ", ")+".", "%q is not a known word here", s)
	}
}

// words checks a list whose items come from a closed list, each at most once.
func (l *linter) words(at string, items, allowed []string) {
	seen := map[string]bool{}
	for i, s := range items {
		here := fmt.Sprintf("%s/%d", at, i)
		l.oneOf(here, s, allowed)
		l.unique(here, s, seen, "word")
	}
}

func (l *linter) unique(at, id string, seen map[string]bool, kind string) {
	if seen[id] {
		l.add(at, "Give each its own identifier, or remove one.", "the %s %q is given twice", kind, id)
	}
	seen[id] = true
}

// refs checks a list of identifiers that must be defined elsewhere in the file.
func (l *linter) refs(at string, ids []string, known map[string]bool, kind string) {
	seen := map[string]bool{}
	for i, id := range ids {
		here := fmt.Sprintf("%s/%d", at, i)
		l.ref(here, id, known, kind)
		l.unique(here, id, seen, kind)
	}
}

func (l *linter) ref(at, id string, known map[string]bool, kind string) {
	if !known[id] {
		l.add(at, "Define it in this file, or correct the spelling.", "no %s has the id %q", kind, id)
	}
}

// safeText looks at every string of the file, also those that no other rule
// knows: they all reach pages, documents and terminals.
func (l *linter) safeText() { l.walk("", reflect.ValueOf(*l.f)) }

func (l *linter) walk(at string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		l.safe(at, v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			l.walk(at, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			l.walk(at+"/"+name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.walk(fmt.Sprintf("%s/%d", at, i), v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			l.safe(at, k.String())
			l.walk(at+"/"+escape(k.String()), v.MapIndex(k))
		}
	}
}

var markup = regexp.MustCompile(`<[A-Za-z/!?]|&(#[0-9]|[A-Za-z]+;)`)

func (l *linter) safe(at, s string) {
	if !utf8.ValidString(s) {
		l.add(at, "Save the file as UTF-8.", "the text is not valid UTF-8")
	}
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029') {
			l.add(at, "Remove the character.", "the text holds the invisible character U+%04X", r)
			break
		}
	}
	if markup.MatchString(s) {
		l.add(at, "Write plain text; the page adds its own markup.", "the text holds markup")
	}
	if strings.TrimSpace(s) != s {
		l.add(at, "Remove the space; for folded text use >- instead of >.", "the text begins or ends with a space or a line break")
	}
}

// escape makes a map key fit for a JSON pointer.
func escape(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}
