package store

import (
	"context"
)

// Advisory is one revision of one advisory as it was held: the record in our form,
// compressed. The newest revision of an id has SupersededAt 0, unless the record
// was taken back by its source.
type Advisory struct {
	Seq          int64
	ID           string
	Source       string // the feed that it came from
	Digest       string // SHA-256 of Body before compression, hex
	ReceivedAt   int64
	SupersededAt int64
	Body         []byte
	FirstAt      int64 // when the id was first held, in any revision
}

var advisoryTable = table{name: "advisory", key: 1, silent: true, cols: cols("seq id source digest received_at superseded_at body first_at")}

func (a *Advisory) fields() []any {
	return []any{&a.Seq, &a.ID, &a.Source, &a.Digest, &a.ReceivedAt, &a.SupersededAt, &a.Body, &a.FirstAt}
}

// AddAdvisories keeps revisions and puts those aside that they replace. The list
// has no id twice.
func (tx *Tx) AddAdvisories(ctx context.Context, list []Advisory) error {
	next, err := tx.take(ctx, "advisory", len(list))
	if err != nil {
		return err
	}
	first := map[string]int64{}
	for from := 0; from < len(list); from += atOnce {
		var ids []string
		for _, a := range list[from:min(from+atOnce, len(list))] {
			ids = append(ids, a.ID)
		}
		if err := tx.firstHeld(ctx, ids, first); err != nil {
			return err
		}
		w := &where{args: []any{tx.now}}
		w.in("id", ids)
		w.add("superseded_at = 0")
		if err := tx.execArgs(ctx, "UPDATE advisory SET superseded_at = $1"+w.sql(), w.args); err != nil {
			return err
		}
	}
	rows := make([][]any, len(list))
	for i := range list {
		a := &list[i]
		a.Seq, a.ReceivedAt, a.SupersededAt, a.FirstAt = next+int64(i), tx.now, 0, tx.now
		if at, held := first[a.ID]; held {
			a.FirstAt = at
		}
		rows[i] = values(a.fields())
	}
	return tx.insertRows(ctx, advisoryTable, rows)
}

// firstHeld adds when each of the ids was first held.
func (tx *Tx) firstHeld(ctx context.Context, ids []string, into map[string]int64) error {
	w := &where{}
	w.in("id", ids)
	return stream(ctx, tx, "SELECT id, min(first_at) FROM advisory"+w.sql()+" GROUP BY id", w.args,
		func(a *Advisory) []any { return []any{&a.ID, &a.FirstAt} }, func(a Advisory) error { into[a.ID] = a.FirstAt; return nil })
}

// DropAdvisories puts aside the newest revisions of ids that their feed no longer
// has.
func (tx *Tx) DropAdvisories(ctx context.Context, source string, ids []string) error {
	for from := 0; from < len(ids); from += atOnce {
		w := &where{args: []any{tx.now}}
		w.add("source = ?", source)
		w.in("id", ids[from:min(from+atOnce, len(ids))])
		w.add("superseded_at = 0")
		if err := tx.execArgs(ctx, "UPDATE advisory SET superseded_at = $1"+w.sql(), w.args); err != nil {
			return err
		}
	}
	return nil
}

// HeldAdvisory says which revision of a record stands, and from where.
type HeldAdvisory struct{ Source, Digest string }

// HeldAdvisories maps the id of every advisory that stands to its source and
// digest.
func (tx *Tx) HeldAdvisories(ctx context.Context) (map[string]HeldAdvisory, error) {
	out := map[string]HeldAdvisory{}
	err := stream(ctx, tx, "SELECT id, source, digest FROM advisory WHERE superseded_at = 0", nil,
		func(a *Advisory) []any { return []any{&a.ID, &a.Source, &a.Digest} }, func(a Advisory) error { out[a.ID] = HeldAdvisory{a.Source, a.Digest}; return nil })
	return out, err
}

// EachAdvisory calls fn with the newest revision of every advisory after a number,
// in order.
func (tx *Tx) EachAdvisory(ctx context.Context, after int64, fn func(Advisory) error) error {
	return stream(ctx, tx, "SELECT "+advisoryTable.list()+" FROM advisory WHERE seq > $1 AND superseded_at = 0 ORDER BY seq", []any{after}, (*Advisory).fields, fn)
}

// AdvisoriesBetween calls fn with the revisions whose numbers are from first to
// last, also those that were put aside since.
func (tx *Tx) AdvisoriesBetween(ctx context.Context, first, last int64, fn func(Advisory) error) error {
	return stream(ctx, tx, "SELECT "+advisoryTable.list()+" FROM advisory WHERE seq >= $1 AND seq <= $2 ORDER BY seq", []any{first, last}, (*Advisory).fields, fn)
}

// AdvisoriesReplaced calls fn with the newest revision of each id that was put
// aside.
func (tx *Tx) AdvisoriesReplaced(ctx context.Context, ids []string, fn func(Advisory) error) error {
	for from := 0; from < len(ids); from += atOnce {
		w := &where{}
		w.in("a.id", ids[from:min(from+atOnce, len(ids))])
		w.add("a.superseded_at > 0")
		err := stream(ctx, tx, "SELECT "+advisoryTable.prefixed("a")+" FROM advisory a"+w.sql()+
			" AND NOT EXISTS (SELECT 1 FROM advisory b WHERE b.id = a.id AND b.superseded_at > 0 AND b.seq > a.seq) ORDER BY a.seq", w.args, (*Advisory).fields, fn)
		if err != nil {
			return err
		}
	}
	return nil
}

// AdvisoriesGone lists the ids of advisories that were put aside since a time and
// have no revision that stands, for indexes that follow.
func (tx *Tx) AdvisoriesGone(ctx context.Context, since int64) ([]string, error) {
	list, err := all(ctx, tx, `SELECT DISTINCT a.id FROM advisory a WHERE a.superseded_at >= $1
		AND NOT EXISTS (SELECT 1 FROM advisory b WHERE b.id = a.id AND b.superseded_at = 0) ORDER BY a.id`, []any{since},
		func(a *Advisory) []any { return []any{&a.ID} })
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	return ids, err
}

// AdvisoryRevisions lists every revision of an advisory, newest first.
func (tx *Tx) AdvisoryRevisions(ctx context.Context, id string) ([]Advisory, error) {
	return all(ctx, tx, "SELECT "+advisoryTable.list()+" FROM advisory WHERE id = $1 ORDER BY seq DESC LIMIT 200", []any{id}, (*Advisory).fields)
}

// Feed is one source of advisories, by ecosystem.
type Feed struct {
	Name        string // the ecosystem, or "api" for records that were posted
	Origin      string // where it was read from, for people
	AsOf        int64  // time of the archive; never what records say
	Digest      string
	Records     int64
	Quarantined string // JSON list of {id, reason}
	LoadedAt    int64  // when its content last changed here
	CheckedAt   int64
	Problem     string // why the last attempt failed, "" when it did not
	Alerts      string // what is not as it should be, one a line
}

var feedTable = table{name: "feed", key: 1, silent: true, cols: cols("name origin as_of digest records quarantined loaded_at checked_at problem alerts")}

func (f *Feed) fields() []any {
	return []any{&f.Name, &f.Origin, &f.AsOf, &f.Digest, &f.Records, &f.Quarantined, &f.LoadedAt, &f.CheckedAt, &f.Problem, &f.Alerts}
}

// SaveFeed keeps the state of a feed.
func (tx *Tx) SaveFeed(ctx context.Context, f Feed) error {
	return tx.execArgs(ctx, feedTable.insertSQL()+` ON CONFLICT (name) DO UPDATE SET origin = excluded.origin, as_of = excluded.as_of, digest = excluded.digest,
		records = excluded.records, quarantined = excluded.quarantined, loaded_at = excluded.loaded_at, checked_at = excluded.checked_at, problem = excluded.problem,
		alerts = excluded.alerts`,
		values(f.fields()))
}

// Feeds lists every feed by name.
func (tx *Tx) Feeds(ctx context.Context) ([]Feed, error) {
	return all(ctx, tx, "SELECT "+feedTable.list()+" FROM feed ORDER BY name", nil, (*Feed).fields)
}

// Catalogue is a whole list that ranks vulnerabilities, compressed.
type Catalogue struct {
	Kind     string // kev, epss
	AsOf     int64
	Digest   string
	LoadedAt int64
	Body     []byte
}

var catalogueTable = table{name: "catalogue", key: 1, silent: true, cols: cols("kind as_of digest loaded_at body")}

func (c *Catalogue) fields() []any {
	return []any{&c.Kind, &c.AsOf, &c.Digest, &c.LoadedAt, &c.Body}
}

// SaveCatalogue replaces a catalogue.
func (tx *Tx) SaveCatalogue(ctx context.Context, c Catalogue) error {
	return tx.execArgs(ctx, catalogueTable.insertSQL()+` ON CONFLICT (kind) DO UPDATE SET as_of = excluded.as_of, digest = excluded.digest,
		loaded_at = excluded.loaded_at, body = excluded.body`, values(c.fields()))
}

// CatalogueHeads lists the catalogues by kind without their bodies.
func (tx *Tx) CatalogueHeads(ctx context.Context) ([]Catalogue, error) {
	return all(ctx, tx, "SELECT kind, as_of, digest, loaded_at FROM catalogue ORDER BY kind", nil,
		func(c *Catalogue) []any { return []any{&c.Kind, &c.AsOf, &c.Digest, &c.LoadedAt} })
}

// Catalogues lists the catalogues by kind.
func (tx *Tx) Catalogues(ctx context.Context) ([]Catalogue, error) {
	return all(ctx, tx, "SELECT "+catalogueTable.list()+" FROM catalogue ORDER BY kind", nil, (*Catalogue).fields)
}
