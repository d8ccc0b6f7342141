// Package pgtest gives tests a PostgreSQL of their own: a throw-away cluster made
// from the distribution's binaries (Start), and one database for each test in it
// (Database).
//
// It is for tests only and archtest sees to that. It is not a way to run
// PostgreSQL for people: nothing in the cluster survives a power cut.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
)

// Variable is the name of the environment variable that holds the address of the
// server, for example postgres://postgres@/postgres?host=/run/postgresql.
const Variable = "TOUCHSTONE_TEST_POSTGRES"

// URL returns the address of the server and whether there is one.
func URL() (string, bool) {
	u := os.Getenv(Variable)
	return u, u != ""
}

var databases atomic.Int64 // makes names unique within one test process

// Database creates an empty database and returns its address; it is dropped when
// the test ends. Without a server the test is skipped, and the reason says how to
// get one.
func Database(t testing.TB) string {
	t.Helper()
	server, ok := URL()
	if !ok {
		t.Skipf("%s is not set: run make test, or go run ./internal/pgtest/cmd -- go test ./…", Variable)
	}
	name := fmt.Sprintf("t_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), databases.Add(1))
	if err := execute(server, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create a database on %s: %v", server, err)
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

func execute(server, statement string) error {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err = db.ExecContext(ctx, statement)
	return err
}

func withDatabase(server, name string) (string, error) {
	if !strings.HasPrefix(server, "postgres://") && !strings.HasPrefix(server, "postgresql://") {
		return "", errors.New(Variable + " must be a postgres:// address")
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("%s: %w", Variable, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}
