package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"filippo.io/age"
)

// maxWrapped bounds what is unwrapped into memory, in bytes.
const maxWrapped = 64 << 10

// OrgKey is the key of one organisation, to which its attachments are
// encrypted. It prints as a mark.
type OrgKey struct{ identity *age.X25519Identity }

func (OrgKey) String() string       { return "[key]" }
func (OrgKey) GoString() string     { return "[key]" }
func (OrgKey) LogValue() slog.Value { return slog.StringValue("[key]") }

// NewOrgKey makes the key of an organisation and returns it wrapped too, to be
// stored with the organisation.
func (r *Ring) NewOrgKey(organisationID string) (OrgKey, []byte, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return OrgKey{}, nil, fmt.Errorf("make key of %s: %w", organisationID, err)
	}
	key := OrgKey{identity}
	wrapped, err := r.WrapOrgKey(organisationID, key)
	return key, wrapped, err
}

// WrapOrgKey encrypts the key of an organisation to the key-encryption key.
func (r *Ring) WrapOrgKey(organisationID string, key OrgKey) ([]byte, error) {
	if key.identity == nil {
		return nil, errors.New("wrap organisation key: no key")
	}
	return wrap(r.kek.Recipient(), "organisation "+organisationID, []byte(key.identity.String()))
}

// UnwrapOrgKey opens what WrapOrgKey returned. The key of another organisation
// is refused, so that swapping two rows in the store opens nothing.
func (r *Ring) UnwrapOrgKey(organisationID string, wrapped []byte) (OrgKey, error) {
	raw, err := unwrap(r.kek, "organisation "+organisationID, wrapped)
	if err != nil {
		return OrgKey{}, fmt.Errorf("open key of %s: %w", organisationID, err)
	}
	identity, err := age.ParseX25519Identity(string(raw))
	if err != nil {
		return OrgKey{}, fmt.Errorf("parse key of %s: %w", organisationID, err)
	}
	return OrgKey{identity}, nil
}

// Seal encrypts a small secret, such as that of a one-time code, for the store.
// purpose names what it is and whose, and Unseal asks for the same.
func (r *Ring) Seal(purpose string, secret []byte) ([]byte, error) {
	return wrap(r.kek.Recipient(), "secret "+purpose, secret)
}

// Unseal opens what Seal returned for the same purpose.
func (r *Ring) Unseal(purpose string, sealed []byte) ([]byte, error) {
	return unwrap(r.kek, "secret "+purpose, sealed)
}

// EncryptTo returns a writer that encrypts to an organisation's key and writes
// to w, in chunks of 64 KiB. Close writes the last chunk, without which the
// whole cannot be decrypted; it does not close w.
func EncryptTo(key OrgKey, w io.Writer) (io.WriteCloser, error) {
	if key.identity == nil {
		return nil, errors.New("encrypt attachment: no key")
	}
	out, err := age.Encrypt(w, key.identity.Recipient())
	if err != nil {
		return nil, fmt.Errorf("encrypt attachment: %w", err)
	}
	return out, nil
}

// Decrypt returns a reader of what EncryptTo encrypted. Each chunk is
// authenticated before it is given out, the end only when it is reached: what
// was cut short fails with io.ErrUnexpectedEOF, so a caller that serves it
// checks the digest or the length first.
func Decrypt(key OrgKey, r io.Reader) (io.Reader, error) {
	if key.identity == nil {
		return nil, errors.New("decrypt attachment: no key")
	}
	in, err := age.Decrypt(r, key.identity)
	if err != nil {
		return nil, fmt.Errorf("decrypt attachment: %w", err)
	}
	return in, nil
}

// wrap encrypts label, a NUL and raw. age authenticates the content but not
// its place, which is what the label is for.
func wrap(to age.Recipient, label string, raw []byte) ([]byte, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, fmt.Errorf("wrap %s: %w", label, err)
	}
	if _, err := w.Write(append([]byte(label+"\x00"), raw...)); err != nil {
		return nil, fmt.Errorf("wrap %s: %w", label, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("wrap %s: %w", label, err)
	}
	return sealed.Bytes(), nil
}

func unwrap(with age.Identity, label string, sealed []byte) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with)
	if err != nil {
		return nil, fmt.Errorf("unwrap %s: %w", label, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxWrapped+1))
	if err != nil {
		return nil, fmt.Errorf("unwrap %s: %w", label, err)
	}
	raw, ok := bytes.CutPrefix(plain, []byte(label+"\x00"))
	if !ok || len(plain) > maxWrapped {
		return nil, fmt.Errorf("unwrap %s: it was wrapped as something else", label)
	}
	return raw, nil
}
