package occurrence

import (
	"encoding/binary"
	"fmt"
	"sync"
)

// Version is one version of a package that some document names.
type Version struct {
	ID      int64 // its number in the dictionary
	Version string
	PURL    string
	Problem string // why it cannot be assessed; "" when it can
}

// Package is an entry of the dictionary. Ecosystem "" means that the component
// could not be identified; such a package is found by nothing.
type Package struct {
	ID        int64
	Ecosystem string
	Key       string
	Name      string
}

// Document is where occurrences stand.
type Document struct {
	Seq          int64 // the order of documents
	Organisation string
	System       string
	Release      string
	ID           string
	Lane         string // of one release and lane only the newest counts
}

// Hit is one version of a package in one document.
type Hit struct {
	Document Document
	Version  int64
}

type packageKey struct{ ecosystem, key string }

type packageEntry struct {
	Package
	versions []int32 // numbers in versions
}

type versionEntry struct {
	Version
	pkg  int32
	last int32  // number in documents of the last posting
	docs []byte // numbers of documents plus one, as differences in varints
}

type lane struct{ organisation, release, name string }

// Index is safe for concurrent use.
type Index struct {
	mu        sync.RWMutex
	packages  map[int64]*packageEntry
	byKey     map[packageKey]*packageEntry
	versions  []versionEntry
	byID      map[int64]int32
	documents []Document // replaced ones have Organisation ""
	newest    map[lane]int32
	current   map[string]int32 // id of a document to its number
	postings  int64
}

// New returns an empty index.
func New() *Index {
	return &Index{packages: map[int64]*packageEntry{}, byKey: map[packageKey]*packageEntry{}, byID: map[int64]int32{}, newest: map[lane]int32{}, current: map[string]int32{}}
}

// AddPackage makes a package known. Adding it again changes nothing.
func (x *Index) AddPackage(p Package) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.packages[p.ID] != nil {
		return
	}
	e := &packageEntry{Package: p}
	x.packages[p.ID] = e
	x.byKey[packageKey{p.Ecosystem, p.Key}] = e
}

// AddVersion makes a version of a known package known. Adding it again changes
// nothing.
func (x *Index) AddVersion(pkg int64, v Version) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, have := x.byID[v.ID]; have {
		return nil
	}
	e := x.packages[pkg]
	if e == nil {
		return fmt.Errorf("occurrence: version %d is of package %d, which is not known", v.ID, pkg)
	}
	n := int32(len(x.versions))
	x.versions = append(x.versions, versionEntry{Version: v, pkg: int32(pkg), last: -1})
	x.byID[v.ID] = n
	e.versions = append(e.versions, n)
	return nil
}

// AddDocument adds the occurrences of a document. It takes the place of an older
// one of the same release and lane. Documents are added in the order of Seq; one
// that is there already changes nothing.
func (x *Index) AddDocument(d Document, versions []int64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, have := x.current[d.ID]; have {
		return nil
	}
	for _, id := range versions {
		if _, known := x.byID[id]; !known {
			return fmt.Errorf("occurrence: document %s names version %d, which is not known", d.ID, id)
		}
	}
	l := lane{d.Organisation, d.Release, d.Lane}
	if old, have := x.newest[l]; have {
		if x.documents[old].Seq > d.Seq {
			return nil
		}
		delete(x.current, x.documents[old].ID)
		x.documents[old] = Document{}
	}
	n := int32(len(x.documents))
	x.documents = append(x.documents, d)
	x.newest[l], x.current[d.ID] = n, n
	for _, id := range versions {
		e := &x.versions[x.byID[id]]
		e.docs = binary.AppendUvarint(e.docs, uint64(n-e.last))
		e.last = n
	}
	x.postings += int64(len(versions))
	return nil
}

// RemoveRelease takes the documents of a release out: it was retired.
func (x *Index) RemoveRelease(organisation, release string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for l, n := range x.newest {
		if l.organisation == organisation && l.release == release {
			delete(x.current, x.documents[n].ID)
			x.documents[n] = Document{}
			delete(x.newest, l)
		}
	}
}

// Versions lists the known versions of a package by its key.
func (x *Index) Versions(ecosystem, key string) []Version {
	x.mu.RLock()
	defer x.mu.RUnlock()
	e := x.byKey[packageKey{ecosystem, key}]
	if e == nil || ecosystem == "" {
		return nil
	}
	out := make([]Version, len(e.versions))
	for i, n := range e.versions {
		out[i] = x.versions[n].Version
	}
	return out
}

// Find returns the number of a version that is known already, so that a delivery
// need not ask the database for it.
func (x *Index) Find(ecosystem, key string, v Version) (int64, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	e := x.byKey[packageKey{ecosystem, key}]
	if e == nil {
		return 0, false
	}
	for _, n := range e.versions {
		if h := x.versions[n].Version; h.Version == v.Version && h.PURL == v.PURL && h.Problem == v.Problem {
			return h.ID, true
		}
	}
	return 0, false
}

// Lookup returns a version by its number, with its package.
func (x *Index) Lookup(id int64) (Package, Version, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, ok := x.byID[id]
	if !ok {
		return Package{}, Version{}, false
	}
	v := x.versions[n]
	return x.packages[int64(v.pkg)].Package, v.Version, true
}

// Where lists the documents in force that hold any of the versions, of one
// organisation, in the order of versions and then of documents.
func (x *Index) Where(organisation string, versions []int64) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []Hit
	for _, id := range versions {
		n, ok := x.byID[id]
		if !ok {
			continue
		}
		at := int32(-1)
		for b := x.versions[n].docs; len(b) > 0; {
			d, size := binary.Uvarint(b)
			b = b[size:]
			at += int32(d)
			if doc := &x.documents[at]; doc.Organisation == organisation && organisation != "" {
				out = append(out, Hit{Document: *doc, Version: id})
			}
		}
	}
	return out
}

// Everywhere calls fn with the organisation and the system of every document in
// force that holds any of the versions. Systems may come several times; fn must not
// ask the index.
func (x *Index) Everywhere(versions []int64, fn func(organisation, system string)) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, id := range versions {
		n, ok := x.byID[id]
		if !ok {
			continue
		}
		at := int32(-1)
		for b := x.versions[n].docs; len(b) > 0; {
			d, size := binary.Uvarint(b)
			b = b[size:]
			at += int32(d)
			if doc := &x.documents[at]; doc.Organisation != "" {
				fn(doc.Organisation, doc.System)
			}
		}
	}
}

// InForce reports whether a document counts: it is known and no newer one took
// its place.
func (x *Index) InForce(id string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	_, ok := x.current[id]
	return ok
}

// Size is what the index holds.
type Size struct{ Packages, Versions, Documents, Postings int64 }

// Size counts what the index holds; replaced documents count as postings until
// the index is made again.
func (x *Index) Size() Size {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return Size{Packages: int64(len(x.packages)), Versions: int64(len(x.versions)), Documents: int64(len(x.current)), Postings: x.postings}
}
