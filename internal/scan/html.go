package scan

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.css
var pageStyle string

//go:embed page.tmpl
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{"thousands": thousands, "plural": plural}).Parse(pageSource))

// htmlWriter writes one page that stands by itself: no script, no request to
// anywhere, its style inside and nothing else allowed. It meets WCAG 2.2 AA: one h1,
// a skip link, captions and header cells, severity in words and not by colour alone,
// and reflow at 320 CSS pixels.
type htmlWriter struct{}

type pageData struct {
	*overview
	Policy string
	Tool   string
}

func (htmlWriter) Write(out io.Writer, r *Result, v View) error {
	sum := sha256.Sum256([]byte(pageStyle))
	o := overviewOf(r, v.Allowed)
	d := pageData{overview: &o, Tool: "touchstone " + v.Version,
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"}
	w := bufio.NewWriter(out)
	err := page.ExecuteTemplate(w, "head", d)
	if err == nil {
		// The style is a constant of this program: it does not go through the template,
		// which would have to be told to trust it.
		_, err = w.WriteString("<style>" + pageStyle + "</style>\n")
	}
	if err == nil {
		err = page.ExecuteTemplate(w, "body", d)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return fmt.Errorf("write the result as a page: %w", err)
	}
	return nil
}
