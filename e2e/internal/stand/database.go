package stand

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Engine is a kind of database.
type Engine string

// The engines. Their names are those of subtests, by which a strict run compares
// how many tests each of them saw.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// OnBoth runs a test once on each engine. Without a PostgreSQL server its half is
// skipped, and a strict run counts that as a failure.
func OnBoth(t *testing.T, test func(t *testing.T, engine Engine)) {
	for _, engine := range []Engine{SQLite, PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			if engine == PostgreSQL && os.Getenv(PostgresVariable) == "" {
				t.Skipf("%s is not set, so nothing was tested on PostgreSQL: run make e2e", PostgresVariable)
			}
			test(t, engine)
		})
	}
}

var databases atomic.Int64 // makes names unique

// database creates an empty database and returns its address; it is dropped when
// the test ends.
func database(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresVariable)
	name := fmt.Sprintf("e2e_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), databases.Add(1))
	if err := execute(server, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create a database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	address, err := withDatabase(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func withDatabase(server, name string) (string, error) {
	if !strings.Contains(server, "://") {
		return "", fmt.Errorf("%s is not an address", PostgresVariable)
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func execute(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
