package budget

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// JSON reads one JSON document (RFC 8259) into v, which is a pointer. It refuses,
// with a fault that says where: a document beyond the limits, a name that stands
// twice in an object, text that is not UTF-8, a value of the wrong type, and
// anything after the first value. Members that v has no field for are passed over;
// a byte-order mark at the start is too.
//
// It holds the whole document, so it is for formats of modest size; the streaming
// readers do without it.
func (l Limits) JSON(r io.Reader, v any) error {
	b, err := io.ReadAll(l.Reader(r))
	if err != nil {
		return err
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if err := l.walk(b); err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return NotJSON(err)
	}
	return nil
}

// walk reads the document once without keeping anything.
func (l Limits) walk(b []byte) error {
	l = l.OrDefaults()
	d := jsontext.NewDecoder(bytes.NewReader(b))
	items := 0
	for {
		t, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			if d.InputOffset() == 0 || items == 0 {
				return fault.New(fault.Invalid, "The document is empty.")
			}
			return nil
		}
		if err != nil {
			return NotJSON(err)
		}
		if items++; items > 8*l.Items {
			return l.TooMany("values")
		}
		if d.StackDepth() > l.Depth {
			return l.TooDeep(string(d.StackPointer()))
		}
		if t.Kind() == '"' && len(t.String()) > l.Text {
			return l.TooLong(string(d.StackPointer()))
		}
		if d.StackDepth() == 0 && items > 1 && (t.Kind() != '}' && t.Kind() != ']') {
			return fault.New(fault.Invalid, "There is more after the end of the document. Send one JSON value.")
		}
		if d.StackDepth() == 0 {
			rest := bytes.TrimLeft(b[d.InputOffset():], " \t\r\n")
			if len(rest) > 0 {
				return fault.New(fault.Invalid, "There is more after the end of the document. Send one JSON value.")
			}
		}
	}
}

// NotJSON turns an error of the JSON reader into a fault that says where.
func NotJSON(err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		what := "is not JSON"
		switch {
		case errors.Is(syntax.Err, jsontext.ErrDuplicateName):
			what = "has a name twice in one object"
		case errors.Is(syntax.Err, io.ErrUnexpectedEOF):
			what = "ends too early"
		}
		return fault.Newf(fault.Invalid, "The document %s, at byte %d%s.", what, syntax.ByteOffset, within(syntax.JSONPointer))
	}
	var meaning *json.SemanticError
	if errors.As(err, &meaning) {
		var p fault.Problems
		p.Add(string(meaning.JSONPointer), "The value is a JSON %s, which is not what belongs here", kindName(meaning.JSONKind))
		return p.Err()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Invalid, "The document ends too early.")
	}
	return fmt.Errorf("read JSON: %w", err)
}

func within(p jsontext.Pointer) string {
	if p == "" {
		return ""
	}
	return ", within " + string(p)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{', '}':
		return "object"
	case '[', ']':
		return "list"
	case '"':
		return "text"
	case '0':
		return "number"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "value"
}
