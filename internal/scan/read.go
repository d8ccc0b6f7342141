package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// opened is a document while it is being worked on.
type opened struct {
	Document
	serial     string // of a bill of materials
	identities []identified
	subject    identified
	vex        *decision.Document
}

// identified is which package a component is, or why that cannot be said: what is
// needed of purl.Identity, since there may be hundreds of thousands.
type identified struct {
	Ecosystem, Key, Version string
	reason                  finding.Reason
}

func readAll(ctx context.Context, o *Options) ([]*opened, error) {
	var out []*opened
	for _, s := range o.Documents {
		o.say("Reading " + s.Path)
		d := readOne(ctx, o, s)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func readOne(ctx context.Context, o *Options, s Source) *opened {
	d := &opened{Document: Document{Path: s.Path, Verdicts: map[finding.Verdict]int{}, subjectIndex: -1}}
	in, err := s.Open()
	if err != nil {
		d.refuse(err)
		return d
	}
	defer in.Close()
	sum := sha256.New()
	bytes := &digesting{in, sum}
	parsed, err := o.Read(ctx, s.name(), bytes)
	if err == nil {
		_, err = io.Copy(io.Discard, bytes) // the digest is of the whole
	}
	if err != nil {
		d.refuse(err)
		return d
	}
	d.SHA256, d.Format = hex.EncodeToString(sum.Sum(nil)), parsed.Format
	d.take(parsed)
	return d
}

func (s Source) name() string {
	if s.Path == "-" {
		return "Standard input"
	}
	return s.Path
}

// digesting digests what is read.
type digesting struct {
	from io.Reader
	sum  hash.Hash
}

func (d *digesting) Read(p []byte) (int, error) {
	n, err := d.from.Read(p)
	d.sum.Write(p[:n])
	return n, err
}

// refuse notes why a document is not taken. A fault has words for people; of other
// errors the text is all there is.
func (d *opened) refuse(err error) {
	d.Status = inventory.Refused
	d.Problem = err.Error()
	var f *fault.Error
	if errors.As(err, &f) {
		var problems []fault.Problem
		d.Problem, problems = fault.Public(err)
		for _, p := range problems {
			d.Faults = append(d.Faults, fact.Fault{Pointer: p.Pointer, Detail: p.Detail})
		}
	}
	if len(d.Faults) == 0 {
		d.Faults = []fact.Fault{{Detail: d.Problem}}
	}
}

// take keeps what a scan needs of a document.
func (d *opened) take(p *format.Parsed) {
	d.Status, d.Faults, d.Tool, d.About, d.Produced = inventory.Accepted, p.Faults, p.Tool, p.Subject, p.ProducedAt
	if len(p.Faults) > 0 {
		d.Status = inventory.AcceptedWithFaults
	}
	if p.VEX != nil {
		d.vex, d.Statements = p.VEX, len(p.VEX.Statements)
	}
	switch {
	case p.Inventory != nil:
		d.inventory(p.Inventory)
	case p.VEX == nil:
		d.refuse(fault.Newf(fault.Unsupported, "This is a document of format %s. A scan reads bills of materials (CycloneDX, SPDX) and VEX documents about them.", p.Format))
	}
}

func (d *opened) inventory(in *inventory.Document) {
	d.serial, d.Dependencies = in.Serial, in.Dependencies
	d.subjectIndex = in.SubjectIndex()
	d.Components = make([]Component, len(in.Components))
	d.identities = make([]identified, len(in.Components))
	for i := range in.Components {
		d.Components[i], d.identities[i] = identify(&in.Components[i])
	}
	switch {
	case d.subjectIndex >= 0:
		d.Subject, d.subject = &d.Components[d.subjectIndex], d.identities[d.subjectIndex]
	case in.Subject.Ref != "" || in.Subject.Name != "" || in.Subject.PURL != "":
		c, id := identify(&in.Subject)
		d.Subject, d.subject = &c, id
	}
}

func identify(c *inventory.Component) (Component, identified) {
	id, reason := purl.Identify(*c)
	out := Component{Ref: c.Ref, Group: c.Group, Name: c.Name, Version: c.Version, PURL: c.PURL}
	if out.Version == "" {
		out.Version = id.Version
	}
	return out, identified{id.Ecosystem, id.Key, id.Version, reason}
}
