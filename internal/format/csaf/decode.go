package csaf

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// maxFaults bounds what is kept of a document that is wrong everywhere.
const maxFaults = 1000

// decoder fills the types of model.go from a document in one pass, and notes what
// breaks the rules of their tags. What cannot be kept, such as a number where a
// text belongs, is passed over: the document is accepted without it.
type decoder struct {
	in     *jsonstream.Reader
	limits budget.Limits
	items  int
	plans  map[reflect.Type]*plan
	faults []fact.Fault
	more   int
	odd    []oddTime
}

// oddTime is a time that is not written as CSAF 2.1 asks.
type oddTime struct{ at, text string }

// plan is what the tags of a type say.
type plan struct {
	members  map[string]member
	required []string
}

// member is one tag.
type member struct {
	index  []int
	kind   string // of kinds.go
	unique bool
}

// decode reads one document into doc.
func decode(r io.Reader, l budget.Limits, doc *Document) error {
	d := &decoder{in: jsonstream.New(r, l), limits: l.OrDefaults(), plans: map[reflect.Type]*plan{}}
	if err := d.object(reflect.ValueOf(doc).Elem()); err != nil {
		return err
	}
	if err := d.in.Close(); err != nil {
		return err
	}
	if d.more > 0 {
		d.faults = append(d.faults, fact.Fault{Rule: "more-faults", Detail: fmt.Sprintf("%d more faults are not listed.", d.more)})
	}
	doc.Faults, doc.oddTimes = d.faults, d.odd
	return nil
}

func (d *decoder) fault(below, format string, args ...any) {
	if len(d.faults) >= maxFaults {
		d.more++
		return
	}
	at := d.in.Pointer()
	if below != "" {
		at += "/" + below
	}
	d.faults = append(d.faults, fact.Fault{Pointer: at, Rule: "schema", Detail: fmt.Sprintf(format, args...)})
}

// typed notes that another kind of value stood there than belongs.
func (d *decoder) typed(ok bool, err error, want string) (bool, error) {
	if err == nil && !ok {
		d.fault("", "The value must be %s.", want)
	}
	return ok && err == nil, err
}

func (d *decoder) value(v reflect.Value, m member) error {
	switch v.Kind() {
	case reflect.String:
		s, ok, err := d.text(m)
		if ok {
			v.SetString(s)
		}
		return err
	case reflect.Struct:
		return d.object(v)
	case reflect.Pointer:
		if d.in.Kind() == '{' {
			v.Set(reflect.New(v.Type().Elem()))
			v = v.Elem()
		} else {
			v = reflect.New(v.Type().Elem()).Elem()
		}
		return d.object(v)
	case reflect.Slice:
		return d.list(v, m)
	case reflect.Map:
		return d.flat(v)
	}
	panic("csaf: a type in model.go that decode.go does not know: " + v.Type().String())
}

// text reads a string.
func (d *decoder) text(m member) (string, bool, error) {
	s, ok, err := d.in.Text()
	if ok, err = d.typed(ok, err, "a text"); !ok {
		return "", false, err
	}
	if m.kind == "time" && len(d.odd) < maxFailures && oddly(s) {
		d.odd = append(d.odd, oddTime{d.in.Pointer(), s})
	}
	if s == "" {
		d.fault("", "The text is empty.")
	} else if why := kindFault(m.kind, s); why != "" {
		d.fault("", "%s %s", quote(s), why)
	}
	return s, true, nil
}

func (d *decoder) object(v reflect.Value) error {
	p := d.planOf(v.Type())
	seen := map[string]bool{}
	ok, err := d.in.Object(func(name string) error {
		m, known := p.members[name]
		if !known {
			return d.in.Skip(nil)
		}
		seen[name] = true
		return d.value(v.FieldByIndex(m.index), m)
	})
	if ok, err = d.typed(ok, err, "an object"); !ok {
		return err
	}
	for _, name := range p.required {
		if !seen[name] {
			d.fault(name, "The member %s is missing.", name)
		}
	}
	if b, is := v.Addr().Interface().(interface{ broken() string }); is {
		if why := b.broken(); why != "" {
			d.fault("", "%s", why)
		}
	}
	return nil
}

func (d *decoder) list(v reflect.Value, m member) error {
	if v.Type().Elem().Kind() == reflect.String {
		return d.texts(v, m)
	}
	out := reflect.MakeSlice(v.Type(), 0, 0)
	ok, err := d.each(func() error {
		n := out.Len()
		out = reflect.Append(out, reflect.Zero(v.Type().Elem())) // filled in place: an item that is no object stays empty, so that places still count
		return d.value(out.Index(n), m)
	})
	if ok {
		v.Set(out)
	}
	return err
}

// texts reads a list of texts.
func (d *decoder) texts(v reflect.Value, m member) error {
	out, have := []string{}, map[string]bool{}
	ok, err := d.each(func() error {
		s, ok, err := d.text(m)
		if !ok {
			return err
		}
		if m.unique && have[s] {
			d.fault("", "%s stands in the list twice.", quote(s))
			return nil
		}
		if m.unique {
			have[s] = true
		}
		out = append(out, s)
		return nil
	})
	if ok {
		v.Set(reflect.ValueOf(out))
	}
	return err
}

// each visits the items of a list, which has at least one.
func (d *decoder) each(visit func() error) (bool, error) {
	n := 0
	ok, err := d.in.Array(func() error {
		n++
		if d.items++; d.items > d.limits.Items {
			return d.limits.TooMany("entries")
		}
		return visit()
	})
	if ok, err = d.typed(ok, err, "a list"); ok && n == 0 {
		d.fault("", "The list is empty.")
	}
	return ok, err
}

// flat reads an object of another standard.
func (d *decoder) flat(v reflect.Value) error {
	out := Object{}
	ok, err := d.in.Object(func(name string) error {
		if d.items++; d.items > d.limits.Items {
			return d.limits.TooMany("entries")
		}
		kind := d.in.Kind()
		s, _, err := d.in.Text()
		out[name] = Scalar{Kind: kind, Text: s}
		return err
	})
	if ok, err = d.typed(ok, err, "an object"); ok {
		v.Set(reflect.ValueOf(out))
	}
	return err
}

func (d *decoder) planOf(t reflect.Type) *plan {
	p := d.plans[t]
	if p == nil {
		p = &plan{members: map[string]member{}}
		p.add(t, nil)
		d.plans[t] = p
	}
	return p
}

// add reads the tags of a type, those of embedded types too.
func (p *plan) add(t reflect.Type, index []int) {
	for i := range t.NumField() {
		f, at := t.Field(i), append(slices.Clone(index), i)
		if f.Anonymous {
			p.add(f.Type, at)
			continue
		}
		words := strings.Fields(f.Tag.Get("csaf"))
		if len(words) == 0 {
			continue
		}
		name, required := strings.CutSuffix(words[0], "!")
		m := member{index: at}
		for _, w := range words[1:] {
			if w == "unique" {
				m.unique = true
			} else {
				m.kind = w
			}
		}
		p.members[name] = m
		if required {
			p.required = append(p.required, name)
		}
	}
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
