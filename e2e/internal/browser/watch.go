package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	logdomain "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// reporter tells of what a page's security policy refused, however it got there.
const reporter = `addEventListener('securitypolicyviolation', e => console.error('touchstone-e2e policy violation: ' + e.violatedDirective + ' ' + e.blockedURI + ' at ' + e.sourceFile + ':' + e.lineNumber), true)`

// watch collects what no page may do: violate its content security policy, open a
// dialog, write an error to the console, throw, or miss a file that it names.
type watch struct {
	mu        sync.Mutex
	faults    []string
	allowed   []*regexp.Regexp
	documents map[string]bool // addresses that were loaded as pages; a page may well answer 404
	status    map[string]int64
}

func newWatch() *watch { return &watch{documents: map[string]bool{}, status: map[string]int64{}} }

func (w *watch) fault(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	for _, a := range w.allowed {
		if a.MatchString(text) {
			return
		}
	}
	w.faults = append(w.faults, text)
}

func (p *Person) event(ev any) {
	w := p.watch
	switch e := ev.(type) {
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			w.mu.Lock()
			w.documents[e.Response.URL] = true
			w.status[e.Response.URL] = e.Response.Status
			w.mu.Unlock()
		}
	case *logdomain.EventEntryAdded:
		p.logged(e.Entry)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			w.fault("console: %s", said(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.fault("exception: %s", e.ExceptionDetails.Error())
	case *page.EventJavascriptDialogOpening:
		w.fault("dialog: %s %q", e.Type, e.Message)
		go chromedp.Run(p.context, chromedp.ActionFunc(func(ctx context.Context) error {
			return page.HandleJavaScriptDialog(true).Do(ctx)
		}))
	}
}

func (p *Person) logged(e *logdomain.Entry) {
	if e.Level != logdomain.LevelError && e.Source != logdomain.SourceSecurity {
		return
	}
	p.watch.mu.Lock()
	own := e.Source == logdomain.SourceNetwork && p.watch.documents[e.URL] && strings.Contains(e.Text, "the server responded with a status of 4")
	p.watch.mu.Unlock()
	if !own {
		p.watch.fault("log: %s %s %s", e.Source, e.Text, e.URL)
	}
}

func said(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		var s string
		if json.Unmarshal(a.Value, &s) != nil {
			s = a.Description + string(a.Value)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

// Expect says that faults matching pattern are part of what is tested.
func (p *Person) Expect(pattern string) {
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	p.watch.allowed = append(p.watch.allowed, regexp.MustCompile(pattern))
}

// complain reports what was collected. It is called by Check, so that the page is
// still at hand, and when the test ends.
func (p *Person) complain() {
	p.t.Helper()
	p.watch.mu.Lock()
	faults := p.watch.faults
	p.watch.faults = nil
	p.watch.mu.Unlock()
	for _, f := range faults {
		p.t.Errorf("%s at %s: %s", p.Name, p.address(), f)
	}
}
