// Package app is the only way in: every page, API operation, command and job
// calls a method here. Each method tells the same short story: authorise, load
// inside the scope, let the pure rules of domain decide, save with an audit
// entry in one transaction, answer. Nothing outside this package opens a
// transaction.
//
// Methods that change something return a Receipt: where in the log the change
// stands. Names of rows are aliases of the store's, so that callers need not
// import it.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
	"github.com/touchstone-assurance/touchstone/internal/report/pdf"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Receipt says where in the log a change stands.
type Receipt = store.Receipt

// Repeat is what a change answers that was done before under one idempotency key.
type Repeat = store.Repeat

// Config is what the operations need from the outside.
type Config struct {
	DB         *store.DB
	Frameworks *frameworks.Library
	Keys       *keyring.Ring // seals secrets and files (Seal, Unseal, NewOrgKey, EncryptTo)
	Files      string        // folder of encrypted attachments
	Hasher     *authn.Hasher
	MaxUpload  int64           // bytes of one file; 0 = DefaultMaxUpload
	Passkeys   *authn.Passkeys // nil for commands that need none
	PDF        *pdf.Printer    // nil = a printer that looks for Chromium on the path
	PublicURL  string          // https://host:port, for links
	Now        func() time.Time
	Random     io.Reader
	Log        *slog.Logger
	// OnClockMoved is told how far the clock of a demo is ahead of the real time,
	// whenever somebody moves it; Now must follow. nil outside a demo.
	OnClockMoved func(shift time.Duration)
	// Checks judge delivered documents; nil = the library.
	Checks Checker
	// Understand reads a document that is too large to be read in this process; nil =
	// it is read here all the same.
	Understand  func(ctx context.Context, name string, r io.Reader, o format.Options) (*Understood, error)
	Trust       intoto.Trust  // whose attestations count
	Feeds       []string      // folders and https addresses of advisories that are loaded by the clock
	FeedDir     string        // where files of feeds are fetched to
	Fetch       feed.Fetcher  // that fetches them, from outbound; nil = nothing is fetched
	MaxDocument int64         // bytes of a document of a machine; 0 = DefaultMaxDocument
	FeedMaxAge  time.Duration // how old advisories may be to say that nothing is known; 0 = DefaultFeedMaxAge
	// Ceiling is the highest marking the instance may hold, as words.
	Ceiling string
	// Loosenings are the settings in force that lower security.
	Loosenings []Loosened
}

// Loosened is a setting that lowers security, with its risk in words.
type Loosened struct {
	Name string
	Risk string
}

// App performs operations. It is safe for concurrent use.
type App struct {
	Config
	attempts attempts // refusals that are yet to be recorded
	machine  *machine
	parsing  chan struct{} // has room for as many large documents as are read at once
}

// New returns the operations over an open database. It panics when the library of
// checks in the program is not sound, which a test of the library finds before.
func New(c Config) *App {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.PDF == nil {
		c.PDF = pdf.New("", "", 1)
	}
	if c.Checks == nil {
		library, err := check.Open()
		if err != nil {
			panic("app: " + err.Error())
		}
		c.Checks = library
	}
	return &App{Config: c, machine: newMachine(), parsing: make(chan struct{}, largeAtOnce)}
}

// folded is the form in which names are compared and searched: compatibility
// decomposed and case folded, on every engine alike.
func (a *App) folded(s string) string {
	return cases.Fold().String(norm.NFKC.String(strings.TrimSpace(s)))
}

// newID makes an identifier at the time of the transaction.
func (a *App) newID(tx *store.Tx, prefix string) (string, error) {
	return ident.New(prefix, time.UnixMicro(tx.Now()), a.Random)
}

// reading authorises and runs fn in one read-only view.
func (a *App) reading(ctx context.Context, who access.Actor, op access.Operation, fn func(tx *store.Tx, scope access.Scope) error) error {
	scope, err := a.Decide(ctx, who, op)
	if err != nil {
		return err
	}
	return a.DB.Read(ctx, func(tx *store.Tx) error { return fn(tx, scope) })
}

// writing authorises and runs fn in one transaction with its audit entries.
func (a *App) writing(ctx context.Context, who access.Actor, op access.Operation, fn func(tx *store.Tx, scope access.Scope) error) (Receipt, error) {
	scope, err := a.Decide(ctx, who, op)
	if err != nil {
		return Receipt{}, err
	}
	return a.DB.Write(ctx, who, func(tx *store.Tx) error { return fn(tx, scope) })
}

// changed joins words that differ, for the audit entry: "name, stage".
func changed(pairs ...[3]string) string {
	var names []string
	for _, p := range pairs {
		if p[1] != p[2] {
			names = append(names, p[0])
		}
	}
	return strings.Join(names, ", ")
}

// Page is a place in a list that is ordered by key.
type Page struct {
	After string // cursor of the last item seen, "" for the start
	Limit int    // 0 = the default
}

// Limits of a page of a list.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// size returns the number of items of the page, and one more to see whether
// there is another page.
func (p Page) size() (int, error) {
	switch {
	case p.Limit == 0:
		return DefaultLimit, nil
	case p.Limit < 0 || p.Limit > MaxLimit:
		var problems fault.Problems
		problems.Add("/limit", "Limit must be between 1 and %d", MaxLimit)
		return 0, problems.Err()
	}
	return p.Limit, nil
}

// cursor packs the sort key of the last item; the parts never hold U+001F.
func cursor(parts ...string) string { return encodeCursor(strings.Join(parts, "\x1f")) }

func (p Page) parts(n int) ([]string, error) {
	if p.After == "" {
		return make([]string, n), nil
	}
	s, err := decodeCursor(p.After)
	parts := strings.Split(s, "\x1f")
	if err != nil || len(parts) != n {
		return nil, errCursor()
	}
	return parts, nil
}

func errCursor() error {
	var problems fault.Problems
	problems.Add("/after", "The cursor is not one that this list gave out. Start again without it.")
	return problems.Err()
}

// ListOf is one page of a list with the number of all items that match.
type ListOf[T any] struct {
	Items []T
	Next  string // cursor of the next page, "" on the last one
	Total int64
}

// actorNames maps ids of people to names; ids of tokens and jobs map to words.
func (a *App) actorNames(ctx context.Context, tx *store.Tx, ids []string) (map[string]string, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var people []string
	names := map[string]string{}
	for _, id := range ids {
		switch {
		case strings.HasPrefix(id, ident.User+"_"):
			people = append(people, id)
		case strings.HasPrefix(id, ident.Token+"_"):
			names[id] = "API token"
		case id != "":
			names[id] = "Touchstone"
		}
	}
	found, err := tx.Names(ctx, people)
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	for id, name := range found {
		names[id] = name
	}
	return names, nil
}

// ignoreNotFound turns a missing thing into no error.
func ignoreNotFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

var errNotFound = store.ErrNotFound

// IsRepeat reports whether err says that the change was done before, and what it
// answered.
func IsRepeat(err error) (*Repeat, bool) {
	var r *Repeat
	ok := errors.As(err, &r)
	return r, ok
}
