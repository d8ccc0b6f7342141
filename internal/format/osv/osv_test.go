package osv_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
)

func parse(s string) (advisory.Advisory, error) {
	return osv.Parse(strings.NewReader(s), budget.Limits{})
}

const whole = "\xef\xbb\xbf" + `{
  "schema_version": "1.7.3", "id": "TEST-2026-1", "modified": "2026-02-03T04:05:06.5Z", "published": "0001-01-01T00:00:00Z",
  "aliases": ["CVE-2026-0001"], "upstream": ["UP-1"], "related": null, "summary": "A \u201cquoted\u201d thing", "details": "Long.",
  "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
  "affected": [
    {"package": {"ecosystem": "Debian:12", "name": "thing", "purl": "pkg:deb/debian/thing"},
     "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "2"}, {"introduced": "0"}], "database_specific": {"x": [1]}}],
     "versions": ["1.0"], "severity": [{"type": "Ubuntu", "score": "medium"}], "ecosystem_specific": {"anything": null}},
    {"ranges": [{"type": "GIT", "repo": "https://example.org/r", "events": [{"introduced": "0"}, {"limit": "abc"}]}]}
  ],
  "references": [{"type": "WEB", "url": "https://example.org/1"}, {"type": "WEB"}],
  "database_specific": {"cwe_ids": ["CWE-79", 5], "severity": "HIGH", "affected": 3}, "new_member": {"deep": [[[]]]}
}`

func TestParseReadsWhatARecordSays(t *testing.T) {
	got, err := parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	want := advisory.Advisory{
		ID: "TEST-2026-1", Aliases: []string{"CVE-2026-0001"}, Upstream: []string{"UP-1"},
		Modified: time.Date(2026, 2, 3, 4, 5, 6, 5e8, time.UTC).UnixMicro(),
		Summary:  "A “quoted” thing", Details: "Long.",
		Severities: []advisory.Severity{{Type: "CVSS_V3", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8}},
		CWEs:       []string{"CWE-79"}, References: []string{"https://example.org/1"},
		Affected: []advisory.Affected{
			{Ecosystem: "Debian:12", Name: "thing", PURL: "pkg:deb/debian/thing", Versions: []string{"1.0"},
				Ranges:     []advisory.Range{{Type: advisory.Ecosystem, Events: []advisory.Event{{Kind: advisory.Fixed, Version: "2"}, {Kind: advisory.Introduced, Version: "0"}}}},
				Severities: []advisory.Severity{{Type: "Ubuntu", Vector: "medium", Score: -1}}},
			{Ranges: []advisory.Range{{Type: advisory.Git, Repo: "https://example.org/r", Events: []advisory.Event{{Kind: advisory.Introduced, Version: "0"}, {Kind: advisory.Limit, Version: "abc"}}}}},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestABriefReaderLeavesOutTextsAndStillChecksThem(t *testing.T) {
	full, err := osv.NewReader(budget.Limits{}).Read([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	brief, err := osv.NewReader(budget.Limits{}).Brief().Read([]byte(whole))
	full.Details, full.References = "", nil
	if d := cmp.Diff(full, brief); err != nil || d != "" {
		t.Error(err, d)
	}
	if _, err := osv.NewReader(budget.Limits{}).Brief().Read([]byte(`{"id":"X","details":5}`)); err == nil {
		t.Error("details that are a number are passed over")
	}
}

func TestParseIsTolerantOfDates(t *testing.T) {
	for _, c := range []struct {
		says, member string
		want         int64
		refused      bool
	}{
		{"no date at all", ``, 0, false},
		{"the zero time of a database that fills it in later", `"modified":"0001-01-01T00:00:00Z",`, 0, false},
		{"words where a date should be", `"modified":"yesterday",`, 0, false},
		{"a date", `"modified":"1970-01-01T00:00:01Z",`, 1e6, false},
		{"a number is not a date", `"modified":5,`, 0, true},
		{"a withdrawal that cannot be read is not passed over", `"withdrawn":"soon",`, 0, true},
		{"a zero withdrawal is none", `"withdrawn":"0001-01-01T00:00:00Z",`, 0, false},
	} {
		got, err := parse(`{` + c.member + `"id":"X"}`)
		if (err != nil) != c.refused || got.Modified != c.want || got.Withdrawn != 0 {
			t.Errorf("%s: %+v, %v", c.says, got, err)
		}
	}
}

func inRange(events string) string {
	return `{"id":"X","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":` + events + `}]}]}`
}

func TestParseRefusesWhatMattersAndNamesThePlace(t *testing.T) {
	for _, c := range []struct{ says, record, pointer string }{
		{"no id", `{"modified":"2026-01-01T00:00:00Z"}`, "/id"},
		{"an id that is no text", `{"id":7}`, "/id"},
		{"not an object", `["X"]`, ""},
		{"nothing", ``, ""},
		{"cut short", `{"id":"X","affected":[`, "/affected"},
		{"not JSON", `{"id":"X",}`, ""},
		{"a name twice", `{"id":"X","id":"Y"}`, "/id"},
		{"a name twice deep below", `{"id":"X","database_specific":{"a":{"b":1,"b":2}}}`, "/database_specific/a/b"},
		{"a second record", `{"id":"X"} {"id":"Y"}`, ""},
		{"text that is not UTF-8", "{\"id\":\"X\xff\"}", "/id"},
		{"affected is an object", `{"id":"X","affected":{}}`, "/affected"},
		{"an entry without package and ranges", `{"id":"X","affected":[{"versions":["1"]}]}`, "/affected/0"},
		{"an entry without package whose ranges are not of a repository", `{"id":"X","affected":[{"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`, "/affected/0"},
		{"a package that is null", `{"id":"X","affected":[{"package":null}]}`, "/affected/0"},
		{"a package without name", `{"id":"X","affected":[{"package":{"ecosystem":"npm"}}]}`, "/affected/0/package"},
		{"a package without ecosystem", `{"id":"X","affected":[{"package":{"name":"a"}}]}`, "/affected/0/package"},
		{"an unknown type of range", `{"id":"X","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"GUESS","events":[{"introduced":"0"}]}]}]}`, "/affected/0/ranges/0/type"},
		{"a range without type", `{"id":"X","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"events":[{"introduced":"0"}]}]}]}`, "/affected/0/ranges/0"},
		{"an event of two kinds", inRange(`[{"introduced":"0","fixed":"1"}]`), "/affected/0/ranges/0/events/0"},
		{"an event of no kind", inRange(`[{"introduced":"0"},{}]`), "/affected/0/ranges/0/events/1"},
		{"an event of an unknown kind", inRange(`[{"introduced":"0"},{"reintroduced":"3"}]`), "/affected/0/ranges/0/events/1"},
		{"an event whose version is a number", inRange(`[{"introduced":0}]`), "/affected/0/ranges/0/events/0/introduced"},
		{"an event with an empty version", inRange(`[{"introduced":"0"},{"fixed":""}]`), "/affected/0/ranges/0/events/1/fixed"},
		{"a range that nothing introduces", inRange(`[{"fixed":"1"}]`), "/affected/0/ranges/0"},
		{"a version that is a number", `{"id":"X","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":[1.5]}]}`, "/affected/0/versions/0"},
		{"a severity that is a text", `{"id":"X","severity":["HIGH"]}`, "/severity/0"},
	} {
		_, err := parse(c.record)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Problems) == 0 {
			t.Errorf("%s: %v", c.says, err)
			continue
		}
		if got := f.Problems[0].Pointer; got != c.pointer {
			t.Errorf("%s: said of %q, want %q: %v", c.says, got, c.pointer, err)
		}
	}
}

func TestParseNamesEveryFaultUpToABound(t *testing.T) {
	_, err := parse(`{"aliases":4,"affected":[{"package":{}},{"package":3}]}`)
	_, problems := fault.Public(err)
	if len(problems) != 5 {
		t.Errorf("five places are wrong, named are %d: %v", len(problems), err)
	}
	_, err = parse(`{"affected":[` + strings.Repeat(`{},`, 5000) + `{}]}`)
	if _, problems = fault.Public(err); len(problems) != 20 {
		t.Errorf("of 5,001 wrong places %d are named", len(problems))
	}
}

func TestParseStaysWithinItsLimits(t *testing.T) {
	l := budget.Limits{Bytes: 2000, Depth: 12, Items: 50, Text: 100}
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		says, record string
		ok           bool
	}{
		{"a small one", `{"id":"X"}`, true},
		{"too many bytes", `{"id":"X"}` + strings.Repeat(" ", 2000), false},
		{"a text too long", `{"id":"` + strings.Repeat("x", 200) + `"}`, false},
		{"too many aliases", `{"id":"X","aliases":[` + strings.Repeat(`"a",`, 60) + `"a"]}`, false},
		{"as deep as allowed", `{"id":"X","extra":` + deep(11) + `}`, true},
		{"deeper than allowed", `{"id":"X","extra":` + deep(12) + `}`, false},
		{"deep in a place that is read", `{"id":"X","affected":` + deep(900) + `}`, false},
		{"brackets in a text are not depth", `{"id":"X","extra":["` + strings.Repeat(`[\"`, 25) + `"]}`, true},
	} {
		_, err := osv.Parse(strings.NewReader(c.record), l)
		if c.ok && err != nil || !c.ok && !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", c.says, err)
		}
	}
	if _, err := osv.NewReader(l).Read(make([]byte, 2001)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("bytes beyond the limit given at once: %v", err)
	}
}

func TestAReaderIsAsGoodAsNewAfterABrokenRecord(t *testing.T) {
	r := osv.NewReader(budget.Limits{})
	for i := range 3 {
		if _, err := r.Read([]byte(`{"id":"X","affected":[{`)); err == nil {
			t.Fatal("a record cut short is read")
		}
		got, err := r.Read(fmt.Appendf(nil, `{"id":"Y%d"}`, i))
		if err != nil || got.ID != fmt.Sprintf("Y%d", i) {
			t.Fatalf("%+v, %v", got, err)
		}
	}
}

func TestARecordCutShortAnywhereIsRefusedAndNeverPartlyRead(t *testing.T) {
	for n := range len(whole) {
		if got, err := parse(whole[:n]); err == nil || got.ID != "" {
			t.Fatalf("cut at byte %d: %+v, %v", n, got, err)
		}
	}
}

func TestSalvageTakesWhatCanBeRead(t *testing.T) {
	a, b := advisory.Package{Ecosystem: "npm", Name: "a"}, advisory.Package{Ecosystem: "Go", Name: "b"}
	for _, c := range []struct {
		says, record, id string
		want             []advisory.Package
	}{
		{"a wrong event does not hide the packages", `{"id":"X","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"?"}]},{"package":{"name":"b","ecosystem":"Go"}}]}`, "X", []advisory.Package{a, b}},
		{"what stands before the end of a cut record", `{"affected":[{"package":{"ecosystem":"npm","name":"a"}},{"package":{"ecos`, "", []advisory.Package{a}},
		{"a name twice", `{"id":"X","id":"Y","affected":[{"package":{"ecosystem":"npm","name":"a"}}]}`, "X", []advisory.Package{a}},
		{"entries of wrong types between sound ones", `{"id":["X"],"affected":[7,{"package":[]},{"package":{"ecosystem":"npm","name":"a"}}]}`, "", []advisory.Package{a}},
		{"nothing", "", "", nil},
		{"no JSON", "hello", "", nil},
	} {
		id, got := osv.Salvage([]byte(c.record))
		if d := cmp.Diff(c.want, got); id != c.id || d != "" {
			t.Errorf("%s: id %q, packages %v", c.says, id, got)
		}
	}
}

func TestDetectKnowsARecordFromOtherJSON(t *testing.T) {
	if !osv.Detect([]byte(whole)) {
		t.Error("a record is not known")
	}
	for _, other := range []string{``, `<bom/>`, `{"bomFormat":"CycloneDX","id":"","modified":""}`, `{"dataType":"CVE_RECORD","id":1,"affected":[]}`, `[]`} {
		if osv.Detect([]byte(other)) {
			t.Errorf("%q is taken for a record", other)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{whole, `{}`, `{"id":"X","affected":null}`, `{"id":"\ud800"}`, inRange(`[{"introduced":"0"},{"limit":"*"}]`)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l := budget.Limits{Bytes: 1 << 16, Depth: 20, Items: 1000, Text: 1 << 12}
		a, err := osv.NewReader(l).Read(b)
		id, _ := osv.Salvage(b)
		if err == nil && (a.ID == "" || id != a.ID) {
			t.Fatalf("read as %q, salvaged as %q", a.ID, id)
		}
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("not a fault: %v", err)
		}
	})
}
