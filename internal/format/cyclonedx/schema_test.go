package cyclonedx

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// schemas is the folder of the published schemas, which the CycloneDX library
// carries.
func schemas(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "schema")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the schemas are not in the module cache: %v", err)
	}
	return folder
}

// inSchema says where a shape stands in the JSON schemas and in the XML schemas;
// "#" is a definition, everything behind it a path of properties ("[]" goes to the
// items of a list). Alternatives are tried in order.
var inSchema = map[string][2]string{
	"bom":                 {"", "bom"},
	"metadata":            {"#metadata", "metadata"},
	"distribution":        {"#metadata/distributionConstraints", "metadata/distributionConstraints"},
	"lifecycle":           {"#metadata/lifecycles/[]", "metadata/lifecycles/lifecycle"},
	"tools":               {"#metadata/tools", "metadata/tools"},
	"tool":                {"#tool", "toolType"},
	"entity":              {"#organizationalEntity", "organizationalEntity"},
	"contact":             {"#organizationalContact", "organizationalContact"},
	"address":             {"#postalAddress", "postalAddressType"},
	"component":           {"#component", "component"},
	"evidence":            {"#componentEvidence", "componentEvidenceType"},
	"hash":                {"#hash", "hashType"},
	"choice":              {"#licenseChoice/[] #licenseChoice #component/licenses/[]", ""},
	"expression":          {"", "licenseChoiceType/expression"},
	"expression-detailed": {"", "licenseExpressionDetailedType"},
	"licence":             {"#license", "licenseType"},
	"licensing":           {"#licensing #license/licensing", "licensingType licenseType/licensing"},
	"party":               {"#licensing/licensor #license/licensing/licensor", "licensingType/licensor licenseType/licensing/licensor"},
	"attachment":          {"#attachment", "attachedTextType"},
	"swid":                {"#swid", "swidType"},
	"reference":           {"#externalReference", "externalReference"},
	"property":            {"#property", "propertyType"},
	"pedigree":            {"#component/pedigree", "pedigreeType"},
	"commit":              {"#commit", "commitType"},
	"action":              {"#identifiableAction", "identifiableActionType"},
	"patch":               {"#patch", "patchType"},
	"diff":                {"#diff", "diffType"},
	"issue":               {"#issue", "issueType"},
	"source":              {"#issue/source", "issueType/source"},
	"service":             {"#service", "service"},
	"vulnerability":       {"#vulnerability", "vulnerabilityType"},
	"same":                {"#vulnerability/references/[]", "vulnerabilityType/references/reference"},
	"rating":              {"#rating", "ratingType"},
	"advisory":            {"#advisory", "advisoryType"},
	"analysis":            {"#vulnerability/analysis", "vulnerabilityType/analysis"},
	"target":              {"#vulnerability/affects/[]", "vulnerabilityType/affects/target"},
	"affected":            {"#vulnerability/affects/[]/versions/[]", "vulnerabilityType/affects/target/versions/version"},
	"dependency":          {"#dependency", "dependencyType"},
	"citation":            {"#citation", "citationType"},
}

// told is what a schema says of an object: each member with its kind, "!" when it is
// required, and the words of its enumeration.
type told map[string]string

func TestTheTableSaysWhatTheJSONSchemasSay(t *testing.T) {
	folder := schemas(t)
	for v := earliest; v <= latest; v++ {
		b, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("bom-1.%d.schema.json", v)))
		if err != nil {
			t.Fatal(err)
		}
		var root map[string]any
		if err := json.Unmarshal(b, &root); err != nil {
			t.Fatal(err)
		}
		s := jsonSchema{root}
		for _, name := range slices.Sorted(maps.Keys(grammar().objects)) {
			ours := told{}
			shape := grammar().objects[name]
			for _, m := range shape.members {
				if from := m.since[inJSON]; from > 0 && from <= v {
					ours[m.name] = ourKind(m, v, inJSON)
				}
			}
			paths := inSchema[name][inJSON]
			if _, listed := inSchema[name]; !listed {
				t.Errorf("the test does not say where %s stands in the schemas", name)
			}
			if paths == "" && name != "bom" || shape.named[inJSON] == nil {
				continue
			}
			theirs := told{}
			if at := s.find(paths); at != nil {
				s.describe(at, theirs)
			}
			if d := cmp.Diff(theirs, ours); d != "" {
				t.Errorf("1.%d JSON, %s (-schema +table):\n%s", v, name, d)
			}
		}
	}
}

// ourKind writes a member as the schemas are written here.
func ourKind(m *member, v int, f format) string {
	var out string
	switch m.kind {
	case kindText, kindFlag, kindWhole, kindNumber:
		out = string(m.kind)
	case kindOne:
		out = "object"
	case kindAny:
		out = "any"
	default:
		out = "list"
	}
	if words := grammar().enums[m.rule]; words != nil && m.kind == kindText {
		var known []string
		for w, since := range words {
			if since <= v {
				known = append(known, w)
			}
		}
		slices.Sort(known)
		out += " " + strings.Join(known, " ")
	}
	if r := m.required[f]; !r.empty() && r.from <= v && v <= r.to {
		out += "!"
	}
	return out
}

type jsonSchema struct{ root map[string]any }

// find follows one of several paths, or gives nil.
func (s jsonSchema) find(paths string) map[string]any {
	if paths == "" {
		return s.root
	}
	for path := range strings.FieldsSeq(paths) {
		first, rest, _ := strings.Cut(strings.TrimPrefix(path, "#"), "/")
		definitions, _ := s.root["definitions"].(map[string]any)
		at, _ := definitions[first].(map[string]any)
		for step := range strings.SplitSeq(rest, "/") {
			switch {
			case step == "" || at == nil:
			case step == "[]":
				at = s.items(at)
			default:
				p, _ := at["properties"].(map[string]any)
				at, _ = p[step].(map[string]any)
				at = s.follow(at)
			}
		}
		if at != nil {
			return at
		}
	}
	return nil
}

func (s jsonSchema) follow(at map[string]any) map[string]any {
	ref, ok := at["$ref"].(string)
	if !ok || !strings.HasPrefix(ref, "#/definitions/") {
		return at
	}
	definitions, _ := s.root["definitions"].(map[string]any)
	next, _ := definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
	return s.follow(next)
}

// items gives the schema of the items of a list. Where a list is one of several
// lists, their items are put together as alternatives.
func (s jsonSchema) items(at map[string]any) map[string]any {
	if one, ok := at["items"].(map[string]any); ok {
		return s.follow(one)
	}
	var all []any
	if options, ok := at["oneOf"].([]any); ok {
		for _, o := range options {
			switch items := o.(map[string]any)["items"].(type) {
			case map[string]any:
				all = append(all, items)
			case []any:
				all = append(all, items...)
			}
		}
	}
	if all == nil {
		return nil
	}
	return map[string]any{"oneOf": all}
}

// describe collects the members of a schema and of its alternatives.
func (s jsonSchema) describe(at map[string]any, into told) {
	at = s.follow(at)
	required, _ := at["required"].([]any)
	properties, _ := at["properties"].(map[string]any)
	for name, p := range properties {
		into[name] = s.kind(p.(map[string]any), name)
		if slices.Contains(required, any(name)) {
			into[name] += "!"
		}
	}
	options, _ := at["oneOf"].([]any)
	for _, o := range options {
		inner := told{}
		s.describe(o.(map[string]any), inner)
		for name, kind := range inner {
			into[name] = strings.TrimSuffix(kind, "!")
		}
	}
}

// passedOver are members whose content is not read.
var passedOver = []string{"compositions", "signature", "annotations", "formulation", "declarations", "definitions", "patentAssertions", "releaseNotes", "modelCard", "data",
	"cryptoProperties", "identity", "occurrences", "callstack", "copyright", "expressionDetails", "cwes", "proofOfConcept", "credits"}

func (s jsonSchema) kind(p map[string]any, name string) string {
	p = s.follow(p)
	if p["type"] != "string" && slices.Contains(passedOver, name) {
		return "any"
	}
	kind, _ := p["type"].(string)
	switch {
	case kind == "integer":
		return "whole"
	case kind == "boolean":
		return "flag"
	case kind == "number":
		return "number"
	case kind == "array", name == "tools":
		return "list"
	case kind == "object":
		return "object"
	}
	words, _ := p["enum"].([]any)
	if len(words) < 2 && name != "encoding" { // one word alone is a constant, checked in code
		return "text"
	}
	var list []string
	for _, w := range words {
		list = append(list, w.(string))
	}
	slices.Sort(list)
	return "text " + strings.Join(list, " ")
}

// element is a node of an XML schema.
type element struct {
	XMLName  xml.Name
	Name     string    `xml:"name,attr"`
	Type     string    `xml:"type,attr"`
	Ref      string    `xml:"ref,attr"`
	Use      string    `xml:"use,attr"`
	Min      string    `xml:"minOccurs,attr"`
	Max      string    `xml:"maxOccurs,attr"`
	Children []element `xml:",any"`
}

func TestTheTableSaysWhatTheXMLSchemasSay(t *testing.T) {
	folder := schemas(t)
	for v := earliest; v <= latest; v++ {
		b, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("bom-1.%d.xsd", v)))
		if err != nil {
			t.Fatal(err)
		}
		var root element
		if err := xml.Unmarshal(b, &root); err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(grammar().objects)) {
			shape := grammar().objects[name]
			paths := inSchema[name][inXML]
			if paths == "" {
				continue
			}
			ours := told{}
			for xmlName, m := range shape.named[inXML] {
				if m.since[inXML] > v || xmlName == "." {
					continue
				}
				ours[xmlName] = ""
				if r := m.required[inXML]; !r.empty() && r.from <= v && v <= r.to {
					ours[xmlName] = "!"
				}
				if m.repeats.from <= v && v <= m.repeats.to {
					ours[xmlName] += "*"
				}
			}
			theirs := told{}
			if at := root.find(paths); at != nil {
				at.describe(&root, theirs, standing{})
			}
			for _, odd := range oddities {
				if odd.name == name && v >= odd.in.from && v <= odd.in.to {
					theirs[odd.member] = odd.told
				}
			}
			if d := cmp.Diff(theirs, ours); d != "" {
				t.Errorf("1.%d XML, %s (-schema +table):\n%s", v, name, d)
			}
		}
	}
}

// oddities are places where the table differs from the schema on purpose.
var oddities = []struct {
	name, member string
	in           span
	told         string
}{
	{"component", "data", span{5, 6}, "*"}, // a list in JSON, and the project's own valid cases of 1.6 repeat it
}

func (e *element) find(paths string) *element {
	for path := range strings.FieldsSeq(paths) {
		at := e
		for step := range strings.SplitSeq(path, "/") {
			if at = at.inner(e, step); at == nil {
				break
			}
		}
		if at != nil {
			return at
		}
	}
	return nil
}

// inner finds a named element or type at any depth, but not within another
// element.
func (e *element) inner(root *element, name string) *element {
	for i := range e.Children {
		c := &e.Children[i]
		if c.Name == name && c.XMLName.Local != "simpleType" {
			return c.typed(root)
		}
		if c.XMLName.Local != "element" {
			if found := c.inner(root, name); found != nil && e != root {
				return found
			}
		}
	}
	return nil
}

// typed goes to the type of an element that names one.
func (e *element) typed(root *element) *element {
	if local, ok := strings.CutPrefix(e.Type, "bom:"); ok {
		for i := range root.Children {
			if c := &root.Children[i]; c.Name == local && c.XMLName.Local == "complexType" {
				return c
			}
		}
	}
	return e
}

// standing says where an element stands.
type standing struct{ choice, repeated bool }

// describe collects elements and attributes.
func (e *element) describe(root *element, into told, in standing) {
	for i := range e.Children {
		c := &e.Children[i]
		switch c.XMLName.Local {
		case "element":
			if _, twice := into[c.Name]; twice {
				continue
			}
			into[c.Name] = ""
			if c.Min != "0" && !in.choice && !in.repeated {
				into[c.Name] = "!"
			}
			if c.Max != "" && c.Max != "1" || in.repeated {
				into[c.Name] += "*"
			}
		case "attribute":
			into["@"+c.Name] = ""
			if c.Use == "required" {
				into["@"+c.Name] = "!"
			}
		case "attributeGroup":
			for j := range root.Children {
				if g := &root.Children[j]; g.XMLName.Local == "attributeGroup" && g.Name == strings.TrimPrefix(c.Ref, "bom:") {
					g.describe(root, into, in)
				}
			}
		case "choice":
			c.describe(root, into, standing{true, in.repeated})
		case "sequence", "complexType", "simpleContent", "complexContent", "extension":
			c.describe(root, into, standing{in.choice, in.repeated || c.Max == "unbounded"})
		}
	}
}

func TestEveryLicenceOfTheSchemasIsKnown(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(schemas(t), "spdx.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Enum []string }
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Enum) < 500 {
		t.Fatalf("the schema lists %d licences", len(list.Enum))
	}
	for _, id := range list.Enum {
		if !inventory.KnownLicence(id) && !inventory.KnownException(id) {
			t.Errorf("%q is not known", id)
		}
	}
}
