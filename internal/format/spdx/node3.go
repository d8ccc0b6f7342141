package spdx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// node is an object of SPDX 3 while it is being read. Its class may come last, so
// everything that some class has is collected first.
type node struct {
	id, class string

	name, version, download, purpose string
	purl                             string
	hashes                           []inventory.Hash
	identifiers                      []identifier3

	suppliers, originators []int32
	info                   int32
	hasInfo                bool

	kind     string // of a relationship
	from     int32
	to       []int32
	hasFrom  bool
	members  []int32
	roots    []int32
	elements int
	types    []string
	text     string // a licence expression, or the name of a listed licence
	left     int32  // the licence that an operator stands behind
	right    int32  // the addition that stands behind WITH

	created, spec string
	createdAt     int64
	by, using     []int32
}

type identifier3 struct{ kind, value string }

func newNode() node { return node{info: -1, from: -1, left: -1, right: -1} }

// member reads one member of a node.
func (g *graph) member(n *node, name string) error {
	switch name {
	case "spdxId", "@id":
		return g.textTo(&n.id)
	case "type", "@type":
		return g.textTo(&n.class)
	case "name":
		return g.textTo(&n.name)
	case "creationInfo":
		n.hasInfo = true
		return g.one(&n.info)
	case "software_packageVersion":
		return g.textTo(&n.version)
	case "software_downloadLocation":
		return g.textTo(&n.download)
	case "software_packageUrl":
		return g.packageURL(n)
	case "software_primaryPurpose":
		return g.textTo(&n.purpose)
	case "suppliedBy":
		return g.refsTo(&n.suppliers)
	case "originatedBy":
		return g.refsTo(&n.originators)
	case "verifiedUsing":
		return g.each(func() error { return g.integrity(n) })
	case "externalIdentifier":
		return g.each(func() error { return g.identifier(n) })
	case "software_contentIdentifier":
		return g.each(func() error { return g.contentIdentifier(n) })
	case "software_sbomType":
		return g.sbomTypes(n)
	}
	return g.linking(n, name)
}

// linking reads the members of relationships, collections and licences.
func (g *graph) linking(n *node, name string) error {
	switch name {
	case "relationshipType":
		return g.textTo(&n.kind)
	case "from":
		n.hasFrom = true
		return g.one(&n.from)
	case "to":
		return g.refsTo(&n.to)
	case "rootElement":
		return g.refsTo(&n.roots)
	case "element":
		return g.each(func() error {
			n.elements++
			return g.listElement(int32(n.elements))
		})
	case "import":
		return g.each(g.imported)
	case "expandedlicensing_member":
		return g.refsTo(&n.members)
	case "expandedlicensing_subjectLicense", "expandedlicensing_subjectExtendableLicense":
		return g.one(&n.left)
	case "expandedlicensing_subjectAddition":
		return g.one(&n.right)
	case "simplelicensing_licenseExpression":
		return g.textTo(&n.text)
	case "dataLicense":
		var licence int32
		return g.one(&licence)
	case "builtTime", "releaseTime", "validUntilTime":
		s, ok, err := g.text()
		if ok && s != "" {
			g.date(s, name)
		}
		return err
	}
	if taken, err := g.made3(n, name); taken || err != nil {
		return err
	}
	if !known3[name] && !strings.Contains(name, ":") && !strings.HasPrefix(name, "@") && !profile(name) {
		g.fault("unknown-member", "SPDX has no %s in an element.", quote(name))
	}
	return g.in.Skip(nil)
}

// made3 reads the members of creation information.
func (g *graph) made3(n *node, name string) (bool, error) {
	switch name {
	case "created":
		err := g.textTo(&n.created)
		if n.created != "" {
			n.createdAt = g.date(n.created, "time of creation")
		}
		return true, err
	case "specVersion":
		return true, g.textTo(&n.spec)
	case "createdBy":
		return true, g.refsTo(&n.by)
	case "createdUsing":
		return true, g.refsTo(&n.using)
	}
	return false, nil
}

// known3 are the members of Core whose values are not read. Members of a profile
// carry its name, and those of an extension have an address.
var known3 = setOf(`comment description summary extension externalRef standardName supportLevel completeness startTime endTime scope
	subject statement annotationType contentType profileConformance namespaceMap context definingArtifact`)

// profile tells whether a member belongs to a profile.
func profile(name string) bool {
	prefix, _, ok := strings.Cut(name, "_")
	switch prefix {
	case "ai", "build", "dataset", "expandedlicensing", "extension", "security", "simplelicensing", "software":
		return ok
	}
	return false
}

// ref reads a reference: an identifier, or the element itself in its place.
func (g *graph) ref() (int32, error) {
	if g.in.Kind() == '{' {
		n := newNode()
		if _, err := g.in.Object(func(name string) error { return g.member(&n, name) }); err != nil {
			return -1, err
		}
		return g.settle(&n)
	}
	s, ok, err := g.text()
	if err != nil || !ok {
		return -1, err
	}
	number := g.use(s, g.index)
	if id := listedLicence(s); id != "" {
		g.listed[number] = id
	}
	return number, g.within()
}

// listElement reads an entry of a collection, of which nothing is wanted but that it
// stands somewhere.
func (g *graph) listElement(i int32) error {
	if g.in.Kind() != '"' {
		_, err := g.ref()
		return err
	}
	s, ok, err := g.text()
	if ok && err == nil {
		g.ids.list(g, s, i)
	}
	return err
}

// one reads a single reference.
func (g *graph) one(to *int32) error {
	if g.in.Kind() == '[' {
		g.fault("type", "The value must be one element, not a list.")
		return g.each(func() error { return g.one(to) })
	}
	n, err := g.ref()
	*to = n
	return err
}

// refsTo reads references. JSON-LD lets a list of one stand without its brackets.
func (g *graph) refsTo(to *[]int32) error {
	return g.each(func() error {
		n, err := g.ref()
		if n >= 0 {
			*to = append(*to, n)
		}
		return err
	})
}

// each reads the items of a list, or the one value that stands there without.
func (g *graph) each(visit func() error) error {
	if g.in.Kind() != '[' {
		return visit()
	}
	return g.list(visit)
}

func (g *graph) packageURL(n *node) error {
	s, ok, err := g.text()
	if ok && err == nil {
		n.purl = s
		g.purl(s)
	}
	return err
}

// integrity reads a hash. The verification code of a package is none of the package.
func (g *graph) integrity(n *node) error {
	if g.in.Kind() != '{' {
		_, err := g.ref()
		return err
	}
	var class string
	var algorithm, value string
	err := g.object(func(name string) error {
		switch name {
		case "type", "@type":
			return g.textTo(&class)
		case "algorithm":
			return g.textTo(&algorithm)
		case "hashValue":
			return g.textTo(&value)
		}
		return g.in.Skip(nil)
	})
	if err != nil || class != "Hash" {
		return err
	}
	switch {
	case algorithm == "" || value == "":
		g.fault("checksum", "A hash has an algorithm and a value; one is missing.")
		return nil
	case !algorithms3[algorithm]:
		g.fault("checksum-algorithm", "%s is not a hash algorithm of SPDX.", quote(algorithm))
	}
	g.hash(algorithm, value, &n.hashes)
	if len(n.hashes) > maxOfOne {
		return fault.Newf(fault.TooLarge, "The element at %s has more than %d hashes.", g.in.Pointer(), maxOfOne)
	}
	return nil
}

func (g *graph) identifier(n *node) error {
	if g.in.Kind() != '{' {
		_, err := g.ref()
		return err
	}
	var i identifier3
	if err := g.object(func(name string) error {
		switch name {
		case "externalIdentifierType":
			return g.textTo(&i.kind)
		case "identifier":
			return g.textTo(&i.value)
		}
		return g.in.Skip(nil)
	}); err != nil {
		return err
	}
	switch {
	case i.kind == "" || i.value == "":
		g.fault("external-identifier", "An external identifier has a type and an identifier; one is missing.")
		return nil
	case !identifierTypes[i.kind]:
		g.fault("external-identifier", "%s is not a type of external identifiers.", quote(i.kind))
	case i.kind == "packageUrl":
		g.purl(i.value)
	case i.kind == "cpe23" || i.kind == "cpe22":
		g.cpe(i.value, i.kind == "cpe23")
	}
	return g.identified(n, i)
}

// contentIdentifier reads one that follows from the content itself.
func (g *graph) contentIdentifier(n *node) error {
	if g.in.Kind() != '{' {
		_, err := g.ref()
		return err
	}
	i := identifier3{kind: "swhid"}
	err := g.object(func(name string) error {
		if name == "software_contentIdentifierValue" {
			return g.textTo(&i.value)
		}
		return g.in.Skip(nil)
	})
	if err != nil || i.value == "" {
		return err
	}
	return g.identified(n, i)
}

func (g *graph) identified(n *node, i identifier3) error {
	n.identifiers = append(n.identifiers, i)
	if len(n.identifiers) > maxOfOne {
		return fault.Newf(fault.TooLarge, "The element at %s has more than %d identifiers.", g.in.Pointer(), maxOfOne)
	}
	return nil
}

var identifierTypes = setOf(`cpe22 cpe23 cve email gitoid other packageUrl securityOther swhid swid urlScheme`)

func (g *graph) sbomTypes(n *node) error {
	return g.each(func() error {
		s, ok, err := g.text()
		if !ok || err != nil {
			return err
		}
		if !sbomTypes[s] {
			g.fault("sbom-type", "%s is not a type of bills of materials in SPDX.", quote(s))
		}
		if len(n.types) < len(sbomTypes) {
			n.types = append(n.types, s)
		}
		return nil
	})
}

var sbomTypes = setOf(`analyzed build deployed design runtime source`)

// imported reads an entry of import: an element that another document holds.
func (g *graph) imported() error {
	if g.in.Kind() != '{' {
		_, err := g.ref()
		return err
	}
	return g.object(func(name string) error {
		if name != "externalSpdxId" {
			return g.in.Skip(nil)
		}
		s, ok, err := g.text()
		if ok && err == nil {
			g.imports = append(g.imports, g.refs.of(s))
			err = g.within()
		}
		return err
	})
}
