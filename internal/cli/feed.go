package cli

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

type feedCmd struct {
	Sync   feedSyncCmd   `cmd:"" help:"Load advisories and catalogues; the server may be running."`
	Status feedStatusCmd `cmd:"" help:"Say which feeds are loaded, how old they are, and what is wrong with them."`
	Verify feedVerifyCmd `cmd:"" help:"Compare what is loaded with what lies in folders, without changing anything."`
}

// feedLine is one feed in the output of these commands.
type feedLine struct {
	Name        string     `json:"name"`
	Origin      string     `json:"origin"`
	Records     int64      `json:"records"`
	AsOf        *time.Time `json:"as_of"`
	AgeDays     int        `json:"age_days"`
	Stale       bool       `json:"stale"`
	Digest      string     `json:"digest"`
	Changed     int        `json:"changed"`
	Gone        int        `json:"gone"`
	Quarantined int        `json:"quarantined"`
	Alerts      []string   `json:"alerts"`
	Problem     string     `json:"problem,omitempty"`
}

type feedOutput struct {
	Schema string     `json:"schema"`
	OK     bool       `json:"ok"`
	Feeds  []feedLine `json:"feeds"`
}

func asOf(micro int64) *time.Time {
	if micro == 0 {
		return nil
	}
	t := time.UnixMicro(micro).UTC()
	return &t
}

func resultsOf(schema string, list []app.FeedResult) feedOutput {
	out := feedOutput{Schema: schema, OK: true, Feeds: []feedLine{}}
	for _, r := range list {
		out.OK = out.OK && r.Problem == "" && len(r.Alerts) == 0
		out.Feeds = append(out.Feeds, feedLine{Name: r.Name, Origin: r.Origin, Records: r.Records, AsOf: asOf(r.AsOf), Digest: r.Digest, Changed: r.Changed, Gone: r.Gone,
			Quarantined: r.Quarantined, Alerts: append([]string{}, r.Alerts...), Problem: r.Problem})
	}
	return out
}

func (out feedOutput) text(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, f := range out.Feeds {
		when := "never"
		if f.AsOf != nil {
			when = f.AsOf.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(t, "%s\t%d records\tas of %s\t%d changed\t%d gone\t%d quarantined\n", f.Name, f.Records, when, f.Changed, f.Gone, f.Quarantined)
	}
	t.Flush() //nolint:errcheck // the writer below keeps its error
	for _, f := range out.Feeds {
		if f.Problem != "" {
			fmt.Fprintf(w, "%s: %s\n", f.Name, f.Problem)
		}
		for _, a := range f.Alerts {
			fmt.Fprintf(w, "%s: %s\n", f.Name, a)
		}
	}
	if len(out.Feeds) == 0 {
		fmt.Fprintln(w, "No feed is loaded.")
	}
}

// end is exit code 3 when something is not as it should be.
func (out feedOutput) end() error {
	if !out.OK {
		return exit{code: NotMet}
	}
	return nil
}

type feedSyncCmd struct {
	Target
	format
	From         []string `help:"Folder, archive or https address; may be given several times. Without it those configured as feeds." placeholder:"PLACE" sep:"none"`
	AcceptShrunk bool     `name:"accept-shrunk" help:"Take records away though many are missing at once."`
}

func (c *feedSyncCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		list, err := o.App.SyncFeeds(ctx, access.Operator(), app.SyncInput{Places: c.From, AcceptShrunk: c.AcceptShrunk})
		if err != nil {
			return err
		}
		out := resultsOf("touchstone.feed-sync/v1", list)
		if err := p.print(c.format, out, out.text); err != nil {
			return err
		}
		return out.end()
	})
}

type feedStatusCmd struct {
	Target
	format
}

func (c *feedStatusCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		list, err := o.App.OperatorFeedStatus(ctx)
		if err != nil {
			return err
		}
		out := feedOutput{Schema: "touchstone.feed-status/v1", OK: true, Feeds: []feedLine{}}
		for _, f := range list {
			out.OK = out.OK && len(f.Alerts) == 0
			out.Feeds = append(out.Feeds, feedLine{Name: f.Name, Origin: f.Origin, Records: f.Records, AsOf: asOf(f.AsOf), AgeDays: f.AgeDays, Stale: f.Stale, Digest: f.Digest,
				Quarantined: len(f.Quarantined), Alerts: append([]string{}, f.Alerts...), Problem: f.Problem})
		}
		if err := p.print(c.format, out, out.text); err != nil {
			return err
		}
		return out.end()
	})
}

type feedVerifyCmd struct {
	Target
	format
	From []string `help:"Folder or archive; may be given several times. Without it those configured as feeds." placeholder:"PLACE" sep:"none"`
}

func (c *feedVerifyCmd) Run(ctx context.Context, p *Program) error {
	return p.with(ctx, c.Target, func(o *Opened) error {
		list, err := o.App.VerifyFeeds(ctx, access.Operator(), c.From)
		if err != nil {
			return err
		}
		out := resultsOf("touchstone.feed-verify/v1", list)
		for _, f := range out.Feeds {
			out.OK = out.OK && f.Changed == 0 && f.Gone == 0
		}
		if err := p.print(c.format, out, out.text); err != nil {
			return err
		}
		return out.end()
	})
}

// parseCmd is for the server itself, which reads large documents in a process of
// its own.
type parseCmd struct{}

func (parseCmd) Run(ctx context.Context, p *Program) error { return p.Parse(ctx) }
