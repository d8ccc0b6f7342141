// Package pdf prints the HTML form of a report to a tagged PDF (ISO 32000-1
// section 14.8) with headless Chromium, when there is one.
//
// There is no other way to a PDF here: the libraries that write one directly
// leave out the tags that a screen reader needs. Without Chromium the answer is
// fault.NotAvailable, and HTML and DOCX remain.
//
// Chromium is treated as a stranger. It gets one file, a folder of its own that
// is removed afterwards, an environment without secrets, no way to a network, a
// time limit, and always its own sandbox: it is never started with the sandbox
// off. Since Chromium refuses to sandbox as root, a root process starts it as
// nobody (uid 65534). That no script runs and no other file is read is for the
// page to forbid, by its own Content-Security-Policy: Chromium's switch against
// scripts also stops it printing.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// MediaType is that of the file.
const MediaType = "application/pdf"

// DefaultTimeout is how long one report may take.
const DefaultTimeout = 60 * time.Second

const maxBytes = 64 << 20

// Printer prints. The zero value looks for Chromium on the path and uses the
// system's folder for temporary files. It is safe for concurrent use.
type Printer struct {
	Path    string        // of Chromium; "" = the first of Names on the path
	Temp    string        // folder for working folders; "" = the system's
	Timeout time.Duration // 0 = DefaultTimeout

	slots chan struct{} // nil = any number at once
}

// New returns a printer that runs at most so many Chromiums at once; others wait
// for as long as their context allows.
func New(path, temp string, atOnce int) *Printer {
	return &Printer{Path: path, Temp: temp, slots: make(chan struct{}, max(atOnce, 1))}
}

// Names lists the programs that are looked for, in order.
func Names() []string {
	return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
}

// Available reports whether a Chromium was found; it does not start it.
func (p *Printer) Available() bool {
	_, err := p.find()
	return err == nil
}

// Print returns the page, which must stand by itself, as a PDF.
//
// It fails with fault.NotAvailable when Chromium is missing or cannot be started
// safely, and fault.Unavailable when it took too long.
func (p *Printer) Print(ctx context.Context, page []byte) ([]byte, error) {
	program, err := p.find()
	if err != nil {
		return nil, err
	}
	timeout := p.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if p.slots != nil {
		select {
		case p.slots <- struct{}{}:
			defer func() { <-p.slots }()
		case <-ctx.Done():
			return nil, slow(ctx.Err())
		}
	}
	dir, err := os.MkdirTemp(p.Temp, "touchstone-pdf-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the PDF: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left is in the system's temporary files
	return p.print(ctx, program, dir, page)
}

func (p *Printer) find() (string, error) {
	missing := fault.New(fault.NotAvailable, "PDF needs Chromium, which was not found here. Take the report as HTML or DOCX, or ask whoever runs this installation to install Chromium.")
	if p.Path != "" {
		path, err := exec.LookPath(p.Path)
		if err != nil {
			return "", missing.Because(err)
		}
		return path, nil
	}
	for _, name := range Names() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", missing
}

func (p *Printer) print(ctx context.Context, program, dir string, page []byte) ([]byte, error) {
	in, out := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("write the page for the PDF: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, arguments(dir, in, out)...)
	cmd.Dir = dir
	cmd.Env = environment(dir)
	cmd.WaitDelay = 2 * time.Second
	var said bytes.Buffer
	cmd.Stderr = &limited{b: &said, left: 16 << 10}
	if err := isolate(cmd, dir, in); err != nil {
		return nil, refused(err, "")
	}
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, slow(ctx.Err())
	}
	if err != nil {
		return nil, refused(err, said.String())
	}
	return read(out, said.String())
}

// read takes the file when it is a whole PDF of bearable size.
func read(path, said string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxBytes {
		return nil, refused(errors.Join(err, errors.New("chromium left no usable PDF")), said)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the PDF: %w", err)
	}
	if !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b[max(0, len(b)-1024):], []byte("%%EOF")) {
		return nil, refused(errors.New("chromium left a file that is not a whole PDF"), said)
	}
	return b, nil
}

// refused says why there is no PDF. What Chromium said is logged, not shown.
func refused(err error, said string) error {
	why := "PDF needs Chromium, which could not be started here."
	switch {
	case strings.Contains(said, "no-sandbox") || strings.Contains(said, "No usable sandbox"):
		why = "PDF needs Chromium with its sandbox, which cannot be started here."
	case asRoot():
		why = "PDF needs Chromium and must not run as root: it was started as nobody, which did not work here."
	}
	return fault.New(fault.NotAvailable, why+" Take the report as HTML or DOCX.").Because(fmt.Errorf("run chromium: %w: %s", err, strings.TrimSpace(said)))
}

func slow(err error) error {
	return fault.New(fault.Unavailable, "Making the PDF took too long. Try again, or take the report as HTML or DOCX.").Because(err)
}

// arguments keep Chromium to the one file: every name fails to resolve, every
// connection goes to a proxy that is not there.
func arguments(dir, in, out string) []string {
	return []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-dev-shm-usage",
		"--disable-extensions", "--disable-plugins", "--disable-sync", "--disable-default-apps", "--disable-component-update",
		"--disable-background-networking", "--disable-domain-reliability", "--disable-breakpad", "--disable-crash-reporter", "--metrics-recording-only",
		"--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
		"--export-tagged-pdf", "--generate-pdf-document-outline", "--no-pdf-header-footer", "--print-to-pdf=" + out,
		"file://" + filepath.ToSlash(in),
	}
}

// environment holds what a program needs to start, and nothing of ours.
func environment(dir string) []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir,
		"XDG_RUNTIME_DIR=" + dir, "LANG=C.UTF-8", "TZ=UTC", "DBUS_SESSION_BUS_ADDRESS=disabled:", "DBUS_SYSTEM_BUS_ADDRESS=disabled:"}
}

// limited keeps the beginning of what is written and drops the rest.
type limited struct {
	b    *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.b.Write(p[:n])
	l.left -= n
	return len(p), nil
}
