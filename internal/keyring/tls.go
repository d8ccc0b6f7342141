package keyring

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

const (
	renewBefore = 30 * 24 * time.Hour
	// recheck is how often given certificate files are looked at for a change.
	recheck = time.Minute
)

// ServerTLS returns the configuration of a server that shows certificates of
// the local authority for the hosts. They live in memory, are made at the first
// handshake and again when fewer than 30 days are left. The first is made now,
// so that hosts the authority cannot vouch for fail at start (fault.Conflict).
func (r *Ring) ServerTLS(hosts []string) (*tls.Config, error) {
	l := &localLeaf{ring: r, hosts: hosts}
	if _, err := l.get(nil); err != nil {
		return nil, err
	}
	return serverTLS(l.get), nil
}

// FilesTLS returns the configuration of a server that shows the certificate
// in two PEM files. Changed files are taken within a minute; if they cannot be
// read then, the last good pair stays in use. It fails with fault.Unavailable
// and the remedy when they cannot be read now or the key is readable by all.
func FilesTLS(certFile, keyFile string, now func() time.Time) (*tls.Config, error) {
	f := &fileLeaf{certFile: certFile, keyFile: keyFile, now: now}
	if err := f.load(); err != nil {
		return nil, err
	}
	f.checked = now()
	return serverTLS(f.get), nil
}

// GivenTLS returns the configuration of a server whose certificates come from
// elsewhere, for one from an ACME authority. get is asked at every handshake;
// more are the protocols that a client may ask for beside HTTP.
func GivenTLS(get func(*tls.ClientHelloInfo) (*tls.Certificate, error), more ...string) *tls.Config {
	c := serverTLS(get)
	c.NextProtos = append(c.NextProtos, more...)
	return c
}

// serverTLS allows TLS 1.3, and TLS 1.2 with forward secrecy and authenticated
// encryption only (NCSC guidance on using TLS to protect data). Curves and the
// order of suites are left to the library, which keeps them current.
func serverTLS(get func(*tls.ClientHelloInfo) (*tls.Certificate, error)) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: get,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
	}
}

// localLeaf holds the certificate in use; mu covers it while one is made,
// which takes about a millisecond.
type localLeaf struct {
	ring  *Ring
	hosts []string

	mu   sync.Mutex
	cert *tls.Certificate
	from *authority
}

func (l *localLeaf) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, ca := l.ring.options.Now(), l.ring.ca.Load()
	if l.cert != nil && l.from == ca && l.fresh(now) {
		return l.cert, nil
	}
	cert, err := ca.issue(l.hosts, now, l.ring.options.Random)
	if err != nil {
		return nil, err
	}
	l.cert, l.from = cert, ca
	return cert, nil
}

// fresh reports whether the certificate need not be made anew. One that ends
// with its authority cannot get better and is used to that end.
func (l *localLeaf) fresh(now time.Time) bool {
	leaf := l.cert.Leaf
	if now.Before(leaf.NotBefore) || !now.Before(leaf.NotAfter) {
		return false
	}
	return now.Add(renewBefore).Before(leaf.NotAfter) || !leaf.NotAfter.Before(l.from.cert.NotAfter)
}

// fileLeaf holds the pair last read; mu covers all below it.
type fileLeaf struct {
	certFile, keyFile string
	now               func() time.Time

	mu      sync.Mutex
	cert    *tls.Certificate
	checked time.Time
	changed [2]time.Time
}

func (f *fileLeaf) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.checked) >= recheck {
		f.checked = now
		if f.modified() != f.changed {
			// A renewal writes two files; between them they do not match, and
			// the next look finds them whole.
			_ = f.load()
		}
	}
	return f.cert, nil
}

func (f *fileLeaf) load() error {
	changed := f.modified()
	if info, err := os.Stat(f.keyFile); err == nil && info.Mode().Perm()&0o007 != 0 {
		return fault.Newf(fault.Unavailable, "Everybody on this machine can get at the key %s (mode %04o). Run: chmod 0640 %s",
			f.keyFile, info.Mode().Perm(), f.keyFile)
	}
	cert, err := tls.LoadX509KeyPair(f.certFile, f.keyFile)
	if err != nil {
		return fault.Newf(fault.Unavailable, "The certificate %s and its key %s cannot be used. Check that both are PEM files, "+
			"that they can be read, and that they belong together.", f.certFile, f.keyFile).Because(fmt.Errorf("load certificate: %w", err))
	}
	f.cert, f.changed = &cert, changed
	return nil
}

func (f *fileLeaf) modified() (at [2]time.Time) {
	for i, path := range []string{f.certFile, f.keyFile} {
		if info, err := os.Stat(path); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}
