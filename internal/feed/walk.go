package feed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
)

// Entry is one record of a source: understood, or in quarantine.
type Entry struct {
	Name        string // of the file
	Raw         []byte // as it came; nil when it could not be unpacked; the receiver's to keep
	Advisory    advisory.Advisory
	Quarantined *advisory.Quarantined
}

// Walk reads every record of a source and gives them to each in the order in which
// they lie there, whole, one after another, while others are being unpacked. It
// stops at the first error of each, and fails when the source as a whole is not to
// be read: too large, not an archive, changed while it was read.
//
// A record that occurs twice under one id is given once when both are alike, and
// the second is given in quarantine when they differ.
func Walk(ctx context.Context, s Source, o Options, each func(Entry) error) (Info, error) {
	return walk(ctx, s, o.orDefaults(), false, each)
}

func walk(ctx context.Context, s Source, o Options, brief bool, each func(Entry) error) (Info, error) {
	in, err := open(s, o.Limits)
	if err != nil {
		return Info{}, err
	}
	defer in.Close()
	info := in.info
	seen := repeats{seed: maphash.MakeSeed(), contents: map[string]uint64{}}
	deliver := func(e Entry) error {
		if e.Quarantined == nil && seen.again(&e) {
			return nil
		}
		if e.Quarantined != nil {
			info.Quarantined = append(info.Quarantined, *e.Quarantined)
		}
		return each(e)
	}
	if err := decode(ctx, in, o, brief, deliver); err != nil {
		return Info{}, err
	}
	info.Records = len(seen.contents)
	return info, in.unchanged()
}

// repeats knows the content that each id came with, by a hash that nobody outside
// the process can aim at.
type repeats struct {
	seed     maphash.Seed
	contents map[string]uint64
}

// again reports that the same record came before. One whose id another record had
// that says something else goes into quarantine: nobody can tell which of them holds.
func (r repeats) again(e *Entry) bool {
	content := maphash.Bytes(r.seed, e.Raw)
	before, known := r.contents[e.Advisory.ID]
	switch {
	case !known:
		r.contents[e.Advisory.ID] = content
	case before == content:
		return true
	default:
		e.Quarantined = &advisory.Quarantined{ID: cut(e.Advisory.ID, 200), Packages: packagesOf(e.Advisory),
			Reason: "Another record of the same archive has this id and says something else."}
		e.Advisory = advisory.Advisory{}
	}
	return false
}

func packagesOf(a advisory.Advisory) []advisory.Package {
	var out []advisory.Package
	for _, f := range a.Affected {
		if f.Name != "" {
			out = append(out, advisory.Package{Ecosystem: f.Ecosystem, Name: f.Name})
		}
	}
	return out
}

// read makes an entry of the bytes of a file.
func read(r *osv.Reader, name string, raw []byte, err error) Entry {
	e := Entry{Name: name, Raw: raw}
	if err == nil {
		if e.Advisory, err = r.Read(raw); err == nil {
			return e
		}
	}
	id, packages := osv.Salvage(raw)
	if id == "" {
		id = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	e.Quarantined = &advisory.Quarantined{ID: cut(id, 200), Reason: reason(err), Packages: packages}
	return e
}

// reason says in one line why a record is in quarantine.
func reason(err error) string {
	public, problems := fault.Public(err)
	if fault.KindOf(err) == fault.Internal {
		return "The record could not be unpacked: " + cut(err.Error(), 200) + "."
	}
	if len(problems) == 0 {
		return public
	}
	p := problems[0]
	text := p.Detail
	if p.Pointer != "" {
		text = "At " + cut(p.Pointer, 200) + ": " + text
	}
	if more := len(problems) - 1; more > 0 {
		text += fmt.Sprintf(" There are %d more faults.", more)
	}
	return text
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// opened is a source with its files at hand.
type opened struct {
	info  Info
	file  *os.File // nil for loose records
	stat  os.FileInfo
	items []item
}

// item is one file, unpacked by get into a buffer of its own.
type item struct {
	name string
	get  func() ([]byte, error)
}

func (o *opened) Close() error {
	if o.file == nil {
		return nil
	}
	return o.file.Close()
}

// unchanged fails when the archive was written to while it was read: the digest
// would be of something else than the records.
func (o *opened) unchanged() error {
	if o.file == nil {
		return nil
	}
	now, err := o.file.Stat()
	if err != nil {
		return fmt.Errorf("look at %s again: %w", o.info.Path, err)
	}
	if now.Size() != o.stat.Size() || !now.ModTime().Equal(o.stat.ModTime()) {
		return fault.Newf(fault.Conflict, "%s changed while it was read. Replace archives by renaming, and try again.", o.info.Path)
	}
	return nil
}

func open(s Source, l Limits) (*opened, error) {
	if s.loose != nil {
		return openLoose(s, l)
	}
	o, err := openFile(s, l)
	if err != nil {
		return nil, err
	}
	if err := o.unzip(l); err != nil {
		o.Close()
		return nil, err
	}
	return o, nil
}

// openFile opens an archive and takes its digest, and does not look inside.
func openFile(s Source, l Limits) (*opened, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, cannotOpen(s.Path, err)
	}
	o := &opened{file: f, info: Info{Ecosystem: s.Ecosystem, Path: s.Path}}
	if o.stat, err = f.Stat(); err == nil && !o.stat.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		f.Close()
		return nil, cannotOpen(s.Path, err)
	}
	if o.stat.Size() > l.Archive {
		f.Close()
		return nil, fault.Newf(fault.TooLarge, "%s has %d bytes; the most that is read of an archive is %d.", s.Path, o.stat.Size(), l.Archive)
	}
	sum := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		f.Close()
		return nil, cannotOpen(s.Path, err)
	}
	o.info.AsOf = o.stat.ModTime().UnixMicro()
	o.info.Digest = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	return o, nil
}
