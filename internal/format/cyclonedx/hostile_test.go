package cyclonedx_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
)

const (
	jsonStart = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,`
	xmlStart  = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">`
)

func TestBombsAreRefusedForTheirSize(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	for _, c := range []struct {
		name, text string
		limits     budget.Limits
	}{
		{"deep JSON", jsonStart + `"components":` + many(`[{"components":`, 5000), budget.Limits{}},
		{"deep JSON that is passed over", jsonStart + `"annotations":` + many("[", 100_000), budget.Limits{}},
		{"deep XML", xmlStart + many("<components><component>", 5000), budget.Limits{}},
		{"deep XML that is passed over", xmlStart + "<annotations>" + many("<a>", 100_000), budget.Limits{}},
		{"deep XML dependencies", xmlStart + "<dependencies>" + many(`<dependency ref="a">`, 100_000), budget.Limits{}},
		{"a million attributes", xmlStart + `<components><component type="library"` + attributes(1_000_000) + "/></components></bom>", budget.Limits{}},
		{"a thousand attributes", xmlStart + `<components><component type="library"` + attributes(1000) + "/></components></bom>", budget.Limits{}},
		{"a huge text in JSON", jsonStart + `"serialNumber":"` + many("x", 2<<20) + `"}`, budget.Limits{}},
		{"a huge text in XML", xmlStart + "<metadata><timestamp>" + many("x", 2<<20) + "</timestamp></metadata></bom>", budget.Limits{}},
		{"a huge text in pieces", xmlStart + "<metadata><timestamp>" + many(many("x", 1000)+"<!-- -->", 2000) + "</timestamp></metadata></bom>", budget.Limits{}},
		{"a huge attribute", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="` + many("x", 2<<20) + `"/>`, budget.Limits{}},
		{"a huge comment", xmlStart + "<!--" + many("x<", 1<<20) + "--></bom>", budget.Limits{}},
		{"a huge CDATA section", xmlStart + "<metadata><timestamp><![CDATA[" + many("<", 2<<20) + "]]></timestamp></metadata></bom>", budget.Limits{}},
		{"a huge name", "<" + many("x", 2<<20) + "/>", budget.Limits{}},
		{"too many components", jsonStart + `"components":[` + many(`{},`, 1_000_000) + `{}]}`, budget.Limits{Items: 10_000}},
		{"too many components in XML", xmlStart + "<components>" + many("<component/>", 200) + "</components></bom>", budget.Limits{Items: 100}},
		{"too many edges", jsonStart + `"dependencies":[{"ref":"a","dependsOn":[` + many(`"b",`, 200) + `"b"]}]}`, budget.Limits{Items: 100}},
		{"too many statements", jsonStart + `"vulnerabilities":[` + many(`{"analysis":{}},`, 200) + `{}]}`, budget.Limits{Items: 100}},
		{"too many refs", jsonStart + `"annotations":[` + numbered(`{"bom-ref":"%d"},`, 200) + `{}]}`, budget.Limits{Items: 100}},
		{"too many refs that are used", jsonStart + `"dependencies":[` + numbered(`{"ref":"%d"},`, 200) + `{"ref":"x"}]}`, budget.Limits{Items: 100}},
		{"too much of what is not kept", jsonStart + `"properties":[` + many(`{"name":"a"},`, 1000) + `{"name":"a"}]}`, budget.Limits{Items: 100}},
		{"too many bytes", jsonStart + `"components":[` + many(" ", 2000) + `]}`, budget.Limits{Bytes: 1000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := cyclonedx.ParseAll(strings.NewReader(c.text), c.limits)
			if !fault.Is(err, fault.TooLarge) {
				t.Errorf("%v, want a fault for its size", err)
			}
		})
	}
}

func attributes(n int) string { return numbered(` a%d=""`, n) }

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// A bomb is refused before it has been collected: reading one allocates no more
// than a few times the limit of a text.
func TestABombIsNotCollected(t *testing.T) {
	for name, text := range map[string]string{
		"CDATA":      xmlStart + "<metadata><timestamp><![CDATA[" + strings.Repeat("<", 64<<20),
		"comment":    xmlStart + "<!--" + strings.Repeat("x", 64<<20),
		"attributes": xmlStart + `<components><component` + strings.Repeat(` a=""`, 12<<20),
		"string":     jsonStart + `"serialNumber":"` + strings.Repeat("x", 64<<20),
	} {
		var before, after runtime.MemStats
		in := strings.NewReader(text)
		runtime.ReadMemStats(&before)
		_, err := cyclonedx.Parse(in, budget.Limits{})
		runtime.ReadMemStats(&after)
		if !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 64 {
			t.Errorf("%s: %d MB were allocated", name, got)
		}
	}
}

func TestADocumentThatEndsEarlyIsRefused(t *testing.T) {
	for name, text := range map[string]string{"JSON": soundJSON, "XML": soundXML} {
		for percent := range 100 {
			n := len(text) * percent / 100
			if _, err := parse(text[:n]); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s cut at %d %%: %v", name, percent, err)
			}
		}
		for n := range len(text) {
			if _, err := parse(text[:n]); err == nil {
				t.Fatalf("%s: %d of %d bytes were accepted", name, n, len(text))
			}
		}
	}
}

func TestADocumentThatIsWrongEverywhereGivesABoundedList(t *testing.T) {
	const n = 5000
	for name, text := range map[string]string{
		"the version first": jsonStart + `"components":[` + strings.Repeat(`{"type":"x","name":"a"},`, n-1) + `{"type":"x","name":"a"}]}`,
		"the version last":  `{"components":[` + strings.Repeat(`{"type":"x","name":"a","tags":[]},`, n-1) + `{"type":"x","name":"a"}],"bomFormat":"CycloneDX","version":1,"specVersion":"1.6"}`,
	} {
		d, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		last := d.Faults[len(d.Faults)-1]
		if len(d.Faults) != 1001 || last.Rule != "more-faults" || last.Detail != "4000 more faults are not listed." {
			t.Errorf("%s: %d faults, the last %+v", name, len(d.Faults), last)
		}
	}
}

func TestACycleOfDependenciesIsTakenAsItIs(t *testing.T) {
	d, err := parse(jsonStart + `"components":[{"bom-ref":"a","type":"library","name":"a"}],"dependencies":[{"ref":"a","dependsOn":["a"]}]}`)
	if err != nil || len(d.Edges) != 1 || len(d.Faults) != 0 {
		t.Errorf("%v %+v", err, d)
	}
}

var seeds = []string{
	`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"a","bom-ref":"a","hashes":[{"alg":"MD5","content":"3942447fac867ae5cdb3229b658f4d48"}]}]}`,
	`{"specVersion":"1.4","bomFormat":"CycloneDX","version":1,"dependencies":[{"ref":"a","dependsOn":["b","a"]}],"metadata":{"component":{"bom-ref":"a","type":"file","name":"x"}}}`,
	`{"components":[{"components":[{"purl":"pkg:npm/a@1"}],"licenses":[{"license":{"id":"MIT"}},{"expression":"MIT"}]}],"specVersion":"1.2"}`,
	`{"specVersion":"1.5","vulnerabilities":[{"id":"CVE-1","analysis":{"state":"not_affected","justification":"code_not_present"},"affects":[{"ref":"a","versions":[{"version":"1"}]}]}]}`,
	`{"specVersion":"1.5","metadata":{"timestamp":"2026-01-02T03:04:05Z","tools":{"components":[{"name":"t"}]},"lifecycles":[{"phase":"build"}]}}`,
	`{"specVersion":"1.7","bomFormat":null,"components":{"a":[1,null,true]},"version":-1}`,
	xmlStart + `<components><component type="library" bom-ref="a" x:y="1"><name><b/></name><licenses><license><id>MIT</id></license></licenses></component></components></bom>`,
	xmlStart + `<metadata><![CDATA[x]]><?p q?><!-- c --></metadata><dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies></bom>`,
	xmlStart + `<vulnerabilities><vulnerability><id>CVE-1</id><analysis><state>resolved</state></analysis><affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities></bom>`,
	`<a:bom xmlns:a="http://cyclonedx.org/schema/bom/1.7"><a:licenses/></a:bom>`,
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds { // short ones: the engine spends its time on shrinking long ones
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		cyclonedx.Detect(b)
		d, vex, err := cyclonedx.ParseAll(bytes.NewReader(b), budget.Limits{Bytes: 1 << 18, Items: 10_000, Text: 1 << 14})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		for _, e := range d.Edges {
			if e.From < -1 || e.To < -1 || int(e.From) >= len(d.Components) || int(e.To) >= len(d.Components) {
				t.Errorf("an edge that leads nowhere: %+v", e)
			}
		}
		for _, x := range d.Faults {
			if x.Rule == "" || x.Detail == "" {
				t.Errorf("a fault that says nothing: %+v", x)
			}
		}
		if vex != nil {
			for _, s := range vex.Statements {
				if !s.Status.Valid() || s.Justification != "" && !s.Justification.Valid() || s.Vulnerability == "" {
					t.Errorf("a statement that cannot be: %+v", s)
				}
			}
		}
		plain, err := cyclonedx.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 18, Items: 10_000, Text: 1 << 14})
		if err != nil || len(plain.Components) != len(d.Components) || len(plain.Faults) != len(d.Faults) {
			t.Errorf("Parse and ParseAll differ: %v", err)
		}
	})
}
