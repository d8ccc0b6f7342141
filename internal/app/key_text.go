package app

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// maxKeyText bounds what keyText returns: the log takes names of rows and targets of
// a few hundred bytes.
const maxKeyText = 160

// keyText is a text from a document in a form that can stand in the key of a row and
// in the head of an entry, which hold no blanks and nothing beyond ASCII. Texts that
// differ stay different; most are their own form.
func keyText(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:+"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(plain, s[i]) >= 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte('%')
		b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{s[i]})))
	}
	out := b.String()
	if len(out) <= maxKeyText {
		return out
	}
	sum := sha256.Sum256([]byte(s))
	return out[:maxKeyText-33] + "~" + hex.EncodeToString(sum[:16])
}

// textOfKey is the text again, as far as it was not too long.
func textOfKey(key string) string {
	if s, err := url.PathUnescape(key); err == nil {
		return s
	}
	return key
}
