package json_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	ours "github.com/touchstone-assurance/touchstone/internal/report/json"
	"github.com/touchstone-assurance/touchstone/internal/report/reporttest"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile("../../../docs/schemas/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func written(t *testing.T, a report.Assessment) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := ours.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheReportIsAsBefore(t *testing.T) {
	reporttest.Golden(t, "ordinary.json.golden", written(t, report.Build(reporttest.Ordinary())))
}

func TestEveryReportFollowsTheSchema(t *testing.T) {
	s := schema(t)
	for name, in := range map[string]report.Input{"ordinary": reporttest.Ordinary(), "empty": reporttest.Empty(), "huge": reporttest.Huge()} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written(t, report.Build(in))))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every member of a report is required by the schema or known as optional, so
// that a new field cannot go undescribed.
func TestTheSchemaDescribesEveryMember(t *testing.T) {
	var doc, schema map[string]any
	if err := json.Unmarshal(written(t, report.Build(reporttest.Ordinary())), &doc); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../../docs/schemas/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	described(t, schema, schema, doc, "")
}

func described(t *testing.T, root, s map[string]any, v any, at string) {
	if ref, ok := s["$ref"].(string); ok {
		s = root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	switch v := v.(type) {
	case map[string]any:
		props, _ := s["properties"].(map[string]any)
		for name, x := range v {
			p, ok := props[name].(map[string]any)
			if !ok {
				t.Errorf("%s/%s is not in the schema", at, name)
				continue
			}
			described(t, root, p, x, at+"/"+name)
		}
	case []any:
		items, _ := s["items"].(map[string]any)
		for _, x := range v {
			described(t, root, items, x, at+"/*")
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	for _, s := range reporttest.Hostile() {
		b := written(t, reporttest.WithHostileText(report.Build(reporttest.Ordinary()), s))
		var back report.Assessment
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if back.System.Name != s {
			t.Errorf("%.30q came back as %.30q", s, back.System.Name)
		}
		if bytes.Contains(b, []byte("<script")) {
			t.Error("markup stands unescaped")
		}
	}
}

func TestItIsNeverCalledACertificateAndHasNoScore(t *testing.T) {
	b := strings.ToLower(string(written(t, report.Build(reporttest.Ordinary()))))
	for _, word := range []string{"certified", "compliant", "passed", "failed", "accredited", "score", "percent", "%"} {
		if strings.Contains(b, word) {
			t.Errorf("the report says %q", word)
		}
	}
	if strings.Count(b, "certificate") != 1 || !strings.Contains(b, "not a certificate") {
		t.Error("the report speaks of a certificate otherwise than to say that it is none")
	}
}
