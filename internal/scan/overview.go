package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// overview is a result arranged for people: what the table and the page share.
type overview struct {
	Tally
	Holds       bool   // nothing affected, everything assessed as far as was asked
	Headline    string // one sentence
	Inventories int    // documents with components
	At          string
	Documents   []documentRow
	Open        []componentRow // worst first
	Decided     []componentRow
	Doubts      []reasonRow
	Feeds       []feedRow
	Idle        int // archives that no component was looked up in
	Missing     []string
	Quarantine  []string // unreadable advisories: archive, id, reason
	Warnings    []string
}

type documentRow struct {
	Path, Format, Status, Problem, Tool, About string
	Refused                                    bool
	Components, Dependencies                   int
	Verdicts                                   []verdictCount
	Faults                                     []string
	Statements, Applied                        int
}

// refusal names the document once.
func (d *documentRow) refusal() string { return refusal(d.Path, d.Problem) }

func pathWords(path string) string {
	if path == "-" {
		return "standard input"
	}
	return clean(path)
}

func refusal(path, problem string) string {
	if strings.HasPrefix(problem, path) {
		return problem
	}
	return path + ": " + problem
}

type verdictCount struct {
	Verdict finding.Verdict
	Words   string
	Count   int
}

// componentRow is a component, in every document that has it with the same outcome.
type componentRow struct {
	Name, Version, PURL string
	Paths               []string
	Rows                []vulnerabilityRow
	rank                Vulnerability // its worst
}

// vulnerabilityRow is one vulnerability, whatever number of records describe it.
type vulnerabilityRow struct {
	Band     advisory.Band
	Score    string
	IDs      []string // of records, then aliases
	Ranges   []string
	Fixed    []string
	Summary  string
	Notes    []string // exploited, EPSS, what was said and by whom
	Verdict  finding.Verdict
	Open     bool
	Words    string // of the verdict
	Decision []string
}

type reasonRow struct {
	Reason   finding.Reason
	Meaning  string
	Count    int
	Examples []string
	More     int
}

type feedRow struct {
	Name, AsOf, Age, Digest string
	Records                 int
	Quarantined             int
	Stale                   bool
}

// verdictWords are the verdicts as people read them.
func verdictWords(v finding.Verdict) string {
	switch v {
	case finding.Affected:
		return "affected"
	case finding.NotAffected:
		return "not affected by version"
	case finding.NotAffectedByDecision:
		return "not affected, as stated"
	case finding.Fixed:
		return "fixed, as stated"
	case finding.UnderInvestigation:
		return "under investigation"
	case finding.NoKnown:
		return "with no known vulnerability"
	}
	return "not assessed"
}

func overviewOf(r *Result, allowed int) overview {
	o := overview{Tally: r.Tally(), At: moment(r.At), Warnings: r.Warnings}
	o.Holds = r.Holds(allowed)
	o.Headline = headline(o.Tally, allowed)
	rows, decided := map[string]*componentRow{}, map[string]*componentRow{}
	reasons := map[finding.Reason]*reasonRow{}
	for i := range r.Documents {
		d := &r.Documents[i]
		o.Documents = append(o.Documents, documentRowOf(d))
		d.each(func(c *Component) { collect(rows, decided, pathWords(d.Path), c) })
		if len(d.Components) > 0 {
			o.Inventories++
		}
		for n := range d.Components {
			if c := &d.Components[n]; c.Verdict == finding.CannotAssess && n != int(d.subjectIndex) {
				countReason(reasons, c)
			}
		}
	}
	o.Open, o.Decided = sorted(rows), sorted(decided)
	for _, reason := range finding.Reasons() {
		if row := reasons[reason]; row != nil {
			o.Doubts = append(o.Doubts, *row)
		}
	}
	slices.SortStableFunc(o.Doubts, func(a, b reasonRow) int { return b.Count - a.Count })
	o.feeds(r)
	return o
}

func headline(t Tally, allowed int) string {
	var parts []string
	if t.Findings > 0 {
		parts = append(parts, plural(t.Findings, "component is", "components are")+" affected or under investigation")
	}
	if t.Unassessed > 0 {
		text := plural(t.Unassessed, "component", "components") + " could not be assessed"
		if t.Unassessed <= allowed {
			text += fmt.Sprintf(", which is within the %d allowed", allowed)
		}
		parts = append(parts, text)
	}
	if t.Unreadable > 0 {
		parts = append(parts, plural(t.Unreadable, "advisory", "advisories")+" could not be read and may be about any package")
	}
	if t.Refused > 0 {
		parts = append(parts, plural(t.Refused, "document was", "documents were")+" refused")
	}
	switch {
	case len(parts) > 0:
		return strings.ToUpper(parts[0][:1]) + strings.Join(parts, "; ")[1:] + "."
	case t.Components == 0:
		return "No document has a component, so nothing was looked up."
	}
	return "Nothing is affected, as far as these advisories go, and every component was assessed."
}

func documentRowOf(d *Document) documentRow {
	row := documentRow{Path: pathWords(d.Path), Format: formatWords(d.Format), Status: strings.ReplaceAll(string(d.Status), "_", " "), Problem: clean(d.Problem), Tool: clean(d.Tool),
		About: clean(d.About), Refused: d.Status == inventory.Refused, Components: len(d.Components), Dependencies: d.Dependencies, Statements: d.Statements, Applied: d.Applied}
	for _, v := range finding.Verdicts() {
		if n := d.Verdicts[v]; n > 0 {
			row.Verdicts = append(row.Verdicts, verdictCount{v, verdictWords(v), n})
		}
	}
	for _, f := range d.Faults {
		if f.Detail == d.Problem {
			continue
		}
		text := f.Detail
		switch {
		case f.Line > 0:
			text = fmt.Sprintf("line %d: %s", f.Line, text)
		case f.Pointer != "":
			text = f.Pointer + ": " + text
		}
		row.Faults = append(row.Faults, clean(text))
	}
	return row
}

func formatWords(format string) string {
	switch format {
	case string(inventory.CycloneDXJSON):
		return "CycloneDX JSON"
	case string(inventory.CycloneDXXML):
		return "CycloneDX XML"
	case string(inventory.SPDXJSON):
		return "SPDX 2 JSON"
	case string(inventory.SPDXTagValue):
		return "SPDX 2 tag-value"
	case string(inventory.SPDX3JSON):
		return "SPDX 3 JSON"
	case "openvex":
		return "OpenVEX"
	case "csaf":
		return "CSAF"
	}
	return clean(format)
}

// collect adds a component to the rows of those with something open, and of those
// with something decided; it may be in both.
func collect(rows, decided map[string]*componentRow, path string, c *Component) {
	if len(c.Vulnerabilities) == 0 {
		return
	}
	var still, settled []Vulnerability
	for _, v := range c.Vulnerabilities {
		if open(v.Verdict) {
			still = append(still, v)
		} else {
			settled = append(settled, v)
		}
	}
	for _, part := range []struct {
		into map[string]*componentRow
		list []Vulnerability
	}{{rows, still}, {decided, settled}} {
		if len(part.list) == 0 {
			continue
		}
		key := c.PURL + "\x00" + c.Name + "\x00" + c.Version
		for _, v := range part.list {
			key += "\x00" + v.Advisory.ID + string(v.Verdict)
			if v.Decision != nil {
				key += v.Decision.ID
			}
		}
		row := part.into[key]
		if row == nil {
			row = componentRowOf(c, part.list)
			part.into[key] = row
		}
		if !slices.Contains(row.Paths, path) {
			row.Paths = append(row.Paths, path)
		}
	}
}

func componentRowOf(c *Component, list []Vulnerability) *componentRow {
	shown := c.Name
	if c.Group != "" {
		shown = c.Group + "/" + c.Name
	}
	row := &componentRow{Name: clean(shown), Version: clean(c.Version), PURL: clean(c.PURL), rank: list[0]}
	for _, group := range grouped(list) {
		row.Rows = append(row.Rows, vulnerabilityRowOf(group))
	}
	return row
}

// grouped puts the records about one vulnerability together: those whose ids and
// aliases meet.
func grouped(list []Vulnerability) [][]Vulnerability {
	var out [][]Vulnerability
	at := map[string]int{}
	for _, v := range list {
		n := -1
		ids := append([]string{v.Advisory.ID}, v.Advisory.Aliases...)
		for _, id := range ids {
			if g, known := at[id]; known && out[g][0].Verdict == v.Verdict {
				n = g
				break
			}
		}
		if n < 0 {
			n = len(out)
			out = append(out, nil)
		}
		out[n] = append(out[n], v)
		for _, id := range ids {
			at[id] = n
		}
	}
	return out
}

func vulnerabilityRowOf(group []Vulnerability) vulnerabilityRow {
	first := group[0]
	row := vulnerabilityRow{Band: first.Band, Verdict: first.Verdict, Open: open(first.Verdict), Words: verdictWords(first.Verdict), Summary: clean(first.Advisory.Summary)}
	if first.Band != advisory.Unrated {
		row.Score = strconv.FormatFloat(first.Severity.Score, 'f', 1, 64)
	}
	add := func(list *[]string, more ...string) {
		for _, m := range more {
			if m = clean(m); !slices.Contains(*list, m) {
				*list = append(*list, m)
			}
		}
	}
	for _, v := range group {
		add(&row.IDs, v.Advisory.ID)
	}
	for _, v := range group {
		add(&row.IDs, v.Advisory.Aliases...)
		add(&row.Ranges, v.Ranges...)
		add(&row.Fixed, v.Fixed...)
		if row.Summary == "" {
			row.Summary = clean(v.Advisory.Summary)
		}
		if v.Exploited != nil {
			add(&row.Notes, "known to be exploited")
			if v.Exploited.Ransomware {
				add(&row.Notes, "used by ransomware")
			}
		}
		if v.EPSS != nil {
			add(&row.Notes, fmt.Sprintf("EPSS %.1f %%", 100*v.EPSS.Probability))
		}
		add(&row.Decision, decisionWords(&v)...)
	}
	return row
}

// decisionWords say what was stated about a vulnerability, and by whom.
func decisionWords(v *Vulnerability) []string {
	var out []string
	if v.Refused != "" {
		out = append(out, v.Refused)
	}
	d := v.Decision
	if d == nil {
		return out
	}
	text := statusWords(d.Status)
	if d.Justification != "" {
		text += " (" + strings.ReplaceAll(string(d.Justification), "_", " ") + ")"
	}
	text += ", stated by " + d.Author + " in " + d.Path
	if d.MadeAt != 0 {
		text += " on " + day(d.MadeAt)
	}
	if d.ExpiresAt != 0 {
		text += ", until " + day(d.ExpiresAt)
	}
	out = append(out, text+".")
	for _, more := range []string{d.Statement, d.Action} {
		if more != "" {
			out = append(out, more)
		}
	}
	if d.Condition != "" {
		out = append(out, "Holds while: "+d.Condition)
	}
	for _, c := range d.Conflicting {
		out = append(out, fmt.Sprintf("%s says otherwise: %s.", c.Author, statusWords(c.Status)))
	}
	return out
}

func statusWords(s decision.Status) string { return strings.ReplaceAll(string(s), "_", " ") }

func sorted(rows map[string]*componentRow) []componentRow {
	out := make([]componentRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b componentRow) int {
		x, y := a.rank, b.rank
		x.Advisory, y.Advisory = &advisory.Advisory{}, &advisory.Advisory{}
		return cmp.Or(worstFirst(x, y), strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version), strings.Compare(a.PURL, b.PURL), slices.Compare(a.Paths, b.Paths))
	})
	return out
}

// exampleCount is how many components stand for those with the same reason.
const exampleCount = 5

func countReason(reasons map[finding.Reason]*reasonRow, c *Component) {
	row := reasons[c.Reason]
	if row == nil {
		row = &reasonRow{Reason: c.Reason, Meaning: c.Reason.Meaning()}
		reasons[c.Reason] = row
	}
	row.Count++
	text := c.PURL
	if text == "" {
		text = strings.TrimSpace(c.Name + " " + c.Version)
	}
	if text = clean(text); text == "" || slices.Contains(row.Examples, text) || len(row.Examples) == exampleCount {
		row.More++
		return
	}
	row.Examples = append(row.Examples, text)
}

func (o *overview) feeds(r *Result) {
	row := func(name, asOf string, f feedRow) {
		f.Name, f.AsOf = name, asOf
		o.Feeds = append(o.Feeds, f)
	}
	short := func(digest string) string { return strings.TrimPrefix(digest, "sha256:")[:12] }
	for _, f := range r.Feeds {
		for _, q := range f.Quarantined {
			o.Quarantine = append(o.Quarantine, clean(fmt.Sprintf("%s, %s: %s", f.Ecosystem, q.ID, q.Reason)))
		}
		if !r.Used[f.Ecosystem] {
			o.Idle++
			continue
		}
		row(f.Ecosystem, day(f.AsOf), feedRow{Age: age(r.At - f.AsOf), Digest: short(f.Digest), Records: f.Records, Quarantined: len(f.Quarantined),
			Stale: r.MaxFeedAge > 0 && r.At-f.AsOf > r.MaxFeedAge})
	}
	for _, c := range r.Catalogues {
		row(c.Name, day(c.AsOf), feedRow{Age: age(r.At - c.AsOf), Digest: short(c.Digest), Records: c.Records, Quarantined: len(c.Quarantined)})
	}
	for name, n := range r.Missing {
		o.Missing = append(o.Missing, fmt.Sprintf("%s (%s)", clean(name), plural(n, "component", "components")))
	}
	slices.Sort(o.Missing)
}

// IdleWords says how many archives were not needed.
func (o *overview) IdleWords() string {
	switch {
	case o.Idle == 0:
		return ""
	case len(o.Feeds) == 0:
		return plural(o.Idle, "archive was read, and no component was looked up in it.", "archives were read, and no component was looked up in any.")
	}
	return plural(o.Idle, "other archive was read and not needed.", "other archives were read and not needed.")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func day(micro int64) string { return time.UnixMicro(micro).UTC().Format("2 January 2006") }

func moment(micro int64) string {
	return time.UnixMicro(micro).UTC().Format("2 January 2006 at 15:04 UTC")
}

// age says how old something is.
func age(micro int64) string {
	hours := micro / 3_600_000_000
	switch {
	case hours < 0:
		return "dated in the future"
	case hours < 1:
		return "less than an hour old"
	case hours < 48:
		return plural(int(hours), "hour", "hours") + " old"
	}
	return plural(int(hours/24), "day", "days") + " old"
}

// clean makes a text of a document harmless where people read it: what is not
// printed, terminal codes and marks that turn the direction of writing, is shown as
// a replacement, and a line is one line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ReplacementChar
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}
