package framework

import (
	"fmt"
	"slices"
)

// Select returns the requirements of f that are in scope, in reading order.
// An empty set or stage means that nothing is left out on that ground. Of the
// requirements limited to larger systems none is returned unless size is
// SizeLarger.
func Select(f *Framework, set, stage, size string) []*Requirement {
	var out []*Requirement
	for _, r := range f.Requirements() {
		if applies(r.Sets, set) && applies(r.Stages, stage) && fits(r.Sizes, size) {
			out = append(out, r)
		}
	}
	return out
}

func applies(limits []string, want string) bool {
	return want == "" || len(limits) == 0 || slices.Contains(limits, want)
}

func fits(limits []string, size string) bool {
	return len(limits) == 0 || slices.Contains(limits, SizeAll) || slices.Contains(limits, size)
}

// SuggestSet returns the question set of f that suits the stage, and why. The
// zero Set means that none is suggested. A suggestion is never more than that:
// the person may choose another with a reason.
func SuggestSet(f *Framework, stage string) (Set, string) {
	if len(f.Sets) == 0 {
		return Set{}, f.Short + " has no question sets. The whole framework applies."
	}
	if stage == "" {
		return Set{}, "The stage is not recorded, so no question set is suggested."
	}
	for _, s := range f.Sets {
		if slices.Contains(s.AppliesStages, stage) {
			return s, fmt.Sprintf("%s names this stage.", s.Title)
		}
	}
	for _, s := range f.Sets {
		if len(s.AppliesStages) == 0 {
			return s, fmt.Sprintf("%s suits every stage.", s.Title)
		}
	}
	return Set{}, "No question set of " + f.Short + " names this stage."
}
