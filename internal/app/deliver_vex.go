package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// maxDecisions bounds the decisions of one document.
const maxDecisions = 5000

// decide turns the statements of a delivered document into decisions. A statement
// about somebody else's product is kept with the document and followed by nobody,
// and so are all of them when whoever delivers may not decide.
func (d *delivery) decide(ctx context.Context, tx *store.Tx, s store.System, rel store.Release, document string, u *Understood) error {
	if u.VEX == nil || len(u.VEX.Statements) == 0 {
		return nil
	}
	if !access.May(d.who, access.DecisionWrite) {
		u.Faults = append(u.Faults, fact.Fault{Rule: "not-authorised", Detail: "Whoever delivered this may not decide about vulnerabilities, so its statements clear nothing."})
		return nil
	}
	products, err := tx.ProductsOf(ctx, s)
	if err != nil {
		return err
	}
	versions, err := versionsIn(ctx, tx, s, rel)
	if err != nil {
		return err
	}
	reader := statements{system: s, release: rel, versions: versions, products: products, source: sourceOf(u.Format), author: u.VEX.Author, at: tx.Now()}
	list := reader.read(u.VEX)
	u.Faults = append(u.Faults, reader.faults...)
	if len(list) > maxDecisions {
		return fault.Newf(fault.TooLarge, "The document makes %d decisions; at most %d are taken at once.", len(list), maxDecisions)
	}
	have, err := tx.DecisionsForJob(ctx, s)
	if err != nil {
		return err
	}
	known := map[store.Decision]bool{}
	for _, h := range have {
		known[essence(h)] = true
	}
	for _, dec := range list {
		if known[essence(dec)] {
			continue // said before, and still in force
		}
		known[essence(dec)] = true
		dec.Document = document
		if err := d.app.record(ctx, tx, &dec); err != nil {
			return err
		}
	}
	return nil
}

// essence is a decision without what differs when it is said again.
func essence(d store.Decision) store.Decision {
	d.ID, d.Document, d.MadeAt, d.RecordedAt, d.Version = "", "", 0, 0, 0
	return d
}

// record writes a decision with its entry.
func (a *App) record(ctx context.Context, tx *store.Tx, d *store.Decision) error {
	var err error
	if d.ID, err = a.newID(tx, ident.Decision); err != nil {
		return err
	}
	d.RecordedAt = tx.Now()
	if err := tx.CreateDecision(ctx, *d); err != nil {
		return err
	}
	expires := ""
	if d.ExpiresAt > 0 {
		expires = micro(d.ExpiresAt).UTC().Format("2006-01-02T15:04:05Z07:00")
	}
	tx.Record(store.Record{Action: audit.DecisionMade, Organisation: d.Organisation, TargetType: "decision", Target: d.ID, Fields: map[string]string{
		"vulnerability": d.Vulnerability, "component": d.Component, "status": d.Status, "justification": d.Justification, "expires": expires}})
	return nil
}

// versionsIn lists the versions of the products that the bills of materials of a
// release describe.
func versionsIn(ctx context.Context, tx *store.Tx, s store.System, r store.Release) ([]string, error) {
	lanes, err := tx.LanesOf(ctx, s)
	if err != nil {
		return nil, err
	}
	var bills, out []string
	for _, l := range lanes {
		if l.Kind == string(check.Inventory) && l.Release == r.ID {
			bills = append(bills, l.Document)
		}
	}
	documents, err := tx.DocumentsNamed(ctx, s, bills)
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		var u Understood
		if err := json.Unmarshal([]byte(d.Facts), &u); err != nil {
			return nil, fmt.Errorf("facts of %s: %w", d.ID, err)
		}
		if u.Product != nil && u.Product.Version != "" {
			out = append(out, u.Product.Version)
		}
	}
	return out, nil
}

func sourceOf(format string) decision.Source {
	switch {
	case strings.HasPrefix(format, "cyclonedx"):
		return decision.CycloneDX
	case strings.HasPrefix(format, "csaf"):
		return decision.CSAF
	}
	return decision.OpenVEX
}

// statements turns the statements of one document into decisions for one system.
type statements struct {
	system   store.System
	release  store.Release
	versions []string // of the products in the release, as its bills of materials give them; nil when there are none
	products []store.Product
	source   decision.Source
	author   string
	at       int64
	faults   []fact.Fault
	left     int // faults that are not listed
}

const maxStatementFaults = 100

func (r *statements) read(d *decision.Document) []store.Decision {
	var out []store.Decision
	for i, s := range d.Statements {
		at := "/statements/" + strconv.Itoa(i)
		if len(s.Products) == 0 {
			r.fault(at, "The statement names no product, so it is followed for none.")
		}
		for _, p := range s.Products {
			out = append(out, r.about(at, s, p)...)
		}
	}
	if r.left > 0 {
		r.faults = append(r.faults, fact.Fault{Rule: "statement-not-followed", Detail: plural(r.left, "1 more statement is", "%d more statements are") + " not followed."})
	}
	return out
}

func (r *statements) fault(at, format string, args ...any) {
	if len(r.faults) >= maxStatementFaults {
		r.left++
		return
	}
	r.faults = append(r.faults, fact.Fault{Pointer: at, Rule: "statement-not-followed", Detail: fmt.Sprintf(format, args...)})
}

// about reads what a statement says of one product: of components within it, of
// the product as a whole when it is this system's, or of a component that is named
// as if it were a product.
func (r *statements) about(at string, s decision.Statement, p decision.Product) []store.Decision {
	base := store.Decision{Organisation: r.system.Organisation, Vulnerability: s.Vulnerability, System: r.system.ID, Status: string(s.Status),
		Justification: string(s.Justification), Statement: s.Impact, Action: s.Action, Condition: s.Condition, Source: string(r.source), Author: r.author,
		MadeAt: min(s.MadeAt, r.at), ExpiresAt: s.ExpiresAt}
	if base.MadeAt <= 0 {
		base.MadeAt = r.at
	}
	own, version := r.own(p)
	if own && version != "" {
		if !r.speaksOf(version) {
			r.fault(at, "The statement is about version %s of the product, and this is release %s.", named(cut(version, 200)), named(r.release.Name))
			return nil
		}
		base.Release = r.release.ID // it speaks of one build
	}
	switch {
	case own && len(p.Parts) == 0:
		base.Component = p.ID
		return []store.Decision{base}
	case len(p.Parts) == 0:
		return r.component(at, base, p.PURL, p.ID)
	case !own:
		r.fault(at, "The statement is about %s, which is no product of this system.", named(cut(p.ID, 200)))
		return nil
	}
	var out []store.Decision
	for _, part := range p.Parts {
		out = append(out, r.component(at, base, part, part)...)
	}
	return out
}

// speaksOf reports whether a version of a product is that of the release. What was
// said of one build must not clear the next one. While no bill of materials says
// which version the release holds, the word of whoever delivers is taken.
func (r *statements) speaksOf(version string) bool {
	same := func(v string) bool { return strings.TrimPrefix(v, "v") == strings.TrimPrefix(version, "v") }
	return r.versions == nil || same(r.release.Name) || slices.ContainsFunc(r.versions, same)
}

func (r *statements) component(at string, d store.Decision, url, shown string) []store.Decision {
	id, known := purl.Parse(url)
	if !known {
		r.fault(at, "The statement is about %s, which is neither a product of this system nor a package URL that can be matched.", named(cut(shown, 200)))
		return nil
	}
	d.Ecosystem, d.Key, d.Versions, d.Component = id.Ecosystem, id.Key, id.Version, url
	return []store.Decision{d}
}

// own reports whether a product is one of the system's, and which version of it. A
// system whose bills of materials name no product takes what is said of it.
func (r *statements) own(p decision.Product) (bool, string) {
	version, name := "", p.ID
	if p.PURL != "" {
		id, _ := purl.Parse(p.PURL)
		version, name = id.Version, id.Name
	} else if at := strings.LastIndexByte(name, '@'); at > 0 && !strings.Contains(name[at:], "/") {
		name, version = name[:at], name[at+1:] // as CycloneDX names what has no package URL
	}
	name = strings.ToLower(name)
	nameless := true
	for _, known := range r.products {
		nameless = nameless && known.Name == ""
		if known.Name != "" && (name == known.Name || strings.HasSuffix(known.Name, "/"+name) || strings.HasSuffix(name, "/"+known.Name)) {
			return true, version
		}
	}
	return nameless && len(p.Parts) > 0, version
}
