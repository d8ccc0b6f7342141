package keyring

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func (r *Ring) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AppendCertsFromPEM(r.CACertificate())
	return p
}

// shake makes a handshake over a pipe and returns the server's certificate.
func shake(server, client *tls.Config) (*tls.ConnectionState, error) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	go tls.Server(a, server).Handshake() //nolint:errcheck // the client's view is what counts
	c := tls.Client(b, client)
	if err := c.Handshake(); err != nil {
		return nil, err
	}
	state := c.ConnectionState()
	return &state, nil
}

func TestABrowserThatTrustsTheAuthorityConnects(t *testing.T) {
	o := options(t)
	o.Hosts = []string{"Touchstone.Example.org.", "192.0.2.7", "[2001:db8::7]"}
	r := create(t, o)
	server, err := r.ServerTLS(o.Hosts)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return epoch }
	for _, host := range []string{"localhost", "127.0.0.1", "::1", "touchstone.example.org", "192.0.2.7", "2001:db8::7"} {
		s, err := shake(server, &tls.Config{RootCAs: r.pool(), ServerName: host, Time: clock, NextProtos: []string{"h2"}})
		if err != nil || s.Version != tls.VersionTLS13 || s.NegotiatedProtocol != "h2" {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := shake(server, &tls.Config{RootCAs: r.pool(), ServerName: "example.org", Time: clock}); err == nil {
		t.Error("another name is vouched for")
	}
	if _, err := shake(server, &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost", Time: clock}); err == nil {
		t.Error("trusted without the authority")
	}
	s, err := shake(server, &tls.Config{RootCAs: r.pool(), ServerName: "localhost", Time: clock, MaxVersion: tls.VersionTLS12})
	if err != nil || s.CipherSuite != tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 {
		t.Errorf("TLS 1.2: %v", err)
	}
	if _, err := shake(server, &tls.Config{RootCAs: r.pool(), ServerName: "localhost", Time: clock, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if _, err := shake(server, &tls.Config{RootCAs: r.pool(), ServerName: "localhost", Time: clock, MaxVersion: tls.VersionTLS12,
		CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}); err == nil {
		t.Error("a CBC suite is spoken")
	}
}

// Were the authority's key stolen, browsers would still refuse what it signs
// for other sites, for another authority, and for people or code.
func TestAStolenAuthorityKeyIsWorthlessElsewhere(t *testing.T) {
	r := create(t, options(t))
	ca := r.ca.Load()
	for name, change := range map[string]func(*x509.Certificate){
		"another host":        func(c *x509.Certificate) { c.DNSNames = []string{"bank.example"} },
		"a host that ends so": func(c *x509.Certificate) { c.DNSNames = []string{"notlocalhost"} },
		"another address":     func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.ParseIP("192.0.2.1")} },
		"a neighbour address": func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.ParseIP("127.0.0.2")} },
		"code": func(c *x509.Certificate) {
			c.DNSNames, c.ExtKeyUsage = []string{"localhost"}, []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
		},
		"another authority": func(c *x509.Certificate) {
			c.DNSNames, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = []string{"localhost"}, true, true, x509.KeyUsageCertSign
		},
	} {
		leafKey := create(t, options(t)).ca.Load().key
		template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "x"}, NotBefore: epoch, NotAfter: epoch.Add(time.Hour),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		change(template)
		roots, middle := r.pool(), x509.NewCertPool()
		der, err := x509.CreateCertificate(r.options.Random, template, ca.cert, leafKey.Public(), ca.key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if name == "another authority" {
			middle.AddCert(cert)
			below := &authority{leafKey, cert}
			if cert, err = below.sign(t, r); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, Intermediates: middle, CurrentTime: epoch}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// sign issues a leaf without the check that issue makes.
func (a *authority) sign(t *testing.T, r *Ring) (*x509.Certificate, error) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(3), NotBefore: epoch, NotAfter: epoch.Add(time.Hour), DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(r.options.Random, template, a.cert, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func TestTheServersCertificateIsRenewedInTime(t *testing.T) {
	now := epoch
	o := options(t)
	o.Now = func() time.Time { return now }
	r := create(t, o)
	server, err := r.ServerTLS(nil)
	if err != nil {
		t.Fatal(err)
	}
	serial := func(after time.Duration) string {
		t.Helper()
		now = epoch.Add(after)
		c, err := server.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.SerialNumber.String()
	}
	const day = 24 * time.Hour
	first := serial(0)
	if serial(60*day-time.Second) != first {
		t.Error("renewed before its time")
	}
	second := serial(60 * day)
	if second == first {
		t.Error("not renewed with 30 days left")
	}
	if got := r.CAExpiresAt(); got != epoch.AddDate(5, 0, 0) {
		t.Errorf("the authority ends %v", got)
	}
	nearEnd := r.CAExpiresAt().Sub(epoch) - 10*day
	if last := serial(nearEnd); serial(nearEnd+day) != last {
		t.Error("made anew at every handshake near the authority's end")
	}
	now = r.CAExpiresAt().Add(time.Second)
	if _, err := server.GetCertificate(nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("after the authority's end: %v", err)
	}
	if err := r.ReplaceCA(nil); err != nil {
		t.Fatal(err)
	}
	if c, err := server.GetCertificate(nil); err != nil || !now.Before(c.Leaf.NotAfter) {
		t.Errorf("after a new authority: %v", err)
	}
}

func TestReplacingTheAuthorityReplacesItsFileAndLastsOverARestart(t *testing.T) {
	o := options(t)
	r := create(t, o)
	old := r.CAFingerprint()
	if _, err := r.ServerTLS([]string{"touchstone.example.org"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a name outside the constraints: %v", err)
	}
	server, err := r.ServerTLS(nil)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := server.GetCertificate(nil); err != nil {
				t.Error(err)
			}
		})
	}
	if err := r.ReplaceCA([]string{"touchstone.example.org"}); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if _, err := r.ServerTLS([]string{"touchstone.example.org"}); err != nil || r.CAFingerprint() == old {
		t.Errorf("%v", err)
	}
	if err := os.Remove(r.CAFile()); err != nil {
		t.Fatal(err)
	}
	again, err := Open(o)
	if err != nil || again.CAFingerprint() != r.CAFingerprint() {
		t.Fatalf("%v", err)
	}
	if onDisk, err := os.ReadFile(r.CAFile()); err != nil || !bytes.Equal(onDisk, r.CACertificate()) {
		t.Errorf("ca.crt: %v", err)
	}
	if err := r.ReplaceCA([]string{"*.example.org"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wildcard: %v", err)
	}
	for _, bad := range []string{"", "a b", "https://x", "x:443", "münchen.example", ".example.org", strings.Repeat("a", 254)} {
		if err := r.ReplaceCA([]string{bad}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestGivenFilesAreServedAndReread(t *testing.T) {
	now := epoch
	clock := func() time.Time { return now }
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	r := create(t, options(t))
	write := func(at time.Time) {
		t.Helper()
		leaf, err := r.ca.Load().issue(nil, epoch, r.options.Random)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		for path, b := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: leaf.Certificate[0]}, keyFile: {Type: "PRIVATE KEY", Bytes: der}} {
			if err := os.WriteFile(path, pem.EncodeToMemory(b), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := FilesTLS(certFile, keyFile, clock); !fault.Is(err, fault.Unavailable) {
		t.Errorf("missing files: %v", err)
	}
	write(epoch)
	server, err := FilesTLS(certFile, keyFile, clock)
	if err != nil {
		t.Fatal(err)
	}
	serial := func() string {
		c, err := server.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.SerialNumber.String()
	}
	first := serial()
	write(epoch.Add(time.Second))
	if now = epoch.Add(recheck - 1); serial() != first {
		t.Error("reread within the minute")
	}
	now = epoch.Add(recheck)
	second := serial()
	if second == first {
		t.Error("not reread after a minute")
	}
	if err := os.WriteFile(certFile, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if now = epoch.Add(2 * recheck); serial() != second {
		t.Error("the last good pair is not kept")
	}
	write(epoch.Add(time.Minute))
	if err := os.Chmod(keyFile, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := FilesTLS(certFile, keyFile, clock); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a key readable by all: %v", err)
	}
}

func FuzzParseAuthority(f *testing.F) {
	raw, err := create(f, options(f)).ca.Load().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := parseAuthority(b); err == nil && !a.key.PublicKey.Equal(a.cert.PublicKey) {
			t.Error("a key that does not fit")
		}
	})
}
