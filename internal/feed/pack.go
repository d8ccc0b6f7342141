package feed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sort"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

// pack reads the compiled form of an archive (compile.go): the index once, bodies
// as they are asked for.
type pack struct {
	r        io.ReaderAt
	rows     []byte
	ids      string
	table    []byte
	postings []byte
	text     string
	bodies   int64 // where they begin
	length   int64 // of the bodies
}

// errDamaged says that a compiled form is not what was written.
var errDamaged = errors.New("compiled advisories are damaged")

// openPack reads head and index and checks them. It fails with errDamaged, also
// when the form is of another archive.
func openPack(r io.ReaderAt, size int64, digest, keyVersion string) (*pack, []advisory.Quarantined, error) {
	head := make([]byte, headSize)
	if size < int64(headSize) {
		return nil, nil, fmt.Errorf("%w: it ends too early", errDamaged)
	}
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, nil, fmt.Errorf("read compiled advisories: %w", err)
	}
	want := identity(digest, keyVersion)
	if !bytes.HasPrefix(head, want) {
		return nil, nil, fmt.Errorf("%w: it belongs to another archive", errDamaged)
	}
	le := binary.LittleEndian
	var lengths [sections]int64
	total := int64(headSize)
	for i := range lengths {
		n := le.Uint64(head[len(want)+8*i:])
		if n > uint64(size) {
			return nil, nil, fmt.Errorf("%w: a length is wrong", errDamaged)
		}
		lengths[i] = int64(n)
		total += lengths[i]
	}
	if total != size {
		return nil, nil, fmt.Errorf("%w: its size is wrong", errDamaged)
	}
	index := make([]byte, size-int64(headSize)-lengths[sections-1])
	if _, err := r.ReadAt(index, int64(headSize)); err != nil && err != io.EOF {
		return nil, nil, fmt.Errorf("read compiled advisories: %w", err)
	}
	sum := crc32.Update(crc32.Checksum(head[:headSize-4], castagnoli), castagnoli, index)
	if sum != le.Uint32(head[headSize-4:]) {
		return nil, nil, fmt.Errorf("%w: the checksum of its index is wrong", errDamaged)
	}
	p := &pack{r: r, bodies: int64(headSize) + int64(len(index)), length: lengths[sections-1]}
	take := func(n int64) []byte { s := index[:n]; index = index[n:]; return s }
	p.rows, p.ids, p.table = take(lengths[0]), string(take(lengths[1])), take(lengths[2])
	p.postings, p.text = take(lengths[3]), string(take(lengths[4]))
	c := cursor{s: string(index)}
	quarantined := list(&c, func() advisory.Quarantined {
		return advisory.Quarantined{ID: c.text(), Reason: c.text(),
			Packages: list(&c, func() advisory.Package { return advisory.Package{Ecosystem: c.text(), Name: c.text()} })}
	})
	if c.bad {
		return nil, nil, fmt.Errorf("%w: its quarantine is not in its form", errDamaged)
	}
	return p, quarantined, nil
}

func (p *pack) records() int { return len(p.rows)/rowSize - 1 }

// keyed gives the numbers of the records of a key.
func (p *pack) keyed(key string) []uint32 {
	le := binary.LittleEndian
	n := len(p.table)/8 - 1
	at := func(i int) string { return p.text[le.Uint32(p.table[8*i:]):le.Uint32(p.table[8*i+8:])] }
	i, found := sort.Find(n, func(i int) int { return strings.Compare(key, at(i)) })
	if !found {
		return nil
	}
	var out []uint32
	for j := le.Uint32(p.table[8*i+4:]); j < le.Uint32(p.table[8*i+12:]); j++ {
		out = append(out, le.Uint32(p.postings[4*j:]))
	}
	return out
}

// body reads a record as it lies there and checks it.
func (p *pack) body(n int) (string, error) {
	le := binary.LittleEndian
	row := p.rows[rowSize*n:]
	offset, length := int64(le.Uint64(row)), int64(le.Uint32(row[8:]))
	if offset < 0 || offset > p.length || length > p.length-offset {
		return "", fmt.Errorf("%w: a record lies outside", errDamaged)
	}
	b := make([]byte, length)
	if _, err := p.r.ReadAt(b, p.bodies+offset); err != nil && err != io.EOF {
		return "", fmt.Errorf("read a compiled advisory: %w", err)
	}
	if crc32.Checksum(b, castagnoli) != le.Uint32(row[12:]) {
		return "", fmt.Errorf("%w: the checksum of a record is wrong", errDamaged)
	}
	return string(b), nil
}

func (p *pack) record(n int) (advisory.Advisory, error) {
	s, err := p.body(n)
	if err != nil {
		return advisory.Advisory{}, err
	}
	a, err := readAdvisory(s)
	if err != nil {
		return a, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return a, nil
}

func (p *pack) id(n int) string {
	le := binary.LittleEndian
	return p.ids[le.Uint32(p.rows[rowSize*n+16:]):le.Uint32(p.rows[rowSize*n+rowSize+16:])]
}

// find gives the number of the record with an id.
func (p *pack) find(id string) (int, bool) {
	return sort.Find(p.records(), func(i int) int { return strings.Compare(id, p.id(i)) })
}
