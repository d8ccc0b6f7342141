package edge

import (
	"net/http"
	"strconv"
	"time"
)

// recorder notes what was answered, and adds how long it took before the header
// leaves.
type recorder struct {
	http.ResponseWriter
	start  time.Time
	now    func() time.Time
	status int // 0 until the header is written
	bytes  int64
}

// WriteHeader writes the header once; later calls do nothing, so that a failure
// behind a written header cannot confuse it.
func (w *recorder) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	if status >= 200 {
		w.status = status
		w.Header().Set("Server-Timing", "app;dur="+strconv.FormatFloat(float64(w.now().Sub(w.start).Microseconds())/1000, 'f', 3, 64))
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Flush sends what was written so far.
func (w *recorder) Flush() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush() // a writer that cannot flush holds nothing back for long
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
