package spdx

import (
	"io"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// json2 reads SPDX 2 in JSON (schemas/spdx-schema.json of the specification).
func (p *parser) json2(in io.Reader) error {
	j := p.json(in, inventory.SPDXJSON)
	// A reference is kept as the index of the relationship, or below zero as that of
	// an entry of documentDescribes; both from 1.
	p.place = func(first int32) inventory.Fault {
		if first < 0 {
			return inventory.Fault{Pointer: "/documentDescribes/" + strconv.Itoa(int(-first)-1)}
		}
		return inventory.Fault{Pointer: "/relationships/" + strconv.Itoa(int(first)-1)}
	}
	p.refs.target[p.refs.of(documentID)] = document
	var h head
	if _, err := j.in.Object(func(name string) error { return j.member(&h, name) }); err != nil {
		return err
	}
	if err := j.in.Close(); err != nil {
		return err
	}
	p.complete(&h)
	return nil
}

func (j *json) member(h *head, name string) error {
	switch name {
	case "spdxVersion":
		return j.head(h, fieldSPDXVersion)
	case "dataLicense":
		return j.head(h, fieldDataLicence)
	case "SPDXID":
		return j.head(h, fieldID)
	case "name":
		return j.head(h, fieldName)
	case "documentNamespace":
		return j.head(h, fieldNamespace)
	case "creationInfo":
		return j.object(func(name string) error { return j.creation(h, name) })
	case "externalDocumentRefs":
		return j.list(j.externalDocumentRef)
	case "documentDescribes":
		return j.describes()
	case "packages":
		return j.list(j.pkg)
	case "files", "snippets":
		return j.list(j.element)
	case "relationships":
		return j.list(j.relation)
	case "hasExtractedLicensingInfos":
		return j.list(j.extracted)
	case "annotations", "comment", "revieweds", "$schema":
		return j.in.Skip(nil)
	}
	return j.stranger("the document", name)
}

func (j *json) head(h *head, f field) error {
	s, ok, err := j.text()
	if err != nil || !ok && f != fieldSPDXVersion {
		return err
	}
	return j.setHead(h, f, s)
}

func (j *json) creation(h *head, name string) error {
	switch name {
	case "created":
		return j.head(h, fieldCreated)
	case "creators":
		return j.list(func() error {
			s, ok, err := j.text()
			if ok {
				j.creator(h, s)
			}
			return err
		})
	case "comment", "licenseListVersion":
		return j.in.Skip(nil)
	}
	return j.stranger("creationInfo", name)
}

func (j *json) externalDocumentRef() error {
	var name, namespace string
	var sums []inventory.Hash
	err := j.object(func(member string) error {
		switch member {
		case "externalDocumentId":
			return j.textTo(&name)
		case "spdxDocument":
			return j.textTo(&namespace)
		case "checksum":
			return j.sum(&sums)
		}
		return j.stranger("an external document", member)
	})
	if err == nil {
		j.externalDocument(name, namespace, sums)
	}
	return err
}

func (j *json) describes() error {
	self, i := j.refs.of(documentID), int32(0)
	return j.list(func() error {
		i++
		s, ok, err := j.text()
		if ok && err == nil {
			j.link(self, j.use(s, -i), describes)
			j.implied++
		}
		return err
	})
}

// pkg reads a package.
func (j *json) pkg() error {
	k := pkg{analysed: true}
	err := j.object(func(name string) error { return j.packageMember(&k, name) })
	if err != nil {
		return err
	}
	k.at = j.here()
	return j.add(&k)
}

func (j *json) packageMember(k *pkg, name string) error {
	if right, wrong := tagNames[name]; wrong {
		j.fault("unknown-member", "SPDX has no %s of a package in JSON. It is taken for %s.", name, right)
		name = right
	}
	if f, text := packageTexts[name]; text {
		return j.field(k, f)
	}
	switch name {
	case "primaryPackagePurpose":
		j.faultIn(in22, "unknown-member", "primaryPackagePurpose came with SPDX 2.3.")
		return j.field(k, fieldPurpose)
	case "filesAnalyzed":
		return j.flag(k)
	case "packageVerificationCode":
		k.seen |= 1 << fieldVerification
		return j.in.Skip(nil)
	case "checksums":
		return j.list(func() error {
			if err := j.sum(&k.c.Hashes); err != nil {
				return err
			}
			return j.bounded(&k.c)
		})
	case "externalRefs":
		return j.list(func() error {
			if err := j.externalRef(k); err != nil {
				return err
			}
			return j.bounded(&k.c)
		})
	case "builtDate", "releaseDate", "validUntilDate":
		j.faultIn(in22, "unknown-member", "%s came with SPDX 2.3.", name)
		s, ok, err := j.text()
		if ok {
			j.date(s, name)
		}
		return err
	case "annotations", "attributionTexts", "comment", "description", "hasFiles", "homepage", "licenseComments", "licenseInfoFromFiles",
		"packageFileName", "sourceInfo", "summary":
		return j.in.Skip(nil)
	}
	return j.stranger("a package", name)
}

// packageTexts are the members of a package that are texts and read.
var packageTexts = map[string]field{
	"SPDXID": fieldID, "name": fieldName, "versionInfo": fieldVersion, "supplier": fieldSupplier, "originator": fieldOriginator,
	"downloadLocation": fieldDownload, "licenseConcluded": fieldConcluded, "licenseDeclared": fieldDeclared, "copyrightText": fieldCopyright,
}

// tagNames are the names of tag-value for members that some documents write in JSON,
// with the right ones.
var tagNames = map[string]string{
	"packageName": "name", "packageVersion": "versionInfo", "packageSupplier": "supplier", "packageOriginator": "originator",
	"packageDownloadLocation": "downloadLocation", "packageLicenseConcluded": "licenseConcluded",
	"packageLicenseDeclared": "licenseDeclared", "packageCopyrightText": "copyrightText",
}

func (j *json) field(k *pkg, f field) error {
	s, ok, err := j.text()
	if err != nil || !ok {
		return err
	}
	j.set(k, f, s)
	return nil
}

func (j *json) flag(k *pkg) error {
	kind := j.in.Kind()
	s, _, err := j.in.Text()
	if err != nil {
		return err
	}
	if kind != 't' && kind != 'f' {
		j.fault("type", "filesAnalyzed must be true or false.")
		s = strings.ToLower(s)
		if s != "true" && s != "false" {
			return nil
		}
	}
	j.set(k, fieldAnalysed, s)
	return nil
}

func (j *json) sum(to *[]inventory.Hash) error {
	var algorithm, value string
	err := j.object(func(name string) error {
		switch name {
		case "algorithm":
			return j.textTo(&algorithm)
		case "checksumValue":
			return j.textTo(&value)
		}
		return j.stranger("a checksum", name)
	})
	if err == nil {
		j.checksum(algorithm, value, to)
	}
	return err
}

func (j *json) externalRef(k *pkg) error {
	var category, kind, locator string
	err := j.object(func(name string) error {
		switch name {
		case "referenceCategory":
			return j.textTo(&category)
		case "referenceType":
			return j.textTo(&kind)
		case "referenceLocator":
			return j.textTo(&locator)
		case "comment":
			return j.in.Skip(nil)
		}
		return j.stranger("an external reference", name)
	})
	if err == nil {
		j.reference(k, category, kind, locator)
	}
	return err
}

// element reads the identifier of a file or snippet.
func (j *json) element() error {
	seen := false
	err := j.object(func(name string) error {
		if name != "SPDXID" {
			return j.in.Skip(nil)
		}
		s, ok, err := j.text()
		if ok && err == nil {
			seen = true
			j.id(s)
			j.declare(s, other)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !seen {
		j.fault("required", "The file or snippet has no SPDXID.")
	}
	return j.within()
}

func (j *json) relation() error {
	var from, kind, to string
	err := j.object(func(name string) error {
		switch name {
		case "spdxElementId":
			return j.textTo(&from)
		case "relationshipType":
			return j.textTo(&kind)
		case "relatedSpdxElement":
			return j.textTo(&to)
		case "comment":
			return j.in.Skip(nil)
		}
		return j.stranger("a relationship", name)
	})
	if err != nil {
		return err
	}
	j.relationship(from, kind, to, int32(j.relationships)+1)
	return j.within()
}

func (j *json) extracted() error {
	return j.object(func(name string) error {
		if name != "licenseId" {
			return j.in.Skip(nil)
		}
		s, ok, err := j.text()
		if ok {
			j.defineLicence(s)
		}
		return err
	})
}
