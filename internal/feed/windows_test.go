package feed

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestWindowsReadWhatTheFileHolds(t *testing.T) {
	content := make([]byte, 3*windowSize+12345)
	for i := range content {
		content[i] = byte(i * 7 >> 3)
	}
	rapid.Check(t, func(t *rapid.T) {
		w := &windows{file: bytes.NewReader(content)}
		for range rapid.IntRange(1, 20).Draw(t, "reads") {
			off := rapid.IntRange(0, len(content)+10).Draw(t, "off")
			got := make([]byte, rapid.SampledFrom([]int{1, 30, 4096, windowSize / 4, windowSize + 1}).Draw(t, "length"))
			n, err := w.ReadAt(got, int64(off))
			want := content[min(off, len(content)):min(off+len(got), len(content))]
			if !bytes.Equal(got[:n], want) || (n < len(got)) != (err != nil) {
				t.Fatalf("%d bytes at %d: %d read, %v", len(got), off, n, err)
			}
		}
	})
}
