package spdx

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// soundTags is the sound document in tag-value.
const soundTags = `SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop 1.4
DocumentNamespace: https://example.org/spdx/shop-1.4
ExternalDocumentRef: DocumentRef-base https://example.org/spdx/base SHA1: d6a770ba38583ed4bb4525bd96e50461655d2759
DocumentComment: <text>made for
a test: PackageName: no package
# and no comment</text>
## Creation information
Creator: Tool: maker-1.2.3
Creator: Tool: ko 0.12.0
Creator: Organization: Example Ltd ()
Creator: Person: A. Nother (a@example.org)
Created: 2026-01-02T03:04:05Z

##### Package: shop
PackageName: shop
SPDXID: SPDXRef-shop
PackageVersion: 1.4
PackageSupplier: Organization: Example Ltd (x@example.org)
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageChecksum: SHA3-256: 0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: LicenseRef-own
PrimaryPackagePurpose: OPERATING_SYSTEM
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop
Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-a
RelationshipComment: <text>direct</text>

PackageName: left-pad
SPDXID: SPDXRef-a
PackageVersion: <text>1.3.0</text>
PackageSupplier: NOASSERTION
PackageOriginator: Person: Azer
PackageDownloadLocation: git+https://example.org/left-pad.git@v1.3.0
PackageLicenseConcluded: (MIT OR Apache-2.0)
PackageLicenseDeclared: MIT
PackageCopyrightText: NONE
BuiltDate: 2025-01-01T00:00:00Z
ExternalRef: PACKAGE-MANAGER purl pkg:npm/left-pad@1.3.0
ExternalRef: PACKAGE_MANAGER http://spdx.org/rdf/references/purl pkg:npm/left-pad@1.3.0
ExternalRef: PACKAGE-MANAGER purl pkg:generic/left-pad@1.3.0
ExternalRefComment: the same again
ExternalRef: SECURITY cpe22Type cpe:/a:azer:left-pad:1.3.0
ExternalRef: SECURITY cpe23Type cpe:2.3:a:azer:left-pad:1.3.0:*:*:*:*:*:*:*
ExternalRef: PERSISTENT-ID swh swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2

FileName: ./a.c
SPDXID: SPDXRef-f
FileType: SOURCE
Relationship: SPDXRef-a CONTAINS SPDXRef-f

SnippetSPDXID: SPDXRef-s
SnippetFromFileSPDXID: SPDXRef-f

PackageName: zlib
SPDXID: SPDXRef-b
PackageDownloadLocation: NONE
PackageLicenseDeclared: NONE
ExternalRef: SECURITY cpe22Type cpe:/a:gnu:zlib
PackageComment: <text></text>

LicenseID: LicenseRef-own
ExtractedText: <text>do as you like</text>
LicenseName: Own

Relationship: SPDXRef-b RUNTIME_DEPENDENCY_OF SPDXRef-a
Relationship: SPDXRef-b VARIANT_OF SPDXRef-a
Relationship: SPDXRef-b DEPENDS_ON NONE
Relationship: SPDXRef-b STATIC_LINK DocumentRef-base:SPDXRef-libc
Annotator: Person: A. Nother
AnnotationDate: 2026-01-02T03:04:05Z
AnnotationType: OTHER
SPDXREF: SPDXRef-DOCUMENT
AnnotationComment: <text>well done</text>
`

func TestADocumentInTagValueIsRead(t *testing.T) {
	for name, text := range map[string]string{
		"LF": soundTags, "CR LF": strings.ReplaceAll(soundTags, "\n", "\r\n"), "CR": strings.ReplaceAll(soundTags, "\n", "\r"),
		"a mark before it": "\xef\xbb\xbf" + soundTags, "no end of line": strings.TrimSpace(soundTags), "blanks": "\n\n" + strings.ReplaceAll(soundTags, ": ", ":   "),
	} {
		got, err := read(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(wanted(inventory.SPDXTagValue), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// line is the number of the line that begins with what.
func line(t *testing.T, text, what string) int {
	t.Helper()
	for i, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(l, what) {
			return i + 1
		}
	}
	t.Fatalf("no line begins with %q", what)
	return 0
}

func TestABrokenRuleInTagValueIsAFaultWithItsLine(t *testing.T) {
	for _, c := range []struct{ name, old, new, rule, at string }{
		{"no version", "SPDXVersion: SPDX-2.3\n", "", "required", "DataLicense"},
		{"another data licence", "CC0-1.0", "MIT", "data-licence", "DataLicense"},
		{"no name", "DocumentName: shop 1.4\n", "", "required", "SPDXVersion"},
		{"a name twice", "DocumentName: shop 1.4\n", "DocumentName: shop 1.4\nDocumentName: shop\n", "repeated-tag", "DocumentName: shop\n"},
		{"an identifier twice", "SPDXID: SPDXRef-DOCUMENT\n", "SPDXID: SPDXRef-DOCUMENT\nSPDXID: SPDXRef-D\n", "repeated-tag", "SPDXID: SPDXRef-D\n"},
		{"a date", "Created: 2026-01-02T03:04:05Z", "Created: 2 January 2026", "date", "Created"},
		{"a date of a package", "BuiltDate: 2025-01-01T00:00:00Z", "BuiltDate: 2025", "date", "BuiltDate"},
		{"a creator", "Creator: Tool: ko 0.12.0", "Creator: ko 0.12.0", "agent", "Creator: ko"},
		{"a line without a tag", "## Creation", "Creation", "line", "Creation information"},
		{"a tag", "SnippetFromFileSPDXID", "SnippetFromSPDXID", "unknown-tag", "SnippetFromSPDXID"},
		{"a tag of a package", "PackageComment", "PackageCommentary", "unknown-tag", "PackageCommentary"},
		{"something behind a text", "<text>direct</text>", "<text>direct</text> and", "line", "RelationshipComment"},
		{"a package without a name", "PackageName: zlib\n", "PackageName:\n", "required", "PackageName:\n"},
		{"a package without an identifier", "SPDXID: SPDXRef-b\n", "", "required", "PackageName: zlib"},
		{"a package without a location", "PackageDownloadLocation: NONE\n", "", "required", "PackageName: zlib"},
		{"a package with two identifiers", "SPDXID: SPDXRef-b\n", "SPDXID: SPDXRef-b\nSPDXID: SPDXRef-c\n", "repeated-tag", "SPDXID: SPDXRef-c"},
		{"a version twice", "PackageVersion: 1.4\n", "PackageVersion: 1.4\nPackageVersion: 1.5\n", "repeated-tag", "PackageVersion: 1.5"},
		{"a version before the package", "##### Package: shop\n", "PackageVersion: 7\n", "order", "PackageVersion: 7"},
		{"an identifier", "SPDXID: SPDXRef-b\n", "SPDXID: SPDXRef-b/1\n", "spdx-id", "SPDXID: SPDXRef-b/1"},
		{"the same identifier", "SPDXID: SPDXRef-b\n", "SPDXID: SPDXRef-a\n", "unique-id", ""},
		{"a file without an identifier", "SPDXID: SPDXRef-f\n", "", "required", "FileName"},
		{"a file with two", "SPDXID: SPDXRef-f\n", "SPDXID: SPDXRef-f\nSPDXID: SPDXRef-g\n", "repeated-tag", "SPDXID: SPDXRef-g"},
		{"a supplier", "Organization: Example Ltd (x@example.org)", "Example Ltd", "agent", "PackageSupplier"},
		{"a flag", "FilesAnalyzed: false", "FilesAnalyzed: no", "type", "FilesAnalyzed"},
		{"a verification code too many", "FilesAnalyzed: false", "FilesAnalyzed: false\nPackageVerificationCode: d6a770ba38583ed4bb4525bd96e50461655d2758", "verification-code", "PackageName: shop"},
		{"a licence", "(MIT OR Apache-2.0)", "MIT, Apache-2.0", "licence-expression", "PackageLicenseConcluded: MIT"},
		{"a licence that is not defined", "LicenseID: LicenseRef-own", "LicenseID: LicenseRef-mine", "licence-ref", "PackageLicenseDeclared: LicenseRef-own"},
		{"an algorithm", "SHA3-256:", "SHA-3:", "checksum-algorithm", "PackageChecksum"},
		{"a checksum without an algorithm", "SHA3-256: ", "", "checksum", "PackageChecksum"},
		{"a purpose", "OPERATING_SYSTEM", "SYSTEM", "purpose", "PrimaryPackagePurpose"},
		{"a package URL", "pkg:generic/left-pad@1.3.0", "left-pad", "purl", "ExternalRef: PACKAGE-MANAGER purl left-pad"},
		{"a reference without a locator", "cpe22Type cpe:/a:gnu:zlib", "cpe22Type", "external-ref", "ExternalRef: SECURITY cpe22Type\n"},
		{"a relationship of two", "SPDXRef-b VARIANT_OF SPDXRef-a", "SPDXRef-b VARIANT_OF", "relationship", "Relationship: SPDXRef-b VARIANT_OF"},
		{"a relationship type", "VARIANT_OF", "LIKE", "relationship-type", "Relationship: SPDXRef-b LIKE"},
		{"a relationship that leads nowhere", "SPDXRef-a CONTAINS SPDXRef-f", "SPDXRef-a CONTAINS SPDXRef-g", "dangling-ref", "Relationship: SPDXRef-a CONTAINS"},
		{"an external document", "DocumentRef-base https://example.org/spdx/base SHA1: d6a770ba38583ed4bb4525bd96e50461655d2759", "DocumentRef-base", "external-document", "ExternalDocumentRef"},
		{"an external document that is not declared", "ExternalDocumentRef: DocumentRef-base", "ExternalDocumentRef: DocumentRef-other", "dangling-ref", "Relationship: SPDXRef-b STATIC_LINK"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := change(t, soundTags, c.old, c.new)
			d, err := read(text)
			if err != nil {
				t.Fatal(err)
			}
			at := 0
			if c.at != "" {
				at = line(t, text+"\n", strings.TrimSuffix(c.at, "\n"))
			}
			if c.rule == "unique-id" {
				at = strings.Count(text[:strings.LastIndex(text, "SPDXID: SPDXRef-a")], "\n") + 1
			}
			if strings.HasSuffix(c.at, "\n") { // the whole line
				at = strings.Count(text[:strings.Index(text, "\n"+c.at)], "\n") + 2
			}
			if !slices.ContainsFunc(d.Faults, func(f inventory.Fault) bool { return f.Rule == c.rule && f.Line == at && f.Detail != "" }) {
				t.Errorf("no fault of %s in line %d among %+v", c.rule, at, d.Faults)
			}
		})
	}
}

func TestTagValueOfTheOlderEdition(t *testing.T) {
	d, err := read(change(t, soundTags, "SPDX-2.3", "SPDX-2.2"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range d.Faults {
		got = append(got, f.Rule)
	}
	slices.Sort(got)
	want := []string{"checksum-algorithm", "required", "required", "required", "required", "required", "unknown-tag", "unknown-tag"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTagValueThatIsNotReadIsRefusedWithAReason(t *testing.T) {
	for _, c := range []struct {
		name, text, says string
		kind             fault.Kind
	}{
		{"SPDX 2.1", change(t, soundTags, "SPDX-2.3", "SPDX-2.1"), `"SPDX-2.1"`, fault.Unsupported},
		{"a text without an end", soundTags[:strings.Index(soundTags, "well done")], "the <text> in line", fault.Invalid},
		{"two documents", soundTags + soundTags, "A second document begins in line", fault.Invalid},
		{"NUL", change(t, soundTags, "left-pad", "left\x00pad"), "is not text in UTF-8", fault.Invalid},
		{"not UTF-8", change(t, soundTags, "left-pad", "left\xffpad"), "is not text in UTF-8", fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.text)
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

// A document that is cut off is refused inside a text; elsewhere nothing in the
// format tells, and what is lost shows as faults or not at all. It never panics.
func TestTagValueThatIsCutOffAnywhereIsHandled(t *testing.T) {
	for n := range len(soundTags) {
		d, err := read(soundTags[:n])
		open := strings.Count(soundTags[:n], "<text>") > strings.Count(soundTags[:n], "</text>")
		if open != (err != nil && strings.Contains(err.Error(), "has no </text>")) {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if err == nil {
			sound(t, d)
		}
	}
}
