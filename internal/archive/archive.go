// Package archive is the form of a backup: a tar of files behind a manifest that
// lists each with its size and SHA-256. It knows neither keys nor databases; the
// caller encrypts the stream and decides what goes in.
//
// The manifest is the first entry, so that a reader can refuse before it writes
// anything. Reading checks every name, size and digest and leaves nothing behind
// when one is wrong.
package archive

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Format names this form of a backup.
const Format = "touchstone.backup/v1"

const manifestName = "manifest.json"

// Manifest says what a backup holds.
type Manifest struct {
	Format     string    `json:"format"`
	Version    string    `json:"version"` // of the program that made it
	MadeAt     time.Time `json:"made_at"`
	Schema     int64     `json:"schema"` // of the database
	LogID      string    `json:"log_id"`
	Entries    int64     `json:"entries"` // in the log
	Checkpoint string    `json:"checkpoint"`
	Files      []File    `json:"files"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"` // with slashes, below the data folder
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Describe adds the file at path under the name to the manifest.
func (m *Manifest) Describe(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	m.Files = append(m.Files, File{Name: filepath.ToSlash(name), Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// Write writes the manifest and its files; open gives the content of each.
func Write(w io.Writer, m Manifest, open func(name string) (io.ReadCloser, error)) error {
	m.Format = Format
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	if err := add(t, manifestName, int64(len(head)), bytes.NewReader(head)); err != nil {
		return err
	}
	for _, f := range m.Files {
		content, err := open(f.Name)
		if err != nil {
			return fmt.Errorf("open %s: %w", f.Name, err)
		}
		err = errors.Join(add(t, f.Name, f.Size, content), content.Close())
		if err != nil {
			return err
		}
	}
	return t.Close()
}

func add(t *tar.Writer, name string, size int64, content io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if n, err := io.Copy(t, io.LimitReader(content, size)); err != nil || n != size {
		return fmt.Errorf("write %s: the file changed while it was copied: %w", name, errors.Join(err, io.ErrUnexpectedEOF))
	}
	return nil
}

const maxManifest = 64 << 20

// Read unpacks a backup into an existing empty folder and checks everything in
// it. It fails with fault.Invalid naming what is wrong.
func Read(r io.Reader, folder string) (Manifest, error) {
	var m Manifest
	t := tar.NewReader(r)
	h, err := t.Next()
	if err != nil || h.Name != manifestName || h.Size > maxManifest {
		return m, damaged("it does not begin with a manifest", err)
	}
	d := json.NewDecoder(io.LimitReader(t, maxManifest))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, damaged("its manifest cannot be read", err)
	}
	if m.Format != Format {
		return m, fault.Newf(fault.Invalid, "The backup is of the form %q and this program reads %q.", m.Format, Format)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) || path.Clean(f.Name) != f.Name || strings.Contains(f.Name, `\`) {
			return m, damaged("it names the file "+f.Name+", which lies outside", nil)
		}
		h, err := t.Next()
		if err != nil || h.Name != f.Name || h.Size != f.Size || h.Typeflag != tar.TypeReg {
			return m, damaged("the file "+f.Name+" is missing or of another size", err)
		}
		if err := unpack(t, f, folder); err != nil {
			return m, err
		}
	}
	if _, err := t.Next(); !errors.Is(err, io.EOF) {
		return m, damaged("it has more in it than its manifest says", err)
	}
	return m, nil
}

func unpack(in io.Reader, f File, folder string) error {
	target := filepath.Join(folder, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), in)
	if err != nil {
		return damaged("the file "+f.Name+" is cut short", errors.Join(err, out.Close()))
	}
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	if n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return damaged("the file "+f.Name+" is not the one that was backed up", nil)
	}
	return nil
}

func damaged(why string, cause error) error {
	return fault.Newf(fault.Invalid, "The backup is damaged: %s. Nothing was changed.", why).Because(cause)
}
