// Package ground gathers what a verdict stands on, and holds the few rules that
// several checks share: which runs of a scanner count, what a repository says of
// itself, how much of a bill of materials is filled in.
//
// It judges nothing by itself: which answer is a pass stands in each check. What
// it guarantees to all of them is that a verdict does not depend on the order in
// which facts come, and that text of a document reaches a reason cleaned and cut.
package ground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// Ground is the facts that a check has looked at so far.
type Ground struct {
	now            int64
	newest, oldest int64
	used           []check.Used
}

// New begins with nothing.
func New(f check.Facts) *Ground { return &Ground{now: f.Now} }

// Saw records a fact that a document gives, and that the verdict rests on it: a pass
// is as old as the oldest document that was seen.
func (g *Ground) Saw(d check.Document, what, value string) {
	g.Beside(d, what, value)
	g.Rests(d)
}

// Beside records a fact on which a pass does not rest: one of several documents of
// which a single one is enough, or one that does not age.
func (g *Ground) Beside(d check.Document, what, value string) {
	at := Made(d)
	g.add(check.Used{What: what, Value: Text(value), At: at, Where: Name(d)})
	g.newest = max(g.newest, at)
}

// Joined takes over what another verdict stands on.
func (g *Ground) Joined(v check.Verdict) {
	g.used = append(g.used, v.Facts...)
	g.newest = max(g.newest, v.At)
	g.aged(cmp.Or(v.FreshFrom, v.At))
}

// Rests says that a pass rests on the document.
func (g *Ground) Rests(d check.Document) { g.aged(Made(d)) }

// Computed records a fact that holds now, such as what the register says.
func (g *Ground) Computed(what, value string) {
	g.add(check.Used{What: what, Value: Text(value)})
	g.newest = g.now
}

// Since records a time from which a computed fact ages.
func (g *Ground) Since(what string, at int64) {
	g.add(check.Used{What: what, Value: Day(at), At: at})
	g.newest = g.now
	g.aged(at)
}

func (g *Ground) add(u check.Used) { g.used = append(g.used, u) }

func (g *Ground) aged(at int64) {
	if g.oldest == 0 || at < g.oldest {
		g.oldest = at
	}
}

// maxUsed bounds the facts that are kept with a verdict.
const maxUsed = 40

// Pass, Fail, Cannot and Nothing make the verdict. The reason is one sentence that
// names the deciding thing.
func (g *Ground) Pass(format string, args ...any) check.Verdict {
	return g.verdict(check.Passed, format, args)
}

// Fail: see Pass.
func (g *Ground) Fail(format string, args ...any) check.Verdict {
	return g.verdict(check.Failed, format, args)
}

// Cannot: see Pass.
func (g *Ground) Cannot(format string, args ...any) check.Verdict {
	return g.verdict(check.Undecided, format, args)
}

// Nothing: see Pass.
func (g *Ground) Nothing(format string, args ...any) check.Verdict {
	return g.verdict(check.NothingToDecide, format, args)
}

func (g *Ground) verdict(make func(int64, string, ...check.Used) check.Verdict, format string, args []any) check.Verdict {
	used := slices.Clone(g.used)
	slices.SortFunc(used, func(a, b check.Used) int {
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Where, b.Where), cmp.Compare(a.At, b.At))
	})
	used = slices.Compact(used)
	if more := len(used) - maxUsed; more > 0 {
		used = append(used[:maxUsed], check.Used{What: "Further facts", Value: fmt.Sprint(more)})
	}
	v := make(cmp.Or(g.newest, g.now), sentence(fmt.Sprintf(format, args...)), used...)
	if g.oldest != v.At {
		v.FreshFrom = g.oldest
	}
	return v
}

// sentence begins with a capital where a repository without a name comes first.
func sentence(s string) string {
	if rest, ok := strings.CutPrefix(s, "the "); ok {
		return "The " + rest
	}
	return s
}

// Made is when a document was produced: what it says itself, but never later than
// it was received. A document dated tomorrow would otherwise stay fresh for ever.
func Made(d check.Document) int64 {
	if d.ProducedAt > 0 && (d.ReceivedAt == 0 || d.ProducedAt <= d.ReceivedAt) {
		return d.ProducedAt
	}
	return d.ReceivedAt
}

// Name is how a reason and a page name a document.
func Name(d check.Document) string {
	name := cmp.Or(d.Format, "document")
	if d.Tool != "" {
		name += " by " + Text(d.Tool)
	}
	if d.Digest != "" {
		name += " (" + d.Digest[:min(12, len(d.Digest))] + ")"
	}
	return name
}

// Text is text of a document as a reason shows it: on one line, without invisible
// characters, at most 120 characters long.
func Text(s string) string {
	n := 0
	s = strings.Map(func(r rune) rune {
		if n++; n > 121 {
			return -1
		}
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 120 {
		s = string(r[:119]) + "…"
	}
	return s
}

// Day is an instant as a day in UTC, "never" for none.
func Day(at int64) string {
	if at == 0 {
		return "never"
	}
	return time.UnixMicro(at).UTC().Format("2 January 2006")
}

// Days turns a number of days into microseconds.
func Days(n int) int64 { return int64(n) * 24 * 3600 * 1_000_000 }

// Count is a number with its noun, "1 component" or "3 components".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Others closes a reason that names one of several.
func Others(n int) string {
	if n <= 0 {
		return ""
	}
	return " " + Count(n, "other is like it", "others are like it") + "."
}

// Newer reports whether a was made after b. Ties are broken by name, so that the
// order in which documents come does not matter.
func Newer(a, b check.Document) bool { return byDocument(a, b) < 0 }

// Sorted gives a copy of facts in an order that does not depend on how they came:
// by document, the newest first. Facts that hold pointers have no order of their own.
func Sorted[T any](list []check.Of[T]) []check.Of[T] {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b check.Of[T]) int {
		if c := cmp.Or(byDocument(a.Document, b.Document), byRun(any(&a.Fact), any(&b.Fact))); c != 0 {
			return c
		}
		return cmp.Compare(fmt.Sprintf("%+v", a.Fact), fmt.Sprintf("%+v", b.Fact)) // several facts of one document
	})
	return out
}

// byRun tells the runs of one document apart without writing out their rules.
func byRun(a, b any) int {
	x, ok := a.(*fact.Scan)
	if !ok {
		return 0
	}
	y := b.(*fact.Scan)
	return cmp.Or(cmp.Compare(x.Tool, y.Tool), cmp.Compare(x.Category, y.Category), cmp.Compare(x.ToolVersion, y.ToolVersion), cmp.Compare(x.Kind, y.Kind),
		cmp.Compare(x.EndAt, y.EndAt), cmp.Compare(x.RulesTotal, y.RulesTotal), cmp.Compare(x.Severe, y.Severe))
}

func byDocument(a, b check.Document) int {
	return cmp.Or(cmp.Compare(Made(b), Made(a)), cmp.Compare(a.Format, b.Format), cmp.Compare(a.Tool, b.Tool), cmp.Compare(a.Digest, b.Digest))
}

// Until says that a pass ends at an instant, when it is earlier than days after the
// facts: the definition of the check has the same number of days.
func (g *Ground) Until(at int64, days int) { g.aged(at - Days(days)) }
