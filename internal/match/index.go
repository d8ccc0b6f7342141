// Package match finds which advisories apply to a version of a package, and says of
// every component what is known of it. It holds all advisories in memory, by
// package; one that arrives is found at once.
//
// Ranges are evaluated by the rules of the OSV schema, whole. What cannot be
// compared is never taken for a no. Which documents hold a version is in
// internal/match/occurrence.
package match

import (
	"maps"
	"slices"
	"sync"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// Record is an advisory as the index holds it.
type Record struct {
	advisory.Advisory
	ReceivedAt int64 // when this instance first had this revision
}

type packageKey struct{ ecosystem, key string }

// entry is one entry of one advisory, made ready when it is first asked for.
type entry struct {
	record  *Record
	release string
	at      int // in record.Affected
	once    sync.Once
	ready   *compiled
}

func (e *entry) compiled() *compiled {
	e.once.Do(func() { e.ready = compile(&e.record.Affected[e.at]) })
	return e.ready
}

// Index is safe for concurrent use.
type Index struct {
	mu          sync.RWMutex
	records     map[string]*Record
	packages    map[packageKey][]*entry
	asserted    map[string]map[string]struct{} // alias to the ids of the records that assert it
	quarantined map[packageKey]map[string]string
	broken      map[string]advisory.Quarantined
}

// New returns an empty index.
func New() *Index {
	return &Index{records: map[string]*Record{}, packages: map[packageKey][]*entry{}, asserted: map[string]map[string]struct{}{},
		quarantined: map[packageKey]map[string]string{}, broken: map[string]advisory.Quarantined{}}
}

func keyOf(ecosystem, name string) (packageKey, string) {
	base, release := purl.Split(ecosystem)
	return packageKey{base, purl.Key(base, name)}, release
}

// Add adds an advisory, in place of an earlier revision with its id. A withdrawn one
// is kept and applies to nothing. A record that was quarantined before is whole now.
func (x *Index) Add(a advisory.Advisory, receivedAt int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(a.ID)
	x.release(a.ID)
	r := &Record{Advisory: a, ReceivedAt: receivedAt}
	x.records[a.ID] = r
	for _, alias := range a.Aliases {
		if x.asserted[alias] == nil {
			x.asserted[alias] = map[string]struct{}{}
		}
		x.asserted[alias][a.ID] = struct{}{}
	}
	if a.Withdrawn != 0 {
		return
	}
	for i := range a.Affected {
		k, release := keyOf(a.Affected[i].Ecosystem, a.Affected[i].Name)
		x.packages[k] = append(x.packages[k], &entry{record: r, release: release, at: i})
	}
}

// Remove takes an advisory out: its source no longer has it.
func (x *Index) Remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *Index) remove(id string) {
	r := x.records[id]
	if r == nil {
		return
	}
	delete(x.records, id)
	for _, alias := range r.Aliases {
		delete(x.asserted[alias], id)
		if len(x.asserted[alias]) == 0 {
			delete(x.asserted, alias)
		}
	}
	for i := range r.Affected {
		k, _ := keyOf(r.Affected[i].Ecosystem, r.Affected[i].Name)
		// A new list: readers may hold the old one.
		left := slices.Collect(func(yield func(*entry) bool) {
			for _, e := range x.packages[k] {
				if e.record != r && !yield(e) {
					return
				}
			}
		})
		if len(left) == 0 {
			delete(x.packages, k)
		} else {
			x.packages[k] = left
		}
	}
}

// Quarantine notes a record that could not be read. Components of the packages that
// it names cannot be assessed until it can.
func (x *Index) Quarantine(q advisory.Quarantined) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(q.ID)
	x.release(q.ID)
	x.broken[q.ID] = q
	for _, p := range q.Packages {
		k, _ := keyOf(p.Ecosystem, p.Name)
		if x.quarantined[k] == nil {
			x.quarantined[k] = map[string]string{}
		}
		x.quarantined[k][q.ID] = q.Reason
	}
}

func (x *Index) release(id string) {
	q, was := x.broken[id]
	if !was {
		return
	}
	delete(x.broken, id)
	for _, p := range q.Packages {
		k, _ := keyOf(p.Ecosystem, p.Name)
		delete(x.quarantined[k], id)
		if len(x.quarantined[k]) == 0 {
			delete(x.quarantined, k)
		}
	}
}

// Release forgets a record that could not be read: its source has it no longer.
func (x *Index) Release(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.release(id)
}

// Quarantined lists the records that could not be read, by id.
func (x *Index) Quarantined() []advisory.Quarantined {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.SortedFunc(maps.Values(x.broken), func(a, b advisory.Quarantined) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
}

// Get is the record with an id, which is not one of its aliases.
func (x *Index) Get(id string) (*Record, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	r := x.records[id]
	return r, r != nil
}

// Len is the number of advisories, withdrawn ones included.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.records)
}

// Group is every record about one vulnerability: those with one of its ids, those
// that assert one of them as an alias, and what these assert in turn. Each alias
// keeps who asserted it.
type Group struct {
	IDs      []string            // of records that are held, sorted
	Aliases  []string            // every other id, sorted
	Asserted map[string][]string // alias to the records that assert it
	Records  []*Record
}

// Has reports whether an id is one of the group's.
func (g Group) Has(id string) bool {
	return slices.Contains(g.IDs, id) || slices.Contains(g.Aliases, id)
}

// All is every id of the group, those of records first.
func (g Group) All() []string { return slices.Concat(g.IDs, g.Aliases) }

// Group gathers what is held about an id or an alias; an empty group when nothing
// is.
func (x *Index) Group(id string) Group {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.group(id)
}

func (x *Index) group(id string) Group {
	g := Group{Asserted: map[string][]string{}}
	seen := map[string]bool{id: true}
	const most = 200 // ids of one vulnerability; more is somebody's mistake, and is cut off
	for todo := []string{id}; len(todo) > 0 && len(seen) < most; todo = todo[1:] {
		next := func(other string) {
			if !seen[other] {
				seen[other] = true
				todo = append(todo, other)
			}
		}
		if r := x.records[todo[0]]; r != nil {
			g.IDs = append(g.IDs, r.ID)
			g.Records = append(g.Records, r)
			for _, a := range r.Aliases {
				g.Asserted[a] = append(g.Asserted[a], r.ID)
				next(a)
			}
		}
		for by := range x.asserted[todo[0]] {
			next(by)
		}
	}
	for other := range seen {
		if x.records[other] == nil && (len(g.IDs) > 0 || other != id) {
			g.Aliases = append(g.Aliases, other)
		}
	}
	slices.Sort(g.IDs)
	slices.Sort(g.Aliases)
	slices.SortFunc(g.Records, func(a, b *Record) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	for _, by := range g.Asserted {
		slices.Sort(by)
	}
	return g
}
