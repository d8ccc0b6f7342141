package spdx

import (
	"fmt"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// maxFaults bounds what is kept of a document that is wrong everywhere.
const maxFaults = 1000

// faults collects what is wrong. A JSON document may say its version last, so each
// fault carries the edition in which it is one; 0 is all.
type faults struct {
	found []pending
	count map[edition]int
}

type pending struct {
	inventory.Fault
	in edition
}

func newFaults() faults { return faults{count: map[edition]int{}} }

// fault records what is wrong in every edition, at the place read last.
func (p *parser) fault(rule, format string, args ...any) {
	p.faultIn(0, rule, format, args...)
}

// faultIn records what is wrong in one edition, at the place read last.
func (p *parser) faultIn(in edition, rule, format string, args ...any) {
	if p.faults.more(in) {
		p.faults.add(p.here(), in, rule, format, args...)
	}
}

// faultAt is faultIn with a place that was kept.
func (p *parser) faultAt(at inventory.Fault, in edition, rule, format string, args ...any) {
	if p.faults.more(in) {
		p.faults.add(at, in, rule, format, args...)
	}
}

func (f *faults) more(in edition) bool {
	f.count[in]++
	return f.count[in] <= maxFaults
}

func (f *faults) add(at inventory.Fault, in edition, rule, format string, args ...any) {
	at.Rule, at.Detail = rule, fmt.Sprintf(format, args...)
	f.found = append(f.found, pending{at, in})
}

// of gives the faults of an edition, and says how many are left out. A document
// that does not say its edition is held to what both ask for.
func (f *faults) of(e edition) []inventory.Fault {
	total := f.count[0]
	if e != 0 {
		total += f.count[e]
	}
	var out []inventory.Fault
	for _, p := range f.found {
		if (p.in == 0 || p.in == e) && len(out) < maxFaults {
			out = append(out, p.Fault)
		}
	}
	if total > len(out) {
		out = append(out, inventory.Fault{Rule: "more-faults", Detail: fmt.Sprintf("%d more faults are not listed.", total-len(out))})
	}
	return out
}

// quote shortens what a document says for the text of a fault.
func quote(s string) string {
	const most = 80
	if len(s) > 4*most {
		s = strings.ToValidUTF8(s[:4*most], "")
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
