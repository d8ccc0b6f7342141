package sarif

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// settle makes the scan of a run that has been read whole: rules, overrides and
// taxonomies are known now, in whatever order they stood.
func (p *parser) settle(r *run) fact.Scan {
	r.index()
	s := r.counts
	s.Tool, s.ToolVersion = r.driver.name, r.driver.version
	s.Category, s.EndAt, s.Revision, s.Repository = r.category, r.endAt, r.revision, r.repository
	if s.Tool == "" {
		p.fault("tool-name", p.place()+"/tool/driver/name", "The tool has no name.")
	}
	s.Unscanned = !r.listed
	r.settleTroubles()
	s.Failed, s.Problem = r.failed, r.problem
	r.settleRules(&s)
	s.Kind = kindOf(r)
	s.Open = map[string]int{}
	s.ByRule = map[string]int{}
	s.ByCWE = map[string]int{}
	var worst []open
	for _, g := range r.order {
		worst = append(worst, p.settleGroup(r, g, &s)...)
	}
	slices.SortStableFunc(worst, worse)
	for _, o := range worst[:min(len(worst), fact.MaxResults)] {
		s.First = append(s.First, o.result(r))
	}
	s.ByRule = most(s.ByRule, fact.MaxRules)
	return s
}

// settleTroubles looks up the levels of notifications that leave it to their
// descriptor (section 3.58.6).
func (r *run) settleTroubles() {
	for _, t := range r.troubles {
		c := r.part(t.descriptor)
		if c == nil {
			continue
		}
		i := t.descriptor.index
		if i < 0 || i >= len(c.notifications) {
			i = slices.IndexFunc(c.notifications, func(d rule) bool { return d.id != "" && d.id == t.descriptor.id })
		}
		if i >= 0 && c.notifications[i].level == "error" {
			r.fail(cmp.Or(t.text, c.notifications[i].id))
		}
	}
}

// settleRules lists the rules. One that is off in any invocation is Disabled: its
// silence does not speak for the whole run.
func (r *run) settleRules(s *fact.Scan) {
	on, off := map[*rule]int{}, map[*rule]int{}
	for _, list := range r.invocations {
		for _, o := range list {
			if d, _, _ := r.find(o.rule, o.rule.id); d != nil && o.on != nil && *o.on {
				on[d]++
			} else if d != nil && o.on != nil {
				off[d]++
			}
		}
	}
	for _, c := range r.parts() {
		for i := range c.rules {
			d := &c.rules[i]
			for _, t := range d.taxa {
				r.taxon(&d.cwes, t)
			}
			s.RulesTotal++
			disabled := off[d] > 0 || d.off && on[d] < max(1, len(r.invocations))
			s.Rules = append(s.Rules, fact.Rule{ID: d.id, CWEs: d.cwes, Security: d.security, Disabled: disabled})
		}
	}
	if len(s.Rules) > fact.MaxRules { // those of security are asked for most
		slices.SortStableFunc(s.Rules, func(a, b fact.Rule) int {
			switch {
			case a.Security == b.Security:
				return 0
			case a.Security:
				return -1
			}
			return 1
		})
		s.Rules = slices.Clone(s.Rules[:fact.MaxRules])
	}
}

// settleGroup counts the results of a group and returns those that may be shown.
func (p *parser) settleGroup(r *run, g *group, s *fact.Scan) []open {
	ref := reference{name: g.part, guid: g.guid, index: g.index, ofPart: g.ofPart}
	d, id, problem := r.find(ref, g.rule)
	if problem != "" {
		p.fault("rule-reference", p.pointer(g.first), "The result %s.", problem)
	}
	none := rule{severity: -1}
	if d == nil {
		d = &none
	}
	if g.level != "" && g.level != "none" && g.kind != "fail" {
		p.fault("level-and-kind", p.pointer(g.first)+"/level", "A result of kind %s has no level but none. It counts as %s.", g.kind, g.level)
	}
	level := r.levelOf(g, d)
	severity := g.severity
	if severity < 0 {
		severity = d.severity
	}
	s.Open[level] += g.count
	s.ByRule[id] += g.count
	severe := level == "error" || severity >= 7
	if severe {
		s.Severe += g.count
	}
	cwes := slices.Clone(d.cwes)
	for _, c := range g.cwes {
		addCWEs(&cwes, c, false)
	}
	for _, t := range g.taxa {
		r.taxon(&cwes, t)
	}
	for _, c := range cwes {
		s.ByCWE[c] += g.count
	}
	var out []open
	for _, f := range g.found {
		out = append(out, open{found: f, rule: d, id: id, level: level, severity: severity, severe: severe})
	}
	return out
}

// levelOf is section 3.27.10.
func (r *run) levelOf(g *group, d *rule) string {
	switch {
	case g.level != "":
		return g.level
	case g.kind != "fail":
		return "none"
	}
	if g.invocation >= 0 && g.invocation < len(r.levels) && r.levels[g.invocation][d] != "" {
		return r.levels[g.invocation][d]
	}
	return cmp.Or(d.level, "warning")
}

// open is an open result with all that was found out about it.
type open struct {
	found
	rule      *rule
	id, level string
	severity  float64
	severe    bool
}

// worse orders the severe first, then by security-severity, level and place.
func worse(a, b open) int {
	if a.severe != b.severe {
		if a.severe {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.severity, a.severity), cmp.Compare(weight(b.level), weight(a.level)), cmp.Compare(a.place, b.place))
}

func (o open) result(r *run) fact.Result {
	out := fact.Result{Rule: o.id, Level: o.level, Message: o.text, File: o.file, Line: max(0, o.line), Fingerprint: o.fingerprint}
	if out.File == "" && o.artifact >= 0 && o.artifact < len(r.paths) {
		out.File = r.paths[o.artifact]
	}
	if out.Message == "" {
		out.Message = fill(cmp.Or(o.rule.messages[o.message], r.driver.messages[o.message]), o.arguments)
	}
	if out.Message == "" {
		out.Message = o.rule.text
	}
	return out
}

// fill puts arguments in the places of a message (section 3.11.5), in one pass.
func fill(message string, arguments []string) string {
	pairs := []string{"{{", "{", "}}", "}"}
	for i, a := range arguments {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", a)
	}
	return cut(strings.NewReplacer(pairs...).Replace(message), longestMessage)
}

// most keeps the n largest counts.
func most(counts map[string]int, n int) map[string]int {
	if len(counts) <= n {
		return counts
	}
	type one struct {
		name  string
		count int
	}
	var all []one
	for name, count := range counts {
		all = append(all, one{name, count})
	}
	slices.SortFunc(all, func(a, b one) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name))
	})
	out := make(map[string]int, n)
	for _, o := range all[:n] {
		out[o.name] = o.count
	}
	return out
}
