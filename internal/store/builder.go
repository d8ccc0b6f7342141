package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// table describes one table once: the insert, update, select and row digest all
// come from it. Only constants are ever put into SQL text.
type table struct {
	name     string
	key      int      // the first key columns form the primary key
	cols     []string // in the order of the row's fields
	volatile int      // the last volatile columns are left out of the record (last seen, counters)
	silent   bool     // not part of the record at all
}

func cols(s string) []string { return strings.Fields(s) }

func (t table) list() string { return strings.Join(t.cols, ", ") }

func (t table) prefixed(alias string) string {
	return alias + "." + strings.Join(t.cols, ", "+alias+".")
}

func (t table) insertSQL() string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + t.name + " (" + t.list() + ") VALUES (")
	for i := range t.cols {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
	return b.String()
}

// updateSQL sets every column but the key. The last parameter is the version that
// the row must still have, when the table has one.
func (t table) updateSQL(versioned bool) string {
	var b strings.Builder
	b.WriteString("UPDATE " + t.name + " SET ")
	for i := t.key; i < len(t.cols); i++ {
		if i > t.key {
			b.WriteString(", ")
		}
		b.WriteString(t.cols[i] + " = $" + strconv.Itoa(i+1))
	}
	b.WriteString(" WHERE " + t.keyClause(1))
	if versioned {
		b.WriteString(" AND version = $" + strconv.Itoa(len(t.cols)+1))
	}
	return b.String()
}

func (t table) keyClause(first int) string {
	parts := make([]string, t.key)
	for i := range parts {
		parts[i] = t.cols[i] + " = $" + strconv.Itoa(first+i)
	}
	return strings.Join(parts, " AND ")
}

func (t table) versioned() bool {
	for _, c := range t.cols {
		if c == "version" {
			return true
		}
	}
	return false
}

// values reads the fields (pointers) of a row.
func values(fields []any) []any {
	out := make([]any, len(fields))
	for i, f := range fields {
		switch p := f.(type) {
		case *string:
			out[i] = *p
		case *int64:
			out[i] = *p
		case *int:
			out[i] = int64(*p)
		case *bool:
			out[i] = *p
		case *[]byte:
			if *p == nil {
				out[i] = []byte{} // NOT NULL on both engines
			} else {
				out[i] = *p
			}
		default:
			out[i] = plain(reflect.ValueOf(f).Elem())
		}
	}
	return out
}

// plain handles the typed strings and integers of the domain.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int64, reflect.Int32:
		return v.Int()
	case reflect.Bool:
		return v.Bool()
	}
	panic("store: a row has a field of type " + v.Type().String())
}

// encode gives the canonical encoding of the recorded columns of a row.
func (t table) encode(vals []any) []byte {
	n := len(t.cols) - t.volatile
	columns := make([]audit.Column, n)
	for i := range n {
		v := vals[i]
		if b, isBytes := v.([]byte); v == nil || isBytes && b == nil {
			v = []byte{} // no column is NULL; SQLite's driver reads an empty blob as one
		}
		columns[i] = audit.Column{Name: t.cols[i], Value: v}
	}
	return audit.EncodeRow(columns)
}

func rowKey(vals []any) string {
	var b strings.Builder
	for i, v := range vals {
		if i > 0 {
			b.WriteByte('/')
		}
		switch x := v.(type) {
		case string:
			b.WriteString(x)
		case int64:
			b.WriteString(strconv.FormatInt(x, 10))
		default:
			panic(fmt.Sprintf("store: key of type %T", v))
		}
	}
	return b.String()
}

// insert adds a row and puts it on the record.
func (tx *Tx) insert(ctx context.Context, t table, fields []any) error {
	vals := values(fields)
	if err := tx.execArgs(ctx, t.insertSQL(), vals); err != nil {
		return fmt.Errorf("insert %s: %w", t.name, err)
	}
	tx.touch(t, vals)
	return nil
}

// update replaces a row. With a version column the row must still have the
// version given, otherwise the fault is Stale; without one, was is ignored.
func (tx *Tx) update(ctx context.Context, t table, fields []any, was int64) error {
	vals := values(fields)
	args := vals
	if t.versioned() {
		args = append(append([]any{}, vals...), was)
	}
	res, err := tx.stmt(ctx, t.updateSQL(t.versioned()), args)
	if err != nil {
		return fmt.Errorf("update %s: %w", t.name, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("update %s: %w", t.name, err)
	}
	if n == 0 {
		return errStale
	}
	tx.touch(t, vals)
	return nil
}

// remove deletes a row by its key and records that it is gone.
func (tx *Tx) remove(ctx context.Context, t table, key ...any) error {
	if err := tx.execArgs(ctx, "DELETE FROM "+t.name+" WHERE "+t.keyClause(1), key); err != nil {
		return fmt.Errorf("delete %s: %w", t.name, err)
	}
	if !t.silent {
		tx.touched = append(tx.touched, touchedRow{name: "row:" + t.name + "/" + rowKey(key), gone: true})
	}
	return nil
}

var errStale = fault.New(fault.Stale, "Somebody else changed this after you opened it. Nothing of yours was lost: look at both versions and save again.")

func (tx *Tx) touch(t table, vals []any) {
	if t.silent {
		return
	}
	tx.touched = append(tx.touched, touchedRow{
		name: "row:" + t.name + "/" + rowKey(vals[:t.key]),
		row:  t.encode(vals),
	})
}

// one reads exactly one row; a missing one is fault.NotFound.
func (tx *Tx) one(ctx context.Context, query string, args []any, into []any) error {
	if err := writable(args); err != nil {
		return err
	}
	err := tx.row(ctx, query, args).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// ErrNotFound answers for a missing thing and for a foreign one alike.
var ErrNotFound = fault.New(fault.NotFound, "There is nothing here, or it is not yours to see.")

// all reads every row into a new T whose fields are given by fields.
func all[T any](ctx context.Context, tx *Tx, query string, args []any, fields func(*T) []any) ([]T, error) {
	rows, err := tx.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// where collects conditions made of constant text with their arguments; each ? in
// a condition stands for the next argument.
type where struct {
	parts []string
	args  []any
}

func (w *where) add(condition string, args ...any) {
	var b strings.Builder
	next := len(w.args)
	for _, r := range condition {
		if r == '?' {
			next++
			b.WriteString("$" + strconv.Itoa(next))
			continue
		}
		b.WriteRune(r)
	}
	w.args = append(w.args, args...)
	w.parts = append(w.parts, b.String())
}

// in adds column IN (…); an empty list matches nothing.
func (w *where) in(column string, list []string) {
	if len(list) == 0 {
		w.parts = append(w.parts, "1 = 0")
		return
	}
	args := make([]any, len(list))
	for i, v := range list {
		args[i] = v
	}
	w.add(column+" IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(list)), ", ")+")", args...)
}

func (w *where) sql() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// limit adds the next argument as a limit and returns the text.
func (w *where) limit(n int) string {
	w.args = append(w.args, int64(n))
	return " LIMIT $" + strconv.Itoa(len(w.args))
}

// escapeLike makes s match itself inside LIKE … ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

var errText = fault.New(fault.Invalid, "The text contains characters that cannot be kept: a NUL, or bytes that are not UTF-8. Remove them and try again.")

// writable refuses text that PostgreSQL cannot hold, on SQLite too, so that a
// database can always be moved from the one to the other.
func writable(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && !audit.ValidValue(s) {
			return errText
		}
	}
	return nil
}

func (tx *Tx) stmt(ctx context.Context, query string, args []any) (sql.Result, error) {
	if err := writable(args); err != nil {
		return nil, err
	}
	tx.db.statements.Add(1)
	return tx.tx.ExecContext(ctx, query, args...)
}

func (tx *Tx) execArgs(ctx context.Context, query string, args []any) error {
	_, err := tx.stmt(ctx, query, args)
	return err
}

func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	return tx.execArgs(ctx, query, args)
}

func (tx *Tx) row(ctx context.Context, query string, args []any) *sql.Row {
	tx.db.statements.Add(1)
	return tx.tx.QueryRowContext(ctx, query, args...)
}

func (tx *Tx) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if err := writable(args); err != nil {
		return nil, err
	}
	tx.db.statements.Add(1)
	return tx.tx.QueryContext(ctx, query, args...)
}

func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}
