// Package audit is the pure half of the tamper-evident log: what an entry is,
// which actions exist, how an entry and the rows it speaks about become bytes,
// and the arithmetic of the tree that holds them.
//
// It is not the store (which keeps entries in the transaction of the change)
// and not the verifier (package tlog, which also signs). The format is described
// for strangers in docs/log.md, the actions in docs/logging.md. It follows RFC
// 6962 section 2.1 for the tree and RFC 8785 for the bytes of an entry.
//
// Invariants: two entries that differ have different bytes; bytes that are not
// canonical are never read as an entry; nothing personal stands in a header.
// Start reading at Entry, then Leaf, then Frontier.
package audit

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Entry is one record of the log: header values that are never personal data,
// and commitments to the values that are.
type Entry struct {
	LogID        string
	Index        int64  // position in the log, from 0
	At           int64  // microseconds since 1970 UTC
	Action       Action // from the catalogue
	Actor        string // opaque id (usr_, tok_) or a fixed word
	ActorKind    string // one of ActorKinds
	Strength     string // how the actor was authenticated; one of Strengths
	OnBehalfOf   string // opaque user id or ""
	Organisation string // id, or "" for instance-wide
	TargetType   string // as the catalogue says for the action
	Target       string // opaque id or ""
	Outcome      string // one of Outcomes
	RequestID    string
	Commitments  []Commitment // sorted by name, each name once
}

// ActorKinds lists what sort of actor an entry may name.
func ActorKinds() []string { return []string{"user", "token", "system", "setup", "operator"} }

// Strengths lists how an actor may have been authenticated. "local" is the
// command line on the data folder, "link" a single-use link.
func Strengths() []string {
	return []string{"passkey", "totp", "recovery", "token", "link", "local", "none"}
}

// Outcomes lists how an action may have ended.
func Outcomes() []string { return []string{"done", "refused"} }

const (
	maxInteger  = 1<<53 - 1 // what every JSON reader holds exactly (RFC 8785 section 3.2.2.3)
	maxHeader   = 200       // bytes of one header value
	maxName     = 400       // bytes of one commitment name
	maxPerEntry = 20_000    // commitments of one entry
)

// Validate reports everything that is wrong with an entry about to be appended:
// an Invalid fault whose pointers name the fields. An entry that was stored is
// not validated again, since the catalogue may have changed since.
func (e *Entry) Validate() error {
	var p fault.Problems
	event, known := Lookup(e.Action)
	switch {
	case !known:
		p.Add("/action", "%q is not in the catalogue", e.Action)
	case e.TargetType != event.Target:
		p.Add("/target_type", "%s is about %q, not %q", e.Action, event.Target, e.TargetType)
	}
	if e.Index < 0 || e.Index > maxInteger {
		p.Add("/index", "%d is out of range", e.Index)
	}
	if e.At < 0 || e.At > maxInteger {
		p.Add("/at", "%d is out of range", e.At)
	}
	e.checkHeader(&p)
	e.checkCommitments(&p, event)
	return p.Err()
}

func (e *Entry) checkHeader(p *fault.Problems) {
	for _, h := range []struct {
		name, value string
		needed      bool
	}{
		{"log", e.LogID, true}, {"actor", e.Actor, true}, {"on_behalf_of", e.OnBehalfOf, false},
		{"organisation", e.Organisation, false}, {"target", e.Target, false}, {"request", e.RequestID, false},
	} {
		switch {
		case h.needed && h.value == "":
			p.Add("/"+h.name, "is empty")
		case !opaque(h.value):
			p.Add("/"+h.name, "is not an opaque identifier")
		}
	}
	for _, h := range []struct {
		name, value string
		set         []string
	}{
		{"actor_kind", e.ActorKind, ActorKinds()}, {"strength", e.Strength, Strengths()}, {"outcome", e.Outcome, Outcomes()},
	} {
		if !slices.Contains(h.set, h.value) {
			p.Add("/"+h.name, "%q is not one of %s", h.value, strings.Join(h.set, ", "))
		}
	}
}

func (e *Entry) checkCommitments(p *fault.Problems, event Event) {
	if len(e.Commitments) > maxPerEntry {
		p.Add("/commitments", "more than %d", maxPerEntry)
		return
	}
	for i, c := range e.Commitments {
		if i > 0 && e.Commitments[i-1].Name >= c.Name {
			p.Add("/commitments", "%q is out of order or repeated", c.Name)
		}
		if !wellFormedName(c.Name) {
			p.Add("/commitments", "%q is not a commitment name", c.Name)
			continue
		}
		field, isField := strings.CutPrefix(c.Name, fieldPrefix)
		if isField && !event.Allows(field) {
			p.Add("/commitments", "%s may not carry the field %q", e.Action, field)
		}
	}
}

// opaque keeps text that could name a person out of headers: no spaces, no "@",
// printable ASCII only.
func opaque(s string) bool {
	if len(s) > maxHeader {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '@' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// wellFormedName reports whether a commitment name is one of the two kinds and
// sorts the same by bytes and by UTF-16 units, as RFC 8785 section 3.2.3 sorts.
func wellFormedName(name string) bool {
	if len(name) > maxName {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	if field, ok := strings.CutPrefix(name, fieldPrefix); ok {
		return field != ""
	}
	row, ok := strings.CutPrefix(name, rowPrefix)
	table, key, slash := strings.Cut(row, "/")
	return ok && slash && table != "" && key != ""
}

// ValidValue reports whether text may stand behind a field commitment: valid
// UTF-8 without NUL, which not every database can keep.
func ValidValue(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
