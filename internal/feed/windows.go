package feed

import (
	"io"
	"sync"
)

// windows reads a file in large pieces and answers small reads from the last few:
// the entries of an archive lie one behind another and are read so, by a few workers
// at once, and a call of the system for each costs as much as unpacking it.
type windows struct {
	file io.ReaderAt
	mu   sync.Mutex
	kept [8]window
	next int
}

type window struct {
	at int64
	b  []byte
}

const windowSize = 512 << 10

func (w *windows) ReadAt(p []byte, off int64) (int, error) {
	if len(p) > windowSize/4 {
		return w.file.ReadAt(p, off)
	}
	n := 0
	for n < len(p) {
		k, err := w.copy(p[n:], off+int64(n))
		n += k
		if err != nil || k == 0 {
			return n, err
		}
	}
	return n, nil
}

// copy gives what one window holds of the bytes at off.
func (w *windows) copy(p []byte, off int64) (int, error) {
	if off < 0 {
		return w.file.ReadAt(p, off)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	at := off - off%windowSize
	for _, k := range w.kept {
		if k.at == at && k.b != nil && int(off-at) < len(k.b) {
			return copy(p, k.b[off-at:]), nil
		}
	}
	slot := &w.kept[w.next]
	w.next = (w.next + 1) % len(w.kept)
	if cap(slot.b) < windowSize {
		slot.b = make([]byte, windowSize)
	}
	slot.at = at
	n, err := w.file.ReadAt(slot.b[:windowSize], at)
	slot.b = slot.b[:n]
	if int(off-at) >= n {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return 0, err
	}
	return copy(p, slot.b[off-at:]), nil
}
