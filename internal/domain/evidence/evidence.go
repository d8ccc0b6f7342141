// Package evidence is what people and machines offer to hold a claim up: records
// with a title, a version, the date they were produced and a place where they
// can be found.
//
// A record is a reference. Nothing here fetches what it points to, and a date of
// upload never stands for the date of production. Where the thing may not be
// brought here because of its marking, the record says where it is held, who
// keeps it, and who of us has seen it and when.
package evidence

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
)

// Kind is a sort of evidence; it sets the default validity.
type Kind string

// The kinds of evidence.
const (
	Document    Kind = "document"
	TestReport  Kind = "test_report"
	Statistics  Kind = "statistics"
	Scan        Kind = "scan"
	SBOM        Kind = "sbom"
	Provenance  Kind = "provenance"
	Attestation Kind = "attestation"
)

// Kinds lists the kinds of evidence.
func Kinds() []Kind {
	return []Kind{Document, TestReport, Statistics, Scan, SBOM, Provenance, Attestation}
}

// DefaultValidUntil returns the last day on which evidence of the kind holds
// when nobody set one: 12 months for documents and test reports, 90 days for
// statistics, 7 days for scans, counted from the day it was produced. What
// belongs to a release holds until the next one, so it has no date.
func DefaultValidUntil(k Kind, produced civil.Date) civil.Date {
	switch k {
	case Document, TestReport:
		return produced.AddMonths(12)
	case Statistics:
		return produced.AddDays(90)
	case Scan:
		return produced.AddDays(7)
	}
	return ""
}

// Record is one piece of evidence. One record serves many requirements.
type Record struct {
	ID           string
	Kind         Kind
	Title        string
	Version      string
	ProducedOn   civil.Date // the document's own date
	Link         string     // https or http address, or a file share reference as plain text
	File         *File      // an uploaded file
	Held         *HeldElsewhere
	Place        string // where inside a large document
	Owner        string
	Marking      portfolio.Marking // of this record, within the ceiling
	ValidUntil   civil.Date        // last day; "" = until withdrawn or replaced
	ReceivedAt   int64             // µs UTC, when it came here
	SupersededAt int64             // µs UTC, when a newer version was recorded; 0 = current
	WithdrawnAt  int64             // µs UTC; 0 = not withdrawn
}

// File is an uploaded file, known by its content.
type File struct {
	SHA256    string // lower-case hex of the plain text
	Name      string
	MediaType string
	Size      int64
}

// HeldElsewhere describes evidence that may not be brought here. Its marking may
// be above the ceiling; the description itself must not be.
type HeldElsewhere struct {
	Reference string
	Marking   portfolio.Marking
	Custodian string
	SeenBy    string
	SeenOn    civil.Date
}

// Complete reports whether enough is known for it to count as documented.
func (h HeldElsewhere) Complete() bool {
	return h.Reference != "" && h.Marking.Marked() && h.Custodian != "" && h.SeenBy != "" && h.SeenOn.Valid()
}

// Counts reports whether the record can hold a claim up at all: title, version,
// date produced and location are known. Validity is a separate matter.
func (r Record) Counts() bool {
	located := r.Link != "" || r.File != nil || r.Held != nil && r.Held.Complete()
	return r.Title != "" && r.Version != "" && r.ProducedOn.Valid() && located
}

// Validate checks what was entered and returns it cleaned, with the default
// validity when none was given.
func Validate(r Record, today civil.Date, ceiling portfolio.Marking) (Record, fault.Problems) {
	var p fault.Problems
	r.Title = text.Need(&p, "/title", "a title", r.Title, text.Name)
	r.Version = text.Need(&p, "/version", "a version, for example 1.0 or a date", r.Version, text.Name)
	r.Place = text.Line(&p, "/place", r.Place, text.Short)
	r.Owner = text.Line(&p, "/owner", r.Owner, text.Name)
	if r.Kind == "" {
		r.Kind = Document
	}
	if !slices.Contains(Kinds(), r.Kind) {
		p.Add("/kind", "Choose one of the kinds of evidence that are listed.")
	}
	r.dates(&p, today)
	r.location(&p, today)
	if !r.Marking.Marked() {
		p.Add("/marking", "Choose a marking.")
	}
	r.Marking.Within(&p, "/marking", ceiling)
	return r, p
}

func (r *Record) dates(p *fault.Problems, today civil.Date) {
	switch {
	case r.ProducedOn == "":
		p.Add("/produced_on", "Enter the date on which it was produced, not the date of upload.")
	case !r.ProducedOn.Valid():
		p.Add("/produced_on", "Enter a real date, for example 2026-03-27.")
	case r.ProducedOn > today:
		p.Add("/produced_on", "The date on which it was produced must not be in the future.")
	case r.ValidUntil == "":
		r.ValidUntil = DefaultValidUntil(r.Kind, r.ProducedOn)
	}
	if r.ValidUntil != "" && !r.ValidUntil.Valid() {
		p.Add("/valid_until", "Enter a real date, for example 2026-03-27.")
	} else if r.ValidUntil != "" && r.ValidUntil < r.ProducedOn {
		p.Add("/valid_until", "The last day of validity must not be before the date on which it was produced.")
	}
}

func (r *Record) location(p *fault.Problems, today civil.Date) {
	ways := 0
	if r.Link != "" {
		ways++
		r.Link = CheckLink(p, "/link", r.Link)
	}
	if r.File != nil {
		ways++
	}
	if r.Held != nil {
		ways++
		h := *r.Held // the caller's value stays as it was
		h.validate(p, today)
		r.Held = &h
	}
	if ways == 0 {
		p.Add("/link", "Say where it is stored: give a link, upload a file, or say where it is held.")
	} else if ways > 1 {
		p.Add("/link", "Give one place only: a link, a file, or where it is held.")
	}
}

func (h *HeldElsewhere) validate(p *fault.Problems, today civil.Date) {
	h.Reference = text.Need(p, "/held/reference", "the reference under which it is held", h.Reference, text.Short)
	h.Custodian = text.Need(p, "/held/custodian", "who keeps it", h.Custodian, text.Name)
	h.SeenBy = text.Need(p, "/held/seen_by", "who has seen it", h.SeenBy, text.Name)
	if !h.Marking.Marked() {
		p.Add("/held/marking", "Choose the marking of what is held.")
	}
	switch {
	case !h.SeenOn.Valid():
		p.Add("/held/seen_on", "Enter the date on which it was seen, for example 2026-03-27.")
	case h.SeenOn > today:
		p.Add("/held/seen_on", "The date on which it was seen must not be in the future.")
	}
}

// CheckLink cleans a location: an https or http address, or a file share
// reference, which is kept as plain text. Every other scheme is refused, and so
// is an address that carries a password.
func CheckLink(p *fault.Problems, pointer, s string) string {
	s = text.Line(p, pointer, s, 2*text.Short)
	scheme := schemeOf(s)
	switch scheme {
	case "", "file":
		return s
	case "http", "https":
	default:
		p.Add(pointer, "Addresses that begin with “%s:” are not taken. Use https, http or a file share reference.", scheme)
		return s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		p.Add(pointer, "This is not a complete web address.")
	} else if u.User != nil {
		p.Add(pointer, "Remove the user name and password from the address.")
	}
	return s
}

// Href returns the link as an address that a page may link to, or false when it
// is to be shown as plain text.
func (r Record) Href() (string, bool) {
	u, err := url.Parse(r.Link)
	if err != nil || u.User != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	return u.String(), true
}

// schemeOf returns the URL scheme in lower case, or "" for plain text. One
// letter before a colon is a Windows drive.
func schemeOf(s string) string {
	i := strings.IndexByte(s, ':')
	if i <= 1 {
		return ""
	}
	for j, c := range []byte(s[:i]) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (j == 0 || !strings.ContainsRune("0123456789+-.", rune(c))) {
			return ""
		}
	}
	return strings.ToLower(s[:i])
}

// Freshness is how a record stands with time.
type Freshness string

// The states of freshness.
const (
	Current    Freshness = "current"
	Expiring   Freshness = "expiring" // runs out within ExpiringDays
	RanOut     Freshness = "ran_out"
	Superseded Freshness = "superseded" // a newer version is on record
	Withdrawn  Freshness = "withdrawn"
)

// ExpiringDays is how long before its end a record is shown as expiring.
const ExpiringDays = 30

// EndsAt returns the first instant (µs UTC) at which the record no longer holds:
// the day after its last day in the zone, or when a newer version was recorded;
// 0 = no end is known.
func (r Record) EndsAt(zone *time.Location) int64 {
	end := r.SupersededAt
	if r.ValidUntil.Valid() {
		if day := r.ValidUntil.EndMicro(zone); end == 0 || day < end {
			end = day
		}
	}
	return end
}

// Freshness returns how the record stands at now (µs UTC).
func (r Record) Freshness(now int64, zone *time.Location) Freshness {
	today := civil.OfMicro(now, zone)
	switch {
	case r.WithdrawnAt != 0 && r.WithdrawnAt <= now:
		return Withdrawn
	case r.SupersededAt != 0 && r.SupersededAt <= now:
		return Superseded
	case r.ValidUntil == "":
		return Current
	case today > r.ValidUntil:
		return RanOut
	case today.DaysUntil(r.ValidUntil) <= ExpiringDays:
		return Expiring
	}
	return Current
}
