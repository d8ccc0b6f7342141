// Package scantest makes bills of materials for measuring scans: the same seed gives
// the same bytes. Their packages are those of internal/feed/feedtest and others that
// no advisory names; nothing in them is true of a real package.
package scantest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/feed/feedtest"
)

// Shape says what a bill of materials holds.
type Shape struct {
	Seed       uint64
	Components int
	Advisories feedtest.Shape // whose packages occur
}

// Component is one component.
type Component struct{ Ref, Group, Name, Version, PURL string }

// Component is the i-th component. One in three is a package that advisories name;
// those with many advisories occur more often.
func (s Shape) Component(i int) Component {
	r := rand.New(rand.NewPCG(s.Seed, uint64(i)))
	n := s.Advisories.Packages + i
	if r.IntN(3) == 0 {
		u := r.Float64()
		n = int(u * u * float64(s.Advisories.Packages))
	}
	name := s.Advisories.Package(n)
	c := Component{Name: name, Version: fmt.Sprintf("%d.%d.%d", r.IntN(9), r.IntN(30), r.IntN(40))}
	if scope, rest, scoped := strings.Cut(name, "/"); scoped {
		c.Group, c.Name = scope, rest
	}
	c.PURL = "pkg:npm/" + strings.ReplaceAll(name, "@", "%40") + "@" + c.Version
	c.Ref = fmt.Sprintf("%d-%s", i, name)
	return c
}

// Write writes the document as CycloneDX 1.5 JSON, with the dependencies of a tree.
func (s Shape) Write(out io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<20)
	fmt.Fprintf(w, `{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:00000000-0000-4000-8000-%012x","version":1,`, s.Seed)
	fmt.Fprint(w, `"metadata":{"timestamp":"2026-01-01T00:00:00Z","tools":[{"vendor":"touchstone","name":"scantest","version":"1"}],"component":{"bom-ref":"root","type":"application","name":"generated","version":"1.0.0"}},"components":[`)
	for i := range s.Components {
		c := s.Component(i)
		separate(w, i)
		fmt.Fprintf(w, `{"bom-ref":%s,"type":"library",`, quote(c.Ref))
		if c.Group != "" {
			fmt.Fprintf(w, `"group":%s,`, quote(c.Group))
		}
		fmt.Fprintf(w, `"name":%s,"version":%s,"purl":%s,"licenses":[{"license":{"id":"MIT"}}]}`, quote(c.Name), quote(c.Version), quote(c.PURL))
	}
	fmt.Fprint(w, `],"dependencies":[{"ref":"root","dependsOn":[`)
	for i := range min(8, s.Components) {
		separate(w, i)
		fmt.Fprint(w, quote(s.Component(i).Ref))
	}
	fmt.Fprint(w, `]}`)
	for i := range s.Components {
		fmt.Fprintf(w, `,{"ref":%s,"dependsOn":[`, quote(s.Component(i).Ref))
		for k := 2*i + 8; k < min(2*i+10, s.Components); k++ {
			separate(w, k-2*i-8)
			fmt.Fprint(w, quote(s.Component(k).Ref))
		}
		fmt.Fprint(w, `]}`)
	}
	fmt.Fprint(w, "]}\n")
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write a bill of materials: %w", err)
	}
	return nil
}

// WriteFile writes the document to a file.
func (s Shape) WriteFile(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("make a bill of materials: %w", err)
	}
	if err := s.Write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func separate(w io.Writer, i int) {
	if i > 0 {
		io.WriteString(w, ",") //nolint:errcheck // Flush gives the first error
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b)
}
