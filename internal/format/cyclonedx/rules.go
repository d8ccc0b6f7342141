package cyclonedx

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// check finds fault with a value that breaks its rule.
func (p *parser) check(m *member, value string) {
	switch m.kind {
	case kindFlag:
		if p.format == inXML && value != "true" && value != "false" && value != "1" && value != "0" {
			p.fault("type", "The %s is %s and must be true or false.", m.name, quote(value))
		}
		return
	case kindWhole:
		p.whole(m, value)
		return
	case kindNumber:
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			p.fault("type", "The %s is %s and must be a number.", m.name, quote(value))
		}
		return
	}
	if words := p.grammar.enums[m.rule]; words != nil {
		p.oneOf(words, m, value)
	} else if m.rule != "" {
		p.rule(m, value)
	}
}

func (p *parser) whole(m *member, value string) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil && strings.Trim(value, "0123456789") != "" {
		p.fault("type", "The %s is %s and must be a whole number.", m.name, quote(value))
	} else if m.name == "version" && err == nil && n < 1 {
		p.faultIn(5, latest, "minimum", "The version of the document is %s and must be 1 or more.", quote(value))
	}
}

// oneOf finds fault with a value that an enumeration does not have in the
// document's version.
func (p *parser) oneOf(words map[string]int, m *member, value string) {
	v := words[value]
	if v == 0 {
		p.fault("enumeration", "%s is not a value that CycloneDX has for %s.", quote(value), m.name)
	} else if v > earliest {
		p.faultIn(0, v-1, "enumeration", "%s is a value for %s only since CycloneDX 1.%d.", quote(value), m.name, v)
	}
}

// rule applies the rules that are no enumerations.
func (p *parser) rule(m *member, value string) {
	switch m.rule {
	case "ref":
		p.declare(value, none)
	case "serial":
		if !serial(value, p.format) {
			p.fault("serial-number", "The serial number is %s and must be urn:uuid: with a UUID in lower case (RFC 4122).", quote(value))
		}
	case "time":
		if _, ok := instant(value, p.format); !ok {
			p.fault("timestamp", "The %s is %s and must be a date with a time (RFC 3339), such as 2026-01-31T09:00:00Z.", m.name, quote(value))
		}
	case "mime":
		if !mimeType(value) {
			p.fault("mime-type", "%s is not a media type.", quote(value))
		}
	case "hash-content":
		if !digest(value) {
			p.fault("hash-content", "The hash is %s and must be 32, 40, 64, 96 or 128 hexadecimal digits.", quote(value))
		}
	case "licence":
		if !inventory.KnownLicence(value) && !inventory.KnownException(value) {
			p.fault("licence-id", "%s is not an identifier of the SPDX Licence List. Give it as the name of the licence instead.", quote(value))
		}
	case "cpe":
		if p.format == inXML && !cpe().MatchString(value) {
			p.fault("cpe", "%s is not a CPE 2.2 or 2.3 name.", quote(value))
		}
	case "version":
		p.length(6, latest, 0, 1024, m, value)
	case "range":
		p.length(7, latest, 1, 4096, m, value)
	case "affected-version":
		p.length(4, 5, p.least(), 1024, m, value)
		p.length(6, latest, 0, 1024, m, value)
	case "affected-range":
		p.length(4, 5, p.least(), 1024, m, value)
		p.length(6, latest, 1, 4096, m, value)
	}
}

// least is the least length of a version in a statement: the XML schemas of 1.4
// and 1.5 set none.
func (p *parser) least() int {
	if p.format == inXML {
		return 0
	}
	return 1
}

func (p *parser) length(from, to, least, most int, m *member, value string) {
	if n := utf8.RuneCountInString(value); n < least || n > most {
		p.faultIn(from, to, "length", "The %s has %d characters and must have %d to %d.", m.name, n, least, most)
	}
}

// serial follows the pattern of the schemas; XML also allows the UUID in braces.
func serial(s string, f format) bool {
	if f == inXML && strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		return uuid(s[1 : len(s)-1])
	}
	id, ok := strings.CutPrefix(s, "urn:uuid:")
	return ok && uuid(id)
}

func uuid(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !strings.ContainsRune("0123456789abcdef", rune(s[i])) {
			return false
		}
	}
	return true
}

// instant reads a time: RFC 3339 in JSON, xs:dateTime in XML, where the zone may be
// left out and is then taken to be UTC.
func instant(s string, f format) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err != nil && f == inXML {
		t, err = time.Parse("2006-01-02T15:04:05.999999999", s)
	}
	return t, err == nil
}

// micro is an instant as an inventory keeps it; 0 = not readable.
func micro(s string, f format) int64 {
	if t, ok := instant(s, f); ok {
		return t.UnixMicro()
	}
	return 0
}

func mimeType(s string) bool {
	kind, sub, ok := strings.Cut(s, "/")
	allowed := func(s string) bool {
		return s != "" && strings.Trim(s, "-+.0123456789abcdefghijklmnopqrstuvwxyz") == ""
	}
	return ok && allowed(kind) && allowed(sub)
}

func digest(s string) bool {
	switch len(s) {
	case 32, 40, 64, 96, 128:
	default:
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// cpe is the form of names of CPE 2.2 and 2.3 (NIST IR 7695): the XML schemas
// alone check it.
var cpe = sync.OnceValue(func() *regexp.Regexp {
	const (
		quoted = `(?:\?*|\*?)(?:[a-zA-Z0-9\-._]|\\[\\*?!"#$%&'()+,/:;<=>@\[\]^` + "`" + `{|}~])+(?:\?*|\*?)`
		value  = `(?:(?:` + quoted + `)|[*\-])`
		tongue = `(?:[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?|[*\-])`
	)
	return regexp.MustCompile(`^(?:[cC][pP][eE]:/[AHOaho]?(?::[A-Za-z0-9._\-~%]*){0,6}|cpe:2\.3:[aho*\-](?::` + value + `){5}:` + tongue + `(?::` + value + `){4})$`)
})
