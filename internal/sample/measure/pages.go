package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// client asks one server, whose authority it trusts.
type client struct{ http *http.Client }

func newClient(caFile string) (*client, error) {
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("the authority's file holds no certificate")
	}
	return &client{&http.Client{Timeout: time.Minute, Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS13}}}}, nil
}

// get returns the status and the server's own time for the answer, which it reads
// to the end.
func (c *client) get(ctx context.Context, url, token string) (status int, body []byte, err error) {
	status, body, _, err = c.timed(ctx, url, token)
	return status, body, err
}

func (c *client) timed(ctx context.Context, url, token string) (status int, body []byte, server time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, 0, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return 0, nil, 0, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, serverTime(resp.Header.Get("Server-Timing")), err
}

// serverTime reads "app;dur=12.3".
func serverTime(header string) time.Duration {
	_, dur, _ := strings.Cut(header, "dur=")
	ms, err := strconv.ParseFloat(dur, 64)
	if err != nil {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// asks is how often each address is asked.
const asks = 300

// pages measures the API's lists and views with so many systems.
func (m *measure) pages(ctx context.Context, systems int) error {
	dir, token, err := m.seed(ctx, systems)
	if err != nil {
		return err
	}
	s, err := m.serve(ctx, dir, m.engine(systems)...)
	if err != nil {
		return err
	}
	defer s.stop() //nolint:errcheck // the figures are taken
	first, err := s.ids(ctx, "/api/v1/systems?limit=200", token)
	if err != nil {
		return err
	}
	assessments, err := s.ids(ctx, "/api/v1/systems/"+first[0]+"/assessments", token)
	if err != nil {
		return err
	}
	fmt.Printf("\n%d systems: milliseconds, the server's own time (p50, p95, p99) and from outside (p95)\n", systems)
	for _, path := range []string{
		"/healthz", "/api/v1/systems", "/api/v1/systems?name=portal", "/api/v1/systems?worst=asserted", "/api/v1/systems/{system}",
		"/api/v1/systems/{system}/assessments", "/api/v1/assessments/" + assessments[0], "/api/v1/assessments/" + assessments[0] + "/responses",
		"/api/v1/evidence", "/api/v1/people", "/api/v1/units", "/api/v1/work",
	} {
		if err := s.ask(ctx, path, token, first); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) ids(ctx context.Context, path, token string) ([]string, error) {
	status, body, err := s.client.get(ctx, s.url+path, token)
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%s answers %d", path, status), err)
	}
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	var out []string
	for _, i := range list.Items {
		out = append(out, i.ID)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s lists nothing", path)
	}
	return out, nil
}

func (s *server) ask(ctx context.Context, path, token string, systems []string) error {
	var inside, outside []time.Duration
	for i := range asks {
		at := strings.ReplaceAll(path, "{system}", systems[i%len(systems)])
		began := time.Now()
		status, _, server, err := s.client.timed(ctx, s.url+at, token)
		outside = append(outside, time.Since(began))
		inside = append(inside, server)
		if err != nil || status != http.StatusOK {
			return errors.Join(fmt.Errorf("%s answers %d", at, status), err)
		}
	}
	slices.Sort(inside)
	slices.Sort(outside)
	at := func(d []time.Duration, percent int) float64 {
		return float64(d[(len(d)-1)*percent/100]) / float64(time.Millisecond)
	}
	fmt.Printf("  %-44s %7.2f %7.2f %7.2f   %7.2f\n", short(path), at(inside, 50), at(inside, 95), at(inside, 99), at(outside, 95))
	return nil
}

// short leaves identifiers out of an address.
func short(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "asm_") {
			parts[i] = "{assessment}"
		}
	}
	return strings.Join(parts, "/")
}
