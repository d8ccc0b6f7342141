package spdx

import (
	"net/url"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// documentID is what every document of SPDX 2 calls itself.
const documentID = "SPDXRef-DOCUMENT"

// idString are the letters of an identifier of SPDX 2 behind its prefix.
func idString(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '.' && c != '-' {
			return false
		}
	}
	return s != ""
}

// id finds fault with an identifier of an element.
func (p *parser) id(s string) {
	if rest, ok := strings.CutPrefix(s, "SPDXRef-"); !ok || !idString(rest) {
		p.fault("spdx-id", "The identifier %s must be SPDXRef- with letters, digits, full stops and hyphens.", quote(s))
	}
}

// date reads a time and finds fault with it.
func (p *parser) date(s, what string) int64 {
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err != nil || !seconds(s) {
		p.fault("date", "The %s is %s and must be a time in UTC to the second, such as 2026-01-31T09:00:00Z.", what, quote(s))
	}
	if err != nil {
		return 0
	}
	return t.UnixMicro()
}

// seconds tells whether a time that can be read has the one form of SPDX.
func seconds(s string) bool {
	return len(s) == len("2026-01-31T09:00:00Z") && s[10] == 'T' && s[19] == 'Z'
}

// namespace finds fault with the namespace of a document (clause 6.5).
func (p *parser) namespace(s string) {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return // it is missing, which is told elsewhere
	case err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "":
		p.fault("namespace", "The document namespace %s must be an absolute URI.", quote(s))
	case strings.Contains(s, "#"):
		p.fault("namespace", "The document namespace %s must not have a #.", quote(s))
	}
}

// location finds fault with where a package can be had (clause 7.7).
func (p *parser) location(s string) {
	if s == "" || nothingNamed(s) {
		return
	}
	if scheme, rest, ok := strings.Cut(s, ":"); !ok || scheme == "" || rest == "" || strings.ContainsAny(s, " \t\n") {
		p.fault("download-location", "The download location %s must be a URL, a location in version control, NONE or NOASSERTION.", quote(s))
	}
}

// agent takes the name out of "Person: name (address)", and what stands before it.
func (p *parser) agent(s string, allowed ...string) (kind, name string) {
	kind, rest, _ := strings.Cut(s, ":")
	for _, a := range allowed {
		if kind == a {
			name = strings.TrimSpace(rest)
			if open := strings.LastIndexByte(name, '('); open >= 0 && strings.HasSuffix(name, ")") && kind != "Tool" {
				name = strings.TrimSpace(name[:open])
			}
			if name == "" {
				p.fault("agent", "There is no name in %s.", quote(s))
			}
			return kind, name
		}
	}
	p.fault("agent", "%s must begin with %s.", quote(s), strings.Join(allowed, ": or ")+":")
	return "", s
}

// tool splits what stands behind "Tool:" into a name and a version, which follows
// the last hyphen when it begins like one (clause 6.8).
func tool(s string) inventory.Tool {
	if i := strings.LastIndexByte(s, '-'); i > 0 && i+1 < len(s) {
		if v := strings.TrimPrefix(s[i+1:], "v"); v != "" && v[0] >= '0' && v[0] <= '9' {
			return inventory.Tool{Name: s[:i], Version: s[i+1:]}
		}
	}
	return inventory.Tool{Name: s}
}

// digits are how many hexadecimal digits a hash has, by its name as an inventory
// writes it; 0 is any number.
var digits = map[string]int{
	"sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128, "md2": 32, "md4": 32, "md5": 32, "md6": 0,
	"sha3256": 64, "sha3384": 96, "sha3512": 128, "blake2b256": 64, "blake2b384": 96, "blake2b512": 128, "blake3": 0, "adler32": 8,
}

// algorithms are those of SPDX 2 as it spells them, with the edition they came with.
var algorithms = map[string]edition{
	"SHA1": in22, "SHA224": in22, "SHA256": in22, "SHA384": in22, "SHA512": in22, "MD2": in22, "MD4": in22, "MD5": in22, "MD6": in22,
	"SHA3-256": in23, "SHA3-384": in23, "SHA3-512": in23, "BLAKE2b-256": in23, "BLAKE2b-384": in23, "BLAKE2b-512": in23, "BLAKE3": in23, "ADLER32": in23,
}

// plain writes the name of a hash as an inventory does; documents have few.
func (p *parser) plain(algorithm string) string {
	out, known := p.hashNames[algorithm]
	if !known {
		out = strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(algorithm))
		if len(p.hashNames) < 64 {
			p.hashNames[algorithm] = out
		}
	}
	return out
}

// checksum takes a hash of SPDX 2.
func (p *parser) checksum(algorithm, value string, to *[]inventory.Hash) {
	if algorithm == "" || value == "" {
		p.fault("checksum", "A checksum has an algorithm and a value; one is missing.")
		return
	}
	switch algorithms[algorithm] {
	case 0:
		p.fault("checksum-algorithm", "%s is not a checksum algorithm of SPDX.", quote(algorithm))
	case in23:
		p.faultIn(in22, "checksum-algorithm", "The checksum algorithm %s came with SPDX 2.3.", algorithm)
	}
	p.hash(algorithm, value, to)
}

func (p *parser) hash(algorithm, value string, to *[]inventory.Hash) {
	name := p.plain(algorithm)
	if want, known := digits[name]; !hexadecimal(value) || known && want != 0 && len(value) != want {
		if want == 0 {
			p.fault("checksum", "The %s checksum %s must be hexadecimal digits.", quote(algorithm), quote(value))
		} else {
			p.fault("checksum", "The %s checksum %s must be %d hexadecimal digits.", quote(algorithm), quote(value), want)
		}
	}
	*to = append(*to, inventory.Hash{Algorithm: name, Value: strings.ToLower(value)})
}

func hexadecimal(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return s != ""
}

// purposes are the values of the primary purpose in SPDX 2.3.
var purposes = map[string]bool{
	"APPLICATION": true, "FRAMEWORK": true, "LIBRARY": true, "CONTAINER": true, "OPERATING-SYSTEM": true, "OPERATING_SYSTEM": true,
	"DEVICE": true, "FIRMWARE": true, "SOURCE": true, "ARCHIVE": true, "FILE": true, "INSTALL": true, "OTHER": true,
}

// purpose is the type of a package from its primary purpose.
func (p *parser) purpose(s string) string {
	if !purposes[s] {
		p.fault("purpose", "%s is not a primary purpose of SPDX.", quote(s))
	}
	return p.shared(strings.ReplaceAll(strings.ToLower(s), "_", "-"))
}

// cpe finds fault with a CPE name: 2.3 has thirteen parts (NIST IR 7695), 2.2
// begins with cpe:/.
func (p *parser) cpe(s string, v23 bool) {
	if !v23 {
		if !strings.HasPrefix(s, "cpe:/") {
			p.fault("cpe", "%s is not a CPE 2.2 name.", quote(s))
		}
		return
	}
	parts := 1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ':':
			parts++
		}
	}
	if !strings.HasPrefix(s, "cpe:2.3:") || parts != 13 {
		p.fault("cpe", "%s is not a CPE 2.3 name.", quote(s))
	}
}
