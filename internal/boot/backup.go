package boot

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/archive"
	"github.com/touchstone-assurance/touchstone/internal/cli"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/keyring"
)

var errNotEmbedded = fault.New(fault.Unsupported, "This installation keeps its data in PostgreSQL. Back it up with pg_dump, together with the folders keys and attachments of the data folder.")

// backup writes an encrypted copy of an installation that may be running. It is
// opened again and checked before the command answers.
func (p *program) backup(ctx context.Context, t cli.Target, out string) (r cli.BackupResult, err error) {
	c, err := p.config(t)
	if err != nil {
		return r, err
	}
	if c.Database != "" {
		return r, errNotEmbedded
	}
	in, err := open(ctx, c, opening{version: p.version, publicURL: lastURL(c)}, p.logger(c))
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	side, err := os.MkdirTemp(c.Data, "backup.new-")
	if err != nil {
		return r, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(side)
	m, err := in.collect(ctx, side, p.version)
	if err != nil {
		return r, err
	}
	if r, err = in.writeBackup(m, side, out); err != nil {
		return r, err
	}
	check, err := os.MkdirTemp(c.Data, "backup.check-")
	if err != nil {
		return r, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(check)
	if _, _, err := unpackBackup(in.keyOptions(), out, check); err != nil {
		return r, err
	}
	_, err = in.app.RecordBackup(ctx, r.SHA256, r.Bytes)
	return r, err
}

// collect copies the database and lists everything that goes in.
func (in *instance) collect(ctx context.Context, side, version string) (archive.Manifest, error) {
	m := archive.Manifest{Version: version, MadeAt: in.clock.now()}
	note, err := in.app.SignCheckpoint(ctx)
	if err != nil {
		return m, err
	}
	copied := filepath.Join(side, "touchstone.db")
	if err := in.db.Backup(ctx, copied); err != nil {
		return m, err
	}
	state, err := in.db.Schema(ctx)
	if err != nil {
		return m, err
	}
	at, err := in.app.LogState(ctx)
	if err != nil {
		return m, err
	}
	m.Checkpoint, m.Schema, m.LogID, m.Entries = string(note), state.Have, at.LogID, at.Size
	if err := m.Describe("touchstone.db", copied); err != nil {
		return m, err
	}
	wrapped, err := in.keys.Wrapped()
	if err != nil {
		return m, err
	}
	files, err := filepath.Glob(filepath.Join(in.config.Data, "attachments", "*", "*.age"))
	if err != nil {
		return m, err
	}
	for _, f := range files {
		name, err := filepath.Rel(in.config.Data, f)
		if err != nil {
			return m, err
		}
		wrapped = append(wrapped, name)
	}
	for _, name := range wrapped {
		if err := m.Describe(name, filepath.Join(in.config.Data, name)); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (in *instance) writeBackup(m archive.Manifest, side, out string) (r cli.BackupResult, err error) {
	f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return r, fault.Newf(fault.Invalid, "The backup %s cannot be written: %s. An existing file is never overwritten.", out, reasonOf(err)).Because(err)
	}
	defer func() {
		if err != nil {
			os.Remove(out)
		}
	}()
	sum := sha256.New()
	counted := &counter{w: io.MultiWriter(f, sum)}
	buffered := bufio.NewWriterSize(counted, 1<<20)
	sealed, err := in.keys.EncryptBackup(buffered)
	if err != nil {
		return r, errors.Join(err, f.Close())
	}
	err = archive.Write(sealed, m, func(name string) (io.ReadCloser, error) {
		if name == "touchstone.db" {
			return os.Open(filepath.Join(side, name))
		}
		return os.Open(filepath.Join(in.config.Data, filepath.FromSlash(name)))
	})
	if err := errors.Join(err, sealed.Close(), buffered.Flush(), f.Sync(), f.Close()); err != nil {
		return r, fmt.Errorf("write the backup: %w", err)
	}
	return cli.BackupResult{Schema: "touchstone.backup-result/v1", File: out, SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: counted.n, Entries: m.Entries,
		Files: attachmentsIn(m)}, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

func attachmentsIn(m archive.Manifest) int {
	n := 0
	for _, f := range m.Files {
		if filepath.Dir(filepath.Dir(f.Name)) == "attachments" {
			n++
		}
	}
	return n
}

func (in *instance) keyOptions() keyring.Options {
	return keyring.Options{Dir: in.config.Data, KEKFile: os.Getenv("TOUCHSTONE_KEK_FILE"), Random: rand.Reader, Now: time.Now}
}

// unpackBackup decrypts and checks a backup into an empty folder, and returns the
// digest of the file.
func unpackBackup(o keyring.Options, file, folder string) (archive.Manifest, string, error) {
	f, err := os.Open(file)
	if err != nil {
		return archive.Manifest{}, "", fault.Newf(fault.NotFound, "The backup %s cannot be read: %s.", file, reasonOf(err)).Because(err)
	}
	defer f.Close()
	sum := sha256.New()
	raw := io.TeeReader(f, sum)
	plain, err := keyring.DecryptBackup(o, bufio.NewReaderSize(raw, 1<<20))
	if err != nil {
		return archive.Manifest{}, "", fault.New(fault.Invalid, "The backup cannot be opened. It was made with the key of another folder, or it is damaged. Put the right keys/kek.txt in place, or name it with TOUCHSTONE_KEK_FILE. Nothing was changed.").Because(err)
	}
	m, err := archive.Read(plain, folder)
	if err != nil {
		return m, "", err
	}
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return m, "", fmt.Errorf("read %s: %w", file, err)
	}
	return m, hex.EncodeToString(sum.Sum(nil)), nil
}

// restore puts a backup in the place of a data folder whose server is stopped. It
// is unpacked beside the folder, opened, verified against its own log, and only
// then exchanged with it in one step; whatever fails before leaves the folder as
// it was. The folder that was replaced is kept.
func (p *program) restore(ctx context.Context, t cli.Target, file string) (r cli.BackupResult, err error) {
	c, err := p.config(t)
	if err != nil {
		return r, err
	}
	if c.Database != "" {
		return r, errNotEmbedded
	}
	if err := prepareFolder(c, false); err != nil {
		return r, err
	}
	held, err := lock(c.Data)
	if err != nil {
		return r, err
	}
	defer held.Close()
	whole, err := filepath.Abs(c.Data)
	if err != nil {
		return r, err
	}
	side, err := os.MkdirTemp(filepath.Dir(whole), filepath.Base(whole)+".restore-")
	if err != nil {
		return r, fault.Newf(fault.Invalid, "A folder beside %s is needed to check the backup before it takes its place: %s.", c.Data, reasonOf(err)).Because(err)
	}
	defer os.RemoveAll(side)
	now := &clock{}
	o := keyring.Options{Dir: whole, KEKFile: os.Getenv("TOUCHSTONE_KEK_FILE"), Random: rand.Reader, Now: now.now}
	m, digest, err := unpackBackup(o, file, side)
	if err != nil {
		return r, err
	}
	if err := copyKEK(whole, side); err != nil {
		return r, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return r, err
	}
	if err := p.checkRestored(ctx, c, side, digest, info.Size(), m); err != nil {
		return r, err
	}
	if err := unix.Renameat2(unix.AT_FDCWD, side, unix.AT_FDCWD, whole, unix.RENAME_EXCHANGE); err != nil {
		return r, fmt.Errorf("exchange the folders: %w", err)
	}
	// From here the restored folder is in place; a crash leaves both.
	kept := fmt.Sprintf("%s.replaced-%d", whole, now.now().Unix())
	if err := os.Rename(side, kept); err != nil {
		return r, fmt.Errorf("the backup is in place, but the old folder could not be renamed to %s: %w", kept, err)
	}
	fmt.Fprintf(p.stderr, "The folder as it was is kept in %s.\n", kept)
	return cli.BackupResult{Schema: "touchstone.backup-result/v1", File: file, SHA256: digest, Bytes: info.Size(), Entries: m.Entries, Files: attachmentsIn(m)}, nil
}

// copyKEK takes the key-encryption key along, which no backup holds.
func copyKEK(from, to string) error {
	b, err := os.ReadFile(filepath.Join(from, "keys", "kek.txt"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // it is kept elsewhere and named by TOUCHSTONE_KEK_FILE
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(to, "keys"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "keys", "kek.txt"), b, 0o600)
}

// before is what is taken over from the folder that is to be replaced.
type before struct {
	log    *app.LogState // nil when it cannot be read, which may be why somebody restores
	purges []app.Purge
	erased []string // ids of people
}

func (p *program) before(ctx context.Context, c Config) (b before) {
	in, err := open(ctx, c, opening{publicURL: lastURL(c)}, p.logger(c))
	if err == nil {
		defer in.close()
		var state app.LogState
		if state, err = in.app.LogState(ctx); err == nil {
			b.log = &state
			b.purges, err = in.app.DonePurges(ctx)
			if err == nil {
				b.erased, err = in.app.ErasedPeople(ctx)
			}
		}
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "The folder that is to be replaced cannot be read. If content was purged or people were erased after the backup was made, they are back: ask for the removal again.\n")
	}
	return b
}

// checkRestored opens what was unpacked, verifies it whole, opens the new epoch
// and purges again what was purged after the backup.
func (p *program) checkRestored(ctx context.Context, c Config, side, digest string, bytes int64, m archive.Manifest) (err error) {
	before := p.before(ctx, c)
	if err := os.Chmod(filepath.Join(side, "ca.crt"), 0o644); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	c.Data = side
	in, err := open(ctx, c, opening{publicURL: lastURL(c)}, p.logger(c))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	var given [][]byte
	if m.Checkpoint != "" {
		given = append(given, []byte(m.Checkpoint))
	}
	if err := in.verified(ctx, given); err != nil {
		return err
	}
	if _, err := in.app.RecordRestore(ctx, digest, bytes, before.log); err != nil {
		return err
	}
	again, err := in.app.ReapplyPurges(ctx, before.purges)
	if err != nil {
		return err
	}
	people, err := in.app.ReapplyErasures(ctx, before.erased)
	if err != nil || again+people == 0 {
		return err
	}
	if again > 0 {
		fmt.Fprintf(p.stderr, "Content that was purged after the backup was made was purged again (%d).\n", again)
	}
	if people > 0 {
		fmt.Fprintf(p.stderr, "People who were erased after the backup was made were erased again (%d).\n", people)
	}
	return in.verified(ctx, given)
}

func (in *instance) verified(ctx context.Context, given [][]byte) error {
	v, err := in.app.Verify(ctx, access.Operator(), given)
	if err != nil {
		return err
	}
	if !v.OK {
		return fault.Newf(fault.Invalid, "The backup does not agree with its own audit log (%s). Nothing was changed.", firstProblem(v))
	}
	return nil
}

func firstProblem(v app.Verification) string {
	if len(v.Problems) == 0 {
		return fmt.Sprintf("%d problems", v.Omitted)
	}
	return fmt.Sprintf("%d problems, the first: %s", int64(len(v.Problems))+v.Omitted, v.Problems[0].Detail)
}
