package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

const (
	maxDepth = 32  // of JSON
	maxKey   = 200 // characters of an Idempotency-Key
)

// sent is a request that was read and can be understood.
type sent struct {
	key    string // Idempotency-Key
	digest string // of method, path and content; "" without a key
	file   *upload
}

func (s sent) close() {
	if s.file != nil {
		s.file.close()
	}
}

// read takes the body in, and puts it back as checked JSON.
func (s *server) read(r *http.Request, op Operation) (sent, error) {
	var out sent
	var err error
	if out.key, err = idempotencyKey(r, op); err != nil {
		return out, err
	}
	mediaType, err := mediaTypeOf(r)
	if err != nil {
		return out, err
	}
	var body, identity []byte
	switch {
	case mediaType == "multipart/form-data" && op.form:
		var f form
		if f, err = s.readForm(r); err != nil {
			return out, err
		}
		out.file, body, identity = f.file, f.json, f.identity
	case mediaType == "" || mediaType == "application/json":
		if body, err = edge.ReadBody(r, s.opts.MaxBody); err != nil {
			return out, err
		}
		if mediaType == "" && len(body) > 0 {
			return out, errMediaType(op)
		}
		if len(body) > 0 {
			err = checkJSON(body)
		}
		identity = body
	default:
		return out, errMediaType(op)
	}
	if err != nil {
		out.close()
		return out, err
	}
	if len(body) == 0 && s.needsBody(r, op) {
		var p fault.Problems
		p.Add("", "The request needs a body in JSON.")
		return out, p.Err()
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Type", "application/json")
	if out.key != "" {
		sum := sha256.New()
		fmt.Fprintf(sum, "%s\n%s\n", r.Method, r.URL.Path)
		sum.Write(identity)
		out.digest = hex.EncodeToString(sum.Sum(nil))
	}
	return out, nil
}

func (s *server) needsBody(_ *http.Request, op Operation) bool {
	b := s.find(op.Method, Prefix+op.Path).RequestBody
	return b != nil && b.Required
}

// mediaTypeOf reads Content-Type; "" when there is none.
func mediaTypeOf(r *http.Request) (string, error) {
	values := r.Header.Values("Content-Type")
	if len(values) == 0 {
		return "", nil
	}
	t, params, err := mime.ParseMediaType(values[0])
	if err != nil || len(values) > 1 {
		return "", fault.New(fault.Unsupported, "The Content-Type of the request cannot be read.")
	}
	if c := params["charset"]; c != "" && !strings.EqualFold(c, "utf-8") {
		return "", fault.New(fault.Unsupported, "Text is taken as UTF-8 only.")
	}
	return t, nil
}

func errMediaType(op Operation) error {
	if op.form {
		return fault.New(fault.Unsupported, "Send application/json, or multipart/form-data with a file.")
	}
	return fault.New(fault.Unsupported, "Send the body as application/json.")
}

func idempotencyKey(r *http.Request, op Operation) (string, error) {
	values := r.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	var p fault.Problems
	switch {
	case op.secret:
		p.Add("/Idempotency-Key", "This operation takes no Idempotency-Key: what it answers is secret, so it is not kept to be given out again.")
	case len(values) > 1 || values[0] == "" || len(values[0]) > maxKey || strings.ContainsFunc(values[0], func(c rune) bool { return c < 0x21 || c > 0x7e }):
		p.Add("/Idempotency-Key", "Send one Idempotency-Key of 1 to %d printable characters without spaces.", maxKey)
	}
	return values[0], p.Err()
}

// version reads If-Match: the version that the caller read, as the ETag gave it.
// Without the header it is 0, which matches only what does not exist yet.
//
// One version is taken: a list or “*” would let a caller overwrite what they
// have not seen.
func version(header string) (int64, error) {
	if header == "" {
		return 0, nil
	}
	if strings.HasPrefix(header, "W/") {
		return 0, fault.New(fault.Stale, "A weak ETag never matches. Send the ETag as you got it.") // RFC 9110 section 13.1.1
	}
	text := header
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || text != strconv.FormatInt(n, 10) {
		var p fault.Problems
		p.Add("/If-Match", "Send the one version that you read, like \"3\".")
		return 0, p.Err()
	}
	return n, nil
}

func etag(version int64) string { return `"` + itoa(version) + `"` }

// checkJSON refuses a body that is not one JSON value in UTF-8, that is nested
// too deeply, that holds NUL (PostgreSQL cannot keep it), or that names a field
// twice, of which readers would keep different ones.
func checkJSON(b []byte) error {
	if err := edge.CheckText(b); err != nil {
		return err
	}
	var p fault.Problems
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := (&walker{d: d, p: &p}).value("", 0); err != nil {
		p = nil
		p.Add("", "The body is not JSON that can be read.")
		if errors.Is(err, errDeep) {
			p = nil
			p.Add("", "The body is nested more than %d levels deep.", maxDepth)
		}
		return p.Err()
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		p.Add("", "There is something after the end of the JSON.")
	}
	return p.Err()
}

var errDeep = errors.New("nested too deeply")

// walker goes over JSON token by token, so that depth is bounded before anything
// is built in memory.
type walker struct {
	d *json.Decoder
	p *fault.Problems
}

func (w *walker) value(pointer string, depth int) error {
	t, err := w.d.Token()
	if err != nil {
		return err
	}
	switch t := t.(type) {
	case string:
		if strings.ContainsRune(t, 0) {
			w.p.Add(pointer, "This holds a character that cannot be used.")
		}
	case json.Delim:
		if depth >= maxDepth {
			return errDeep
		}
		if t == '{' {
			return w.object(pointer, depth)
		}
		return w.array(pointer, depth)
	}
	return nil
}

func (w *walker) object(pointer string, depth int) error {
	var names []string
	for w.d.More() {
		t, err := w.d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string) // the decoder gives nothing else here
		at := pointer + "/" + escapePointer(name)
		if name != strings.ToLower(name) {
			w.p.Add(at, "This is not a field that is taken here. All names are in lower case.") // encoding/json would take it
		}
		if len(names) < 100 && slices.Contains(names, name) {
			w.p.Add(at, "This field was sent twice.")
		}
		names = append(names, name)
		if err := w.value(at, depth+1); err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	return err
}

func (w *walker) array(pointer string, depth int) error {
	for i := 0; w.d.More(); i++ {
		if err := w.value(pointer+"/"+strconv.Itoa(i), depth+1); err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	return err
}

// instant is a time in microseconds as it is answered; null when there is none.
func instant(us int64) *time.Time {
	if us == 0 {
		return nil
	}
	t := time.UnixMicro(us).UTC()
	return &t
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
