// Package frameworks holds the question sets that ship with the product and
// reads framework files, ours and customers' own, strictly. What a file means is
// defined in internal/domain/framework; this package knows bytes, not content.
package frameworks

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"sync"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

//go:embed */*.yaml
var files embed.FS

// Library gives out the shipped frameworks. Opening it reads only the head of
// each file, so that a start is not held up by texts nobody has asked for; a
// framework is decoded when it is first wanted, and once. It is safe for
// concurrent use. The values are shared: callers must not change them.
type Library struct {
	entries []*entry
}

type entry struct {
	name string
	head *framework.Framework
	full func() (*framework.Framework, error)
}

// Open reads the heads of the shipped files. An error means that the binary was
// built from a broken file.
func Open() (*Library, error) {
	names, err := shipped()
	if err != nil {
		return nil, err
	}
	lib := &Library{}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read framework %s: %w", name, err)
		}
		head, err := readHead(name, b)
		if err != nil {
			return nil, err
		}
		lib.entries = append(lib.entries, &entry{name: name, head: head,
			full: sync.OnceValues(func() (*framework.Framework, error) { return read(name, b) })})
	}
	slices.SortFunc(lib.entries, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.head.ID, b.head.ID), cmp.Compare(a.head.Version, b.head.Version))
	})
	return lib, nil
}

// Heads returns every framework without its groups, activities, crosswalks and
// migration table, ordered by id and version: enough for a list.
func (l *Library) Heads() []*framework.Framework {
	out := make([]*framework.Framework, len(l.entries))
	for i, e := range l.entries {
		out[i] = e.head
	}
	return out
}

// Get returns one version of one framework, or fault.NotFound.
func (l *Library) Get(id, version string) (*framework.Framework, error) {
	for _, e := range l.entries {
		if e.head.ID == id && e.head.Version == version {
			return e.full()
		}
	}
	return nil, fault.Newf(fault.NotFound, "There is no framework %s@%s.", id, version)
}

// All returns every framework whole, ordered by id and version.
func (l *Library) All() ([]*framework.Framework, error) {
	out := make([]*framework.Framework, len(l.entries))
	for i, e := range l.entries {
		f, err := e.full()
		if err != nil {
			return nil, err
		}
		out[i] = f
	}
	return out, nil
}

// Load reads every shipped framework whole. Callers keep the result, or use a
// Library.
func Load() ([]*framework.Framework, error) {
	lib, err := Open()
	if err != nil {
		return nil, err
	}
	return lib.All()
}

// shipped returns the names of the embedded files, sorted.
func shipped() ([]string, error) {
	var names []string
	dirs, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("list frameworks: %w", err)
	}
	for _, d := range dirs {
		inner, err := files.ReadDir(d.Name())
		if err != nil {
			return nil, fmt.Errorf("list frameworks: %w", err)
		}
		for _, e := range inner {
			names = append(names, path.Join(d.Name(), e.Name()))
		}
	}
	slices.Sort(names)
	return names, nil
}

// read decodes a shipped file. It is not linted again: a test does that before
// the binary is built.
func read(name string, b []byte) (*framework.Framework, error) {
	f, problems, _ := decode(b)
	if len(problems) > 0 {
		return nil, fmt.Errorf("read framework %s: line %d: %s", name, problems[0].Line, problems[0])
	}
	if want := f.ID + "/" + f.Version + ".yaml"; name != want {
		return nil, fmt.Errorf("read framework %s: the file says that it is %s", name, want)
	}
	return f, nil
}
