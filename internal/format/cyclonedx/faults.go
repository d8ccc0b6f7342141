package cyclonedx

import (
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// maxFaults bounds what is kept of a document that is wrong everywhere.
const maxFaults = 1000

// faults collects what is wrong. A JSON document may say its version last, so each
// fault carries the versions in which it is one.
type faults struct {
	found []pending
	count map[span]int
}

type pending struct {
	inventory.Fault
	in span
}

// fault records what is wrong in every version, at the place read last.
func (p *parser) fault(rule, format string, args ...any) {
	p.faultIn(earliest, latest, rule, format, args...)
}

// faultIn records what is wrong in versions from min to max, at the place read
// last.
func (p *parser) faultIn(min, max int, rule, format string, args ...any) {
	if p.version != 0 && (p.version < min || p.version > max) || min > max {
		return
	}
	if p.version != 0 {
		min, max = earliest, latest // so that they share one count
	}
	in := span{min, max}
	if p.faults.count[in]++; p.faults.count[in] <= maxFaults {
		p.faults.add(p.src.here(), in, rule, format, args...)
	}
}

// faultAt is fault with a place that was kept.
func (p *parser) faultAt(at inventory.Fault, rule, format string, args ...any) {
	in := span{earliest, latest}
	if p.faults.count[in]++; p.faults.count[in] <= maxFaults {
		p.faults.add(at, in, rule, format, args...)
	}
}

func (f *faults) add(at inventory.Fault, in span, rule, format string, args ...any) {
	at.Rule, at.Detail = rule, fmt.Sprintf(format, args...)
	f.found = append(f.found, pending{at, in})
}

// of gives the faults of the version that the document turned out to have, and
// says how many are left out.
func (f *faults) of(version int) []inventory.Fault {
	var out []inventory.Fault
	total := 0
	for in, n := range f.count {
		if version >= in.from && version <= in.to {
			total += n
		}
	}
	for _, p := range f.found {
		if version >= p.in.from && version <= p.in.to && len(out) < maxFaults {
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
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
