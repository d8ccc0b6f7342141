package spdx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// field is a member of a package, or of the document, that may be mandatory or must
// not come twice.
type field uint

const (
	fieldID field = iota
	fieldName
	fieldVersion
	fieldSupplier
	fieldOriginator
	fieldDownload
	fieldAnalysed
	fieldVerification
	fieldConcluded
	fieldDeclared
	fieldCopyright
	fieldPurpose

	fieldSPDXVersion
	fieldDataLicence
	fieldNamespace
	fieldCreators
	fieldCreated
)

// fields is a set of them.
type fields uint32

func (f fields) has(x field) bool { return f&(1<<x) != 0 }

// pkg is a package of SPDX 2 while it is being read.
type pkg struct {
	c                   inventory.Component
	at                  inventory.Fault // where it begins
	seen                fields
	concluded, declared []string
	originator          string
	cpe22               string
	analysed            bool
}

// named are the fields with their names in JSON and as tags.
var named = map[field][2]string{
	fieldID: {"SPDXID", "SPDXID"}, fieldName: {"name", "PackageName"}, fieldDownload: {"downloadLocation", "PackageDownloadLocation"},
	fieldVerification: {"packageVerificationCode", "PackageVerificationCode"},
	fieldConcluded:    {"licenseConcluded", "PackageLicenseConcluded"}, fieldDeclared: {"licenseDeclared", "PackageLicenseDeclared"},
	fieldCopyright:   {"copyrightText", "PackageCopyrightText"},
	fieldSPDXVersion: {"spdxVersion", "SPDXVersion"}, fieldDataLicence: {"dataLicense", "DataLicense"},
	fieldNamespace: {"documentNamespace", "DocumentNamespace"}, fieldCreators: {"creators", "Creator"}, fieldCreated: {"created", "Created"},
}

// fieldOf is the name of a field as the document would write it.
func (p *parser) fieldOf(f field) string {
	if p.doc.Format == inventory.SPDXTagValue {
		return named[f][1]
	}
	return named[f][0]
}

// set takes the value of a field of a package and finds fault with it.
func (p *parser) set(k *pkg, f field, s string) {
	k.seen |= 1 << f
	switch f {
	case fieldID:
		k.c.Ref = s
		p.id(s)
		if s != "" {
			p.declare(s, int32(p.components.n))
		}
	case fieldName:
		k.c.Name = s
	case fieldVersion:
		k.c.Version = p.shared(s)
	case fieldSupplier:
		k.c.Supplier = p.who(s)
	case fieldOriginator:
		k.originator = p.who(s)
	case fieldDownload:
		p.location(s)
	case fieldAnalysed:
		k.analysed = s == "true"
		if s != "true" && s != "false" {
			p.fault("type", "Whether files were analysed is %s and must be true or false.", quote(s))
		}
	case fieldConcluded:
		k.concluded = p.licence(s)
	case fieldDeclared:
		k.declared = p.licence(s)
	case fieldPurpose:
		k.c.Type = p.purpose(s)
	}
	if s == "" && f != fieldID && named[f][0] != "" && f != fieldVerification {
		k.seen &^= 1 << f // an empty value is none
	}
}

// who is the name of a supplier or originator.
func (p *parser) who(s string) string {
	if s == "" || nothingNamed(s) {
		if s == "NONE" {
			p.fault("agent", "A supplier or originator may be NOASSERTION, not NONE.")
		}
		return ""
	}
	_, name := p.agent(s, "Person", "Organization")
	return p.shared(name)
}

// reference takes an external reference of a package (clause 7.21, annex F).
func (p *parser) reference(k *pkg, category, kind, locator string) {
	if category == "" || kind == "" || locator == "" {
		p.fault("external-ref", "An external reference has a category, a type and a locator; one is missing.")
		return
	}
	switch category {
	case "SECURITY", "PACKAGE-MANAGER", "PACKAGE_MANAGER", "PERSISTENT-ID", "PERSISTENT_ID", "OTHER":
	default:
		p.fault("external-ref", "%s is not a category of external references.", quote(category))
	}
	if i := strings.LastIndex(kind, "/rdf/references/"); i >= 0 { // as a URI
		kind = kind[i+len("/rdf/references/"):]
	}
	switch kind {
	case "purl":
		p.purl(locator)
		addPURL(&k.c, locator)
	case "cpe23Type":
		p.cpe(locator, true)
		if k.c.CPE == "" {
			k.c.CPE = locator
		}
	case "cpe22Type":
		p.cpe(locator, false)
		if k.cpe22 == "" {
			k.cpe22 = locator
		}
	case "swh", "gitoid", "swid":
		k.c.Identifiers = append(k.c.Identifiers, locator)
	}
}

// addPURL adds a package URL that the component has not yet.
func addPURL(c *inventory.Component, s string) {
	switch {
	case c.PURL == "":
		c.PURL = s
		return
	case c.PURL == s:
		return
	}
	for _, known := range c.PURLs {
		if known == s {
			return
		}
	}
	c.PURLs = append(c.PURLs, s)
}

// bounded refuses a package that has too much of one thing.
func (p *parser) bounded(c *inventory.Component) error {
	if len(c.PURLs) > maxOfOne || len(c.Hashes) > maxOfOne || len(c.Identifiers) > maxOfOne {
		return fault.Newf(fault.TooLarge, "The package%s has more than %d package URLs, checksums or identifiers.", called(c.Name), maxOfOne)
	}
	return nil
}

// add ends a package.
func (p *parser) add(k *pkg) error {
	c := &k.c
	c.Licences = k.concluded
	if len(c.Licences) == 0 {
		c.Licences = k.declared
	}
	if c.Supplier == "" {
		c.Supplier = k.originator
	}
	if c.CPE == "" {
		c.CPE = k.cpe22
	}
	for _, f := range []field{fieldID, fieldName, fieldDownload} {
		p.must(k, f, 0)
	}
	for _, f := range []field{fieldConcluded, fieldDeclared, fieldCopyright} {
		p.must(k, f, in22)
	}
	switch coded := k.seen.has(fieldVerification); {
	case !k.analysed && coded:
		p.faultAt(k.at, 0, "verification-code", "A package whose files were not analysed has no verification code.")
	case k.analysed && !coded:
		p.must(k, fieldVerification, in22)
	}
	p.components.add(*c)
	return p.within()
}

// must finds fault with a package that lacks a field.
func (p *parser) must(k *pkg, f field, in edition) {
	if !k.seen.has(f) {
		p.faultAt(k.at, in, "required", "The package%s has no %s.", called(k.c.Name), p.fieldOf(f))
	}
}

func called(name string) string {
	if name == "" {
		return ""
	}
	return " " + quote(name)
}
