package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Record is one entry that a transaction adds to the log. Fields are the values
// that the catalogue allows for the action; each becomes a salted commitment, so
// that it can be erased or withheld later without breaking the log.
type Record struct {
	Action       audit.Action
	Organisation string // empty: the actor's
	TargetType   string
	Target       string
	OnBehalfOf   string
	Outcome      string // empty: "done"
	Fields       map[string]string
}

type record struct {
	Record
	rows []touchedRow
}

type touchedRow struct {
	name string // "row:<table>/<key>"
	row  []byte
	gone bool
}

// Record adds an entry to the log of this transaction. The rows changed since
// the entry before are committed to by this one; rows changed after the last
// entry go with the last.
func (tx *Tx) Record(r Record) {
	if r.Outcome == "" {
		r.Outcome = "done"
	}
	if r.Organisation == "" {
		r.Organisation = tx.by.Organisation
	}
	tx.records = append(tx.records, record{Record: r, rows: tx.touched})
	tx.touched = nil
}

var errUnrecorded = fault.New(fault.Internal, "a change was made without an audit entry")

// appendRecords writes the entries of the transaction. It is the last thing a
// transaction does: the head row is locked here and held only until the commit
// that follows, so the index of an entry is its commit order.
func (tx *Tx) appendRecords(ctx context.Context) (Receipt, error) {
	if tx.silent != "" {
		if len(tx.records) > 0 || len(tx.touched) > 0 {
			return Receipt{}, fault.New(fault.Internal, "an unaudited write changed an audited row: "+tx.silent)
		}
		return Receipt{}, nil
	}
	if len(tx.records) == 0 {
		if len(tx.touched) > 0 {
			return Receipt{}, errUnrecorded
		}
		return Receipt{}, nil
	}
	last := &tx.records[len(tx.records)-1]
	last.rows = append(last.rows, tx.touched...)

	k := int64(len(tx.records))
	var logID string
	var n int64
	var frontierBytes []byte
	err := tx.row(ctx, "UPDATE log_head SET n = n + $1 WHERE single = 1 RETURNING log_id, n, frontier", []any{k}).Scan(&logID, &n, &frontierBytes)
	if err != nil {
		return Receipt{}, fmt.Errorf("lock the log head: %w", err)
	}
	frontier, err := audit.UnmarshalFrontier(frontierBytes)
	if err != nil {
		return Receipt{}, fmt.Errorf("log head: %w", err)
	}
	if frontier.N != n-k {
		return Receipt{}, fault.New(fault.Internal, "the log head and its frontier differ; run touchstone verify")
	}
	var hashes []audit.StoredHash
	rows := make([][]any, len(tx.records))
	for i := range tx.records {
		var leaf [32]byte
		if rows[i], leaf, err = tx.entryRow(logID, n-k+int64(i), &tx.records[i]); err != nil {
			return Receipt{}, err
		}
		hashes = append(hashes, frontier.Append(leaf)...)
	}
	if err := tx.insertRows(ctx, entryTable, rows); err != nil {
		return Receipt{}, err
	}
	if err := tx.insertHashes(ctx, hashes); err != nil {
		return Receipt{}, err
	}
	head, err := frontier.MarshalBinary()
	if err != nil {
		return Receipt{}, err
	}
	if err := tx.exec(ctx, "UPDATE log_head SET frontier = $1 WHERE single = 1", head); err != nil {
		return Receipt{}, fmt.Errorf("write the log head: %w", err)
	}
	return Receipt{Index: n - 1, Count: int(k)}, nil
}

const saltBytes = 16

// entryTable describes the entries for the insert alone: they are read with a
// check of their own, and are the record itself.
var entryTable = table{name: "audit_entry", key: 1, silent: true, cols: cols(`idx log_id at action actor actor_kind strength on_behalf_of organisation_id
	target_type target_id outcome request_id commitments openings leaf_hash`)}

// entryRow makes the entry of a record: its row and the hash of its leaf.
func (tx *Tx) entryRow(logID string, index int64, r *record) ([]any, [32]byte, error) {
	e := audit.Entry{
		LogID: logID, Index: index, At: tx.now, Action: r.Action,
		Actor: tx.by.ID, ActorKind: string(tx.by.Kind), Strength: tx.by.Strength, OnBehalfOf: r.OnBehalfOf,
		Organisation: r.Organisation, TargetType: r.TargetType, Target: r.Target,
		Outcome: r.Outcome, RequestID: tx.by.RequestID,
	}
	openings, err := tx.commit(&e, r)
	if err != nil {
		return nil, [32]byte{}, err
	}
	if err := e.Validate(); err != nil {
		return nil, [32]byte{}, fmt.Errorf("audit entry %s: %w", r.Action, err)
	}
	leaf := audit.LeafHash(e.Leaf())
	return []any{e.Index, e.LogID, e.At, string(e.Action), e.Actor, e.ActorKind, e.Strength, e.OnBehalfOf,
		e.Organisation, e.TargetType, e.Target, e.Outcome, e.RequestID,
		formatCommitments(e.Commitments), formatOpenings(openings), leaf[:]}, leaf, nil
}

// commit fills the entry's commitments and returns what opens them.
func (tx *Tx) commit(e *audit.Entry, r *record) ([]audit.Opening, error) {
	total := len(r.Fields) + len(r.rows)
	if tx.by.Address != "" {
		total++
	}
	salts := make([]byte, saltBytes*total)
	if _, err := io.ReadFull(tx.db.random, salts); err != nil {
		return nil, fmt.Errorf("salts: %w", err)
	}
	openings := make([]audit.Opening, 0, total)
	add := func(name, shown string, value []byte) {
		salt := salts[:saltBytes:saltBytes]
		salts = salts[saltBytes:]
		e.Commitments = append(e.Commitments, audit.Commitment{Name: name, Sum: audit.Commit(name, salt, value)})
		openings = append(openings, audit.Opening{Name: name, Salt: salt, Value: shown})
	}
	for name, v := range r.Fields {
		if !audit.ValidValue(v) {
			return nil, errText
		}
		add("field:"+name, v, []byte(v))
	}
	if !audit.ValidValue(tx.by.Address) {
		return nil, errText
	}
	if tx.by.Address != "" {
		add("field:address", tx.by.Address, []byte(tx.by.Address))
	}
	seen := map[string]bool{}
	for i := len(r.rows) - 1; i >= 0; i-- { // the last change of a row is its state
		if row := r.rows[i]; !seen[row.name] {
			seen[row.name] = true
			add(row.name, "", row.row)
		}
	}
	slices.SortFunc(e.Commitments, func(a, b audit.Commitment) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(openings, func(a, b audit.Opening) int { return strings.Compare(a.Name, b.Name) })
	return openings, nil
}

// Commitments and openings are kept as lines of text, which a stranger can read
// and which take a tenth of the time of JSON to read back.

func formatCommitments(cs []audit.Commitment) string {
	var b strings.Builder
	for _, c := range cs {
		b.WriteString(c.Name)
		b.WriteByte(' ')
		b.WriteString(hex.EncodeToString(c.Sum[:]))
		b.WriteByte('\n')
	}
	return b.String()
}

func parseCommitments(s string) ([]audit.Commitment, error) {
	var out []audit.Commitment
	for line := range strings.SplitSeq(s, "\n") {
		if line == "" {
			continue
		}
		i := strings.LastIndexByte(line, ' ')
		if i < 0 || len(line)-i-1 != 64 {
			return nil, errors.New("a commitment is not a name and a sum")
		}
		c := audit.Commitment{Name: line[:i]}
		if _, err := hex.Decode(c.Sum[:], []byte(line[i+1:])); err != nil {
			return nil, fmt.Errorf("commitment %s: %w", c.Name, err)
		}
		out = append(out, c)
	}
	return out, nil
}

func formatOpenings(os []audit.Opening) string {
	var b strings.Builder
	for _, o := range os {
		b.WriteString(o.Name)
		b.WriteByte(' ')
		b.WriteString(base64.RawStdEncoding.EncodeToString(o.Salt))
		b.WriteByte(' ')
		b.WriteString(base64.RawStdEncoding.EncodeToString([]byte(o.Value)))
		b.WriteByte('\n')
	}
	return b.String()
}

func parseOpenings(s string) ([]audit.Opening, error) {
	var out []audit.Opening
	for line := range strings.SplitSeq(s, "\n") {
		if line == "" {
			continue
		}
		head, value, ok1 := cutLast(line)
		name, salt, ok2 := cutLast(head)
		if !ok1 || !ok2 {
			return nil, errors.New("an opening is not a name, a salt and a value")
		}
		o := audit.Opening{Name: name}
		var err error
		if o.Salt, err = base64.RawStdEncoding.DecodeString(salt); err != nil {
			return nil, fmt.Errorf("opening %s: %w", name, err)
		}
		v, err := base64.RawStdEncoding.DecodeString(value)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", name, err)
		}
		o.Value = string(v)
		if len(o.Salt) == 0 {
			o.Salt = nil // erased
		}
		out = append(out, o)
	}
	return out, nil
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// hashTable describes the nodes of the tree, for the insert alone.
var hashTable = table{name: "log_hash", key: 1, silent: true, cols: cols("i h")}

// insertHashes stores the completed nodes of the tree.
func (tx *Tx) insertHashes(ctx context.Context, hs []audit.StoredHash) error {
	rows := make([][]any, len(hs))
	for i := range hs {
		rows[i] = []any{hs[i].Index, hs[i].Hash[:]}
	}
	return tx.insertRows(ctx, hashTable, rows)
}

// LogHead is the state of the log.
type LogHead struct {
	LogID    string
	Size     int64
	Frontier []byte
}

// LogHead reads the state of the log.
func (tx *Tx) LogHead(ctx context.Context) (LogHead, error) {
	var h LogHead
	err := tx.one(ctx, "SELECT log_id, n, frontier FROM log_head WHERE single = 1", nil, []any{&h.LogID, &h.Size, &h.Frontier})
	return h, err
}

// LogHashes reads stored hashes by index, in the order asked.
func (tx *Tx) LogHashes(ctx context.Context, indexes []int64) ([][32]byte, error) {
	if len(indexes) == 0 {
		return nil, nil
	}
	args := make([]any, len(indexes))
	for i, v := range indexes {
		args[i] = v
	}
	rows, err := tx.query(ctx, "SELECT i, h FROM log_hash WHERE i IN ("+placeholders(1, len(indexes))+")", args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byIndex := make(map[int64][32]byte, len(indexes))
	for rows.Next() {
		var i int64
		var h []byte
		if err := rows.Scan(&i, &h); err != nil {
			return nil, err
		}
		if len(h) != 32 {
			return nil, fmt.Errorf("log hash %d has %d bytes", i, len(h))
		}
		byIndex[i] = [32]byte(h)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([][32]byte, len(indexes))
	for i, index := range indexes {
		h, ok := byIndex[index]
		if !ok {
			return nil, fmt.Errorf("log hash %d is missing; run touchstone verify", index)
		}
		out[i] = h
	}
	return out, nil
}

// Checkpoint is a signed statement of the log's state.
type Checkpoint struct {
	Size int64
	At   int64
	Note []byte
}

// SaveCheckpoint keeps a signed checkpoint. It is not audited: it speaks about
// the log from outside.
func (tx *Tx) SaveCheckpoint(ctx context.Context, c Checkpoint) error {
	return tx.exec(ctx, "INSERT INTO log_checkpoint (size, at, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING", c.Size, c.At, c.Note)
}

// LastCheckpoint returns the newest checkpoint; a missing one is ErrNotFound.
func (tx *Tx) LastCheckpoint(ctx context.Context) (Checkpoint, error) {
	var c Checkpoint
	err := tx.one(ctx, "SELECT size, at, note FROM log_checkpoint ORDER BY size DESC LIMIT 1", nil, []any{&c.Size, &c.At, &c.Note})
	return c, err
}

// Checkpoints returns every kept checkpoint, smallest first.
func (tx *Tx) Checkpoints(ctx context.Context) ([]Checkpoint, error) {
	return all(ctx, tx, "SELECT size, at, note FROM log_checkpoint ORDER BY size", nil,
		func(c *Checkpoint) []any { return []any{&c.Size, &c.At, &c.Note} })
}

// StoredEntry is an entry as it stands in the database.
type StoredEntry struct {
	Idx      int64
	Entry    audit.Entry
	LeafHash []byte
	Openings []audit.Opening
}

// rawEntry is a row of the log before it is understood.
type rawEntry struct {
	stored                        StoredEntry
	action, commitments, openings string
}

func (r *rawEntry) scan(rows *sql.Rows) error {
	e := &r.stored.Entry
	return rows.Scan(&r.stored.Idx, &e.LogID, &e.At, &r.action, &e.Actor, &e.ActorKind, &e.Strength, &e.OnBehalfOf, &e.Organisation,
		&e.TargetType, &e.Target, &e.Outcome, &e.RequestID, &r.commitments, &r.openings, &r.stored.LeafHash)
}

// read understands the row; a *DamagedEntry says that it cannot.
func (r *rawEntry) read() (StoredEntry, error) {
	s := r.stored
	e := &s.Entry
	var err error
	e.Index, e.Action = s.Idx, audit.Action(r.action)
	if e.Commitments, err = parseCommitments(r.commitments); err != nil {
		return s, &DamagedEntry{Idx: s.Idx, Err: err}
	}
	if s.Openings, err = parseOpenings(r.openings); err != nil {
		return s, &DamagedEntry{Idx: s.Idx, Err: err}
	}
	// Another spelling of the same values is a change as well.
	if formatCommitments(e.Commitments) != r.commitments || formatOpenings(s.Openings) != r.openings {
		return s, &DamagedEntry{Idx: s.Idx, Err: errors.New("commitments or openings are not written as this program writes them")}
	}
	return s, nil
}

// DamagedEntry says that an entry cannot even be read back.
type DamagedEntry struct {
	Idx int64
	Err error
}

func (e *DamagedEntry) Error() string { return fmt.Sprintf("audit entry %d: %v", e.Idx, e.Err) }

func (e *DamagedEntry) Unwrap() error { return e.Err }

// EachEntry calls fn for every entry in index order. An entry that cannot be
// read is passed with its index alone and damaged set. Rows are fetched ahead
// while fn works, so fn must not use the transaction.
func (tx *Tx) EachEntry(ctx context.Context, fn func(s StoredEntry, damaged error) error) error {
	rows, err := tx.query(ctx, "SELECT "+entryTable.list()+" FROM audit_entry ORDER BY idx", nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	ahead, stop := make(chan []rawEntry, 1), make(chan struct{})
	var failed error // written before ahead is closed, read after
	go func() {
		defer close(ahead)
		failed = fetch(rows, ahead, stop)
	}()
	defer func() { // the rows are closed once nobody reads them
		close(stop)
		for range ahead { //nolint:revive // waiting is all
		}
	}()
	for part := range ahead {
		for i := range part {
			s, damaged := part[i].read()
			if err := fn(s, damaged); err != nil {
				return err
			}
		}
	}
	return failed
}

// A part fetched ahead is this many rows, or fewer that are this many bytes long.
const (
	fetchRows  = 256
	fetchBytes = 1 << 20
)

func fetch(rows *sql.Rows, to chan<- []rawEntry, stop <-chan struct{}) error {
	part, size := make([]rawEntry, 0, fetchRows), 0
	send := func() bool {
		select {
		case to <- part:
			part, size = make([]rawEntry, 0, fetchRows), 0
			return true
		case <-stop:
			return false
		}
	}
	for rows.Next() {
		var r rawEntry
		if err := r.scan(rows); err != nil {
			return err
		}
		part = append(part, r)
		if size += len(r.commitments) + len(r.openings); len(part) == fetchRows || size >= fetchBytes {
			if !send() {
				return nil
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	send()
	return nil
}

// EntryFilter narrows a list of audit entries.
type EntryFilter struct {
	Action     string
	Actor      string
	TargetType string
	Target     string
	From, To   int64 // microseconds; 0 = open
	Before     int64 // keyset: entries with a smaller index; 0 = newest
	Limit      int
	Uncounted  bool // the total is not asked for
}

func (f EntryFilter) where(scope access.Scope) (*where, error) {
	w := &where{}
	if !scope.Instance() {
		org, err := need(scope)
		if err != nil {
			return nil, err
		}
		w.add("organisation_id = ?", org)
	}
	if f.Action != "" {
		w.add("action = ?", f.Action)
	}
	if f.Actor != "" {
		w.add("actor = ?", f.Actor)
	}
	if f.TargetType != "" {
		w.add("target_type = ?", f.TargetType)
	}
	if f.Target != "" {
		w.add("target_id = ?", f.Target)
	}
	if f.From > 0 {
		w.add("at >= ?", f.From)
	}
	if f.To > 0 {
		w.add("at < ?", f.To)
	}
	return w, nil
}

// Entries lists audit entries, newest first, with the number that match.
func (tx *Tx) Entries(ctx context.Context, scope access.Scope, f EntryFilter) ([]StoredEntry, int64, error) {
	w, err := f.where(scope)
	if err != nil {
		return nil, 0, err
	}
	var total int64
	if !f.Uncounted {
		if err := tx.one(ctx, "SELECT count(*) FROM audit_entry"+w.sql(), w.args, []any{&total}); err != nil {
			return nil, 0, err
		}
	}
	if f.Before > 0 {
		w.add("idx < ?", f.Before)
	}
	query := "SELECT " + entryTable.list() + " FROM audit_entry" + w.sql() + " ORDER BY idx DESC" + w.limit(f.Limit)
	rows, err := tx.query(ctx, query, w.args)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var out []StoredEntry
	for rows.Next() {
		var r rawEntry
		if err := r.scan(rows); err != nil {
			return nil, 0, err
		}
		s, err := r.read()
		if err != nil {
			return nil, 0, err
		}
		out = append(out, s)
	}
	return out, total, rows.Err()
}

// EraseOpenings removes salt and value of the named openings of an entry for
// good. The entry and its commitments stay as they are.
func (tx *Tx) EraseOpenings(ctx context.Context, idx int64, names []string) error {
	var text string
	if err := tx.one(ctx, "SELECT openings FROM audit_entry WHERE idx = $1", []any{idx}, []any{&text}); err != nil {
		return err
	}
	os, err := parseOpenings(text)
	if err != nil {
		return err
	}
	for i := range os {
		if slices.Contains(names, os[i].Name) {
			os[i].Salt, os[i].Value = nil, ""
		}
	}
	return tx.exec(ctx, "UPDATE audit_entry SET openings = $1 WHERE idx = $2", formatOpenings(os), idx)
}

// EntriesNaming returns the indexes of the entries that commit to the row.
func (tx *Tx) EntriesNaming(ctx context.Context, tableName, key string) ([]int64, error) {
	pattern := "%row:" + escapeLike(tableName+"/"+key) + " %"
	return all(ctx, tx, `SELECT idx FROM audit_entry WHERE commitments LIKE $1 ESCAPE '\' ORDER BY idx`, []any{pattern},
		func(i *int64) []any { return []any{i} })
}

// CreateLog starts an empty log; it fails when there is one already.
func (tx *Tx) CreateLog(ctx context.Context, logID string) error {
	empty, err := (&audit.Frontier{}).MarshalBinary()
	if err != nil {
		return err
	}
	return tx.exec(ctx, "INSERT INTO log_head (single, log_id, n, frontier) VALUES (1, $1, 0, $2)", logID, empty)
}

// EachLogHash calls fn for every stored node of the tree, in order.
func (tx *Tx) EachLogHash(ctx context.Context, fn func(audit.StoredHash) error) error {
	rows, err := tx.query(ctx, "SELECT i, h FROM log_hash ORDER BY i", nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	var raw sql.RawBytes
	for rows.Next() {
		var s audit.StoredHash
		if err := rows.Scan(&s.Index, &raw); err != nil {
			return err
		}
		copy(s.Hash[:], raw) // a hash of another length differs from any that is expected
		if err := fn(s); err != nil {
			return err
		}
	}
	return rows.Err()
}
