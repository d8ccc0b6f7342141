package app

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/occurrence"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// machine holds in memory what "who is affected" is asked of: every advisory by
// package, every document by the versions that it holds, the catalogues, and how
// old all of it is. It is made from the database when the program starts, and
// kept in step on every node by asking for what was added since (docs/adr/0008).
type machine struct {
	ready      atomic.Bool
	advisories *match.Index
	where      *occurrence.Index

	following sync.Mutex // held while the database is read; guards seen
	seen      cursors

	mu         sync.RWMutex // guards what follows, for moments
	releases   map[releaseKey]store.Release
	ecosystems map[string][]string // name without release to the names in the dictionary
	feeds      []store.Feed
	asOf       map[string]int64
	exploited  advisory.Catalogue
	predicted  advisory.Predictions
	catalogues []store.Catalogue // without their bodies
	tallies    tallies
}

type releaseKey struct{ organisation, id string }

// cursors say how far the database was read.
type cursors struct {
	pkg, version, occurrences, advisories int64
	at                                    int64             // time of the last look
	quarantined                           map[string]string // id to feed
	catalogues                            map[string]string // kind to digest
}

// overlap is how far a look reaches back behind the one before where rows have a
// time and no number: the clocks of nodes may differ, and a transaction may commit
// after a later one.
const overlap = 10 * 60 * 1_000_000

func newMachine() *machine {
	return &machine{advisories: match.New(), where: occurrence.New(), releases: map[releaseKey]store.Release{}, ecosystems: map[string][]string{},
		asOf: map[string]int64{}, tallies: newTallies(), seen: cursors{quarantined: map[string]string{}, catalogues: map[string]string{}}}
}

// errNotReady is said until the index was made.
var errNotReady = fault.New(fault.Unavailable, "The index of components and advisories is still being made after the start of the server. Try again in a few seconds.")

// Ready reports whether the index of components and advisories was made. Pages
// that need it say so until then.
func (a *App) Ready() bool { return a.machine.ready.Load() }

// Follow makes the index, and later brings it up to what was committed. It is
// called by boot when the program starts, after commits and from time to time.
func (a *App) Follow(ctx context.Context) error {
	m := a.machine
	m.following.Lock()
	defer m.following.Unlock()
	err := a.DB.Read(ctx, func(tx *store.Tx) error { return m.follow(ctx, tx) })
	if err != nil {
		return fmt.Errorf("follow what was committed: %w", err)
	}
	m.ready.Store(true)
	return nil
}

// follow reads in an order in which nothing names what is not there yet.
func (m *machine) follow(ctx context.Context, tx *store.Tx) error {
	now := tx.Now()
	since := max(0, m.seen.at-overlap)
	for _, step := range []func() error{
		func() error { return m.followDictionary(ctx, tx) },
		func() error { return m.followReleases(ctx, tx, since) },
		func() error { return m.followOccurrences(ctx, tx) },
		func() error { return m.followAdvisories(ctx, tx, since) },
		func() error { return m.followFeeds(ctx, tx) },
		func() error { return m.followCatalogues(ctx, tx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	m.seen.at = now
	return nil
}

func (m *machine) followDictionary(ctx context.Context, tx *store.Tx) error {
	err := tx.EachPackage(ctx, m.seen.pkg, func(p store.Package) error {
		m.where.AddPackage(occurrence.Package{ID: p.ID, Ecosystem: p.Ecosystem, Key: p.Key, Name: p.Name})
		m.seen.pkg = p.ID
		base, _ := purl.Split(p.Ecosystem)
		m.mu.Lock()
		if !slices.Contains(m.ecosystems[base], p.Ecosystem) {
			m.ecosystems[base] = append(slices.Clone(m.ecosystems[base]), p.Ecosystem)
		}
		m.mu.Unlock()
		return nil
	})
	if err != nil {
		return err
	}
	return tx.EachPackageVersion(ctx, m.seen.version, func(v store.PackageVersion) error {
		m.seen.version = v.ID
		return m.where.AddVersion(v.Package, occurrence.Version{ID: v.ID, Version: v.Version, PURL: v.PURL, Problem: v.Problem})
	})
}

func (m *machine) followReleases(ctx context.Context, tx *store.Tx, since int64) error {
	return tx.EachRelease(ctx, since, func(r store.Release) error {
		k := releaseKey{r.Organisation, r.ID}
		m.mu.Lock()
		was, had := m.releases[k]
		m.releases[k] = r
		m.mu.Unlock()
		if r.RetiredAt != 0 && (!had || was.RetiredAt == 0) {
			m.where.RemoveRelease(r.Organisation, r.ID)
			m.mu.Lock()
			m.tallies.retire(r.Organisation, r.ID)
			m.mu.Unlock()
		}
		return nil
	})
}

func (m *machine) followOccurrences(ctx context.Context, tx *store.Tx) error {
	return tx.EachOccurrences(ctx, m.seen.occurrences, func(o store.Occurrences) error {
		m.seen.occurrences = o.Seq
		if r, known := m.release(o.Organisation, o.Release); !known || r.RetiredAt != 0 {
			return nil
		}
		ids, err := occurrence.Unpack(o.Postings)
		if err != nil {
			return fmt.Errorf("occurrences of %s: %w", o.Document, err)
		}
		err = m.where.AddDocument(occurrence.Document{Seq: o.Seq, Organisation: o.Organisation, System: o.System, Release: o.Release, ID: o.Document, Lane: o.Lane}, ids)
		if err != nil {
			return err
		}
		m.mu.Lock()
		m.tallies.add(o, ids, m.where)
		m.mu.Unlock()
		return nil
	})
}

func (m *machine) followAdvisories(ctx context.Context, tx *store.Tx, since int64) error {
	var u unpacker
	err := tx.EachAdvisory(ctx, m.seen.advisories, func(row store.Advisory) error {
		a, err := u.brief(row.Body)
		if err != nil {
			return fmt.Errorf("advisory %s: %w", row.ID, err)
		}
		m.advisories.Add(a, row.FirstAt)
		m.seen.advisories = row.Seq
		return nil
	})
	if err != nil || since == 0 {
		return err
	}
	gone, err := tx.AdvisoriesGone(ctx, since)
	for _, id := range gone {
		m.advisories.Remove(id)
	}
	return err
}

// quarantined is a record that could not be read, as it is kept with its feed.
type quarantined struct {
	ID       string             `json:"id"`
	Reason   string             `json:"reason"`
	Packages []advisory.Package `json:"packages,omitempty"`
}

func (m *machine) followFeeds(ctx context.Context, tx *store.Tx) error {
	feeds, err := tx.Feeds(ctx)
	if err != nil {
		return err
	}
	now := map[string]string{}
	asOf := map[string]int64{}
	for _, f := range feeds {
		if f.Digest != "" {
			asOf[f.Name] = f.AsOf
		}
		list, err := readQuarantined(f)
		if err != nil {
			return err
		}
		for _, q := range list {
			now[q.ID] = f.Name
			if m.seen.quarantined[q.ID] == "" {
				m.advisories.Quarantine(advisory.Quarantined{ID: q.ID, Reason: q.Reason, Packages: q.Packages})
			}
		}
	}
	for id := range m.seen.quarantined {
		if now[id] == "" { // its feed has it no longer, or has it whole
			m.advisories.Release(id)
		}
	}
	m.seen.quarantined = now
	m.mu.Lock()
	m.feeds, m.asOf = feeds, asOf
	m.mu.Unlock()
	return nil
}

func readQuarantined(f store.Feed) ([]quarantined, error) {
	if f.Quarantined == "" {
		return nil, nil
	}
	var list []quarantined
	if err := json.Unmarshal([]byte(f.Quarantined), &list); err != nil {
		return nil, fmt.Errorf("quarantine of %s: %w", f.Name, err)
	}
	return list, nil
}

// Kinds of catalogue.
const (
	catalogueKEV  = "kev"
	catalogueEPSS = "epss"
)

func (m *machine) followCatalogues(ctx context.Context, tx *store.Tx) error {
	heads, err := tx.CatalogueHeads(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(heads, func(c store.Catalogue) bool { return m.seen.catalogues[c.Kind] != c.Digest }) {
		return nil
	}
	list, err := tx.Catalogues(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := m.takeCatalogue(c); err != nil {
			return err
		}
		m.seen.catalogues[c.Kind] = c.Digest
	}
	m.mu.Lock()
	m.catalogues = heads
	m.mu.Unlock()
	return nil
}

func (m *machine) takeCatalogue(c store.Catalogue) error {
	switch c.Kind {
	case catalogueKEV:
		var k advisory.Catalogue
		if err := unpackCatalogue(c, &k); err != nil {
			return err
		}
		m.mu.Lock()
		m.exploited = k
		m.mu.Unlock()
	case catalogueEPSS:
		var p advisory.Predictions
		if err := unpackCatalogue(c, &p); err != nil {
			return err
		}
		m.mu.Lock()
		m.predicted = p
		m.mu.Unlock()
	}
	return nil
}

const largestCatalogue = 512 << 20

func unpackCatalogue(c store.Catalogue, v any) error {
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(c.Body)), largestCatalogue))
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		return fmt.Errorf("catalogue %s: %w", c.Kind, err)
	}
	return nil
}

func packCatalogue(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var p packer
	if err := p.compress(b); err != nil {
		return nil, err
	}
	return p.out.Bytes(), nil
}

// release is what is known of a release.
func (m *machine) release(organisation, id string) (store.Release, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, known := m.releases[releaseKey{organisation, id}]
	return r, known
}

// coverage says for which ecosystems there are advisories, and how old they are.
func (m *machine) coverage(now, maxAge int64) match.Feeds {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return match.Feeds{AsOf: m.asOf, Now: now, MaxAge: maxAge}
}

// identityOf is the package and version behind a number of the dictionary.
func identityOf(p occurrence.Package, v occurrence.Version) purl.Identity {
	return purl.Identity{Ecosystem: p.Ecosystem, Key: p.Key, Name: p.Name, Version: v.Version, PURL: v.PURL}
}
