package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/report/docx"
	"github.com/touchstone-assurance/touchstone/internal/report/reporttest"
)

// parts writes the document and reads every part of it back.
func parts(t *testing.T, d report.Document) map[string]string {
	t.Helper()
	var a, b bytes.Buffer
	if err := docx.Write(&a, d); err != nil {
		t.Fatal(err)
	}
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same document gives other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(a.Bytes()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(content)
	}
	return out
}

// elements reads a part strictly as XML and counts its elements and its text.
func elements(t *testing.T, name, part string) (count map[string]int, text string) {
	t.Helper()
	count = map[string]int{}
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(part))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return count, b.String()
		}
		if err != nil {
			t.Fatalf("%s is not XML: %v", name, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			count[tok.Name.Local]++
		case xml.CharData:
			b.Write(tok)
		case xml.Directive, xml.Comment:
			t.Fatalf("%s has a directive or a comment", name)
		}
	}
}

func TestTheDocumentIsAsBefore(t *testing.T) {
	p := parts(t, report.Build(reporttest.Ordinary()).Document())
	reporttest.Golden(t, "document.xml.golden", []byte(p["word/document.xml"]))
	reporttest.Golden(t, "header1.xml.golden", []byte(p["word/header1.xml"]))
	reporttest.Golden(t, "core.xml.golden", []byte(p["docProps/core.xml"]))
}

func TestEveryPartIsKnownAndWellFormed(t *testing.T) {
	for name, in := range map[string]report.Input{"ordinary": reporttest.Ordinary(), "empty": reporttest.Empty(), "huge": reporttest.Huge()} {
		t.Run(name, func(t *testing.T) {
			p := parts(t, report.Build(in).Document())
			for part, content := range p {
				elements(t, part, content)
				if !strings.HasSuffix(part, ".rels") && part != "[Content_Types].xml" && !strings.Contains(p["[Content_Types].xml"], `PartName="/`+part+`"`) {
					t.Errorf("%s has no content type", part)
				}
			}
			for _, want := range []string{"document", "styles", "numbering", "settings", "header1", "footer1"} {
				if p["word/"+want+".xml"] == "" {
					t.Errorf("no %s", want)
				}
			}
			for _, style := range strings.Split(p["word/document.xml"], `<w:pStyle w:val="`)[1:] {
				id, _, _ := strings.Cut(style, `"`)
				if !strings.Contains(p["word/styles.xml"], `w:styleId="`+id+`"`) {
					t.Errorf("style %s is not defined", id)
				}
			}
		})
	}
}

func TestTheDocumentIsAccessibleAndMarked(t *testing.T) {
	p := parts(t, report.Build(reporttest.Ordinary()).Document())
	count, text := elements(t, "document", p["word/document.xml"])
	tables := strings.Count(p["word/document.xml"], "<w:tblCaption")
	if tables == 0 || count["tblHeader"] != tables {
		t.Errorf("%d tables with captions, %d header rows", tables, count["tblHeader"])
	}
	for part, want := range map[string]string{"word/header1.xml": "OFFICIAL-SENSITIVE · Sample data", "word/footer1.xml": "OFFICIAL-SENSITIVE · Sample data",
		"docProps/core.xml": "Maturity self-assessment report", "word/styles.xml": `w:lang w:val="en-GB"`} {
		if !strings.Contains(p[part], want) {
			t.Errorf("%s lacks %q", part, want)
		}
	}
	if !strings.Contains(p["word/footer1.xml"], "NUMPAGES") {
		t.Error("no page numbers")
	}
	for _, s := range report.Build(reporttest.Ordinary()).Document().Sections {
		if !strings.Contains(text, s.Heading) {
			t.Errorf("no section %q", s.Heading)
		}
	}
	for name := range p {
		if strings.Contains(name, "media") || strings.Contains(name, "vba") || strings.Contains(p[name], "TargetMode") {
			t.Errorf("%s brings something from elsewhere", name)
		}
	}
}

func TestHostileTextIsInert(t *testing.T) {
	a := report.Build(reporttest.Ordinary())
	plain, _ := elements(t, "document", parts(t, reporttest.WithHostileText(a, "harmless").Document())["word/document.xml"])
	for _, s := range append(reporttest.Hostile(), "NUL \x00 and \x01\x0b\x1f", "\uFFFE\uFFFF", "broken \xff\xfe UTF-8") {
		p := parts(t, reporttest.WithHostileText(a, s).Document())
		got, text := elements(t, "document", p["word/document.xml"])
		elements(t, "core", p["docProps/core.xml"])
		elements(t, "header", p["word/header1.xml"])
		for name, n := range got {
			if name != "br" && name != "t" && plain[name] != n {
				t.Errorf("%.30q: %d elements %s, %d with harmless text", s, n, name, plain[name])
			}
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("%.30q left a control character", s)
		}
	}
}
