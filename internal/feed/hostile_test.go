package feed_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// raw makes an archive of one entry whose directory says what it is told to say.
func raw(t *testing.T, content []byte, says uint64) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.CreateRaw(&zip.FileHeader{Name: "X.json", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: says})
	if err == nil {
		_, err = f.Write(packed.Bytes())
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestABombIsQuarantinedWithoutBeingUnpacked(t *testing.T) {
	sound := []byte(record("X", "npm", "a", "1"))
	padded := append(sound[:len(sound):len(sound)], bytes.Repeat([]byte(" "), 1<<20)...)
	for _, c := range []struct {
		says    string
		content []byte
		size    uint64
		limits  feed.Limits
		reason  string
	}{
		{"packed beyond the ratio", padded, uint64(len(padded)), feed.Limits{}, "packed more than"},
		{"larger than a record may be", sound, uint64(len(sound)), feed.Limits{Entry: 20}, "the most that is read"},
		{"holds more than it says", padded, uint64(len(sound)), feed.Limits{}, "could not be unpacked"},
		{"holds less than it says", sound, uint64(len(sound)) + 5, feed.Limits{}, "could not be unpacked"},
		{"a record beyond its own limits", sound, uint64(len(sound)), feed.Limits{Record: budget.Limits{Depth: 2}}, "nests deeper"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "npm", "all.zip"), raw(t, c.content, c.size))
		f := openSet(t, dir, feed.Options{Limits: c.limits}).Feeds()[0]
		if f.Records != 0 || len(f.Quarantined) != 1 || f.Quarantined[0].ID != "X" || !strings.Contains(f.Quarantined[0].Reason, c.reason) {
			t.Errorf("%s: %+v", c.says, f)
		}
	}
}

func TestAnArchiveBeyondItsLimitsIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "npm", "all.zip")
	archive(t, path, file{"A.json", record("A", "npm", "a", "1")}, file{"B.json", record("B", "npm", "b", "1")})
	for says, l := range map[string]feed.Limits{
		"bytes":    {Archive: 100},
		"entries":  {Entries: 1},
		"unpacked": {Total: 100},
	} {
		if _, err := feed.Open(context.Background(), dir, feed.Options{Limits: l}); !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", says, err)
		}
	}
	write(t, path, raw(t, []byte("{}"), 1<<60))
	if _, err := feed.Open(context.Background(), dir, feed.Options{}); !fault.Is(err, fault.TooLarge) {
		t.Errorf("an entry that says it is enormous: %v", err)
	}
}

// Entries that share their packed bytes unpack to far more than the archive holds.
func TestEntriesThatOverlapAreRefused(t *testing.T) {
	content := []byte(record("X", "npm", "a", "1") + strings.Repeat(" ", 4000))
	one := raw(t, content, uint64(len(content)))
	end := len(one) - 22
	start := int(binary.LittleEndian.Uint32(one[end+16:]))
	entry := one[start:end]
	var b bytes.Buffer
	b.Write(one[:start])
	const times = 500
	for range times {
		b.Write(entry)
	}
	tail := append([]byte(nil), one[end:]...)
	binary.LittleEndian.PutUint16(tail[8:], times)
	binary.LittleEndian.PutUint16(tail[10:], times)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(entry)*times))
	b.Write(tail)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "npm", "all.zip"), b.Bytes())
	if _, err := feed.Open(context.Background(), dir, feed.Options{}); !fault.Is(err, fault.TooLarge) {
		t.Errorf("%d entries that are one: %v", times, err)
	}
}

func TestAnArchiveCutShortAnywhereIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "npm", "all.zip")
	archive(t, path, file{"A.json", record("A", "npm", "a", "1")}, file{"B.json", record("B", "npm", "b", "1")})
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		write(t, path, whole[:len(whole)*i/100])
		if _, err := feed.Open(context.Background(), dir, feed.Options{}); err == nil || fault.Is(err, fault.Internal) {
			t.Errorf("cut at %d %%: %v", i, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	path := filepath.Join(dir, "npm", "all.zip")
	archive(f, path, file{"A.json", record("A", "npm", "a", "1")}, file{"B.json", "{"})
	seed, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "all.zip")
		write(t, path, b)
		s, err := feed.Open(context.Background(), path, feed.Options{Workers: 1, Limits: feed.Limits{Entry: 1 << 16, Total: 1 << 20, Entries: 100}})
		if err != nil {
			if fault.Is(err, fault.Internal) {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		defer s.Close()
		if info := s.Feeds()[0]; len(all(t, s)) != info.Records {
			t.Fatalf("%+v", info)
		}
	})
}
