package edge

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// ContentSecurityPolicy lets a page load what this server serves, and nothing
// inline.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// AttachmentPolicy is for content that others made: it runs nothing, even when a
// browser shows it against the Content-Disposition.
const AttachmentPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

const permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=(), " +
	"publickey-credentials-create=(self), publickey-credentials-get=(self)"

// setHeaders sets what every answer carries. Nothing may be kept by a cache
// unless a handler says otherwise.
func setHeaders(h http.Header, requestID, host string) {
	h.Set("X-Request-Id", requestID)
	h.Set("Content-Security-Policy", ContentSecurityPolicy)
	h.Set("Permissions-Policy", permissionsPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Not no-referrer: browsers then send “Origin: null” with forms, and where
	// Sec-Fetch-Site is missing nothing is left to tell our own forms by.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Strict-Transport-Security", strictTransport(host))
}

// strictTransport is two years, and one hour for names of this machine, which
// other programs on it use as well, often without TLS.
func strictTransport(host string) string {
	if isLoopback(host) {
		return "max-age=3600"
	}
	return "max-age=63072000"
}

// errHost is answered as 421: a page of another name that points here (DNS
// rebinding) must not be served.
var errHost = fault.New(fault.Invalid, "This server does not serve the name that you asked for. Use the address that it was set up with.")

func (e *Edge) serves(hostport string) bool {
	host := hostOf(hostport)
	if e.Loopback && isLoopback(host) {
		return true
	}
	for _, h := range e.Hosts {
		if strings.EqualFold(strings.TrimSuffix(h, "."), host) {
			return true
		}
	}
	return false
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// hostOf takes the port, brackets and final dot off.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// cleanURL refuses what no identifier or search may hold: NUL and bytes that are
// not UTF-8 (PostgreSQL refuses them later with an error), and a query that does
// not parse, which handlers would otherwise read in part.
func cleanURL(u *url.URL) error {
	var p fault.Problems
	if !clean(u.Path) {
		p.Add("/path", "The address holds characters that cannot be used.")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		p.Add("/query", "The part of the address after the question mark cannot be read.")
	}
	for name, values := range query {
		for _, v := range values {
			if !clean(name) {
				p.Add("/query", "A name after the question mark holds characters that cannot be used.")
			} else if !clean(v) {
				p.Add("/"+name, "This holds characters that cannot be used.")
			}
		}
	}
	return p.Err()
}

func clean(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
