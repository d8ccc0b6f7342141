package spdx

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// tags is a document of SPDX 2 in tag-value: lines of "Tag: value", of which a value
// between <text> and </text> may have several, and comments behind #.
type tags struct {
	*parser
	in   *bufio.Reader
	buf  []byte
	cr   bool // the last line ended with CR: an LF may follow
	next int  // lines read
	line int  // where the entry begins

	head   head
	pkg    *pkg
	file   int    // line where the file or snippet begins; 0 = none is open
	owner  string // what a following SPDXID belongs to: "" (the document), package, file, snippet
	lastID bool   // the open file has an identifier
}

// tagLines reads SPDX 2 in tag-value.
func (p *parser) tagLines(in io.Reader) error {
	t := &tags{parser: p, in: bufio.NewReaderSize(in, 64<<10)}
	p.doc.Format = inventory.SPDXTagValue
	p.here = func() inventory.Fault { return inventory.Fault{Line: t.line} }
	p.place = func(first int32) inventory.Fault { return inventory.Fault{Line: int(first)} }
	p.refs.target[p.refs.of(documentID)] = document
	for {
		tag, value, err := t.entry()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && tag != "" {
			err = t.take(tag, value)
		}
		if err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	p.complete(&t.head)
	return nil
}

// entry reads the next tag with its value. The tag is empty for a line that has
// none, which is a fault.
func (t *tags) entry() (tag, value string, err error) {
	for {
		line, err := t.readLine()
		if err != nil {
			return "", "", err
		}
		t.line = t.next
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		name, rest, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			t.fault("line", "The line %s is no tag with a value.", quote(string(line)))
			return "", "", nil
		}
		tag, rest = string(bytes.TrimSpace(name)), bytes.TrimSpace(rest)
		if text, multi := bytes.CutPrefix(rest, []byte("<text>")); multi {
			value, err = t.text(text)
			return tag, value, err
		}
		return tag, string(rest), nil
	}
}

// text reads on to </text>.
func (t *tags) text(first []byte) (string, error) {
	var b strings.Builder
	for line := first; ; {
		inside, behind, ended := bytes.Cut(line, []byte("</text>"))
		b.Write(inside)
		if ended {
			if len(bytes.TrimSpace(behind)) > 0 {
				t.fault("line", "There is more behind </text> in line %d.", t.next)
			}
			return strings.TrimSpace(b.String()), nil
		}
		if b.Len() > t.limits.Text {
			return "", t.limits.TooLong(fmt.Sprintf("line %d", t.line))
		}
		b.WriteByte('\n')
		var err error
		if line, err = t.readLine(); errors.Is(err, io.EOF) {
			return "", fault.Newf(fault.Invalid, "The document ends too early: the <text> in line %d has no </text>. Was it cut off on its way?", t.line)
		} else if err != nil {
			return "", err
		}
	}
}

// readLine reads a line of limited length, which ends with LF, CR LF or CR; it is
// good until the next one.
func (t *tags) readLine() ([]byte, error) {
	t.buf = t.buf[:0]
	for {
		if _, err := t.in.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && len(t.buf) > 0 {
				break
			}
			return nil, err
		}
		part, _ := t.in.Peek(t.in.Buffered()) // cannot fail: that much is there
		if t.cr && part[0] == '\n' {
			part = part[1:]
			_, _ = t.in.Discard(1)
			if len(part) == 0 {
				t.cr = false
				continue
			}
		}
		t.cr = false
		end := bytes.IndexAny(part, "\r\n")
		if end >= 0 {
			t.cr = part[end] == '\r'
			part = part[:end]
		}
		if len(t.buf)+len(part) > t.limits.Text {
			return nil, t.limits.TooLong(fmt.Sprintf("line %d", t.next+1))
		}
		t.buf = append(t.buf, part...)
		_, _ = t.in.Discard(len(part))
		if end >= 0 {
			_, _ = t.in.Discard(1)
			break
		}
	}
	t.next++
	if bytes.IndexByte(t.buf, 0) >= 0 || !utf8.Valid(t.buf) {
		return nil, fault.Newf(fault.Invalid, "Line %d is not text in UTF-8.", t.next)
	}
	return t.buf, nil
}

// take reads the value of a tag.
func (t *tags) take(tag, value string) error {
	switch {
	case tag == "Relationship":
		return t.relation(value)
	case tag == "SPDXID":
		return t.identify(value)
	case headTags[tag] != 0:
		return t.headTag(tag, headTags[tag], value)
	case packageTags[tag] != 0 || strings.HasPrefix(tag, "Package") || tag == "ExternalRef":
		return t.packageTag(tag, value)
	}
	switch tag {
	case "Creator":
		t.creator(&t.head, value)
		return t.within()
	case "ExternalDocumentRef":
		t.externalDocumentRef(value)
	case "FileName":
		return t.begin("file")
	case "SnippetSPDXID":
		if err := t.begin("snippet"); err != nil {
			return err
		}
		return t.identify(value)
	case "LicenseID":
		t.defineLicence(value)
	case "BuiltDate", "ReleaseDate", "ValidUntilDate":
		t.faultIn(in22, "unknown-tag", "%s came with SPDX 2.3.", tag)
		t.date(value, tag)
	default:
		if !passed[tag] {
			t.fault("unknown-tag", "SPDX has no tag %s.", quote(tag))
		}
	}
	return nil
}

// headTags are those of the document. The name of a field is never zero here, since
// that is the identifier.
var headTags = map[string]field{
	"SPDXVersion": fieldSPDXVersion, "DataLicense": fieldDataLicence, "DocumentName": fieldName,
	"DocumentNamespace": fieldNamespace, "Created": fieldCreated,
}

// packageTags are those of a package with one value that is read.
var packageTags = map[string]field{
	"PackageName": fieldName, "PackageVersion": fieldVersion, "PackageSupplier": fieldSupplier, "PackageOriginator": fieldOriginator,
	"PackageDownloadLocation": fieldDownload, "FilesAnalyzed": fieldAnalysed, "PackageVerificationCode": fieldVerification,
	"PackageLicenseConcluded": fieldConcluded, "PackageLicenseDeclared": fieldDeclared, "PackageCopyrightText": fieldCopyright,
	"PrimaryPackagePurpose": fieldPurpose,
}

// passed are the tags whose values are not read.
var passed = setOf(`LicenseListVersion CreatorComment DocumentComment
	ExternalRefComment
	FileType FileChecksum LicenseConcluded LicenseInfoInFile LicenseComments FileCopyrightText FileComment FileNotice FileContributor
	FileAttributionText FileDependency ArtifactOfProjectName ArtifactOfProjectHomePage ArtifactOfProjectURI
	SnippetFromFileSPDXID SnippetByteRange SnippetLineRange SnippetLicenseConcluded LicenseInfoInSnippet SnippetLicenseComments
	SnippetCopyrightText SnippetComment SnippetName SnippetAttributionText
	ExtractedText LicenseName LicenseCrossReference LicenseComment
	RelationshipComment Annotator AnnotationDate AnnotationType SPDXREF AnnotationComment
	Reviewer ReviewDate ReviewComment`)

// passedOfPackage are those of a package.
var passedOfPackage = setOf(`PackageFileName PackageHomePage PackageSourceInfo PackageLicenseInfoFromFiles PackageLicenseComments
	PackageSummary PackageDescription PackageComment PackageAttributionText`)

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

func (t *tags) headTag(tag string, f field, value string) error {
	if t.head.seen.has(f) {
		if f == fieldSPDXVersion {
			return fault.Newf(fault.Invalid, "A second document begins in line %d. Send one document in one file.", t.line)
		}
		t.fault("repeated-tag", "The document has more than one %s.", tag)
		return nil
	}
	return t.setHead(&t.head, f, value)
}

// begin ends what is open and begins a package, a file or a snippet. A package stays
// open while its files follow, so that nothing of it is lost when tags are mixed.
func (t *tags) begin(what string) error {
	if t.file != 0 && !t.lastID {
		t.faultAt(inventory.Fault{Line: t.file}, 0, "required", "The file or snippet has no SPDXID.")
	}
	t.owner, t.file, t.lastID = what, t.line, false
	if what != "package" {
		return nil
	}
	t.file = 0
	if t.pkg != nil {
		if err := t.add(t.pkg); err != nil {
			return err
		}
	}
	t.pkg = &pkg{analysed: true, at: inventory.Fault{Line: t.line}}
	return nil
}

// end ends what is open at the end of the document.
func (t *tags) end() error {
	if err := t.begin("nothing"); err != nil || t.pkg == nil {
		return err
	}
	return t.add(t.pkg)
}

func (t *tags) identify(value string) error {
	switch t.owner {
	case "":
		if t.head.seen.has(fieldID) {
			t.fault("repeated-tag", "The document has more than one SPDXID.")
			return nil
		}
		return t.setHead(&t.head, fieldID, value)
	case "package":
		if t.pkg.seen.has(fieldID) {
			t.fault("repeated-tag", "The package%s has more than one SPDXID.", called(t.pkg.c.Name))
			return nil
		}
		t.set(t.pkg, fieldID, value)
		return t.within()
	}
	if t.lastID {
		t.fault("repeated-tag", "The file or snippet has more than one SPDXID.")
		return nil
	}
	t.lastID = true
	t.id(value)
	t.declare(value, other)
	return t.within()
}

func (t *tags) packageTag(tag, value string) error {
	f, single := packageTags[tag]
	if f == fieldName && single {
		if err := t.begin("package"); err != nil {
			return err
		}
	}
	if t.pkg == nil {
		t.fault("order", "%s stands before the first PackageName.", tag)
		return nil
	}
	switch {
	case single && t.pkg.seen.has(f):
		t.fault("repeated-tag", "The package%s has more than one %s.", called(t.pkg.c.Name), tag)
	case single:
		if f == fieldPurpose {
			t.faultIn(in22, "unknown-tag", "PrimaryPackagePurpose came with SPDX 2.3.")
		}
		t.set(t.pkg, f, value)
	case tag == "PackageChecksum":
		algorithm, sum, _ := strings.Cut(value, ":")
		t.checksum(strings.TrimSpace(algorithm), strings.TrimSpace(sum), &t.pkg.c.Hashes)
		return t.bounded(&t.pkg.c)
	case tag == "ExternalRef":
		category, rest, _ := strings.Cut(value, " ")
		kind, locator, _ := strings.Cut(strings.TrimSpace(rest), " ")
		t.reference(t.pkg, category, kind, strings.TrimSpace(locator))
		return t.bounded(&t.pkg.c)
	case !passedOfPackage[tag]:
		t.fault("unknown-tag", "SPDX has no tag %s.", quote(tag))
	}
	return nil
}

func (t *tags) relation(value string) error {
	parts := strings.Fields(value)
	if len(parts) != 3 {
		t.relationships++
		t.fault("relationship", "A relationship is two identifiers and a type between them, not %s.", quote(value))
		return t.within()
	}
	t.relationship(parts[0], parts[1], parts[2], int32(t.line))
	return t.within()
}

func (t *tags) externalDocumentRef(value string) {
	parts := strings.Fields(value)
	for len(parts) < 2 {
		parts = append(parts, "")
	}
	var sums []inventory.Hash
	if algorithm, sum, ok := strings.Cut(strings.Join(parts[2:], ""), ":"); ok {
		t.checksum(algorithm, sum, &sums)
	}
	t.externalDocument(parts[0], parts[1], sums)
}
