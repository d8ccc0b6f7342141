package intoto

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// maxFaults bounds what is kept of a document that is wrong everywhere.
const maxFaults = 1000

// maxAttestations bounds the attestations of one document; each costs a verification.
const maxAttestations = 1000

// Parse reads the attestations of a document and verifies each against trust at the
// time now (microseconds since 1970 UTC). Faults are what is wrong with parts that
// could not be read, or are odd. A document in which nothing is an attestation is
// refused with the reason.
func Parse(r io.Reader, l budget.Limits, trust Trust, now int64) ([]fact.Attestation, []fact.Fault, error) {
	l = l.OrDefaults()
	b, err := io.ReadAll(l.Reader(r))
	if err != nil {
		return nil, nil, err
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	p := &parser{limits: l, trust: trust, now: now}
	if one, err := p.single(b); err == nil {
		err = p.value("", one)
		if err != nil {
			return nil, nil, err
		}
	} else if !p.lines(b) {
		return nil, nil, err
	}
	switch {
	case p.err != nil:
		return nil, nil, p.err
	case len(p.found) == 0 && p.refusal != "":
		return nil, nil, fault.New(fault.Unsupported, p.refusal)
	case len(p.found) == 0:
		return nil, nil, fault.New(fault.Unsupported, "This is not an attestation: it is neither an in-toto statement nor a DSSE envelope nor a Sigstore bundle.")
	}
	return p.found, p.faults, nil
}

type parser struct {
	limits  budget.Limits
	trust   Trust
	now     int64
	line    int // of a document of lines; 0 = it is one value
	found   []fact.Attestation
	faults  []fact.Fault
	refusal string // why the first part that is no attestation is none
	err     error  // a limit that was passed
}

// single checks that the document is one JSON value within the limits. The payload
// of an envelope is one text, so texts may be as long as documents; those within the
// payload may not.
func (p *parser) single(b []byte) (jsontext.Value, error) {
	var v jsontext.Value
	l := p.limits
	l.Text = int(l.Bytes)
	if err := l.JSON(bytes.NewReader(b), &v); err != nil {
		return nil, err
	}
	return v, nil
}

// lines reads a document that has one JSON value on each line. It reports whether
// the document is one: at least one line is a value.
func (p *parser) lines(b []byte) bool {
	any := false
	for n, line := range bytes.Split(b, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		p.line = n + 1
		v, err := p.single(line)
		if err != nil {
			if !any {
				return false // the first line decides what the document is
			}
			p.fault("", "line", "This line is not an attestation: %s", public(err))
			continue
		}
		any = true
		if err := p.value("", v); err != nil {
			p.err = err
			return true
		}
	}
	return any
}

func public(err error) string {
	s, _ := fault.Public(err)
	return s
}

func (p *parser) fault(at, rule, format string, args ...any) {
	if len(p.faults) < maxFaults {
		f := fact.Fault{Pointer: at, Rule: rule, Detail: fmt.Sprintf(format, args...)}
		if f.Line = p.line; f.Line != 0 {
			f.Pointer = ""
		}
		p.faults = append(p.faults, f)
	}
}

// refuse notes that a part is no attestation.
func (p *parser) refuse(at, why string) {
	if p.refusal == "" {
		p.refusal = why
	}
	p.fault(at, "not-an-attestation", "%s", why)
}

// shape is what tells the kinds of value apart, and what they hold.
type shape struct {
	Type         *string         `json:"_type"`
	MediaType    *string         `json:"mediaType"`
	PayloadType  *string         `json:"payloadType"`
	DSSE         *jsontext.Value `json:"dsseEnvelope"`
	Message      *jsontext.Value `json:"messageSignature"`
	Attestations []struct {
		Bundle jsontext.Value `json:"bundle"`
	} `json:"attestations"` // of the npm registry
	Google *struct {
		Provenance []struct {
			Envelope jsontext.Value `json:"envelope"`
		} `json:"provenance"`
	} `json:"provenance_summary"` // of an image, by Google Cloud
}

// value reads one JSON value: an attestation, or something that holds several.
func (p *parser) value(at string, v jsontext.Value) error {
	if v.Kind() == '[' {
		var list []jsontext.Value
		if err := json.Unmarshal(v, &list); err != nil {
			return budget.NotJSON(err)
		}
		for i, item := range list {
			if item.Kind() != '{' {
				p.refuse(at+"/"+strconv.Itoa(i), "It is not an attestation: it is not an object.")
				continue
			}
			if err := p.value(at+"/"+strconv.Itoa(i), item); err != nil {
				return err
			}
		}
		return nil
	}
	var s shape
	if err := json.Unmarshal(v, &s); err != nil {
		p.refuse(at, "It is not an attestation: one of its members is of the wrong kind.")
		return nil
	}
	switch {
	case s.Type != nil:
		return p.unsigned(at, v)
	case s.DSSE != nil:
		return p.bundle(at, v, *s.DSSE)
	case s.Message != nil:
		p.refuse(at, "The bundle signs a file and not a statement about one.")
	case s.MediaType != nil && !strings.HasPrefix(*s.MediaType, bundlePrefix):
		p.refuse(at, "It is a document of Sigstore, "+quote(*s.MediaType)+", and not a bundle.")
	case s.PayloadType != nil:
		return p.envelope(at, v)
	case s.Attestations != nil:
		for i, a := range s.Attestations {
			if err := p.inside(at+"/attestations/"+strconv.Itoa(i)+"/bundle", a.Bundle); err != nil {
				return err
			}
		}
	case s.Google != nil:
		for i, a := range s.Google.Provenance {
			if err := p.inside(at+"/provenance_summary/provenance/"+strconv.Itoa(i)+"/envelope", a.Envelope); err != nil {
				return err
			}
		}
	default:
		p.refuse(at, "It is not an attestation: it is neither an in-toto statement nor a DSSE envelope nor a Sigstore bundle.")
	}
	return nil
}

func (p *parser) inside(at string, v jsontext.Value) error {
	if v.Kind() != '{' {
		p.refuse(at, "There is no attestation here.")
		return nil
	}
	return p.value(at, v)
}

// unsigned reads a statement that nobody signed.
func (p *parser) unsigned(at string, v jsontext.Value) error {
	return p.keep(at, v, fact.Attestation{Envelope: "none", Problem: "It is not signed."}, nil)
}

// envelope reads a DSSE envelope.
func (p *parser) envelope(at string, v jsontext.Value) error {
	e, body, ok := p.open(at, v)
	if !ok {
		return nil
	}
	a := fact.Attestation{Envelope: "dsse", Signed: len(e.Signatures) > 0}
	if !a.Signed {
		a.Problem = "It has an envelope and no signature."
		return p.keep(at, body, a, nil)
	}
	return p.keep(at, body, a, func(a *fact.Attestation) { p.trust.verifyKeys(a, e, body) })
}

// bundle reads a Sigstore bundle.
func (p *parser) bundle(at string, v, inner jsontext.Value) error {
	if inner.Kind() != '{' {
		p.refuse(at, "The bundle has no envelope.")
		return nil
	}
	e, body, ok := p.open(at+"/dsseEnvelope", inner)
	if !ok {
		return nil
	}
	a := fact.Attestation{Envelope: "sigstore-bundle", Signed: len(e.Signatures) > 0}
	return p.keep(at, body, a, func(a *fact.Attestation) { p.trust.verifyBundle(a, v, e, body, p.now) })
}

// open reads an envelope and decodes its payload.
func (p *parser) open(at string, v jsontext.Value) (*dsse.Envelope, []byte, bool) {
	var e dsse.Envelope
	if err := json.Unmarshal(v, &e); err != nil {
		p.refuse(at, "The envelope breaks the form of DSSE: one of its members is of the wrong kind.")
		return nil, nil, false
	}
	if e.PayloadType != payloadType {
		p.refuse(at, "The envelope holds "+quote(e.PayloadType)+" and not an in-toto statement.")
		return nil, nil, false
	}
	body, ok := payload(&e)
	if !ok {
		p.refuse(at, "The payload of the envelope is not encoded in base64.")
		return nil, nil, false
	}
	return &e, body, true
}

// keep reads a statement, lets verify decide whether it counts, and keeps it.
func (p *parser) keep(at string, body []byte, a fact.Attestation, verify func(a *fact.Attestation)) error {
	if len(p.found) >= maxAttestations {
		return fault.Newf(fault.TooLarge, "The document has more than %d attestations.", maxAttestations)
	}
	s, err := parseStatement(body, p.limits)
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) && f.Kind == fault.TooLarge {
			return err
		}
		p.refuse(at, "What is in it is not an in-toto statement: "+public(err))
		return nil
	}
	faults, why := s.read(&a, at)
	if why != "" {
		p.refuse(at, why)
		return nil
	}
	for _, f := range faults {
		p.fault(f.Pointer, f.Rule, "%s", f.Detail)
	}
	if verify != nil {
		verify(&a)
	}
	p.found = append(p.found, a)
	return nil
}
