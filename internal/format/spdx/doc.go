// Package spdx reads bills of materials in SPDX 2.2 and 2.3 (JSON and tag-value)
// and SPDX 3.0.1 (JSON-LD) into an inventory, in one pass and within limits. SPDX
// 2.2.1 is ISO/IEC 5962:2021. The form is told by content, never by name.
//
// What it reads: who made the document, with what and when; packages with their
// identifiers, versions, suppliers, licences, checksums and purpose; relationships.
// A licence is the concluded one, else the declared one. A supplier is the supplier,
// else the originator. NONE and NOASSERTION give nothing.
//
// The described package stays among the components; it is the subject when the
// document describes exactly one package, or holds only one. Otherwise the
// document's own name stands for the subject. Edges are the relationships that make
// one package need another (kinds of relationship.go), turned so that From needs To,
// and each once; -1 is the subject. Dependencies counts every relationship between
// packages as written, whatever its type, also one whose other end is in another
// document or nowhere; in SPDX 3 each "to" counts.
//
// What it does not read: files and snippets (their identifiers only, since
// relationships name them), annotations, reviews, extracted licence texts, and the
// profiles of SPDX 3 for security, build and data. Nothing is fetched: the context
// of JSON-LD is taken to be the published one, names that a document shortens by
// prefixes of its own are compared as they are written, and a hash that stands as a
// node of its own is not followed.
//
// A broken rule of the specification in what is read is a fault of an accepted
// document. Refused is what is not SPDX, is of another version or in a form that is
// not read (RDF, XML, YAML), ends early, has data behind its end, or exceeds a limit.
// Whether a licence identifier is on the list is not checked here (inventory tells),
// only that the expression is one and that each LicenseRef is defined.
package spdx
