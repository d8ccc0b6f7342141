package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Lane says where a document stands among the others of its system: of one lane
// the newest counts. A document with a doubt replaces nothing.
type Lane struct {
	Organisation string
	Document     string
	System       string
	Release      string
	Kind         string
	Name         string
	Product      string // of a bill of materials, as it is compared
	Digest       string
	Doubt        string // why it replaces nothing; "" when it is sound
	Moment       int64  // what orders it: when it was produced, or received
	ReceivedAt   int64
}

var laneTable = table{name: "lane", key: 2, silent: true, cols: cols("organisation_id document_id system_id release_id kind lane product digest doubt moment received_at")}

func (l *Lane) fields() []any {
	return []any{&l.Organisation, &l.Document, &l.System, &l.Release, &l.Kind, &l.Name, &l.Product, &l.Digest, &l.Doubt, &l.Moment, &l.ReceivedAt}
}

// AddLane keeps where a new document stands.
func (tx *Tx) AddLane(ctx context.Context, l Lane) error {
	return tx.insert(ctx, laneTable, l.fields())
}

// LanesOf lists where the documents of a system that was read in scope stand, the
// newest first.
func (tx *Tx) LanesOf(ctx context.Context, s System) ([]Lane, error) {
	return all(ctx, tx, "SELECT "+laneTable.list()+" FROM lane"+perSystem+" ORDER BY received_at DESC, document_id DESC LIMIT 20000", []any{s.Organisation, s.ID}, (*Lane).fields)
}

// Product is a product that a system is made of.
type Product struct {
	Organisation string
	System       string
	Name         string // as it is compared
	Title        string // as it was written
	AddedAt      int64
	AddedBy      string
}

var productTable = table{name: "product", key: 3, cols: cols("organisation_id system_id name title added_at added_by")}

func (p *Product) fields() []any {
	return []any{&p.Organisation, &p.System, &p.Name, &p.Title, &p.AddedAt, &p.AddedBy}
}

// AddProduct says that a system is made of a product; once more is a
// fault.Conflict.
func (tx *Tx) AddProduct(ctx context.Context, p Product) error {
	return tx.insert(ctx, productTable, p.fields())
}

// ProductsOf lists the products of a system that was read in scope.
func (tx *Tx) ProductsOf(ctx context.Context, s System) ([]Product, error) {
	return all(ctx, tx, "SELECT "+productTable.list()+" FROM product"+perSystem+" ORDER BY name LIMIT 5000", []any{s.Organisation, s.ID}, (*Product).fields)
}

// RemedyPolicy is the choice of an organisation about when findings are to be
// remedied.
type RemedyPolicy struct {
	Organisation string
	Policy       string // id
	Body         string // JSON of a policy of its own; "" for one that ships
	SetAt        int64
	SetBy        string
	Version      int64
}

var remedyPolicyTable = table{name: "remedy_policy", key: 1, cols: cols("organisation_id policy body set_at set_by version")}

func (p *RemedyPolicy) fields() []any {
	return []any{&p.Organisation, &p.Policy, &p.Body, &p.SetAt, &p.SetBy, &p.Version}
}

// RemedyPolicyOf reads the policy of an organisation that was read in scope;
// ErrNotFound when it has chosen none.
func (tx *Tx) RemedyPolicyOf(ctx context.Context, organisation string) (RemedyPolicy, error) {
	var p RemedyPolicy
	err := tx.one(ctx, "SELECT "+remedyPolicyTable.list()+" FROM remedy_policy WHERE organisation_id = $1", []any{organisation}, p.fields())
	return p, err
}

// SaveRemedyPolicy sets the policy; p.Version is the version that was read, 0 when
// there was none.
func (tx *Tx) SaveRemedyPolicy(ctx context.Context, p RemedyPolicy) error {
	was := p.Version
	p.Version++
	if was > 0 {
		return tx.update(ctx, remedyPolicyTable, p.fields(), was)
	}
	err := tx.insert(ctx, remedyPolicyTable, p.fields())
	if err != nil && tx.db.engine.unique(err) {
		return errStale.Because(err)
	}
	return err
}

// Judgement is what the last look at a system came to.
type Judgement struct {
	Organisation string
	System       string
	Release      string // that spoke for it
	At           int64
	NextAt       int64  // when it must be looked at again though nothing arrives; 0 = not
	Body         string // JSON
}

var judgementTable = table{name: "judgement", key: 2, silent: true, cols: cols("organisation_id system_id release_id at next_at body")}

func (j *Judgement) fields() []any {
	return []any{&j.Organisation, &j.System, &j.Release, &j.At, &j.NextAt, &j.Body}
}

// SaveJudgement replaces the judgement of a system.
func (tx *Tx) SaveJudgement(ctx context.Context, j Judgement) error {
	return tx.execArgs(ctx, judgementTable.insertSQL()+` ON CONFLICT (organisation_id, system_id) DO UPDATE SET release_id = excluded.release_id,
		at = excluded.at, next_at = excluded.next_at, body = excluded.body`, values(j.fields()))
}

// JudgementOf reads the judgement of a system that was read in scope; ErrNotFound
// when nobody has looked yet.
func (tx *Tx) JudgementOf(ctx context.Context, s System) (Judgement, error) {
	var j Judgement
	err := tx.one(ctx, "SELECT "+judgementTable.list()+" FROM judgement"+perSystem, []any{s.Organisation, s.ID}, j.fields())
	return j, err
}

// JudgementsDue lists the judgements whose time has come again, in every
// organisation: for the job that looks.
func (tx *Tx) JudgementsDue(ctx context.Context, limit int) ([]Judgement, error) {
	return all(ctx, tx, "SELECT "+judgementTable.list()+" FROM judgement WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at, organisation_id, system_id LIMIT $2",
		[]any{tx.now, int64(limit)}, (*Judgement).fields)
}

// JudgementsOf lists the judgements of the scope's systems among those named.
func (tx *Tx) JudgementsOf(ctx context.Context, scope access.Scope, systems []string) ([]Judgement, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	w.in("s.id", systems)
	return all(ctx, tx, "SELECT "+judgementTable.prefixed("j")+" FROM judgement j JOIN system s ON s.organisation_id = j.organisation_id AND s.id = j.system_id"+w.sql()+" ORDER BY j.system_id",
		w.args, (*Judgement).fields)
}

// EachJudged calls fn with every system that was judged once: for the job that
// looks at all of them again.
func (tx *Tx) EachJudged(ctx context.Context, fn func(Judgement) error) error {
	return stream(ctx, tx, "SELECT "+judgementTable.list()+" FROM judgement ORDER BY organisation_id, system_id", nil, (*Judgement).fields, fn)
}
