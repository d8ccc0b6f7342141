package cli

import (
	"context"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

type verifyCmd struct {
	Target
	format
	Checkpoint []string `help:"Checkpoint that was kept elsewhere; may be given several times." placeholder:"FILE" sep:"none"`
}

type verifyOutput struct {
	Schema   string         `json:"schema"`
	OK       bool           `json:"ok"`
	Entries  int64          `json:"entries"`
	Head     string         `json:"head"`
	Log      string         `json:"log"`
	Rows     int            `json:"rows"`
	Files    int            `json:"files"`
	Problems []tlog.Problem `json:"problems"`
	Omitted  int64          `json:"problems_omitted"`
	Notes    []string       `json:"notes"`
}

func (c *verifyCmd) Run(ctx context.Context, p *Program) error {
	var given [][]byte
	for _, file := range c.Checkpoint {
		b, err := readSmall(file)
		if err != nil {
			return err
		}
		given = append(given, b)
	}
	return p.with(ctx, c.Target, func(o *Opened) error {
		v, err := o.App.Verify(ctx, access.Operator(), given)
		if err != nil {
			return err
		}
		out := verifyOutput{Schema: "touchstone.verify/v1", OK: v.OK, Entries: v.Entries, Head: v.Head, Log: v.LogID, Rows: v.Rows, Files: v.Files,
			Problems: v.Problems, Omitted: v.Omitted, Notes: v.Notes}
		if out.Problems == nil {
			out.Problems = []tlog.Problem{}
		}
		if out.Notes == nil {
			out.Notes = []string{}
		}
		if err := p.print(c.format, out, func(w io.Writer) { verifyText(w, out) }); err != nil {
			return err
		}
		if !v.OK {
			return exit{code: NotMet}
		}
		return nil
	})
}

func verifyText(w io.Writer, v verifyOutput) {
	if v.OK {
		fmt.Fprintf(w, "Sound: %d entries, %d rows and %d attachments agree.\nHead %s of log %s.\n", v.Entries, v.Rows, v.Files, v.Head, v.Log)
	} else {
		fmt.Fprintf(w, "NOT sound. Problems found: %d, in %d entries.\n", int64(len(v.Problems))+v.Omitted, v.Entries)
	}
	for _, problem := range v.Problems {
		fmt.Fprintf(w, "  %-18s entry %-8d %s\n", problem.Kind, problem.Index, problem.Detail)
	}
	if v.Omitted > 0 {
		fmt.Fprintf(w, "  and %d more\n", v.Omitted)
	}
	for _, note := range v.Notes {
		fmt.Fprintln(w, note)
	}
}

// readSmall reads a file that is known to be small, or standard input for "-".
func readSmall(name string) ([]byte, error) {
	const limit = 4 << 20
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, exit{Failed, fmt.Sprintf("there is no file %s", name)}
	}
	if err != nil {
		return nil, exit{Failed, err.Error()}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, exit{Failed, err.Error()}
	}
	if len(b) > limit {
		return nil, exit{Failed, fmt.Sprintf("%s is larger than 4 MB", name)}
	}
	return b, nil
}

type logCmd struct {
	Checkpoint checkpointCmd `cmd:"" help:"Print a signed checkpoint of the log, to be kept elsewhere."`
	Key        logKeyCmd     `cmd:"" help:"Print the key that checks checkpoints."`
}

type checkpointCmd struct{ Target }

func (c *checkpointCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		note, err := o.App.Checkpoint(ctx, access.Operator())
		if err != nil {
			return err
		}
		_, err = p.Stdout.Write(note)
		return err
	})
}

type logKeyCmd struct{ Target }

func (c *logKeyCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		keys, err := o.App.CheckpointKeys(ctx)
		for _, k := range keys {
			fmt.Fprintln(p.Stdout, k)
		}
		return err
	})
}

type trustCmd struct {
	Target
	format
	Remove bool `help:"Take the authority out again."`
	System bool `help:"Also the system's own store; needs root."`
	Yes    bool `help:"Agree. Without it nothing is changed and the fingerprint is shown."`
}

func (c *trustCmd) Run(ctx context.Context, p *Program) error {
	data := c.Data
	if data == "" {
		data = "./touchstone-data"
	}
	sum, err := authorityOf(data)
	if err != nil {
		return err
	}
	if !c.Yes {
		return exit{Usage, trustWords(c.Remove, sum)}
	}
	steps, err := p.Trust(ctx, data, c.Remove, c.System)
	if err != nil {
		return err
	}
	return p.print(c.format, map[string]any{"schema": "touchstone.trust/v1", "steps": steps}, func(w io.Writer) {
		for _, s := range steps {
			mark := "to do"
			if s.Done {
				mark = "done"
			}
			fmt.Fprintf(w, "%-6s %s: %s\n", mark, s.Place, s.Text)
		}
	})
}

// authorityOf is the fingerprint of the authority in a data folder, as the server
// prints it.
func authorityOf(data string) (string, error) {
	file := filepath.Join(data, "ca.crt")
	b, err := readSmall(file)
	if err != nil {
		return "", exit{Failed, fmt.Sprintf("%s. Start the server once, or name its folder with --data", err)}
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != "CERTIFICATE" {
		return "", exit{Failed, fmt.Sprintf("%s is not a certificate in PEM", file)}
	}
	sum := sha256.Sum256(block.Bytes)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":"), nil
}

func trustWords(remove bool, sum string) string {
	if remove {
		return "this takes the authority with the SHA-256 fingerprint\n  " + sum + "\nout of the places where your browsers look. Run the command again with --yes to do it"
	}
	return "installing this authority lets whoever holds its key vouch for localhost in your browsers. Its SHA-256 fingerprint is\n  " + sum +
		"\nCompare it with the one that the server printed, then run the command again with --yes"
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an API token and print it once."`
}

type tokenCreateCmd struct {
	Target
	format
	Org       string        `required:"" help:"Name of the organisation." placeholder:"NAME"`
	CreateOrg bool          `name:"create-org" help:"Create the organisation when there is none of that name."`
	Role      string        `required:"" help:"team_member, dtsl, sro, assessor, portfolio_reader or administrator." placeholder:"ROLE"`
	System    string        `help:"Limit the token to one system." placeholder:"ID"`
	TTL       time.Duration `name:"ttl" help:"How long the token lives, for example 720h." placeholder:"DURATION"`
	Name      string        `help:"What the token is for." default:"made on the command line"`
}

func (c *tokenCreateCmd) Run(ctx context.Context, p *Program) error {
	c.Create = true // the first token may be wanted before the server runs
	return p.with(ctx, c.Target, func(o *Opened) error {
		t, _, err := o.App.OperatorCreateToken(ctx, app.OperatorTokenInput{Organisation: c.Org, Create: c.CreateOrg, Role: access.Role(c.Role),
			System: c.System, Life: c.TTL, Name: c.Name})
		if err != nil {
			return err
		}
		out := map[string]any{"schema": "touchstone.token/v1", "token": t.Secret, "principal": t.ID, "organisation": t.Organisation, "role": c.Role,
			"expires_at": t.ExpiresAt.UTC().Format(time.RFC3339)}
		return p.print(c.format, out, func(w io.Writer) {
			fmt.Fprintf(w, "%s\n", t.Secret)
			fmt.Fprintf(p.Stderr, "Token %s for organisation %s, role %s, until %s. It is shown only now.\n", t.ID, t.Organisation, c.Role, out["expires_at"])
		})
	})
}

type recoverCmd struct {
	Target
	format
	Email string `arg:"" help:"Address that the person signs in with."`
}

func (c *recoverCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		link, _, err := o.App.NewRecoveryLink(ctx, c.Email)
		if err != nil {
			return err
		}
		return p.print(c.format, map[string]any{"schema": "touchstone.recover/v1", "url": link.URL}, func(w io.Writer) {
			fmt.Fprintln(w, link.URL)
			fmt.Fprintln(p.Stderr, "Works once, for 15 minutes. Give it to the person by a way you trust. It stands in the audit log.")
		})
	})
}

type backupCmd struct {
	Target
	format
	Out string `required:"" help:"File to write." placeholder:"FILE"`
}

func (c *backupCmd) Run(ctx context.Context, p *Program) error {
	r, err := p.Backup(ctx, c.Target, c.Out)
	if err != nil {
		return err
	}
	return p.print(c.format, r, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d bytes, %d log entries, %d attachments.\nsha256 %s\n", r.File, r.Bytes, r.Entries, r.Files, r.SHA256)
		fmt.Fprintln(p.Stderr, "Keep the file keys/kek.txt of the data folder somewhere else: without it the backup cannot be opened.")
	})
}

type restoreCmd struct {
	Target
	format
	File string `arg:"" help:"Backup to put back."`
}

func (c *restoreCmd) Run(ctx context.Context, p *Program) error {
	r, err := p.Restore(ctx, c.Target, c.File)
	if err != nil {
		return err
	}
	return p.print(c.format, r, func(w io.Writer) {
		fmt.Fprintf(w, "Restored %d log entries and %d attachments from %s.\n", r.Entries, r.Files, r.File)
	})
}

type migrateCmd struct {
	Target
	format
}

func (c *migrateCmd) Run(ctx context.Context, p *Program) error {
	from, to, err := p.Migrate(ctx, c.Target)
	if err != nil {
		return err
	}
	return p.print(c.format, map[string]any{"schema": "touchstone.migrate/v1", "from": from, "to": to}, func(w io.Writer) {
		if from == to {
			fmt.Fprintf(w, "The schema is %d already.\n", to)
			return
		}
		fmt.Fprintf(w, "The schema went from %d to %d.\n", from, to)
	})
}

type doctorCmd struct {
	Target
	format
}

func (c *doctorCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		d, err := o.App.Doctor(ctx)
		if err != nil {
			return err
		}
		d.Complaints = append(d.Complaints, o.Complaints...)
		d.OK = d.OK && len(o.Complaints) == 0
		out := map[string]any{"ok": d.OK, "engine": o.Engine, "schema": o.Schema, "counts": d.Counts, "complaints": d.Complaints}
		err = p.print(c.format, out, func(w io.Writer) {
			fmt.Fprintf(w, "%s, schema %d\n", o.Engine, o.Schema)
			t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
			for _, line := range []struct {
				name string
				n    int64
			}{{"organisations", d.Counts.Organisations}, {"units", d.Counts.Units}, {"people", d.Counts.Users}, {"systems", d.Counts.Systems},
				{"assessments", d.Counts.Assessments}, {"answers", d.Counts.Responses}, {"evidence", d.Counts.Evidence}, {"log entries", d.Counts.AuditEntries}} {
				fmt.Fprintf(t, "%s\t%d\n", line.name, line.n)
			}
			t.Flush()
			for _, complaint := range d.Complaints {
				fmt.Fprintln(w, complaint)
			}
		})
		if err == nil && !d.OK {
			return exit{code: NotMet}
		}
		return err
	})
}

type configCmd struct {
	Check   configCheckCmd   `cmd:"" help:"Judge the configuration without starting."`
	Explain configExplainCmd `cmd:"" help:"Say what a setting does and where its value comes from."`
}

type configCheckCmd struct {
	Target
	format
}

func (c *configCheckCmd) Run(p *Program) error {
	settings, err := p.Settings(c.Target)
	if err != nil {
		return err
	}
	return p.print(c.format, map[string]any{"schema": "touchstone.config/v1", "settings": settings}, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, s := range settings {
			fmt.Fprintf(t, "%s\t%s\t%s\n", s.Key, s.Value, s.From)
		}
		t.Flush()
	})
}

type configExplainCmd struct {
	Target
	format
	Key string `arg:"" help:"Setting, for example public_url."`
}

func (c *configExplainCmd) Run(p *Program) error {
	s, known, err := p.Explain(c.Target, c.Key)
	if err != nil {
		return err
	}
	if !known {
		return exit{Usage, fmt.Sprintf("there is no setting %q; “touchstone config check” lists them", c.Key)}
	}
	out := struct {
		Schema string `json:"schema"`
		Setting
	}{"touchstone.setting/v1", s}
	return p.print(c.format, out, func(w io.Writer) {
		fmt.Fprintf(w, "%s\n  %s\n  value     %s (from %s)\n  default   %s\n  variable  %s\n", s.Key, s.Help, shownValue(s.Value), s.From, shownValue(s.Default), s.Env)
		if s.Loosens != "" {
			fmt.Fprintf(w, "  RISK      %s\n", s.Loosens)
		}
	})
}

func shownValue(v string) string {
	if v == "" {
		return "(empty)"
	}
	return v
}

type benchCmd struct {
	Seed benchSeedCmd `cmd:"" help:"Fill an empty folder with data for measuring."`
}

type benchSeedCmd struct {
	Target
	format
	Systems    int   `help:"Systems to make." default:"100"`
	Components int   `help:"Components of each bill of materials; used once documents are taken." default:"500"`
	Answers    int   `help:"Answers in all; 0 = 100 a system." default:"0"`
	Units      int   `help:"Units." default:"200"`
	Users      int   `help:"People." default:"2000"`
	Seed       int64 `help:"Seed of the random choices." default:"1"`
}

func (c *benchSeedCmd) Run(ctx context.Context, p *Program) error {
	r, err := p.BenchSeed(ctx, c.Target, BenchOptions{Systems: c.Systems, Components: c.Components, Answers: c.Answers, Units: c.Units, Users: c.Users, Seed: c.Seed})
	if err != nil {
		return err
	}
	return p.print(c.format, r, func(w io.Writer) {
		for _, k := range slices.Sorted(keys(r.Counts)) {
			fmt.Fprintf(w, "%-14s %d\n", k, r.Counts[k])
		}
		fmt.Fprintln(w, r.Token)
	})
}

func keys(m map[string]int64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

type versionCmd struct{ format }

func (c *versionCmd) Run(p *Program) error {
	return p.print(c.format, map[string]any{"schema": "touchstone.version/v1", "version": p.Version}, func(w io.Writer) {
		fmt.Fprintln(w, "touchstone", p.Version)
	})
}

type frameworkCmd struct {
	List frameworkListCmd `cmd:"" help:"List the frameworks that ship with the program."`
	Show frameworkShowCmd `cmd:"" help:"Show one framework."`
	Lint frameworkLintCmd `cmd:"" help:"Check framework files and report every problem."`
}

type frameworkListCmd struct{ format }

type frameworkLine struct {
	ID        string `json:"id"`
	Version   string `json:"version"`
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Status    string `json:"status"`
	Alignment string `json:"alignment"`
}

func (c *frameworkListCmd) Run(p *Program) error {
	lib, err := frameworks.Open()
	if err != nil {
		return err
	}
	var lines []frameworkLine
	for _, f := range lib.Heads() {
		lines = append(lines, frameworkLine{f.ID, f.Version, f.Title, f.Publisher, f.Status, f.Alignment})
	}
	return p.print(c.format, map[string]any{"schema": "touchstone.frameworks/v1", "frameworks": lines}, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, f := range lines {
			fmt.Fprintf(t, "%s@%s\t%s\t%s\t%s\n", f.ID, f.Version, f.Title, f.Publisher, f.Alignment)
		}
		t.Flush()
	})
}

type frameworkShowCmd struct {
	format
	Key string `arg:"" help:"Framework and version, for example ncsc-caf@4.0."`
}

func (c *frameworkShowCmd) Run(p *Program) error {
	lib, err := frameworks.Open()
	if err != nil {
		return err
	}
	id, version, versioned := strings.Cut(c.Key, "@")
	if !versioned {
		return exit{Usage, fmt.Sprintf("name a framework with its version, like mod-sbd@2025, not %q; “touchstone framework list” has them all", c.Key)}
	}
	f, err := lib.Get(id, version)
	if err != nil {
		return err
	}
	out := struct {
		Schema string `json:"schema"`
		*framework.Framework
	}{"touchstone.framework/v1", f}
	return p.print(c.format, out, func(w io.Writer) {
		fmt.Fprintf(w, "%s (%s)\n%s\n%s\n", f.Title, f.Key(), f.Publisher, f.Note)
		f.Walk(func(_ []*framework.Group, r *framework.Requirement) { fmt.Fprintf(w, "%-12s %s\n", r.ID, r.Question) })
	})
}

type frameworkLintCmd struct {
	format
	Files []string `arg:"" help:"Framework files, named ID/VERSION.yaml." type:"path"`
}

type lintOutput struct {
	File     string              `json:"file"`
	Problems []framework.Problem `json:"problems"`
}

func (c *frameworkLintCmd) Run(p *Program) error {
	var out []lintOutput
	bad := false
	for _, file := range c.Files {
		b, err := readSmall(file)
		if err != nil {
			return err
		}
		name := lastTwo(file)
		_, problems, err := frameworks.Parse(name, b)
		if err != nil && fault.KindOf(err) == fault.Internal {
			return err
		}
		if err != nil {
			bad = true
		}
		if problems == nil {
			problems = []framework.Problem{}
		}
		out = append(out, lintOutput{File: file, Problems: problems})
	}
	err := p.print(c.format, map[string]any{"schema": "touchstone.framework-lint/v1", "files": out}, func(w io.Writer) {
		for _, o := range out {
			fmt.Fprintf(w, "%s: problems: %d\n", o.File, len(o.Problems))
			for _, problem := range o.Problems {
				at := strings.TrimSpace(fmt.Sprintf("line %d %s", problem.Line, problem.Pointer))
				fmt.Fprintf(w, "  %s: %s. %s\n", at, strings.TrimSuffix(problem.What, "."), problem.Fix)
			}
		}
	})
	if err == nil && bad {
		return exit{code: NotMet}
	}
	return err
}

// lastTwo keeps the folder and file name, which must equal id and version.
func lastTwo(path string) string {
	parts := strings.Split(path, string(os.PathSeparator))
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}
