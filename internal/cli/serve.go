package cli

import (
	"context"
	"fmt"
	"io"
)

// serving are the flags of serve and demo.
type serving struct {
	Target
	format
	Listen           string `help:"Address and port to listen on." placeholder:"ADDR"`
	PublicURL        string `name:"public-url" help:"Address under which people reach the server." placeholder:"URL"`
	TLS              string `name:"tls" help:"Where the certificate comes from: local, files or acme." placeholder:"WORD"`
	TLSCert          string `name:"tls-cert" help:"Certificate chain in PEM." placeholder:"FILE"`
	TLSKey           string `name:"tls-key" help:"Key of the certificate in PEM." placeholder:"FILE"`
	ACMEDirectory    string `name:"acme-directory" help:"Address of the ACME directory." placeholder:"URL"`
	ACMEEmail        string `name:"acme-email" help:"Address at which the authority may warn." placeholder:"ADDR"`
	ACMETerms        string `name:"acme-terms" help:"yes accepts the terms of the authority." placeholder:"WORD"`
	ACMERoots        string `name:"acme-roots" help:"Certificates of a private ACME authority in PEM." placeholder:"FILE"`
	ACMEHTTPListen   string `name:"acme-http-listen" help:"Address and port for HTTP-01 challenges." placeholder:"ADDR"`
	OutboundNetworks string `name:"outbound-networks" help:"Networks that are not public and may be called. Lowers security; see docs/loosening.md." placeholder:"NETS"`
	Ceiling          string `help:"Highest marking that may be saved." placeholder:"MARKING"`
	MaxUploadMB      string `name:"max-upload-mb" help:"Largest file taken as evidence." placeholder:"N"`
	MaxDocumentMB    string `name:"max-document-mb" help:"Largest document that a machine may deliver." placeholder:"N"`
	Feeds            string `name:"feeds" help:"Folders and https addresses of advisories, with commas between." placeholder:"PLACES"`
	FeedHours        string `name:"feed-hours" help:"Hours between two looks at feeds." placeholder:"N"`
	FeedMaxAgeDays   string `name:"feed-max-age-days" help:"How old advisories may be to say that nothing is known." placeholder:"N"`
	AttestationKeys  string `name:"attestation-keys" help:"Files with public keys whose attestations count, with commas between." placeholder:"FILES"`
	AttestationRoot  string `name:"attestation-root" help:"Trusted root of Sigstore." placeholder:"FILE"`
	AttestationIDs   string `name:"attestation-identities" help:"Whom certificates of the root may name." placeholder:"LIST"`
	PerMinute        string `name:"requests-per-minute" help:"How many requests one person or token may send in a minute." placeholder:"N"`
	LogLevel         string `name:"log-level" help:"debug, info, warn or error." placeholder:"LEVEL"`
	Chromium         string `help:"Chromium binary that renders PDF reports." placeholder:"FILE"`
	MigrateAutomatic string `name:"migrate-automatically" help:"auto, yes or no." placeholder:"WORD"`
	PrivilegedTOTP   string `name:"privileged-totp" help:"yes lets privileged roles in without a passkey. Lowers security; see docs/loosening.md." placeholder:"WORD"`
}

func (s serving) options() ServeOptions {
	t := s.Target
	t.Flags = map[string]string{"listen": s.Listen, "public_url": s.PublicURL, "tls": s.TLS, "tls_cert": s.TLSCert, "tls_key": s.TLSKey, "ceiling": s.Ceiling,
		"acme_directory": s.ACMEDirectory, "acme_email": s.ACMEEmail, "acme_terms": s.ACMETerms, "acme_roots": s.ACMERoots, "acme_http_listen": s.ACMEHTTPListen,
		"outbound_networks": s.OutboundNetworks, "max_document_mb": s.MaxDocumentMB, "feeds": s.Feeds, "feed_hours": s.FeedHours, "feed_max_age_days": s.FeedMaxAgeDays,
		"attestation_keys": s.AttestationKeys, "attestation_root": s.AttestationRoot, "attestation_identities": s.AttestationIDs,
		"max_upload_mb": s.MaxUploadMB, "requests_per_minute": s.PerMinute, "log_level": s.LogLevel, "chromium": s.Chromium, "migrate_automatically": s.MigrateAutomatic, "privileged_totp": s.PrivilegedTOTP}
	return ServeOptions{Target: t, JSON: s.json()}
}

type serveCmd struct{ serving }

func (c *serveCmd) Run(ctx context.Context, p *Program) error { return p.Serve(ctx, c.options()) }

type demoCmd struct {
	serving
	Remove bool `help:"Delete the folder of a demo, and nothing else."`
}

func (c *demoCmd) Run(ctx context.Context, p *Program) error {
	if c.Data == "" {
		return exit{Usage, "name the folder of the demo with --data DIR"}
	}
	if c.Remove {
		if err := p.DropDemo(ctx, c.Data); err != nil {
			return err
		}
		return p.print(c.format, map[string]any{"schema": "touchstone.demo-removed/v1", "data": c.Data}, func(w io.Writer) {
			fmt.Fprintf(w, "The demo in %s is gone.\n", c.Data)
		})
	}
	return p.Demo(ctx, c.options())
}
