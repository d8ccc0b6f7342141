package edge

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// ReadBody reads a body of at most limit bytes.
//
// It fails with fault.TooLarge beyond the limit, and with fault.Invalid when the
// body breaks off.
func ReadBody(r *http.Request, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), int64(len(b)) > limit:
		return nil, fault.Newf(fault.TooLarge, "What was sent is larger than %d kB, the most that is taken here.", limit>>10)
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case err != nil:
		return nil, fault.New(fault.Invalid, "The body of the request broke off before its end.").Because(err)
	}
	return b, nil
}

// CheckText refuses text that is not UTF-8 or holds NUL.
func CheckText(b []byte) error {
	if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 {
		return nil
	}
	var p fault.Problems
	p.Add("", "The body holds bytes that are not UTF-8 text.")
	return p.Err()
}
