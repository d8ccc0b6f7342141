package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// fail keeps a picture of the page and ends the test.
func (p *Person) fail(format string, args ...any) {
	p.t.Helper()
	where := p.address()
	picture := p.picture("failed", wide)
	p.t.Fatalf("%s at %s: %s\nthe page said: %.600s\npicture: %s", p.Name, where, fmt.Sprintf(format, args...), p.quietText(), picture)
}

// Fail ends the test with a picture of the page.
func (p *Person) Fail(format string, args ...any) {
	p.t.Helper()
	p.fail(format, args...)
}

// File opens a file of the person's own, as somebody does who was sent it.
func (p *Person) File(name string, content []byte) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.Open("file://" + path)
}

// evaluate runs an expression in the page by the debugger, which no policy stops,
// and decodes its value.
func (p *Person) evaluate(expression string, into any) error {
	return p.try(chromedp.ActionFunc(func(ctx context.Context) error {
		value, thrown, err := runtime.Evaluate(expression).WithReturnByValue(true).WithAwaitPromise(strings.HasPrefix(expression, "axe.")).Do(ctx)
		if err != nil {
			return err
		}
		if thrown != nil {
			return thrown
		}
		if into == nil || len(value.Value) == 0 {
			return nil
		}
		return json.Unmarshal(value.Value, into)
	}))
}

func (p *Person) ask(expression string, into any) {
	p.t.Helper()
	if err := p.evaluate(expression, into); err != nil {
		p.fail("%.200s: %v", expression, err)
	}
}

func (p *Person) address() string {
	var s string
	if p.evaluate("location.href", &s) != nil {
		return "(no page)"
	}
	return s
}

func (p *Person) quietText() string {
	var s string
	p.evaluate("document.querySelector('main')?.innerText ?? document.body?.innerText ?? ''", &s)
	return s
}

// Path is the path and query of the page.
func (p *Person) Path() string {
	p.t.Helper()
	var s string
	p.ask("location.pathname + location.search", &s)
	return s
}

// Heading is the first heading of the page.
func (p *Person) Heading() string {
	p.t.Helper()
	var s string
	p.ask("document.querySelector('h1')?.innerText ?? ''", &s)
	return strings.TrimSpace(s)
}

// Text is what the page shows.
func (p *Person) Text() string {
	p.t.Helper()
	var s string
	p.ask("document.body.innerText", &s)
	return s
}

// Status is the HTTP status with which the page was answered.
func (p *Person) Status() int {
	p.t.Helper()
	var address string
	p.ask("location.href.split('#')[0]", &address)
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	return int(p.watch.status[address])
}

// Open goes to a path of the site, or to a whole address.
func (p *Person) Open(path string) {
	p.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.site + path
	}
	p.leaving("open "+path, func() error { return p.try(chromedp.Navigate(path)) })
}

// Reload loads the page again.
func (p *Person) Reload() {
	p.t.Helper()
	p.leaving("reload", func() error { return p.try(chromedp.Reload()) })
}

// leaving does something that leads to another page and waits until that is there.
func (p *Person) leaving(what string, act func() error) {
	p.t.Helper()
	p.evaluate("window.touchstoneLeft = true", nil)
	if err := act(); err != nil {
		p.fail("%s: %v", what, err)
	}
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		var there bool
		if p.evaluate("window.touchstoneLeft !== true && document.readyState === 'complete' && location.protocol !== 'about:'", &there) == nil && there {
			return
		}
		time.Sleep(15 * time.Millisecond)
	}
	p.fail("%s: no other page came", what)
}

// Until waits until an expression holds in the page.
func (p *Person) Until(what, expression string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		var holds bool
		if p.evaluate(expression, &holds) == nil && holds {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.fail("%s did not come", what)
}

// Sees waits until the page shows a text.
func (p *Person) Sees(text string) {
	p.t.Helper()
	p.Until(fmt.Sprintf("the text %q", text), "document.body.innerText.includes("+quote(text)+")")
}

// Shows reports an error and goes on unless the page shows a text now.
func (p *Person) Shows(text string) {
	p.t.Helper()
	if got := p.Text(); !strings.Contains(got, text) {
		p.t.Errorf("%s at %s: the page does not show %q: %.400s", p.Name, p.address(), text, p.quietText())
	}
}

// SeesNot fails when the page shows a text.
func (p *Person) SeesNot(text string) {
	p.t.Helper()
	if strings.Contains(p.Text(), text) {
		p.fail("the page shows %q", text)
	}
}

// At fails unless the page has this heading.
func (p *Person) At(heading string) {
	p.t.Helper()
	if got := p.Heading(); !strings.Contains(got, heading) {
		p.fail("the heading is %q, not %q", got, heading)
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// literal is s as an XPath string.
func literal(s string) string {
	if !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return `concat("` + strings.Join(strings.Split(s, `"`), `", '"', "`) + `")`
}

// click brings the first element of an XPath into view and presses the mouse on
// its middle, once it lies still and nothing covers it there.
func (p *Person) click(what, xpath string) error {
	place := `(() => { const e = document.evaluate(` + quote(xpath) + `, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
		if (!e) return {};
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		const r = e.getClientRects()[0]; if (!r) return {There: true};
		const x = r.left + r.width / 2, y = r.top + r.height / 2, top = document.elementFromPoint(x, y);
		return {There: true, Hit: !!top && (e.contains(top) || top.contains(e) && top.tagName === 'LABEL'), X: x, Y: y} })()`
	type spot struct {
		There, Hit bool
		X, Y       float64
	}
	var last, now spot
	still := 0
	for began := time.Now(); time.Since(began) < 5*time.Second; time.Sleep(20 * time.Millisecond) {
		if err := p.evaluate(place, &now); err != nil {
			return err
		}
		if now == last && now.Hit {
			still++
		} else {
			still = 0
		}
		if still == 2 {
			return p.try(chromedp.MouseClickXY(now.X, now.Y))
		}
		last, now = now, spot{}
	}
	if !last.There {
		return fmt.Errorf("there is no %s", what)
	}
	return fmt.Errorf("%s cannot be pressed: something covers it, or it moves", what)
}

func buttonPath(text string) string {
	return `//button[contains(normalize-space(.), ` + literal(text) + `)] | //*[@role="button"][contains(normalize-space(.), ` + literal(text) + `)]`
}

func linkPath(text string) string {
	return `//main//a[contains(normalize-space(.), ` + literal(text) + `)] | //a[contains(normalize-space(.), ` + literal(text) + `)]`
}

// Press presses the button with this text and waits for the next page.
func (p *Person) Press(text string) {
	p.t.Helper()
	p.leaving("press "+text, func() error { return p.click("button "+text, buttonPath(text)) })
}

// PressHere presses a button that does not lead to another page.
func (p *Person) PressHere(text string) {
	p.t.Helper()
	if err := p.click("button "+text, buttonPath(text)); err != nil {
		p.fail("press %s: %v", text, err)
	}
}

// Follow follows the link with this text; one in the main part is preferred.
func (p *Person) Follow(text string) {
	p.t.Helper()
	p.leaving("follow "+text, func() error { return p.click("link "+text, linkPath(text)) })
}

// Has reports whether the page has a control of this name.
func (p *Person) Has(name string) bool {
	p.t.Helper()
	var has bool
	p.ask("document.querySelector('[name="+quote(name)+"]') !== null", &has)
	return has
}

// HasButton reports whether the page has a button with this text.
func (p *Person) HasButton(text string) bool {
	p.t.Helper()
	var nodes []*cdp.Node
	p.do("look for a button", chromedp.Nodes(buttonPath(text), &nodes, chromedp.BySearch, chromedp.AtLeast(0)))
	return len(nodes) > 0
}

// HasLink reports whether the page has a link with this text.
func (p *Person) HasLink(text string) bool {
	p.t.Helper()
	var nodes []*cdp.Node
	p.do("look for a link", chromedp.Nodes(linkPath(text), &nodes, chromedp.BySearch, chromedp.AtLeast(0)))
	return len(nodes) > 0
}

// Fill types into the field of this name, in place of what it holds.
func (p *Person) Fill(name, value string) {
	p.t.Helper()
	selector := `[name=` + quote(name) + `]`
	if !p.Has(name) {
		p.fail("there is no field %s; there are %s", name, strings.Join(p.Names(), ", "))
	}
	p.do("fill "+name, chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Focus(selector, chromedp.ByQuery),
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, _, err := runtime.Evaluate("document.activeElement.select && document.activeElement.select()").Do(ctx)
			return err
		}))
	if value == "" {
		p.do("empty "+name, chromedp.KeyEvent(kb.Delete))
		return
	}
	// Text arrives as from an input method: keys cannot make every character.
	p.do("type into "+name, insertText(value))
}

// Value is what the field of this name holds.
func (p *Person) Value(name string) string {
	p.t.Helper()
	var s string
	p.ask("document.querySelector('[name="+quote(name)+"]')?.value ?? ''", &s)
	return s
}

// Choose presses the radio button or checkbox of this name and value. An empty
// value takes the first.
func (p *Person) Choose(name, value string) {
	p.t.Helper()
	xpath := `//input[@name=` + literal(name) + ` and @value=` + literal(value) + `]`
	if value == "" {
		xpath = `//input[@name=` + literal(name) + `]`
	}
	if err := p.click("choice "+name+"="+value, xpath); err != nil {
		p.fail("choose %s=%s: %v; there are %s", name, value, err, strings.Join(p.Names(), ", "))
	}
}

// Select takes the option with this text in the drop-down of this name.
func (p *Person) Select(name, text string) {
	p.t.Helper()
	var value *string
	p.ask(`(() => { const s = document.querySelector('select[name=`+quote(name)+`]'); const o = s && [...s.options].find(o => o.text.includes(`+quote(text)+`)); return o ? o.value : null })()`, &value)
	if value == nil {
		p.fail("the drop-down %s has no option %q", name, text)
	}
	p.do("select "+text, chromedp.SetValue(`select[name=`+quote(name)+`]`, *value, chromedp.ByQuery))
	p.ask(`document.querySelector('select[name=`+quote(name)+`]').dispatchEvent(new Event('change', {bubbles: true}))`, nil)
}

// Names lists the controls of the page as name=value, for messages.
func (p *Person) Names() []string {
	var names []string
	p.evaluate(`[...document.querySelectorAll('main input[name]:not([type=hidden]), main select[name], main textarea[name], main button')].map(e => e.tagName === 'BUTTON' ? '[' + e.innerText + ']' : /radio|checkbox/.test(e.type) ? e.name + '=' + e.value : e.name)`, &names)
	return names
}

// Attach chooses a file for the field of this name.
func (p *Person) Attach(name, fileName string, content []byte) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), fileName)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.do("attach "+fileName, chromedp.SetUploadFiles(`input[type=file][name=`+quote(name)+`]`, []string{path}, chromedp.ByQuery))
}

// Date fills in the three fields of a date.
func (p *Person) Date(name string, day time.Time) {
	p.t.Helper()
	p.Fill(name+"-day", fmt.Sprint(day.Day()))
	p.Fill(name+"-month", fmt.Sprint(int(day.Month())))
	p.Fill(name+"-year", fmt.Sprint(day.Year()))
}

// Links lists the addresses on the page that lie on the site, as paths.
func (p *Person) Links() []string {
	p.t.Helper()
	var links []string
	p.ask(`[...new Set([...document.querySelectorAll('a[href]')].map(a => new URL(a.href, location.href)).filter(u => u.origin === location.origin).map(u => u.pathname + u.search))]`, &links)
	return links
}

// Cookies are the cookies of the window, as a request header.
func (p *Person) Cookies() string {
	p.t.Helper()
	var cookies []*network.Cookie
	p.do("read cookies", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		c := chromedp.FromContext(ctx)
		cookies, err = storage.GetCookies().WithBrowserContextID(p.jar).Do(cdp.WithExecutor(ctx, c.Browser))
		return err
	}))
	var parts []string
	for _, c := range cookies {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}
