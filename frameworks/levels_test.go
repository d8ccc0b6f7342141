package frameworks

import (
	"slices"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// The publisher lists two requirements for level 1 alone, so the profiles are no
// simple ladder. The question sets are: whoever answers level 3 answers everything.
func TestLevelsOfTheOSPSBaselineAreThePublishers(t *testing.T) {
	f := get(t, "osps-baseline", "2026.08.28")
	for i, want := range []struct{ targets, questions int }{{24, 24}, {41, 43}, {62, 64}} {
		p := f.Profiles[i]
		if asked := framework.Select(f, p.ID, "", framework.SizeAll); len(p.Targets) != want.targets || len(asked) != want.questions {
			t.Errorf("%s: %d targets and %d questions, want %d and %d", p.ID, len(p.Targets), len(asked), want.targets, want.questions)
		}
	}
	var once []string
	for id := range f.Profiles[0].Targets {
		if f.Profiles[2].Targets[id] == "" {
			once = append(once, id)
		}
	}
	slices.Sort(once)
	if want := []string{"OSPS-BR-07.01", "OSPS-VM-02.01"}; !slices.Equal(once, want) {
		t.Errorf("listed for level 1 alone: %v, want %v", once, want)
	}
}
