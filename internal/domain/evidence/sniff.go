package evidence

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// SniffLen is how many leading bytes Sniff wants to see.
const SniffLen = 4096

// Sniff decides the media type of a file from its first bytes and its name, by
// an allow-list: PDF, PNG, JPEG, Office Open XML and OpenDocument without
// macros, JSON, XML, CSV and plain text in UTF-8. The name must agree with the
// content. Anything else is Unsupported; an empty file is Invalid. HTML, SVG and
// scripts are refused, since a browser would run them.
//
// It looks at the beginning only. It does not prove that the rest of the file is
// well formed or harmless, so files are still served only as attachments.
func Sniff(head []byte, name string) (string, error) {
	if len(head) == 0 {
		return "", fault.New(fault.Invalid, "The file is empty.")
	}
	ext := strings.ToLower(path.Ext(name))
	mediaType := typeOf(ext)
	if mediaType == "" {
		return "", refused("Files of this type are not taken.")
	}
	if !begins(head, ext) {
		return "", refused("The content of the file is not what its name says.")
	}
	return mediaType, nil
}

func refused(why string) error {
	return fault.New(fault.Unsupported, why+" Upload a PDF, PNG, JPEG, Word, Excel, PowerPoint or OpenDocument file without macros, "+
		"JSON, XML, CSV or plain text in UTF-8, or give a link instead.")
}

const (
	ooxml = "application/vnd.openxmlformats-officedocument."
	odf   = "application/vnd.oasis.opendocument."
)

// typeOf returns the media type for a file name extension, or "".
func typeOf(ext string) string {
	switch ext {
	case ".pdf":
		return "application/pdf"
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".docx":
		return ooxml + "wordprocessingml.document"
	case ".xlsx":
		return ooxml + "spreadsheetml.sheet"
	case ".pptx":
		return ooxml + "presentationml.presentation"
	case ".odt":
		return odf + "text"
	case ".ods":
		return odf + "spreadsheet"
	case ".odp":
		return odf + "presentation"
	case ".json", ".sarif":
		return "application/json"
	case ".xml":
		return "application/xml"
	case ".csv":
		return "text/csv"
	case ".txt", ".md", ".log":
		return "text/plain"
	}
	return ""
}

func begins(head []byte, ext string) bool {
	switch ext {
	case ".pdf":
		return bytes.HasPrefix(head, []byte("%PDF-"))
	case ".png":
		return bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n"))
	case ".jpg", ".jpeg":
		return bytes.HasPrefix(head, []byte("\xff\xd8\xff"))
	case ".docx", ".xlsx", ".pptx":
		first := zipName(head)
		return strings.HasPrefix(first, "[Content_Types].xml") || strings.HasPrefix(first, "_rels/") || strings.HasPrefix(first, "docProps/") ||
			strings.HasPrefix(first, "word/") || strings.HasPrefix(first, "xl/") || strings.HasPrefix(first, "ppt/")
	case ".odt", ".ods", ".odp":
		// OpenDocument 1.2 part 3, section 3.3: the first member is an uncompressed
		// "mimetype" that holds the media type.
		return strings.HasPrefix(zipName(head), "mimetype") && bytes.HasPrefix(afterZipHeader(head), []byte(typeOf(ext)))
	}
	return plainText(head) && textBegins(head, ext)
}

func textBegins(head []byte, ext string) bool {
	t := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))))
	for _, bad := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<svg", "<iframe", "#!"} {
		if bytes.HasPrefix(t, []byte(bad)) {
			return false
		}
	}
	switch ext {
	case ".json", ".sarif":
		return len(t) > 0 && (t[0] == '{' || t[0] == '[')
	case ".xml":
		lower := string(t)
		return strings.HasPrefix(lower, "<") && !strings.Contains(lower, "<svg") && !strings.Contains(lower, "<html") &&
			!strings.Contains(lower, "www.w3.org/1999/xhtml") && !strings.Contains(lower, "<?xml-stylesheet")
	}
	return true
}

// plainText reports whether the bytes are UTF-8 without control characters, but
// for a character that the end of head cut in two.
func plainText(head []byte) bool {
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 {
			return len(head) >= SniffLen && len(head)-i < utf8.UTFMax && !utf8.FullRune(head[i:])
		}
		if r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		i += n
	}
	return true
}

// zipName returns the name of the first member of a zip file (APPNOTE 4.3.7), or
// "" when head does not begin one.
func zipName(head []byte) string {
	if len(head) < 30 || !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return ""
	}
	n := int(head[26]) | int(head[27])<<8
	if len(head) < 30+n {
		return ""
	}
	return string(head[30 : 30+n])
}

func afterZipHeader(head []byte) []byte {
	if len(head) < 30 {
		return nil
	}
	at := 30 + (int(head[26]) | int(head[27])<<8) + (int(head[28]) | int(head[29])<<8)
	if at > len(head) {
		return nil
	}
	return head[at:]
}
