package keyring

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

const (
	caYears  = 5
	leafLife = 90 * 24 * time.Hour
	// backdate lets a browser whose clock is a little behind accept a new
	// certificate.
	backdate = time.Hour
)

// authority is a local certificate authority. Its certificate can vouch for
// the names in its constraints and no others (RFC 5280, section 4.2.1.10), so
// that trusting it gives away nothing but this installation.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

// CACertificate returns the local authority's certificate in PEM.
func (r *Ring) CACertificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.ca.Load().cert.Raw})
}

// CAFile is where CACertificate is kept for people to take.
func (r *Ring) CAFile() string { return filepath.Join(r.options.Dir, caCert) }

// CAFingerprint returns the SHA-256 of the authority's certificate as browsers
// show it: "AB:CD:…".
func (r *Ring) CAFingerprint() string {
	sum := sha256.Sum256(r.ca.Load().cert.Raw)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}

// CAExpiresAt returns the end of the authority.
func (r *Ring) CAExpiresAt() time.Time { return r.ca.Load().cert.NotAfter }

// ReplaceCA makes a new local authority for the hosts, for example when the
// public address changed or the old one is about to end. Everybody who trusted
// the old one has to trust the new one.
func (r *Ring) ReplaceCA(hosts []string) error {
	ca, err := newAuthority(hosts, r.options.Now(), r.options.Random)
	if err != nil {
		return err
	}
	raw, err := ca.encode()
	if err != nil {
		return err
	}
	if err := writeWrapped(filepath.Join(r.options.Dir, keysDir), caName, r.kek, raw); err != nil {
		return err
	}
	r.ca.Store(ca)
	return r.publishCA()
}

// publishCA keeps ca.crt equal to the certificate in the ring.
func (r *Ring) publishCA() error {
	want := r.CACertificate()
	if have, err := os.ReadFile(r.CAFile()); err == nil && bytes.Equal(have, want) {
		return nil
	}
	return writeFile(r.CAFile(), want, 0o644)
}

func newAuthority(hosts []string, now time.Time, random io.Reader) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, fmt.Errorf("make key of the local authority: %w", err)
	}
	serial, err := newSerial(random)
	if err != nil {
		return nil, err
	}
	names, ips, err := splitHosts(hosts)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		// The serial tells two authorities in one trust list apart.
		Subject:               pkix.Name{CommonName: fmt.Sprintf("Touchstone local CA %x", serial.Bytes()[:4]), Organization: []string{"Touchstone"}},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.AddDate(caYears, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		// Both lists are never empty: an absent one would allow everything.
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         names,
		PermittedIPRanges:           ranges(ips),
	}
	der, err := x509.CreateCertificate(random, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make certificate of the local authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("parse certificate of the local authority: %w", err)
	}
	return &authority{key, cert}, nil
}

// issue returns a certificate for the hosts from a new key that is never
// stored. Hosts outside the constraints are fault.Conflict: browsers would
// refuse the certificate.
func (a *authority) issue(hosts []string, now time.Time, random io.Reader) (*tls.Certificate, error) {
	names, ips, err := splitHosts(hosts)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, fmt.Errorf("make key of the server: %w", err)
	}
	serial, err := newSerial(random)
	if err != nil {
		return nil, err
	}
	end := now.Add(leafLife)
	if end.After(a.cert.NotAfter) {
		end = a.cert.NotAfter
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: names[0], Organization: []string{"Touchstone"}},
		NotBefore:    now.Add(-backdate),
		NotAfter:     end,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     names,
		IPAddresses:  ips,
	}
	der, err := x509.CreateCertificate(random, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make certificate of the server: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("parse certificate of the server: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now}); err != nil {
		return nil, fault.Newf(fault.Conflict, "The local certificate authority cannot vouch for %s until a new one is made for it, or it has ended.",
			strings.Join(hosts, ", ")).Because(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

func (a *authority) encode() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, fmt.Errorf("encode key of the local authority: %w", err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})...), nil
}

func parseAuthority(raw []byte) (*authority, error) {
	keyBlock, rest := pem.Decode(raw)
	if keyBlock == nil {
		return nil, errors.New("no key in the local authority")
	}
	certBlock, _ := pem.Decode(rest)
	if certBlock == nil {
		return nil, errors.New("no certificate in the local authority")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse key of the local authority: %w", err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key of the local authority is of another kind")
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse certificate of the local authority: %w", err)
	}
	if !key.PublicKey.Equal(cert.PublicKey) {
		return nil, errors.New("key and certificate of the local authority differ")
	}
	return &authority{key, cert}, nil
}

// splitHosts returns the host names and addresses, localhost, 127.0.0.1 and
// ::1 first, each once.
func splitHosts(hosts []string) (names []string, ips []net.IP, err error) {
	for _, h := range append([]string{"localhost", "127.0.0.1", "::1"}, hosts...) {
		h = strings.ToLower(strings.TrimSuffix(strings.Trim(h, "[]"), "."))
		if ip := net.ParseIP(h); ip != nil {
			if !slices.ContainsFunc(ips, ip.Equal) {
				ips = append(ips, ip)
			}
			continue
		}
		if h == "" || len(h) > 253 || strings.HasPrefix(h, ".") || strings.IndexFunc(h, notInHost) >= 0 {
			return nil, nil, fault.Newf(fault.Invalid, "%q is not a host name or an address.", h)
		}
		if !slices.Contains(names, h) {
			names = append(names, h)
		}
	}
	return names, ips, nil
}

// notInHost reports what a name in a certificate cannot have. Names in other
// scripts are given in their ASCII form (xn--…).
func notInHost(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
}

// ranges returns each address as a range of its own.
func ranges(ips []net.IP) []*net.IPNet {
	var all []*net.IPNet
	for _, ip := range ips {
		if four := ip.To4(); four != nil {
			all = append(all, &net.IPNet{IP: four, Mask: net.CIDRMask(32, 32)})
		} else {
			all = append(all, &net.IPNet{IP: ip, Mask: net.CIDRMask(128, 128)})
		}
	}
	return all
}

// newSerial returns a positive number of 126 random bits with the top one set,
// so that it always has 16 bytes.
func newSerial(random io.Reader) (*big.Int, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	b[0] = b[0]&0x3f | 0x40
	return new(big.Int).SetBytes(b), nil
}
