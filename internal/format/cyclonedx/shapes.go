package cyclonedx

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// The minor versions of CycloneDX 1.x that are read.
const (
	earliest = 2
	latest   = 7
)

//go:embed shapes.txt
var shapeText string

// grammar is what shapes.txt says, once.
var grammar = sync.OnceValue(func() *shapes { return parseShapes(shapeText) })

// format is the syntax of a document. Tables have a value for each.
type format int

const (
	inJSON format = iota
	inXML
)

type kind string

// The kinds of members; see shapes.txt.
const (
	kindText     kind = "text"
	kindFlag     kind = "flag"
	kindWhole    kind = "whole"
	kindNumber   kind = "number"
	kindOne      kind = "one"
	kindList     kind = "list"
	kindMany     kind = "many"
	kindTexts    kind = "texts"
	kindAny      kind = "any"
	kindLicences kind = "licences"
	kindTools    kind = "tools"
)

// span is a range of minor versions; the zero span is none.
type span struct{ from, to int }

func (s span) empty() bool { return s.from == 0 }

// member is a member of an object.
type member struct {
	name     string
	kind     kind
	rule     string
	shape    *shape
	item     string // XML name of an item; "" = the element itself repeats
	since    [2]int // by format; 0 = not there
	required [2]span
	repeats  span // versions in which the XML element may repeat
	bit      int  // of the members seen
}

// shape is an object.
type shape struct {
	name    string
	members []*member
	named   [2]map[string]*member // by format; in XML "@a" is an attribute and "." the text
	counts  []count
}

// count says how many of some members an object has.
type count struct {
	rule  string
	since [2]int
	names []string
	bits  []int
}

// shapes are all objects and enumerations. An enumeration tells the version that
// brought each word.
type shapes struct {
	objects map[string]*shape
	enums   map[string]map[string]int
}

// parseShapes panics on what is no table: it is part of the program.
func parseShapes(text string) *shapes {
	g := &shapes{objects: map[string]*shape{}, enums: map[string]map[string]int{}}
	var at *shape
	var words map[string]int
	for line := range strings.SplitSeq(text, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || line[0] == '#':
		case f[0] == "object":
			at = g.object(f[1])
		case f[0] == "enum":
			words = map[string]int{}
			g.enums[f[1]] = words
		case strings.HasSuffix(f[0], ":"):
			for _, w := range f[1:] {
				words[w] = number(strings.TrimSuffix(f[0], ":"))
			}
		case strings.Contains(f[0], "-one"):
			at.counts = append(at.counts, count{rule: f[0], since: versions(f[1]), names: f[2:]})
		default:
			at.add(g.member(f))
		}
	}
	for _, s := range g.objects {
		if len(s.members) == 0 {
			panic("shapes.txt: the object " + s.name + " is not defined")
		}
		for i := range s.counts {
			for _, name := range s.counts[i].names {
				s.counts[i].bits = append(s.counts[i].bits, s.bit(name))
			}
		}
	}
	return g
}

func (g *shapes) object(name string) *shape {
	if g.objects[name] == nil {
		g.objects[name] = &shape{name: name, named: [2]map[string]*member{{}, {}}}
	}
	return g.objects[name]
}

func (g *shapes) member(f []string) (m *member, xmlName string) {
	m = &member{name: f[0], since: versions(f[1])}
	what, item, _ := strings.Cut(f[2], "/")
	k, of, _ := strings.Cut(what, "=")
	m.kind, m.item = kind(k), item
	switch m.kind {
	case kindOne, kindList, kindMany:
		m.shape = g.object(of)
	default:
		m.rule = of
	}
	if m.kind == kindMany || m.kind == kindTexts && item == "" {
		m.repeats = span{earliest, latest}
	}
	xmlName = f[0]
	for _, option := range f[3:] {
		word, arg, _ := strings.Cut(option, ":")
		switch {
		case word == "req":
			m.require(arg)
		case word == "repeat":
			m.repeats = spanOf(arg)
		case word == "xml":
			xmlName = arg
		case word == "@":
			xmlName = "@" + f[0]
		case word[0] == '@' || word == ".":
			xmlName = word
		default:
			panic("shapes.txt: " + option)
		}
	}
	return m, xmlName
}

// require reads "", "json", "xml:6-7", "2-3".
func (m *member) require(arg string) {
	which, rest, _ := strings.Cut(arg, ":")
	switch which {
	case "json":
		m.required[inJSON] = spanOf(rest)
	case "xml":
		m.required[inXML] = spanOf(rest)
	default:
		m.required = [2]span{spanOf(arg), spanOf(arg)}
	}
}

func (s *shape) add(m *member, xmlName string) {
	m.bit = len(s.members)
	s.members = append(s.members, m)
	if m.since[inJSON] > 0 {
		s.named[inJSON][m.name] = m
	}
	if m.since[inXML] > 0 {
		s.named[inXML][xmlName] = m
	}
}

func (s *shape) bit(name string) int {
	for _, m := range s.members {
		if m.name == name {
			return m.bit
		}
	}
	panic("shapes.txt: " + s.name + " has no " + name)
}

// versions reads "5", "5/3" and "-/3".
func versions(s string) [2]int {
	json, xml, both := strings.Cut(s, "/")
	if !both {
		xml = json
	}
	return [2]int{number(json), number(xml)}
}

func spanOf(s string) span {
	if s == "" {
		return span{earliest, latest}
	}
	from, to, _ := strings.Cut(s, "-")
	return span{number(from), number(to)}
}

func number(s string) int {
	if s == "-" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Sprintf("shapes.txt: %q is no version", s))
	}
	return n
}
