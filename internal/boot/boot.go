// Package boot puts the program together: configuration, wiring, the clock,
// signals. It is the only place that knows every part, and the only one that
// reads the time.
//
// Start reading at Main, then serve.go.
package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/cli"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/keyring/trust"
)

// program is one run of the binary.
type program struct {
	stdout, stderr io.Writer
	environ        []string
	version        string
	began          time.Time
	context        context.Context // of the whole run
	self           string          // the program's own file; "" = asked of the system
}

// Main runs the program and returns its exit code.
func Main(args, environ []string, stdout, stderr io.Writer, version string) int {
	p := &program{stdout: stdout, stderr: stderr, environ: environ, version: versionOf(version), began: time.Now()}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p.context = ctx
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	return cli.Run(ctx, &cli.Program{Stdout: stdout, Stderr: stderr, Version: p.version, Home: home, Now: time.Now, Columns: columns,
		Open: p.openExisting, Serve: p.serve, Demo: p.demo, DropDemo: p.dropDemo, Migrate: p.migrate, Backup: p.backup, Restore: p.restore,
		Settings: p.settings, Explain: p.explain, Trust: p.trust, BenchSeed: p.benchSeed,
		Parse: func(ctx context.Context) error { return p.parseDocument(ctx, os.Stdin, stdout) }}, args)
}

// versionOf is the version given when the binary was linked, or what the module
// system knows.
func versionOf(linked string) string {
	if linked != "" {
		return linked
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "development"
}

// config loads the configuration of a command on an installation.
func (p *program) config(t cli.Target) (Config, error) {
	c, _, err := Load(t.Values(), p.environ, t.Config)
	return c, err
}

// openExisting opens a folder for a command, beside a server that may be running.
func (p *program) openExisting(ctx context.Context, t cli.Target) (*cli.Opened, error) {
	c, err := p.config(t)
	if err != nil {
		return nil, err
	}
	in, err := open(ctx, c, opening{create: t.Create, version: p.version, publicURL: lastURL(c), child: p.understand}, p.logger(c))
	if err != nil {
		return nil, err
	}
	state, err := in.db.Schema(ctx)
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	return &cli.Opened{App: in.app, Engine: in.db.Engine(), Schema: state.Have, Complaints: acmeComplaints(c, time.Now()), Close: in.close}, nil
}

// lastURL is the configured address, or the one the folder was last served under.
func lastURL(c Config) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	b, err := os.ReadFile(addressFile(c.Data))
	if err != nil {
		return "https://localhost:8443"
	}
	return strings.TrimSpace(string(b))
}

func (p *program) migrate(ctx context.Context, t cli.Target) (from, to int64, err error) {
	c, err := p.config(t)
	if err != nil {
		return 0, 0, err
	}
	in := &instance{config: c, clock: &clock{}, log: p.logger(c)}
	// Nothing is made here: a folder or file that is not there is a misspelt one.
	if err := prepareFolder(c, c.Database != ""); err != nil {
		return 0, 0, err
	}
	if _, err := os.Stat(c.dbPath()); c.Database == "" && err != nil {
		return 0, 0, fault.Newf(fault.NotFound, "There is no database %s. Start the server once with --data %s, or check the name.", c.dbPath(), c.Data)
	}
	if in.db, err = in.openDB(ctx); err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	state, err := in.db.Schema(ctx)
	if err != nil {
		return 0, 0, err
	}
	in.config.MigrateAuto = true
	return state.Have, state.Want, in.migrate(ctx, true)
}

func (p *program) settings(t cli.Target) ([]cli.Setting, error) {
	_, origins, err := Load(t.Values(), p.environ, t.Config)
	if err != nil {
		return nil, err
	}
	byKey := map[string]Origin{}
	for _, o := range origins {
		byKey[o.Key] = o
	}
	var out []cli.Setting
	for _, s := range Settings() {
		o := byKey[s.Key]
		out = append(out, cli.Setting{Key: s.Key, Value: o.Value, From: o.From, Default: s.Default, Env: s.Env(), Help: s.Help, Loosens: s.Loosens})
	}
	return out, nil
}

func (p *program) explain(t cli.Target, key string) (cli.Setting, bool, error) {
	all, err := p.settings(t)
	if err != nil {
		return cli.Setting{}, false, err
	}
	for _, s := range all {
		if s.Key == strings.ReplaceAll(key, "-", "_") {
			return s, true, nil
		}
	}
	return cli.Setting{}, false, nil
}

func (p *program) trust(ctx context.Context, data string, remove, system bool) ([]cli.TrustStep, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fault.New(fault.Invalid, "Your home folder is not known, so there is no place to install the authority. Set HOME.").Because(err)
	}
	request := trust.Request{CAFile: filepath.Join(data, "ca.crt"), Home: home, Consent: true, System: system}
	act := trust.Install
	if remove {
		act = trust.Remove
	}
	steps, err := act(ctx, request)
	var out []cli.TrustStep
	for _, s := range steps {
		out = append(out, cli.TrustStep{Place: s.Place, Done: s.Done, Text: s.Text})
	}
	return out, err
}

// dropDemo deletes the folder of a demo, and nothing else: the folder must hold a
// database whose first log entry says that it is a demo.
func (p *program) dropDemo(ctx context.Context, data string) error {
	c, err := p.config(cli.Target{Data: data})
	if err != nil {
		return err
	}
	if err := prepareFolder(c, false); err != nil {
		return err
	}
	held, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer held.Close()
	in := &instance{config: c, clock: &clock{}, log: p.logger(c)}
	if in.db, err = in.openDB(ctx); err != nil {
		return err
	}
	demo, err := isDemo(ctx, in)
	if err := errors.Join(err, in.close()); err != nil {
		return err
	}
	if !demo {
		return fault.Newf(fault.Conflict, "%s is not a demo. Nothing was deleted.", data)
	}
	if err := os.RemoveAll(data); err != nil {
		return fmt.Errorf("delete the demo: %w", err)
	}
	return nil
}
