package archive

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func sample(t testing.TB) []byte {
	t.Helper()
	dir := t.TempDir()
	var m Manifest
	for name, content := range map[string]string{"touchstone.db": "database", "attachments/ab/file.age": "sealed"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := m.Describe(name, path); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	err := Write(&b, m, func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, filepath.FromSlash(name))) })
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	out := t.TempDir()
	m, err := Read(bytes.NewReader(sample(t)), out)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 2 {
		t.Fatalf("%d files, want 2", len(m.Files))
	}
	b, err := os.ReadFile(filepath.Join(out, "attachments", "ab", "file.age"))
	if err != nil || string(b) != "sealed" {
		t.Fatalf("attachment is %q, %v", b, err)
	}
}

func TestEveryCutAndEveryChangedContentIsRefused(t *testing.T) {
	whole := sample(t)
	for _, n := range []int{0, 1, 511, 512, 700, len(whole) / 2} {
		if _, err := Read(bytes.NewReader(whole[:n]), t.TempDir()); !fault.Is(err, fault.Invalid) {
			t.Errorf("cut at %d: %v, want an invalid fault", n, err)
		}
	}
	for _, content := range []string{"database", "sealed"} {
		changed := bytes.Replace(whole, []byte(content), bytes.ToUpper([]byte(content)), 2)
		if _, err := Read(bytes.NewReader(changed), t.TempDir()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s changed: %v, want an invalid fault", content, err)
		}
	}
}

func TestANameOutsideTheFolderIsRefused(t *testing.T) {
	for _, name := range []string{"../escape", "/etc/passwd", "a/../../b", `a\b`} {
		var b bytes.Buffer
		m := Manifest{Files: []File{{Name: name, Size: 1, SHA256: "00"}}}
		if err := Write(&b, m, func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte("x"))), nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&b, t.TempDir()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want an invalid fault", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		folder := t.TempDir()
		_, _ = Read(bytes.NewReader(b), folder)
	})
}
