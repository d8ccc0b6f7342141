package app

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
)

// spool keeps the rows of one export on the disk: in the data folder, readable
// by nobody else, and without a name, so that it is gone when the program ends
// however it ends.
type spool struct {
	f     *os.File
	buf   *bufio.Writer
	enc   *gob.Encoder
	count int
}

func newSpool(files string) (*spool, error) {
	f, err := os.CreateTemp(filepath.Dir(files), ".export-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("make room for an export: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("make room for an export: %w", err), f.Close())
	}
	buf := bufio.NewWriterSize(f, 64<<10)
	return &spool{f: f, buf: buf, enc: gob.NewEncoder(buf)}, nil
}

func (s *spool) Close() error { return s.f.Close() }

func (s *spool) add(rows [][]string) error {
	for _, row := range rows {
		if err := s.enc.Encode(row); err != nil {
			return fmt.Errorf("put a row of an export aside: %w", err)
		}
	}
	s.count += len(rows)
	return nil
}

// all gives back what was put aside, one row at a time.
func (s *spool) all() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if err := s.buf.Flush(); err != nil {
			yield(nil, fmt.Errorf("put a row of an export aside: %w", err))
			return
		}
		if _, err := s.f.Seek(0, io.SeekStart); err != nil {
			yield(nil, fmt.Errorf("read an export back: %w", err))
			return
		}
		dec := gob.NewDecoder(bufio.NewReaderSize(s.f, 64<<10))
		for range s.count {
			var row []string
			if err := dec.Decode(&row); err != nil {
				yield(nil, fmt.Errorf("read an export back: %w", err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}
