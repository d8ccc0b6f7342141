package govuk

import "html/template"

// ScrollRegion is a box of our own in which wide content, such as a table or a
// chart, scrolls sideways. It is a named region and takes the focus, so that it
// can be scrolled by keyboard and the page keeps to 320 pixels (WCAG 2.2, 1.4.10
// and 2.1.1). A region without a label takes the focus without being named a
// region, so that no landmark stays anonymous.
type ScrollRegion struct {
	Label string
	Body  template.HTML
}

var scrollTemplate = compile("scroll", `<div class="app-scroll" tabindex="0"{{with .Label}} role="region" aria-label="{{.}}"{{end}}>{{.Body}}</div>`)

// HTML renders the region.
func (c ScrollRegion) HTML() template.HTML { return render(scrollTemplate, c) }
