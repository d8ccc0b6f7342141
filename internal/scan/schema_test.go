package scan_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
	"github.com/touchstone-assurance/touchstone/internal/format/sarif"
	"github.com/touchstone-assurance/touchstone/internal/scan"
)

// The CycloneDX library carries the published schemas.
func TestCycloneDXFollowsThePublishedSchema(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "schema")
	c := jsonschema.NewCompiler()
	for name, file := range map[string]string{"bom-1.6.schema.json": "bom-1.6.schema.json", "spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82.schemax.json"} {
		b, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name, doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*scan.Result{"everything": everything(t), "nothing": {}} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written(t, "cyclonedx", r, scan.View{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOurReadersFindNoFaultInWhatIsWritten(t *testing.T) {
	r := everything(t)
	doc, vex, err := cyclonedx.ParseAll(bytes.NewReader(written(t, "cyclonedx", r, scan.View{})), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Faults) > 0 || len(doc.Components) != 13 || vex == nil || len(vex.Statements) != 7 {
		t.Errorf("%d components, %+v", len(doc.Components), doc.Faults)
	}
	scans, faults, err := sarif.Parse(bytes.NewReader(written(t, "sarif", r, scan.View{})), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) > 0 || len(scans) != 1 || scans[0].Kind != fact.Composition || scans[0].Suppressed != 2 || !scans[0].Failed || scans[0].RulesTotal != 7 {
		t.Errorf("%+v %+v", faults, scans)
	}
}
