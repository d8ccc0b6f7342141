package csaf

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
)

// encode writes a value of model.go as JSON, its members in the order of the
// alphabet and without what is empty. It is the other side of decode.go.
func encode(b *bytes.Buffer, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		encode(b, v.Elem())
	case reflect.String:
		encodeText(b, v.String())
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			encode(b, v.Index(i))
		}
		b.WriteByte(']')
	case reflect.Struct:
		encodeObject(b, v)
	default:
		panic("csaf: a type that is read but never written: " + v.Type().String())
	}
}

func encodeObject(b *bytes.Buffer, v reflect.Value) {
	p := plan{members: map[string]member{}}
	p.add(v.Type(), nil)
	b.WriteByte('{')
	first := true
	for _, name := range sorted(p.members) {
		m := v.FieldByIndex(p.members[name].index)
		if m.IsZero() && !slices.Contains(p.required, name) {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		encodeText(b, name)
		b.WriteByte(':')
		encode(b, m)
	}
	b.WriteByte('}')
}

func encodeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string into a buffer cannot fail
	b.Truncate(b.Len() - 1)
}
