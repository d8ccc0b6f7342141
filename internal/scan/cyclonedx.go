package scan

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
)

// cycloneDXWriter writes a CycloneDX 1.6 document with the components of all
// documents and their vulnerabilities (a vulnerability disclosure report). What
// nobody decided is in triage.
type cycloneDXWriter struct{}

func (cycloneDXWriter) Write(w io.Writer, r *Result, v View) error {
	bom := cdx.NewBOM()
	bom.SpecVersion = cdx.SpecVersion1_6
	bom.Metadata = &cdx.Metadata{Timestamp: instant(r.At), Tools: &cdx.ToolsChoice{Components: &[]cdx.Component{{Type: cdx.ComponentTypeApplication, Name: "touchstone", Version: v.Version}}}}
	components, vulnerabilities := []cdx.Component{}, []cdx.Vulnerability{}
	at := map[string]int{}
	digest := sha256.New()
	inventories := 0
	for i := range r.Documents {
		if d := &r.Documents[i]; d.Subject != nil || len(d.Components) > 0 {
			inventories++
		}
	}
	for i := range r.Documents {
		d := &r.Documents[i]
		fmt.Fprintf(digest, "%s\x00%s\x00", d.Path, d.SHA256)
		n := 0
		d.each(func(c *Component) {
			n++
			ref := fmt.Sprintf("%d-%d", i+1, n)
			out := cdx.Component{BOMRef: ref, Type: cdx.ComponentTypeLibrary, Group: c.Group, Name: c.Name, Version: c.Version, PackageURL: c.PURL,
				Properties: &[]cdx.Property{{Name: "touchstone:document", Value: d.Path}, {Name: "touchstone:verdict", Value: string(c.Verdict)}}}
			if c.Reason != "" {
				*out.Properties = append(*out.Properties, cdx.Property{Name: "touchstone:reason", Value: string(c.Reason)})
			}
			if c == d.Subject {
				out.Type = cdx.ComponentTypeApplication
			}
			if c == d.Subject && inventories == 1 {
				bom.Metadata.Component = &out
			} else {
				components = append(components, out)
			}
			for k := range c.Vulnerabilities {
				found := vulnerabilityOf(&c.Vulnerabilities[k])
				key := found.ID + "\x00" + string(c.Vulnerabilities[k].Verdict)
				if found.Analysis != nil {
					key += fmt.Sprintf("\x00%+v", *found.Analysis)
				}
				if _, known := at[key]; !known {
					at[key] = len(vulnerabilities)
					found.Affects = &[]cdx.Affects{}
					found.BOMRef = fmt.Sprintf("v-%d", len(vulnerabilities)+1)
					vulnerabilities = append(vulnerabilities, found)
				}
				affects := vulnerabilities[at[key]].Affects
				*affects = append(*affects, cdx.Affects{Ref: ref})
			}
		})
	}
	bom.Components, bom.Vulnerabilities = &components, &vulnerabilities
	fmt.Fprint(digest, instant(r.At))
	bom.SerialNumber = uuid(digest.Sum(nil))
	e := cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false)
	if err := e.EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return fmt.Errorf("write the result as CycloneDX: %w", err)
	}
	return nil
}

// uuid makes a UUID of version 8 (RFC 9562) out of a digest: the same scan at the
// same time is the same document.
func uuid(digest []byte) string {
	b := append([]byte(nil), digest[:16]...)
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func vulnerabilityOf(v *Vulnerability) cdx.Vulnerability {
	a := v.Advisory
	out := cdx.Vulnerability{ID: a.ID, Description: a.Summary, Recommendation: remedy(v), Published: stamp(max(a.Published, 0)), Updated: stamp(max(a.Modified, 0)),
		Source: &cdx.Source{Name: "OSV", URL: "https://osv.dev/vulnerability/" + a.ID}}
	if len(a.Aliases) > 0 {
		refs := []cdx.VulnerabilityReference{}
		for _, alias := range a.Aliases {
			refs = append(refs, cdx.VulnerabilityReference{ID: alias, Source: &cdx.Source{Name: "OSV", URL: "https://osv.dev/vulnerability/" + alias}})
		}
		out.References = &refs
	}
	if v.Band != advisory.Unrated {
		score := v.Severity.Score
		out.Ratings = &[]cdx.VulnerabilityRating{{Score: &score, Severity: cdx.Severity(v.Band), Method: method(v.Severity), Vector: v.Severity.Vector}}
	}
	var cwes []int
	for _, c := range a.CWEs {
		if n, err := strconv.Atoi(strings.TrimPrefix(c, "CWE-")); err == nil && n > 0 {
			cwes = append(cwes, n)
		}
	}
	if len(cwes) > 0 {
		out.CWEs = &cwes
	}
	out.Analysis = analysisOf(v)
	return out
}

func method(s advisory.Severity) cdx.ScoringMethod {
	switch {
	case s.Type == "CVSS_V2":
		return cdx.ScoringMethodCVSSv2
	case s.Type == "CVSS_V4":
		return cdx.ScoringMethodCVSSv4
	case strings.HasPrefix(s.Vector, "CVSS:3.1"):
		return cdx.ScoringMethodCVSSv31
	case s.Type == "CVSS_V3":
		return cdx.ScoringMethodCVSSv3
	}
	return cdx.ScoringMethodOther
}

// analysisOf says what was decided, in the words of CycloneDX, and who decided; its
// justifications do not map one to one, so the original stands in the detail.
func analysisOf(v *Vulnerability) *cdx.VulnerabilityAnalysis {
	d := v.Decision
	if d == nil {
		return &cdx.VulnerabilityAnalysis{State: cdx.IASInTriage}
	}
	out := &cdx.VulnerabilityAnalysis{Detail: strings.Join(decisionWords(v), " ")}
	switch d.Status {
	case decision.Affected:
		out.State = cdx.IASExploitable
	case decision.Fixed:
		out.State = cdx.IASResolved
	case decision.UnderInvestigation:
		out.State = cdx.IASInTriage
	case decision.NotAffected:
		out.State = cdx.IASNotAffected
		switch d.Justification {
		case decision.ComponentNotPresent, decision.CodeNotPresent:
			out.Justification = cdx.IAJCodeNotPresent
		case decision.CodeNotInPath:
			out.Justification = cdx.IAJCodeNotReachable
		case decision.NotControlledByAttacker:
			out.Justification = cdx.IAJRequiresEnvironment
		case decision.MitigationsExist:
			out.Justification = cdx.IAJProtectedByMitigatingControl
		}
	}
	return out
}
