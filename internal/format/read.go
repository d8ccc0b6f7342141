package format

import (
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/artifacts"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
	"github.com/touchstone-assurance/touchstone/internal/format/cve"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
	"github.com/touchstone-assurance/touchstone/internal/format/junit"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
	"github.com/touchstone-assurance/touchstone/internal/format/repository"
	"github.com/touchstone-assurance/touchstone/internal/format/sarif"
	"github.com/touchstone-assurance/touchstone/internal/format/scorecard"
	"github.com/touchstone-assurance/touchstone/internal/format/securitytxt"
	"github.com/touchstone-assurance/touchstone/internal/format/spdx"
)

// Each reader below calls the package of its format and says what the document
// speaks of.

func parseOpenVEX(r io.Reader, o Options) (*Parsed, error) {
	d, err := openvex.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return vex("openvex", d), nil
}

func vex(format string, d *decision.Document) *Parsed {
	return &Parsed{Format: format, Kind: check.VEX, Tool: d.Author, Subject: subjectOf(d), ProducedAt: d.MadeAt, Items: int64(len(d.Statements)), Faults: d.Faults, VEX: d}
}

// subjectOf names the one product that all statements are about; "" when there
// are several.
func subjectOf(d *decision.Document) string {
	name := ""
	for _, s := range d.Statements {
		for _, p := range s.Products {
			if name != "" && name != p.ID {
				return ""
			}
			name = p.ID
		}
	}
	return name
}

func parseCVE(r io.Reader, o Options) (*Parsed, error) {
	c, err := cve.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return &Parsed{Format: "cve-json", Kind: check.CVE, Tool: c.CNA.Provider, Subject: c.ID, ProducedAt: max(c.Updated, c.Published), Items: 1, CVE: &c}, nil
}

func parseOSV(r io.Reader, o Options) (*Parsed, error) {
	a, err := osv.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return &Parsed{Format: "osv", Subject: a.ID, ProducedAt: max(a.Modified, a.Published, 0), Items: 1, Advisory: &a}, nil
}

func parseCycloneDX(r io.Reader, o Options) (*Parsed, error) {
	d, v, err := cyclonedx.ParseAll(r, o.Limits)
	if err != nil {
		return nil, err
	}
	if v != nil && statementsOnly(d, v) {
		out := vex(string(d.Format), v)
		out.Faults = slices.Concat(d.Faults, v.Faults)
		return out, nil
	}
	out := bill(d)
	if out.VEX = v; v != nil {
		out.Faults = slices.Concat(d.Faults, v.Faults) // those of the bill stay its own
	}
	return out, nil
}

// statementsOnly reports whether a document lists nothing but what its statements
// are about. Taken for a bill of materials it would stand in the place of the real
// one, and everything that it does not list would count as gone. A document that
// describes a product and lists components of it is a bill.
func statementsOnly(d *inventory.Document, v *decision.Document) bool {
	described := d.Subject.Name != "" || d.Subject.PURL != ""
	if len(v.Statements) == 0 || d.Dependencies > 0 || described && len(d.Components) > 0 {
		return false
	}
	about := map[string]bool{}
	for _, s := range v.Statements {
		for _, p := range s.Products {
			about[p.ID], about[p.PURL] = true, true
			for _, part := range p.Parts {
				about[part] = true
			}
		}
	}
	delete(about, "")
	return !slices.ContainsFunc(d.Components, func(c inventory.Component) bool {
		return !about[c.PURL] && !about[c.Name] && !about[c.Name+"@"+c.Version] && !about[c.Ref]
	})
}

func parseSPDX(r io.Reader, o Options) (*Parsed, error) {
	d, err := spdx.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return bill(d), nil
}

func parseAttestation(r io.Reader, o Options) (*Parsed, error) {
	list, faults, err := intoto.Parse(r, o.Limits, o.Trust, o.Now)
	if err != nil {
		return nil, err
	}
	out := &Parsed{Format: "in-toto", Kind: check.Provenance, Items: int64(len(list)), Faults: faults, Attestations: list}
	for _, a := range list {
		out.ProducedAt = max(out.ProducedAt, a.SignedAt, a.BuiltAt)
		if out.Tool == "" {
			out.Tool = a.Builder
		}
		if out.Subject == "" && len(a.Subjects) > 0 {
			out.Subject = a.Subjects[0].Name
		}
	}
	return out, nil
}

// bill is a bill of materials.
func bill(d *inventory.Document) *Parsed {
	out := &Parsed{Format: string(d.Format), Kind: check.Inventory, Subject: subject(d), ProducedAt: d.CreatedAt, Items: int64(len(d.Components)), Faults: d.Faults, Inventory: d}
	var tools []string
	for _, t := range d.Tools {
		tools = append(tools, strings.TrimSpace(t.Name+" "+t.Version))
	}
	out.Tool = strings.Join(tools, ", ")
	return out
}

// subject is the product that a bill of materials describes, with its version.
func subject(d *inventory.Document) string {
	name := d.Subject.Name
	if d.Subject.Group != "" {
		name = d.Subject.Group + "/" + name
	}
	return strings.TrimSpace(name + " " + d.Subject.Version)
}

func parseCSAF(r io.Reader, o Options) (*Parsed, error) {
	d, err := csaf.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	pub := d.Publication()
	out := &Parsed{Format: "csaf", Kind: check.Advisories, Tool: pub.Publisher, Subject: strings.TrimSpace(pub.ID + " " + pub.Title), ProducedAt: pub.ReleasedAt,
		Items: int64(pub.Vulnerabilities), Faults: slices.Clone(d.Faults), Publication: &pub, VEX: d.VEX()}
	for _, f := range d.Failures() {
		out.Faults = append(out.Faults, f.Fault())
	}
	if out.VEX != nil {
		out.Faults = append(out.Faults, out.VEX.Faults...)
	}
	if pub.Category == "csaf_vex" {
		out.Kind = check.VEX
	}
	return out, nil
}

func parseSARIF(r io.Reader, o Options) (*Parsed, error) {
	scans, faults, err := sarif.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	out := &Parsed{Format: "sarif", Kind: check.Scan, Faults: faults, Scans: scans}
	var tools []string
	for _, s := range scans {
		tool := strings.TrimSpace(s.Tool + " " + s.ToolVersion)
		if !slices.Contains(tools, tool) {
			tools = append(tools, tool)
		}
		out.ProducedAt = max(out.ProducedAt, s.EndAt)
		out.Items += int64(s.Suppressed)
		for _, n := range s.Open {
			out.Items += int64(n)
		}
		if out.Subject == "" {
			out.Subject = s.Repository
		}
	}
	out.Tool = strings.Join(tools, ", ")
	return out, nil
}

func parseJUnit(r io.Reader, o Options) (*Parsed, error) {
	t, faults, err := junit.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	out := &Parsed{Format: "junit-xml", Kind: check.Tests, Tool: t.Tool, ProducedAt: t.At, Items: int64(t.Tests), Faults: faults, Tests: t}
	if len(t.Suites) == 1 {
		out.Subject = t.Suites[0].Name
	}
	return out, nil
}

func parseScorecard(r io.Reader, o Options) (*Parsed, error) {
	s, faults, err := scorecard.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return one("scorecard", check.Scorecard, "OpenSSF Scorecard "+s.Version, s.Repository, s.At, len(s.Checks), faults, func(p *Parsed) { p.Scorecard = s }), nil
}

func parseRepository(r io.Reader, o Options) (*Parsed, error) {
	f, faults, err := repository.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return one("touchstone-repository", check.Repository, f.Collector, f.Repository, f.CollectedAt, 1, faults, func(p *Parsed) { p.Repository = f }), nil
}

func parseArtifacts(r io.Reader, o Options) (*Parsed, error) {
	f, faults, err := artifacts.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	return one("touchstone-artifacts", check.Provenance, "", "", 0, len(f.Files), faults, func(p *Parsed) { p.Artifacts = f }), nil
}

func parseSecurityTxt(r io.Reader, o Options) (*Parsed, error) {
	f, faults, err := securitytxt.Parse(r, o.Limits)
	if err != nil {
		return nil, err
	}
	subject := ""
	if len(f.Canonical) > 0 {
		subject = f.Canonical[0]
	}
	return one("security-txt", check.Disclosure, "", subject, 0, 1, faults, func(p *Parsed) { p.SecurityTxt = f }), nil
}

// one is a document that says one thing.
func one(format string, kind check.Kind, tool, subject string, at int64, items int, faults []fact.Fault, set func(*Parsed)) *Parsed {
	p := &Parsed{Format: format, Kind: kind, Tool: strings.TrimSpace(tool), Subject: subject, ProducedAt: at, Items: int64(items), Faults: faults}
	set(p)
	return p
}
