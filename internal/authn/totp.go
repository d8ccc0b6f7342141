package authn

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

const (
	totpPeriod = 30 // seconds
	totpSkew   = 1  // steps either side (RFC 6238, section 5.2)
)

// TOTP is what an authenticator app is given: six digits, 30 seconds, SHA-1,
// because that is all that many apps understand. Both fields are secret; the
// store keeps Secret sealed by the key ring.
type TOTP struct {
	Secret string // base32 without padding
	URL    string // otpauth://totp/…
}

// NewTOTP returns a new secret of 160 bits for the account, which is the
// address the person signs in with. The issuer is what the app shows above it.
func NewTOTP(random io.Reader, issuer, account string) (TOTP, error) {
	// A colon separates issuer and account in the URL's label.
	issuer = strings.ReplaceAll(issuer, ":", " ")
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: totpPeriod,
		SecretSize: 20, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1, Rand: random})
	if err != nil {
		return TOTP{}, fmt.Errorf("make a one-time code secret: %w", err)
	}
	return TOTP{Secret: key.Secret(), URL: key.URL()}, nil
}

// VerifyTOTP reports whether code is right now, one step early or one step
// late, and which step it belongs to. A code of lastStep or earlier is refused,
// so that what somebody saw typed cannot be typed again: the caller stores the
// step with the account, conditionally on the old one, and passes 0 at first.
func VerifyTOTP(secret, code string, now time.Time, lastStep int64) (step int64, ok bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code)
	current := now.Unix() / totpPeriod
	for s := current - totpSkew; s <= current+totpSkew; s++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false
		}
		if s > lastStep && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// QRCode returns the URL as an SVG image with a quiet zone of four modules,
// black on white and without styles or scripts, so that it can stand in a page
// under a strict content security policy. label is its text alternative.
func QRCode(url, label string) ([]byte, error) {
	code, err := qr.Encode(url, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	const quiet = 4
	side := code.Bounds().Dx()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 %[1]d %[1]d" role="img" shape-rendering="crispEdges">`, side+2*quiet)
	b.WriteString("<title>" + xmlText.Replace(label) + `</title><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="`)
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
