// Package kev reads the catalogue of known exploited vulnerabilities that the US
// Cybersecurity and Infrastructure Security Agency publishes, as JSON or CSV.
//
// An entry that cannot be read is named among the catalogue's faults; the others
// hold. It does not decide what follows from being listed.
package kev

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Detect says whether the beginning of a document looks like the catalogue.
func Detect(head []byte) bool {
	return bytes.Contains(head, []byte(`"catalogVersion"`)) || isCSV(head)
}

func isCSV(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(head, []byte(bom)), []byte("cveID,"))
}

// largest is fifty times what the catalogue has: one field of CSV may be all of it.
const largest = 64 << 20

const bom = "\xef\xbb\xbf"

// Parse reads the catalogue in either form. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (advisory.Catalogue, error) {
	l = l.OrDefaults()
	l.Bytes = min(l.Bytes, largest)
	in := bufio.NewReader(l.Reader(r))
	head, err := in.Peek(16)
	if err != nil && err != io.EOF {
		return advisory.Catalogue{}, err
	}
	p := parser{limits: l.OrDefaults(), seen: map[string]bool{}}
	if isCSV(head) {
		err = p.csv(in)
	} else {
		err = p.json(jsonstream.New(in, l))
	}
	if err != nil {
		return advisory.Catalogue{}, err
	}
	slices.SortFunc(p.out.Entries, func(a, b advisory.KnownExploited) int { return strings.Compare(a.CVE, b.CVE) })
	return p.out, nil
}

type parser struct {
	limits budget.Limits
	out    advisory.Catalogue
	seen   map[string]bool
	items  int
}

func (p *parser) json(in *jsonstream.Reader) error {
	listed := false
	count := ""
	ok, err := in.Object(func(name string) error {
		switch name {
		case "catalogVersion":
			s, _, err := in.Text()
			p.out.Version = s
			return err
		case "dateReleased":
			s, _, err := in.Text()
			if t, bad := time.Parse(time.RFC3339, s); bad == nil {
				p.out.Released = t.UnixMicro()
			}
			return err
		case "count":
			s, _, err := in.Text()
			count = s
			return err
		case "vulnerabilities":
			var err error
			listed, err = in.Array(func() error { return p.member(in) })
			return err
		}
		return in.Skip(nil)
	})
	if err == nil {
		err = in.Close()
	}
	if err != nil {
		return err
	}
	if !ok || !listed {
		return fault.New(fault.Invalid, "The document is not the catalogue of known exploited vulnerabilities: it has no list of vulnerabilities.")
	}
	if count != "" && count != fmt.Sprint(p.items) {
		p.fault("The catalogue says that it has %s entries; there are %d.", count, p.items)
	}
	return nil
}

func (p *parser) member(in *jsonstream.Reader) error {
	fields := map[string]string{}
	var cwes []string
	ok, err := in.Object(func(name string) error {
		if name == "cwes" {
			_, err := in.Array(func() error {
				s, ok, err := in.Text()
				if ok {
					cwes = append(cwes, s)
				}
				return err
			})
			return err
		}
		s, ok, err := in.Text()
		if ok {
			fields[name] = s
		}
		return err
	})
	if err != nil {
		return err
	}
	if !ok {
		p.fault("%s is not an entry.", in.Pointer())
		p.items++
		return p.enough()
	}
	return p.entry(in.Pointer(), fields, cwes)
}

func (p *parser) csv(in io.Reader) error {
	c := csv.NewReader(in)
	head, err := c.Read()
	if err != nil {
		return broken(err)
	}
	head[0] = strings.TrimPrefix(head[0], bom)
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		line, _ := c.FieldPos(0)
		fields := map[string]string{}
		for i, name := range head {
			if len(row[i]) > p.limits.Text {
				return p.limits.TooLong(fmt.Sprintf("line %d", line))
			}
			fields[name] = row[i]
		}
		cwes := strings.FieldsFunc(fields["cwes"], func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
		if err := p.entry(fmt.Sprintf("Line %d", line), fields, cwes); err != nil {
			return err
		}
	}
}

func broken(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	var c *csv.ParseError
	if errors.As(err, &c) {
		return fault.Newf(fault.Invalid, "Line %d of the catalogue is not in the form of CSV.", c.Line).Because(err)
	}
	return fmt.Errorf("read the catalogue: %w", err)
}

var identifier = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)

func (p *parser) entry(where string, f map[string]string, cwes []string) error {
	p.items++
	if err := p.enough(); err != nil {
		return err
	}
	e := advisory.KnownExploited{CVE: f["cveID"], Vendor: f["vendorProject"], Product: f["product"], Name: f["vulnerabilityName"],
		Added: date(f["dateAdded"]), Due: date(f["dueDate"]), Action: f["requiredAction"], Summary: f["shortDescription"],
		Ransomware: f["knownRansomwareCampaignUse"] == "Known", CWEs: cwes, Notes: f["notes"]}
	switch {
	case !identifier.MatchString(e.CVE):
		p.fault("%s has no CVE identifier.", where)
	case p.seen[e.CVE]:
		p.fault("%s repeats %s.", where, e.CVE)
	default:
		if e.Added == 0 {
			p.fault("%s (%s) does not say when it was added.", where, e.CVE)
		}
		p.seen[e.CVE] = true
		p.out.Entries = append(p.out.Entries, e)
	}
	return nil
}

func (p *parser) enough() error {
	if p.items > p.limits.Items {
		return p.limits.TooMany("entries")
	}
	return nil
}

// mostFaults bounds what is said about one catalogue.
const mostFaults = 100

func (p *parser) fault(format string, args ...any) {
	if len(p.out.Faults) < mostFaults {
		p.out.Faults = append(p.out.Faults, fmt.Sprintf(format, args...))
	}
}

// date is the day as microseconds since 1970, or 0.
func date(s string) int64 {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0
	}
	return t.UnixMicro()
}
