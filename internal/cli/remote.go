package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// remote is a server that a command talks to through the API.
type remote struct {
	Server    string `help:"Address of the server, https://…" placeholder:"URL" env:"TOUCHSTONE_SERVER"`
	TokenFile string `help:"File that holds the API token." placeholder:"FILE" env:"TOUCHSTONE_TOKEN_FILE"`
	CA        string `help:"File with the certificate authority of the server, when the machine does not know it." placeholder:"FILE" env:"TOUCHSTONE_CA"`
}

// caller sends requests to one server with one token.
type caller struct {
	base   string
	token  string
	client *http.Client
}

// maxAnswer bounds what a server may answer.
const maxAnswer = 16 << 20

func (r remote) caller() (*caller, error) {
	var p fault.Problems
	if r.Server == "" {
		p.Add("--server", "Say which server, with --server or TOUCHSTONE_SERVER")
	}
	u, err := url.Parse(r.Server)
	if r.Server != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		p.Add("--server", "The address must begin with https:// and name a host")
	}
	if r.TokenFile == "" {
		p.Add("--token-file", "Say where the API token is, with --token-file or TOUCHSTONE_TOKEN_FILE")
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	token, err := readSmall(r.TokenFile)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.CA != "" {
		pem, err := readSmall(r.CA)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fault.Newf(fault.Invalid, "%s holds no certificate in PEM form.", r.CA)
		}
	}
	transport := &http.Transport{TLSClientConfig: config, Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second}
	return &caller{base: strings.TrimSuffix(r.Server, "/"), token: strings.TrimSpace(string(token)),
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// do sends one request and reads the answer into out, when there is one. An answer
// that is a problem becomes a fault of the same kind, so that the exit code fits.
func (c *caller) do(ctx context.Context, method, path, mediaType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	if mediaType != "" {
		req.Header.Set("Content-Type", mediaType)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return c.unreachable(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil || len(b) > maxAnswer {
		return fault.Newf(fault.Unavailable, "The answer of %s could not be read.", c.base).Because(err)
	}
	if res.StatusCode >= 300 {
		return problemOf(c.base, res, b)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fault.Newf(fault.Unavailable, "%s does not answer like a Touchstone server.", c.base).Because(err)
	}
	return nil
}

func (c *caller) unreachable(err error) error {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return fault.Newf(fault.Unavailable, "The certificate of %s is signed by an authority that this machine does not know. Give its certificate with --ca.", c.base).Because(err)
	case errors.As(err, &host):
		return fault.Newf(fault.Unavailable, "The certificate of %s is for another name.", c.base).Because(err)
	case errors.Is(err, context.Canceled):
		return err
	}
	return fault.Newf(fault.Unavailable, "%s cannot be reached: %s.", c.base, plain(err)).Because(err)
}

func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// problemOf reads a problem document (RFC 9457).
func problemOf(base string, res *http.Response, b []byte) error {
	var p struct {
		Title  string          `json:"title"`
		Detail string          `json:"detail"`
		Errors []fault.Problem `json:"errors"`
	}
	kind := kindOf(res.StatusCode)
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(&p); err != nil || p.Title == "" && p.Detail == "" {
		return fault.Newf(kind, "%s answered %s.", base, res.Status)
	}
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	f := fault.New(kind, text)
	f.Problems = p.Errors
	return f
}

func kindOf(status int) fault.Kind {
	switch status {
	case http.StatusUnauthorized:
		return fault.Unauthorised
	case http.StatusForbidden:
		return fault.Forbidden
	case http.StatusNotFound:
		return fault.NotFound
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge
	case http.StatusUnsupportedMediaType:
		return fault.Unsupported
	case http.StatusTooManyRequests:
		return fault.RateLimited
	case http.StatusConflict:
		return fault.Conflict
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return fault.Invalid
	}
	return fault.Unavailable
}

// openFile opens a file that the person named.
func openFile(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Newf(fault.NotFound, "%s cannot be read: %s.", name, plainPath(err)).Because(err)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		f.Close()
		return nil, fault.Newf(fault.Invalid, "%s is a folder. Name the files in it.", name)
	}
	return f, nil
}

func plainPath(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Sprint(err)
}
