package boot

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/cli"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
	"github.com/touchstone-assurance/touchstone/internal/web/assets"
)

// drainTime is how long open requests may take once the server was told to stop.
const drainTime = 4 * time.Second

// started is what serve prints once it answers.
type started struct {
	Schema      string  `json:"schema"`
	URL         string  `json:"url"`
	SetupURL    string  `json:"setup_url,omitempty"`
	CA          string  `json:"ca,omitempty"`
	Fingerprint string  `json:"ca_sha256,omitempty"`
	ReadyMS     float64 `json:"ready_ms"`
	Version     string  `json:"version"`
}

// server is a listening installation.
type server struct {
	*instance
	listener net.Listener
	url      string
	lock     *os.File
	assets   *assets.Assets
	orderer  *orderer // of certificates, nil unless tls is acme
}

// listen opens the folder and the port.
func (p *program) listen(ctx context.Context, c Config, demo bool) (*server, error) {
	built, err := assets.New()
	if err != nil {
		return nil, err
	}
	if !built.Built() {
		return nil, fault.New(fault.Unavailable, "This binary was built without its style sheets and scripts. Run: make build")
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "Cannot listen on %s: %s.", c.Listen, plainNet(err)).Because(err)
	}
	s := &server{listener: l, url: publicURL(c, l), assets: built}
	if err := prepareFolder(c, true); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if s.lock, err = lock(c.Data); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	var begin time.Time
	if demo && isFresh(c) {
		begin = time.Now().Add(-demoSpan)
	}
	if s.instance, err = open(ctx, c, opening{create: true, serving: true, demo: demo, begin: begin, version: p.version, publicURL: s.url, child: p.understand}, p.logger(c)); err != nil {
		return nil, errors.Join(err, l.Close(), s.lock.Close())
	}
	if err := os.WriteFile(addressFile(c.Data), []byte(s.url+"\n"), 0o600); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// addressFile remembers under which address a folder was served last, so that a
// recovery link made on the command line leads there.
func addressFile(data string) string { return filepath.Join(data, "address") }

func (s *server) close() error {
	return errors.Join(s.instance.close(), s.lock.Close())
}

func plainNet(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}

// publicURL is the address that people and passkeys use. On loopback it carries
// the name localhost, because browsers bind passkeys to names.
func publicURL(c Config, l net.Listener) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "https://localhost:" + port
}

// run answers requests until ctx ends, then lets open ones finish.
func (s *server) run(ctx context.Context, p *program, announce func() error) error {
	handler, err := s.handler(p)
	if err != nil {
		return err
	}
	config, err := s.tls(p)
	if err != nil {
		return err
	}
	srv := edge.Server(handler, s.log)
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var behind sync.WaitGroup
	for _, loop := range []func(context.Context){s.tick, s.follow, s.work, s.loadFeeds} {
		behind.Go(func() { loop(work) })
	}
	failed := make(chan error, 2)
	go func() { failed <- srv.Serve(tls.NewListener(s.listener, config)) }()
	plain, err := s.orderCertificate(work, failed)
	if err != nil {
		return errors.Join(err, srv.Close())
	}
	defer plain.Close()
	if err := announce(); err != nil {
		return errors.Join(err, srv.Close())
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.log.Info("stopping")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := srv.Shutdown(drain); err != nil {
		srv.Close()
	}
	stopWork()
	behind.Wait()
	return nil
}

func (s *server) tls(p *program) (*tls.Config, error) {
	switch s.config.TLS {
	case tlsFiles:
		return keyring.FilesTLS(s.config.TLSCert, s.config.TLSKey, time.Now)
	case tlsACME:
		var err error
		s.orderer, err = newOrderer(s.config, p.version, s.log, func(leaf *x509.Certificate) error {
			_, err := s.app.CertificateIssued(context.WithoutCancel(p.context), leaf.DNSNames, leaf.NotAfter, fingerprint(leaf))
			return err
		})
		if err != nil {
			return nil, err
		}
		return s.orderer.tls(), nil
	}
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if u, err := url.Parse(s.url); err == nil && u.Hostname() != "localhost" {
		hosts = append(hosts, u.Hostname())
	}
	return s.keys.ServerTLS(hosts)
}

// orderCertificate starts what an ACME authority needs: a look at the certificate
// from time to time, and where it is configured a port for HTTP-01. The server
// returned has to be closed; without a port it does nothing.
func (s *server) orderCertificate(ctx context.Context, failed chan<- error) (*http.Server, error) {
	if s.orderer == nil {
		return &http.Server{}, nil
	}
	go s.orderer.watch(ctx)
	if s.config.ACME.HTTPListen == "" {
		return &http.Server{}, nil
	}
	l, err := net.Listen("tcp", s.config.ACME.HTTPListen)
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "Cannot listen on %s for HTTP-01 challenges: %s.", s.config.ACME.HTTPListen, plainNet(err)).Because(err)
	}
	plain := s.orderer.httpServer(s.url)
	go func() {
		if err := plain.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return plain, nil
}

// ready is what /readyz asks.
func (s *server) ready(ctx context.Context) error {
	if err := s.db.Ping(ctx); err != nil {
		return err
	}
	state, err := s.db.Schema(ctx)
	if err == nil && !state.Current() {
		return fault.New(fault.Unavailable, "The database schema is not at this program's version.")
	}
	return err
}

// tickEvery is how often what is due by the clock is looked at. A standing that
// runs out is recorded within a minute.
const tickEvery = 20 * time.Second

func (s *server) tick(ctx context.Context) {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		wait := tickEvery
		more, err := s.tickOnce(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("work by the clock failed; it is tried again", "error", err)
		}
		if more {
			wait = 10 * time.Millisecond
		}
		timer.Reset(wait)
	}
}

// tickOnce turns a panic into an error, so that one bad row cannot stop a server.
func (s *server) tickOnce(ctx context.Context) (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return s.app.Tick(ctx)
}

// serve is the serve command.
func (p *program) serve(ctx context.Context, o cli.ServeOptions) error {
	c, _, err := Load(o.Values(), p.environ, o.Config)
	if err != nil {
		return err
	}
	s, err := p.listen(ctx, c, false)
	if err != nil {
		return err
	}
	err = s.run(ctx, p, func() error { return p.announce(ctx, s, o.JSON) })
	return errors.Join(err, s.close())
}

// announce prints the address, and on a new folder the link with which the first
// administrator is made.
func (p *program) announce(ctx context.Context, s *server, asJSON bool) error {
	out := started{Schema: "touchstone.serve/v1", URL: s.url, Version: p.version}
	link, _, err := s.app.NewSetupLink(ctx)
	switch {
	case err == nil:
		out.SetupURL = link.URL
	case !fault.Is(err, fault.Conflict):
		return err
	}
	if s.config.TLS == tlsLocal {
		out.CA, out.Fingerprint = s.keys.CAFile(), s.keys.CAFingerprint()
	}
	out.ReadyMS = float64(time.Since(p.began).Microseconds()) / 1000
	if asJSON {
		return json.NewEncoder(p.stdout).Encode(out)
	}
	fmt.Fprintf(p.stdout, "Touchstone %s is ready at %s (%.0f ms).\n", p.version, out.URL, out.ReadyMS)
	if out.Fingerprint != "" {
		fmt.Fprintf(p.stdout, "\nIts certificate comes from an authority of its own: %s\nSHA-256 %s\nTo let your browsers trust it: touchstone trust --data %s --yes\n", out.CA, out.Fingerprint, s.config.Data)
	}
	if out.SetupURL != "" {
		fmt.Fprintf(p.stdout, "\nNobody has an account yet. Open this within 15 minutes; it works once:\n%s\n", out.SetupURL)
	}
	return nil
}

func (p *program) logger(c Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}
