package app

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// VEXInput says which decisions leave, and in which format.
type VEXInput struct {
	System  string // "" = of every system that the actor sees
	Release string // identifier or name; "" = of every release
	Format  string // one of VEXFormats
	Open    bool   // matches that nobody decided about leave too, as under investigation
}

// VEXFormats are the formats in which decisions leave.
func VEXFormats() []string { return []string{"openvex", "cyclonedx", "csaf"} }

// VEXDocument is a document of decisions, ready to be sent.
type VEXDocument struct {
	Name       string // of the file
	MediaType  string
	Marking    string // highest of the systems that it speaks of
	Statements int
	Content    []byte
}

// ExportVEX writes the decisions that hold as one document, and records that they
// left. Only what somebody decided is said: that nothing is known of a component,
// or that ranges do not hold its version, makes no statement. Of several decisions
// about the same the one that is followed leaves, so that a reader who knows none
// of our rules is not told to do less than we do. It needs decision.read, and with
// Open release.read.
//
// The document is the same for the same decisions: its time is when they last
// changed, and its version counts the changes. With open matches it is of the
// moment.
func (a *App) ExportVEX(ctx context.Context, who access.Actor, in VEXInput) (VEXDocument, Receipt, error) {
	var out VEXDocument
	if err := in.check(); err != nil {
		return out, Receipt{}, err
	}
	if in.Open {
		if _, err := a.Decide(ctx, who, access.ReleaseRead); err != nil {
			return out, Receipt{}, err
		}
	}
	if !a.Ready() {
		return out, Receipt{}, errNotReady
	}
	e := exporter{app: a, in: in}
	if err := a.reading(ctx, who, access.DecisionRead, func(tx *store.Tx, scope access.Scope) error { return e.gather(ctx, tx, scope) }); err != nil {
		return out, Receipt{}, err
	}
	var b bytes.Buffer
	var err error
	if out, err = e.write(&b); err != nil {
		return out, Receipt{}, err
	}
	out.Content = b.Bytes()
	r, err := a.writing(ctx, who, access.DecisionRead, func(tx *store.Tx, _ access.Scope) error {
		tx.Record(store.Record{Action: audit.ExportProduced, TargetType: "export", Target: or(in.System, "vex"),
			Fields: map[string]string{"what": "vex", "format": in.Format, "rows": fmt.Sprint(out.Statements)}})
		return nil
	})
	return out, r, err
}

func (in VEXInput) check() error {
	var p fault.Problems
	if !slices.Contains(VEXFormats(), in.Format) {
		p.Add("/format", "Choose openvex, cyclonedx or csaf.")
	}
	if in.System == "" && in.Release != "" {
		p.Add("/release", "A release belongs to a system, so name the system too.")
	}
	if in.System == "" && in.Open {
		p.Add("/include", "Open matches are exported for one system at a time. Name the system.")
	}
	return p.Err()
}

// exporter gathers the statements of one document.
type exporter struct {
	app      *App
	in       VEXInput
	org      store.Organisation
	doc      decision.Document
	systems  map[string]*exported
	marks    []portfolio.Marking
	releases map[string]string
}

// exported is a system of which something is said.
type exported struct {
	store.System
	names []string // of its products
}

func (e *exporter) gather(ctx context.Context, tx *store.Tx, scope access.Scope) error {
	var err error
	if e.org, err = tx.Organisation(ctx, scope); err != nil {
		return err
	}
	e.systems = map[string]*exported{}
	only := ""
	if e.in.System != "" {
		s, err := tx.System(ctx, scope, e.in.System)
		if err != nil {
			return err
		}
		if e.in.Release != "" {
			_, r, err := releaseIn(ctx, tx, scope, s.ID, e.in.Release)
			if err != nil {
				return err
			}
			only = r.ID
		}
		if err := e.system(ctx, tx, s); err != nil {
			return err
		}
	}
	rows, err := tx.Decisions(ctx, scope, e.in.System, nil)
	if err != nil {
		return err
	}
	if only != "" {
		rows = slices.DeleteFunc(rows, func(d store.Decision) bool { return d.Release != "" && d.Release != only })
	}
	e.identify(tx.Now(), scope, rows, only)
	if e.doc.ID, err = e.id(ctx, tx, scope, only); err != nil {
		return err
	}
	said := e.holding(rows, tx.Now())
	if err := e.known(ctx, tx, scope, said); err != nil {
		return err
	}
	for _, d := range said {
		e.doc.Statements = append(e.doc.Statements, e.statement(d))
	}
	if e.in.Open {
		if err := e.open(ctx, tx, only); err != nil {
			return err
		}
	}
	slices.SortStableFunc(e.doc.Statements, func(a, b decision.Statement) int {
		return cmp.Or(strings.Compare(a.Vulnerability, b.Vulnerability), slices.Compare(aboutOf(a), aboutOf(b)), cmp.Compare(a.MadeAt, b.MadeAt))
	})
	return nil
}

// aboutOf lists what a statement is about.
func aboutOf(s decision.Statement) (out []string) {
	for _, p := range s.Products {
		out = append(append(out, p.ID), p.Parts...)
	}
	return out
}

// identify says when the decisions last changed, and how often.
func (e *exporter) identify(now int64, scope access.Scope, rows []store.Decision, only string) {
	version := 0
	at := func(t int64) { version++; e.doc.MadeAt = max(e.doc.MadeAt, t) }
	for _, d := range rows {
		at(d.RecordedAt)
		if d.WithdrawnAt > 0 {
			at(d.WithdrawnAt)
		} else if d.ExpiresAt > 0 && d.ExpiresAt <= now {
			at(d.ExpiresAt)
		}
	}
	if e.doc.MadeAt == 0 || e.in.Open {
		e.doc.MadeAt = now
	}
	if e.doc.Version = fmt.Sprint(max(1, version)); e.in.Open {
		e.doc.Version = "1" // of the moment, with an identifier of its own
	}
	e.doc.Author = e.org.Name
}

// id is the identifier of the document. Readers who see different systems get
// different documents.
func (e *exporter) id(ctx context.Context, tx *store.Tx, scope access.Scope, release string) (string, error) {
	id := strings.TrimSuffix(e.app.PublicURL, "/") + "/vex/" + e.org.ID
	if e.in.System != "" {
		id += "/" + e.in.System
	} else if !scope.All() || scope.Ceiling() < access.MaxCeiling {
		list, err := tx.SystemIDs(ctx, scope)
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256([]byte(strings.Join(list, "\n")))
		id += "/some-" + hex.EncodeToString(sum[:8])
	}
	if release != "" {
		id += "/" + release
	}
	if e.in.Open {
		id += fmt.Sprintf("/open-%d", e.doc.MadeAt)
	}
	return id, nil
}

// holding leaves the decisions that are followed: of those about the same the one
// that decides, and none that a nearer one overrules everywhere in the document.
func (e *exporter) holding(rows []store.Decision, now int64) []store.Decision {
	groups := map[string]string{} // id of a vulnerability to the first id of its group
	about := map[string][]decision.Decision{}
	exploited := map[string]bool{}
	for _, d := range rows {
		first, have := groups[d.Vulnerability]
		if !have {
			first = d.Vulnerability
			for _, id := range e.app.namesOf(d.Vulnerability) {
				if known, have := groups[id]; have {
					first = known
				}
			}
			groups[d.Vulnerability] = first
			exploited[first] = exploited[first] || e.app.exploited(d.Vulnerability)
		}
		about[first] = append(about[first], domainDecision(d))
	}
	var out []store.Decision
	for _, d := range rows {
		s := ownSubject(domainDecision(d))
		s.System = or(s.System, e.in.System)
		first := groups[d.Vulnerability]
		if o := decision.Resolve(about[first], s, now, exploited[first]); o.Decided && o.By.ID == d.ID {
			out = append(out, d)
		}
	}
	return out
}

// known reads the products of the systems that decisions speak of, and the names of
// releases.
func (e *exporter) known(ctx context.Context, tx *store.Tx, scope access.Scope, said []store.Decision) error {
	var systems, releases []string
	for _, d := range said {
		if e.systems[d.System] == nil {
			systems = append(systems, d.System)
		}
		releases = append(releases, d.Release)
	}
	for some := range slices.Chunk(compacted(systems), 5000) {
		list, err := tx.SystemsNamed(ctx, scope, some)
		if err != nil {
			return err
		}
		for _, s := range list {
			if err := e.system(ctx, tx, s); err != nil {
				return err
			}
		}
	}
	e.releases = map[string]string{}
	for some := range slices.Chunk(compacted(releases), 5000) {
		names, err := tx.ReleasesNamed(ctx, scope, some)
		if err != nil {
			return err
		}
		for id, name := range names {
			e.releases[id] = name
		}
	}
	return nil
}

func (e *exporter) system(ctx context.Context, tx *store.Tx, s store.System) error {
	products, err := tx.ProductsOf(ctx, s)
	if err != nil {
		return err
	}
	x := &exported{System: s}
	for _, p := range products {
		if p.Name != "" {
			x.names = append(x.names, p.Name)
		}
	}
	if x.names == nil {
		x.names = []string{s.Name}
	}
	e.systems[s.ID] = x
	if m := portfolioSystem(s).Classification; m.Marked() {
		e.marks = append(e.marks, m)
	}
	return nil
}

// statement is what a decision says, in no format's words.
func (e *exporter) statement(d store.Decision) decision.Statement {
	s := decision.Statement{Vulnerability: d.Vulnerability, Status: decision.Status(d.Status), Justification: decision.Justification(d.Justification),
		Impact: d.Statement, Action: d.Action, Condition: d.Condition, MadeAt: d.MadeAt, ExpiresAt: d.ExpiresAt}
	s.Aliases = e.aliases(d.Vulnerability)
	if d.System == "" {
		s.Products = []decision.Product{{ID: d.Component, PURL: d.Component}}
		return s
	}
	s.Products = e.products(d.System, e.releases[d.Release])
	if d.Key != "" {
		for i := range s.Products {
			s.Products[i].Parts = []string{d.Component}
		}
	}
	return s
}

func (e *exporter) aliases(id string) []string {
	return slices.DeleteFunc(slices.Sorted(slices.Values(e.app.namesOf(id))), func(other string) bool { return other == id })
}

// products are those that a system is made of, in one release or in every one.
func (e *exporter) products(system, release string) []decision.Product {
	var out []decision.Product
	for _, name := range e.systems[system].names {
		url := genericURL(name, release)
		out = append(out, decision.Product{ID: url, PURL: url})
	}
	return out
}

// open adds what matches and nobody decided about.
func (e *exporter) open(ctx context.Context, tx *store.Tx, only string) error {
	k, err := e.app.lookAt(ctx, tx, &knowledge{system: e.systems[e.in.System].System, only: only})
	if err != nil {
		return err
	}
	release := ""
	if k.described != "" {
		r, _ := e.app.machine.release(e.org.ID, k.described)
		release = r.Name
	}
	for _, f := range k.findings {
		if f.Decided != nil || f.Verdict != finding.Affected && f.Verdict != finding.CannotAssess {
			continue
		}
		s := decision.Statement{Vulnerability: f.ID, Aliases: e.aliases(f.ID), Status: decision.UnderInvestigation, MadeAt: f.FirstSeen, Products: e.products(e.in.System, release)}
		for i := range s.Products {
			s.Products[i].Parts = []string{f.Component}
		}
		e.doc.Statements = append(e.doc.Statements, s)
	}
	return nil
}

func (e *exporter) write(b *bytes.Buffer) (VEXDocument, error) {
	const tool = "Touchstone"
	out := VEXDocument{Statements: len(e.doc.Statements), Marking: portfolio.Highest(e.marks...).String()}
	name := "touchstone-vex-" + or(e.in.System, e.org.ID)
	switch e.in.Format {
	case "cyclonedx":
		out.Name, out.MediaType = name+".cdx.json", "application/vnd.cyclonedx+json"
		return out, cyclonedx.WriteVEX(b, e.doc, tool)
	case "csaf":
		out.Name, out.MediaType = name+".csaf.json", "application/json"
		if len(e.doc.Statements) == 0 {
			return out, fault.New(fault.Conflict, "No decision holds here, and a CSAF document needs at least one statement. Choose OpenVEX or CycloneDX for an empty document.")
		}
		return out, csaf.WriteVEX(b, e.doc, csaf.Issue{Publisher: csaf.Publisher{Category: "vendor", Namespace: e.app.PublicURL}, Engine: csaf.Engine{Name: tool}})
	}
	out.Name, out.MediaType = name+".openvex.json", "application/json"
	return out, openvex.Write(b, e.doc, tool)
}

// genericURL is the package URL of a product that is known by its name only.
func genericURL(name, version string) string {
	var b strings.Builder
	b.WriteString("pkg:generic")
	for _, segment := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' }) {
		b.WriteString("/" + escaped(segment))
	}
	if version != "" {
		b.WriteString("@" + escaped(version))
	}
	return b.String()
}

// escaped escapes what has a meaning in a package URL, and all that is no letter,
// digit or plain mark.
func escaped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~:", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
