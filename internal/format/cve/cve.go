// Package cve reads records of the CVE list (CVE JSON record format 5.0 to 5.2).
//
// It keeps what Touchstone uses: identity, state, dates, weaknesses, severities,
// affected products, references, and the decision points of SSVC that CISA adds.
// It does not match products, and leaves how complete a record is to
// internal/domain/advisory.
package cve

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cvss"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Detect says whether the beginning of a document looks like a CVE record.
func Detect(head []byte) bool {
	return bytes.Contains(head, []byte(`"CVE_RECORD"`)) || bytes.Contains(head, []byte(`"cveMetadata"`))
}

var identifier = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)

// Parse reads one record. The error is a fault: Invalid with a JSON pointer for
// each place that is wrong, or TooLarge. The state is empty in the form that an
// authority hands in, before the list gives it one.
func Parse(r io.Reader, l budget.Limits) (advisory.CVE, error) {
	p := parser{in: jsonstream.New(r, l), limits: l.OrDefaults()}
	var c advisory.CVE
	kind := ""
	cna := false
	err := p.object(func(name string) error {
		switch name {
		case "dataType":
			return p.text(&kind)
		case "dataVersion":
			return p.text(&c.Version)
		case "cveMetadata":
			return p.metadata(&c)
		case "containers":
			return p.object(func(name string) error {
				switch name {
				case "cna":
					cna = true
					return p.container(&c.CNA)
				case "adp":
					return p.array(func() error {
						var a advisory.CVEContainer
						err := p.container(&a)
						c.ADP = append(c.ADP, a)
						return err
					})
				}
				return p.in.Skip(nil)
			})
		}
		return p.in.Skip(nil)
	})
	if err == nil {
		err = p.in.Close()
	}
	if err != nil {
		return advisory.CVE{}, err
	}
	if kind != "CVE_RECORD" {
		p.faults.Add("/dataType", "The document is not a CVE record.")
	}
	if !strings.HasPrefix(c.Version, "5.") {
		p.faults.Add("/dataVersion", "The version of the format is %q; 5.0, 5.1 and 5.2 are read.", c.Version)
	}
	if !identifier.MatchString(c.ID) {
		p.faults.Add("/cveMetadata/cveId", "The identifier must look like CVE-2026-12345.")
	}
	if !cna {
		p.faults.Add("/containers/cna", "The record has nothing from the authority that assigned its identifier.")
	}
	if err := p.faults.Err(); err != nil {
		return advisory.CVE{}, err
	}
	return c, nil
}

func (p *parser) metadata(c *advisory.CVE) error {
	return p.object(func(name string) error {
		switch name {
		case "cveId":
			return p.text(&c.ID)
		case "state":
			return p.text(&c.State)
		case "assignerShortName":
			return p.text(&c.Assigner)
		case "dateReserved":
			return p.moment(&c.Reserved)
		case "datePublished":
			return p.moment(&c.Published)
		case "dateUpdated":
			return p.moment(&c.Updated)
		}
		return p.in.Skip(nil)
	})
}

func (p *parser) container(c *advisory.CVEContainer) error {
	return p.object(func(name string) error {
		switch name {
		case "providerMetadata":
			return p.only("shortName", &c.Provider)
		case "title":
			return p.text(&c.Title)
		case "descriptions":
			return p.array(func() error { return p.description(&c.Description) })
		case "problemTypes":
			return p.array(func() error { return p.weaknesses(c) })
		case "metrics":
			return p.array(func() error { return p.metric(c) })
		case "affected":
			return p.array(func() error { return p.product(c) })
		case "references":
			return p.array(func() error { return p.reference(c) })
		case "cpeApplicability":
			return p.some(&c.Applicability)
		case "solutions":
			return p.some(&c.Solution)
		case "workarounds":
			return p.some(&c.Workaround)
		case "timeline":
			return p.some(&c.Timeline)
		case "credits":
			return p.some(&c.Credits)
		case "impacts":
			return p.some(&c.Impacts)
		}
		return p.in.Skip(nil)
	})
}

func (p *parser) description(english *string) error {
	var lang, value string
	err := p.object(func(name string) error {
		switch name {
		case "lang":
			return p.text(&lang)
		case "value":
			return p.text(&value)
		}
		return p.in.Skip(nil)
	})
	if *english == "" && strings.HasPrefix(strings.ToLower(lang), "en") {
		*english = value
	}
	return err
}

func (p *parser) weaknesses(c *advisory.CVEContainer) error {
	return p.object(func(name string) error {
		if name != "descriptions" {
			return p.in.Skip(nil)
		}
		return p.array(func() error {
			var id string
			err := p.only("cweId", &id)
			if digits, ok := strings.CutPrefix(id, "CWE-"); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
				c.CWEs = append(c.CWEs, id)
			}
			return err
		})
	})
}

// metric reads a rating, or the decision points that CISA's Vulnrichment gives.
func (p *parser) metric(c *advisory.CVEContainer) error {
	families := map[string]string{"cvssV2_0": "CVSS_V2", "cvssV3_0": "CVSS_V3", "cvssV3_1": "CVSS_V3", "cvssV4_0": "CVSS_V4"}
	return p.object(func(name string) error {
		if family := families[name]; family != "" {
			s := advisory.Severity{Type: family}
			err := p.only("vectorString", &s.Vector)
			s.Score = cvss.Score(family, s.Vector)
			c.Severities = append(c.Severities, s)
			return err
		}
		if name == "other" {
			return p.other(c)
		}
		return p.in.Skip(nil)
	})
}

func (p *parser) other(c *advisory.CVEContainer) error {
	kind := ""
	var points advisory.CVESSVC
	err := p.object(func(name string) error {
		switch name {
		case "type":
			return p.text(&kind)
		case "content":
			// What stands here is of any form; only texts with the names of the
			// decision points are looked at.
			return p.in.Skip(func(name, value string) {
				switch name {
				case "Exploitation":
					points.Exploitation = exploitation(value)
				case "Automatable":
					points.Automatable = strings.ToLower(value)
				case "Technical Impact":
					points.Impact = advisory.Impact(strings.ToLower(value))
				}
			})
		}
		return p.in.Skip(nil)
	})
	if strings.EqualFold(kind, "ssvc") {
		c.SSVC = &points
	}
	return err
}

func exploitation(value string) advisory.Exploitation {
	if v := strings.ToLower(value); v != "poc" {
		return advisory.Exploitation(v)
	}
	return advisory.ExploitationPoC
}

func (p *parser) reference(c *advisory.CVEContainer) error {
	var r advisory.CVEReference
	err := p.object(func(name string) error {
		switch name {
		case "url":
			return p.text(&r.URL)
		case "tags":
			return p.texts(&r.Tags)
		}
		return p.in.Skip(nil)
	})
	c.References = append(c.References, r)
	return err
}

// parser collects what is wrong and goes on; errors are what ends the reading.
type parser struct {
	in     *jsonstream.Reader
	limits budget.Limits
	items  int
	faults fault.Problems
}

const mostFaults = 20

func (p *parser) wrong(want string) error {
	p.faults.Add(p.in.Pointer(), "This must be %s.", want)
	if len(p.faults) >= mostFaults {
		return p.faults.Err()
	}
	return nil
}

func (p *parser) object(member func(name string) error) error {
	ok, err := p.in.Object(member)
	if err == nil && !ok {
		err = p.wrong("an object")
	}
	return err
}

func (p *parser) array(item func() error) error {
	ok, err := p.in.Array(func() error {
		if p.items++; p.items > p.limits.Items {
			return p.limits.TooMany("items")
		}
		return item()
	})
	if err == nil && !ok {
		err = p.wrong("an array")
	}
	return err
}

func (p *parser) text(to *string) error {
	s, ok, err := p.in.Text()
	if err == nil && !ok {
		return p.wrong("a text")
	}
	*to = s
	return err
}

func (p *parser) texts(to *[]string) error {
	return p.array(func() error {
		var s string
		err := p.text(&s)
		*to = append(*to, s)
		return err
	})
}

// only reads one text of an object.
func (p *parser) only(want string, to *string) error {
	return p.object(func(name string) error {
		if name == want {
			return p.text(to)
		}
		return p.in.Skip(nil)
	})
}

// some says whether an array has anything in it.
func (p *parser) some(to *bool) error {
	return p.array(func() error {
		*to = true
		return p.in.Skip(nil)
	})
}

// moment reads a time. Records from before 2023 have no zone: they mean UTC.
func (p *parser) moment(to *int64) error {
	var s string
	if err := p.text(&s); err != nil {
		return err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			*to = t.UnixMicro()
			return nil
		}
	}
	return nil
}
