package feed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
)

// The compiled form of an archive, all numbers little-endian:
//
//	head      magic, form, SHA-256 of the archive's digest and of the key version,
//	          lengths of what follows, checksum of head and index
//	index     records: for each, in the order of ids: offset (8), length (4), checksum (4),
//	          offset of its id (4); one more
//	          text of the ids
//	          keys: for each, in order: offset of its text (4), of its postings (4); one more of both
//	          postings: numbers of records (4)
//	          text of the keys
//	          quarantine: id, reason and packages of each
//	bodies    the records (record.go), in the order in which the archive has them
//
// Checksums are CRC-32C: they find damage. Whoever can write to the directory is
// trusted, as whoever can write to the archives is.

const (
	magic    = "touchstone feed\n"
	sections = 7
	rowSize  = 20
	form     = 1 // changes with every change of this form, or of what is read from a record
	headSize = len(magic) + 4 + 2*sha256.Size + sections*8 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const chunk = 4 << 20

// builder takes records as they come.
type builder struct {
	key    func(ecosystem, name string) string
	chunks [][]byte // of bodies, so that none is copied as they grow
	length uint64
	rows   []row
	keys   map[string][]uint32 // the order in which records came
}

type row struct {
	id     string
	offset uint64
	length uint32
	sum    uint32
	came   uint32
}

// compile reads a source whole and gives its compiled form.
func compile(ctx context.Context, s Source, o Options) (Info, []byte, error) {
	b := builder{key: o.Key, keys: map[string][]uint32{}}
	info, err := walk(ctx, s, o, true, func(e Entry) error {
		if e.Quarantined == nil {
			b.add(e)
		}
		return nil
	})
	if err != nil {
		return Info{}, nil, err
	}
	return info, b.build(info, o.KeyVersion), nil
}

func (b *builder) add(e Entry) {
	came := uint32(len(b.rows))
	last := len(b.chunks) - 1
	if last < 0 || len(b.chunks[last]) > chunk*7/8 {
		b.chunks = append(b.chunks, make([]byte, 0, chunk))
		last++
	}
	start := len(b.chunks[last])
	b.chunks[last] = appendAdvisory(b.chunks[last], &e.Advisory)
	body := b.chunks[last][start:]
	b.rows = append(b.rows, row{id: e.Advisory.ID, offset: b.length, length: uint32(len(body)),
		sum: crc32.Checksum(body, castagnoli), came: came})
	b.length += uint64(len(body))
	for _, f := range e.Advisory.Affected {
		if f.Name == "" {
			continue
		}
		k := b.key(f.Ecosystem, f.Name)
		if k == "" {
			continue
		}
		if list := b.keys[k]; len(list) == 0 || list[len(list)-1] != came {
			b.keys[k] = append(list, came)
		}
	}
}

func (b *builder) build(info Info, keyVersion string) []byte {
	slices.SortFunc(b.rows, func(x, y row) int { return strings.Compare(x.id, y.id) })
	place := make([]uint32, len(b.rows)) // from the order of coming to the order of ids
	var rows, ids, table, postings, text, quarantine []byte
	le := binary.LittleEndian
	for i, r := range b.rows {
		place[r.came] = uint32(i)
		rows = le.AppendUint64(rows, r.offset)
		rows = le.AppendUint32(rows, r.length)
		rows = le.AppendUint32(rows, r.sum)
		rows = le.AppendUint32(rows, uint32(len(ids)))
		ids = append(ids, r.id...)
	}
	rows = le.AppendUint32(append(rows, make([]byte, rowSize-4)...), uint32(len(ids)))
	keys := make([]string, 0, len(b.keys))
	for k := range b.keys {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		table = le.AppendUint32(le.AppendUint32(table, uint32(len(text))), uint32(len(postings)/4))
		text = append(text, k...)
		list := b.keys[k]
		for i, came := range list {
			list[i] = place[came]
		}
		slices.Sort(list)
		for _, n := range list {
			postings = le.AppendUint32(postings, n)
		}
	}
	table = le.AppendUint32(le.AppendUint32(table, uint32(len(text))), uint32(len(postings)/4))
	quarantine = binary.AppendUvarint(quarantine, uint64(len(info.Quarantined)))
	for _, q := range info.Quarantined {
		quarantine = appendText(appendText(quarantine, q.ID), q.Reason)
		quarantine = binary.AppendUvarint(quarantine, uint64(len(q.Packages)))
		for _, p := range q.Packages {
			quarantine = appendText(appendText(quarantine, p.Ecosystem), p.Name)
		}
	}
	index := bytes.Join([][]byte{rows, ids, table, postings, text, quarantine}, nil)
	out := make([]byte, 0, headSize+len(index)+int(b.length))
	out = append(out, identity(info.Digest, keyVersion)...)
	for _, s := range [sections - 1][]byte{rows, ids, table, postings, text, quarantine} {
		out = le.AppendUint64(out, uint64(len(s)))
	}
	out = le.AppendUint64(out, b.length)
	out = le.AppendUint32(out, crc32.Update(crc32.Checksum(out, castagnoli), castagnoli, index))
	out = append(out, index...)
	for _, c := range b.chunks {
		out = append(out, c...)
	}
	return out
}

// identity is the beginning of the compiled form of one archive: another archive,
// form or version of keys has another.
func identity(digest, keyVersion string) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(magic), form)
	d, k := sha256.Sum256([]byte(digest)), sha256.Sum256([]byte(keyVersion))
	return append(append(out, d[:]...), k[:]...)
}
