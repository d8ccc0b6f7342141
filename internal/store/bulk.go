package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Many rows in one statement, for data that arrives in bulk. Each row is on the
// record exactly as if it had been inserted by itself.

// bulkParameters is the most that one statement carries; both engines take more.
const bulkParameters = 8000

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
	each := bulkParameters / len(t.cols)
	for len(rows) > 0 {
		part := rows[:min(each, len(rows))]
		rows = rows[len(part):]
		args := make([]any, 0, len(part)*len(t.cols))
		for _, r := range part {
			args = append(args, r...)
		}
		if err := tx.execArgs(ctx, t.insertManySQL(len(part)), args); err != nil {
			return fmt.Errorf("insert into %s: %w", t.name, err)
		}
		for _, r := range part {
			tx.touch(t, r)
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
