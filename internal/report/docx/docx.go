// Package docx writes a report as a word-processor document: WordprocessingML in
// an Open Packaging container (ECMA-376 parts 1 and 2, transitional).
//
// It writes headings, paragraphs, lists, definition lists as two-column tables,
// tables with repeated header rows, and a header and footer with the marking and
// page numbers. It draws no plots: their tables are there. It writes no fields
// but page numbers, no links, no macros, and nothing that is loaded from
// elsewhere. The same document gives the same bytes.
package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
)

// MediaType is that of the file.
const MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// Write writes the document.
func Write(w io.Writer, d report.Document) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", core(d)},
		{"word/_rels/document.xml.rels", documentRelations},
		{"word/document.xml", body(d)},
		{"word/styles.xml", styles},
		{"word/numbering.xml", numbering},
		{"word/settings.xml", settings},
		{"word/header1.xml", margin("hdr", d, false)},
		{"word/footer1.xml", margin("ftr", d, true)},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate}) // no time: the bytes depend on the report alone
		if err == nil {
			_, err = io.WriteString(f, part.content)
		}
		if err != nil {
			return fmt.Errorf("write %s of a DOCX: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	return nil
}

// builder writes WordprocessingML. Text reaches it through text alone.
type builder struct{ strings.Builder }

func body(d report.Document) string {
	b := &builder{}
	b.WriteString(xml.Header + `<w:document ` + namespaces + `><w:body>`)
	b.paragraph("Title", d.Title)
	b.paragraph("Subtitle", d.Subtitle)
	if d.Banner != "" {
		b.paragraph("Marking", d.Banner)
	}
	for _, p := range d.Lead {
		b.paragraph("", p)
	}
	for _, s := range d.Sections {
		b.paragraph("Heading1", s.Heading)
		for _, block := range s.Blocks {
			b.block(block)
		}
	}
	b.WriteString(`<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="850" w:bottom="1247" w:left="850" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func (b *builder) block(x report.Block) {
	switch {
	case x.Heading != "":
		b.paragraph("Heading2", x.Heading)
	case x.Text != "":
		b.paragraph("", x.Text)
	case x.Code != "":
		b.paragraph("Code", x.Code)
	case x.List != nil:
		for _, item := range x.List {
			b.paragraph("ListBullet", item)
		}
	case x.Terms != nil:
		b.terms(x.Terms)
	case x.Table != nil:
		b.table(*x.Table)
	}
}

func (b *builder) paragraph(style, s string) {
	b.WriteString("<w:p>")
	if style != "" {
		b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	b.run(s)
	b.WriteString("</w:p>")
}

// run writes text with its line breaks and tabs.
func (b *builder) run(s string) {
	b.WriteString("<w:r>")
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		b.WriteString(`<w:t xml:space="preserve">`)
		b.text(line)
		b.WriteString("</w:t>")
	}
	b.WriteString("</w:r>")
}

// text escapes. Characters that XML 1.0 cannot hold (section 2.2) become U+FFFD.
func (b *builder) text(s string) { b.WriteString(escape(s)) }

func escape(s string) string {
	var b strings.Builder
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a Builder takes everything
	return b.String()
}

const borders = `<w:tblBorders><w:top w:val="single" w:sz="4" w:color="B1B4B6"/><w:bottom w:val="single" w:sz="4" w:color="B1B4B6"/><w:insideH w:val="single" w:sz="4" w:color="B1B4B6"/></w:tblBorders>`

func (b *builder) openTable(caption string, columns int, header bool) {
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>` + borders + `<w:tblLook w:val="0000" w:firstRow="` + bit(header) +
		`" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`)
	if caption != "" {
		b.WriteString(`<w:tblCaption w:val="` + escape(caption) + `"/>`)
	}
	b.WriteString("</w:tblPr><w:tblGrid>")
	for range columns {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, 10206/max(columns, 1))
	}
	b.WriteString("</w:tblGrid>")
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func (b *builder) cell(style, s string) {
	b.WriteString("<w:tc><w:tcPr/>")
	b.paragraph(style, s)
	b.WriteString("</w:tc>")
}

func (b *builder) terms(ts []report.Term) {
	b.openTable("", 2, false)
	for _, t := range ts {
		b.WriteString("<w:tr>")
		b.cell("TableHeading", t.Name)
		b.cell("TableText", t.Value)
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	b.paragraph("", "")
}

func (b *builder) table(t report.Table) {
	b.paragraph("Caption", t.Caption)
	b.openTable(t.Caption, len(t.Columns), true)
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for _, c := range t.Columns {
		b.cell("TableHeading", c.Title)
	}
	b.WriteString("</w:tr>")
	for _, row := range t.Rows {
		b.WriteString("<w:tr>")
		for i, c := range row {
			style := "TableText"
			if i < len(t.Columns) && t.Columns[i].Number {
				style = "TableNumber"
			}
			b.cell(style, c)
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	b.paragraph("", "")
}

// margin writes the header or the footer: the marking, what is sample data, and
// in the footer the page number.
func margin(element string, d report.Document, pages bool) string {
	b := &builder{}
	b.WriteString(xml.Header + "<w:" + element + " " + namespaces + ">")
	words := d.Marking
	if d.Banner != "" {
		words += " · " + d.Banner
	}
	b.paragraph("Marking", words)
	if pages {
		b.WriteString(`<w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr><w:r><w:t xml:space="preserve">Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>` +
			`<w:r><w:t xml:space="preserve"> of </w:t></w:r><w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>`)
	}
	b.WriteString("</w:" + element + ">")
	return b.String()
}

func core(d report.Document) string {
	return xml.Header + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` + escape(d.Title+": "+d.Subtitle) +
		`</dc:title><dc:subject>` + escape(d.Subject) + `</dc:subject><dc:creator>Touchstone</dc:creator><cp:keywords>` + escape(d.Marking) + `</cp:keywords><dc:language>en-GB</dc:language></cp:coreProperties>`
}
