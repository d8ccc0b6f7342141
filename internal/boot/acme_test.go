package boot

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/touchstone-assurance/touchstone/internal/cli"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

const acmeHost = "touchstone.example.org"

// quiet is a writer that several goroutines may use.
type quiet struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (q *quiet) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.Write(p)
}

func (q *quiet) String() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.b.String()
}

func acmeSettings(t *testing.T, a *authority) map[string]string {
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, a.roots(), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"data": filepath.Join(t.TempDir(), "d"), "listen": "127.0.0.1:0", "public_url": "https://" + acmeHost, "tls": "acme", "log_level": "warn",
		"acme_directory": a.URL + "/dir", "acme_email": "operator@example.org", "acme_terms": "yes", "acme_roots": roots, "outbound_networks": "127.0.0.1"}
}

// serveACME runs a server until the test ends and returns its address.
func serveACME(t *testing.T, a *authority, settings map[string]string) (*server, *quiet) {
	t.Helper()
	c, _, err := Load(settings, nil, "")
	if err != nil {
		_, problems := fault.Public(err)
		t.Fatal(err, problems)
	}
	log := &quiet{}
	p := &program{stdout: io.Discard, stderr: log, version: "v0.0.0-test", began: time.Now(), context: t.Context()}
	ctx, stop := context.WithCancel(t.Context())
	s, err := p.listen(ctx, c, false)
	if err != nil {
		stop()
		t.Fatal(err)
	}
	a.dial = s.listener.Addr().String()
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.run(ctx, p, func() error { close(ready); return nil }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	<-ready
	return s, log
}

// shown is the certificate that a visitor gets, checked against the authority.
func shown(a *authority, address string) (*x509.Certificate, error) {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 5 * time.Second}, "tcp", address, &tls.Config{ServerName: acmeHost, RootCAs: pool})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0], nil
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

func TestACertificateIsOrderedServedRenewedAndRecorded(t *testing.T) {
	// The first one is so short that it has to be renewed at once.
	a := newAuthority(t, 30*time.Minute, 90*24*time.Hour)
	settings := acmeSettings(t, a)
	s, log := serveACME(t, a, settings)
	s.orderer.manager.RenewBefore = time.Hour
	eventually(t, "an order, a challenge and a certificate", func() bool { return len(a.certificates()) >= 1 })
	eventually(t, "the renewed certificate is shown", func() bool {
		leaf, err := shown(a, a.dial)
		return err == nil && len(a.certificates()) == 2 && leaf.SerialNumber.Cmp(a.certificates()[1].SerialNumber) == 0
	})
	if _, err := tls.Dial("tcp", a.dial, &tls.Config{ServerName: "other.example.org", InsecureSkipVerify: true}); err == nil {
		t.Error("another name is answered")
	}
	eventually(t, "both are on record", func() bool {
		h, err := s.app.Doctor(t.Context())
		return err == nil && h.Counts.AuditEntries >= 3
	})
	files, err := filepath.Glob(filepath.Join(settings["data"], "acme", "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", f, info.Mode(), err)
		}
	}
	if got := acmeComplaints(s.config, time.Now()); len(got) != 0 {
		t.Errorf("doctor complains: %q", got)
	}
	if got := acmeComplaints(s.config, time.Now().Add(85*24*time.Hour)); len(got) != 1 || !strings.Contains(got[0], "was not renewed") {
		t.Errorf("five days before the end doctor says %q", got)
	}
	if got := acmeComplaints(s.config, time.Now().Add(91*24*time.Hour)); len(got) != 1 || !strings.Contains(got[0], "ran out") {
		t.Errorf("after the end doctor says %q", got)
	}
	if said := log.String(); strings.Contains(said, "ERROR") {
		t.Errorf("the log says %s", said)
	}
}

func TestARefusedOrderIsSaidByDoctorInWords(t *testing.T) {
	a := newAuthority(t, time.Hour)
	a.refuse = "rejectedIdentifier"
	s, log := serveACME(t, a, acmeSettings(t, a))
	eventually(t, "the problem is kept", func() bool {
		return len(acmeComplaints(s.config, time.Now())) == 1 && strings.Contains(log.String(), "no certificate")
	})
	if got := acmeComplaints(s.config, time.Now())[0]; !strings.Contains(got, "the authority refused: This name is not served here [rejectedIdentifier]") {
		t.Errorf("doctor says %q", got)
	}
}

func TestWhatKeepsTheDirectoryAwayIsSaidInWords(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]string)
		want   string
	}{
		"its authority is unknown":       {func(s map[string]string) { delete(s, "acme_roots") }, "Name its certificates in acme_roots"},
		"its address is not public":      {func(s map[string]string) { delete(s, "outbound_networks") }, "name its network in outbound_networks"},
		"nobody listens":                 {func(s map[string]string) { s["acme_directory"] = "https://127.0.0.1:1/dir" }, "cannot be reached"},
		"it is somebody else's web site": {func(s map[string]string) { s["acme_directory"] += "ectory" }, "no certificate for"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t, time.Hour)
			settings := acmeSettings(t, a)
			c.change(settings)
			config, _, err := Load(settings, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(config.Data, 0o700); err != nil {
				t.Fatal(err)
			}
			o, err := newOrderer(config, "v0", slog.New(slog.DiscardHandler), func(*x509.Certificate) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			_, err = o.order()
			if public, _ := fault.Public(err); !fault.Is(err, fault.Unavailable) || !strings.Contains(public, c.want) {
				t.Errorf("it says %q (%v)", public, err)
			}
		})
	}
}

func TestACMEIsCheckedBeforeTheServerStarts(t *testing.T) {
	a := newAuthority(t, time.Hour)
	for name, c := range map[string]struct {
		key, value, pointer string
	}{
		"terms not accepted":         {"acme_terms", "no", "/acme_terms"},
		"no host name":               {"public_url", "", "/public_url"},
		"an address instead":         {"public_url", "https://192.0.2.1", "/public_url"},
		"a name without a dot":       {"public_url", "https://localhost", "/public_url"},
		"a directory without TLS":    {"acme_directory", "http://example.org/dir", "/acme_directory"},
		"no address":                 {"acme_email", "me", "/acme_email"},
		"roots that are not there":   {"acme_roots", "/nowhere/roots.pem", "/acme_roots"},
		"no port":                    {"acme_http_listen", "80", "/acme_http_listen"},
		"networks that are none":     {"outbound_networks", "inside", "/outbound_networks"},
		"files left unread":          {"tls_cert", "a.pem", "/tls"},
		"a source that is not one":   {"tls", "magic", "/tls"},
		"files that are not named":   {"tls", "files", "/tls_cert"},
		"every network of the world": {"outbound_networks", "0.0.0.0/0", "/outbound_networks"},
	} {
		t.Run(name, func(t *testing.T) {
			settings := acmeSettings(t, a)
			if settings[c.key] = c.value; c.value == "" {
				delete(settings, c.key)
			}
			_, _, err := Load(settings, nil, "")
			_, problems := fault.Public(err)
			for _, p := range problems {
				if p.Pointer == c.pointer {
					return
				}
			}
			t.Errorf("%s is not named in %v (%v)", c.pointer, problems, err)
		})
	}
	settings := acmeSettings(t, a)
	settings["listen"] = "0.0.0.0:8443"
	if _, _, err := Load(settings, nil, ""); err != nil {
		t.Errorf("with acme every address may be listened on: %v", err)
	}
	settings["tls"] = "local"
	if _, _, err := Load(settings, nil, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("with the local authority only loopback may be: %v", err)
	}
}

func TestThePortForHTTP01AnswersChallengesAndSendsEverybodyElseAway(t *testing.T) {
	a := newAuthority(t, time.Hour)
	c, _, err := Load(acmeSettings(t, a), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(c.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	o, err := newOrderer(c, "v0", slog.New(slog.DiscardHandler), func(*x509.Certificate) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	h := o.httpServer("https://" + acmeHost).Handler
	for _, c := range []struct {
		method, target string
		status         int
		location       string
	}{
		{"GET", "http://touchstone.example.org/systems?q=a", http.StatusMovedPermanently, "https://touchstone.example.org/systems?q=a"},
		{"GET", "http://evil.example/x", http.StatusMovedPermanently, "https://touchstone.example.org/x"},
		{"POST", "http://touchstone.example.org/signin", http.StatusMethodNotAllowed, ""},
		{"GET", "http://touchstone.example.org/.well-known/acme-challenge/unknown", http.StatusNotFound, ""},
		{"GET", "http://evil.example/.well-known/acme-challenge/unknown", http.StatusForbidden, ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.target, nil))
		if w.Code != c.status || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s: %d to %q", c.method, c.target, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestWhyThereIsNoCertificateIsSaidForAFailedChallenge(t *testing.T) {
	err := &acme.AuthorizationError{Identifier: acmeHost, Errors: []error{&acme.Error{ProblemType: "urn:ietf:params:acme:error:connection", Detail: "Timeout during connect"}}}
	if got := whyNot(err); !strings.Contains(got, "Timeout during connect [connection]") || !strings.Contains(got, "Check that the name leads here") {
		t.Errorf("it says %q", got)
	}
}

func TestNamedNetworksShowTheirRisk(t *testing.T) {
	c := Config{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	if got := c.loosened(); len(got) != 1 || got[0].Name != outboundNetworks || got[0].Risk == "" {
		t.Errorf("loosened: %+v", got)
	}
	var out bytes.Buffer
	p := &cli.Program{Stdout: &out, Stderr: &out, Explain: (&program{}).explain}
	if code := cli.Run(t.Context(), p, []string{"config", "explain", "outbound_networks"}); code != 0 || !strings.Contains(out.String(), "RISK") {
		t.Errorf("explain answers %d: %s", code, out.String())
	}
}
