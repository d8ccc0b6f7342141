package spdx

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// classes are those of SPDX 3.0.1 whose objects are elements, with what becomes of
// them here.
var classes = classTable(map[class]string{
	plain3:      `Annotation IndividualElement build_Build software_File software_Snippet security_Vulnerability`,
	package3:    `software_Package ai_AIPackage dataset_DatasetPackage`,
	agent3:      `Agent Person Organization`,
	tool3:       `Tool SoftwareAgent`,
	document3:   `SpdxDocument`,
	collection3: `Bom Bundle software_Sbom`,
	relation3: `Relationship LifecycleScopedRelationship
		security_CvssV2VulnAssessmentRelationship security_CvssV3VulnAssessmentRelationship security_CvssV4VulnAssessmentRelationship
		security_EpssVulnAssessmentRelationship security_ExploitCatalogVulnAssessmentRelationship security_SsvcVulnAssessmentRelationship
		security_VexAffectedVulnAssessmentRelationship security_VexFixedVulnAssessmentRelationship
		security_VexNotAffectedVulnAssessmentRelationship security_VexUnderInvestigationVulnAssessmentRelationship`,
	licensing3: `simplelicensing_LicenseExpression simplelicensing_SimpleLicensingText expandedlicensing_ConjunctiveLicenseSet
		expandedlicensing_CustomLicense expandedlicensing_CustomLicenseAddition expandedlicensing_DisjunctiveLicenseSet
		expandedlicensing_IndividualLicensingInfo expandedlicensing_ListedLicense expandedlicensing_ListedLicenseException
		expandedlicensing_OrLaterOperator expandedlicensing_WithAdditionOperator`,
})

func classTable(names map[class]string) map[string]class {
	out := map[string]class{}
	for c, list := range names {
		for name := range setOf(list) {
			out[name] = c
		}
	}
	return out
}

type class int

const (
	plain3 class = 1 + iota
	package3
	agent3
	tool3
	document3
	collection3
	relation3
	licensing3
)

// values are the classes whose objects are no elements.
var values = setOf(`CreationInfo Hash PackageVerificationCode ExternalIdentifier ExternalRef ExternalMap NamespaceMap DictionaryEntry
	PositiveIntegerRange IntegrityMethod ai_EnergyConsumption ai_EnergyConsumptionDescription extension_Extension
	extension_CdxPropertiesExtension extension_CdxPropertyEntry software_ContentIdentifier`)

// settle ends a node and gives the number of its identifier.
func (g *graph) settle(n *node) (int32, error) {
	c, element := classes[n.class]
	switch {
	case n.class == "":
		g.fault("required", "The element has no type.")
	case !element && !values[n.class] && (!strings.Contains(n.class, ":") || strings.HasPrefix(n.class, contextBegins)):
		g.fault("unknown-type", "SPDX 3.0.1 has no class %s.", quote(n.class))
	}
	key := n.id
	switch blank := strings.HasPrefix(n.id, "_:"); {
	case n.id == "":
		if element {
			g.fault("required", "The %s has no spdxId.", n.class)
		}
		g.blank++
		key = fmt.Sprintf("\x00%d", g.blank) // no text of the document has the first byte
	case element && blank:
		g.fault("spdx-id", "The identifier %s of an element must be an address, not one that only holds in this document.", quote(n.id))
	case !blank && !iri(n.id):
		g.fault("spdx-id", "The identifier %s must be an address (IRI).", quote(n.id))
	}
	if element && !n.hasInfo {
		g.fault("required", "The %s has no creationInfo.", n.class)
	}
	if c == relation3 && g.ids.relation(g, key) {
		g.relationNode(n)
		return g.aside, g.within()
	}
	target := other
	if c == package3 {
		target = int32(g.components.n)
	}
	g.ids.declare(g, key, target)
	number := g.refs.of(key)
	g.keep(n, c, number)
	return number, g.within()
}

// iri tells whether s can be an address: something on both sides of a colon, and no
// white space.
func iri(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && scheme != "" && rest != "" && !strings.ContainsFunc(s, unicode.IsSpace)
}

// keep takes from a node what its class has.
func (g *graph) keep(n *node, c class, number int32) {
	switch c {
	case package3:
		g.packageNode(n)
	case agent3, tool3:
		g.agents[number] = agent{g.shared(n.name), c == tool3}
	case document3, collection3:
		g.collection(n, c, number)
	case relation3:
		g.relationNode(n)
	case licensing3:
		g.licenceNode(n, number)
	default:
		if n.class == "CreationInfo" {
			g.creationNode(n, number)
		}
	}
}

func (g *graph) creationNode(n *node, number int32) {
	if n.created == "" {
		g.fault("required", "The CreationInfo has no created.")
	}
	if len(n.by) == 0 {
		g.fault("required", "The CreationInfo has no createdBy.")
	}
	switch n.spec {
	case version3:
	case "":
		g.fault("required", "The CreationInfo has no specVersion.")
	default:
		g.fault("spdx-version", "The specVersion is %s and must be that of the context, %s.", quote(n.spec), version3)
	}
	g.made[number] = creation{at: n.createdAt, by: n.by, using: n.using}
	g.infos = append(g.infos, number)
}

func (g *graph) collection(n *node, c class, number int32) {
	if n.elements > 0 && len(n.roots) == 0 {
		g.fault("root-element", "The %s lists elements and names none of them as the root.", n.class)
	}
	g.groups[number] = group{id: n.id, name: n.name, info: n.info, roots: n.roots, types: n.types}
	switch {
	case c == collection3:
		g.boms = append(g.boms, number)
	case g.document >= 0:
		g.fault("one-document", "There is more than one SpdxDocument. The first is taken.")
	default:
		g.document = number
	}
}

// packageNode takes a package.
func (g *graph) packageNode(n *node) {
	c := inventory.Component{Ref: n.id, Name: n.name, Version: g.shared(n.version), PURL: n.purl, Hashes: n.hashes}
	if n.name == "" {
		g.fault("required", "The %s has no name.", n.class)
	}
	if n.purpose != "" {
		if !purposes3[n.purpose] {
			g.fault("purpose", "%s is not a primary purpose of SPDX.", quote(n.purpose))
		}
		c.Type = g.shared(kebab(n.purpose))
	}
	cpe22 := ""
	for _, i := range n.identifiers {
		switch i.kind {
		case "packageUrl":
			addPURL(&c, i.value)
		case "cpe23":
			c.CPE = first(c.CPE, i.value)
		case "cpe22":
			cpe22 = first(cpe22, i.value)
		case "swhid", "gitoid", "swid":
			c.Identifiers = append(c.Identifiers, i.value)
		}
	}
	c.CPE = first(c.CPE, cpe22)
	d := debt{component: int32(g.components.n), supplier: -1, originator: -1}
	if len(n.suppliers) > 0 {
		d.supplier = n.suppliers[0]
	}
	if len(n.suppliers) > 1 {
		g.fault("supplied-by", "The %s%s is supplied by more than one.", n.class, called(n.name))
	}
	if len(n.originators) > 0 {
		d.originator = n.originators[0]
	}
	if d.supplier >= 0 || d.originator >= 0 {
		g.owed = append(g.owed, d)
	}
	g.components.add(c)
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// algorithms3 are those of SPDX 3.0.1.
var algorithms3 = setOf(`adler32 blake2b256 blake2b384 blake2b512 blake3 crystalsDilithium crystalsKyber falcon md2 md4 md5 md6 other
	sha1 sha224 sha256 sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512`)

// purposes3 are the values of the primary purpose in SPDX 3.0.1.
var purposes3 = setOf(`application archive bom configuration container data device deviceDriver diskImage documentation evidence executable
	file filesystemImage firmware framework install library manifest model module operatingSystem other patch platform requirement
	source specification test`)

// kebab writes "operatingSystem" as "operating-system".
func kebab(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// relationNode takes a relationship; each of its ends is one.
func (g *graph) relationNode(n *node) {
	k, known := relationship3[n.kind]
	switch {
	case n.kind == "" || !n.hasFrom || len(n.to) == 0:
		g.fault("relationship", "A relationship has a type, a from and a to; one is missing.")
	case !known:
		g.fault("relationship-type", "%s is not a relationship type of SPDX 3.0.1.", quote(n.kind))
	}
	g.relationships++
	if n.from < 0 {
		return
	}
	for _, to := range n.to {
		g.link(n.from, to, k)
	}
}
