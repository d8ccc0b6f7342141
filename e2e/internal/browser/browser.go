// Package browser drives a real Chromium as people do: it opens pages, types,
// presses buttons and keys, and uses passkeys through a virtual authenticator. It
// watches every page for what no page may do (see Watch) and judges each state of
// a page (see Check).
//
// It is not a library for scraping: what it cannot find on a page fails the test.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	logdomain "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// patience is how long anything on a page may take.
const patience = 20 * time.Second

// Browser is a running Chromium. It trusts what its home folder trusts: no flag
// makes it overlook a certificate.
type Browser struct {
	context   context.Context
	artifacts string
	// Quick leaves out the pictures and the second width of Check, where the same
	// pages are judged in another test.
	Quick bool
}

func executable(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("Chromium is missing: apt-get install chromium")
	return ""
}

// Launch starts Chromium with a home folder and a profile of its own until the
// test ends. Screenshots go to the folder artifacts.
func Launch(t testing.TB, home, artifacts string) *Browser {
	t.Helper()
	profile, err := os.MkdirTemp("", "touchstone-e2e-profile-")
	if err != nil {
		t.Fatal(err)
	}
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(executable(t)), chromedp.UserDataDir(profile), chromedp.Env("HOME=" + home),
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("no-first-run", true), chromedp.Flag("no-default-browser-check", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-GB"),
		// Windows in the background stop painting, and two people work at once here.
		chromedp.Flag("disable-renderer-backgrounding", true), chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.WSURLReadTimeout(time.Minute),
	}
	if os.Geteuid() == 0 {
		flags = append(flags, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, leave := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet))
	t.Cleanup(func() {
		closing, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		chromedp.Cancel(closing)
		leave()
		stop()
		os.RemoveAll(profile)
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("Chromium did not start: %v", err)
	}
	return &Browser{context: ctx, artifacts: artifacts}
}

// quiet drops what chromedp says about events that are newer than it is.
func quiet(string, ...any) {}

// Person is somebody at a browser window of their own, which shares no cookies
// with others, and with a device that can hold passkeys.
type Person struct {
	Name       string
	t          testing.TB
	context    context.Context
	site       string
	artifacts  string
	shots      int
	watch      *watch
	device     webauthn.AuthenticatorID
	scriptless bool
	browser    *Browser
	jar        cdp.BrowserContextID // where the cookies are
}

// window opens a window, with the cookies of jar or, when it is empty, with none.
func (b *Browser) window(t testing.TB, jar cdp.BrowserContextID) (cdp.BrowserContextID, context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.context, patience)
	defer cancel()
	whole := cdp.WithExecutor(ctx, chromedp.FromContext(b.context).Browser)
	var err error
	if jar == "" {
		if jar, err = target.CreateBrowserContext().Do(whole); err != nil {
			t.Fatalf("open a window: %v", err)
		}
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(jar).WithNewWindow(true).Do(whole)
	if err != nil {
		t.Fatalf("open a window: %v", err)
	}
	tab, leave := chromedp.NewContext(b.context, chromedp.WithTargetID(id))
	// The first run must not have a limit of its own: the window would end with it.
	if err := chromedp.Run(tab); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return jar, tab, leave
}

// NewPerson opens a window for somebody who uses the site at address.
func (b *Browser) NewPerson(t testing.TB, name, address string) *Person {
	t.Helper()
	jar, tab, leave := b.window(t, "")
	p := &Person{Name: name, browser: b, jar: jar, t: t, context: tab, site: address, artifacts: filepath.Join(b.artifacts, name), watch: newWatch()}
	chromedp.ListenTarget(tab, p.event)
	p.do("open a window", chromedp.Tasks{
		logdomain.Enable(), page.Enable(), runtime.Enable(), webauthn.Enable(),
		chromedp.ActionFunc(func(ctx context.Context) (err error) {
			if _, err = page.AddScriptToEvaluateOnNewDocument(reporter).Do(ctx); err != nil {
				return err
			}
			p.device, err = webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}).Do(ctx)
			return err
		}),
		emulation.SetTimezoneOverride("Europe/London"),
	})
	p.width(wide)
	t.Cleanup(leave)
	t.Cleanup(func() { p.Within(t); p.complain() })
	return p
}

// Within makes t the test that the person's doings belong to from now on: a part
// of the one that opened the window.
func (p *Person) Within(t testing.TB) { p.t = t }

// Scripts turns JavaScript in the pages on or off.
func (p *Person) Scripts(on bool) {
	p.t.Helper()
	p.do("turn scripts on or off", emulation.SetScriptExecutionDisabled(!on))
	p.scriptless = !on
}

// Downloads lets the window save files, in dir.
func (p *Person) Downloads(dir string) {
	p.t.Helper()
	p.do("allow downloads", chromedp.ActionFunc(func(ctx context.Context) error {
		c := chromedp.FromContext(ctx)
		return browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir).
			WithBrowserContextID(p.jar).Do(cdp.WithExecutor(ctx, c.Browser))
	}))
}

// Another is a second window of the same person: the same cookies, and no device.
func (p *Person) Another(name string) *Person {
	p.t.Helper()
	_, tab, leave := p.browser.window(p.t, p.jar)
	q := &Person{Name: name, browser: p.browser, jar: p.jar, t: p.t, context: tab, site: p.site, artifacts: filepath.Join(filepath.Dir(p.artifacts), name), watch: newWatch()}
	chromedp.ListenTarget(tab, q.event)
	q.do("open a window", logdomain.Enable(), page.Enable(), runtime.Enable())
	q.width(wide)
	p.t.Cleanup(leave)
	p.t.Cleanup(q.complain)
	return q
}

// do runs actions and fails the test when they fail or take too long.
func (p *Person) do(what string, actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.fail("%s: %v", what, err)
	}
}

// try is do for what may fail.
func (p *Person) try(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}
