package app

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// DefaultMaxUpload is the largest file taken unless configured otherwise.
const DefaultMaxUpload = 50 << 20

// storedFile is an encrypted file that no row names yet.
type storedFile struct {
	name      string // random, under Files
	digest    string // SHA-256 of the plain text, hex
	mediaType string
	size      int64
}

// keepFile writes an upload encrypted to the organisation's key, durably, before
// any row names it. A crash after this leaves a file that nothing points to,
// which doctor lists; a row never points to a file that is not there.
func (a *App) keepFile(org store.Organisation, name string, r io.Reader) (storedFile, error) {
	limit := a.MaxUpload
	if limit == 0 {
		limit = DefaultMaxUpload
	}
	in := bufio.NewReaderSize(r, evidence.SniffLen)
	head, err := in.Peek(evidence.SniffLen)
	if err != nil && !errors.Is(err, io.EOF) {
		return storedFile{}, fmt.Errorf("read the upload: %w", err)
	}
	mediaType, err := evidence.Sniff(head, name)
	if err != nil {
		return storedFile{}, err
	}
	f, err := a.keepContent(org, in, limit)
	if fault.Is(err, fault.TooLarge) {
		err = fault.Newf(fault.TooLarge, "The file is larger than %d MB, the largest that is taken here. Record it as a link instead.", limit>>20)
	}
	f.mediaType = mediaType
	return f, err
}

// keepContent is keepFile for what was looked at already, or is about to be.
func (a *App) keepContent(org store.Organisation, in io.Reader, limit int64) (f storedFile, err error) {
	key, err := a.Keys.UnwrapOrgKey(org.ID, org.Key)
	if err != nil {
		return f, fmt.Errorf("key of %s: %w", org.ID, err)
	}
	random := make([]byte, 16)
	if _, err := io.ReadFull(a.Random, random); err != nil {
		return f, fmt.Errorf("file name: %w", err)
	}
	f.name = hex.EncodeToString(random)
	path := a.filePath(f.name)
	defer func() {
		if err != nil {
			os.Remove(path) // the row was never written
		}
	}()
	if f.size, f.digest, err = encryptFile(path, key, io.LimitReader(in, limit+1)); err != nil {
		return f, err
	}
	if f.size > limit {
		return f, fault.Newf(fault.TooLarge, "The document is larger than %d MB, the largest that is taken here.", limit>>20)
	}
	return f, nil
}

func (a *App) filePath(name string) string { return filepath.Join(a.Files, name[:2], name+".age") }

func encryptFile(path string, key keyring.OrgKey, in io.Reader) (size int64, digest string, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, "", fmt.Errorf("attachments folder: %w", err)
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, "", fmt.Errorf("create attachment: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	sealed, err := keyring.EncryptTo(key, out)
	if err != nil {
		return 0, "", err
	}
	sum := sha256.New()
	if size, err = io.Copy(io.MultiWriter(sealed, sum), in); err != nil {
		return 0, "", fmt.Errorf("write attachment: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return 0, "", fmt.Errorf("write attachment: %w", err)
	}
	if err := out.Sync(); err != nil {
		return 0, "", fmt.Errorf("write attachment: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return 0, "", err
	}
	defer dir.Close()
	return size, hex.EncodeToString(sum.Sum(nil)), dir.Sync()
}

// dropFile removes a file that no row came to name.
func (a *App) dropFile(f storedFile) {
	if f.name == "" {
		return
	}
	if err := os.Remove(a.filePath(f.name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		a.Log.Warn("attachment not removed", "file", f.name, "error", err)
	}
}

// openFile opens a stored file for reading in plain text.
func (a *App) openFile(org store.Organisation, name string) (io.ReadCloser, error) {
	key, err := a.Keys.UnwrapOrgKey(org.ID, org.Key)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", org.ID, err)
	}
	f, err := os.Open(a.filePath(name))
	if err != nil {
		return nil, fmt.Errorf("open attachment: %w", err)
	}
	plain, err := keyring.Decrypt(key, f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open attachment: %w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, f}, nil
}
