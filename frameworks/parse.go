package frameworks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// SizeLimit is the largest framework file that is read, in bytes.
const SizeLimit = 4 << 20

// depthLimit bounds nesting. The deepest shipped file needs 9.
const depthLimit = 40

// Parse reads and lints one framework file. The name is used in messages only.
//
// The problems are those of form and of content, in order of lines, warnings
// included. When any of them is an error, the framework is nil and the error is
// fault.Invalid with all of them; a file over SizeLimit is fault.TooLarge.
func Parse(name string, b []byte) (*framework.Framework, []framework.Problem, error) {
	if len(b) > SizeLimit {
		return nil, nil, fault.Newf(fault.TooLarge, "The framework file %s is larger than %d MiB.", name, SizeLimit>>20)
	}
	f, problems, root := decode(b)
	if len(problems) == 0 {
		problems = framework.Lint(f)
		for i := range problems {
			problems[i].Line = lineOf(root, problems[i].Pointer)
		}
		slices.SortStableFunc(problems, func(a, b framework.Problem) int { return a.Line - b.Line })
	}
	bad := framework.Errors(problems)
	if len(bad) == 0 {
		return f, problems, nil
	}
	e := fault.Newf(fault.Invalid, "The framework file %s cannot be used as it is.", name)
	for _, p := range bad {
		e.Problems = append(e.Problems, fault.Problem{Pointer: p.Pointer,
			Detail: fmt.Sprintf("line %d: %s. %s", p.Line, p.What, p.Fix)})
	}
	return nil, problems, e
}

// readHead decodes the part of a shipped file before its groups. The top-level
// keys that come later are groups, activities, crosswalks and migrates.
func readHead(name string, b []byte) (*framework.Framework, error) {
	head, _, found := bytes.Cut(b, []byte("\ngroups:"))
	if !found {
		return nil, fmt.Errorf("read framework %s: no line begins with groups", name)
	}
	return read(name, append(slices.Clip(head), '\n'))
}

// decode turns YAML into a framework. It accepts one document of plain mappings,
// lists and scalars. Anchors and aliases are refused outright, since a few
// bytes of them can stand for gigabytes. A scalar is taken as it is written, so
// that version: 4.0 stays "4.0".
func decode(b []byte) (*framework.Framework, []framework.Problem, *yaml.Node) {
	d := &decoder{}
	root := d.document(b)
	if root == nil {
		return nil, d.problems, nil
	}
	f := &framework.Framework{}
	d.value("", root, reflect.ValueOf(f).Elem(), 0)
	return f, d.problems, root
}

type decoder struct{ problems []framework.Problem }

func (d *decoder) add(pointer string, line int, fix, what string, args ...any) {
	d.problems = append(d.problems, framework.Problem{Pointer: pointer, Line: line, Fix: fix, What: fmt.Sprintf(what, args...)})
}

func (d *decoder) document(b []byte) *yaml.Node {
	r := yaml.NewDecoder(bytes.NewReader(b))
	var doc, more yaml.Node
	if err := r.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			d.add("", 1, "Write a framework; frameworks/README.md has a template.", "the file is empty")
		} else {
			d.add("", lineIn(err), "Correct the YAML.", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		return nil
	}
	if err := r.Decode(&more); !errors.Is(err, io.EOF) {
		d.add("", max(more.Line, 1), "Keep one document in the file; remove the line ---.", "the file holds more than one document")
		return nil
	}
	if len(doc.Content) == 0 {
		d.add("", 1, "Write a framework; frameworks/README.md has a template.", "the file is empty")
		return nil
	}
	return doc.Content[0]
}

// value fills v, which has one of the kinds that the framework types use.
func (d *decoder) value(at string, n *yaml.Node, v reflect.Value, depth int) {
	if !d.plain(at, n, depth) {
		return
	}
	switch v.Kind() {
	case reflect.String, reflect.Int:
		d.scalar(at, n, v)
	case reflect.Slice:
		if d.kind(at, n, yaml.SequenceNode, "a list") {
			v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
			for i, c := range n.Content {
				d.value(fmt.Sprintf("%s/%d", at, i), c, v.Index(i), depth+1)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(at, n, v.Elem(), depth)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		d.pairs(at, n, depth, func(key string, _, c *yaml.Node, at string) {
			item := reflect.New(v.Type().Elem()).Elem()
			d.value(at, c, item, depth+1)
			v.SetMapIndex(reflect.ValueOf(key), item)
		})
	case reflect.Struct:
		d.pairs(at, n, depth, func(key string, k, c *yaml.Node, at string) {
			if field, ok := fieldFor(v, key); ok {
				d.value(at, c, field, depth+1)
			} else {
				d.add(at, k.Line, "Use one of: "+strings.Join(keysOf(v.Type()), ", ")+".", "the key %q is not known here", key)
			}
		})
	}
}

// plain refuses what a framework file has no need of.
func (d *decoder) plain(at string, n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		d.add(at, n.Line, "Write the value out.", "anchors and aliases are not taken")
	case depth > depthLimit:
		d.add(at, n.Line, "Nest less deeply.", "the file is nested more than %d deep", depthLimit)
	case n.Style&yaml.TaggedStyle != 0:
		d.add(at, n.Line, "Remove the tag.", "the tag %q is not taken", n.Tag)
	default:
		return true
	}
	return false
}

func (d *decoder) kind(at string, n *yaml.Node, want yaml.Kind, name string) bool {
	if n.Kind != want {
		d.add(at, n.Line, "Write "+name+" here.", "this is not %s", name)
	}
	return n.Kind == want
}

func (d *decoder) scalar(at string, n *yaml.Node, v reflect.Value) {
	if !d.kind(at, n, yaml.ScalarNode, "a single value") {
		return
	}
	if n.Tag == "!!null" {
		d.add(at, n.Line, "Give a value, or remove the key.", "there is no value")
		return
	}
	if v.Kind() == reflect.String {
		v.SetString(n.Value)
		return
	}
	i, err := strconv.Atoi(n.Value)
	if err != nil {
		d.add(at, n.Line, "Write a whole number.", "%q is not a whole number", n.Value)
	}
	v.SetInt(int64(i))
}

// pairs calls fn for each key of a mapping that is a plain and new scalar.
func (d *decoder) pairs(at string, n *yaml.Node, depth int, fn func(key string, k, v *yaml.Node, at string)) {
	if !d.kind(at, n, yaml.MappingNode, "a mapping of keys to values") {
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if !d.plain(at, k, depth) || !d.kind(at, k, yaml.ScalarNode, "a plain key") {
			continue
		}
		here := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(k.Value)
		if seen[k.Value] {
			d.add(here, k.Line, "Keep one of them.", "the key %q is given twice", k.Value)
			continue
		}
		seen[k.Value] = true
		fn(k.Value, k, n.Content[i+1], here)
	}
}
