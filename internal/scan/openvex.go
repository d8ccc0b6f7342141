package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
)

// openVEXWriter writes what is known as OpenVEX. That a range includes a version is
// a match and no decision: it is under investigation until somebody decides, and
// nothing is not_affected or fixed because of ranges. What was decided goes out as it
// came in, with who said it.
type openVEXWriter struct{}

func (openVEXWriter) Write(w io.Writer, r *Result, v View) error {
	doc := decision.Document{Author: "touchstone scan, unreviewed", MadeAt: r.At, Version: "1"}
	at := map[string]int{} // statement by what it says
	for i := range r.Documents {
		d := &r.Documents[i]
		d.each(func(c *Component) {
			for n := range c.Vulnerabilities {
				s := statementOf(r, &c.Vulnerabilities[n])
				key := strings.Join([]string{s.Vulnerability, string(s.Status), string(s.Justification), s.Impact, s.Action, s.Condition, stamp(s.MadeAt), stamp(s.ExpiresAt)}, "\x00")
				if _, known := at[key]; !known {
					at[key] = len(doc.Statements)
					doc.Statements = append(doc.Statements, s)
				}
				addProduct(&doc.Statements[at[key]], d, c)
			}
		})
	}
	doc.ID = "urn:sha256:" + contentID(&doc)
	return openvex.Write(w, doc, "touchstone "+v.Version)
}

func statementOf(r *Result, v *Vulnerability) decision.Statement {
	s := decision.Statement{Vulnerability: v.Advisory.ID, Aliases: v.Advisory.Aliases, Status: decision.UnderInvestigation, MadeAt: r.At}
	if d := v.Decision; d != nil {
		s.Status, s.Justification, s.Action, s.Condition, s.MadeAt, s.ExpiresAt = d.Status, d.Justification, d.Action, d.Condition, d.MadeAt, d.ExpiresAt
		s.Impact = strings.TrimSpace(d.Statement + " (Stated by " + d.Author + " in " + d.Path + ".)")
		if s.MadeAt == 0 {
			s.MadeAt = r.At
		}
		if s.Status == decision.Affected && s.Action == "" {
			s.Action = remedy(v) // VEX wants one
		}
	}
	return s
}

// addProduct names the component as a part of what its document describes, or by
// itself when the document does not say what it describes.
func addProduct(s *decision.Statement, d *Document, c *Component) {
	part := idOf(d, c)
	product := part
	if d.Subject != nil && d.Subject != c {
		product = idOf(d, d.Subject)
	}
	at := slices.IndexFunc(s.Products, func(p decision.Product) bool { return p.ID == product })
	if at < 0 {
		at = len(s.Products)
		s.Products = append(s.Products, decision.Product{ID: product})
	}
	if p := &s.Products[at]; product != part && !slices.Contains(p.Parts, part) {
		p.Parts = append(p.Parts, part)
	}
}

// idOf is how a statement refers to a component: by its package URL, or by its place
// in a document with a digest.
func idOf(d *Document, c *Component) string {
	if c.PURL != "" {
		return c.PURL
	}
	return "urn:sha256:" + d.SHA256 + "#" + c.Ref
}

// contentID makes the identifier of a document out of what it says.
func contentID(doc *decision.Document) string {
	h := sha256.New()
	io.WriteString(h, stamp(doc.MadeAt)) //nolint:errcheck // a hash takes everything
	for _, s := range doc.Statements {
		io.WriteString(h, "\x01"+s.Vulnerability+"\x00"+string(s.Status)+"\x00"+s.Impact) //nolint:errcheck // as above
		for _, p := range s.Products {
			io.WriteString(h, "\x02"+p.ID+"\x00"+strings.Join(p.Parts, "\x00")) //nolint:errcheck // as above
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
