package budget_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

func TestReaderGivesADocumentOfExactlyTheLimitAndRefusesOneByteMore(t *testing.T) {
	l := budget.Limits{Bytes: 10}
	got, err := io.ReadAll(l.Reader(strings.NewReader("0123456789")))
	if err != nil || string(got) != "0123456789" {
		t.Fatalf("ten bytes within ten: %q, %v", got, err)
	}
	_, err = io.ReadAll(l.Reader(bytes.NewReader(make([]byte, 11))))
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.TooLarge {
		t.Fatalf("eleven bytes within ten: %v", err)
	}
}

func TestOrDefaultsKeepsWhatWasSaid(t *testing.T) {
	got := budget.Limits{Depth: 3}.OrDefaults()
	want := budget.Defaults()
	want.Depth = 3
	if got != want {
		t.Fatalf("got %+v, want %+v", got, want)
	}
}

func TestRefusalsAreFaultsThatNameThePlace(t *testing.T) {
	l := budget.Limits{Depth: 2, Items: 3, Text: 4}
	for _, err := range []error{l.TooDeep("/a/b"), l.TooMany("components"), l.TooLong("/a")} {
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.TooLarge {
			t.Errorf("%v is not too_large", err)
		}
	}
	if got := l.TooDeep("/a/b").Error(); !strings.Contains(got, "/a/b") {
		t.Errorf("%q does not say where", got)
	}
}
