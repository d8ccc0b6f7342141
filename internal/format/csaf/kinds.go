package csaf

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// words are the enumerations of the schema, by the kind that a tag names. Those of
// 2.1 are among them; version.go knows which.
var words = map[string][]string{
	"publisher":    {"coordinator", "discoverer", "multiplier", "other", "translator", "user", "vendor"},
	"status":       {"draft", "final", "interim"},
	"note":         {"description", "details", "faq", "general", "legal_disclaimer", "other", "summary"},
	"reference":    {"external", "self"},
	"branch":       {"architecture", "host_name", "language", "legacy", "patch_level", "platform", "product_family", "product_name", "product_version", "product_version_range", "service_pack", "specification", "vendor"},
	"relationship": {"default_component_of", "external_component_of", "installed_on", "installed_with", "optional_component_of"},
	"party":        {"coordinator", "discoverer", "other", "user", "vendor"},
	"involvement":  {"completed", "contact_attempted", "disputed", "in_progress", "not_contacted", "open"},
	"flag":         {"component_not_present", "inline_mitigations_already_exist", "vulnerable_code_cannot_be_controlled_by_adversary", "vulnerable_code_not_in_execute_path", "vulnerable_code_not_present"},
	"threat":       {"exploit_status", "impact", "target_set"},
	"remediation":  {"fix_planned", "mitigation", "no_fix_planned", "none_available", "optional_patch", "vendor_fix", "workaround"},
	"restart":      {"connected", "dependencies", "machine", "none", "parent", "service", "system", "vulnerable_component", "zone"},
}

// pattern is a form of text that the schema asks for.
type pattern struct {
	form *regexp.Regexp
	says string // behind the text that breaks it
}

var patterns = map[string]pattern{
	"category": {regexp.MustCompile(`^[^\s\-_\.](.*[^\s\-_\.])?$`), "begins or ends with a space, a dash, a dot or an underscore."},
	"id":       {regexp.MustCompile(`^\S(.*\S)?$`), "begins or ends with white space, or has several lines."},
	"version":  {regexp.MustCompile(`^(0|[1-9][0-9]*)$|^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-` + semverPart + `(\.` + semverPart + `)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`), "is neither a whole number nor a version by SemVer."},
	"lang":     {regexp.MustCompile(`^(([A-Za-z]{2,3}(-[A-Za-z]{3}(-[A-Za-z]{3}){0,2})?|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[A-WY-Za-wy-z0-9](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?|[Xx](-[A-Za-z0-9]{1,8})+|[Ii]-[Dd][Ee][Ff][Aa][Uu][Ll][Tt]|[Ii]-[Mm][Ii][Nn][Gg][Oo])$`), "does not have the form of a language tag (BCP 47)."},
	"cve":      {regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,}$`), "is not a CVE identifier."},
	"cwe":      {regexp.MustCompile(`^CWE-[1-9][0-9]{0,5}$`), "is not a CWE identifier."},
	"cpe":      {regexp.MustCompile(`^(cpe:2\.3:[aho*\-](:(((\?*|\*?)([a-zA-Z0-9\-._]|(\\[\\*?!"#$%&'()+,/:;<=>@\[\]^` + "`" + `{|}~]))+(\?*|\*?))|[*\-])){5}(:(([a-zA-Z]{2,3}(-([a-zA-Z]{2}|[0-9]{3}))?)|[*\-]))(:(((\?*|\*?)([a-zA-Z0-9\-._]|(\\[\\*?!"#$%&'()+,/:;<=>@\[\]^` + "`" + `{|}~]))+(\?*|\*?))|[*\-])){4})$|^([cC][pP][eE]:/[AHOaho]?(:[A-Za-z0-9._\-~%]*){0,6})$`), "is not a CPE name."},
	"purl":     {regexp.MustCompile(`^pkg:[A-Za-z.\-+][A-Za-z0-9.\-+]*/.+`), "is not a package URL."},
	"hash":     {regexp.MustCompile(`^[0-9a-fA-F]{32,}$`), "is not a digest in hexadecimal digits."},
	"uuid":     {regexp.MustCompile(`^(([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12})|(0{8}-0{4}-0{4}-0{4}-0{12})|([fF]{8}-[fF]{4}-[fF]{4}-[fF]{4}-[fF]{12}))$`), "is not a UUID."},
}

const semverPart = `(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`

// kindFault says what is wrong with a text of a kind; "" = nothing.
func kindFault(kind, s string) string {
	if list, ok := words[kind]; ok {
		if !slices.Contains(list, s) {
			return "is not one of the words that belong here: " + strings.Join(list, ", ") + "."
		}
		return ""
	}
	if p, ok := patterns[kind]; ok {
		if !p.form.MatchString(s) {
			return p.says
		}
		return ""
	}
	switch kind {
	case "time": // see strictTime
		if _, ok := instant(s); !ok {
			return "is not a time (RFC 3339)."
		}
	case "uri":
		if u, err := url.Parse(s); err != nil || u.Scheme == "" {
			return "is not a URI with a scheme."
		}
	}
	return ""
}

// strictTime is how CSAF 2.1 wants times (section 2.2): with capital letters, an
// offset, and no leap seconds. Days that a month has not are found by instant.
var strictTime = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)

func oddly(s string) bool {
	_, ok := instant(s)
	return !ok || !strictTime.MatchString(s)
}

// instant reads a time by RFC 3339, which allows lower-case letters and a leap
// second; the second of the leap is taken for the first of the next minute.
func instant(s string) (time.Time, bool) {
	up := strings.ToUpper(s)
	if t, err := time.Parse(time.RFC3339Nano, up); err == nil && !strings.Contains(up, ",") {
		return t, true
	}
	const seconds = len("2006-01-02T15:04:")
	if len(up) > seconds+2 && up[seconds:seconds+2] == "60" {
		t, err := time.Parse(time.RFC3339Nano, up[:seconds]+"59"+up[seconds+2:])
		if u := t.UTC(); err == nil && (u.Hour() == 23 && u.Minute() == 59) {
			return t.Add(time.Second), true
		}
	}
	return time.Time{}, false
}

// micros is the instant in microseconds since 1970 UTC; 0 = not said.
func micros(s string) int64 {
	t, ok := instant(s)
	if !ok {
		return 0
	}
	return t.UnixMicro()
}
