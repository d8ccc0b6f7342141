package spdx

// kind is what a relationship means for the inventory.
type kind uint8

const (
	related   kind = iota // nothing
	forwards              // the first needs the second
	backwards             // the second needs the first
	describes             // the first, the document, describes the second
	described             // the second, the document, describes the first
	concluded             // the second is the licence concluded for the first (SPDX 3)
	declared              // the second is the licence declared for the first (SPDX 3)
)

// relationship2 are the types of SPDX 2.3, table 68. A whole needs its parts: tools
// that list images write nothing but CONTAINS between packages. What was merely used
// to make or test a thing (tools, documents, sources) is not needed by it, unless the
// document calls it a dependency.
var relationship2 = map[string]kind{
	"DESCRIBES": describes, "DESCRIBED_BY": described,

	"DEPENDS_ON": forwards, "HAS_PREREQUISITE": forwards, "STATIC_LINK": forwards, "DYNAMIC_LINK": forwards, "CONTAINS": forwards,

	"DEPENDENCY_OF": backwards, "BUILD_DEPENDENCY_OF": backwards, "DEV_DEPENDENCY_OF": backwards,
	"OPTIONAL_DEPENDENCY_OF": backwards, "PROVIDED_DEPENDENCY_OF": backwards, "TEST_DEPENDENCY_OF": backwards,
	"RUNTIME_DEPENDENCY_OF": backwards, "PREREQUISITE_FOR": backwards, "CONTAINED_BY": backwards,
	"OPTIONAL_COMPONENT_OF": backwards, "PACKAGE_OF": backwards,

	"DEPENDENCY_MANIFEST_OF": related, "EXAMPLE_OF": related, "GENERATES": related, "GENERATED_FROM": related,
	"ANCESTOR_OF": related, "DESCENDANT_OF": related, "VARIANT_OF": related, "DISTRIBUTION_ARTIFACT": related,
	"PATCH_FOR": related, "PATCH_APPLIED": related, "COPY_OF": related, "FILE_ADDED": related, "FILE_DELETED": related,
	"FILE_MODIFIED": related, "EXPANDED_FROM_ARCHIVE": related, "DATA_FILE_OF": related, "TEST_CASE_OF": related,
	"BUILD_TOOL_OF": related, "DEV_TOOL_OF": related, "TEST_OF": related, "TEST_TOOL_OF": related,
	"DOCUMENTATION_OF": related, "METAFILE_OF": related, "AMENDS": related, "REQUIREMENT_DESCRIPTION_FOR": related,
	"SPECIFICATION_FOR": related, "OTHER": related,
}

// relationship23 are those that came with SPDX 2.3.
var relationship23 = map[string]bool{"REQUIREMENT_DESCRIPTION_FOR": true, "SPECIFICATION_FOR": true}

// relationship3 are the types of SPDX 3.0.1 (Core, RelationshipType), chosen so that
// one inventory has the same edges in both versions.
var relationship3 = map[string]kind{
	"describes": describes, "hasConcludedLicense": concluded, "hasDeclaredLicense": declared,

	"dependsOn": forwards, "contains": forwards, "hasDynamicLink": forwards, "hasStaticLink": forwards,
	"hasOptionalComponent": forwards, "hasOptionalDependency": forwards, "hasPrerequisite": forwards, "hasProvidedDependency": forwards,

	"affects": related, "amendedBy": related, "ancestorOf": related, "availableFrom": related, "configures": related,
	"coordinatedBy": related, "copiedTo": related, "delegatedTo": related, "descendantOf": related, "doesNotAffect": related,
	"expandsTo": related, "exploitCreatedBy": related, "fixedBy": related, "fixedIn": related, "foundBy": related,
	"generates": related, "hasAddedFile": related, "hasAssessmentFor": related, "hasAssociatedVulnerability": related,
	"hasDataFile": related, "hasDeletedFile": related, "hasDependencyManifest": related, "hasDistributionArtifact": related,
	"hasDocumentation": related, "hasEvidence": related, "hasExample": related, "hasHost": related, "hasInput": related,
	"hasMetadata": related, "hasOutput": related, "hasRequirement": related, "hasSpecification": related, "hasTest": related,
	"hasTestCase": related, "hasVariant": related, "invokedBy": related, "modifiedBy": related, "other": related,
	"packagedBy": related, "patchedBy": related, "publishedBy": related, "reportedBy": related, "republishedBy": related,
	"serializedInArtifact": related, "testedOn": related, "trainedOn": related, "underInvestigationFor": related, "usesTool": related,
}

// relationship takes one of SPDX 2.
func (p *parser) relationship(from, kindName, to string, at int32) {
	p.relationships++
	k, known := relationship2[kindName]
	switch {
	case kindName == "" || from == "" || to == "":
		p.fault("relationship", "A relationship has two identifiers and a type between them; one is missing.")
	case kindName == "DESCRIBE": // as older tools write it
		p.fault("relationship-type", "The relationship type DESCRIBE is not one of SPDX. It is taken for DESCRIBES.")
		k = describes
	case !known:
		p.fault("relationship-type", "%s is not a relationship type of SPDX.", quote(kindName))
	case relationship23[kindName]:
		p.faultIn(in22, "relationship-type", "The relationship type %s came with SPDX 2.3.", kindName)
	}
	if from == "" || to == "" {
		return
	}
	if nothingNamed(from) {
		p.fault("relationship", "%s cannot stand on the left of a relationship.", from)
	}
	p.link(p.use(from, at), p.use(to, at), k)
}
