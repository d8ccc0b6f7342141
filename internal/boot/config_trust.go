package boot

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
)

// trustConfig says whose attestations count. Without it none does.
type trustConfig struct {
	KeyFiles   []string          // public keys in PEM
	RootFile   string            // trusted_root.json of Sigstore
	Identities []intoto.Identity // that certificates of the root may name
}

func setKeyFiles(c *Config, v string) error {
	for word := range strings.SplitSeq(v, ",") {
		if word = strings.TrimSpace(word); word != "" {
			c.Trust.KeyFiles = append(c.Trust.KeyFiles, word)
		}
	}
	return nil
}

func setIdentities(c *Config, v string) error {
	for word := range strings.SplitSeq(v, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		issuer, subject, has := strings.Cut(word, " ")
		id := intoto.Identity{Issuer: issuer, Subject: strings.TrimSpace(subject)}
		id.Subject, id.Prefix = strings.CutSuffix(id.Subject, "*")
		if !has || id.Subject == "" {
			return errors.New("must be an issuer, a space and a subject, with commas between several; a * at the end of a subject stands for anything")
		}
		c.Trust.Identities = append(c.Trust.Identities, id)
	}
	return nil
}

// trusted is what the files hold, as it is handed to a process that reads
// documents.
type trusted struct {
	Keys       []intoto.Key      `json:"keys,omitempty"`
	Root       []byte            `json:"root,omitempty"`
	Identities []intoto.Identity `json:"identities,omitempty"`
}

func (t trusted) trust() (intoto.Trust, error) { return intoto.NewTrust(t.Keys, t.Root, t.Identities) }

const maxTrustFile = 4 << 20

// load reads the files.
func (t trustConfig) load() (trusted, error) {
	out := trusted{Identities: t.Identities}
	for _, name := range t.KeyFiles {
		b, err := trustFile("attestation_keys", name)
		if err != nil {
			return out, err
		}
		out.Keys = append(out.Keys, intoto.Key{Name: filepath.Base(name), PEM: string(b)})
	}
	if t.RootFile != "" {
		var err error
		if out.Root, err = trustFile("attestation_root", t.RootFile); err != nil {
			return out, err
		}
	}
	return out, nil
}

func trustFile(key, name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "The file %s, named by %s, cannot be read: %s.", name, key, reasonOf(err)).Because(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxTrustFile+1))
	if err != nil || len(b) > maxTrustFile {
		return nil, fault.Newf(fault.Invalid, "The file %s, named by %s, cannot be read or is too large.", name, key).Because(fmt.Errorf("%d bytes: %w", len(b), err))
	}
	return b, nil
}
