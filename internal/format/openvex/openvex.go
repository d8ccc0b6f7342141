// Package openvex reads and writes OpenVEX documents: version 0.2.0, and 0.0.1 in
// which a vulnerability and a product are plain texts.
//
// What is written is read back unchanged. Two things that OpenVEX has no field
// for, the condition of a statement and its end, stand in members of our own that
// other programs pass over.
package openvex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// Context is the context of the version that is written.
const Context = "https://openvex.dev/ns/v0.2.0"

const contextPrefix = "https://openvex.dev/ns"

// Detect reports whether the start of a document looks like OpenVEX.
func Detect(head []byte) bool { return bytes.Contains(head, []byte(contextPrefix)) }

type document struct {
	Context    string      `json:"@context"`
	ID         string      `json:"@id"`
	Author     string      `json:"author"`
	Role       string      `json:"role,omitempty"`
	Timestamp  string      `json:"timestamp,omitempty"`
	Version    any         `json:"version"`
	Tooling    string      `json:"tooling,omitempty"`
	Statements []statement `json:"statements"`
}

type statement struct {
	Vulnerability   any    `json:"vulnerability"` // text in 0.0.1
	Timestamp       string `json:"timestamp,omitempty"`
	Products        []any  `json:"products,omitempty"` // texts in 0.0.1
	Subcomponents   []any  `json:"subcomponents,omitempty"`
	Status          string `json:"status"`
	Justification   string `json:"justification,omitempty"`
	ImpactStatement string `json:"impact_statement,omitempty"`
	ActionStatement string `json:"action_statement,omitempty"`
	Condition       string `json:"touchstone:condition,omitempty"`
	Expires         string `json:"touchstone:expires,omitempty"`
}

// Parse reads a document. A document that is not OpenVEX, or a statement without
// a vulnerability or with an unknown status, is a fault.Invalid; a statement that
// breaks a rule of VEX is accepted with its fault.
func Parse(r io.Reader, l budget.Limits) (*decision.Document, error) {
	var in document
	if err := l.JSON(r, &in); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(in.Context, contextPrefix) {
		return nil, fault.Newf(fault.Unsupported, "This is not an OpenVEX document: its @context is %q.", short(in.Context))
	}
	if in.Statements == nil {
		return nil, fault.New(fault.Invalid, "The OpenVEX document has no list of statements.")
	}
	if len(in.Statements) > l.OrDefaults().Items {
		return nil, l.TooMany("statements")
	}
	out := &decision.Document{ID: in.ID, Author: in.Author, Version: number(in.Version)}
	var p fault.Problems
	out.MadeAt = instant(&p, "/timestamp", in.Timestamp)
	for i := range in.Statements {
		at := "/statements/" + strconv.Itoa(i)
		s := in.Statements[i].read(&p, at, out.MadeAt)
		for _, f := range s.Check() {
			f.Pointer = at
			out.Faults = append(out.Faults, f)
		}
		out.Statements = append(out.Statements, s)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

func (in *statement) read(p *fault.Problems, at string, made int64) decision.Statement {
	s := decision.Statement{Status: decision.Status(in.Status), Justification: decision.Justification(in.Justification), Impact: in.ImpactStatement,
		Action: in.ActionStatement, Condition: in.Condition, MadeAt: made, ExpiresAt: instant(p, at+"/touchstone:expires", in.Expires)}
	if !s.Status.Valid() {
		p.Add(at+"/status", "The status %q is not one of OpenVEX", short(in.Status))
	}
	if s.Justification != "" && !s.Justification.Valid() {
		p.Add(at+"/justification", "The justification %q is not one of OpenVEX", short(in.Justification))
	}
	if in.Timestamp != "" {
		s.MadeAt = instant(p, at+"/timestamp", in.Timestamp)
	}
	switch v := in.Vulnerability.(type) {
	case string:
		s.Vulnerability = v
	case map[string]any:
		s.Vulnerability = text(v["name"])
		if s.Vulnerability == "" {
			s.Vulnerability = text(v["@id"])
		}
		for _, a := range list(v["aliases"]) {
			s.Aliases = append(s.Aliases, text(a))
		}
	}
	if s.Vulnerability == "" {
		p.Add(at+"/vulnerability", "The statement names no vulnerability")
	}
	for _, product := range in.Products {
		s.Products = append(s.Products, readProduct(product))
	}
	for _, part := range in.Subcomponents { // 0.0.1: for all products
		for i := range s.Products {
			s.Products[i].Parts = append(s.Products[i].Parts, nameOf(part))
		}
	}
	return s
}

func readProduct(v any) decision.Product {
	var out decision.Product
	switch v := v.(type) {
	case string:
		out.ID = v
	case map[string]any:
		out.ID = text(v["@id"])
		ids, _ := v["identifiers"].(map[string]any)
		out.PURL = text(ids["purl"])
		for _, part := range list(v["subcomponents"]) {
			out.Parts = append(out.Parts, nameOf(part))
		}
	}
	if out.PURL == "" && strings.HasPrefix(out.ID, "pkg:") {
		out.PURL = out.ID
	}
	return out
}

// nameOf is the package URL of a component, or its identifier.
func nameOf(v any) string {
	p := readProduct(v)
	if p.PURL != "" {
		return p.PURL
	}
	return p.ID
}

// Write writes a document of version 0.2.0. tooling names this program.
func Write(w io.Writer, d decision.Document, tooling string) error {
	out := document{Context: Context, ID: d.ID, Author: d.Author, Timestamp: stamp(d.MadeAt), Tooling: tooling, Statements: []statement{}}
	n, err := strconv.Atoi(d.Version)
	if err != nil || n < 1 {
		n = 1
	}
	out.Version = n
	for _, s := range d.Statements {
		vulnerability := map[string]any{"name": s.Vulnerability}
		if len(s.Aliases) > 0 {
			vulnerability["aliases"] = s.Aliases
		}
		st := statement{Vulnerability: vulnerability, Status: string(s.Status), Justification: string(s.Justification), ImpactStatement: s.Impact,
			ActionStatement: s.Action, Condition: s.Condition, Expires: stamp(s.ExpiresAt)}
		if s.MadeAt != d.MadeAt {
			st.Timestamp = stamp(s.MadeAt)
		}
		for _, p := range s.Products {
			st.Products = append(st.Products, writeProduct(p))
		}
		out.Statements = append(out.Statements, st)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write OpenVEX: %w", err)
	}
	return nil
}

func writeProduct(p decision.Product) map[string]any {
	out := map[string]any{"@id": p.ID}
	if p.PURL != "" && p.PURL != p.ID {
		out["identifiers"] = map[string]any{"purl": p.PURL}
	}
	if len(p.Parts) > 0 {
		parts := make([]any, len(p.Parts))
		for i, part := range p.Parts {
			parts[i] = map[string]any{"@id": part}
		}
		out["subcomponents"] = parts
	}
	return out
}

func instant(p *fault.Problems, at, s string) int64 {
	if s == "" {
		return 0
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		p.Add(at, "%q is not a time (RFC 3339)", short(s))
		return 0
	}
	return t.UnixMicro()
}

func stamp(micro int64) string {
	if micro == 0 {
		return ""
	}
	return time.UnixMicro(micro).UTC().Format(time.RFC3339Nano)
}

func text(v any) string { s, _ := v.(string); return s }

func list(v any) []any { l, _ := v.([]any); return l }

func number(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
