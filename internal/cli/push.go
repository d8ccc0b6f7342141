package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

type pushCmd struct {
	remote
	System  string        `help:"Identifier of the system." required:"" placeholder:"ID" env:"TOUCHSTONE_SYSTEM"`
	Release string        `help:"Name of the release, such as a version or a commit." required:"" placeholder:"NAME"`
	Wait    time.Duration `help:"How long to wait until the documents are judged." default:"5m"`
	Format  string        `help:"text or json." enum:"text,json" default:"text"`
	// Artifact names files of the release itself: their digests are sent, not they.
	Artifact []string `help:"File of the release that attestations must speak of; its SHA-256 is sent, not the file. May be given several times." placeholder:"FILE" sep:"none"`
	Files    []string `arg:"" name:"file" optional:"" help:"Documents: SBOM, SARIF, VEX, CSAF, attestations, Scorecard, test results, security.txt, repository facts."`
}

type pushed struct {
	Path     string      `json:"path"`
	SHA256   string      `json:"sha256"`
	Format   string      `json:"format"`
	Evidence string      `json:"evidence"`
	Status   string      `json:"status"`
	Items    int64       `json:"items"`
	Faults   []pushFault `json:"faults,omitempty"`
	Problem  string      `json:"problem,omitempty"` // why it was refused
	job      string
}

type pushFault struct {
	Pointer string `json:"pointer,omitempty"`
	Line    int    `json:"line,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Detail  string `json:"detail"`
}

type movedStanding struct {
	Framework   string `json:"framework"`
	Requirement string `json:"requirement"`
	Before      string `json:"before"`
	After       string `json:"after"`
	Because     string `json:"because"`
}

type pushOutput struct {
	Schema    string          `json:"schema"`
	Documents []pushed        `json:"documents"`
	Standings []movedStanding `json:"standings"`
	Policy    string          `json:"policy"`
	Reasons   []string        `json:"reasons,omitempty"`
}

func (c *pushCmd) Run(ctx context.Context, p *Program) error {
	to, err := c.caller()
	if err != nil {
		return err
	}
	if len(c.Files)+len(c.Artifact) == 0 {
		return exit{Usage, "name the documents to send, or a file of the release with --artifact"}
	}
	out := pushOutput{Schema: "touchstone.push/v1", Documents: []pushed{}, Standings: []movedStanding{}, Policy: "met"}
	var refused error
	var all []document
	if len(c.Artifact) > 0 {
		listed, err := listArtifacts(c.Artifact)
		if err != nil {
			return err
		}
		all = append(all, listed)
	}
	for _, name := range c.Files {
		all = append(all, document{name: name, open: func() (io.ReadCloser, error) { return openFile(name) }})
	}
	for _, doc := range all {
		d, err := c.deliver(ctx, to, doc)
		if err != nil {
			kind := fault.KindOf(err)
			if kind == fault.Unauthorised || kind == fault.Forbidden || kind == fault.Unavailable || kind == fault.RateLimited || kind == fault.NotFound || ctx.Err() != nil {
				return err // the next file would fare no better
			}
			public, problems := fault.Public(err)
			d = pushed{Path: doc.name, Status: "refused", Problem: public}
			for _, p := range problems {
				d.Faults = append(d.Faults, pushFault{Pointer: p.Pointer, Detail: p.Detail})
			}
			refused = err
		}
		out.Documents = append(out.Documents, d)
	}
	if err := c.settle(ctx, to, &out); err != nil {
		return err
	}
	if err := p.print(format{Format: c.Format}, out, out.text); err != nil {
		return err
	}
	switch {
	case refused != nil:
		return exit{code: Failed, text: "not every document was taken."}
	case out.Policy != "met":
		return exit{code: NotMet}
	}
	return nil
}

// document is one thing that is sent.
type document struct {
	name string
	open func() (io.ReadCloser, error)
}

func (c *pushCmd) deliver(ctx context.Context, to *caller, doc document) (pushed, error) {
	name := doc.name
	f, err := doc.open()
	if err != nil {
		return pushed{}, err
	}
	defer f.Close()
	var answer struct {
		pushed
		Job string `json:"job"`
	}
	path := "/api/v1/systems/" + url.PathEscape(c.System) + "/releases/" + url.PathEscape(c.Release) + "/documents?file=" + url.QueryEscape(base(name))
	if err := to.do(ctx, "POST", path, "application/octet-stream", f, &answer); err != nil {
		return pushed{}, err
	}
	answer.pushed.Path, answer.pushed.job = name, answer.Job
	return answer.pushed, nil
}

// artifactList is the document that says which files a release has.
type artifactList struct {
	Schema string     `json:"schema"`
	Files  []artifact `json:"files"`
}

type artifact struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// listArtifacts digests the files of a release.
func listArtifacts(names []string) (document, error) {
	list := artifactList{Schema: "touchstone.artifacts/v1"}
	for _, name := range names {
		f, err := openFile(name)
		if err != nil {
			return document{}, err
		}
		sum := sha256.New()
		n, err := io.Copy(sum, f)
		f.Close()
		if err != nil {
			return document{}, fault.Newf(fault.Invalid, "%s cannot be read: %s.", name, plainPath(err)).Because(err)
		}
		list.Files = append(list.Files, artifact{base(name), hex.EncodeToString(sum.Sum(nil)), n})
	}
	b, err := json.Marshal(list)
	return document{name: "artifacts.json", open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}, err
}

func base(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// settle waits for the jobs and gathers what they came to.
func (c *pushCmd) settle(ctx context.Context, to *caller, out *pushOutput) error {
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	for _, d := range out.Documents {
		if d.job == "" {
			continue
		}
		job, err := waitFor(ctx, to, d.job)
		if err != nil {
			return err
		}
		out.Standings = append(out.Standings, job.Standings...)
		if job.Policy != "" {
			out.Policy, out.Reasons = job.Policy, job.Reasons // of the last, which has seen all
		}
	}
	return nil
}

type jobAnswer struct {
	State     string          `json:"state"`
	Problem   string          `json:"problem"`
	Standings []movedStanding `json:"standings"`
	Policy    string          `json:"policy"`
	Reasons   []string        `json:"reasons"`
}

func waitFor(ctx context.Context, to *caller, id string) (jobAnswer, error) {
	pause := 50 * time.Millisecond
	for {
		var job jobAnswer
		if err := to.do(ctx, "GET", "/api/v1/jobs/"+url.PathEscape(id), "", nil, &job); err != nil {
			return job, err
		}
		switch job.State {
		case "done":
			return job, nil
		case "failed":
			return job, exit{code: Failed, text: job.Problem}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return job, exit{code: Failed, text: "The documents were delivered and are kept, but they were not judged in the time given with --wait."}
		}
		pause = min(2*pause, 2*time.Second)
	}
}

func (out pushOutput) text(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, d := range out.Documents {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d items\n", d.Path, d.Format, strings.ReplaceAll(d.Status, "_", " "), d.Items)
		if d.Problem != "" {
			fmt.Fprintf(t, "  %s\n", d.Problem)
		}
		for _, f := range d.Faults {
			where := f.Pointer
			if f.Line > 0 {
				where = fmt.Sprintf("line %d", f.Line)
			}
			fmt.Fprintf(t, "  %s: %s\n", where, f.Detail)
		}
	}
	t.Flush() //nolint:errcheck // the writer below keeps its error
	if len(out.Standings) == 0 {
		fmt.Fprintln(w, "No standing moved.")
	}
	for _, m := range out.Standings {
		fmt.Fprintf(w, "%s %s: %s -> %s\n  %s\n", m.Framework, m.Requirement, m.Before, m.After, m.Because)
	}
	fmt.Fprintf(w, "Policy: %s\n", strings.ReplaceAll(out.Policy, "_", " "))
	for _, r := range out.Reasons {
		fmt.Fprintf(w, "  %s\n", r)
	}
}
