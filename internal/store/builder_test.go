package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStatementsOfATable(t *testing.T) {
	d := table{name: "thing", key: 2, cols: cols("org id name version")}
	for _, c := range []struct{ name, got, want string }{
		{"insert", d.insertSQL(), "INSERT INTO thing (org, id, name, version) VALUES ($1, $2, $3, $4)"},
		{"update", d.updateSQL(false), "UPDATE thing SET name = $3, version = $4 WHERE org = $1 AND id = $2"},
		{"update of a version", d.updateSQL(true), "UPDATE thing SET name = $3, version = $4 WHERE org = $1 AND id = $2 AND version = $5"},
		{"columns with an alias", d.prefixed("t"), "t.org, t.id, t.name, t.version"},
		{"pairs", table{name: "p", cols: cols("a b")}.insertManySQL(2), "INSERT INTO p (a, b) VALUES ($1, $2), ($3, $4)"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s", c.name, c.got)
		}
	}
}

func TestConditionsNumberTheirParameters(t *testing.T) {
	w := &where{}
	w.add("a = ?", 1)
	w.in("b", []string{"x", "y"})
	w.add("(c, d) > (?, ?)", "m", "n")
	text := "SELECT 1" + w.sql() + w.limit(7)
	if want := "SELECT 1 WHERE a = $1 AND b IN ($2, $3) AND (c, d) > ($4, $5) LIMIT $6"; text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if d := cmp.Diff([]any{1, "x", "y", "m", "n", int64(7)}, w.args); d != "" {
		t.Error(d)
	}
	none := &where{}
	none.in("b", nil)
	if none.sql() != " WHERE 1 = 0" {
		t.Errorf("an empty list must match nothing: %s", none.sql())
	}
}

func TestSearchedTextMeansItself(t *testing.T) {
	if got := escapeLike(`50%_\`); got != `50\%\_\\` {
		t.Errorf("got %s", got)
	}
}
