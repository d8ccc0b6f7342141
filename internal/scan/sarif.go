package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// sarifWriter writes SARIF 2.1.0: a rule for each advisory, a result for each
// component it includes. What was decided away is a suppressed result. What could
// not be assessed is a notification of the tool, and a scan that refused a document
// did not execute successfully: a log without results is not a clean one then.
type sarifWriter struct{}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Artifacts   []sarifArtifact   `json:"artifacts"`
		Results     []sarifResult     `json:"results"`
		ColumnKind  string            `json:"columnKind"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Short      *sarifText     `json:"shortDescription,omitempty"`
		Full       *sarifText     `json:"fullDescription,omitempty"`
		Help       *sarifText     `json:"help,omitempty"`
		Properties map[string]any `json:"properties,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		EndTime       string              `json:"endTimeUtc"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifArtifact struct {
		Location sarifURI          `json:"location"`
		Hashes   map[string]string `json:"hashes,omitempty"`
	}
	sarifURI struct {
		URI string `json:"uri"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]any     `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifURI `json:"artifactLocation"`
	}
	sarifLogical struct {
		Name      string `json:"name,omitempty"`
		Qualified string `json:"fullyQualifiedName,omitempty"`
		Kind      string `json:"kind,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
)

func (sarifWriter) Write(w io.Writer, r *Result, v View) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Artifacts: []sarifArtifact{}, Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "Touchstone", Version: v.Version, Rules: []sarifRule{}}
	rules := map[string]int{}
	for i := range r.Documents {
		d := &r.Documents[i]
		a := sarifArtifact{Location: sarifURI{uriOf(d.Path)}}
		if d.SHA256 != "" {
			a.Hashes = map[string]string{"sha-256": d.SHA256}
		}
		run.Artifacts = append(run.Artifacts, a)
		d.each(func(c *Component) {
			for n := range c.Vulnerabilities {
				run.result(rules, d, c, &c.Vulnerabilities[n])
			}
		})
	}
	run.Invocations = []sarifInvocation{{Successful: r.Tally().Refused == 0, EndTime: instant(r.At), Notifications: notifications(r)}}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(sarifLog{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0", []sarifRun{run}}); err != nil {
		return fmt.Errorf("write the result as SARIF: %w", err)
	}
	return nil
}

func (run *sarifRun) result(rules map[string]int, d *Document, c *Component, v *Vulnerability) {
	id := v.Advisory.ID
	at, known := rules[id]
	if !known {
		at = len(run.Tool.Driver.Rules)
		rules[id] = at
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, ruleOf(v))
	}
	text := fmt.Sprintf("%s %s is in a range of %s. %s", shown(c), c.Version, id, remedy(v))
	if len(v.Ranges) == 0 && v.Decision != nil {
		text = fmt.Sprintf("%s %s, %s: %s", shown(c), c.Version, id, strings.Join(decisionWords(v), " "))
	}
	if v.Exploited != nil {
		text += " It is known to be exploited."
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{d.Path, c.PURL, c.Name, id}, "\x00")))
	res := sarifResult{RuleID: id, RuleIndex: at, Level: level(v), Message: sarifText{text},
		Locations:    []sarifLocation{{Physical: sarifPhysical{sarifURI{uriOf(d.Path)}}, Logical: []sarifLogical{{Name: shown(c), Qualified: c.PURL, Kind: "package"}}}},
		Fingerprints: map[string]string{"touchstone/v1": hex.EncodeToString(sum[:16])}, Properties: map[string]any{"verdict": v.Verdict}}
	if v.EPSS != nil {
		res.Properties["epss"] = v.EPSS.Probability
	}
	if !open(v.Verdict) {
		res.Suppressions = []sarifSuppression{{"external", strings.Join(decisionWords(v), " ")}}
	}
	run.Results = append(run.Results, res)
}

func ruleOf(v *Vulnerability) sarifRule {
	a := v.Advisory
	summary := a.Summary
	if summary == "" {
		summary = a.ID
	}
	full := summary
	if len(a.Aliases) > 0 {
		full += " Also known as " + strings.Join(a.Aliases, ", ") + "."
	}
	tags := []string{"security", "vulnerability"}
	for _, cwe := range a.CWEs {
		tags = append(tags, "external/cwe/"+strings.ToLower(cwe))
	}
	rule := sarifRule{ID: a.ID, Short: &sarifText{summary}, Full: &sarifText{full}, Help: &sarifText{remedy(v)}, Properties: map[string]any{"tags": tags}}
	if v.Band != advisory.Unrated {
		rule.Properties["security-severity"] = strconv.FormatFloat(v.Severity.Score, 'f', 1, 64)
	}
	return rule
}

// level: what is not rated is a warning, since nothing says that it is harmless.
func level(v *Vulnerability) string {
	switch v.Band {
	case advisory.BandCritical, advisory.BandHigh:
		return "error"
	case advisory.BandLow, advisory.BandNone:
		if v.Exploited == nil {
			return "note"
		}
	}
	if v.Exploited != nil {
		return "error"
	}
	return "warning"
}

func notifications(r *Result) []sarifNotification {
	var out []sarifNotification
	for i := range r.Documents {
		d := &r.Documents[i]
		where := []sarifLocation{{Physical: sarifPhysical{sarifURI{uriOf(d.Path)}}}}
		if d.Status == inventory.Refused {
			out = append(out, sarifNotification{"error", sarifText{d.Problem}, where})
			continue
		}
		reasons := map[finding.Reason]int{}
		for n := range d.Components {
			if c := &d.Components[n]; c.Verdict == finding.CannotAssess && n != int(d.subjectIndex) {
				reasons[c.Reason]++
			}
		}
		for _, reason := range finding.Reasons() {
			if n := reasons[reason]; n > 0 {
				out = append(out, sarifNotification{"warning", sarifText{fmt.Sprintf("%s could not be assessed. %s", plural(n, "component", "components"), reason.Meaning())}, where})
			}
		}
	}
	for _, f := range r.Feeds {
		for _, q := range f.Quarantined {
			out = append(out, sarifNotification{Level: "warning", Message: sarifText{fmt.Sprintf("The advisory %s of %s could not be read: %s", q.ID, f.Ecosystem, q.Reason)}})
		}
	}
	return out
}

// shown is the name of a component as people read it.
func shown(c *Component) string {
	if c.Group != "" {
		return c.Group + "/" + c.Name
	}
	return c.Name
}

// uriOf is the path of a document as a URI reference (RFC 3986).
func uriOf(path string) string {
	slashed := filepath.ToSlash(path)
	var b strings.Builder
	for i := range len(slashed) {
		ch := slashed[i]
		switch {
		case ch >= 'a' && ch <= 'z', ch >= 'A' && ch <= 'Z', ch >= '0' && ch <= '9', strings.IndexByte("-._~/!$&'()*+,;=@", ch) >= 0:
			b.WriteByte(ch)
		default:
			fmt.Fprintf(&b, "%%%02X", ch)
		}
	}
	return b.String()
}
