package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Widths in CSS pixels at which pages are judged: a small telephone, which is
// also 1280 px at 400 % (WCAG 2.2, 1.4.10), and a desk.
const (
	narrow = 320
	wide   = 1280
)

func insertText(s string) chromedp.Action { return input.InsertText(s) }

func (p *Person) width(px int64) {
	p.t.Helper()
	if err := p.try(emulation.SetDeviceMetricsOverride(px, 900, 1, false)); err != nil {
		p.t.Fatalf("%s: set the width: %v", p.Name, err)
	}
	// The page is laid out anew some time later; a click before that would miss.
	p.Until("the new width", fmt.Sprintf("innerWidth === %d", px))
}

var axeSource = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		raw, readErr := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
		if readErr == nil {
			return string(raw), nil
		}
		dir = filepath.Dir(dir)
	}
	return "", fmt.Errorf("axe-core is not installed: run make assets")
})

// Check judges the page as it is now: no violation found by axe-core, one first
// heading, a title, a language, no identifier twice, no handler in an attribute,
// nothing wider than 320 px, nothing collected by Watch. A picture at each width
// is kept under the name.
func (p *Person) Check(name string) {
	p.t.Helper()
	if p.browser.Quick {
		p.Glance(name)
		return
	}
	p.structure(name)
	p.axe(name)
	p.picture(name, wide)
	p.width(narrow)
	p.reflow(name)
	p.axe(name + " at 320 px")
	p.picture(name, narrow)
	p.width(wide)
	p.complain()
}

// Glance is Check without pictures, for pages that were seen before.
func (p *Person) Glance(name string) {
	p.t.Helper()
	p.structure(name)
	p.axe(name)
	p.width(narrow)
	p.reflow(name)
	p.width(wide)
	p.complain()
}

// Look is Glance without axe-core, for many pages that differ in their words.
func (p *Person) Look(name string) {
	p.t.Helper()
	p.structure(name)
	p.width(narrow)
	p.reflow(name)
	p.width(wide)
	p.complain()
}

func (p *Person) reflow(name string) {
	p.t.Helper()
	var over struct {
		Page, Window int
		Widest       []string
	}
	p.ask(`(() => { const d = document.scrollingElement; const out = {Page: d.scrollWidth, Window: innerWidth, Widest: []};
		if (d.scrollWidth > innerWidth) for (const e of document.querySelectorAll('body *')) { const r = e.getBoundingClientRect();
			const boxed = e.closest('.app-scroll, .govuk-visually-hidden');
			if (r.right > innerWidth + 1 && r.width > 0 && !boxed && out.Widest.length < 5) out.Widest.push(e.tagName + '.' + e.className + ' ' + Math.round(r.right)) }
		return out })()`, &over)
	if over.Page > over.Window {
		p.t.Errorf("%s, %s: %d px wide at %d px: %s", p.address(), name, over.Page, over.Window, strings.Join(over.Widest, "; "))
	}
}

func (p *Person) structure(name string) {
	p.t.Helper()
	var found struct {
		Headings int
		Title    string
		Language string
		Twice    []string
		Handlers int
		Scripts  int
	}
	p.ask(`(() => { const ids = {}; for (const e of document.querySelectorAll('[id]')) ids[e.id] = (ids[e.id] || 0) + 1;
		return {Headings: document.querySelectorAll('h1').length, Title: document.title, Language: document.documentElement.lang,
			Twice: Object.keys(ids).filter(i => ids[i] > 1),
			Handlers: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length,
			Scripts: document.querySelectorAll('script:not([src])').length} })()`, &found)
	switch {
	case found.Headings != 1:
		p.t.Errorf("%s, %s: %d first headings", p.address(), name, found.Headings)
	case found.Title == "" || found.Language == "":
		p.t.Errorf("%s, %s: title %q, language %q", p.address(), name, found.Title, found.Language)
	case len(found.Twice) > 0:
		p.t.Errorf("%s, %s: identifiers used twice: %s", p.address(), name, strings.Join(found.Twice, ", "))
	case found.Handlers+found.Scripts > 0:
		p.t.Errorf("%s, %s: %d handlers in attributes, %d scripts in the page", p.address(), name, found.Handlers, found.Scripts)
	}
}

// violation is one finding of axe-core.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML   string
		Target []json.RawMessage
		Why    string `json:"failureSummary"`
	}
}

func (p *Person) axe(name string) {
	p.t.Helper()
	source, err := axeSource()
	if err != nil {
		p.t.Fatal(err)
	}
	if p.scriptless {
		// axe-core itself needs scripts; those of the page do not start any more.
		p.Scripts(true)
		defer p.Scripts(false)
	}
	var loaded bool
	p.ask("typeof axe === 'object'", &loaded)
	if !loaded {
		p.ask(source+"\n;true", nil)
	}
	var found []violation
	p.ask(`axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then(r => r.violations)`, &found)
	for _, v := range found {
		for i, n := range v.Nodes {
			if i == 3 {
				p.t.Errorf("  and %d more", len(v.Nodes)-i)
				break
			}
			p.t.Errorf("axe, %s, %s: %s (%s): %s\n\t%.300s\n\t%s", p.address(), name, v.ID, v.Impact, v.Help, n.HTML, strings.ReplaceAll(n.Why, "\n", " "))
		}
	}
}

// picture keeps a picture of the whole page and returns its path.
func (p *Person) picture(name string, px int64) string {
	p.shots++
	path := filepath.Join(p.artifacts, fmt.Sprintf("%03d-%s-%d.png", p.shots, strings.ReplaceAll(name, " ", "-"), px))
	if err := p.save(path, true); err != nil {
		return "none: " + err.Error()
	}
	return path
}

// save writes what the window shows, or the whole page, as PNG.
func (p *Person) save(path string, whole bool) error {
	return p.try(chromedp.ActionFunc(func(ctx context.Context) error {
		shot, err := page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatPng).WithCaptureBeyondViewport(whole).Do(ctx)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, shot, 0o644)
	}))
}

// Picture writes what the window shows, for documentation.
func (p *Person) Picture(t testing.TB, path string, width, height int64) {
	t.Helper()
	p.do("set the window", emulation.SetDeviceMetricsOverride(width, height, 1, false))
	if err := p.save(path, false); err != nil {
		t.Fatal(err)
	}
	p.width(wide)
}

// PDF is the page as it is printed.
func (p *Person) PDF() []byte {
	p.t.Helper()
	var out []byte
	p.do("print", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		out, _, err = page.PrintToPDF().Do(ctx)
		return err
	}))
	return out
}

// Key presses one key, such as kb.Tab.
func (p *Person) Key(key string) {
	p.t.Helper()
	p.do("press a key", chromedp.KeyEvent(key))
}

// TabTo moves by the Tab key alone to the control of this name (or button or
// link with this text) and fails when it cannot be reached or its focus cannot be
// seen or is covered.
func (p *Person) TabTo(what string) {
	p.t.Helper()
	for range 200 {
		p.Key(kb.Tab)
		var now struct {
			Here, Seen, Covered bool
		}
		p.ask(`(() => { const e = document.activeElement, w = `+quote(what)+`; if (!e || e === document.body) return {};
			const here = e.name === w || (e.name + '=' + e.value) === w || (/^(BUTTON|A)$/.test(e.tagName) && e.innerText.trim().includes(w)) || e.id === w;
			if (!here) return {};
			const label = e.labels && e.labels[0];
			const marks = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none' || s.backgroundColor === 'rgb(255, 221, 0)';
			const seen = marks(getComputedStyle(e)) || label && marks(getComputedStyle(label, '::before'));
			const r = (label && e.type && /radio|checkbox/.test(e.type) ? label : e).getBoundingClientRect();
			const top = document.elementFromPoint(r.left + Math.min(r.width / 2, 20), r.top + r.height / 2);
			return {Here: true, Seen: !!seen, Covered: !top || !(e.contains(top) || top.contains(e) || label && label.contains(top))} })()`, &now)
		if now.Here {
			if !now.Seen {
				p.t.Errorf("%s: the focus on %s cannot be seen", p.address(), what)
			}
			if now.Covered {
				p.t.Errorf("%s: the focus on %s is covered or outside the window", p.address(), what)
			}
			return
		}
	}
	p.fail("%s cannot be reached by the Tab key; there are %s", what, strings.Join(p.Names(), ", "))
}

// Type types text key by key into what has the focus.
func (p *Person) Type(text string) {
	p.t.Helper()
	p.do("type", chromedp.KeyEvent(text))
}

// Enter presses the Enter key on what has the focus and waits for the next page.
func (p *Person) Enter() {
	p.t.Helper()
	p.leaving("press Enter", func() error { return p.try(chromedp.KeyEvent(kb.Enter)) })
}
