package cyclonedx

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
)

// WriteVEX writes a VEX document as CycloneDX 1.6 in JSON; tooling names this
// program. ParseAll reads it back unchanged, provided that there is a statement and
// that none names a product, or a part of it, twice.
//
// Products become components and their parts components nested in them. What
// CycloneDX has no member for stands in properties of our own: the condition and
// the end of a statement, and identifiers of another form than a package URL or a
// serial number.
func WriteVEX(w io.Writer, d decision.Document, tooling string) error {
	b := cdx.NewBOM()
	b.SpecVersion, b.JSONSchema = cdx.SpecVersion1_6, "http://cyclonedx.org/schema/bom-1.6.schema.json"
	b.Version = documentVersion(d.Version)
	b.SerialNumber = d.ID
	if !serial(d.ID, inJSON) {
		b.SerialNumber = serialOf(d.ID)
		b.Properties = &[]cdx.Property{{Name: propertyID, Value: d.ID}}
	}
	b.Metadata = &cdx.Metadata{Timestamp: stamp(d.MadeAt)}
	if tooling != "" {
		b.Metadata.Tools = &cdx.ToolsChoice{Components: &[]cdx.Component{{Type: cdx.ComponentTypeApplication, Name: tooling}}}
	}
	if d.Author != "" {
		b.Metadata.Authors = &[]cdx.OrganizationalContact{{Name: d.Author}}
	}
	ps := products{at: map[[2]string]int{}, parts: map[[2]string]string{}}
	vulnerabilities := []cdx.Vulnerability{}
	for _, s := range d.Statements {
		vulnerabilities = append(vulnerabilities, writeStatement(s, d.MadeAt, &ps))
	}
	if b.Vulnerabilities = &vulnerabilities; ps.list != nil {
		b.Components = &ps.list
	}
	if err := cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).Encode(b); err != nil {
		return fmt.Errorf("write CycloneDX: %w", err)
	}
	return nil
}

func writeStatement(s decision.Statement, made int64, ps *products) cdx.Vulnerability {
	v := cdx.Vulnerability{ID: s.Vulnerability, Recommendation: s.Action, Analysis: &cdx.VulnerabilityAnalysis{
		State: stateOf(s.Status), Justification: wordOf(s.Justification), Detail: s.Impact}}
	if s.MadeAt != made {
		v.Analysis.LastUpdated = stamp(s.MadeAt)
	}
	if len(s.Aliases) > 0 {
		v.References = &[]cdx.VulnerabilityReference{}
		for _, id := range s.Aliases {
			*v.References = append(*v.References, cdx.VulnerabilityReference{ID: id, Source: sourceOf(id)})
		}
	}
	affects := []cdx.Affects{}
	for _, p := range s.Products {
		for _, ref := range ps.refsOf(p) {
			if a := (cdx.Affects{Ref: ref}); !slices.Contains(affects, a) { // the items must differ
				affects = append(affects, a)
			}
		}
	}
	if len(affects) > 0 {
		v.Affects = &affects
	}
	var properties []cdx.Property
	if s.Condition != "" {
		properties = append(properties, cdx.Property{Name: propertyCondition, Value: s.Condition})
	}
	if s.ExpiresAt != 0 {
		properties = append(properties, cdx.Property{Name: propertyExpires, Value: stamp(s.ExpiresAt)})
	}
	if properties != nil {
		v.Properties = &properties
	}
	return v
}

// products are the components of a document that is written, each once.
type products struct {
	list  []cdx.Component
	at    map[[2]string]int    // indexes into list, by identifier and package URL
	parts map[[2]string]string // bom-refs, by that of the product and the part
}

// refsOf gives the bom-refs of a product's parts, or of the product when it has
// none, and makes the components for them.
func (ps *products) refsOf(p decision.Product) []string {
	key := [2]string{p.ID, p.PURL}
	i, known := ps.at[key]
	if !known {
		i = len(ps.list)
		ps.at[key] = i
		c := cdx.Component{BOMRef: fmt.Sprintf("product-%d", i+1), Type: cdx.ComponentTypeApplication, Name: first(p.ID, p.PURL, "product"), PackageURL: p.PURL}
		if p.ID != p.PURL {
			c.Properties = &[]cdx.Property{{Name: propertyID, Value: p.ID}}
		}
		ps.list = append(ps.list, c)
	}
	if len(p.Parts) == 0 {
		return []string{ps.list[i].BOMRef}
	}
	var out []string
	for _, part := range p.Parts {
		out = append(out, ps.refOfPart(&ps.list[i], part))
	}
	return out
}

func (ps *products) refOfPart(c *cdx.Component, part string) string {
	key := [2]string{c.BOMRef, part}
	if ref, ok := ps.parts[key]; ok {
		return ref
	}
	if c.Components == nil {
		c.Components = &[]cdx.Component{}
	}
	ref := fmt.Sprintf("%s-part-%d", c.BOMRef, len(*c.Components)+1)
	ps.parts[key] = ref
	inner := cdx.Component{BOMRef: ref, Type: cdx.ComponentTypeLibrary, Name: part}
	if strings.HasPrefix(part, "pkg:") {
		inner.PackageURL = part
	}
	*c.Components = append(*c.Components, inner)
	return ref
}

func stateOf(s decision.Status) cdx.ImpactAnalysisState {
	switch s {
	case decision.Affected:
		return cdx.IASExploitable
	case decision.NotAffected:
		return cdx.IASNotAffected
	case decision.Fixed:
		return cdx.IASResolved
	}
	return cdx.IASInTriage
}

// wordOf is the justification of CycloneDX that is read back as j.
func wordOf(j decision.Justification) cdx.ImpactAnalysisJustification {
	switch j {
	case decision.ComponentNotPresent:
		return cdx.IAJRequiresDependency
	case decision.CodeNotPresent:
		return cdx.IAJCodeNotPresent
	case decision.CodeNotInPath:
		return cdx.IAJCodeNotReachable
	case decision.NotControlledByAttacker:
		return cdx.IAJRequiresEnvironment
	case decision.MitigationsExist:
		return cdx.IAJProtectedByMitigatingControl
	}
	return ""
}

// sourceOf names who gives out identifiers like id; the schema wants a source, if
// an empty one.
func sourceOf(id string) *cdx.Source {
	switch {
	case strings.HasPrefix(id, "CVE-"):
		return &cdx.Source{Name: "NVD", URL: "https://nvd.nist.gov/vuln/detail/" + id}
	case strings.HasPrefix(id, "GHSA-"):
		return &cdx.Source{Name: "GitHub", URL: "https://github.com/advisories/" + id}
	}
	return &cdx.Source{}
}

// serialOf makes a serial number of an identifier: a UUID of version 8 (RFC 9562)
// from its digest, so that the same document always has the same one.
func serialOf(id string) string {
	sum := sha256.Sum256([]byte("touchstone cyclonedx serial\x00" + id))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return "urn:uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func stamp(micro int64) string {
	if micro == 0 {
		return ""
	}
	return time.UnixMicro(micro).UTC().Format(time.RFC3339Nano)
}

// documentVersion is the version of a document as CycloneDX counts it, from 1.
func documentVersion(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return n
	}
	return 1
}
