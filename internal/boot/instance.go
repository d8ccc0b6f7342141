package boot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
	"github.com/touchstone-assurance/touchstone/internal/report/pdf"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// clock is the one place where the time is read. A demo's clock can be moved
// forward; the shift is kept in the database and never goes back.
type clock struct {
	shift atomic.Int64              // nanoseconds ahead of the real time
	fixed atomic.Pointer[time.Time] // while sample data is made: the time it is then
}

func (c *clock) now() time.Time {
	if at := c.fixed.Load(); at != nil {
		return *at
	}
	return time.Now().Add(time.Duration(c.shift.Load())).UTC()
}

func (c *clock) fix(at time.Time) { c.fixed.Store(&at) }

func (c *clock) free() { c.fixed.Store(nil) }

// instance is an opened data folder with its operations.
type instance struct {
	config Config
	clock  *clock
	db     *store.DB
	keys   *keyring.Ring
	app    *app.App
	log    *slog.Logger
}

// opening says what to do with the folder.
type opening struct {
	create    bool      // make the folder, keys and database when they are missing
	serving   bool      // a server: the folder must be of the sort that demo says
	demo      bool      // a new folder is a demo
	begin     time.Time // of a new demo's history; zero = now
	version   string    // of the program, for entry 0
	publicURL string    // once it is known; "" for commands that make no links
	// child makes the reader of large documents, which trusts what it is given.
	child func(trusted) func(ctx context.Context, name string, r io.Reader, o format.Options) (*app.Understood, error)
}

// open opens the data folder of a configuration.
func open(ctx context.Context, c Config, o opening, log *slog.Logger) (*instance, error) {
	in := &instance{config: c, clock: &clock{}, log: log}
	if !o.begin.IsZero() {
		in.clock.fix(o.begin)
	}
	if err := prepareFolder(c, o.create); err != nil {
		return nil, err
	}
	if err := in.openKeys(o); err != nil {
		return nil, err
	}
	var err error
	if in.db, err = in.openDB(ctx); err != nil {
		return nil, err
	}
	if err := in.prepare(ctx, o); err != nil {
		in.db.Close()
		return nil, err
	}
	return in, nil
}

func (in *instance) openDB(ctx context.Context) (*store.DB, error) {
	return store.Open(ctx, store.Config{Path: in.config.dbPath(), URL: in.config.Database, Now: in.clock.now, Random: rand.Reader, Log: in.log})
}

func (in *instance) close() error { return in.db.Close() }

// isDemo reports whether the database of an instance was made by demo.
func isDemo(ctx context.Context, in *instance) (bool, error) {
	found, err := app.New(app.Config{DB: in.db, Now: in.clock.now, Random: rand.Reader}).Instance(ctx)
	return found.Demo, err
}

func prepareFolder(c Config, create bool) error {
	if c.Data == "" {
		return fault.New(fault.Invalid, "Name the data folder with --data.")
	}
	info, err := os.Stat(c.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return fault.Newf(fault.Invalid, "The data folder %s cannot be made: %s.", c.Data, reasonOf(err)).Because(err)
		}
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fault.Newf(fault.NotFound, "There is no data folder %s. Start the server once with --data %s, or check the name.", c.Data, c.Data)
	case err != nil:
		return fault.Newf(fault.Invalid, "The data folder %s cannot be read: %s.", c.Data, reasonOf(err)).Because(err)
	case !info.IsDir():
		return fault.Newf(fault.Invalid, "%s is a file, not a folder.", c.Data)
	case info.Mode().Perm()&0o077 != 0:
		return fault.Newf(fault.Invalid, "Other people on this machine can read the data folder %s. Run: chmod 700 %s", c.Data, c.Data)
	}
	return nil
}

func (in *instance) openKeys(o opening) error {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if u, err := url.Parse(in.config.PublicURL); err == nil && u.Hostname() != "" && u.Hostname() != "localhost" {
		hosts = append(hosts, u.Hostname())
	}
	// Certificates go by the real time even in a demo: browsers judge them by theirs.
	options := keyring.Options{Dir: in.config.Data, Hosts: hosts, Random: rand.Reader, Now: time.Now, KEKFile: os.Getenv("TOUCHSTONE_KEK_FILE")}
	var err error
	if !o.create {
		in.keys, err = keyring.Open(options)
		return err
	}
	var created bool
	in.keys, created, err = keyring.OpenOrCreate(options)
	if err != nil {
		return err
	}
	if _, statErr := os.Stat(in.config.dbPath()); created && in.config.Database == "" && statErr == nil {
		return fault.Newf(fault.Conflict, "The folder %s has a database but its keys are missing. Put the folder keys back from where it was kept; without it attachments cannot be read. The new keys just made are in %s.", in.config.Data, filepath.Join(in.config.Data, "keys"))
	}
	return nil
}

// prepare brings the schema up to date and wires the operations.
func (in *instance) prepare(ctx context.Context, o opening) error {
	if err := in.migrate(ctx, o.create); err != nil {
		return err
	}
	library, err := frameworks.Open()
	if err != nil {
		return err
	}
	files := filepath.Join(in.config.Data, "attachments")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return fmt.Errorf("attachments folder: %w", err)
	}
	believed, err := in.config.Trust.load()
	if err != nil {
		return err
	}
	trust, err := believed.trust()
	if err != nil {
		return err
	}
	c := app.Config{DB: in.db, Frameworks: library, Keys: in.keys, Files: files, MaxUpload: int64(in.config.MaxUploadMB) << 20,
		Hasher: authn.NewHasher(max(1, runtime.NumCPU()/2), 8, authn.DefaultCost(), rand.Reader),
		PDF:    pdf.New(in.config.Chromium, "", 1), PublicURL: o.publicURL, Now: in.clock.now, Random: rand.Reader, Log: in.log, Ceiling: in.config.Ceiling, Loosenings: in.config.loosened(),
		Trust: trust, MaxDocument: int64(in.config.MaxDocumentMB) << 20, Feeds: in.config.Feeds, FeedDir: filepath.Join(in.config.Data, "feeds"),
		FeedMaxAge: time.Duration(in.config.FeedMaxAgeDays) * 24 * time.Hour, Fetch: in.config.fetcher(),
		OnClockMoved: func(shift time.Duration) { in.clock.shift.Store(int64(shift)) }}
	if o.child != nil {
		c.Understand = o.child(believed)
	}
	if o.publicURL != "" {
		u, err := url.Parse(o.publicURL)
		if err != nil {
			return fmt.Errorf("public address: %w", err)
		}
		if c.Passkeys, err = authn.NewPasskeys(authn.PasskeyConfig{RPID: u.Hostname(), Origins: []string{o.publicURL}, Name: "Touchstone", Random: rand.Reader, Now: in.clock.now}); err != nil {
			return err
		}
	}
	in.app = app.New(c)
	return in.start(ctx, o)
}

// start makes entry 0 of a new instance and takes up a demo's clock.
func (in *instance) start(ctx context.Context, o opening) error {
	found, err := in.app.Instance(ctx)
	switch {
	case err == nil && o.serving:
		found, err = in.app.Initialise(ctx, o.demo, o.version) // refuses a folder of the other sort
	case fault.Is(err, fault.NotFound) && o.create:
		found, err = in.app.Initialise(ctx, o.demo, o.version)
	}
	if err != nil {
		return err
	}
	in.clock.shift.Store(found.Shift * int64(time.Microsecond))
	return nil
}

// migrate keeps a copy of the embedded database before it changes its schema.
func (in *instance) migrate(ctx context.Context, create bool) error {
	state, err := in.db.Schema(ctx)
	if err != nil {
		return err
	}
	if state.Current() {
		return nil
	}
	fresh := state.Have == 0
	if !fresh && !in.config.MigrateAuto || fresh && !create {
		if fresh {
			return fault.New(fault.NotFound, "The database is empty. Start the server once to create it.")
		}
		return fault.Newf(fault.Conflict, "The database has schema %d and this program needs %d. Make a backup, then run touchstone migrate.", state.Have, state.Want)
	}
	if !fresh && in.db.Engine() == "sqlite" {
		copyPath := fmt.Sprintf("%s.before-schema-%d-%d", in.config.dbPath(), state.Want, in.clock.now().Unix())
		if err := in.db.Backup(ctx, copyPath); err != nil {
			return fmt.Errorf("copy before migration: %w", err)
		}
		in.log.Info("copied the database before changing its schema", "path", copyPath)
	}
	return in.db.Migrate(ctx)
}

// lock keeps a second server off the same folder; it is released when the
// process ends, however it ends.
func lock(folder string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(folder, "serve.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fault.Newf(fault.Conflict, "Another Touchstone server is running on %s. Stop it first, or use another folder.", folder)
	}
	return f, nil
}
