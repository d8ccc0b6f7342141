package feed

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// unzip lists the entries of an archive, and refuses one whose directory promises
// more than the limits, or the same bytes more than once.
func (o *opened) unzip(l Limits) error {
	z, err := zip.NewReader(&windows{file: o.file}, o.stat.Size())
	if err != nil {
		return fault.Newf(fault.Unsupported, "%s is not a zip archive, or is damaged.", o.info.Path).Because(err)
	}
	if len(z.File) > l.Entries {
		return fault.Newf(fault.TooLarge, "%s has %d entries; the most that is read is %d.", o.info.Path, len(z.File), l.Entries)
	}
	var packed, unpacked uint64
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") || !isRecord(f.Name) {
			continue
		}
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
		if packed > uint64(o.stat.Size()) || unpacked > uint64(l.Total) {
			return fault.Newf(fault.TooLarge, "The entries of %s are larger than the archive can hold, or than the %d bytes that are unpacked of one.", o.info.Path, l.Total)
		}
		o.items = append(o.items, item{name: f.Name, get: func() ([]byte, error) { return unpack(f, l) }})
	}
	return nil
}

// unpack reads one entry. Sizes are as the archive's directory says; an entry that
// holds more or less than it says fails, whatever the directory promised.
func unpack(f *zip.File, l Limits) ([]byte, error) {
	if f.UncompressedSize64 > uint64(l.Entry) {
		return nil, fault.Newf(fault.TooLarge, "The record has %d bytes; the most that is read is %d.", f.UncompressedSize64, l.Entry)
	}
	if f.UncompressedSize64 > uint64(l.Ratio)*(f.CompressedSize64+64) {
		return nil, fault.Newf(fault.TooLarge, "The record is packed more than %d times smaller than it is.", l.Ratio)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open an entry: %w", err)
	}
	defer in.Close()
	b := make([]byte, f.UncompressedSize64)
	if n, err := io.ReadFull(in, b); err != nil {
		return b[:n], fmt.Errorf("unpack an entry: %w", err)
	}
	var more [1]byte
	if n, err := in.Read(more[:]); n != 0 || err != io.EOF {
		return b, fmt.Errorf("unpack an entry: %w", zip.ErrChecksum)
	}
	return b, nil
}

// openLoose takes the digest of the names and contents of loose records. They are
// read twice, so that they need not be held.
func openLoose(s Source, l Limits) (*opened, error) {
	if len(s.loose) > l.Entries {
		return nil, fault.Newf(fault.TooLarge, "%s has %d records; the most that is read is %d.", s.Path, len(s.loose), l.Entries)
	}
	o := &opened{info: Info{Ecosystem: s.Ecosystem, Path: s.Path}}
	all := sha256.New()
	var total int64
	for _, path := range s.loose {
		info, err := os.Stat(path)
		if err != nil {
			return nil, cannotOpen(path, err)
		}
		o.info.AsOf = max(o.info.AsOf, info.ModTime().UnixMicro())
		if total += info.Size(); total > l.Total {
			return nil, fault.Newf(fault.TooLarge, "The records in %s have more than %d bytes.", s.Path, l.Total)
		}
		one, err := digestFile(path, l.Entry)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(all, "%x %s\n", one, filepath.Base(path))
		o.items = append(o.items, item{name: filepath.Base(path), get: func() ([]byte, error) { return readLoose(path, one, l) }})
	}
	o.info.Digest = "sha256:" + hex.EncodeToString(all.Sum(nil))
	return o, nil
}

// digestFile digests at most one byte more than a record may have.
func digestFile(path string, most int64) ([sha256.Size]byte, error) {
	var out [sha256.Size]byte
	f, err := os.Open(path)
	if err != nil {
		return out, cannotOpen(path, err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(f, most+1)); err != nil {
		return out, cannotOpen(path, err)
	}
	sum.Sum(out[:0])
	return out, nil
}

func readLoose(path string, digest [sha256.Size]byte, l Limits) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, l.Entry+1))
	switch {
	case err != nil:
		return b, fmt.Errorf("read a record: %w", err)
	case int64(len(b)) > l.Entry:
		return nil, fault.Newf(fault.TooLarge, "The record has more than %d bytes.", l.Entry)
	case sha256.Sum256(b) != digest:
		return b, fault.New(fault.Conflict, "The record changed while it was read.")
	}
	return b, nil
}
