package keyring

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// EncryptBackup returns a writer that encrypts a backup to the key-encryption
// key. Close it to finish; the key itself is never part of a backup.
func (r *Ring) EncryptBackup(w io.Writer) (io.WriteCloser, error) {
	out, err := age.Encrypt(w, r.kek.Recipient())
	if err != nil {
		return nil, fmt.Errorf("encrypt a backup: %w", err)
	}
	return out, nil
}

// DecryptBackup opens a backup with the key-encryption key of o, which may belong
// to a folder that holds nothing else yet.
func DecryptBackup(o Options, r io.Reader) (io.Reader, error) {
	kek, err := readKEK(o.withDefaults())
	if err != nil {
		return nil, err
	}
	in, err := age.Decrypt(r, kek)
	if err != nil {
		return nil, fmt.Errorf("this backup was not made with the key of this folder, or it is damaged: %w", err)
	}
	return in, nil
}

// Wrapped returns the files of the ring that a backup holds: keys that only the
// key-encryption key opens, and the authority's certificate, by name below the
// folder.
func (r *Ring) Wrapped() ([]string, error) {
	var out []string
	for _, pattern := range []string{"keys/*.age", "keys/*.crt", "*.crt"} {
		found, err := filepath.Glob(filepath.Join(r.options.Dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() {
				name, err := filepath.Rel(r.options.Dir, f)
				if err != nil {
					return nil, err
				}
				out = append(out, name)
			}
		}
	}
	return out, nil
}
