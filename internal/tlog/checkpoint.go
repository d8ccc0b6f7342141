// Package tlog is the working half of the tamper-evident log: it signs and opens
// checkpoints, makes and checks proofs, and verifies a whole log with the rows
// it speaks about.
//
// It does not keep anything (package store does) and holds no key of its own
// (package keyring does). Checkpoints are C2SP tlog-checkpoint v1 in C2SP
// signed-note v1, signed with Ed25519; proofs are those of RFC 6962 sections
// 2.1.1 and 2.1.2. The whole format is in docs/log.md. Start reading at
// Verifier.
package tlog

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is the state of a log at one size, as its key signed it.
type Checkpoint struct {
	Origin string
	Size   int64 // number of entries
	Root   [32]byte
}

// Origin is the first line of the checkpoints of a log and the name of its key.
func Origin(logID string) string { return "touchstone/" + logID }

// Text is what is signed: three lines, origin, size and root.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// Signer signs checkpoints. It may be used by several goroutines.
type Signer struct{ key ed25519.PrivateKey }

// NewSigner returns a signer with the log's private key.
func NewSigner(key ed25519.PrivateKey) (*Signer, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("log key has %d bytes, not %d", len(key), ed25519.PrivateKeySize)
	}
	return &Signer{key: key}, nil
}

// Sign returns the signed note of a checkpoint.
func (s *Signer) Sign(origin string, size int64, root [32]byte) ([]byte, error) {
	if size < 0 {
		return nil, fmt.Errorf("sign checkpoint: size %d", size)
	}
	vkey, err := s.VerifierKey(origin)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	c := Checkpoint{Origin: origin, Size: size, Root: root}
	msg, err := note.Sign(&note.Note{Text: c.Text()}, noteSigner{v, s.key})
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return msg, nil
}

// VerifierKey is the public half for the origin, as others store it.
func (s *Signer) VerifierKey(origin string) (string, error) {
	return VerifierKey(origin, s.key.Public().(ed25519.PublicKey))
}

// noteSigner adds the private key to what the verifier knows of name and hash.
type noteSigner struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (n noteSigner) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(n.key, msg), nil }

// VerifierKey writes a public key as C2SP signed-note does:
// "<origin>+<hash>+<base64 of 0x01 and the key>".
func VerifierKey(origin string, public ed25519.PublicKey) (string, error) {
	if len(public) != ed25519.PublicKeySize {
		return "", fmt.Errorf("log key has %d bytes, not %d", len(public), ed25519.PublicKeySize)
	}
	vkey, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return "", fmt.Errorf("verifier key: %w", err)
	}
	if _, err := note.NewVerifier(vkey); err != nil {
		return "", fmt.Errorf("verifier key for origin %q: %w", origin, err)
	}
	return vkey, nil
}

// Open checks the signature of a note with any of the verifier keys and reads
// the checkpoint. It fails when no key has signed, when the origin is not the
// name of a key that has, and when the text is not exactly a checkpoint.
// Signatures of keys it does not know, such as witnesses', are left aside.
func Open(msg []byte, verifierKeys ...string) (Checkpoint, error) {
	keys, err := parseKeys(verifierKeys)
	if err != nil {
		return Checkpoint{}, err
	}
	return open(msg, keys)
}

func parseKeys(verifierKeys []string) (note.Verifiers, error) {
	var list []note.Verifier
	seen := map[string]bool{}
	for _, k := range verifierKeys {
		if seen[k] {
			continue
		}
		seen[k] = true
		v, err := note.NewVerifier(k)
		if err != nil {
			return nil, fmt.Errorf("verifier key %q: %w", k, err)
		}
		list = append(list, v)
	}
	return note.VerifierList(list...), nil
}

func open(msg []byte, keys note.Verifiers) (Checkpoint, error) {
	n, err := note.Open(msg, keys)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", err)
	}
	for _, s := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return Checkpoint{}, fmt.Errorf("open checkpoint: signature by %s: %w", s.Name, err) // two texts of one signature
		}
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("open checkpoint: origin %q is not the name of a key that signed it", c.Origin)
}

var errCheckpoint = errors.New("not an origin, a size and a root hash on a line each")

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return Checkpoint{}, errCheckpoint
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, errCheckpoint
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != 32 {
		return Checkpoint{}, errCheckpoint
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: [32]byte(root)}
	if c.Text() != text { // carriage returns, which the decoder skips
		return Checkpoint{}, errCheckpoint
	}
	return c, nil
}
