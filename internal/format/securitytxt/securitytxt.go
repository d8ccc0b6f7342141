// Package securitytxt reads security.txt files (RFC 9116, April 2022): where to
// report a vulnerability and until when that holds.
//
// Every rule of the RFC that a file breaks is a fault with its line. A value that
// breaks one is left out of the fact, so that a contact in the fact is one that can be
// used. Names that are not known are ignored, as section 2.4 asks. An OpenPGP cleartext
// signature is recognised and its text unwrapped; the signature is not verified, since
// the RFC leaves open whose key it should be.
//
// It does not decide whether the file has expired, which depends on the day, and does
// not fetch what the file points to.
package securitytxt

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// largest is the size at which the RFC tells readers to stop.
const largest = 32 << 10

var bom = []byte("\xef\xbb\xbf")

// Detect reports whether a document that begins with head means to be a
// security.txt file: behind comments, its first field is one of the RFC.
func Detect(head []byte) bool {
	for _, line := range strings.Split(string(bytes.TrimPrefix(head, bom)), "\n") {
		line = strings.TrimSpace(line)
		name, _, found := strings.Cut(line, ":")
		switch {
		case line == "" || strings.HasPrefix(line, "#") || line == beginMessage || strings.HasPrefix(line, "Hash:"):
			continue
		case found && known(name):
			return true
		}
		return false
	}
	return false
}

// Parse reads a file. The error is a fault.
func Parse(r io.Reader, l budget.Limits) (*fact.SecurityTxt, []fact.Fault, error) {
	l = l.OrDefaults()
	l.Bytes = min(l.Bytes, largest)
	b, err := io.ReadAll(l.Reader(r))
	if err != nil {
		return nil, nil, err
	}
	b = bytes.TrimPrefix(b, bom)
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return nil, nil, fault.New(fault.Invalid, "The file is not text in UTF-8, as RFC 9116 asks.")
	}
	p := &parser{}
	fields := 0
	for _, line := range p.unwrap(strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")) {
		if p.line(line) {
			fields++
		}
	}
	if fields == 0 {
		return nil, nil, fault.New(fault.Unsupported, "This is not a security.txt file: it has none of the fields of RFC 9116, such as Contact and Expires.")
	}
	p.finish()
	return &p.out, p.faults, nil
}

// line is a line of the file with its number.
type line struct {
	number int
	text   string
}

type parser struct {
	out      fact.SecurityTxt
	faults   []fact.Fault
	contacts int // fields, those that break a rule too
	expires  int
	language int
}

// known reports whether a field is one of the RFC, or of the registry that it set up.
// Names are not sensitive to case.
func known(name string) bool {
	return slices.Contains([]string{"acknowledgments", "canonical", "contact", "csaf", "encryption", "expires", "hiring", "policy", "preferred-languages"}, strings.ToLower(name))
}

var fieldName = regexp.MustCompile(`^[!-9;-~]+$`)

// line reads one line and reports whether it is a known field.
func (p *parser) line(l line) bool {
	text := strings.TrimRight(l.text, " \t")
	if text == "" || strings.HasPrefix(text, "#") {
		return false
	}
	name, value, found := strings.Cut(text, ":")
	if !found || !fieldName.MatchString(name) {
		p.fault(l, "line", "The line is neither a field (name, colon, space, value) nor a comment (#): %s.", quote(text))
		return false
	}
	if !known(name) {
		return false // section 2.4
	}
	if value != "" && value[0] != ' ' {
		p.fault(l, "space", "A space belongs behind the colon of %s.", name)
	}
	p.field(l, strings.ToLower(name), strings.TrimSpace(value))
	return true
}

func (p *parser) field(l line, name, value string) {
	if value == "" {
		p.fault(l, "value", "The field %s has no value.", name)
		p.count(name)
		return
	}
	p.count(name)
	switch name {
	case "expires":
		p.date(l, value)
	case "preferred-languages":
		p.languages(l, value)
	case "contact":
		p.uri(l, &p.out.Contacts, name, value)
	case "policy":
		p.uri(l, &p.out.Policies, name, value)
	case "encryption":
		p.uri(l, &p.out.Encryption, name, value)
	case "acknowledgments":
		p.uri(l, &p.out.Acknowledgments, name, value)
	case "canonical":
		p.uri(l, &p.out.Canonical, name, value)
	case "csaf":
		p.uri(l, &p.out.CSAF, name, value)
	case "hiring":
		p.uri(l, &p.out.Hiring, name, value)
	}
}

func (p *parser) count(name string) {
	switch name {
	case "contact":
		p.contacts++
	case "expires":
		p.expires++
	case "preferred-languages":
		p.language++
	}
}

// date reads Expires (section 2.5.5). Of several dates the earliest counts.
func (p *parser) date(l line, value string) {
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(value))
	if err != nil {
		p.fault(l, "expires-date", "Expires is %s, which is not a time such as 2026-12-31T23:59:00Z (RFC 3339).", quote(value))
		return
	}
	if at := t.UnixMicro(); p.out.ExpiresAt == 0 || at < p.out.ExpiresAt {
		p.out.ExpiresAt = at
	}
}

var language = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

func (p *parser) languages(l line, value string) {
	for tag := range strings.SplitSeq(value, ",") {
		if tag = strings.TrimSpace(tag); !language.MatchString(tag) {
			p.fault(l, "language", "%s is not the tag of a language, such as en or cy (RFC 5646).", quote(tag))
			return
		}
	}
	if p.out.PreferredLanguages == "" {
		p.out.PreferredLanguages = value
	}
}

// uri reads a value that must be a URI; one of the web must begin with https://.
func (p *parser) uri(l line, into *[]string, name, value string) {
	u, err := url.Parse(value)
	switch {
	case strings.ContainsAny(value, " \t\"<>"), err != nil:
		p.fault(l, "uri", "The value of %s is not a URI: %s. One field has one value.", name, quote(value))
	case u.Scheme == "" && strings.Contains(value, "@"):
		p.fault(l, "uri", "The value of %s is an address without its scheme. Write mailto: in front of %s.", name, quote(value))
	case u.Scheme == "" && strings.HasPrefix(value, "+"):
		p.fault(l, "uri", "The value of %s is a number without its scheme. Write tel: in front of %s.", name, quote(value))
	case u.Scheme == "":
		p.fault(l, "uri", "The value of %s is not a URI: %s has no scheme, such as https: or mailto:.", name, quote(value))
	case u.Scheme == "http":
		p.fault(l, "https", "The value of %s is a page of the web, which must begin with https://: %s.", name, quote(value))
	case u.Scheme == "https" && u.Hostname() == "" || u.Scheme != "https" && u.Opaque == "" && u.Host == "" && u.Path == "":
		p.fault(l, "uri", "The value of %s names nothing behind %s:.", name, u.Scheme)
	default:
		*into = append(*into, value)
	}
}

// finish checks what the file must have, once it has been read.
func (p *parser) finish() {
	none := line{}
	if p.contacts == 0 {
		p.fault(none, "contact-missing", "There is no Contact, which says where to report (section 2.5.3).")
	}
	switch {
	case p.expires == 0:
		p.fault(none, "expires-missing", "There is no Expires, which says until when the file holds (section 2.5.5).")
	case p.expires > 1:
		p.fault(none, "expires-twice", "Expires is there %d times and must be there once. The earliest counts.", p.expires)
	}
	if p.language > 1 {
		p.fault(none, "languages-twice", "Preferred-Languages is there %d times and must not be there more than once.", p.language)
	}
	for _, f := range p.faults {
		if !slices.Contains(p.out.Broken, f.Rule) {
			p.out.Broken = append(p.out.Broken, f.Rule)
		}
	}
}

func (p *parser) fault(l line, rule, format string, args ...any) {
	p.faults = append(p.faults, fact.Fault{Line: l.number, Rule: rule, Detail: fmt.Sprintf(format, args...)})
}

// quote shortens what a file says for the text of a fault.
func quote(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return strconv.Quote(s)
}
