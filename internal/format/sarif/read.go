package sarif

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// The readers below take one value each. Null counts as a member that is not there;
// a value of another kind is passed over and is a fault.

func (p *parser) object(visit func(name string) error) error {
	null := p.in.Kind() == 'n'
	ok, err := p.in.Object(visit)
	if err == nil && !ok && !null {
		p.fault("type", p.in.Pointer(), "An object belongs here.")
	}
	return err
}

// array counts every item against the limit of the document.
func (p *parser) array(visit func() error) error {
	null := p.in.Kind() == 'n'
	ok, err := p.in.Array(func() error {
		if p.items++; p.items > p.limits.Items {
			return p.limits.TooMany("runs, rules, results and their parts")
		}
		return visit()
	})
	if err == nil && !ok && !null {
		p.fault("type", p.in.Pointer(), "A list belongs here.")
	}
	return err
}

func (p *parser) text(into *string) error {
	null := p.in.Kind() == 'n'
	s, ok, err := p.in.Text()
	if err != nil {
		return err
	}
	if ok {
		*into = s
	} else if !null {
		p.fault("type", p.in.Pointer(), "A text belongs here.")
	}
	return nil
}

// name reads a text of which only the beginning is kept.
func (p *parser) name(into *string) error {
	err := p.text(into)
	*into = cut(*into, longestName)
	return err
}

// integer leaves into alone when there is none.
func (p *parser) integer(into *int) error {
	kind := p.in.Kind()
	s, _, err := p.in.Text()
	if err != nil || kind == 'n' {
		return err
	}
	n, bad := strconv.Atoi(s)
	if kind != '0' || bad != nil {
		p.fault("type", p.in.Pointer(), "A whole number belongs here.")
		return nil
	}
	*into = n
	return nil
}

// truth leaves into nil when there is none.
func (p *parser) truth(into **bool) error {
	kind := p.in.Kind()
	if err := p.in.Skip(nil); err != nil || kind == 'n' {
		return err
	}
	if kind != 't' && kind != 'f' {
		p.fault("type", p.in.Pointer(), "True or false belongs here.")
		return nil
	}
	yes := kind == 't'
	*into = &yes
	return nil
}

// instant leaves into alone when there is none, or it is no time.
func (p *parser) instant(into *int64) error {
	var s string
	if err := p.text(&s); err != nil || s == "" {
		return err
	}
	t, bad := time.Parse(time.RFC3339Nano, s)
	if bad != nil {
		p.fault("time", p.in.Pointer(), "%s is not a time such as 2026-01-31T09:30:00Z.", quote(s))
		return nil
	}
	*into = t.UnixMicro()
	return nil
}

// texts reads a list of texts, or one text, and gives each to take.
func (p *parser) texts(take func(string)) error {
	one := func() error {
		s, ok, err := p.in.Text()
		if ok || s != "" && s != "true" && s != "false" {
			take(s)
		}
		return err
	}
	if p.in.Kind() != '[' {
		return one()
	}
	_, err := p.in.Array(one)
	return err
}

// mostFaults bounds what is said about one log.
const mostFaults = 1000

func (p *parser) fault(rule, pointer, format string, args ...any) {
	if len(p.listed) >= mostFaults {
		p.more++
		return
	}
	p.listed = append(p.listed, fact.Fault{Pointer: pointer, Rule: rule, Detail: fmt.Sprintf(format, args...)})
}

func (p *parser) faults() []fact.Fault {
	if p.more > 0 {
		return append(p.listed, fact.Fault{Rule: "more-faults", Detail: fmt.Sprintf("%d more faults are not listed.", p.more)})
	}
	return p.listed
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string { return strconv.Quote(cut(s, 80)) }

// cut shortens a text to so many characters and puts it on one line.
func cut(s string, most int) string {
	if len(s) > 4*most {
		s = strings.ToValidUTF8(s[:4*most], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
