package boot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

// Config is everything an operator can set. Values come from flags, then the
// environment, then the file, then the defaults; an unknown key is an error.
type Config struct {
	Data          string
	Listen        string
	Database      string // postgres://… or "" for the embedded database
	PublicURL     string
	TLS           string // "" = files when tls_cert is given, else the local authority
	TLSCert       string
	TLSKey        string
	ACME          ACMEConfig
	Ceiling       string
	MaxUploadMB   int
	MaxDocumentMB int
	// Feeds are folders and addresses of advisories that are loaded by the clock.
	Feeds          []string
	FeedHours      int
	FeedMaxAgeDays int
	Trust          trustConfig
	PerMinute      int // requests of one person or token
	LogLevel       string
	Chromium       string
	MigrateAuto    bool
	// PrivilegedTOTP lets administrators, SROs and assessors in by passphrase and
	// code.
	PrivilegedTOTP bool
	// Networks may be called though they are not public.
	Networks []netip.Prefix
}

// Setting describes one key of the configuration: the documentation, the loosening
// guide and the reader all come from this table.
type Setting struct {
	Key     string
	Default string
	Help    string
	Secret  bool   // may come from a file named by TOUCHSTONE_<KEY>_FILE, and is never shown
	Loosens string // the risk in words, for a setting that can lower security
	set     func(*Config, string) error
}

// Env is the name of the environment variable.
func (s Setting) Env() string { return "TOUCHSTONE_" + strings.ToUpper(s.Key) }

// Settings lists every setting.
func Settings() []Setting {
	text := func(at func(*Config) *string) func(*Config, string) error {
		return func(c *Config, v string) error { *at(c) = v; return nil }
	}
	return []Setting{
		{Key: "data", Default: "./touchstone-data", Help: "Folder of the database, keys and attachments. Created with mode 0700.", set: text(func(c *Config) *string { return &c.Data })},
		{Key: "listen", Default: "127.0.0.1:8443", Help: "Address and port to listen on. Anything but a loopback address needs public_url and a certificate that browsers trust.", set: text(func(c *Config) *string { return &c.Listen })},
		{Key: "database", Help: "Address of a PostgreSQL database, postgres://user@host/name. Empty uses the embedded database in the data folder.", Secret: true, set: text(func(c *Config) *string { return &c.Database })},
		{Key: "public_url", Help: "Address under which people reach the server, https://host[:port]. Passkeys and links are bound to its host name. Empty is https://localhost with the port listened on.", set: text(func(c *Config) *string { return &c.PublicURL })},
		{Key: "tls", Help: "Where the certificate comes from: local (the server's own authority), files (tls_cert and tls_key) or acme (ordered from an authority by RFC 8555). Empty is files when tls_cert is set, else local.", set: setWord([]string{tlsLocal, tlsFiles, tlsACME}, func(c *Config) *string { return &c.TLS })},
		{Key: "tls_cert", Help: "File with the certificate chain in PEM. Empty uses the certificate of the local authority.", set: text(func(c *Config) *string { return &c.TLSCert })},
		{Key: "tls_key", Help: "File with the key of tls_cert in PEM.", set: text(func(c *Config) *string { return &c.TLSKey })},
		{Key: "acme_directory", Default: defaultDirectory, Help: "Address of the ACME directory, https only. Nothing is called unless tls is acme.", set: text(func(c *Config) *string { return &c.ACME.Directory })},
		{Key: "acme_email", Help: "Address at which the authority may warn about a certificate. It is sent to the authority.", set: text(func(c *Config) *string { return &c.ACME.Email })},
		{Key: "acme_terms", Default: "no", Help: "yes says that you have read and accept the terms of the authority. No certificate is ordered without it.", set: setBool(func(c *Config) *bool { return &c.ACME.Terms })},
		{Key: "acme_roots", Help: "File with the certificates of a private authority in PEM, by which its directory is recognised. Empty uses those of the system.", set: text(func(c *Config) *string { return &c.ACME.RootsFile })},
		{Key: "acme_http_listen", Help: "Address and port, for example :80, on which HTTP-01 challenges are answered and all else is sent to public_url. Empty answers challenges by TLS-ALPN-01 on listen alone, which the authority must reach as port 443.", set: text(func(c *Config) *string { return &c.ACME.HTTPListen })},
		{Key: outboundNetworks, Help: "Networks that are not public and may be called all the same, like 10.20.0.0/16, with commas between; for a private ACME authority.",
			Loosens: "Whoever can make the server call an address of their choice can reach what stands in these networks and trusts the server for its place. Name single addresses rather than whole networks.",
			set:     setNetworks},
		{Key: "ceiling", Default: "OFFICIAL-SENSITIVE", Help: "Highest marking that may be saved here.", set: text(func(c *Config) *string { return &c.Ceiling })},
		{Key: "max_upload_mb", Default: "50", Help: "Largest file that is taken as evidence, in megabytes.", set: setInt(1, 2000, func(c *Config) *int { return &c.MaxUploadMB })},
		{Key: "max_document_mb", Default: "256", Help: "Largest document that a machine may deliver for a release, in megabytes. One above 1 MB is read in a process of its own with a limit on its memory.", set: setInt(1, 1024, func(c *Config) *int { return &c.MaxDocumentMB })},
		{Key: "feeds", Help: "Where advisories come from, with commas between: folders in the public OSV layout (ECOSYSTEM/all.zip, kev.json and epss.csv beside them), archives, or https addresses of such files. Empty loads nothing by itself; touchstone feed sync loads on demand.", set: setFeeds},
		{Key: "feed_hours", Default: "6", Help: "How many hours pass between two looks at feeds.", set: setInt(1, 168, func(c *Config) *int { return &c.FeedHours })},
		{Key: "feed_max_age_days", Default: "7", Help: "How many days old the advisories of an ecosystem may be to say that nothing is known of a component. Beyond it the component cannot be assessed.", set: setInt(1, 365, func(c *Config) *int { return &c.FeedMaxAgeDays })},
		{Key: "attestation_keys", Help: "Files with public keys in PEM, with commas between. An attestation that one of them signed counts.", set: setKeyFiles},
		{Key: "attestation_root", Help: "File with a trusted root of Sigstore (trusted_root.json). Bundles are verified against it without calling out.", set: text(func(c *Config) *string { return &c.Trust.RootFile })},
		{Key: "attestation_identities", Help: "Whom certificates of attestation_root may name for an attestation to count: issuer, space, subject, with commas between several; a * at the end of a subject stands for anything.", set: setIdentities},
		{Key: "requests_per_minute", Default: "12000", Help: "How many requests one person or token may send in a minute; the next are answered 429 with Retry-After.", set: setInt(60, 10_000_000, func(c *Config) *int { return &c.PerMinute })},
		{Key: "log_level", Default: "info", Help: "debug, info, warn or error. Logs go to standard error.", set: setWord([]string{"debug", "info", "warn", "error"}, func(c *Config) *string { return &c.LogLevel })},
		{Key: "chromium", Help: "Chromium binary that renders PDF reports. Empty looks for it on the path.", set: text(func(c *Config) *string { return &c.Chromium })},
		{Key: "migrate_automatically", Default: "auto", Help: "auto, yes or no. auto migrates the embedded database after making a copy of it, and asks for touchstone migrate on PostgreSQL.", set: setAuto},
		{Key: "privileged_totp", Default: "no", Help: "yes or no. Whether administrators, SROs and assessors may work after signing in with passphrase and code instead of a passkey.",
			Loosens: "A passphrase and a code can be phished: somebody who tricks a privileged person into typing them on a false page can sign in as them, approve assessments and change who may do what.",
			set:     setBool(func(c *Config) *bool { return &c.PrivilegedTOTP })},
	}
}

func setInt(least, most int, at func(*Config) *int) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < least || n > most {
			return fmt.Errorf("must be a whole number from %d to %d", least, most)
		}
		*at(c) = n
		return nil
	}
}

func setWord(words []string, at func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		if !slices.Contains(words, v) {
			return fmt.Errorf("must be one of %s", strings.Join(words, ", "))
		}
		*at(c) = v
		return nil
	}
}

func setBool(at func(*Config) *bool) func(*Config, string) error {
	return func(c *Config, v string) error {
		if v != "yes" && v != "no" && v != "true" && v != "false" {
			return errors.New("must be yes or no")
		}
		*at(c) = v == "yes" || v == "true"
		return nil
	}
}

func setAuto(c *Config, v string) error {
	if v != "auto" && v != "yes" && v != "no" {
		return errors.New("must be auto, yes or no")
	}
	c.MigrateAuto = v == "yes" || v == "auto" && c.Database == ""
	return nil
}

// Origin says where the value of a setting came from.
type Origin struct {
	Key, Value, From string
}

// Load reads the configuration. flags holds what was given on the command line,
// by key; environ is as os.Environ gives it; file may be "".
//
// It fails with fault.Invalid naming every key that is unknown or has a value
// that cannot be used.
func Load(flags map[string]string, environ []string, file string) (Config, []Origin, error) {
	var c Config
	var p fault.Problems
	fromFile, err := readFile(file)
	if err != nil {
		return c, nil, err
	}
	env := envOf(environ)
	var origins []Origin
	for _, s := range Settings() {
		o := Origin{Key: s.Key, Value: s.Default, From: "default"}
		if v, ok := fromFile[s.Key]; ok {
			o.Value, o.From = v, file
		}
		delete(fromFile, s.Key)
		if path, ok := env[s.Env()+"_FILE"]; ok && s.Secret {
			b, err := os.ReadFile(path)
			if err != nil {
				p.Add("/"+s.Key, "The file named by %s_FILE cannot be read: %s.", s.Env(), reasonOf(err))
			}
			o.Value, o.From = strings.TrimRight(string(b), "\r\n"), s.Env()+"_FILE"
		}
		if v, ok := env[s.Env()]; ok {
			o.Value, o.From = v, s.Env()
		}
		if v, ok := flags[s.Key]; ok && v != "" {
			o.Value, o.From = v, "--"+strings.ReplaceAll(s.Key, "_", "-")
		}
		if o.Value != "" {
			if err := s.set(&c, o.Value); err != nil {
				p.Add("/"+s.Key, "%s (from %s) %s.", s.Key, o.From, err)
			}
		}
		if s.Secret && o.Value != "" {
			o.Value = "[secret]"
		}
		origins = append(origins, o)
	}
	for key := range fromFile {
		p.Add("/"+key, "%s is not a setting. Remove it from %s or correct its name.", key, file)
	}
	c.check(&p)
	return c, origins, p.Err()
}

func reasonOf(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func envOf(environ []string) map[string]string {
	out := map[string]string{}
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(k, "TOUCHSTONE_") {
			out[k] = v
		}
	}
	return out
}

const maxConfigFile = 1 << 20

func readFile(file string) (map[string]string, error) {
	if file == "" {
		return map[string]string{}, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "The configuration file %s cannot be read: %s.", file, reasonOf(err)).Because(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxConfigFile))
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "The configuration file %s cannot be read: %s.", file, reasonOf(err)).Because(err)
	}
	var values map[string]string
	if err := yaml.NewDecoder(bytes.NewReader(b)).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Newf(fault.Invalid, "The configuration file %s is not a list of “key: value” lines: %s.", file, err).Because(err)
	}
	if values == nil {
		values = map[string]string{}
	}
	return values, nil
}

// check judges settings that depend on each other.
func (c *Config) check(p *fault.Problems) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		p.Add("/listen", "listen must be an address and a port, for example 127.0.0.1:8443.")
		return
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
			p.Add("/public_url", "public_url must be https:// with a host name and nothing after it.")
		}
		c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	}
	c.checkTLS(p)
	if !loopback(host) && (c.PublicURL == "" || c.TLS == tlsLocal) {
		p.Add("/listen", "Listening on %s opens the server to other machines. That needs public_url and a certificate that browsers trust: tls_cert with tls_key, or tls acme.", c.Listen)
	}
	if m, err := portfolio.ParseMarking(c.Ceiling); err != nil {
		public, _ := fault.Public(err)
		p.Add("/ceiling", "%s", public)
	} else {
		c.Ceiling = m.String()
	}
	if c.Database != "" && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		p.Add("/database", "database must look like postgres://user@host/name.")
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// loosened lists the settings in force that lower security.
func (c *Config) loosened() []app.Loosened {
	var out []app.Loosened
	for _, s := range Settings() {
		if s.Key == "privileged_totp" && c.PrivilegedTOTP {
			out = append(out, app.Loosened{Name: s.Key, Risk: s.Loosens})
		}
		if s.Key == outboundNetworks && len(c.Networks) > 0 {
			out = append(out, app.Loosened{Name: s.Key, Risk: s.Loosens})
		}
	}
	return out
}

func (c *Config) dbPath() string {
	if c.Database != "" {
		return ""
	}
	return filepath.Join(c.Data, "touchstone.db")
}

// ConfigurationPage is docs/configuration.md.
func ConfigurationPage() string {
	var b strings.Builder
	b.WriteString("# Configuration\n\nGenerated from the program; do not edit. Flags win over the environment, the environment over the file given with `--config`, the file over the defaults. An unknown key in the file is an error. `touchstone config check` judges a configuration without starting; `touchstone config explain KEY` says what a key does and where its value comes from.\n\n| key | environment | default | what it does |\n|---|---|---|---|\n")
	for _, s := range Settings() {
		def := s.Default
		if def == "" {
			def = "(empty)"
		}
		help := s.Help
		if s.Secret {
			help += " Secret: it can be given as a file with `" + s.Env() + "_FILE`, and is never shown."
		}
		if s.Loosens != "" {
			help += " Lowers security: see [loosening](loosening.md)."
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | `%s` | %s |\n", s.Key, s.Env(), def, help)
	}
	return b.String()
}

func safeValue(s Setting) string {
	if s.Default == "" {
		return "Empty"
	}
	return "`" + s.Default + "`"
}

// LooseningPage is docs/loosening.md.
func LooseningPage() string {
	var b strings.Builder
	b.WriteString("# Loosening guide\n\nGenerated from the program; do not edit. Touchstone ships with its safest settings, so there is no hardening guide: nothing needs to be done. Every setting that lowers security stands here with its risk. While one is in force, administrators see an alert on every page; an administrator has to acknowledge the risk by name, and the acknowledgement runs out.\n")
	for _, s := range Settings() {
		if s.Loosens != "" {
			fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n**Risk.** %s\n\n**Safe value.** %s, the default.\n", s.Key, s.Help, s.Loosens, safeValue(s))
		}
	}
	return b.String()
}
