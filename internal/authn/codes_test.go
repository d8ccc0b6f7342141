package authn

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/boombuler/barcode/qr"

	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
)

// Test vectors of RFC 6238, appendix B, for SHA-1, last six digits.
func TestOneTimeCodesAgreeWithTheRFC(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471",
		1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if step, ok := VerifyTOTP(secret, code, time.Unix(at, 0), 0); !ok || step != at/30 {
			t.Errorf("%d: %d %v", at, step, ok)
		}
	}
}

func TestAOneTimeCodeIsGoodOnceAndForThreeSteps(t *testing.T) {
	const secret, code, step = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "050471", 1111111111 / 30
	at := func(steps int) time.Time { return time.Unix((step+int64(steps))*30, 0) }
	for name, c := range map[string]struct {
		code string
		now  time.Time
		last int64
		want bool
	}{
		"two steps early":          {code, at(-2), 0, false},
		"one step early":           {code, at(-1), 0, true},
		"one step late":            {code, at(1), 0, true},
		"two steps late":           {code, at(2), 0, false},
		"used before":              {code, at(0), step, false},
		"after a later one":        {code, at(0), step + 1, false},
		"after the one before":     {code, at(0), step - 1, true},
		"typed with a space":       {"050 471", at(0), 0, true},
		"wrong":                    {"050472", at(0), 0, false},
		"empty":                    {"", at(0), 0, false},
		"too long":                 {code + "0", at(0), 0, false},
		"digits of another script": {"०५०४७१", at(0), 0, false},
	} {
		if got, ok := VerifyTOTP(secret, c.code, c.now, c.last); ok != c.want || (ok && got != step) {
			t.Errorf("%s: %d %v", name, got, ok)
		}
	}
	if _, ok := VerifyTOTP("not base32!", code, at(0), 0); ok {
		t.Error("a broken secret verifies")
	}
}

func TestANewOneTimeSecretIsReadableByApps(t *testing.T) {
	one, err := NewTOTP(seeded(), "Touch: stone", "ada+x@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if len(one.Secret) != 32 || !strings.HasPrefix(one.URL, "otpauth://totp/Touch%20%20stone:ada+x@example.org?") ||
		!strings.Contains(one.URL, "secret="+one.Secret) || !strings.Contains(one.URL, "period=30") || strings.Contains(one.URL, "+stone") {
		t.Errorf("%+v", one)
	}
	if _, err := NewTOTP(iotest.ErrReader(io.ErrUnexpectedEOF), "T", "a"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("no randomness: %v", err)
	}
}

func TestTheQRCodeShowsTheSameModules(t *testing.T) {
	const url = "otpauth://totp/T:a@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=T"
	svg, err := QRCode(url, `Code for <Ada> & "co"`)
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		ViewBox string `xml:"viewBox,attr"`
		Title   string `xml:"title"`
		Path    struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(svg, &parsed); err != nil {
		t.Fatal(err)
	}
	want, err := qr.Encode(url, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	side := want.Bounds().Dx()
	drawn := image.NewGray(want.Bounds())
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h1v1h-1z`).FindAllStringSubmatch(parsed.Path.D, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		drawn.Set(x-4, y-4, color.White)
	}
	for y := range side {
		for x := range side {
			if (drawn.GrayAt(x, y).Y == 255) != isBlack(want.At(x, y)) {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	if parsed.Title != `Code for <Ada> & "co"` || parsed.ViewBox != "0 0 "+strconv.Itoa(side+8)+" "+strconv.Itoa(side+8) || bytes.Contains(svg, []byte("style=")) {
		t.Errorf("%q %q", parsed.Title, parsed.ViewBox)
	}
	if _, err := QRCode(strings.Repeat("x", 5000), "x"); err == nil {
		t.Error("text beyond what a QR code holds was drawn")
	}
}

func isBlack(c color.Color) bool { r, g, b, _ := c.RGBA(); return r+g+b == 0 }

func TestARecoveryCodeWorksOnceHoweverItIsTyped(t *testing.T) {
	codes, stored, err := NewRecoveryCodes(seeded())
	if err != nil || len(codes) != RecoveryCodeCount || len(stored) != RecoveryCodeCount {
		t.Fatalf("%v %v", codes, err)
	}
	seen := map[string]bool{}
	for i, c := range codes {
		if !regexp.MustCompile(`^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$`).MatchString(c) || seen[c] {
			t.Errorf("code %q", c)
		}
		seen[c] = true
		mistyped := strings.NewReplacer("0", "O", "1", "l").Replace(c)
		for _, typed := range []string{c, strings.ToUpper(c), strings.ReplaceAll(c, "-", ""), " " + strings.ReplaceAll(c, "-", " ") + "\n", mistyped} {
			if got, ok := MatchRecoveryCode(stored, typed); !ok || got != i {
				t.Errorf("%q: %d %v", typed, got, ok)
			}
		}
	}
	stored[3].UsedAt = time.Unix(1, 0)
	for _, typed := range []string{codes[3], "", codes[0][:18], codes[0] + "0", "0000-0000-0000-0000"} {
		if got, ok := MatchRecoveryCode(stored, typed); ok || got != -1 {
			t.Errorf("%q: %d %v", typed, got, ok)
		}
	}
	if _, _, err := NewRecoveryCodes(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("no randomness: %v", err)
	}
}

func FuzzMatchRecoveryCode(f *testing.F) {
	_, stored, err := NewRecoveryCodes(seeded())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("7k2m-0c9x-pq4d-h1wz")
	f.Fuzz(func(t *testing.T, typed string) {
		if i, ok := MatchRecoveryCode(stored, typed); ok != (i >= 0) {
			t.Errorf("%d %v", i, ok)
		}
	})
}

func TestASecretComesFromTheGivenSource(t *testing.T) {
	s, err := NewSecret(bytes.NewReader(bytes.Repeat([]byte{9}, 32)))
	if err != nil || s != (identity.Secret(bytes.Repeat([]byte{9}, 32))) {
		t.Errorf("%v", err)
	}
	if _, err := NewSecret(bytes.NewReader(make([]byte, 31))); err == nil {
		t.Error("a short source makes a secret")
	}
}
