package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// knowledge is everything that is known of a system at one instant: which
// documents count, what they say, and what follows from them with the advisories
// and decisions of the moment.
type knowledge struct {
	org       store.Organisation
	system    store.System
	policy    finding.Policy
	lanes     []store.Lane
	products  map[string]bool
	release   store.Release    // that speaks for the system; empty when none does
	described string           // release that the findings are of
	count     []store.Document // that count, by lane
	facts     check.Facts
	findings  []Finding
	coverage  Coverage
	next      int64 // when findings or coverage change by themselves; 0 = not

	only       string          // release to look at instead; "" = the one that speaks
	list       bool            // keep every component, for lists
	components []ComponentLine // when list is set
}

// look gathers what is known of a system.
func (a *App) look(ctx context.Context, tx *store.Tx, s store.System) (*knowledge, error) {
	return a.lookAt(ctx, tx, &knowledge{system: s})
}

// lookAt is look with a choice of release and of what to keep.
func (a *App) lookAt(ctx context.Context, tx *store.Tx, k *knowledge) (*knowledge, error) {
	s := k.system
	k.products = map[string]bool{}
	var err error
	if k.org, err = tx.OrganisationByID(ctx, s.Organisation); err != nil {
		return nil, err
	}
	if k.policy, err = policyOf(ctx, tx, s.Organisation); err != nil {
		return nil, err
	}
	if k.lanes, err = tx.LanesOf(ctx, s); err != nil {
		return nil, err
	}
	products, err := tx.ProductsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, p := range products {
		k.products[p.Name] = true
	}
	releases, err := tx.ReleasesOf(ctx, s, 1000)
	if err != nil {
		return nil, err
	}
	k.facts = check.Facts{Now: tx.Now(), System: check.SystemFact{Exposed: exposed(s), Exposure: s.Exposure, Stage: s.Stage, Kind: s.Kind, Personal: s.Personal}}
	chosen, inventories := k.choose(releases)
	if k.count, err = tx.DocumentsNamed(ctx, s, chosen); err != nil {
		return nil, err
	}
	for _, d := range k.count {
		if err := k.take(d); err != nil {
			return nil, err
		}
	}
	return k, a.lookUp(ctx, tx, k, inventories)
}

// exposed reports whether the public internet reaches a system, as far as the
// register says; what is not known counts as the worse.
func exposed(s store.System) bool { return s.Exposure == "public" || s.Exposure == "" }

// sound reports whether a document may let anything pass: nothing is doubtful
// about it, and a bill of materials is of a product of the system.
func (k *knowledge) sound(l store.Lane) bool {
	return l.Doubt == "" && (l.Kind != string(check.Inventory) || k.products[l.Product])
}

// choose picks the release that speaks for the system, the newest that has a sound
// document, and the documents that count: of each lane the newest sound one, in
// that release for what speaks of one build, in any release for the rest.
//
// inventories are the bills of materials that findings come from. Where the
// release has none they are those of the newest release that has: a build that
// nobody described is not a build without vulnerabilities.
func (k *knowledge) choose(releases []store.Release) (documents, inventories []string) {
	order := map[string]int{} // of releases in use, the newest first
	for _, r := range releases {
		if k.only == "" && r.RetiredAt == 0 || k.only == r.ID {
			order[r.ID] = len(order)
		}
	}
	best, described := -1, -1
	for _, l := range k.lanes {
		at, inUse := order[l.Release]
		if !inUse || !k.sound(l) || !slices.Contains(ofRelease, check.Kind(l.Kind)) {
			continue
		}
		if best < 0 || at < best {
			best = at
		}
		if l.Kind == string(check.Inventory) && (described < 0 || at < described) {
			described = at
		}
	}
	for _, r := range releases {
		if at, inUse := order[r.ID]; inUse && at == best {
			k.release = r
			k.facts.Release, k.facts.ReleasedAt = r.Name, r.CreatedAt
		}
	}
	type lane struct{ kind, name string }
	newest := map[lane]store.Lane{}
	bills := map[lane]store.Lane{}
	keep := func(m map[lane]store.Lane, l store.Lane) {
		if at := (lane{l.Kind, l.Name}); newer(l, m[at]) {
			m[at] = l
		}
	}
	for _, l := range k.lanes {
		at, inUse := order[l.Release]
		if !inUse || !k.sound(l) {
			continue
		}
		if at == best || !slices.Contains(ofRelease, check.Kind(l.Kind)) {
			keep(newest, l)
		}
		if at == described && l.Kind == string(check.Inventory) {
			k.described = l.Release
			keep(bills, l)
		}
	}
	for _, l := range newest {
		documents = append(documents, l.Document)
	}
	for _, l := range bills {
		inventories = append(inventories, l.Document)
	}
	slices.Sort(documents)
	slices.Sort(inventories)
	return documents, inventories
}

// take adds what a document says to the facts.
func (k *knowledge) take(d store.Document) error {
	var u Understood
	if err := json.Unmarshal([]byte(d.Facts), &u); err != nil {
		return fmt.Errorf("facts of %s: %w", d.ID, err)
	}
	from := check.Document{Digest: d.Digest, Format: d.Format, Tool: d.Tool, ProducedAt: d.ProducedAt, ReceivedAt: d.ReceivedAt}
	if from.ProducedAt <= 0 {
		from.ProducedAt = d.ReceivedAt
	}
	f, kept := &k.facts, u.Facts
	if i := kept.Inventory; i != nil {
		f.Inventories = append(f.Inventories, check.InventoryFact{Document: from, Subject: d.Subject, Components: i.Components, Identified: i.Identified, Versioned: i.Versioned,
			Licensed: i.Licensed, Hashed: i.Hashed, Supplied: i.Supplied, Dependencies: i.Dependencies, Authors: i.Authors, Faults: i.Faults,
			Types: i.Types, Ecosystems: i.Ecosystems, Licences: i.Licences})
	}
	f.Scans = ofEach(f.Scans, from, kept.Scans)
	f.Attestations = ofEach(f.Attestations, from, kept.Attestations)
	f.Tests = ofOne(f.Tests, from, kept.Tests)
	f.Scorecards = ofOne(f.Scorecards, from, kept.Scorecard)
	f.Repositories = ofOne(f.Repositories, from, kept.Repository)
	f.Artifacts = ofOne(f.Artifacts, from, kept.Artifacts)
	f.SecurityTxts = ofOne(f.SecurityTxts, from, kept.SecurityTxt)
	f.Statements = ofOne(f.Statements, from, kept.Statements)
	f.CVEs = ofOne(f.CVEs, from, kept.CVE)
	f.Publications = ofOne(f.Publications, from, kept.Publication)
	return nil
}

func ofEach[T any](list []check.Of[T], from check.Document, facts []T) []check.Of[T] {
	for _, f := range facts {
		list = append(list, check.Of[T]{Document: from, Fact: f})
	}
	return list
}

func ofOne[T any](list []check.Of[T], from check.Document, f *T) []check.Of[T] {
	if f == nil {
		return list
	}
	return append(list, check.Of[T]{Document: from, Fact: *f})
}

// applies reports whether a kind of fact that the check needs was ever delivered.
func (k *knowledge) applies(d check.Definition) bool {
	for _, need := range d.Needs {
		if need == check.Register || slices.ContainsFunc(k.lanes, func(l store.Lane) bool { return delivers(l, need) }) {
			return true
		}
	}
	return false
}

// delivers reports whether a document brings a kind of fact. Findings come with
// the inventory; statements may stand in a bill of materials.
func delivers(l store.Lane, need check.Kind) bool {
	kind := check.Kind(l.Kind)
	return kind == need || kind == check.Inventory && need == check.Findings
}

// evidenceFor lists the records behind the facts that a check needs.
func (k *knowledge) evidenceFor(needs []check.Kind) []string {
	var out []string
	for _, d := range k.count {
		l := store.Lane{Kind: d.Kind}
		if slices.ContainsFunc(needs, func(n check.Kind) bool { return delivers(l, n) }) {
			out = append(out, d.Evidence)
		}
	}
	return out
}
