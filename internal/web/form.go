package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// maxForm is the size of a form without its file, in bytes.
const maxForm = 2 << 20

// form is what a person typed, with what is wrong with it. Its controls are made
// by its methods, which fill in what was typed and the error of the field.
//
// A problem at the pointer "/held/marking" belongs to the control held_marking.
type form struct {
	values   url.Values
	problems []fault.Problem
	general  string            // what is wrong with the whole
	fields   []string          // pointers in the order in which controls were made
	ids      map[string]string // pointer -> id of the control to which its error links
}

func newForm(values url.Values) *form {
	if values == nil {
		values = url.Values{}
	}
	return &form{values: values, ids: map[string]string{}}
}

// filled is a form that shows what is on record. Pairs are name and value.
func filled(pairs ...string) *form {
	f := newForm(nil)
	for i := 0; i+1 < len(pairs); i += 2 {
		f.values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// take keeps the problems of err and reports whether the form can be shown again
// because of them. Any other error is the caller's to return.
func (f *form) take(err error) bool {
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid && e.Kind != fault.Conflict && e.Kind != fault.TooLarge && e.Kind != fault.Unsupported {
		return false
	}
	f.problems = append(f.problems, e.Problems...)
	if len(e.Problems) == 0 || e.Kind != fault.Invalid {
		f.general = e.Public
	}
	return true
}

// wrong reports whether the form has any problem.
func (f *form) wrong() bool { return f != nil && (len(f.problems) > 0 || f.general != "") }

// text is what was typed, line ends as \n.
func (f *form) text(name string) string {
	return strings.ReplaceAll(f.values.Get(name), "\r\n", "\n")
}

// id is what was chosen, made safe to look up.
func (f *form) id(name string) string { return identifier(f.values.Get(name)) }

// number is a whole number that the page itself wrote; 0 when it is none.
func (f *form) number(name string) int64 {
	n, err := strconv.ParseInt(f.values.Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (f *form) yes(name string) bool { return f.values.Get(name) == "yes" }

// date puts the three fields of a date together. What is no date stays as it
// was typed, so that the rules of domain refuse it; three empty fields are none.
func (f *form) date(name string) civil.Date {
	day, month, year := strings.TrimSpace(f.text(name+"-day")), strings.TrimSpace(f.text(name+"-month")), strings.TrimSpace(f.text(name+"-year"))
	if day == "" && month == "" && year == "" {
		return ""
	}
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	return civil.Date(year + "-" + pad(month) + "-" + pad(day))
}

// setDate fills the three fields of a date.
func (f *form) setDate(name string, d civil.Date) {
	if !d.Valid() {
		return
	}
	parts := strings.Split(string(d), "-")
	for i, part := range []string{"-year", "-month", "-day"} {
		f.values.Set(name+part, strings.TrimLeft(parts[i], "0"))
	}
}

// pointer is where the problems of a control are filed, by its name or one of
// the other pointers that the domain uses for it.
func (f *form) problem(id, name string, also ...string) govuk.ErrorMessage {
	var texts []string
	for _, pointer := range append([]string{name}, also...) {
		pointer = "/" + strings.Trim(strings.ReplaceAll(pointer, "_", "/"), "/")
		f.fields = append(f.fields, pointer)
		f.ids[pointer] = id
		for _, p := range f.problems {
			if control(p.Pointer) == pointer && !slices.Contains(texts, p.Detail) {
				texts = append(texts, p.Detail)
			}
		}
	}
	return govuk.ErrorMessage{Text: strings.Join(texts, " ")}
}

// control is the form of a pointer by which controls are found: /set_reason and
// /set/reason are the same.
func control(pointer string) string { return strings.ReplaceAll(pointer, "_", "/") }

// input fills in a one-line field; it needs a Name and a Label.
func (f *form) input(c govuk.Input) govuk.Input {
	c.ID, c.Value, c.Error = c.Name, f.text(c.Name), f.problem(c.Name, c.Name)
	return c
}

// area fills in a text field of several lines.
func (f *form) area(c govuk.Textarea) govuk.Textarea {
	c.ID, c.Value, c.Error = c.Name, f.text(c.Name), f.problem(c.Name, c.Name)
	return c
}

// choose fills in a drop-down.
func (f *form) choose(c govuk.Select) govuk.Select {
	c.ID, c.Value, c.Error = c.Name, f.text(c.Name), f.problem(c.Name, c.Name)
	return c
}

// radios fills in a choice of one.
func (f *form) radios(c govuk.Radios) govuk.Radios {
	c.Value, c.Error = f.text(c.Name), f.problem(c.Name, c.Name)
	return c
}

// checkboxes fills in a choice of any number.
func (f *form) checkboxes(c govuk.Checkboxes) govuk.Checkboxes {
	c.Values, c.Error = f.values[c.Name], f.problem(c.Name, c.Name)
	return c
}

// dateInput fills in the three fields of a date; it needs a NamePrefix.
func (f *form) dateInput(c govuk.DateInput) govuk.DateInput {
	name := c.NamePrefix
	c.ID = name
	c.Day, c.Month, c.Year = f.text(name+"-day"), f.text(name+"-month"), f.text(name+"-year")
	c.Error = f.problem(name+"-day", name)
	if c.Fieldset.Role == "" {
		c.Fieldset.Role = "group"
	}
	return c
}

// file is a file field; what was chosen cannot be filled in again.
func (f *form) file(c govuk.FileUpload) govuk.FileUpload {
	c.ID, c.Error = c.Name, f.problem(c.Name, c.Name)
	return c
}

// summary lists every problem in the order of the controls, each with a link to
// its control. Problems of things that the page does not ask for come last.
func (f *form) summary() govuk.ErrorSummary {
	var s govuk.ErrorSummary
	if f == nil {
		return s
	}
	if f.general != "" {
		s.Errors = append(s.Errors, govuk.ErrorLink{Text: f.general})
	}
	told := map[fault.Problem]bool{}
	add := func(p fault.Problem, id string) {
		if told[p] {
			return
		}
		told[p] = true
		link := govuk.ErrorLink{Text: p.Detail}
		if id != "" {
			link.Href = "#" + id
		}
		s.Errors = append(s.Errors, link)
	}
	for _, pointer := range f.fields {
		for _, p := range f.problems {
			if control(p.Pointer) == pointer {
				add(p, f.ids[pointer])
			}
		}
	}
	for _, p := range f.problems {
		add(p, "")
	}
	return s
}

// readForm reads the body of a write before its handler runs, so that whatever
// happens next, what was typed is at hand.
func (s *Site) readForm(rq *request) error {
	rq.form = newForm(nil)
	kind, params, _ := mime.ParseMediaType(rq.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		rq.Body = http.MaxBytesReader(rq.w, rq.Body, s.MaxUpload+maxForm)
		return rq.readParts(multipart.NewReader(rq.Body, params["boundary"]))
	}
	rq.Body = http.MaxBytesReader(rq.w, rq.Body, maxForm)
	if err := rq.ParseForm(); err != nil {
		return formFault(err)
	}
	rq.form.values = rq.PostForm
	return nil
}

// readParts reads the fields of a form with a file. The file is the last field,
// so that it goes to its place as a stream and never lies unsealed on a disk.
func (rq *request) readParts(parts *multipart.Reader) error {
	left := int64(maxForm)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return formFault(err)
		}
		if part.FileName() != "" {
			if rq.signedIn() {
				rq.upload = &app.Upload{Name: part.FileName(), Content: part}
			}
			return nil
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return formFault(err)
		}
		if left -= int64(len(value)); left < 0 {
			return errTooLarge
		}
		rq.form.values.Add(part.FormName(), string(value))
	}
}

var (
	errTooLarge = fault.New(fault.TooLarge, "The form holds more than is taken at once. Shorten the text, or record a file as a link.")
	errBadForm  = fault.New(fault.Invalid, "The form could not be read. Go back, reload the page and send it again.")
)

func formFault(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge.Because(err)
	}
	return errBadForm.Because(err)
}
