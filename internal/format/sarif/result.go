package sarif

import (
	"fmt"
	"slices"
	"strings"
)

// key is what decides how a result counts. Results that share it are counted
// together.
type key struct {
	rule, part, guid string
	index, ofPart    int
	level, kind      string
	severity         float64
	weaknesses       string
	invocation       int
}

// group are the open results of one key.
type group struct {
	key
	first, count int // place of the first in the list; how many
	cwes         []string
	taxa         []reference
	found        []found // the first of them
}

// found is what is shown of one result.
type found struct {
	place                 int
	text, message         string // in full, or the name of a message of the rule
	arguments             []string
	file                  string
	artifact, line        int // artifact: place in the list of artifacts, -1 = none
	fingerprint, fromName string
	whole                 bool // from fingerprints, not partialFingerprints
}

// result is one result as it is being read.
type result struct {
	key
	ruleID, refID        string
	ruleIndex            int
	baseline             string
	suppressed, disputed bool
	cwes                 []string
	taxa                 []reference
	found
}

func (p *parser) result(r *run) error {
	place := r.counts.Total
	r.counts.Total++
	out := result{ruleIndex: -1, key: key{index: -1, ofPart: -1, severity: -1, invocation: -1}, found: found{place: place, artifact: -1}}
	err := p.object(func(name string) error { return p.member(r, &out, name) })
	if err != nil {
		return err
	}
	if out.text == "" && out.message == "" {
		p.fault("message", p.pointer(place)+"/message", "The result has no message.")
	}
	return p.count(r, &out)
}

func (p *parser) pointer(result int) string { return fmt.Sprintf("%s/results/%d", p.place(), result) }

func (p *parser) member(r *run, out *result, name string) error {
	switch name {
	case "ruleId":
		return p.name(&out.ruleID)
	case "ruleIndex":
		return p.integer(&out.ruleIndex)
	case "rule":
		ref, err := p.reference()
		out.refID, out.index, out.part, out.guid, out.ofPart = ref.id, ref.index, ref.name, ref.guid, ref.ofPart
		return err
	case "level":
		return p.level(&out.level)
	case "kind":
		return p.name(&out.kind)
	case "baselineState":
		return p.name(&out.baseline)
	case "message":
		return p.message(&out.found)
	case "locations":
		return p.locations(&out.found)
	case "suppressions":
		return p.array(func() error { return p.suppression(out) })
	case "fingerprints", "partialFingerprints":
		return p.fingerprints(&out.found, name == "fingerprints")
	case "taxa":
		return p.array(func() error { return p.taxonOf(r, &out.taxa) })
	case "properties":
		return p.properties(&bag{cwes: &out.cwes, severity: &out.severity})
	case "provenance":
		return p.object(func(name string) error {
			if name == "invocationIndex" {
				return p.integer(&out.invocation)
			}
			return p.in.Skip(nil)
		})
	}
	return p.in.Skip(nil)
}

func (p *parser) message(f *found) error {
	return p.object(func(name string) error {
		switch name {
		case "text":
			var s string
			err := p.text(&s)
			f.text = cut(s, longestMessage)
			return err
		case "id":
			return p.name(&f.message)
		case "arguments":
			return p.array(func() error {
				var s string
				err := p.text(&s)
				if len(f.arguments) < mostArguments {
					f.arguments = append(f.arguments, cut(s, longestMessage))
				}
				return err
			})
		}
		return p.in.Skip(nil)
	})
}

// locations keeps the first.
func (p *parser) locations(f *found) error {
	n := 0
	return p.array(func() error {
		if n++; n > 1 {
			return p.in.Skip(nil)
		}
		return p.object(func(name string) error {
			if name != "physicalLocation" {
				return p.in.Skip(nil)
			}
			return p.object(func(name string) error {
				switch name {
				case "artifactLocation":
					return p.object(func(name string) error {
						switch name {
						case "uri":
							err := p.text(&f.file)
							f.file = cut(f.file, longestPath)
							return err
						case "index":
							return p.integer(&f.artifact)
						}
						return p.in.Skip(nil)
					})
				case "region":
					return p.object(func(name string) error {
						if name == "startLine" {
							return p.integer(&f.line)
						}
						return p.in.Skip(nil)
					})
				}
				return p.in.Skip(nil)
			})
		})
	})
}

// suppression reads one of section 3.35. A result is suppressed when all of them
// are accepted, which is what one without a status is.
func (p *parser) suppression(out *result) error {
	var kind, status string
	err := p.object(func(name string) error {
		switch name {
		case "kind":
			return p.text(&kind)
		case "status":
			return p.text(&status)
		}
		return p.in.Skip(nil)
	})
	switch {
	case kind != "inSource" && kind != "external":
		p.fault("suppression", p.in.Pointer(), "The kind of the suppression is %s, not inSource or external. It does not suppress.", quote(kind))
	case status == "" || status == "accepted":
		out.suppressed = true
		return err
	case status != "underReview" && status != "rejected":
		p.fault("suppression", p.in.Pointer(), "The status of the suppression is %s, not accepted, underReview or rejected. It does not suppress.", quote(status))
	}
	out.disputed = true
	return err
}

// fingerprints keeps the one whose name comes first, since a result needs one that
// is the same in the next run. A whole one goes before a partial one.
func (p *parser) fingerprints(f *found, whole bool) error {
	return p.object(func(name string) error {
		var s string
		err := p.text(&s)
		if better := f.fromName == "" || whole && !f.whole || whole == f.whole && name < f.fromName; s != "" && better {
			f.fingerprint, f.fromName, f.whole = cut(name+":"+s, longestFingerprint), name, whole
		}
		return err
	})
}

// count puts a result where it belongs.
func (p *parser) count(r *run, out *result) error {
	switch out.kind {
	case "":
		out.kind = "fail"
	case "fail", "open", "review":
	case "pass", "notApplicable", "informational":
		r.counts.Passed++
		return nil
	default:
		p.fault("kind", p.pointer(out.place)+"/kind", "%s is not a kind of SARIF. It counts as fail.", quote(out.kind))
		out.kind = "fail"
	}
	switch out.baseline {
	case "", "new", "unchanged", "updated":
	case "absent":
		r.counts.Absent++
		return nil
	default:
		p.fault("baseline-state", p.pointer(out.place)+"/baselineState", "%s is not a state of SARIF. The result counts as new.", quote(out.baseline))
	}
	if out.suppressed && !out.disputed {
		r.counts.Suppressed++
		return nil
	}
	if out.baseline == "unchanged" || out.baseline == "updated" {
		r.counts.Unchanged++
	}
	return p.keep(r, out)
}

func (p *parser) keep(r *run, out *result) error {
	if out.index < 0 {
		out.index = out.ruleIndex
	}
	if out.rule = out.ruleID; out.rule == "" {
		out.rule = out.refID
	}
	out.weaknesses = strings.Join(out.cwes, " ")
	for _, t := range out.taxa {
		out.weaknesses += fmt.Sprintf(" %q %q %q %d %d", t.id, t.name, t.guid, t.index, t.ofPart)
	}
	g := r.groups[out.key]
	if g == nil {
		if len(r.groups) >= mostGroups {
			return p.limits.TooMany(fmt.Sprintf("rules: the results of one run may speak of %d,", mostGroups))
		}
		g = &group{key: out.key, first: out.place, cwes: out.cwes, taxa: out.taxa}
		r.groups[out.key] = g
		r.order = append(r.order, g)
	}
	if g.count++; len(g.found) < r.each {
		g.found = append(g.found, out.found)
		r.kept++
	}
	if r.kept > mostKept && r.each > 1 {
		r.thin()
	}
	return nil
}

// thin halves what each group keeps, so that a run of very many rules costs no more
// memory than others.
func (r *run) thin() {
	r.each /= 2
	r.kept = 0
	for _, g := range r.order {
		if len(g.found) > r.each {
			g.found = slices.Clone(g.found[:r.each])
		}
		r.kept += len(g.found)
	}
}
