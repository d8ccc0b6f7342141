// Package cli is the command line. Each command is a struct with its flags and a
// Run method; what a command needs of the rest of the program comes in Program,
// which boot fills, so that nothing here opens a database or a port by itself.
//
// Data goes to standard output, talk to standard error. Exit codes: 0 done,
// 1 error, 2 wrong usage, 3 a check did not hold, 4 not signed in or not
// permitted. No command prompts.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Exit codes.
const (
	Done       = 0
	Failed     = 1
	Usage      = 2
	NotMet     = 3
	NotAllowed = 4
)

// Program is what commands need of the rest of the program.
type Program struct {
	Stdout, Stderr io.Writer
	Version        string
	Home           string // of the person, for trust
	Now            func() time.Time
	Columns        func(f *os.File) int // of the terminal behind a file; 0 = it is none

	Open      func(ctx context.Context, t Target) (*Opened, error) // an existing folder
	Serve     func(ctx context.Context, o ServeOptions) error
	Demo      func(ctx context.Context, o ServeOptions) error
	DropDemo  func(ctx context.Context, data string) error
	Migrate   func(ctx context.Context, t Target) (from, to int64, err error)
	Backup    func(ctx context.Context, t Target, out string) (BackupResult, error)
	Restore   func(ctx context.Context, t Target, file string) (BackupResult, error)
	Settings  func(t Target) ([]Setting, error) // with where each value comes from
	Explain   func(t Target, key string) (Setting, bool, error)
	Trust     func(ctx context.Context, data string, remove, system bool) ([]TrustStep, error)
	BenchSeed func(ctx context.Context, t Target, o BenchOptions) (BenchResult, error)
	Parse     func(ctx context.Context) error // a document from standard input, for the server itself
}

// Target says which installation a command works on.
type Target struct {
	Data     string            `help:"Data folder." placeholder:"DIR" env:"-"`
	Database string            `help:"PostgreSQL address instead of the embedded database." placeholder:"URL" env:"-"`
	Config   string            `help:"Configuration file." placeholder:"FILE" env:"TOUCHSTONE_CONFIG"`
	Flags    map[string]string `kong:"-"`
	Create   bool              `kong:"-"` // make the folder when there is none
}

// Values returns the settings given on the command line by key.
func (t Target) Values() map[string]string {
	out := map[string]string{"data": t.Data, "database": t.Database}
	for k, v := range t.Flags {
		out[k] = v
	}
	return out
}

// Opened is an opened installation.
type Opened struct {
	App    *app.App
	Engine string
	Schema int64
	// Complaints are about what stands outside the database, for doctor.
	Complaints []string
	Close      func() error
}

// ServeOptions are the options of serve and demo.
type ServeOptions struct {
	Target
	JSON bool
}

// Setting is one setting with its value and where it comes from.
type Setting struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	From    string `json:"from"`
	Default string `json:"default"`
	Env     string `json:"env"`
	Help    string `json:"help"`
	Loosens string `json:"loosens,omitempty"`
}

// BackupResult says what a backup or restore held.
type BackupResult struct {
	Schema  string `json:"schema"`
	File    string `json:"file"`
	SHA256  string `json:"sha256"`
	Bytes   int64  `json:"bytes"`
	Entries int64  `json:"entries"`
	Files   int    `json:"attachments"`
}

// TrustStep is one thing that trust did or that the person has to do.
type TrustStep struct {
	Place string `json:"place"`
	Done  bool   `json:"done"`
	Text  string `json:"text"`
}

// BenchOptions size the data for measuring.
type BenchOptions struct {
	Systems, Components, Answers, Units, Users int
	Seed                                       int64
}

// BenchResult is what was made.
type BenchResult struct {
	Schema string           `json:"schema"`
	Counts map[string]int64 `json:"counts"`
	Token  string           `json:"token"`
}

type root struct {
	Serve      serveCmd      `cmd:"" help:"Run the server."`
	Demo       demoCmd       `cmd:"" help:"Run a server with sample data in a folder of its own."`
	Verify     verifyCmd     `cmd:"" help:"Check the audit log, every row on record and every attachment."`
	Log        logCmd        `cmd:"" help:"The audit log."`
	Trust      trustCmd      `cmd:"" help:"Let this person's browsers trust the local certificate authority."`
	Scan       scanCmd       `cmd:"" help:"Look the components of documents up in advisories, with no server."`
	Framework  frameworkCmd  `cmd:"" help:"Look at frameworks and check framework files."`
	Push       pushCmd       `cmd:"" help:"Send documents about a release to a server, from CI."`
	Feed       feedCmd       `cmd:"" help:"Advisories: load them, and say how old they are."`
	Token      tokenCmd      `cmd:"" help:"API tokens."`
	Recover    recoverCmd    `cmd:"" help:"Make a link with which somebody who lost every way in can add a passkey."`
	Backup     backupCmd     `cmd:"" help:"Write an encrypted backup; the server may be running."`
	Restore    restoreCmd    `cmd:"" help:"Put a backup back after checking it."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the database schema up to this program."`
	Doctor     doctorCmd     `cmd:"" help:"Say how an installation is."`
	Config     configCmd     `cmd:"" help:"Check and explain the configuration."`
	Bench      benchCmd      `cmd:"" help:"Data for measuring."`
	Completion completionCmd `cmd:"" help:"Print a shell completion script."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Parse      parseCmd      `cmd:"" name:"parse-document" hidden:""`
}

// exit is an error that carries an exit code; its text may be empty when the
// command has said everything already.
type exit struct {
	code int
	text string
}

func (e exit) Error() string { return e.text }

// Run parses the arguments, runs the command and returns the exit code.
func Run(ctx context.Context, p *Program, args []string) int {
	var grammar root
	code, parsedHelp := -1, false
	parser, err := kong.New(&grammar, kong.Name("touchstone"), kong.Writers(p.Stdout, p.Stderr),
		kong.Description("Secure by Design, lived and proved. Run “touchstone COMMAND --help” for the flags of a command."),
		kong.UsageOnError(), kong.Exit(func(c int) { code, parsedHelp = c, true }), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(p.Stderr, "touchstone:", err)
		return Failed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if parsedHelp {
		return code
	}
	if err != nil {
		said := missingValue.ReplaceAllString(err.Error(), "a value is missing after it")
		fmt.Fprintf(p.Stderr, "touchstone: %s\nRun “touchstone --help” for the commands and their flags.\n", said)
		return Usage
	}
	return p.report(command.Run(parser))
}

// missingValue is how the library says that the line ended where a value belongs.
var missingValue = regexp.MustCompile(`expected \w+( value)?( but got)? "EOL" \(<EOL>\)`)

// report prints an error the way a person can act on and returns its exit code.
func (p *Program) report(err error) int {
	var e exit
	switch {
	case err == nil:
		return Done
	case errors.As(err, &e):
		if e.text != "" {
			fmt.Fprintln(p.Stderr, "touchstone:", e.text)
		}
		return e.code
	case errors.Is(err, context.Canceled):
		return Failed
	}
	kind := fault.KindOf(err)
	if kind == fault.Internal {
		fmt.Fprintln(p.Stderr, "touchstone:", err)
		return Failed
	}
	public, problems := fault.Public(err)
	if len(problems) > 0 {
		public = "This cannot be used:"
	}
	fmt.Fprintln(p.Stderr, "touchstone:", public)
	for _, problem := range problems {
		fmt.Fprintln(p.Stderr, " ", located(strings.TrimPrefix(problem.Pointer, "/"), problem.Detail))
	}
	switch kind {
	case fault.Forbidden, fault.Unauthorised, fault.StepUp:
		return NotAllowed
	case fault.Invalid:
		return Usage
	}
	return Failed
}

// located says where a problem is, unless its words do.
func located(at, detail string) string {
	if at == "" || strings.Contains(detail, at) {
		return detail
	}
	return at + ": " + detail
}

// format is the flag of commands whose output programs read.
type format struct {
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

func (f format) json() bool { return f.Format == "json" }

// print writes v as one line of JSON, or calls text.
func (p *Program) print(f format, v any, text func(w io.Writer)) error {
	if !f.json() {
		text(p.Stdout)
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "%s\n", b)
	return err
}

// with opens an installation, runs fn and closes it.
func (p *Program) with(ctx context.Context, t Target, fn func(o *Opened) error) error {
	o, err := p.Open(ctx, t)
	if err != nil {
		return err
	}
	return errors.Join(fn(o), o.Close())
}
