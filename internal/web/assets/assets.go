// Package assets serves the style sheet, scripts and icon of the web pages,
// embedded in the binary.
//
// Every file has an address with a digest of all of them in it,
// /assets/<digest>/app.css, so browsers may keep it for ever, and one script
// may import another by a relative path. The files are made by the command in
// folder build; a binary built before that has none, and New says so.
//
// It is not a file server for anything that people upload.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

//go:embed all:dist
var dist embed.FS

const prefix = "/assets/"

// required are the files that the pages name.
func required() []string {
	return []string{"app.css", "app.js", "govuk-frontend.min.js", "htmx.min.js", "icon.svg", "notices.txt"}
}

// contentType of the kinds of file there are; no other is served.
func contentType(name string) string {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "css":
		return "text/css; charset=utf-8"
	case "js":
		return "text/javascript; charset=utf-8"
	case "svg":
		return "image/svg+xml"
	case "txt":
		return "text/plain; charset=utf-8"
	}
	return ""
}

// Assets are the embedded files. They never change, so an Assets may be shared
// between goroutines.
type Assets struct {
	digest string
	files  map[string]file
}

type file struct {
	plain, compressed []byte
}

// New reads the embedded files. An Assets without files is not an error: its
// Built is false, and pages can say what to do.
func New() (*Assets, error) {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("opening the embedded assets: %w", err)
	}
	return load(root)
}

func load(root fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]file{}}
	entries, err := fs.ReadDir(root, ".")
	if err != nil {
		return nil, fmt.Errorf("listing the embedded assets: %w", err)
	}
	sum := sha256.New()
	for _, entry := range entries {
		name := entry.Name()
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, fmt.Errorf("reading the embedded asset %s: %w", name, err)
		}
		plain, compressed := strings.CutSuffix(name, ".gz")
		if contentType(plain) == "" {
			continue
		}
		f := a.files[plain]
		if compressed {
			f.compressed = content
		} else {
			f.plain = content
			fmt.Fprintf(sum, "%s %d\n", name, len(content))
			sum.Write(content)
		}
		a.files[plain] = f
	}
	a.digest = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, nil
}

// Built says whether all files that the pages name are in the binary.
func (a *Assets) Built() bool {
	return !slices.ContainsFunc(required(), func(name string) bool { return a.files[name].plain == nil })
}

// URL is the address of the file, a path from the root of the site. It is also
// given for a file that is not there, which then answers 404.
func (a *Assets) URL(name string) string { return prefix + a.digest + "/" + name }

// Pattern is where Handler belongs in a router.
func (a *Assets) Pattern() string { return prefix }

// Handler serves the files under the addresses of URL.
func (a *Assets) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "This address can only be read.", http.StatusMethodNotAllowed)
			return
		}
		name, found := strings.CutPrefix(r.URL.Path, prefix+a.digest+"/")
		f := a.files[name]
		if !found || f.plain == nil {
			// An address of an older version must not be kept as missing.
			header.Set("Cache-Control", "no-store")
			http.Error(w, "There is no such file.", http.StatusNotFound)
			return
		}
		f.serve(w, r, name)
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Type", contentType(name))
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	body := f.plain
	if f.compressed != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		body = f.compressed
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		// A client that went away is not an error of ours.
		_, _ = w.Write(body)
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3) as far as it concerns
// gzip: named, or covered by *, and not refused with q=0.
func acceptsGzip(header string) bool {
	accepted := false
	for part := range strings.SplitSeq(header, ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		weight, given := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(parameters), " ", ""), "q=")
		refused := given && strings.Trim(weight, "0.") == ""
		if coding == "gzip" {
			return !refused
		}
		accepted = !refused
	}
	return accepted
}
