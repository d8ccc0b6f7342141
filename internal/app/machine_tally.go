package app

import (
	"github.com/touchstone-assurance/touchstone/internal/match/occurrence"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// tallies count the occurrences of every document in force by what stands in the
// way of assessing them, so that "what could not be assessed" needs no walk over
// all of them. Guarded by machine.mu.
type tallies struct {
	documents map[string]*docTally            // by id
	lanes     map[laneKey]string              // to the document that counts
	totals    map[string]map[string]int64     // organisation to ecosystem to occurrences; problems stand under ""
	systems   map[string]map[string]*docTally // organisation to system
}

type laneKey struct{ organisation, release, lane string }

// docTally is what is counted of one document, or of the documents of a system.
type docTally struct {
	organisation, system, release string
	seq                           int64
	n                             map[string]int64 // by ecosystem without its release; "" = with a problem of its own
}

func newTallies() tallies {
	return tallies{documents: map[string]*docTally{}, lanes: map[laneKey]string{}, totals: map[string]map[string]int64{}, systems: map[string]map[string]*docTally{}}
}

// add counts a document that was added to the index, and takes away the one that
// it replaces there.
func (t *tallies) add(o store.Occurrences, ids []int64, where *occurrence.Index) {
	if t.documents[o.Document] != nil || !where.InForce(o.Document) {
		return
	}
	k := laneKey{o.Organisation, o.Release, o.Lane}
	if old, replaced := t.lanes[k]; replaced {
		t.drop(old)
	}
	d := &docTally{organisation: o.Organisation, system: o.System, release: o.Release, seq: o.Seq, n: map[string]int64{}}
	for _, id := range ids {
		p, v, known := where.Lookup(id)
		if !known {
			continue
		}
		base, _ := purl.Split(p.Ecosystem)
		if v.Problem != "" {
			base = ""
		}
		d.n[base]++
	}
	t.documents[o.Document], t.lanes[k] = d, o.Document
	t.sum(d, 1)
}

func (t *tallies) drop(document string) {
	if d := t.documents[document]; d != nil {
		t.sum(d, -1)
		delete(t.documents, document)
	}
}

func (t *tallies) sum(d *docTally, sign int64) {
	org := t.totals[d.organisation]
	if org == nil {
		org = map[string]int64{}
		t.totals[d.organisation] = org
	}
	systems := t.systems[d.organisation]
	if systems == nil {
		systems = map[string]*docTally{}
		t.systems[d.organisation] = systems
	}
	s := systems[d.system]
	if s == nil {
		s = &docTally{organisation: d.organisation, system: d.system, n: map[string]int64{}}
		systems[d.system] = s
	}
	for ecosystem, n := range d.n {
		org[ecosystem] += sign * n
		s.n[ecosystem] += sign * n
	}
}

// retire takes the documents of a release away.
func (t *tallies) retire(organisation, release string) {
	for k, id := range t.lanes {
		if k.organisation == organisation && k.release == release {
			t.drop(id)
			delete(t.lanes, k)
		}
	}
}

// unassessed counts the occurrences of an organisation, or of some of its systems,
// that no advisory can speak of: they have a problem of their own, or nothing is
// loaded for their ecosystem. Nil systems are all.
func (t *tallies) unassessed(organisation string, systems []string, loaded func(ecosystem string) bool) int64 {
	var n int64
	count := func(by map[string]int64) {
		for ecosystem, k := range by {
			if ecosystem == "" || !loaded(ecosystem) {
				n += k
			}
		}
	}
	if systems == nil {
		count(t.totals[organisation])
		return n
	}
	for _, s := range systems {
		if d := t.systems[organisation][s]; d != nil {
			count(d.n)
		}
	}
	return n
}
