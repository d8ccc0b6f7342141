package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Many rows in one statement, for data that arrives in bulk. Each row is on the
// record exactly as if it had been inserted by itself.

// CreateResponses adds answers to assessments that have none to these
// requirements yet.
func (tx *Tx) CreateResponses(ctx context.Context, rs []Response) error {
	rows := make([][]any, len(rs))
	for i := range rs {
		rs[i].Version = 1
		rows[i] = values(rs[i].fields())
	}
	return tx.insertRows(ctx, responseTable, rows)
}

// CreateStandings adds standings that are not there yet.
func (tx *Tx) CreateStandings(ctx context.Context, ss []Standing) error {
	rows := make([][]any, len(ss))
	for i := range ss {
		rows[i] = values(ss[i].fields())
	}
	return tx.insertRows(ctx, standingTable, rows)
}

func (tx *Tx) insertRows(ctx context.Context, t table, rows [][]any) error {
	if err := tx.insertMany(ctx, t, rows); err != nil {
		return fmt.Errorf("insert into %s: %w", t.name, err)
	}
	for _, r := range rows {
		tx.touch(t, r)
	}
	return nil
}

// insertMany prepares one statement for as many rows as suit the engine, and
// another for what is left over.
func (tx *Tx) insertMany(ctx context.Context, t table, rows [][]any) error {
	each := tx.db.engine.rowsAtOnce()
	for len(rows) > 0 {
		n := min(each, len(rows))
		stmt, err := tx.tx.PrepareContext(ctx, t.insertManySQL(n))
		if err != nil {
			return err
		}
		for len(rows) >= n && err == nil {
			args := slices.Concat(rows[:n]...)
			rows = rows[n:]
			if err = writable(args); err == nil {
				tx.db.statements.Add(1)
				_, err = stmt.ExecContext(ctx, args...)
			}
		}
		if err := errors.Join(err, stmt.Close()); err != nil {
			return err
		}
	}
	return nil
}

// insertManySQL is insertSQL for n rows.
func (t table) insertManySQL(n int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + t.name + " (" + t.list() + ") VALUES ")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j := range t.cols {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(i*len(t.cols)+j+1))
		}
		b.WriteByte(')')
	}
	return b.String()
}
