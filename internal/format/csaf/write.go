package csaf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// Issue is what a CSAF document says of itself besides its statements.
type Issue struct {
	Publisher Publisher  // without a name, the author of the document
	Title     string     // "" = one is made
	TLP       string     // label of the traffic light protocol; "" = none
	History   []Revision // all editions; nil = this is the only one that is told of
	Engine    Engine     // the program that writes; without a name it is left out
}

// WriteVEX writes statements as a CSAF 2.0 document with profile csaf_vex. What is
// written passes the mandatory tests and is read back to the same statements; those
// that say the same of several products may come back as one. What cannot be written
// as a valid document is an Invalid fault that says why, and nothing is written.
//
// The edition of a document whose history is not given is told as 1.(n-1).0, since
// the standard allows no gaps in a history of whole numbers.
func WriteVEX(w io.Writer, d decision.Document, is Issue) error {
	doc, err := vexDocument(d, is)
	if err != nil {
		return err
	}
	var b, out bytes.Buffer
	encode(&b, reflect.ValueOf(*doc))
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return fmt.Errorf("write CSAF: %w", err)
	}
	out.WriteByte('\n')
	if err := valid(out.Bytes()); err != nil {
		return err
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write CSAF: %w", err)
	}
	return nil
}

// valid refuses what a reader of the standard would.
func valid(text []byte) error {
	d, err := Parse(bytes.NewReader(text), budget.Limits{})
	if err != nil {
		return err
	}
	var p fault.Problems
	for _, f := range d.Faults {
		p.Add(f.Pointer, "%s", f.Detail)
	}
	for _, f := range d.Failures() {
		p.Add(f.Pointer, "%s (test %s)", f.Detail, f.Test)
	}
	if len(p) > 0 {
		return &fault.Error{Kind: fault.Invalid, Public: "The statements cannot be written as a valid CSAF document.", Problems: p}
	}
	return nil
}

func vexDocument(d decision.Document, is Issue) (*Document, error) {
	if len(d.Statements) == 0 {
		return nil, fault.New(fault.Invalid, "A CSAF document needs at least one statement.")
	}
	if is.Publisher.Name == "" {
		is.Publisher.Name = d.Author
	}
	if is.Title == "" {
		is.Title = "Vulnerability statements by " + is.Publisher.Name
	}
	t := tracking(d, is)
	doc := &Document{Meta: Meta{Category: "csaf_vex", Version: v20, Title: is.Title, Publisher: &is.Publisher, Tracking: t}, Tree: &Tree{}}
	if is.TLP != "" {
		doc.Meta.Distribution = &Distribution{TLP: &TLP{Label: is.TLP}}
	}
	w := writer{doc: doc, made: d.MadeAt, ids: map[string]string{}, items: map[string][]place{}, cves: map[string]bool{}}
	for i, s := range d.Statements {
		if err := w.statement(i, s); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

func tracking(d decision.Document, is Issue) *Tracking {
	version := d.Version
	if version == "" {
		version = "1"
	}
	if n, err := strconv.Atoi(version); err == nil && n > 1 && is.History == nil {
		version = fmt.Sprintf("1.%d.0", n-1)
	}
	if is.History == nil {
		is.History = []Revision{{Date: stamp(d.MadeAt), Number: version, Summary: "The statements as they stand."}}
	}
	t := &Tracking{ID: d.ID, Status: "final", Version: version, Current: stamp(d.MadeAt), Initial: is.History[0].Date, History: is.History}
	if is.Engine.Name != "" {
		t.Generator = &Generator{Date: stamp(d.MadeAt), Engine: &is.Engine}
	}
	return t
}

func stamp(micro int64) string { return time.UnixMicro(micro).UTC().Format(time.RFC3339Nano) }

// writer makes the product tree and the vulnerabilities of a document.
type writer struct {
	doc   *Document
	made  int64
	ids   map[string]string  // product id by what it stands for
	items map[string][]place // vulnerabilities by name and aliases
	cves  map[string]bool
}

// place is an item of the list of vulnerabilities, with the products that it has.
type place struct {
	index int
	has   map[string]bool
}

// statement adds one statement. Within one vulnerability a product stands once, so
// that it can have one status and one reason; a statement that says more of it makes
// another item of the same vulnerability.
func (w *writer) statement(i int, s decision.Statement) error {
	at := item("/statements", i)
	switch {
	case s.Vulnerability == "":
		return refused(at, "The statement names no vulnerability.")
	case len(s.Products) == 0:
		return refused(at, "The statement names no product, and CSAF has no statement about all of them.")
	case !s.Status.Valid():
		return refused(at, "The status %s is not one of VEX.", quote(string(s.Status)))
	case s.Justification != "" && !s.Justification.Valid():
		return refused(at, "The justification %s is not one of VEX.", quote(string(s.Justification)))
	}
	ids, err := w.products(at, s.Products)
	if err != nil {
		return err
	}
	v := w.vulnerability(s, ids)
	list := map[decision.Status]*[]string{decision.Affected: &v.Status.KnownAffected, decision.NotAffected: &v.Status.KnownNotAffected,
		decision.Fixed: &v.Status.Fixed, decision.UnderInvestigation: &v.Status.UnderInvestigation}[s.Status]
	*list = append(*list, ids...)
	scope := Scope{Products: ids}
	if s.Justification != "" {
		v.Flags = append(v.Flags, Flag{Label: string(s.Justification), Scope: scope})
	}
	if s.Impact == "" && s.Justification == "" && s.Status == decision.NotAffected {
		v.Threats = append(v.Threats, Threat{Category: "impact", Details: noReason, Scope: scope})
	} else if s.Impact != "" {
		v.Threats = append(v.Threats, Threat{Category: "impact", Details: s.Impact, Scope: scope})
	}
	if s.Action == "" && s.Status == decision.Affected {
		v.Remediations = append(v.Remediations, Remediation{Category: "none_available", Details: noAction, Scope: scope})
	} else if s.Action != "" {
		v.Remediations = append(v.Remediations, Remediation{Category: "mitigation", Details: s.Action, Scope: scope})
	}
	note := func(kind, text string) {
		v.Notes = append(v.Notes, Note{Category: "details", Title: ownTitle(kind, ids), Text: text})
	}
	if s.Condition != "" {
		note(noteCondition, s.Condition)
	}
	if s.ExpiresAt != 0 {
		note(noteExpiry, stamp(s.ExpiresAt))
	}
	if s.MadeAt != w.made && s.MadeAt != 0 {
		note(noteTime, stamp(s.MadeAt))
	}
	return nil
}

func refused(at, format string, args ...any) error {
	var p fault.Problems
	p.Add(at, format, args...)
	return p.Err()
}

// products gives the ids of the products of a statement, and defines those that are
// new.
func (w *writer) products(at string, list []decision.Product) ([]string, error) {
	var out []string
	for _, p := range list {
		if p.ID == "" {
			p.ID = p.PURL
		}
		if p.ID == "" {
			return nil, refused(at, "A product has neither a name nor a package URL.")
		}
		whole := w.product(p)
		if len(p.Parts) == 0 {
			out = append(out, whole)
		}
		for _, part := range p.Parts {
			if part == "" {
				return nil, refused(at, "A part of the product %s has no name.", quote(p.ID))
			}
			q := decision.Product{ID: part}
			if strings.HasPrefix(part, "pkg:") {
				q.PURL = part
			}
			out = append(out, w.compose(w.product(q), whole, part+" in "+p.ID))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// id gives the id for a key, and whether it is new.
func (w *writer) id(key string) (id string, isNew bool) {
	if id := w.ids[key]; id != "" {
		return id, false
	}
	id = fmt.Sprintf("CSAFPID-%04d", len(w.ids)+1)
	w.ids[key] = id
	return id, true
}

func (w *writer) product(p decision.Product) string {
	id, isNew := w.id(p.ID + "\x00" + p.PURL)
	if !isNew {
		return id
	}
	h := &Helper{}
	if p.PURL != "" && kindFault("purl", p.PURL) == "" && kindFault("uri", p.PURL) == "" && purlFault(p.PURL) == "" {
		h.PURL = p.PURL
	} else if p.PURL != "" {
		h.URIs = append(h.URIs, GenericURI{Namespace: ownPURL, URI: ownPURL + ":" + url.PathEscape(p.PURL)})
	}
	if p.ID != p.PURL || h.PURL == "" {
		h.URIs = append(h.URIs, GenericURI{Namespace: ownProduct, URI: ownProduct + ":" + url.PathEscape(p.ID)})
	}
	w.doc.Tree.Names = append(w.doc.Tree.Names, Product{ID: id, Name: p.ID, Helper: h})
	return id
}

func (w *writer) compose(part, whole, name string) string {
	id, isNew := w.id(part + "\x00in\x00" + whole)
	if isNew {
		w.doc.Tree.Relationships = append(w.doc.Tree.Relationships, Relationship{Category: "default_component_of", Reference: part, RelatesTo: whole,
			Product: &Product{ID: id, Name: name}})
	}
	return id
}

// vulnerability finds the item that a statement can go into, or makes one.
func (w *writer) vulnerability(s decision.Statement, ids []string) *Vulnerability {
	aliases := slices.Clone(s.Aliases)
	slices.Sort(aliases)
	aliases = slices.Compact(aliases)
	key := s.Vulnerability + "\x00" + strings.Join(aliases, "\x00")
	for _, p := range w.items[key] {
		if !slices.ContainsFunc(ids, func(id string) bool { return p.has[id] }) {
			return w.taken(p, ids)
		}
	}
	v := Vulnerability{Status: &Status{}, Notes: []Note{{Category: "summary", Text: "Statements about " + s.Vulnerability + " in the products of this document."}}}
	if kindFault("cve", s.Vulnerability) == "" && !w.cves[s.Vulnerability] {
		v.CVE = s.Vulnerability
		w.cves[v.CVE] = true
	} else {
		v.IDs = append(v.IDs, ID{System: ownName, Text: s.Vulnerability})
	}
	for _, a := range aliases {
		if a != "" && a != s.Vulnerability {
			v.IDs = append(v.IDs, ID{System: ownAlias, Text: a})
		}
	}
	p := place{len(w.doc.Vulnerabilities), map[string]bool{}}
	w.items[key] = append(w.items[key], p)
	w.doc.Vulnerabilities = append(w.doc.Vulnerabilities, v)
	return w.taken(p, ids)
}

func (w *writer) taken(p place, ids []string) *Vulnerability {
	for _, id := range ids {
		p.has[id] = true
	}
	return &w.doc.Vulnerabilities[p.index]
}
