package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

const (
	maxFields = 64
	maxField  = 64 << 10 // bytes of one field of a form
)

type fileKey struct{}

// upload is the file of a form. It lies in a file without a name, which is gone
// when it is closed or the process ends.
type upload struct {
	name   string
	digest string
	file   *os.File
}

func (u *upload) close() { u.file.Close() } //nolint:errcheck // it was only read since

// input is the file as app takes it; nil when none was sent.
func (u *upload) input() *app.Upload {
	if u == nil {
		return nil
	}
	return &app.Upload{Name: u.name, Content: u.file}
}

// form is a form as the JSON that would say the same, with its file beside it.
// A dot in the name of a field stands for an object: “held.marking”.
type form struct {
	json     []byte
	identity []byte // the same for the same content, whatever the boundary
	file     *upload
}

func (s *server) readForm(r *http.Request) (f form, err error) {
	if s.opts.MaxForm > 0 {
		r.Body = http.MaxBytesReader(nil, r.Body, s.opts.MaxForm)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return f, fault.New(fault.Invalid, "The form cannot be read: its Content-Type names no boundary.").Because(err)
	}
	defer func() {
		if err != nil && f.file != nil {
			f.file.close()
			f.file = nil
		}
	}()
	fields := map[string]string{}
	var p fault.Problems
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, formError(r, err)
		}
		if n >= maxFields {
			return f, fault.New(fault.TooLarge, "The form has too many fields.")
		}
		if err := s.readPart(r, part, fields, &f, &p); err != nil {
			return f, err
		}
	}
	if err := p.Err(); err != nil {
		return f, err
	}
	f.json, err = json.Marshal(nested(fields))
	f.identity = f.json
	if f.file != nil {
		f.identity = append(slices.Clone(f.json), "\n"+f.file.name+"\n"+f.file.digest...)
	}
	return f, err
}

func (s *server) readPart(r *http.Request, part *multipart.Part, fields map[string]string, f *form, p *fault.Problems) error {
	name := part.FormName()
	if err := edge.CheckText([]byte(name + part.FileName())); err != nil || name == "" {
		p.Add("", "A part of the form has no name that can be read.")
		return nil
	}
	at := "/" + escapePointer(name)
	if part.FileName() != "" || name == "file" {
		if name != "file" || f.file != nil {
			p.Add(at, "One file is taken, in the field “file”.")
			return nil
		}
		var err error
		f.file, err = s.keep(r, part)
		return err
	}
	value, err := io.ReadAll(io.LimitReader(part, maxField+1))
	switch _, twice := fields[name]; {
	case err != nil:
		return formError(r, err)
	case len(value) > maxField:
		return fault.New(fault.TooLarge, "A field of the form is too long.")
	case edge.CheckText(value) != nil:
		p.Add(at, "This holds a character that cannot be used.")
	case twice:
		p.Add(at, "This field was sent twice.")
	default:
		fields[name] = string(value)
	}
	return nil
}

// keep takes the file in, so that its digest is known before anything is done.
func (s *server) keep(r *http.Request, part *multipart.Part) (u *upload, err error) {
	file, err := os.CreateTemp(s.opts.TempDir, "upload-*")
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	defer func() {
		if err != nil {
			file.Close() //nolint:errcheck // nothing in it is needed
		}
	}()
	if err := os.Remove(file.Name()); err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	sum := sha256.New()
	reader := &failing{r: part}
	if _, err := io.Copy(io.MultiWriter(file, sum), reader); err != nil {
		if reader.failed {
			return nil, formError(r, err)
		}
		return nil, fault.New(fault.Unavailable, "There is no room to take the file in now.").Because(err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	return &upload{name: part.FileName(), digest: hex.EncodeToString(sum.Sum(nil)), file: file}, nil
}

// failing tells a failure to read from one to write.
type failing struct {
	r      io.Reader
	failed bool
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	f.failed = err != nil && !errors.Is(err, io.EOF)
	return n, err
}

func formError(r *http.Request, err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || r.Context().Err() != nil {
		return err
	}
	return fault.New(fault.Invalid, "The form cannot be read. Check that it is whole.").Because(err)
}

// nested turns “held.marking” into an object within an object.
func nested(fields map[string]string) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		outer, inner, deep := strings.Cut(name, ".")
		if !deep {
			out[name] = fields[name]
			continue
		}
		object, ok := out[outer].(map[string]any)
		if !ok {
			object = map[string]any{}
			out[outer] = object // a plain field of the same name gives way and is missed by nobody: it is no field of any form
		}
		object[inner] = fields[name]
	}
	return out
}

// formOf describes the form that says the same as a JSON body.
func formOf(body *huma.Schema, registry huma.Registry) *huma.MediaType {
	if body.Ref != "" {
		body = registry.SchemaFromRef(body.Ref)
	}
	out := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{}, Required: body.Required, AdditionalProperties: false}
	for name, p := range body.Properties {
		if p.Ref == "" {
			out.Properties[name] = p
			continue
		}
		for inner, q := range registry.SchemaFromRef(p.Ref).Properties {
			out.Properties[name+"."+inner] = q
		}
	}
	out.Properties["file"] = &huma.Schema{Type: "string", Format: "binary", Description: "The file itself."}
	return &huma.MediaType{Schema: out}
}
