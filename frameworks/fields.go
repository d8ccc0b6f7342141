package frameworks

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fieldFor returns the field of the struct v whose yaml tag is key.
func fieldFor(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if tagOf(v.Type().Field(i)) == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func keysOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		out = append(out, tagOf(t.Field(i)))
	}
	return out
}

func tagOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

// lineOf returns the line of the value at a JSON pointer, or of the nearest
// thing around it when the value itself is missing.
func lineOf(n *yaml.Node, pointer string) int {
	line := n.Line
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, part := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		key, value := child(n, unescape.Replace(part))
		if value == nil {
			return line
		}
		n, line = value, key.Line
	}
	return line
}

// child returns a value inside n and the node that marks where it begins.
func child(n *yaml.Node, part string) (key, value *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == part {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	}
	return nil, nil
}

var lineForm = regexp.MustCompile(`line ([0-9]+)`)

// lineIn returns the line that a YAML error names, or 1.
func lineIn(err error) int {
	if m := lineForm.FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			return n
		}
	}
	return 1
}
