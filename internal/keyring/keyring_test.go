package keyring

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"pgregory.net/rapid"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func options(t testing.TB) Options {
	return Options{Dir: t.TempDir(), Random: rand.NewChaCha8([32]byte{1}), Now: func() time.Time { return epoch }}
}

func create(t testing.TB, o Options) *Ring {
	t.Helper()
	r, err := Create(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKeysOnceMadeAreReadBackTheSame(t *testing.T) {
	o := options(t)
	if _, err := Open(o); !fault.Is(err, fault.NotFound) {
		t.Errorf("open without keys: %v", err)
	}
	made, created, err := OpenOrCreate(o)
	if err != nil || !created {
		t.Fatalf("%v %v", created, err)
	}
	again, created, err := OpenOrCreate(o)
	if err != nil || created {
		t.Fatalf("%v %v", created, err)
	}
	if !made.LogSigner().Equal(again.LogSigner()) || made.Recipient() != again.Recipient() || made.CAFingerprint() != again.CAFingerprint() {
		t.Error("the keys differ")
	}
	if len(made.LogSigner()) != ed25519.PrivateKeySize || len(made.CAFingerprint()) != 95 {
		t.Errorf("%d %s", len(made.LogSigner()), made.CAFingerprint())
	}
	if _, err := Create(o); !fault.Is(err, fault.Conflict) {
		t.Errorf("making keys over keys: %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(o.Dir, "*new-*"))
	hidden, _ := filepath.Glob(filepath.Join(o.Dir, ".*"))
	if len(left)+len(hidden) != 0 {
		t.Errorf("left behind: %v %v", left, hidden)
	}
}

func TestFilesHaveTheseModes(t *testing.T) {
	o := options(t)
	create(t, o)
	for name, want := range map[string]os.FileMode{"keys": 0o700, "keys/kek.txt": 0o600, "keys/log.age": 0o600, "keys/ca.age": 0o600, "ca.crt": 0o644} {
		info, err := os.Stat(filepath.Join(o.Dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want %o", name, info.Mode(), err, want)
		}
	}
}

func TestLooseOrSpoiltKeysAreRefusedWithTheRemedy(t *testing.T) {
	other := options(t)
	create(t, other)
	for name, c := range map[string]struct {
		spoil  func(dir string) error
		remedy string
	}{
		"folder open to the group":  {func(d string) error { return os.Chmod(d, 0o750) }, "chmod 0700"},
		"key readable by all":       {func(d string) error { return os.Chmod(filepath.Join(d, "kek.txt"), 0o644) }, "chmod 0600"},
		"log key readable by group": {func(d string) error { return os.Chmod(filepath.Join(d, "log.age"), 0o640) }, "chmod 0600"},
		"key is a link": {func(d string) error {
			if err := os.Rename(filepath.Join(d, "kek.txt"), filepath.Join(d, "else")); err != nil {
				return err
			}
			return os.Symlink("else", filepath.Join(d, "kek.txt"))
		}, "Put it back"},
		"key missing": {func(d string) error { return os.Remove(filepath.Join(d, "kek.txt")) }, "Put it back"},
		"key is text": {func(d string) error { return os.WriteFile(filepath.Join(d, "kek.txt"), []byte("hello"), 0o600) }, "AGE-SECRET-KEY-1"},
		"key is huge": {func(d string) error { return os.WriteFile(filepath.Join(d, "kek.txt"), make([]byte, 1<<20), 0o600) }, "Put it back"},
		"key of another folder": {func(d string) error {
			raw, err := os.ReadFile(filepath.Join(other.Dir, "keys", "kek.txt"))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(d, "kek.txt"), raw, 0o600)
		}, "another key-encryption key"},
		"log key cut short": {func(d string) error { return os.Truncate(filepath.Join(d, "log.age"), 200) }, "damaged"},
		"log key empty":     {func(d string) error { return os.Truncate(filepath.Join(d, "log.age"), 0) }, "damaged"},
		"log key missing":   {func(d string) error { return os.Remove(filepath.Join(d, "log.age")) }, "Put it back"},
		"authority in the place of the log key": {func(d string) error {
			return os.Rename(filepath.Join(d, "ca.age"), filepath.Join(d, "log.age"))
		}, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			create(t, o)
			if err := c.spoil(filepath.Join(o.Dir, "keys")); err != nil {
				t.Fatal(err)
			}
			_, _, err := OpenOrCreate(o)
			text, _ := fault.Public(err)
			if !fault.Is(err, fault.Unavailable) || !strings.Contains(text, c.remedy) {
				t.Errorf("%v", err)
			}
			if strings.Contains(fmt.Sprint(err), "AGE-SECRET-KEY-1Q") {
				t.Error("the key shows in the error")
			}
		})
	}
}

func TestTheKeyMayComeFromOutside(t *testing.T) {
	source := options(t)
	create(t, source)
	raw, err := os.ReadFile(filepath.Join(source.Dir, "keys", "kek.txt"))
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.KEKFile = filepath.Join(t.TempDir(), "credential")
	if err := os.WriteFile(o.KEKFile, raw, 0o440); err != nil {
		t.Fatal(err)
	}
	made := create(t, o)
	if _, err := os.Stat(filepath.Join(o.Dir, "keys", "kek.txt")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy of the key was written: %v", err)
	}
	if again, err := Open(o); err != nil || !again.LogSigner().Equal(made.LogSigner()) {
		t.Errorf("%v", err)
	}
	if err := os.Chmod(o.KEKFile, 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(o); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a key readable by all: %v", err)
	}
	o.KEKFile = t.TempDir()
	if _, err := Open(o); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a folder as the key: %v", err)
	}
}

func TestKeysAreMadeWholeOrNotAtAll(t *testing.T) {
	o := options(t)
	o.Random = iotest.ErrReader(io.ErrUnexpectedEOF)
	if _, err := Create(o); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	if left, _ := os.ReadDir(o.Dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	o.Random = rand.NewChaCha8([32]byte{})
	create(t, o)
}

func TestAnOrganisationsKeyOpensItsOwnFilesOnly(t *testing.T) {
	r := create(t, options(t))
	a, wrappedA, err := r.NewOrgKey("org_a")
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := r.NewOrgKey("org_b")
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.UnwrapOrgKey("org_a", wrappedA)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.UnwrapOrgKey("org_b", wrappedA); err == nil {
		t.Error("the key of another organisation was unwrapped")
	}
	if _, err := create(t, options(t)).UnwrapOrgKey("org_a", wrappedA); err == nil {
		t.Error("another installation unwrapped the key")
	}
	sealed := encrypt(t, a, []byte("evidence"))
	if bytes.Contains(sealed, []byte("evidence")) {
		t.Error("the content shows")
	}
	if got, err := decrypt(again, sealed); err != nil || string(got) != "evidence" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := decrypt(b, sealed); err == nil {
		t.Error("another organisation's key opens it")
	}
	for _, bad := range [][]byte{nil, {}, wrappedA[:len(wrappedA)-1], []byte("age-encryption.org/v1\n")} {
		if _, err := r.UnwrapOrgKey("org_a", bad); err == nil {
			t.Errorf("%q was unwrapped", bad)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v %s", a, a, a, a); text != "[key] [key] [key] [key]" {
		t.Errorf("the key prints as %s", text)
	}
	var none OrgKey
	_, errWrap := r.WrapOrgKey("org_a", none)
	_, errTo := EncryptTo(none, io.Discard)
	_, errFrom := Decrypt(none, bytes.NewReader(sealed))
	if errWrap == nil || errTo == nil || errFrom == nil {
		t.Errorf("no key was used: %v %v %v", errWrap, errTo, errFrom)
	}
}

// Property: what is encrypted comes back, and nothing that was cut or changed
// comes back without an error.
func TestEncryptionIsLosslessAndNotMalleable(t *testing.T) {
	r := create(t, options(t))
	key, _, err := r.NewOrgKey("org_a")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		plain := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(rt, "plain"), rapid.IntRange(0, 3000).Draw(rt, "times"))
		sealed := encrypt(rt, key, plain)
		if got, err := decrypt(key, sealed); err != nil || !bytes.Equal(got, plain) {
			rt.Fatalf("%d bytes: %v", len(plain), err)
		}
		cut := rapid.IntRange(0, len(sealed)-1).Draw(rt, "cut")
		if _, err := decrypt(key, sealed[:cut]); err == nil {
			rt.Fatalf("cut at %d of %d", cut, len(sealed))
		}
		sealed[cut] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		if _, err := decrypt(key, sealed); err == nil {
			rt.Fatalf("changed at %d of %d", cut, len(sealed))
		}
	})
}

func TestASealedSecretOpensForItsPurposeOnly(t *testing.T) {
	r := create(t, options(t))
	sealed, err := r.Seal("totp usr_1", []byte("GEZDGNBV"))
	if err != nil || bytes.Contains(sealed, []byte("GEZDGNBV")) {
		t.Fatalf("%q %v", sealed, err)
	}
	if got, err := r.Unseal("totp usr_1", sealed); err != nil || string(got) != "GEZDGNBV" {
		t.Errorf("%q %v", got, err)
	}
	for _, purpose := range []string{"totp usr_2", "totp usr_1\x00", "totp usr_", ""} {
		if _, err := r.Unseal(purpose, sealed); err == nil {
			t.Errorf("opened for %q", purpose)
		}
	}
	if _, err := r.UnwrapOrgKey("org_a", sealed); err == nil {
		t.Error("opened as a key")
	}
}

func FuzzUnseal(f *testing.F) {
	r := create(f, options(f))
	sealed, err := r.Seal("p", []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 "))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := r.Unseal("p", b); err == nil && string(got) != "x" {
			t.Errorf("%q opened as %q", b, got)
		}
	})
}

func encrypt(t interface{ Fatal(...any) }, key OrgKey, plain []byte) []byte {
	var sealed bytes.Buffer
	w, err := EncryptTo(key, &sealed)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return sealed.Bytes()
}

func decrypt(key OrgKey, sealed []byte) ([]byte, error) {
	r, err := Decrypt(key, bytes.NewReader(sealed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// First start must stay far below a second; most of this is the disk.
func BenchmarkCreate(b *testing.B) {
	for b.Loop() {
		create(b, options(b))
	}
}

func BenchmarkOpen(b *testing.B) {
	o := options(b)
	create(b, o)
	for b.Loop() {
		if _, err := Open(o); err != nil {
			b.Fatal(err)
		}
	}
}
