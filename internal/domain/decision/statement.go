package decision

import "github.com/touchstone-assurance/touchstone/internal/domain/fact"

// Product is what a statement is about: a package URL where there is one,
// otherwise the identifier that the author uses. Parts are the components within
// it that carry the vulnerability; without any the statement is about the product
// as a whole.
type Product struct {
	ID    string
	PURL  string
	Parts []string // package URLs or identifiers
}

// Statement is one statement of a VEX document, in no format's words.
type Statement struct {
	Vulnerability string
	Aliases       []string
	Products      []Product
	Status        Status
	Justification Justification
	Impact        string
	Action        string
	Condition     string // what must stay true for it to hold; carried in our own documents
	MadeAt        int64  // microseconds since 1970 UTC
	ExpiresAt     int64  // carried in our own documents; 0 = never
}

// Document is a VEX document.
type Document struct {
	ID         string
	Author     string
	MadeAt     int64
	Version    string
	Statements []Statement
	Faults     []Fault
}

// Fault is a broken rule in a document that was accepted.
type Fault = fact.Fault

// Check lists the rules of VEX that a statement breaks, by the minimum
// requirements: a statement that something is not affected says why, and one that
// it is affected says what to do.
func (s Statement) Check() (rules []Fault) {
	if s.Status == NotAffected && s.Justification == "" && s.Impact == "" {
		rules = append(rules, Fault{Rule: "justification-or-impact", Detail: "The statement says not affected without a justification or an impact statement."})
	}
	if s.Status == Affected && s.Action == "" {
		rules = append(rules, Fault{Rule: "action", Detail: "The statement says affected and not what to do about it."})
	}
	if s.Status != NotAffected && s.Justification != "" {
		rules = append(rules, Fault{Rule: "justification-without-not-affected", Detail: "A justification belongs to a statement that says not affected."})
	}
	return rules
}
