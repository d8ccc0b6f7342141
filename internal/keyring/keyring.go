// Package keyring keeps the keys of one installation in the folder "keys" of
// its data folder, outside the database and its backups.
//
// One key encrypts the others: an age X25519 identity, in keys/kek.txt or in a
// file given from outside (a systemd credential, a mounted secret). It wraps
// the Ed25519 key that signs the log (keys/log.age), the P-256 key of the
// local certificate authority (keys/ca.age), one X25519 identity per
// organisation and small secrets such as those of one-time codes; the last two
// are returned wrapped and stored by the caller. There is no passphrase:
// unwrapping one would cost a second and 270 MB at each start.
//
// Formats are age-encryption.org/v1 for everything encrypted and RFC 5280 for
// certificates. Every wrapped value names what it is, so that one cannot be
// put in the place of another. Keys are made whole or not at all: the folder
// is written under another name and renamed.
//
// It knows nothing of logs, organisations or requests. Package trust, below,
// makes browsers trust the local authority.
package keyring

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"filippo.io/age"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Options say where the keys are. Random and Now must be set; what age itself
// generates comes from the operating system whatever Random is.
type Options struct {
	Dir     string    // the data folder, which exists
	KEKFile string    // file with the key-encryption key; empty for keys/kek.txt
	Hosts   []string  // names and addresses a new local authority may vouch for; localhost is always among them
	Random  io.Reader // crypto/rand outside tests
	Now     func() time.Time
}

// Ring holds the opened keys. Safe for concurrent use.
type Ring struct {
	options Options
	kek     *age.X25519Identity
	log     ed25519.PrivateKey
	ca      atomic.Pointer[authority] // ReplaceCA changes it under running servers
}

const (
	keysDir = "keys"
	kekName = "kek.txt"
	logName = "log.age"
	caName  = "ca.age"
	caCert  = "ca.crt"
)

// Open reads the keys made by Create. It fails with fault.NotFound when there
// are none, and with fault.Unavailable and the remedy when they are readable by
// others, damaged, or wrapped by another key.
func Open(o Options) (*Ring, error) {
	o = o.withDefaults()
	dir := filepath.Join(o.Dir, keysDir)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Newf(fault.NotFound, "There are no keys in %s.", dir)
	}
	if err := checkPrivate(dir, true); err != nil {
		return nil, err
	}
	r := &Ring{options: o}
	var err error
	if r.kek, err = readKEK(o); err != nil {
		return nil, err
	}
	seed, err := r.readWrapped(logName)
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, damaged(filepath.Join(dir, logName), nil)
	}
	r.log = ed25519.NewKeyFromSeed(seed)
	raw, err := r.readWrapped(caName)
	if err != nil {
		return nil, err
	}
	ca, err := parseAuthority(raw)
	if err != nil {
		return nil, damaged(filepath.Join(dir, caName), err)
	}
	r.ca.Store(ca)
	return r, r.publishCA()
}

// Create makes new keys, and fails with fault.Conflict when there are some:
// keys are never replaced by accident, because what they wrapped would be lost.
func Create(o Options) (*Ring, error) {
	o = o.withDefaults()
	dir := filepath.Join(o.Dir, keysDir)
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Newf(fault.Conflict, "There are keys in %s already. They were left as they are.", dir)
	}
	temporary, err := os.MkdirTemp(o.Dir, keysDir+".new-")
	if err != nil {
		return nil, fmt.Errorf("make key folder: %w", err)
	}
	defer os.RemoveAll(temporary) // nothing is left there once it has been renamed
	if err := fill(temporary, o); err != nil {
		return nil, err
	}
	if err := syncDir(temporary); err != nil {
		return nil, err
	}
	if err := os.Rename(temporary, dir); err != nil {
		return nil, fmt.Errorf("put key folder in place: %w", err)
	}
	if err := syncDir(o.Dir); err != nil {
		return nil, err
	}
	return Open(o)
}

// OpenOrCreate opens the keys, or makes them when there are none. created says
// which; the caller refuses to go on with new keys beside an old database.
func OpenOrCreate(o Options) (r *Ring, created bool, err error) {
	r, err = Open(o)
	if fault.Is(err, fault.NotFound) {
		r, err = Create(o)
		return r, err == nil, err
	}
	return r, false, err
}

// LogSigner returns the key that signs checkpoints of the log.
func (r *Ring) LogSigner() ed25519.PrivateKey { return r.log }

// Recipient returns the public half of the key-encryption key (age1…), by
// which an operator tells which key belongs to which folder.
func (r *Ring) Recipient() string { return r.kek.Recipient().String() }

func (o Options) withDefaults() Options {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return o
}

// fill writes a whole set of keys into an empty folder.
func fill(dir string, o Options) error {
	var kek *age.X25519Identity
	var err error
	if o.KEKFile != "" {
		if kek, err = readKEK(o); err != nil {
			return err
		}
	} else {
		if kek, err = age.GenerateX25519Identity(); err != nil {
			return fmt.Errorf("make key-encryption key: %w", err)
		}
		text := "# Touchstone key-encryption key. Without it nothing in this folder can be read.\n" +
			"# Keep a copy apart from the backups of the data.\n# public key: " + kek.Recipient().String() + "\n" + kek.String() + "\n"
		if err := writePrivate(filepath.Join(dir, kekName), []byte(text)); err != nil {
			return err
		}
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(o.Random, seed); err != nil {
		return fmt.Errorf("make log key: %w", err)
	}
	if err := writeWrapped(dir, logName, kek, seed); err != nil {
		return err
	}
	ca, err := newAuthority(o.Hosts, o.Now(), o.Random)
	if err != nil {
		return err
	}
	raw, err := ca.encode()
	if err != nil {
		return err
	}
	return writeWrapped(dir, caName, kek, raw)
}

func readKEK(o Options) (*age.X25519Identity, error) {
	path, external := o.KEKFile, o.KEKFile != ""
	if !external {
		path = filepath.Join(o.Dir, keysDir, kekName)
	}
	if err := checkSecretFile(path, external); err != nil {
		return nil, err
	}
	raw, err := readBounded(path)
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "The key-encryption key %s cannot be read. Put it back from its copy, "+
			"or give the file that holds it.", path).Because(err)
	}
	identities, err := age.ParseIdentities(strings.NewReader(string(raw)))
	if err != nil || len(identities) != 1 {
		return nil, fault.Newf(fault.Unavailable, "%s does not hold one age key (a line that begins with AGE-SECRET-KEY-1).", path)
	}
	kek, ok := identities[0].(*age.X25519Identity)
	if !ok {
		return nil, fault.Newf(fault.Unavailable, "%s holds an age key of another kind. An X25519 key is needed.", path)
	}
	return kek, nil
}

func (r *Ring) readWrapped(name string) ([]byte, error) {
	path := filepath.Join(r.options.Dir, keysDir, name)
	if err := checkSecretFile(path, false); err != nil {
		return nil, err
	}
	sealed, err := readBounded(path)
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "The key %s cannot be read. Put the folder back from its copy.", path).Because(err)
	}
	raw, err := unwrap(r.kek, name, sealed)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, fault.Newf(fault.Unavailable, "%s was wrapped by another key-encryption key. Give the one it was made with.", path).Because(err)
	}
	if err != nil {
		return nil, damaged(path, err)
	}
	return raw, nil
}

func writeWrapped(dir, name string, kek *age.X25519Identity, raw []byte) error {
	sealed, err := wrap(kek.Recipient(), name, raw)
	if err != nil {
		return err
	}
	return writePrivate(filepath.Join(dir, name), sealed)
}

func damaged(path string, cause error) error {
	return fault.Newf(fault.Unavailable, "%s is damaged. Put it back from its copy.", path).Because(cause)
}
