package scan

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

// tableWriter writes for people at a terminal, worst first. Lines are broken, never
// cut: half the name of a package is worse than two lines.
type tableWriter struct{}

// mostShown is how many components are listed at a terminal. A file or a pipe gets
// all of them.
const mostShown = 40

// plainWidth is the width of lines where there is no terminal to ask.
const plainWidth = 120

func (tableWriter) Write(out io.Writer, r *Result, v View) error {
	o := overviewOf(r, v.Allowed)
	w := bufio.NewWriter(out)
	p := &printer{w: w, width: v.Width, most: mostShown}
	if v.Width <= 0 {
		p.width, p.most = plainWidth, 1<<30
	}
	p.width = max(p.width, 40)
	p.documents(o.Documents)
	p.components("Affected, worst first", o.Open, o.Inventories > 1)
	p.components("Decided by statements", o.Decided, o.Inventories > 1)
	p.unassessed(&o)
	p.feeds(&o)
	p.line(0, o.Headline)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the result as a table: %w", err)
	}
	return nil
}

type printer struct {
	w     *bufio.Writer
	width int
	most  int
}

// line writes words, broken between them where the line is full; what follows is
// indented two more.
func (p *printer) line(indent int, text string) { p.pieces(indent, strings.Fields(text), " ") }

// pieces writes pieces with a separator between them, and never breaks one.
func (p *printer) pieces(indent int, list []string, between string) {
	at := 0
	for _, piece := range list {
		n := utf8.RuneCountInString(piece)
		switch {
		case at == 0:
			at = p.put(strings.Repeat(" ", indent) + piece)
		case at+len(between)+n > p.width:
			p.put("\n")
			at = p.put(strings.Repeat(" ", indent+2) + piece)
		default:
			at += p.put(between + piece)
		}
	}
	p.put("\n")
}

func (p *printer) put(s string) int {
	p.w.WriteString(s) //nolint:errcheck // Flush gives the first error
	return utf8.RuneCountInString(s)
}

func (p *printer) heading(text string) {
	p.put(text + "\n" + strings.Repeat("-", utf8.RuneCountInString(text)) + "\n")
}

func (p *printer) documents(rows []documentRow) {
	for _, d := range rows {
		if d.Refused {
			p.line(0, "REFUSED: "+d.refusal())
		} else {
			what := []string{d.Path + ": " + d.Format, d.Status}
			if d.Components > 0 || d.Statements == 0 {
				what = append(what, plural(d.Components, "component", "components"), plural(d.Dependencies, "dependency", "dependencies"))
			}
			if d.Statements > 0 {
				what = append(what, plural(d.Statements, "statement", "statements")+", "+thousands(d.Applied)+" of them about something found here")
			}
			if d.Tool != "" {
				what = append(what, "made by "+d.Tool)
			}
			p.line(0, strings.Join(what, ", "))
		}
		var counts []string
		for _, v := range d.Verdicts {
			counts = append(counts, fmt.Sprintf("%s %s", thousands(v.Count), v.Words))
		}
		if len(counts) > 0 {
			p.pieces(2, counts, " · ")
		}
		p.some(2, d.Faults, 3, "fault", "faults")
	}
	p.put("\n")
}

// some lists the first of many.
func (p *printer) some(indent int, list []string, most int, one, many string) {
	for i, text := range list {
		if i == most && len(list) > most+1 {
			p.line(indent, "and "+plural(len(list)-most, "more "+one, "more "+many)+"; --format json has them all")
			return
		}
		p.line(indent, text)
	}
}

func (p *printer) components(title string, rows []componentRow, several bool) {
	if len(rows) == 0 {
		return
	}
	p.heading(title)
	for i, c := range rows {
		if i == p.most {
			p.line(0, "… and "+plural(len(rows)-i, "more component", "more components")+". Write to a file, or use --format json, to see them all.")
			break
		}
		pieces := []string{c.Name + " " + c.Version}
		if c.PURL != "" {
			pieces = append(pieces, c.PURL)
		}
		p.pieces(0, pieces, "  ")
		if several {
			p.line(2, "in "+strings.Join(c.Paths, ", "))
		}
		for _, v := range c.Rows {
			p.vulnerability(v)
		}
	}
	p.put("\n")
}

func (p *printer) vulnerability(v vulnerabilityRow) {
	severity := strings.ToUpper(string(v.Band))
	if v.Band == advisory.Unrated {
		severity = "unrated"
	}
	pieces := []string{fmt.Sprintf("%-8s %4s", severity, v.Score), strings.Join(v.IDs, " ")}
	switch {
	case len(v.Fixed) > 0:
		pieces = append(pieces, "fixed in "+strings.Join(v.Fixed, ", "))
	case v.Open:
		pieces = append(pieces, "no fixed version named")
	}
	pieces = append(pieces, v.Notes...)
	p.pieces(2, pieces, "  ")
	if v.Summary != "" {
		p.line(4, v.Summary)
	}
	for _, d := range v.Decision {
		p.line(4, d)
	}
}

func (p *printer) unassessed(o *overview) {
	if len(o.Doubts) == 0 && len(o.Quarantine) == 0 {
		return
	}
	p.heading("Could not be assessed")
	for _, r := range o.Doubts {
		p.line(0, plural(r.Count, "component", "components")+": "+r.Meaning)
		for _, e := range r.Examples {
			p.line(2, e)
		}
		if r.More > 0 {
			p.line(2, fmt.Sprintf("and %s more", thousands(r.More)))
		}
	}
	if len(o.Missing) > 0 {
		p.line(0, "No advisories are loaded for: "+strings.Join(o.Missing, ", ")+".")
	}
	if len(o.Quarantine) > 0 {
		p.line(0, plural(len(o.Quarantine), "advisory", "advisories")+" could not be read:")
		p.some(2, o.Quarantine, 10, "advisory", "advisories")
	}
	p.put("\n")
}

func (p *printer) feeds(o *overview) {
	p.heading("Advisories")
	width := 0
	for _, f := range o.Feeds {
		width = max(width, utf8.RuneCountInString(f.Name))
	}
	for _, f := range o.Feeds {
		pieces := []string{f.Name + strings.Repeat(" ", width-utf8.RuneCountInString(f.Name)), plural(f.Records, "record", "records"), "as of " + f.AsOf + " (" + f.Age + ")", "sha256 " + f.Digest}
		if f.Stale {
			pieces = append(pieces, "OLDER THAN ALLOWED")
		}
		if f.Quarantined > 0 {
			pieces = append(pieces, fmt.Sprintf("%d not readable", f.Quarantined))
		}
		p.pieces(0, pieces, "  ")
	}
	if idle := o.IdleWords(); idle != "" {
		p.line(0, idle)
	}
	p.some(0, o.Warnings, 2, "warning", "warnings")
	p.put("\n")
}
