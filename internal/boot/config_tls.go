package boot

import (
	"crypto/x509"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/outbound"
)

// Words of the setting tls.
const (
	tlsLocal = "local"
	tlsFiles = "files"
	tlsACME  = "acme"
)

const (
	defaultDirectory = "https://acme-v02.api.letsencrypt.org/directory"
	outboundNetworks = "outbound_networks"
)

// ACMEConfig is what an operator can set about certificates ordered from an
// authority.
type ACMEConfig struct {
	Directory  string
	Email      string
	Terms      bool
	RootsFile  string
	HTTPListen string
}

func setNetworks(c *Config, v string) error {
	var err error
	c.Networks, err = outbound.ParseNetworks(v)
	return err
}

// checkTLS settles where the certificate comes from and judges what that needs.
func (c *Config) checkTLS(p *fault.Problems) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		p.Add("/tls_cert", "tls_cert and tls_key go together.")
	}
	switch {
	case c.TLS == "" && c.TLSCert != "":
		c.TLS = tlsFiles
	case c.TLS == "":
		c.TLS = tlsLocal
	case c.TLS == tlsFiles && c.TLSCert == "":
		p.Add("/tls_cert", "tls is files, so tls_cert and tls_key must name them.")
	case c.TLS != tlsFiles && c.TLSCert != "":
		p.Add("/tls", "tls is %s, so tls_cert and tls_key would be left unread. Remove them, or set tls to files.", c.TLS)
	}
	if c.TLS == tlsACME {
		c.checkACME(p)
	}
}

func (c *Config) checkACME(p *fault.Problems) {
	host := c.publicHost()
	switch _, err := netip.ParseAddr(host); {
	case c.PublicURL == "":
		p.Add("/public_url", "tls is acme, so public_url must say for which host name a certificate is ordered.")
	case err == nil || !strings.Contains(strings.Trim(host, "."), "."):
		p.Add("/public_url", "An authority vouches for a full host name like touchstone.example.org, not for %s.", host)
	}
	if u, err := url.Parse(c.ACME.Directory); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		p.Add("/acme_directory", "acme_directory must be an address that begins with https://.")
	}
	if c.ACME.Email != "" {
		if a, err := mail.ParseAddress(c.ACME.Email); err != nil || a.Address != c.ACME.Email {
			p.Add("/acme_email", "acme_email must be an address like name@example.org.")
		}
	}
	if !c.ACME.Terms {
		p.Add("/acme_terms", "Read the terms of the authority, then set acme_terms to yes. No certificate is ordered without it.")
	}
	if _, err := c.acmeRoots(); err != nil {
		public, _ := fault.Public(err)
		p.Add("/acme_roots", "%s", public)
	}
	if c.ACME.HTTPListen != "" {
		if _, _, err := net.SplitHostPort(c.ACME.HTTPListen); err != nil {
			p.Add("/acme_http_listen", "acme_http_listen must be an address and a port, for example :80.")
		}
	}
}

func (c *Config) publicHost() string {
	u, err := url.Parse(c.PublicURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// acmeRoots reads the certificates by which the directory is recognised; nil
// stands for those of the system.
func (c *Config) acmeRoots() (*x509.CertPool, error) {
	if c.ACME.RootsFile == "" {
		return nil, nil
	}
	b, err := os.ReadFile(c.ACME.RootsFile)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "The file %s cannot be read: %s.", c.ACME.RootsFile, reasonOf(err)).Because(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, fault.Newf(fault.Invalid, "The file %s holds no certificate in PEM.", c.ACME.RootsFile)
	}
	return pool, nil
}
