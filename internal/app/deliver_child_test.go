package app_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format"
)

func TestWhatWasUnderstoodIsReadBackAndNeverHalf(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	u, err := app.Understand(t.Context(), "file", strings.NewReader(bill("payments@1.0", serialOne, at, "a@1.0.0", "b@2.0.0", "@scope/c@3.0.0")), format.Options{Now: at.UnixMicro()})
	ok(t, err)
	var b bytes.Buffer
	ok(t, app.WriteUnderstood(&b, u, nil))
	got, err := app.ReadUnderstood(bytes.NewReader(b.Bytes()))
	ok(t, err)
	if d := cmp.Diff(u, got); d != "" {
		t.Error(d)
	}
	for n := range b.Len() - 1 {
		if _, err := app.ReadUnderstood(bytes.NewReader(b.Bytes()[:n])); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for the whole", n, b.Len())
		}
	}
	b.Reset()
	var p fault.Problems
	p.Add("/components/3", "It has no name.")
	ok(t, app.WriteUnderstood(&b, nil, p.Err()))
	_, err = app.ReadUnderstood(&b)
	if _, problems := fault.Public(err); fault.KindOf(err) != fault.Invalid || len(problems) != 1 || problems[0].Pointer != "/components/3" {
		t.Errorf("a refusal came back as %v", err)
	}
}
