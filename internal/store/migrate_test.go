package store

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

const one = "CREATE TABLE one (a {{int}} NOT NULL PRIMARY KEY) {{strict}};"

func files(texts ...string) []migration {
	fsys := fstest.MapFS{}
	for i, text := range texts {
		fsys["000"+string(rune('1'+i))+"_x.sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	ms, err := migrations(fsys)
	if err != nil {
		panic(err)
	}
	return ms
}

func TestAChangedHistoryIsRefused(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		if err := db.migrate(ctx, files(one, "CREATE TABLE two (a {{text}} NOT NULL);")); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			known []migration
			says  string
		}{
			{"a migration was edited after it ran", files(one+" ", "CREATE TABLE two (a {{text}} NOT NULL);"), "Migration 1"},
			{"a newer program was here", files(one), "newer version"},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := db.schema(ctx, c.known)
				if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("read: %v", err)
				}
				if err := db.migrate(ctx, c.known); !fault.Is(err, fault.Conflict) {
					t.Errorf("migrate: %v", err)
				}
			})
		}
	})
}

func TestAMigrationThatFailsLeavesTheSchemaBefore(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		broken := files(one, "CREATE TABLE two (a {{int}} NOT NULL); CREATE TABLE one (a {{int}} NOT NULL);")
		if err := db.migrate(ctx, broken); err == nil {
			t.Fatal("a broken migration worked")
		}
		s, err := db.schema(ctx, broken)
		if err != nil || s.Have != 1 || s.Want != 2 {
			t.Errorf("after the failure: %+v, %v", s, err)
		}
		if columnsOf(t, db)["two"] != nil {
			t.Error("half of the migration stayed")
		}
		mended := files(one, "CREATE TABLE two (a {{int}} NOT NULL);")
		if err := db.migrate(ctx, mended); err != nil {
			t.Errorf("with the mended file: %v", err)
		}
	})
}

func TestMigrationFilesAreNumbered(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"a gap":       {"0001_a.sql": {}, "0003_b.sql": {}},
		"no number":   {"first_a.sql": {}},
		"twice":       {"0001_a.sql": {}, "0001_b.sql": {}},
		"no name":     {"0001.sql": {}},
		"starts at 2": {"0002_a.sql": {}},
	} {
		if _, err := migrations(fsys); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestMacros(t *testing.T) {
	types := map[string]string{"int": "bigint"}
	for _, c := range []struct {
		in, want string
		wrong    bool
	}{
		{"a {{int}} b {{int}}", "a bigint b bigint", false},
		{"none", "none", false},
		{"{{float}}", "", true},
		{"{{int", "", true},
	} {
		got, err := expand(c.in, types)
		if got != c.want || (err != nil) != c.wrong {
			t.Errorf("%q: %q, %v", c.in, got, err)
		}
	}
}
