package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// Understood is what is kept of a document that was read: everything that later
// judgement needs, and nothing that can be read again from the original.
type Understood struct {
	Format     string             `json:"format"`
	Kind       check.Kind         `json:"kind"`
	Tool       string             `json:"tool,omitempty"`
	Subject    string             `json:"subject,omitempty"`
	ProducedAt int64              `json:"produced_at,omitempty"` // what the document says; 0 = nothing
	Items      int64              `json:"items"`
	Faults     []fact.Fault       `json:"faults,omitempty"`
	Lane       string             `json:"lane"` // of one lane the newest document counts
	Product    *Named             `json:"product,omitempty"`
	Facts      Facts              `json:"facts"`
	VEX        *decision.Document `json:"vex,omitempty"`
	Components []Component        `json:"-"` // of a bill of materials, each once
}

// Named is the product that a bill of materials describes.
type Named struct {
	Key     string `json:"key"` // as it is compared
	Title   string `json:"title"`
	Version string `json:"version,omitempty"`
	PURL    string `json:"purl,omitempty"`
}

// Component is one entry of the dictionary: a version of a package, or why it
// cannot be assessed.
type Component struct {
	Ecosystem string `json:"e,omitempty"`
	Key       string `json:"k"`
	Name      string `json:"n"`
	Version   string `json:"v,omitempty"`
	PURL      string `json:"p,omitempty"`
	Problem   string `json:"x,omitempty"`
}

// Facts are kept as JSON with the document. Fields are added and never renamed.
type Facts struct {
	Inventory    *InventoryFacts    `json:"inventory,omitempty"`
	Scans        []fact.Scan        `json:"scans,omitempty"`
	Tests        *fact.Tests        `json:"tests,omitempty"`
	Scorecard    *fact.Scorecard    `json:"scorecard,omitempty"`
	Repository   *fact.Repository   `json:"repository,omitempty"`
	Artifacts    *fact.Artifacts    `json:"artifacts,omitempty"`
	Attestations []fact.Attestation `json:"attestations,omitempty"`
	SecurityTxt  *fact.SecurityTxt  `json:"security_txt,omitempty"`
	Statements   *fact.Statements   `json:"statements,omitempty"`
	CVE          *fact.CVERecord    `json:"cve,omitempty"`
	Publication  *fact.Publication  `json:"publication,omitempty"`
}

// InventoryFacts count what a bill of materials says of its components.
type InventoryFacts struct {
	Components   int            `json:"components"`
	Identified   int            `json:"identified"`
	Versioned    int            `json:"versioned"`
	Licensed     int            `json:"licensed"`
	Hashed       int            `json:"hashed"`
	Supplied     int            `json:"supplied"`
	Dependencies int            `json:"dependencies"`
	Authors      int            `json:"authors"`
	Faults       int            `json:"faults"` // of the bill itself: statements in it and doubts about it have theirs
	Types        map[string]int `json:"types,omitempty"`
	Ecosystems   map[string]int `json:"ecosystems,omitempty"`
	Licences     map[string]int `json:"licences,omitempty"`
}

// Limits of what is kept of one document.
const (
	maxKept   = 2000 // names in a list of counts
	maxFaults = 500
)

// Understand reads a document in whatever format it is. It is pure: it looks at
// the bytes and nothing else, so that a process with limits of its own can do it.
func Understand(ctx context.Context, name string, r io.Reader, o format.Options) (*Understood, error) {
	p, err := format.Parse(ctx, name, r, o)
	if err != nil {
		return nil, err
	}
	if p.Advisory != nil {
		return nil, fault.Newf(fault.Invalid, "%s is an advisory and says nothing about a release. An administrator can send it to /api/v1/advisories.", name)
	}
	u := &Understood{Format: p.Format, Kind: p.Kind, Tool: cut(p.Tool, 200), Subject: cut(p.Subject, 300), ProducedAt: p.ProducedAt, Items: p.Items,
		Faults: p.Faults, VEX: p.VEX}
	if len(u.Faults) > maxFaults {
		more := len(u.Faults) - maxFaults
		u.Faults = append(slices.Clone(u.Faults[:maxFaults]), fact.Fault{Rule: "more-faults", Detail: plural(more, "1 more fault is", "%d more faults are") + " not listed."})
	}
	u.keep(p)
	if p.Inventory != nil {
		u.inventory(p.Inventory)
	}
	u.Lane = u.lane()
	return u, nil
}

// Status is how the document was received.
func (u *Understood) Status() inventory.Status {
	if len(u.Faults) > 0 {
		return inventory.AcceptedWithFaults
	}
	return inventory.Accepted
}

func (u *Understood) keep(p *format.Parsed) {
	f := &u.Facts
	f.Scans, f.Tests, f.Scorecard, f.Repository, f.Artifacts, f.Attestations, f.SecurityTxt, f.Publication = p.Scans, p.Tests, p.Scorecard, p.Repository,
		p.Artifacts, p.Attestations, p.SecurityTxt, p.Publication
	if p.CVE != nil {
		f.CVE = cveFacts(p)
	}
	if v := p.VEX; v != nil {
		s := &fact.Statements{Author: cut(v.Author, 200), At: v.MadeAt, ByStatus: map[string]int{}}
		for _, st := range v.Statements {
			s.ByStatus[string(st.Status)]++
			if st.Status == decision.NotAffected && (st.Justification != "" || st.Impact != "") {
				s.Justified++
			}
		}
		f.Statements = s
	}
}

func cveFacts(p *format.Parsed) *fact.CVERecord {
	c := p.CVE
	score, items := c.Completeness()
	out := &fact.CVERecord{ID: c.ID, State: c.State, Completeness: score, CWEs: c.CNA.CWEs, CPE: c.CNA.Applicability, Severity: len(c.CNA.Severities) > 0,
		PublishedAt: c.Published, UpdatedAt: c.Updated}
	for _, a := range c.CNA.Affected {
		out.CPE = out.CPE || len(a.CPEs) > 0
		out.PURL = out.PURL || a.PackageURL != ""
	}
	for _, i := range items {
		if !i.Present {
			out.Missing = append(out.Missing, i.Name)
		}
	}
	return out
}

func (u *Understood) inventory(d *inventory.Document) {
	f := &InventoryFacts{Dependencies: d.Dependencies, Authors: len(d.Authors), Faults: len(d.Faults), Types: map[string]int{}, Ecosystems: map[string]int{}, Licences: map[string]int{}}
	seen := map[Component]bool{}
	for _, c := range d.Parts() {
		id, reason := purl.Identify(*c)
		f.Components++
		count(f.Types, c.Type)
		if c.Version != "" || id.Version != "" {
			f.Versioned++
		}
		if id.Ecosystem != "" {
			f.Identified++
			base, _ := purl.Split(id.Ecosystem)
			count(f.Ecosystems, base)
		}
		if len(c.Licences) > 0 {
			f.Licensed++
		}
		for _, l := range c.Licences {
			count(f.Licences, l)
		}
		if len(c.Hashes) > 0 {
			f.Hashed++
		}
		if c.Supplier != "" {
			f.Supplied++
		}
		e := Component{Ecosystem: id.Ecosystem, Key: id.Key, Name: id.Name, Version: id.Version, PURL: id.PURL, Problem: string(reason)}
		if e.Key == "" {
			e.Key, e.Name = unnamed, unnamed
		}
		if !seen[e] {
			seen[e] = true
			u.Components = append(u.Components, e)
		}
	}
	u.Facts.Inventory = f
	u.Product = productOf(d.Subject)
}

// unnamed is the name of a component that the document gives none.
const unnamed = "(unnamed)"

func count(m map[string]int, name string) {
	if name == "" {
		return
	}
	if _, known := m[name]; known || len(m) < maxKept {
		m[name]++
	}
}

// productOf is the product that a document describes. Names are compared without
// case, tag and digest, so that one product is one whatever its release.
func productOf(c inventory.Component) *Named {
	name := c.Name
	if c.Group != "" {
		name = c.Group + "/" + c.Name
	}
	if name == "" && c.PURL != "" {
		id, _ := purl.Parse(c.PURL)
		name = id.Name
	}
	title := name
	name, _, _ = strings.Cut(name, "@sha256:")
	if slash := strings.LastIndexByte(name, '/'); strings.Contains(name[slash+1:], ":") {
		name = name[:slash+1+strings.IndexByte(name[slash+1:], ':')]
	}
	return &Named{Key: keyText(strings.ToLower(strings.TrimSpace(name))), Title: cut(title, 300), Version: cut(c.Version, 200), PURL: cut(c.PURL, 500)}
}

// lane says which documents take each other's place: those of one tool about one
// thing. Two documents that speak of different things both count.
func (u *Understood) lane() string {
	f := &u.Facts
	var about []string
	switch {
	case f.Inventory != nil:
		about = []string{u.Product.Key}
	case f.Scans != nil:
		for _, s := range f.Scans {
			about = append(about, s.Tool+"\n"+s.Category)
		}
	case f.Tests != nil:
		about = append(about, f.Tests.Tool)
		for _, s := range f.Tests.Suites {
			about = append(about, s.Name)
		}
	case f.Scorecard != nil:
		about = []string{f.Scorecard.Repository}
	case f.Repository != nil:
		about = []string{f.Repository.Repository}
	case f.Artifacts != nil:
		for _, a := range f.Artifacts.Files {
			about = append(about, a.Name)
		}
	case f.Attestations != nil:
		for _, a := range f.Attestations {
			about = append(about, a.PredicateType)
			for _, s := range a.Subjects {
				about = append(about, s.Name, s.Digests["sha256"])
			}
		}
	case f.SecurityTxt != nil:
		about = f.SecurityTxt.Canonical
	case f.CVE != nil:
		about = []string{f.CVE.ID}
	case f.Publication != nil:
		about = []string{f.Publication.Publisher, f.Publication.ID}
	case f.Statements != nil:
		about = []string{f.Statements.Author, u.VEX.ID}
	}
	about = slices.Clone(about)
	slices.Sort(about)
	text := strings.Join(slices.Compact(about), "\n")
	if len(text) > 100 || strings.Contains(text, "\n") {
		sum := sha256.Sum256([]byte(text))
		text = "#" + hex.EncodeToString(sum[:12])
	}
	return strings.TrimSpace(string(u.Kind) + " " + text)
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// plural says how many; many holds %d.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}
