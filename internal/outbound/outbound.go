// Package outbound is the one way out of the program: the HTTP client with which
// certificates are ordered and feeds are fetched. Nothing goes out unless an
// operator configured it.
//
// Where a name leads is judged when the connection is made, on the address that
// is really dialled, so that a name that answers differently the second time (DNS
// rebinding) and a redirect gain nothing (OWASP ASVS 5.0 section 1.3, server-side
// request forgery). Addresses that the IANA registries of RFC 6890 do not call
// globally reachable are refused, unless an operator has named their network.
//
// It is not a crawler and follows no proxy of the environment: a proxy would dial
// for it, and the rule would judge the wrong address.
package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Limits of one request, where Policy does not say otherwise.
const (
	DefaultTimeout = 30 * time.Second
	DefaultMaxBody = 4 << 20
	maxRedirects   = 5
	maxHeader      = 64 << 10
)

// Policy says what the client may do.
type Policy struct {
	Networks []netip.Prefix // networks that may be called though they are not public
	Roots    *x509.CertPool // authorities that servers may show; nil = the system's
	Timeout  time.Duration  // of one request with its redirects and body; 0 = DefaultTimeout
	MaxBody  int64          // bytes of an answer, after decompression; 0 = DefaultMaxBody
}

// Client returns a client that speaks HTTPS only, to addresses that the policy
// allows. A refusal is a fault.Unavailable that names the host, wrapped in what
// net/http returns. An answer longer than MaxBody fails while it is read, with
// fault.TooLarge: it never looks whole.
func Client(p Policy) *http.Client {
	if p.Timeout == 0 {
		p.Timeout = DefaultTimeout
	}
	if p.MaxBody == 0 {
		p.MaxBody = DefaultMaxBody
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: p.control}
	return &http.Client{
		Timeout:       p.Timeout,
		CheckRedirect: checkRedirect,
		Transport: guarded{max: p.MaxBody, next: &http.Transport{
			Proxy:                  nil,
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: p.Roots},
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  p.Timeout,
			MaxResponseHeaderBytes: maxHeader,
			MaxIdleConns:           4,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true,
		}},
	}
}

// control judges the address after the name was looked up and before a packet is
// sent.
func (p Policy) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %s: %w", address, err)
	}
	if !p.allows(at.Addr()) {
		return fault.Newf(fault.Unavailable, "The address %s is not a public one, so it is not called. If it is meant, name its network in outbound_networks.", at.Addr())
	}
	return nil
}

func (p Policy) allows(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, n := range p.Networks {
		if n.Contains(a) {
			return true
		}
	}
	return Public(a)
}

// special are the blocks that are not globally reachable, or that carry another
// address within them (RFC 6890 and the registries it set up, as of 2025).
var special = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")

// global is the only block of IPv6 from which public addresses are given out, and
// within are its exceptions.
var (
	global = netip.MustParsePrefix("2000::/3")
	within = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, s := range texts {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// Public reports whether an address is one that the whole internet can reach.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() {
		return false
	}
	exceptions := special
	if a.Is6() {
		if !global.Contains(a) {
			return false
		}
		exceptions = within
	}
	for _, n := range exceptions {
		if n.Contains(a) {
			return false
		}
	}
	return true
}

// ParseNetworks reads a list of networks or single addresses with commas between.
func ParseNetworks(s string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for word := range strings.SplitSeq(s, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		if a, err := netip.ParseAddr(word); err == nil {
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		n, err := netip.ParsePrefix(word)
		if err != nil || n != n.Masked() {
			return nil, fmt.Errorf("must be networks like 10.20.0.0/16, with commas between; %q is none", word)
		}
		if n.Bits() == 0 {
			return nil, errors.New("must not be everything: name the networks that are meant")
		}
		out = append(out, n)
	}
	return out, nil
}

func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fault.Newf(fault.Unavailable, "%s redirects more than %d times.", via[0].URL.Hostname(), maxRedirects)
	}
	if r.URL.Scheme != "https" || r.URL.User != nil {
		return fault.Newf(fault.Unavailable, "%s redirects to something that is not HTTPS.", via[len(via)-1].URL.Hostname())
	}
	return nil
}

// guarded refuses what is not HTTPS and bounds every answer.
type guarded struct {
	next http.RoundTripper
	max  int64
}

func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return nil, fault.Newf(fault.Unavailable, "%s is not called without TLS. Use an address that begins with https://.", r.URL.Hostname())
	}
	resp, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &bounded{ReadCloser: resp.Body, left: g.max, max: g.max, host: r.URL.Hostname()}
	return resp, nil
}

type bounded struct {
	io.ReadCloser
	left, max int64
	host      string
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n + int(b.left), fault.Newf(fault.TooLarge, "The answer of %s is longer than %d bytes.", b.host, b.max)
	}
	return n, err
}
