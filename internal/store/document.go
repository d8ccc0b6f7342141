package store

import (
	"context"
)

// Document is one file that a machine delivered for a release, with what was
// understood of it. The file itself is the evidence record's.
type Document struct {
	Organisation string
	ID           string
	System       string
	Release      string
	Evidence     string
	Digest       string // SHA-256 of the file, hex
	Format       string // cyclonedx-json, sarif, …
	Kind         string // what it speaks of: inventory, scan, tests, …
	Status       string // accepted or accepted_with_faults
	Tool         string // name of the program that made it
	Subject      string // what it describes, as it says
	Items        int64  // components, results, statements
	ProducedAt   int64  // what the document says; 0 = nothing
	ReceivedAt   int64
	DeliveredBy  string
	Faults       string // JSON list
	Facts        string // JSON, by kind
	JudgedAt     int64  // when the standings took it in; 0 = not yet
}

var documentTable = table{name: "document", key: 2, volatile: 1, cols: cols(`organisation_id id system_id release_id evidence_id digest format kind status tool subject items
	produced_at received_at delivered_by faults facts judged_at`)}

func (d *Document) fields() []any {
	return []any{&d.Organisation, &d.ID, &d.System, &d.Release, &d.Evidence, &d.Digest, &d.Format, &d.Kind, &d.Status, &d.Tool, &d.Subject, &d.Items,
		&d.ProducedAt, &d.ReceivedAt, &d.DeliveredBy, &d.Faults, &d.Facts, &d.JudgedAt}
}

// CreateDocument adds a document; the same file again for one release is a
// fault.Conflict.
func (tx *Tx) CreateDocument(ctx context.Context, d Document) error {
	return tx.insert(ctx, documentTable, d.fields())
}

// DocumentWithDigest finds the same file delivered before for a release that was
// read in scope.
func (tx *Tx) DocumentWithDigest(ctx context.Context, r Release, digest string) (Document, error) {
	var d Document
	err := tx.one(ctx, "SELECT "+documentTable.list()+" FROM document WHERE organisation_id = $1 AND release_id = $2 AND digest = $3",
		[]any{r.Organisation, r.ID, digest}, d.fields())
	return d, err
}

// DocumentsOf lists the documents of a release that was read in scope, newest
// first.
func (tx *Tx) DocumentsOf(ctx context.Context, r Release) ([]Document, error) {
	return all(ctx, tx, "SELECT "+documentTable.list()+" FROM document WHERE organisation_id = $1 AND release_id = $2 ORDER BY received_at DESC, id DESC LIMIT 5000",
		[]any{r.Organisation, r.ID}, (*Document).fields)
}

// DocumentsNamed lists documents of a system that was read in scope by their ids,
// the newest first.
func (tx *Tx) DocumentsNamed(ctx context.Context, s System, ids []string) ([]Document, error) {
	w := &where{}
	w.add("organisation_id = ?", s.Organisation)
	w.add("system_id = ?", s.ID)
	w.in("id", ids)
	return all(ctx, tx, "SELECT "+documentTable.list()+" FROM document"+w.sql()+" ORDER BY received_at DESC, id DESC", w.args, (*Document).fields)
}

// DocumentForJob reads a document for the job that judges it.
func (tx *Tx) DocumentForJob(ctx context.Context, organisation, id string) (Document, error) {
	var d Document
	err := tx.one(ctx, "SELECT "+documentTable.list()+" FROM document WHERE organisation_id = $1 AND id = $2", []any{organisation, id}, d.fields())
	return d, err
}

// MarkJudged notes that the standings took the document in.
func (tx *Tx) MarkJudged(ctx context.Context, d Document) error {
	return tx.exec(ctx, "UPDATE document SET judged_at = $1 WHERE organisation_id = $2 AND id = $3", tx.now, d.Organisation, d.ID)
}

// Package is one entry of the dictionary that the whole instance shares.
type Package struct {
	ID        int64
	Ecosystem string // "" = the component could not be identified
	Key       string // as it is matched
	Name      string // as it is shown
}

var packageTable = table{name: "package", key: 1, silent: true, cols: cols("id ecosystem match_key name")}

func (p *Package) fields() []any { return []any{&p.ID, &p.Ecosystem, &p.Key, &p.Name} }

// PackageVersion is one version of a package as a document gave it. Problem says
// why it cannot be assessed; "" when it can.
type PackageVersion struct {
	ID      int64
	Package int64
	Version string
	PURL    string
	Problem string
}

var packageVersionTable = table{name: "package_version", key: 1, silent: true, cols: cols("id package_id version purl problem")}

func (v *PackageVersion) fields() []any {
	return []any{&v.ID, &v.Package, &v.Version, &v.PURL, &v.Problem}
}

// take gives out n numbers of a counter and returns the first. The counter's row
// stays locked until the transaction ends, so numbers are given in commit order.
func (tx *Tx) take(ctx context.Context, counter string, n int) (int64, error) {
	var last int64
	err := tx.row(ctx, "UPDATE counter SET n = n + $1 WHERE name = $2 RETURNING n", []any{int64(n), counter}).Scan(&last)
	return last - int64(n) + 1, err
}

const atOnce = 200 // keys in one statement

// EnsurePackages gives every package its id, adding those that are not there.
// Ecosystem and key must be set; the list has no pair twice.
func (tx *Tx) EnsurePackages(ctx context.Context, ps []Package) error {
	// The lock comes first: whoever waits for it sees what the other one added.
	if err := tx.exec(ctx, "UPDATE counter SET n = n WHERE name = 'package'"); err != nil {
		return err
	}
	type key struct{ ecosystem, key string }
	ids := map[key]int64{}
	for from := 0; from < len(ps); from += atOnce {
		w := &where{}
		byEcosystem := map[string][]string{}
		for _, p := range ps[from:min(from+atOnce, len(ps))] {
			byEcosystem[p.Ecosystem] = append(byEcosystem[p.Ecosystem], p.Key)
		}
		for ecosystem, keys := range byEcosystem {
			w.parts, w.args = nil, nil
			w.add("ecosystem = ?", ecosystem)
			w.in("match_key", keys)
			have, err := all(ctx, tx, "SELECT "+packageTable.list()+" FROM package"+w.sql(), w.args, (*Package).fields)
			if err != nil {
				return err
			}
			for _, p := range have {
				ids[key{p.Ecosystem, p.Key}] = p.ID
			}
		}
	}
	var missing []int
	for i := range ps {
		if ps[i].ID = ids[key{ps[i].Ecosystem, ps[i].Key}]; ps[i].ID == 0 {
			missing = append(missing, i)
		}
	}
	next, err := tx.take(ctx, "package", len(missing))
	if err != nil {
		return err
	}
	rows := make([][]any, len(missing))
	for i, at := range missing {
		ps[at].ID = next + int64(i)
		rows[i] = values(ps[at].fields())
	}
	return tx.insertRows(ctx, packageTable, rows)
}

// EnsurePackageVersions gives every version its id, adding those that are not
// there. Package must be set; the list has no entry twice.
func (tx *Tx) EnsurePackageVersions(ctx context.Context, vs []PackageVersion) error {
	if err := tx.exec(ctx, "UPDATE counter SET n = n WHERE name = 'package_version'"); err != nil {
		return err
	}
	ids := map[PackageVersion]int64{}
	for from := 0; from < len(vs); from += atOnce {
		var packages []any
		for _, v := range vs[from:min(from+atOnce, len(vs))] {
			packages = append(packages, v.Package)
		}
		have, err := all(ctx, tx, "SELECT "+packageVersionTable.list()+" FROM package_version WHERE package_id IN ("+placeholders(1, len(packages))+")", packages, (*PackageVersion).fields)
		if err != nil {
			return err
		}
		for _, v := range have {
			id := v.ID
			v.ID = 0
			ids[v] = id
		}
	}
	var missing []int
	for i := range vs {
		vs[i].ID = 0
		if vs[i].ID = ids[vs[i]]; vs[i].ID == 0 {
			missing = append(missing, i)
		}
	}
	next, err := tx.take(ctx, "package_version", len(missing))
	if err != nil {
		return err
	}
	rows := make([][]any, len(missing))
	for i, at := range missing {
		vs[at].ID = next + int64(i)
		rows[i] = values(vs[at].fields())
	}
	return tx.insertRows(ctx, packageVersionTable, rows)
}

// Occurrences are the package versions of one document, packed. Seq orders
// documents in time.
type Occurrences struct {
	Seq          int64
	Organisation string
	Document     string
	System       string
	Release      string
	Lane         string // of one release and lane only the newest counts
	N            int64
	Postings     []byte
}

var occurrenceTable = table{name: "occurrence", key: 1, silent: true, cols: cols("seq organisation_id document_id system_id release_id lane n postings")}

func (o *Occurrences) fields() []any {
	return []any{&o.Seq, &o.Organisation, &o.Document, &o.System, &o.Release, &o.Lane, &o.N, &o.Postings}
}

// AddOccurrences keeps the occurrences of a document and returns their number in
// the order of documents.
func (tx *Tx) AddOccurrences(ctx context.Context, o Occurrences) (int64, error) {
	var err error
	if o.Seq, err = tx.take(ctx, "occurrence", 1); err != nil {
		return 0, err
	}
	return o.Seq, tx.insert(ctx, occurrenceTable, o.fields())
}

// OccurrencesOf reads the occurrences of a document that was read in scope.
func (tx *Tx) OccurrencesOf(ctx context.Context, d Document) (Occurrences, error) {
	var o Occurrences
	err := tx.one(ctx, "SELECT "+occurrenceTable.list()+" FROM occurrence WHERE organisation_id = $1 AND document_id = $2", []any{d.Organisation, d.ID}, o.fields())
	return o, err
}

// OccurrencesIn lists the occurrences of every document of a system that was read
// in scope, oldest first.
func (tx *Tx) OccurrencesIn(ctx context.Context, s System) ([]Occurrences, error) {
	return all(ctx, tx, "SELECT "+occurrenceTable.list()+" FROM occurrence"+perSystem+" ORDER BY seq", []any{s.Organisation, s.ID}, (*Occurrences).fields)
}

// EachPackage, EachPackageVersion and EachOccurrences read everything after a
// number, in order, for the index of what is affected.
func (tx *Tx) EachPackage(ctx context.Context, after int64, fn func(Package) error) error {
	return stream(ctx, tx, "SELECT "+packageTable.list()+" FROM package WHERE id > $1 ORDER BY id", []any{after}, (*Package).fields, fn)
}

// EachPackageVersion: see EachPackage.
func (tx *Tx) EachPackageVersion(ctx context.Context, after int64, fn func(PackageVersion) error) error {
	return stream(ctx, tx, "SELECT "+packageVersionTable.list()+" FROM package_version WHERE id > $1 ORDER BY id", []any{after}, (*PackageVersion).fields, fn)
}

// EachOccurrences: see EachPackage. Postings may be kept by fn.
func (tx *Tx) EachOccurrences(ctx context.Context, after int64, fn func(Occurrences) error) error {
	return stream(ctx, tx, "SELECT "+occurrenceTable.list()+" FROM occurrence WHERE seq > $1 ORDER BY seq", []any{after}, (*Occurrences).fields, fn)
}

// stream reads rows one at a time, for what is too much to hold twice.
func stream[T any](ctx context.Context, tx *Tx, query string, args []any, fields func(*T) []any, fn func(T) error) error {
	rows, err := tx.query(ctx, query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}
