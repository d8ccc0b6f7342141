package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/scan"
)

type scanCmd struct {
	Files      []string `arg:"" name:"file" help:"Bills of materials (CycloneDX, SPDX) and VEX documents about them; - is standard input."`
	Advisories string   `help:"Folder of advisories in the layout of osv.dev, ECOSYSTEM/all.zip; KEV and EPSS beside them are used too." required:"" placeholder:"DIR"`
	Format     string   `help:"table, json, sarif, cyclonedx, openvex or html." enum:"table,json,sarif,cyclonedx,openvex,html" default:"table"`
	Allow      int      `name:"allow-unassessed" help:"How many components may go unassessed before the exit code says so." default:"0" placeholder:"N"`
	MaxFeedAge span     `name:"max-feed-age" help:"Take advisories older than this for stale, such as 7d or 36h." placeholder:"D"`
	Cache      string   `help:"Folder that keeps advisories in compiled form, so that the next scan is faster." placeholder:"DIR" env:"TOUCHSTONE_CACHE"`
}

// span is a duration that may be in days.
type span struct{ time.Duration }

// UnmarshalText reads “7d” and what Go reads as a duration.
func (s *span) UnmarshalText(b []byte) error {
	text := string(b)
	if days, is := strings.CutSuffix(text, "d"); is {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil || n == 0 {
			return fmt.Errorf("%q is no number of days, such as 7d", text)
		}
		s.Duration = time.Duration(n) * 24 * time.Hour
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is no length of time, such as 7d or 36h", text)
	}
	s.Duration = d
	return nil
}

func (c *scanCmd) Run(ctx context.Context, p *Program) error {
	if c.Allow < 0 {
		return exit{Usage, "--allow-unassessed takes a number of components, 0 or more."}
	}
	w, known := scan.WriterOf(c.Format)
	if !known {
		return exit{Usage, "There is no format " + c.Format + "."}
	}
	frugal()
	progress := p.progress()
	r, err := scan.Run(ctx, scan.Options{Documents: sources(c.Files), Advisories: c.Advisories, Cache: c.Cache, MaxFeedAge: c.MaxFeedAge.Microseconds(), Now: p.Now().UnixMicro(), Say: progress.say})
	progress.end()
	if err != nil {
		return scanFault(err)
	}
	if err := w.Write(p.Stdout, r, scan.View{Version: p.Version, Width: p.columns(p.Stdout), Allowed: c.Allow}); err != nil {
		return exit{Failed, err.Error()}
	}
	return c.outcome(p, r)
}

// outcome is the exit code. Programs that read the output find the reasons in it;
// whoever reads the log of a pipeline finds them on standard error.
func (c *scanCmd) outcome(p *Program, r *scan.Result) error {
	t := r.Tally()
	code := Done
	switch {
	case t.Refused > 0:
		code = Failed
	case !r.Holds(c.Allow):
		code = NotMet
	}
	if c.Format != "table" {
		for _, why := range r.Refusals() {
			fmt.Fprintln(p.Stderr, "touchstone: refused", why)
		}
		if code != Done {
			fmt.Fprintln(p.Stderr, "touchstone:", r.Headline(c.Allow))
		}
	}
	if code == Done {
		return nil
	}
	return exit{code: code}
}

// scanFault keeps exit code 1 for everything that prevents a scan: 2 is for wrong
// usage, and a folder without advisories is a state of the world.
func scanFault(err error) error {
	if errors.Is(err, context.Canceled) || fault.KindOf(err) == fault.Internal {
		return err
	}
	public, _ := fault.Public(err)
	return exit{Failed, public}
}

// frugal lets the heap grow before it is swept, up to a size at which sweeping is
// worth it: a scan lives for seconds. GOMEMLIMIT and GOGC win.
func frugal() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(384 << 20)
	}
}

func sources(files []string) []scan.Source {
	out := make([]scan.Source, len(files))
	stdin := false
	for i, name := range files {
		out[i] = scan.Source{Path: name, Open: func() (io.ReadCloser, error) { return openDocument(name) }}
		if name != "-" {
			continue
		}
		if stdin {
			out[i].Open = func() (io.ReadCloser, error) {
				return nil, fault.New(fault.Invalid, "Standard input can be read once only.")
			}
		}
		stdin = true
	}
	return out
}

func openDocument(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	f, err := os.Open(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fault.New(fault.NotFound, "There is no such file.").Because(err)
	case errors.Is(err, os.ErrPermission):
		return nil, fault.New(fault.Invalid, "You may not read this file.").Because(err)
	case err != nil:
		return nil, fault.New(fault.Invalid, "The file cannot be opened.").Because(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fault.New(fault.Invalid, "This is a folder. Name the documents in it.")
	}
	return f, nil
}

// columns is the width of the terminal behind a writer; 0 = it is none.
func (p *Program) columns(w io.Writer) int {
	f, is := w.(*os.File)
	if !is || p.Columns == nil {
		return 0
	}
	return p.Columns(f)
}

// progress tells a person at a terminal what is being done, once it has taken a
// second. Elsewhere it says nothing.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	what  string
	shown bool
	timer *time.Timer
}

const patience = time.Second

func (p *Program) progress() *progress {
	s := &progress{}
	if p.columns(p.Stderr) > 0 {
		s.w = p.Stderr
		s.timer = time.AfterFunc(patience, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.shown = true
			s.show()
		})
	}
	return s
}

func (s *progress) say(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.what = what
	if s.shown {
		s.show()
	}
}

// show writes over the line before; the codes are those of every terminal since the
// VT100.
func (s *progress) show() {
	if s.w != nil {
		fmt.Fprintf(s.w, "\r\x1b[K%s…", printable(s.what))
	}
}

func (s *progress) end() {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown {
		fmt.Fprint(s.w, "\r\x1b[K")
	}
	s.w, s.shown = nil, false
}

// printable leaves out what a terminal would obey.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
