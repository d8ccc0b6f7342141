package frameworks

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

var update = flag.Bool("update", false, "rewrite released.txt")

func TestEveryShippedFileIsWithoutErrors(t *testing.T) {
	names, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, _ := files.ReadFile(name)
		_, problems, _ := Parse(name, b)
		for _, p := range problems {
			if p.Warning {
				t.Logf("%s:%d: %s", name, p.Line, p)
			} else {
				t.Errorf("%s:%d: %s", name, p.Line, p)
			}
		}
	}
}

func TestLinksBetweenShippedFrameworksLeadSomewhere(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for key, problems := range framework.LintSet(all) {
		for _, p := range problems {
			t.Errorf("%s: %s", key, p)
		}
	}
}

// The head is cut off before the groups, so every other key must come first.
func TestTheHeadOfAFileHoldsAllButItsContents(t *testing.T) {
	lib, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range lib.Heads() {
		full, err := lib.Get(head.ID, head.Version)
		if err != nil {
			t.Error(err)
			continue
		}
		want := *full
		want.Groups, want.Activities, want.Crosswalks, want.Migrates = nil, nil, nil, nil
		if !reflect.DeepEqual(*head, want) {
			t.Errorf("%s: move groups, activities, crosswalks and migrates to the end of the file", head.Key())
		}
	}
}

func TestAFrameworkThatIsNotThereIsNotFound(t *testing.T) {
	lib, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Get("mod-sbd", "0"); !fault.Is(err, fault.NotFound) {
		t.Errorf("error %v", err)
	}
}

func TestAFrameworkAskedForByManyAtOnceIsDecodedOnce(t *testing.T) {
	lib, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	got := make([]*framework.Framework, 8)
	var wait sync.WaitGroup
	for i := range got {
		wait.Go(func() { got[i], _ = lib.Get("mod-sbd", "2025") })
	}
	wait.Wait()
	for _, f := range got {
		if f == nil || f != got[0] {
			t.Fatalf("got %p and %p", f, got[0])
		}
	}
}

// A published version never changes. Until the first release the list is
// rewritten with: go test ./frameworks -run Released -update
func TestReleasedVersionsAreUnchanged(t *testing.T) {
	names, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	var now []string
	for _, name := range names {
		b, _ := files.ReadFile(name)
		now = append(now, fmt.Sprintf("%x  %s", sha256.Sum256(b), name))
	}
	if *update {
		if err := os.WriteFile("released.txt", []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile("released.txt")
	if err != nil {
		t.Fatal(err)
	}
	released := strings.Split(strings.TrimSpace(string(b)), "\n")
	for _, line := range released {
		if !slices.Contains(now, line) {
			t.Errorf("%s was changed or removed; publish a new version with a migrates table instead", line)
		}
	}
	for _, line := range now {
		if !slices.Contains(released, line) {
			t.Errorf("%s is not in released.txt", line)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := Open(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
