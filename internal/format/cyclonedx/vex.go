package cyclonedx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// Names of the properties that hold what CycloneDX has no member for. They stand
// in documents of our own; other programs pass over them.
const (
	propertyID        = "touchstone:id"
	propertyCondition = "touchstone:condition"
	propertyExpires   = "touchstone:expires"
)

// analyses are the analysed vulnerabilities of a document and what is needed to
// tell what they are about.
type analyses struct {
	wanted  bool
	list    []analysis
	id      string           // of the document, when its serial number is not its id
	parents []int32          // by component
	ids     map[int32]string // by component or subject, when its package URL is not its id
}

// analysis is a statement before the document has been read to its end.
type analysis struct {
	decision.Statement
	at       inventory.Fault
	targets  []string // bom-refs
	versions []string // with their status
	updated  int64
	state    string
}

func (v *analyses) parent(i int32) {
	if v.wanted {
		v.parents = append(v.parents, i)
	}
}

func (v *analyses) documentProperty(name, value string) {
	if name == propertyID {
		v.id = value
	}
}

func (v *analyses) componentProperty(target int32, name, value string) {
	if v.wanted && name == propertyID && target >= subject {
		if v.ids == nil {
			v.ids = map[int32]string{}
		}
		v.ids[target] = value
	}
}

func (p *parser) vulnerability(s *shape) error {
	var a analysis
	var recommendation, workaround string
	var responses []string
	analysed := false
	err := p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "id":
			return p.textTo(m, &a.Vulnerability)
		case "references":
			return true, p.list(m, func() error { return p.alias(m.shape, &a) })
		case "recommendation":
			return p.textTo(m, &recommendation)
		case "workaround":
			return p.textTo(m, &workaround)
		case "updated":
			at, err := p.text(m)
			a.updated = micro(at, p.format)
			return true, err
		case "analysis":
			analysed = true
			return true, p.analysis(m.shape, &a, &responses)
		case "affects":
			return true, p.list(m, func() error { return p.target(m.shape, &a) })
		case "properties":
			return true, p.properties(m, a.property)
		}
		return false, nil
	})
	if err != nil || !analysed || !p.vex.wanted {
		return err
	}
	a.at = p.src.here()
	a.Action = join(recommendation, workaround, responseText(responses))
	p.vex.list = append(p.vex.list, a)
	return nil
}

func (p *parser) alias(s *shape, a *analysis) error {
	return p.object(s, func(m *member) (bool, error) {
		if m.name != "id" {
			return false, nil
		}
		id, err := p.text(m)
		if id != "" && id != a.Vulnerability {
			a.Aliases = append(a.Aliases, id)
		}
		return true, err
	})
}

func (p *parser) analysis(s *shape, a *analysis, responses *[]string) error {
	var detail, why string
	var first, last int64
	err := p.object(s, func(m *member) (bool, error) {
		var at string
		switch m.name {
		case "state":
			return p.textTo(m, &a.state)
		case "justification":
			return p.textTo(m, &why)
		case "detail":
			return p.textTo(m, &detail)
		case "response":
			return true, p.textList(m, func(s string) { *responses = append(*responses, s) })
		case "firstIssued":
			_, err := p.textTo(m, &at)
			first = micro(at, p.format)
			return true, err
		case "lastUpdated":
			_, err := p.textTo(m, &at)
			last = micro(at, p.format)
			return true, err
		}
		return false, nil
	})
	if a.MadeAt = last; last == 0 {
		a.MadeAt = first
	}
	a.Status, a.Impact = statusOf(a.state)
	var more string
	a.Justification, more = justificationOf(why)
	a.Impact = join(a.Impact, more, detail)
	return err
}

// target reads one thing that is affected. Versions become a condition in words: an
// analysis that names versions is about those alone.
func (p *parser) target(s *shape, a *analysis) error {
	return p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "ref":
			ref, err := p.text(m)
			if err == nil && ref != "" {
				p.use(ref)
				a.targets = append(a.targets, ref)
			}
			return true, err
		case "versions":
			return true, p.list(m, func() error { return p.affected(m.shape, a) })
		}
		return false, nil
	})
}

// affected reads one version, or a range of them.
func (p *parser) affected(s *shape, a *analysis) error {
	var version, status string
	err := p.object(s, func(m *member) (bool, error) {
		if m.name == "status" {
			return p.textTo(m, &status)
		}
		return p.textTo(m, &version)
	})
	if p.vex.wanted {
		a.versions = append(a.versions, version+" ("+first(status, "affected")+")")
	}
	return err
}

func (a *analysis) property(name, value string) {
	switch name {
	case propertyCondition:
		a.Condition = value
	case propertyExpires:
		a.ExpiresAt = micro(value, inJSON)
	}
}

// statusOf maps the state of an analysis to the status of VEX. Where a state says
// more than its status, the text says the rest. An analysis without a state, or
// with an unknown one, is not decided.
func statusOf(state string) (decision.Status, string) {
	switch state {
	case "exploitable":
		return decision.Affected, ""
	case "not_affected":
		return decision.NotAffected, ""
	case "false_positive":
		return decision.NotAffected, "CycloneDX state: false_positive."
	case "resolved":
		return decision.Fixed, ""
	case "resolved_with_pedigree":
		return decision.Fixed, "CycloneDX state: resolved_with_pedigree."
	}
	return decision.UnderInvestigation, ""
}

// justificationOf maps a justification of CycloneDX to one of VEX. Of those that
// map to the same, one is plain; the others are kept in the text.
func justificationOf(why string) (decision.Justification, string) {
	kept := "CycloneDX justification: " + why + "."
	switch why {
	case "":
		return "", ""
	case "code_not_present":
		return decision.CodeNotPresent, ""
	case "code_not_reachable":
		return decision.CodeNotInPath, ""
	case "requires_dependency":
		return decision.ComponentNotPresent, ""
	case "requires_environment":
		return decision.NotControlledByAttacker, ""
	case "requires_configuration":
		return decision.NotControlledByAttacker, kept
	case "protected_by_mitigating_control":
		return decision.MitigationsExist, ""
	case "protected_by_compiler", "protected_at_runtime", "protected_at_perimeter":
		return decision.MitigationsExist, kept
	}
	return "", kept // it is a fault already
}

// responseText says the responses of an analysis in words.
func responseText(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "CycloneDX response: " + strings.Join(list, ", ") + "."
}

// join puts texts that are there into lines.
func join(texts ...string) string {
	var out []string
	for _, s := range texts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}
