package scan

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// Schema is the name and version of what jsonWriter writes; it is described in
// docs/schemas/scan.schema.json.
const Schema = "touchstone.scan/v1"

// jsonWriter writes one component a line, so that a large result is never held as
// text.
type jsonWriter struct{}

type jsonHead struct {
	Schema     string          `json:"schema"`
	Tool       jsonTool        `json:"tool"`
	ScannedAt  string          `json:"scanned_at"`
	MaxFeedAge int64           `json:"max_feed_age_seconds,omitempty"`
	Totals     jsonTotals      `json:"totals"`
	Feeds      []jsonFeed      `json:"feeds"`
	Catalogues []jsonCatalogue `json:"catalogues"`
	Warnings   []string        `json:"warnings,omitempty"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonTotals struct {
	Documents  int `json:"documents"`
	Refused    int `json:"refused"`
	Components int `json:"components"`
	Findings   int `json:"findings"`
	Unassessed int `json:"unassessed"`
	Unreadable int `json:"unreadable_advisories"`
}

type jsonFeed struct {
	Ecosystem   string                 `json:"ecosystem"`
	Records     int                    `json:"records"`
	AsOf        string                 `json:"as_of"`
	Digest      string                 `json:"digest"`
	Quarantined []advisory.Quarantined `json:"quarantined"`
}

type jsonCatalogue struct {
	Name    string                 `json:"name"`
	Records int                    `json:"records"`
	AsOf    string                 `json:"as_of"`
	Digest  string                 `json:"digest"`
	Faults  []advisory.Quarantined `json:"faults"`
}

type jsonDocument struct {
	Path         string                  `json:"path"`
	SHA256       string                  `json:"sha256,omitempty"`
	Format       string                  `json:"format"`
	Status       string                  `json:"status"`
	Problem      string                  `json:"problem,omitempty"`
	Tool         string                  `json:"tool,omitempty"`
	ProducedAt   string                  `json:"produced_at,omitempty"`
	Subject      *jsonComponent          `json:"subject,omitempty"`
	Components   int                     `json:"components"`
	Dependencies int                     `json:"dependencies"`
	Verdicts     map[finding.Verdict]int `json:"verdicts"`
	Statements   int                     `json:"statements"`
	Applied      int                     `json:"statements_applied"`
	Faults       []fact.Fault            `json:"faults"`
}

type jsonComponent struct {
	Ref             string              `json:"ref"`
	PURL            string              `json:"purl"`
	Group           string              `json:"group,omitempty"`
	Name            string              `json:"name"`
	Version         string              `json:"version"`
	Verdict         finding.Verdict     `json:"verdict"`
	Reason          finding.Reason      `json:"reason"`
	Vulnerabilities []jsonVulnerability `json:"vulnerabilities"`
	Possible        []jsonPossible      `json:"possible,omitempty"`
	Quarantined     []string            `json:"quarantined,omitempty"`
}

type jsonVulnerability struct {
	ID        string          `json:"id"`
	Aliases   []string        `json:"aliases"`
	Ranges    []string        `json:"ranges_matched"`
	Fixed     []string        `json:"fixed"`
	Severity  advisory.Band   `json:"severity"`
	Score     *float64        `json:"score,omitempty"`
	Vector    string          `json:"vector,omitempty"`
	Summary   string          `json:"summary,omitempty"`
	CWEs      []string        `json:"cwes,omitempty"`
	Verdict   finding.Verdict `json:"verdict"`
	Decision  *jsonDecision   `json:"decision,omitempty"`
	Refused   string          `json:"statement_refused,omitempty"`
	Exploited *jsonExploited  `json:"exploited,omitempty"`
	EPSS      *jsonEPSS       `json:"epss,omitempty"`
}

type jsonPossible struct {
	ID      string         `json:"id"`
	Aliases []string       `json:"aliases"`
	Reason  finding.Reason `json:"reason"`
}

type jsonDecision struct {
	Status        decision.Status        `json:"status"`
	Author        string                 `json:"author"`
	Source        decision.Source        `json:"source"`
	Path          string                 `json:"path,omitempty"`
	MadeAt        string                 `json:"made_at,omitempty"`
	ExpiresAt     string                 `json:"expires_at,omitempty"`
	Justification decision.Justification `json:"justification,omitempty"`
	Statement     string                 `json:"statement,omitempty"`
	Action        string                 `json:"action,omitempty"`
	Condition     string                 `json:"condition,omitempty"`
	Conflicting   []jsonDecision         `json:"conflicting,omitempty"`
}

type jsonExploited struct {
	CVE        string `json:"cve"`
	AddedAt    string `json:"added_at,omitempty"`
	Ransomware bool   `json:"ransomware"`
}

type jsonEPSS struct {
	Probability float64 `json:"probability"`
	Percentile  float64 `json:"percentile"`
}

func (jsonWriter) Write(out io.Writer, r *Result, v View) error {
	w := bufio.NewWriterSize(out, 64<<10)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	j := &joiner{w: w, e: e}
	j.object(jsonHeadOf(r, v), "documents")
	for i := range r.Documents {
		d := &r.Documents[i]
		j.next(i)
		j.object(jsonDocumentOf(d), "components_detail")
		for n := range d.Components {
			j.next(n)
			j.value(jsonComponentOf(&d.Components[n]))
		}
		j.text("]}\n")
	}
	j.text("]}\n")
	if j.err == nil {
		j.err = w.Flush()
	}
	if j.err != nil {
		return fmt.Errorf("write the result as JSON: %w", j.err)
	}
	return nil
}

// joiner puts encoded values together; after an error it does nothing.
type joiner struct {
	w   *bufio.Writer
	e   *json.Encoder
	err error
}

func (j *joiner) text(s string) {
	if j.err == nil {
		_, j.err = j.w.WriteString(s)
	}
}

func (j *joiner) next(i int) {
	if i > 0 {
		j.text(",")
	}
}

func (j *joiner) value(v any) {
	if j.err == nil {
		j.err = j.e.Encode(v)
	}
}

// object writes v without its end, and opens a list as its last member.
func (j *joiner) object(v any, list string) {
	b, err := marshal(v)
	if err != nil && j.err == nil {
		j.err = err
	}
	if j.err == nil {
		j.text(string(b[:len(b)-1]) + `,"` + list + "\":[\n")
	}
}

func jsonHeadOf(r *Result, v View) jsonHead {
	t := r.Tally()
	h := jsonHead{Schema: Schema, Tool: jsonTool{"touchstone", v.Version}, ScannedAt: instant(r.At), MaxFeedAge: r.MaxFeedAge / 1_000_000, Totals: jsonTotals(t),
		Feeds: []jsonFeed{}, Catalogues: []jsonCatalogue{}, Warnings: r.Warnings}
	for _, f := range r.Feeds {
		h.Feeds = append(h.Feeds, jsonFeed{f.Ecosystem, f.Records, instant(f.AsOf), f.Digest, filled(f.Quarantined)})
	}
	for _, c := range r.Catalogues {
		h.Catalogues = append(h.Catalogues, jsonCatalogue{c.Name, c.Records, instant(c.AsOf), c.Digest, filled(c.Quarantined)})
	}
	return h
}

func jsonDocumentOf(d *Document) jsonDocument {
	out := jsonDocument{Path: d.Path, SHA256: d.SHA256, Format: d.Format, Status: string(d.Status), Problem: d.Problem, Tool: d.Tool, ProducedAt: stamp(d.Produced),
		Components: len(d.Components), Dependencies: d.Dependencies, Verdicts: map[finding.Verdict]int{}, Statements: d.Statements, Applied: d.Applied, Faults: filled(d.Faults)}
	for _, v := range finding.Verdicts() {
		out.Verdicts[v] = d.Verdicts[v]
	}
	if d.Subject != nil {
		c := jsonComponentOf(d.Subject)
		out.Subject = &c
	}
	return out
}

func jsonComponentOf(c *Component) jsonComponent {
	out := jsonComponent{Ref: c.Ref, PURL: c.PURL, Group: c.Group, Name: c.Name, Version: c.Version, Verdict: c.Verdict, Reason: c.Reason,
		Vulnerabilities: []jsonVulnerability{}, Quarantined: c.Quarantined}
	for i := range c.Vulnerabilities {
		out.Vulnerabilities = append(out.Vulnerabilities, jsonVulnerabilityOf(&c.Vulnerabilities[i]))
	}
	for _, p := range c.Possible {
		out.Possible = append(out.Possible, jsonPossible{p.Advisory.ID, filled(p.Advisory.Aliases), p.Reason})
	}
	return out
}

func jsonVulnerabilityOf(v *Vulnerability) jsonVulnerability {
	a := v.Advisory
	out := jsonVulnerability{ID: a.ID, Aliases: filled(a.Aliases), Ranges: filled(v.Ranges), Fixed: filled(v.Fixed), Severity: v.Band, Vector: v.Severity.Vector,
		Summary: a.Summary, CWEs: a.CWEs, Verdict: v.Verdict, Refused: v.Refused}
	if v.Band != advisory.Unrated {
		out.Score = &v.Severity.Score
	}
	if v.Decision != nil {
		d := jsonDecisionOf(v.Decision.Decision)
		d.Path = v.Decision.Path
		for _, other := range v.Decision.Conflicting {
			d.Conflicting = append(d.Conflicting, jsonDecisionOf(other))
		}
		out.Decision = &d
	}
	if k := v.Exploited; k != nil {
		out.Exploited = &jsonExploited{k.CVE, stamp(k.Added), k.Ransomware}
	}
	if p := v.EPSS; p != nil {
		out.EPSS = &jsonEPSS{p.Probability, p.Percentile}
	}
	return out
}

func jsonDecisionOf(d decision.Decision) jsonDecision {
	return jsonDecision{Status: d.Status, Author: d.Author, Source: d.Source, MadeAt: stamp(d.MadeAt), ExpiresAt: stamp(d.ExpiresAt), Justification: d.Justification,
		Statement: d.Statement, Action: d.Action, Condition: d.Condition}
}

// filled is the list, never null.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// marshal is json.Marshal that leaves < and & alone.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// instant is a time as programs read it.
func instant(micro int64) string { return time.UnixMicro(micro).UTC().Format(time.RFC3339Nano) }

// stamp is instant for a time that may not be said: "" then.
func stamp(micro int64) string {
	if micro == 0 {
		return ""
	}
	return instant(micro)
}
