package csaf

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// 6.1.11 CWE
func unknownCWE(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.CWE != nil {
			cweFault(at+"/cwe", *v.CWE, fail)
		}
		for i, c := range v.CWEs {
			cweFault(item(at+"/cwes", i), c, fail)
		}
	})
}

//go:embed cwe.txt
var cweTable string

// cweVersion is the edition of the list in cwe.txt.
const cweVersion = "4.20"

// cweName looks up what a weakness is called; "" = there is none of that id.
func cweName(id string) string {
	_, after, ok := strings.Cut(cweTable, cweLine(id))
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(after, "\n")
	return name
}

func cweLine(id string) string { return "\n" + strings.TrimPrefix(id, "CWE-") + "\t" }

// cweCalled reports whether a weakness has, or had, the name. Some editions put a
// space behind a name.
func cweCalled(id, name string) bool {
	name = strings.TrimRight(name, " ")
	return !strings.Contains(name, "\n") && strings.Contains(cweTable, cweLine(id)+name+"\n")
}

func cweFault(at string, c CWE, fail fail) {
	name := cweName(c.ID)
	switch {
	case name == "":
		fail(at+"/id", "CWE %s has no weakness %s. Categories and views are none.", cweVersion, quote(c.ID))
	case !cweCalled(c.ID, c.Name) && !old(c.Version):
		fail(at+"/name", "%s is called %s.", c.ID, quote(name))
	}
}

// old reports whether a document goes by an edition of CWE whose names the list does
// not know (2.1 has documents say the edition).
func old(version string) bool {
	return strings.HasPrefix(version, "1.") || strings.HasPrefix(version, "2.") || strings.HasPrefix(version, "3.")
}

// 6.1.12 Language
func unknownLanguage(d *Document, fail fail) {
	check := func(at, tag string) {
		if tag == "" {
			return
		}
		if _, err := language.Parse(tag); err != nil {
			fail(at, "%s is not a language tag whose parts are registered.", quote(tag))
		}
	}
	check("/document/lang", d.Meta.Lang)
	check("/document/source_lang", d.Meta.SourceLang)
}

// 6.1.15 Translator
func translatorWithoutSource(d *Document, fail fail) {
	if p := d.Meta.Publisher; p != nil && p.Category == "translator" && d.Meta.SourceLang == "" {
		fail("/document/source_lang", "A translator says which language the original is in.")
	}
}

// profiles are the values of the category that the standard gives a meaning.
var profiles = map[string][]string{
	v20: {"csaf_base", "csaf_security_incident_response", "csaf_informational_advisory", "csaf_security_advisory", "csaf_vex"},
	v21: {"csaf_base", "csaf_security_incident_response", "csaf_informational_advisory", "csaf_security_advisory", "csaf_vex",
		"csaf_deprecated_security_advisory", "csaf_withdrawn", "csaf_superseded"},
}

// 6.1.26 Prohibited Document Category Name
func reservedCategory(d *Document, fail fail) {
	category := d.Meta.Category
	for _, p := range profiles[d.Meta.Version] {
		if category == p {
			return
		}
	}
	plain := squeeze(category)
	if strings.HasPrefix(strings.ToLower(category), "csaf_") {
		fail("/document/category", "%s begins with the reserved csaf_.", quote(category))
		return
	}
	for _, p := range profiles[d.Meta.Version] {
		name := squeeze(p)
		if p != "csaf_base" && (plain == name || plain == strings.TrimPrefix(name, "csaf")) {
			fail("/document/category", "%s can be taken for the profile %s.", quote(category), p)
			return
		}
	}
}

// squeeze takes away case, and what may stand between words.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.Is(unicode.Dash, r) || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// 6.1.28 Translation
func sameLanguage(d *Document, fail fail) {
	if d.Meta.SourceLang != "" && strings.EqualFold(d.Meta.Lang, d.Meta.SourceLang) {
		fail("/document/source_lang", "The document is in the language that it was translated from.")
	}
}
