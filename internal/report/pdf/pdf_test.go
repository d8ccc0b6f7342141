package pdf_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/report/pdf"
)

const page = `<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>A page: canary-title</title></head><body><h1>canary-heading</h1>
<p>text</p><table><caption>c</caption><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><th scope="row">b</th></tr></tbody></table>
<script>document.querySelector("h1").textContent = "script ran"</script><img src="http://127.0.0.1:9/x.png" alt=""></body></html>`

// printed prints the page, or checks that the refusal is the clear one and ends
// the test.
func printed(t *testing.T, source string) []byte {
	t.Helper()
	p := pdf.New("", t.TempDir(), 1)
	if dir, err := os.MkdirTemp("", "touchstone-pdf-test-*"); err == nil {
		p.Temp = dir
		t.Cleanup(func() { os.RemoveAll(dir) })
		if err := os.Chmod(dir, 0o711); err != nil { // whoever prints must reach the folder
			t.Fatal(err)
		}
	}
	b, err := p.Print(context.Background(), []byte(source))
	if err == nil {
		return b
	}
	public, _ := fault.Public(err)
	if !fault.Is(err, fault.NotAvailable) || !strings.Contains(public, "PDF needs Chromium") || !strings.Contains(public, "HTML or DOCX") {
		t.Fatalf("the refusal is not clear: %v", err)
	}
	if p.Available() {
		t.Logf("Chromium is here but could not be started: %v", err)
	}
	t.Skip("no Chromium that may be started; the refusal is as it should be")
	return nil
}

func TestThePDFIsTaggedAndRunsNoScript(t *testing.T) {
	b := printed(t, page)
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	info := poppler(t, "pdfinfo", file)
	for _, want := range []string{"Tagged:          yes", "A page: canary-title", "JavaScript:      no"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	text := poppler(t, "pdftotext", file, "-")
	if !strings.Contains(text, "canary-heading") || strings.Contains(text, "script ran") {
		t.Errorf("text of the PDF:\n%s", text)
	}
	tags := poppler(t, "pdfinfo", "-struct", file)
	for _, want := range []string{"H1", "Table", "TH"} {
		if !strings.Contains(tags, want) {
			t.Errorf("no %s in the structure:\n%s", want, tags)
		}
	}
}

func poppler(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed (poppler-utils)", name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestWithoutChromiumTheAnswerIsClear(t *testing.T) {
	p := &pdf.Printer{Path: filepath.Join(t.TempDir(), "no-such-program")}
	_, err := p.Print(context.Background(), []byte(page))
	public, _ := fault.Public(err)
	if !fault.Is(err, fault.NotAvailable) || !strings.Contains(public, "PDF needs Chromium, which was not found here.") {
		t.Fatalf("got %v", err)
	}
	if p.Available() {
		t.Error("it says that it is available")
	}
}

func program(t *testing.T, script string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "touchstone-pdf-test-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "chromium")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatChromiumDoesWrongIsAnswered(t *testing.T) {
	for _, c := range []struct {
		name, script string
		kind         fault.Kind
		public       string
	}{
		{"it refuses for want of a sandbox", `echo "Running as root without --no-sandbox is not supported." >&2; exit 1`, fault.NotAvailable, "with its sandbox"},
		{"it fails", "exit 7", fault.NotAvailable, "PDF needs Chromium"},
		{"it leaves nothing", "exit 0", fault.NotAvailable, "PDF needs Chromium"},
		{"it leaves half a file", `for a; do case "$a" in --print-to-pdf=*) printf '%%PDF-1.4 half' > "${a#--print-to-pdf=}";; esac; done`, fault.NotAvailable, "PDF needs Chromium"},
		{"it hangs, with children", "sleep 600 & sleep 600", fault.Unavailable, "took too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &pdf.Printer{Path: program(t, c.script), Timeout: 2 * time.Second}
			_, err := p.Print(context.Background(), []byte(page))
			public, _ := fault.Public(err)
			if !fault.Is(err, c.kind) || !strings.Contains(public, c.public) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestChromiumIsHeldToOneFile(t *testing.T) {
	t.Setenv("TOUCHSTONE_CANARY", "secret-canary")
	script := `d=$(pwd); { env; id -u; for a; do echo "$a"; done; } > "$d/seen"
for a; do case "$a" in --print-to-pdf=*) { printf '%%PDF-1.4\n'; cat "$d/seen"; printf '\n%%%%EOF\n'; } > "${a#--print-to-pdf=}";; esac; done`
	b, err := (&pdf.Printer{Path: program(t, script)}).Print(context.Background(), []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	seen := string(b)
	for _, no := range []string{"secret-canary", "--no-sandbox", "\n0\n", "--disable-web-security"} {
		if strings.Contains(seen, no) {
			t.Errorf("it was given %q:\n%s", no, seen)
		}
	}
	for _, want := range []string{"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9", "--disable-background-networking", "--user-data-dir="} {
		if !strings.Contains(seen, want) {
			t.Errorf("it was not given %q", want)
		}
	}
}

func TestAWaitingPrinterGivesUpWithItsContext(t *testing.T) {
	p := pdf.New(program(t, "sleep 5"), "", 1)
	p.Timeout = 3 * time.Second
	done := make(chan struct{})
	go func() { defer close(done); p.Print(context.Background(), nil) }() //nolint:errcheck // it only holds the slot
	time.Sleep(300 * time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := p.Print(ctx, nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	<-done
}
