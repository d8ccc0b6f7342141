package sarif

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// component is a toolComponent (section 3.19): the driver, an extension or a
// taxonomy, with as much of it as results refer to.
type component struct {
	name, version, guid string
	rules               []rule
	byID                map[string]int // first rule of the name
	notifications       []rule
	messages            map[string]string
	taxa                []string // identifiers, for references by index
}

// rule is a reportingDescriptor (section 3.49).
type rule struct {
	id, level string
	off       bool
	security  bool
	severity  float64       // security-severity; -1 = none
	kind      fact.ScanKind // by its tags
	cwes      []string
	taxa      []reference // relationships, resolved at the end of the run
	messages  map[string]string
	text      string // what it is about, for results without a message
}

// reference names a rule or a taxon: reportingDescriptorReference (section 3.52)
// with its toolComponentReference (3.54).
type reference struct {
	id, name, guid string // of the descriptor; name and guid of its component
	index, ofPart  int    // -1 = none
}

var noReference = reference{index: -1, ofPart: -1}

func (p *parser) tool(r *run) error {
	driver := false
	err := p.object(func(name string) error {
		switch name {
		case "driver":
			driver = p.in.Kind() == '{'
			return p.component(r, &r.driver)
		case "extensions":
			return p.array(func() error { return p.extra(r, &r.extensions) })
		}
		return p.in.Skip(nil)
	})
	if err == nil && !driver {
		p.fault("driver", p.place()+"/tool/driver", "The tool has no driver, so nobody knows what ran.")
	}
	return err
}

// extra reads an extension or a taxonomy.
func (p *parser) extra(r *run, list *[]component) error {
	if len(*list) >= mostParts {
		return p.limits.TooMany(fmt.Sprintf("parts of a tool: one run may have %d,", mostParts))
	}
	*list = append(*list, component{})
	return p.component(r, &(*list)[len(*list)-1])
}

func (p *parser) component(r *run, c *component) error {
	var semantic, dotted string
	err := p.object(func(name string) error {
		switch name {
		case "name":
			return p.name(&c.name)
		case "version":
			return p.name(&c.version)
		case "semanticVersion":
			return p.name(&semantic)
		case "dottedQuadFileVersion":
			return p.name(&dotted)
		case "guid":
			return p.name(&c.guid)
		case "globalMessageStrings":
			return p.messages(r, &c.messages)
		case "rules":
			return p.array(func() error { return p.rule(r, &c.rules, true) })
		case "notifications":
			return p.array(func() error { return p.rule(r, &c.notifications, false) })
		case "taxa":
			return p.array(func() error { return p.taxon(c) })
		}
		return p.in.Skip(nil)
	})
	if c.version == "" {
		c.version = semantic
	}
	if c.version == "" {
		c.version = dotted
	}
	c.byID = make(map[string]int, len(c.rules))
	for i := range c.rules {
		if _, twice := c.byID[c.rules[i].id]; !twice {
			c.byID[c.rules[i].id] = i
		}
	}
	return err
}

func (p *parser) rule(r *run, into *[]rule, named bool) error {
	if r.rules++; r.rules > mostRules {
		return p.limits.TooMany(fmt.Sprintf("rules: one run may have %d,", mostRules))
	}
	d := rule{severity: -1}
	var name, short, full string
	var tags []string
	err := p.object(func(member string) error {
		switch member {
		case "id":
			return p.name(&d.id)
		case "name":
			return p.name(&name)
		case "shortDescription":
			return p.sentence(&short)
		case "fullDescription":
			return p.sentence(&full)
		case "messageStrings":
			return p.messages(r, &d.messages)
		case "defaultConfiguration":
			var on *bool
			err := p.configuration(&on, &d.level)
			d.off = on != nil && !*on
			return err
		case "relationships":
			return p.relationships(r, &d)
		case "properties":
			return p.properties(&bag{cwes: &d.cwes, tags: &tags, severity: &d.severity})
		}
		return p.in.Skip(nil)
	})
	if d.id == "" && named {
		p.fault("rule-id", p.in.Pointer(), "The rule has no id, so no result can name it.")
	}
	if r.keepText() {
		d.text = cmp.Or(short, full, name)
	}
	d.kind = byTags(tags)
	d.security = d.severity >= 0 || slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, "security") })
	*into = append(*into, d)
	return err
}

// configuration reads a reportingConfiguration (section 3.50).
func (p *parser) configuration(on **bool, level *string) error {
	return p.object(func(name string) error {
		switch name {
		case "enabled":
			return p.truth(on)
		case "level":
			return p.level(level)
		}
		return p.in.Skip(nil)
	})
}

// level reads a level. What is none counts as an error, since nobody can know that
// it is less.
func (p *parser) level(into *string) error {
	var s string
	if err := p.text(&s); err != nil || s == "" {
		return err
	}
	if *into = strings.ToLower(s); weight(*into) < 0 {
		*into = "error"
	}
	if *into != s {
		p.fault("level", p.in.Pointer(), "%s is not a level of SARIF (error, warning, note, none). It counts as %s.", quote(s), *into)
	}
	return nil
}

// weight orders levels; -1 is none of them.
func weight(level string) int {
	return slices.Index([]string{"none", "note", "warning", "error"}, level)
}

// longestMessage is in characters; what is kept of a result is no longer.
const longestMessage = 300

// messages reads messageStrings: a message by its name.
func (p *parser) messages(r *run, into *map[string]string) error {
	return p.object(func(name string) error {
		var text string
		if err := p.sentence(&text); err != nil {
			return err
		}
		if *into == nil {
			*into = map[string]string{}
		}
		if r.keepText() {
			(*into)[cut(name, longestName)] = text
		}
		return nil
	})
}

// keepText counts the descriptions and messages that wait for results without one.
func (r *run) keepText() bool {
	r.texts++
	return r.texts <= mostTexts
}

// sentence reads the text of a multiformatMessageString (section 3.12).
func (p *parser) sentence(into *string) error {
	return p.object(func(name string) error {
		if name != "text" {
			return p.in.Skip(nil)
		}
		var s string
		err := p.text(&s)
		*into = cut(s, longestMessage)
		return err
	})
}

func (p *parser) relationships(r *run, d *rule) error {
	return p.array(func() error {
		return p.object(func(name string) error {
			if name != "target" {
				return p.in.Skip(nil)
			}
			return p.taxonOf(r, &d.taxa)
		})
	})
}

// taxonOf reads a reference to a taxon, which is kept until the taxonomies are known.
func (p *parser) taxonOf(r *run, list *[]reference) error {
	if r.references++; r.references > mostReferences {
		return p.limits.TooMany(fmt.Sprintf("references to taxonomies: one run may have %d,", mostReferences))
	}
	ref, err := p.reference()
	*list = append(*list, ref)
	return err
}

func (p *parser) reference() (reference, error) {
	ref := noReference
	err := p.object(func(name string) error {
		switch name {
		case "id":
			return p.name(&ref.id)
		case "index":
			return p.integer(&ref.index)
		case "toolComponent":
			return p.object(func(name string) error {
				switch name {
				case "name":
					return p.name(&ref.name)
				case "guid":
					return p.name(&ref.guid)
				case "index":
					return p.integer(&ref.ofPart)
				}
				return p.in.Skip(nil)
			})
		}
		return p.in.Skip(nil)
	})
	return ref, err
}

// mostTaxa bounds what is kept of a taxonomy; the CWE has about a thousand.
const mostTaxa = 20_000

func (p *parser) taxon(c *component) error {
	var id string
	err := p.object(func(name string) error {
		if name == "id" {
			return p.name(&id)
		}
		return p.in.Skip(nil)
	})
	if len(c.taxa) < mostTaxa {
		c.taxa = append(c.taxa, id)
	}
	return err
}
