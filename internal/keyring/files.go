package keyring

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// checkPrivate refuses a file or folder of ours that others could read or
// change, saying how to mend it. A link is refused too: it may lead to
// anywhere.
func checkPrivate(path string, isDir bool) error {
	info, err := os.Lstat(path)
	if err != nil {
		return fault.Newf(fault.Unavailable, "%s cannot be read. Put it back from its copy.", path).Because(err)
	}
	if info.IsDir() != isDir || (!isDir && !info.Mode().IsRegular()) {
		return fault.Newf(fault.Unavailable, "%s is not what was put there. Put it back from its copy.", path)
	}
	if runtime.GOOS == "windows" { // has no such bits; the folder's access list decides
		return nil
	}
	if info.Mode().Perm()&0o077 != 0 {
		mode := "0600"
		if isDir {
			mode = "0700"
		}
		return fault.Newf(fault.Unavailable, "Other people on this machine can get at %s (mode %04o). Run: chmod %s %s",
			path, info.Mode().Perm(), mode, path)
	}
	return nil
}

// checkSecretFile is checkPrivate for a file of ours. One given from outside
// may be a link (that is how secrets are mounted) and readable by its group
// (that is how a systemd credential shows its access list), but not by all.
func checkSecretFile(path string, external bool) error {
	if !external {
		return checkPrivate(path, false)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fault.Newf(fault.Unavailable, "%s cannot be read. Check the path that was given.", path).Because(err)
	}
	if !info.Mode().IsRegular() {
		return fault.Newf(fault.Unavailable, "%s is not a file. Check the path that was given.", path)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o037 != 0 {
		return fault.Newf(fault.Unavailable, "Other people on this machine can get at %s (mode %04o). Run: chmod 0400 %s",
			path, info.Mode().Perm(), path)
	}
	return nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxWrapped+1))
	if err == nil && len(raw) > maxWrapped {
		err = errors.New("too large for a key")
	}
	return raw, err
}

func writePrivate(path string, content []byte) error { return writeFile(path, content, 0o600) }

// writeFile replaces path so that after a crash either the old content or the
// new is there, whole.
func writeFile(path string, content []byte, mode fs.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".new-")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if err = f.Chmod(mode); err != nil {
		return err
	}
	if _, err = f.Write(content); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes renames in a folder last. Windows cannot open a folder so.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
