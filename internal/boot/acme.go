package boot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
	"github.com/touchstone-assurance/touchstone/internal/outbound"
)

// How long an order may take, and how often the certificate is looked at once the
// server runs.
const (
	orderAgain = 2 * time.Minute // after an order that failed; the library itself waits one
	watchEvery = 6 * time.Hour
)

// orderer orders the certificate of public_url from an ACME authority (RFC 8555)
// and keeps it fresh. It answers TLS-ALPN-01 challenges (RFC 8737) on the port of
// the server, and HTTP-01 where a port for it is configured. Account key,
// certificate and key lie in the folder acme, readable by the owner only.
type orderer struct {
	manager *autocert.Manager
	host    string
	folder  string
	log     *slog.Logger
}

func acmeFolder(c Config) string { return filepath.Join(c.Data, "acme") }

// problemFile holds why there is no certificate, for doctor; it is removed when
// one was issued.
func problemFile(folder string) string { return filepath.Join(folder, "problem.txt") }

// newOrderer prepares; nothing goes out before somebody asks for a certificate.
// issued is told of every certificate that the authority gave out.
func newOrderer(c Config, version string, log *slog.Logger, issued func(*x509.Certificate) error) (*orderer, error) {
	roots, err := c.acmeRoots()
	if err != nil {
		return nil, err
	}
	o := &orderer{host: c.publicHost(), folder: acmeFolder(c), log: log}
	if err := os.MkdirAll(o.folder, 0o700); err != nil {
		return nil, fmt.Errorf("folder of ACME: %w", err)
	}
	client := outbound.Client(outbound.Policy{Networks: c.Networks, Roots: roots, MaxBody: 1 << 20})
	client.Transport = noting{next: client.Transport, log: log}
	o.manager = &autocert.Manager{
		Prompt:     func(string) bool { return c.ACME.Terms },
		Cache:      noticing{Cache: autocert.DirCache(o.folder), host: o.host, issued: o.noted(issued)},
		HostPolicy: autocert.HostWhitelist(o.host),
		Client:     &acme.Client{DirectoryURL: c.ACME.Directory, HTTPClient: client, UserAgent: "touchstone/" + version},
		Email:      c.ACME.Email,
	}
	return o, nil
}

func (o *orderer) tls() *tls.Config {
	return keyring.GivenTLS(o.manager.GetCertificate, acme.ALPNProto)
}

// noted says in the log what was issued, and forgets the last problem.
func (o *orderer) noted(issued func(*x509.Certificate) error) func(*x509.Certificate) {
	return func(leaf *x509.Certificate) {
		if err := os.Remove(problemFile(o.folder)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			o.log.Warn("the note of an earlier problem stays", "error", err)
		}
		if err := issued(leaf); err != nil {
			o.log.Error("a certificate was issued and could not be recorded", "error", err)
		}
	}
}

// order asks for the certificate now, so that a problem shows in the log and in
// doctor and not at the first visitor's. It is called until it succeeds.
func (o *orderer) order() (*x509.Certificate, error) {
	cert, err := o.manager.GetCertificate(&tls.ClientHelloInfo{ServerName: o.host, SupportedVersions: []uint16{tls.VersionTLS13},
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		SupportedCurves: []tls.CurveID{tls.CurveP256}})
	if err != nil {
		err = fault.Newf(fault.Unavailable, "There is no certificate for %s: %s.", o.host, whyNot(err)).Because(err)
		if keepErr := os.WriteFile(problemFile(o.folder), []byte(err.(*fault.Error).Public+"\n"), 0o600); keepErr != nil {
			return nil, errors.Join(err, keepErr)
		}
		return nil, err
	}
	return cert.Leaf, nil
}

// whyNot says what an operator can act on.
func whyNot(err error) string {
	var problem *acme.Error
	var authz *acme.AuthorizationError
	var netErr *net.OpError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &authz):
		var said []string
		for _, e := range authz.Errors {
			said = append(said, acmeDetail(e))
		}
		return "the authority could not see that this server answers for the name (" + strings.Join(said, "; ") +
			"). Check that the name leads here, and that port 443 reaches listen or port 80 reaches acme_http_listen"
	case errors.As(err, &problem):
		return "the authority refused: " + acmeDetail(problem)
	case fault.KindOf(err) != fault.Internal:
		public, _ := fault.Public(err)
		return strings.TrimSuffix(public, ".")
	case errors.As(err, &unknown):
		return "the directory shows a certificate of an authority that is not known here. Name its certificates in acme_roots"
	case errors.As(err, &netErr):
		return "the directory cannot be reached (" + netErr.Err.Error() + ")"
	}
	return strings.TrimPrefix(strings.TrimSuffix(err.Error(), "."), "acme/autocert: ")
}

func acmeDetail(err error) string {
	var problem *acme.Error
	if !errors.As(err, &problem) {
		return err.Error()
	}
	kind := problem.ProblemType[strings.LastIndexByte(problem.ProblemType, ':')+1:]
	if problem.Detail == "" {
		return kind
	}
	return problem.Detail + " [" + kind + "]"
}

// watch orders the certificate and warns when it was not renewed in time, until
// ctx ends.
func (o *orderer) watch(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		leaf, err := o.order()
		wait := watchEvery
		switch {
		case err != nil:
			o.log.Error("no certificate; it is ordered again", "error", err, "in", orderAgain)
			wait = orderAgain
		case overdue(leaf, time.Now()):
			o.log.Error("the certificate runs out and could not be renewed", "host", o.host, "expires", leaf.NotAfter)
		}
		timer.Reset(wait)
	}
}

// overdue reports whether less than a fifth of a certificate's time is left. It is
// renewed when a third is.
func overdue(leaf *x509.Certificate, now time.Time) bool {
	return now.After(leaf.NotAfter.Add(-leaf.NotAfter.Sub(leaf.NotBefore) / 5))
}

// httpServer answers HTTP-01 challenges, and sends everybody else to the address
// with TLS. It never serves anything itself.
func (o *orderer) httpServer(publicURL string) *http.Server {
	elsewhere := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use HTTPS.", http.StatusMethodNotAllowed)
			return
		}
		http.Redirect(w, r, publicURL+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	srv := edge.Server(o.manager.HTTPHandler(elsewhere), o.log)
	srv.ReadTimeout, srv.WriteTimeout, srv.MaxHeaderBytes = 10*time.Second, 10*time.Second, 16<<10
	return srv
}

// noticing is a cache that tells of certificates put into it: the library puts
// each there once, when it was issued.
type noticing struct {
	autocert.Cache
	host   string
	issued func(*x509.Certificate)
}

func (n noticing) Put(ctx context.Context, key string, data []byte) error {
	if err := n.Cache.Put(ctx, key, data); err != nil {
		return err
	}
	if leaf := leafOf(data); leaf != nil && (key == n.host || key == n.host+"+rsa") {
		n.issued(leaf)
	}
	return nil
}

// leafOf is the first certificate in a file of the cache.
func leafOf(data []byte) *x509.Certificate {
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return nil
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		leaf, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil
		}
		return leaf
	}
}

// noting writes what goes wrong with an authority into the log: the library
// renews by itself and keeps its errors.
type noting struct {
	next http.RoundTripper
	log  *slog.Logger
}

func (n noting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.next.RoundTrip(r)
	if err != nil {
		n.log.Warn("the certificate authority cannot be reached", "host", r.URL.Hostname(), "error", err)
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		head, readErr := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
		if readErr == nil && !bytes.Contains(head, []byte(":badNonce")) { // an old nonce is sent again by the library
			n.log.Warn("the certificate authority refused", "host", r.URL.Hostname(), "status", resp.StatusCode, "said", string(head))
		}
	}
	return resp, nil
}

// acmeComplaints is what doctor says about the certificate in the folder.
func acmeComplaints(c Config, now time.Time) []string {
	if c.TLS != tlsACME {
		return nil
	}
	var out []string
	if b, err := os.ReadFile(problemFile(acmeFolder(c))); err == nil {
		out = append(out, strings.TrimSpace(string(b)))
	}
	data, err := os.ReadFile(filepath.Join(acmeFolder(c), c.publicHost()))
	leaf := leafOf(data)
	switch {
	case err != nil || leaf == nil:
		if len(out) == 0 {
			out = append(out, fmt.Sprintf("There is no certificate for %s yet. The server orders it when it starts.", c.publicHost()))
		}
	case now.After(leaf.NotAfter):
		out = append(out, fmt.Sprintf("The certificate for %s ran out on %s.", c.publicHost(), leaf.NotAfter.UTC().Format("2 January 2006")))
	case overdue(leaf, now):
		out = append(out, fmt.Sprintf("The certificate for %s runs out on %s and was not renewed. The log of the server says why.", c.publicHost(), leaf.NotAfter.UTC().Format("2 January 2006")))
	}
	return out
}

func fingerprint(leaf *x509.Certificate) string {
	sum := sha256.Sum256(leaf.Raw)
	return hex.EncodeToString(sum[:])
}
