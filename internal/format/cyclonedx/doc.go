// Package cyclonedx reads bills of materials in CycloneDX 1.2 to 1.7 (ECMA-424 is
// 1.6), JSON and XML, into an inventory, in one pass and within limits; the analyses
// of vulnerabilities in them become VEX statements, and VEX is written as 1.6.
//
// Start at parse in cyclonedx.go. A source (source.go, xml.go) shows JSON and XML
// alike; object.go reads an object by its shape, which shapes.txt gives; component.go,
// licence.go, refs.go and vex.go keep what is wanted of it.
//
// What is read: metadata, components with everything nested in them, flattened in
// the order of the document, services, dependencies and vulnerabilities. A
// component's supplier is supplier.name, else manufacturer.name, else publisher.
// Components in a pedigree, a formulation or the list of tools are no part of the
// product. What is passed over, such as model cards, cryptographic properties,
// compositions, annotations and signatures, leaves only its bom-refs, since
// dependencies may point there.
//
// Rules are those of the published schemas (bom-1.x.schema.json and bom-1.x.xsd)
// for the parts that are read, with the uniqueness and the reach of bom-ref that the
// schemas state in words; a test compares the table with the schemas. A broken rule
// is a fault of an accepted document. Refused is what is not CycloneDX, is of another
// version, ends early, has data behind its end, or exceeds a limit. Not checked are
// the order of XML elements, the forms of web and mail addresses, and whether items
// of a list of objects are identical.
package cyclonedx
