package evidence

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

const today = civil.Date("2026-07-01")

func good() Record {
	return Record{Title: "Risk register", Version: "3", ProducedOn: "2026-05-01", Link: "https://example.org/r", Marking: portfolio.Marking{Tier: portfolio.Official}}
}

func pointers(p fault.Problems) string {
	var out []string
	for _, x := range p {
		out = append(out, x.Pointer)
	}
	return strings.Join(out, " ")
}

func TestTrap09EvidenceNeedsTitleVersionDateProducedAndLocation(t *testing.T) {
	_, p := Validate(Record{}, today, portfolio.DefaultCeiling())
	if got := pointers(p); got != "/title /version /produced_on /link /marking" {
		t.Fatalf("problems at %s", got)
	}
	if r, p := Validate(good(), today, portfolio.DefaultCeiling()); len(p) != 0 || r.ValidUntil != "2027-05-01" || !r.Counts() {
		t.Fatalf("a complete record: %v, valid until %s", p, r.ValidUntil)
	}
	for name, change := range map[string]func(*Record){
		"/produced_on": func(r *Record) { r.ProducedOn = "2026-07-02" },
		"/valid_until": func(r *Record) { r.ValidUntil = "2026-04-30" },
		"/kind":        func(r *Record) { r.Kind = "rumour" },
		"/link":        func(r *Record) { r.File = &File{Name: "a.pdf"} },
		"/title":       func(r *Record) { r.Title = "a\x00b" },
	} {
		r := good()
		change(&r)
		if _, p := Validate(r, today, portfolio.DefaultCeiling()); pointers(p) != name {
			t.Errorf("want a problem at %s, got %v", name, p)
		}
	}
}

func TestTrap09AnOlderVersionNoLongerHolds(t *testing.T) {
	r := good()
	r.ValidUntil, r.SupersededAt = "2027-05-01", 1000
	if r.EndsAt(nil) != 1000 || r.Freshness(1000, nil) != Superseded || r.Freshness(999, nil) == Superseded {
		t.Fatal("a newer version did not end the older one")
	}
}

func TestTrap10SecretEvidenceIsHeldElsewhere(t *testing.T) {
	secret := portfolio.Marking{Tier: portfolio.Secret}
	r := good()
	r.Marking = secret
	if _, p := Validate(r, today, portfolio.DefaultCeiling()); pointers(p) != "/marking" || !strings.Contains(p[0].Detail, "held elsewhere") {
		t.Fatalf("SECRET was not refused: %v", p)
	}
	r = good()
	r.Link, r.Held = "", &HeldElsewhere{Reference: "REF/1", Marking: secret, Custodian: "Registry", SeenBy: "Security lead", SeenOn: "2026-06-01"}
	if r, p := Validate(r, today, portfolio.DefaultCeiling()); len(p) != 0 || !r.Counts() {
		t.Fatalf("held elsewhere: %v", p)
	}
	r.Held = &HeldElsewhere{Reference: "REF/1"}
	if _, p := Validate(r, today, portfolio.DefaultCeiling()); pointers(p) != "/held/custodian /held/seen_by /held/marking /held/seen_on" || r.Counts() {
		t.Fatalf("problems at %s", pointers(p))
	}
}

func TestLinksAreWebAddressesOrPlainText(t *testing.T) {
	for link, want := range map[string]string{
		"https://example.org/a?b=c#d": "link", "HTTP://example.org": "link",
		`\\server\share\register.xlsx`: "text", `C:\docs\a.docx`: "text", "Registry, room 4: shelf 2": "text", "file:///srv/a": "text",
		"javascript:alert(1)": "refused", "JaVaScRiPt:alert(1)": "refused", "data:text/html,x": "refused", "vbscript:x": "refused",
		"https://": "refused", "https://user:secret@example.org/": "refused", "http:relative": "refused", "blob:https://example.org/1": "refused",
	} {
		var p fault.Problems
		got := Record{Link: CheckLink(&p, "/link", link)}
		_, href := got.Href()
		switch {
		case want == "refused" && len(p) == 0, want != "refused" && len(p) != 0, href != (want == "link"):
			t.Errorf("%s: want %s, got problems %v, linkable %v", link, want, p, href)
		}
	}
	var p fault.Problems
	CheckLink(&p, "/link", "java\nscript:alert(1)")
	if len(p) == 0 {
		t.Error("a broken scheme was taken")
	}
}

func TestDefaultValidityFollowsTheKind(t *testing.T) {
	for kind, want := range map[Kind]civil.Date{Document: "2027-02-28", TestReport: "2027-02-28", Statistics: "2026-05-29", Scan: "2026-03-07", SBOM: "", Provenance: "", Attestation: ""} {
		if got := DefaultValidUntil(kind, "2026-02-28"); got != want {
			t.Errorf("%s is valid until %q, want %q", kind, got, want)
		}
	}
}

func TestFreshnessChangesWithTheDayOfTheOrganisation(t *testing.T) {
	london, _ := time.LoadLocation("Europe/London")
	r := good()
	r.ValidUntil = "2026-08-01"
	end := r.EndsAt(london)
	if want := time.Date(2026, 8, 1, 23, 0, 0, 0, time.UTC).UnixMicro(); end != want {
		t.Fatalf("ends at %d, want %d", end, want)
	}
	for at, want := range map[int64]Freshness{end: RanOut, end - 1: Expiring, end - 60*86400e6: Current} {
		if got := r.Freshness(at, london); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	r.WithdrawnAt = 5
	if r.Freshness(5, london) != Withdrawn {
		t.Error("withdrawn is not shown")
	}
}

func zipped(t testing.TB, names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(odf + "text"))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesAreTakenByContentAndName(t *testing.T) {
	docx, odt := zipped(t, "[Content_Types].xml"), zipped(t, "mimetype")
	for _, c := range []struct {
		name, head, want string
	}{
		{"a.pdf", "%PDF-1.7\n", "application/pdf"},
		{"A.PDF", "%PDF-2.0\n", "application/pdf"},
		{"a.png", "\x89PNG\r\n\x1a\nxx", "image/png"},
		{"a.jpeg", "\xff\xd8\xff\xe0", "image/jpeg"},
		{"a.docx", string(docx), ooxml + "wordprocessingml.document"},
		{"a.odt", string(odt), odf + "text"},
		{"bom.json", "\xef\xbb\xbf {\"a\":1}", "application/json"},
		{"a.xml", "<?xml version=\"1.0\"?><r/>", "application/xml"},
		{"a.csv", "a,b\n=1+1,2\n", "text/csv"},
		{"a.txt", "résumé", "text/plain"},
		{"cut.txt", strings.Repeat("a", SniffLen-1) + "\xc3", "text/plain"},
		{"a.pdf", "<html>", ""}, {"a.html", "<html>", ""}, {"a.txt", "<!DOCTYPE html><script>", ""}, {"a.svg", "<svg/>", ""},
		{"a.xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", ""}, {"a.exe", "MZ", ""}, {"a.txt", "MZ\x00\x01", ""},
		{"a.zip", string(docx), ""}, {"a.docm", string(docx), ""}, {"a.docx", string(odt), ""}, {"a.docx", string(zipped(t, "evil.exe")), ""},
		{"a.odt", string(docx), ""}, {"a.txt", "\xff\xfeh\x00i\x00", ""}, {"a.json", "var x", ""}, {"noextension", "text", ""}, {"a.sh", "#!/bin/sh", ""},
		{"a.pdf", "", "empty"},
	} {
		got, err := Sniff([]byte(c.head), c.name)
		switch {
		case c.want == "empty":
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("an empty file: %v", err)
			}
		case c.want == "" && !fault.Is(err, fault.Unsupported), c.want != "" && (err != nil || got != c.want):
			t.Errorf("%s with %.20q: got %q, %v; want %q", c.name, c.head, got, err, c.want)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("%PDF-1.7"), "a.pdf")
	f.Add(zipped(f, "mimetype"), "a.odt")
	f.Add([]byte("PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaa\xff\xff\xff\xff"), "a.docx")
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		mt, err := Sniff(head, name)
		if (err == nil) != (mt != "") || strings.Contains(mt, "html") || strings.Contains(mt, "svg") {
			t.Fatalf("%q, %v", mt, err)
		}
	})
}

func FuzzCheckLink(f *testing.F) {
	f.Add("javascript:alert(1)")
	f.Add("https://example.org")
	f.Fuzz(func(t *testing.T, s string) {
		var p fault.Problems
		r := Record{Link: CheckLink(&p, "/link", s)}
		if h, ok := r.Href(); ok && len(p) == 0 && !strings.HasPrefix(h, "https://") && !strings.HasPrefix(h, "http://") {
			t.Fatalf("%q links to %q", s, h)
		}
	})
}
