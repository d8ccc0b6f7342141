package securitytxt_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/securitytxt"
)

func parse(s string) (*fact.SecurityTxt, []fact.Fault, error) {
	return securitytxt.Parse(strings.NewReader(s), budget.Limits{})
}

const sound = `# Our security policy
Contact: mailto:security@example.com
contact: https://example.com/report
Contact: tel:+44-20-7946-0000
EXPIRES: 2026-12-31T23:59:00z
Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f
Encryption: https://example.com/key.txt
Acknowledgments: https://example.com/thanks
Preferred-Languages: en, cy,zh-Hant
Canonical: https://example.com/.well-known/security.txt
Policy: https://example.com/policy
Hiring: https://example.com/jobs
CSAF: https://example.com/.well-known/csaf/provider-metadata.json
Bug-Bounty: no
`

const signed = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Contact: mailto:security@example.com
- # a dashed line: - - -
Expires: 2026-12-31T23:59:00Z
-----BEGIN PGP SIGNATURE-----

wsB5BAABCAAjFiEE
=abcd
-----END PGP SIGNATURE-----
`

func TestParse(t *testing.T) {
	want := &fact.SecurityTxt{Contacts: []string{"mailto:security@example.com", "https://example.com/report", "tel:+44-20-7946-0000"}, ExpiresAt: 1798761540000000,
		Encryption:      []string{"openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f", "https://example.com/key.txt"},
		Acknowledgments: []string{"https://example.com/thanks"}, PreferredLanguages: "en, cy,zh-Hant", Canonical: []string{"https://example.com/.well-known/security.txt"},
		Policies: []string{"https://example.com/policy"}, Hiring: []string{"https://example.com/jobs"}, CSAF: []string{"https://example.com/.well-known/csaf/provider-metadata.json"}}
	for name, text := range map[string]string{"LF": sound, "CRLF": strings.ReplaceAll(sound, "\n", "\r\n"), "a byte-order mark": "\xef\xbb\xbf" + sound, "no end of line at the end": strings.TrimSpace(sound)} {
		t.Run(name, func(t *testing.T) {
			got, faults, err := parse(text)
			if err != nil || len(faults) > 0 {
				t.Fatal(faults, err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestASignedFileIsUnwrapped(t *testing.T) {
	want := &fact.SecurityTxt{Contacts: []string{"mailto:security@example.com"}, ExpiresAt: 1798761540000000, Signed: true}
	got, faults, err := parse(signed)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestEachBrokenRuleIsAFault(t *testing.T) {
	const rest = "Contact: https://example.com/\nExpires: 2026-12-31T23:59:00Z\n"
	for _, c := range []struct {
		name, text string
		faults     string // "line rule"
	}{
		{"no contact", "Expires: 2026-12-31T23:59:00Z", "0 contact-missing"},
		{"no expiry", "Contact: https://example.com/", "0 expires-missing"},
		{"two expiries", rest + "Expires: 2027-12-31T23:59:00Z", "0 expires-twice"},
		{"an expiry that is a day", "Contact: https://example.com/\nExpires: 2026-12-31", "2 expires-date"},
		{"an expiry that is a date of mail", "Contact: https://example.com/\nExpires: Thu, 31 Dec 2026 18:37:07 -0800", "2 expires-date"},
		{"languages twice", rest + "Preferred-Languages: en\nPreferred-Languages: cy", "0 languages-twice"},
		{"no language", rest + "Preferred-Languages: English please", "3 language"},
		{"a page without TLS", rest + "Policy: http://example.com/policy", "3 https"},
		{"a canonical address without TLS", rest + "Canonical: http://example.com/.well-known/security.txt", "3 https"},
		{"a bare mail address", rest + "Contact: security@example.com", "3 uri"},
		{"a bare number", rest + "Contact: +44 20 7946 0000", "3 uri"},
		{"a bare number without blanks", rest + "Contact: +442079460000", "3 uri"},
		{"a bare host", rest + "Contact: example.com/report", "3 uri"},
		{"two values", rest + "Contact: https://example.com/a https://example.com/b", "3 uri"},
		{"no host", rest + "Contact: https:///report", "3 uri"},
		{"nothing behind the scheme", rest + "Contact: mailto:", "3 uri"},
		{"a key where its address belongs", rest + "Encryption: -----BEGIN PGP PUBLIC KEY BLOCK-----", "3 uri"},
		{"no value", rest + "Hiring: ", "3 value"},
		{"no space", "Contact:https://example.com/\nExpires: 2026-12-31T23:59:00Z", "1 space"},
		{"a line that is nothing", rest + "Please be kind.", "3 line"},
		{"a continued line", rest + "Policy: https://example.com/\n /more", "4 line"},
		{"a signature without an end", strings.Split(signed, "=abcd")[0], "1 signature"},
		{"a signed message without a signature", strings.Split(signed, "-----BEGIN PGP SIGNATURE")[0], "1 signature"},
		{"a field before the signed message", "Contact: https://evil.example/\n" + signed, "1 signature"},
		{"a field behind the signature", signed + "Contact: https://evil.example/\n", "12 signature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, f := range faults {
				list = append(list, fmt.Sprintf("%d %s", f.Line, f.Rule))
			}
			if s := strings.Join(list, ", "); s != c.faults {
				t.Errorf("faults %q, want %q", s, c.faults)
			}
			if len(got.Broken) != 1 || !strings.HasSuffix(c.faults, got.Broken[0]) {
				t.Errorf("broken: %q", got.Broken)
			}
			for _, contact := range got.Contacts {
				if contact != "https://example.com/" && contact != "mailto:security@example.com" {
					t.Errorf("a contact that breaks a rule counts: %q", contact)
				}
			}
		})
	}
}

func TestOfTwoExpiriesTheEarlierCounts(t *testing.T) {
	for _, text := range []string{"Expires: 2026-12-31T23:59:00Z\nExpires: 2030-01-01T00:00:00Z", "Expires: 2030-01-01T00:00:00Z\nExpires: 2026-12-31T23:59:00Z"} {
		if got, _, err := parse(text); err != nil || got.ExpiresAt != 1798761540000000 {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
		says       string
	}{
		{"a page of the web", "<!DOCTYPE html><html><body>Not found</body></html>", fault.Unsupported, "none of the fields"},
		{"nothing", "", fault.Unsupported, "none of the fields"},
		{"comments alone", "# soon\n", fault.Unsupported, "none of the fields"},
		{"NUL", "Contact: https://example.com/\x00", fault.Invalid, "UTF-8"},
		{"text that is not UTF-8", "Contact: https://example.com/\xff", fault.Invalid, "UTF-8"},
		{"more than 32 kB", strings.Repeat("Contact: https://example.com/\n", 2000), fault.TooLarge, "longer than 32 kB"},
		{"a million lines", strings.Repeat("\n", 1_000_000), fault.TooLarge, "longer than 32 kB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parse(c.text)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestTruncatedAnywhereNeverReadsAsSound(t *testing.T) {
	for n := range strings.Index(signed, "-----END") {
		_, faults, err := parse(signed[:n])
		if err == nil && len(faults) == 0 {
			t.Fatalf("%d bytes are sound", n)
		}
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		head string
		want bool
	}{
		{sound, true}, {signed, true}, {"\xef\xbb\xbfexpires: x", true}, {"# c\r\n\r\nContact: x\r\n", true},
		{"SPDXVersion: SPDX-2.3\nContact: x", false}, {`{"Contact": 1}`, false}, {"# only a comment", false}, {"", false},
		{"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nDear all\n", false},
	} {
		if got := securitytxt.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%.40q: %v", c.head, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{sound, signed, "Contact: mailto:\nExpires: 0000-01-01T00:00:00Z", "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNED MESSAGE-----\n\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----", ":\n::\nContact:", "Contact: https://[::1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		securitytxt.Detect(b)
		got, faults, err := securitytxt.Parse(bytes.NewReader(b), budget.Limits{})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		if len(faults) == 0 && (len(got.Contacts) == 0 || len(got.Broken) > 0) {
			t.Errorf("a sound file without a contact: %+v", got)
		}
	})
}
