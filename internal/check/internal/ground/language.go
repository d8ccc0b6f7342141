package ground

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unsafe are languages in which ordinary code can make memory errors, by the names
// that forges use, in lower case. Source: CISA and partners, The Case for Memory
// Safe Roadmaps, December 2023, which names C and C++; the others share their
// memory model.
var unsafe = []string{"assembly", "c", "c++", "objective-c", "objective-c++", "cuda"}

// UnsafeBytes counts bytes of source in languages without memory safety, and all.
func UnsafeBytes(languages map[string]int64) (bad, total int64) {
	for name, n := range languages {
		if n <= 0 {
			continue
		}
		total += n
		if slices.Contains(unsafe, strings.ToLower(name)) {
			bad += n
		}
	}
	return bad, total
}

// Largest names the three largest languages.
func Largest(languages map[string]int64) string {
	names := slices.SortedFunc(maps.Keys(languages), func(a, b string) int {
		return cmp.Or(cmp.Compare(languages[b], languages[a]), cmp.Compare(a, b))
	})
	if more := len(names) - 3; more > 0 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}
