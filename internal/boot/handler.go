package boot

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/api"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web"
)

// handler joins pages and API behind the edge.
func (s *server) handler(p *program) (http.Handler, error) {
	i, err := s.app.Instance(p.context)
	if err != nil {
		return nil, err
	}
	site, err := web.New(web.Options{App: s.app, Assets: s.assets, Now: s.clock.now, Demo: i.Demo, Version: p.version, Log: s.log, MaxUpload: int64(s.config.MaxUploadMB) << 20})
	if err != nil {
		return nil, err
	}
	e, err := s.newEdge(site)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(s.app, api.Options{Edge: e, TempDir: s.config.Data, MaxForm: int64(s.config.MaxUploadMB+2) << 20}))
	mux.Handle("/", e.Session(site))
	return e.Wrap(mux), nil
}

// newEdge makes the receiving side. A refusal is a page where a person asked, and
// a problem document where a program did.
func (s *server) newEdge(site *web.Site) (*edge.Edge, error) {
	u, err := url.Parse(s.url)
	if err != nil {
		return nil, err
	}
	return edge.New(edge.Config{Doors: s.app, Now: time.Now, Random: rand.Reader, Log: s.log, Hosts: []string{u.Hostname()},
		Loopback: s.config.PublicURL == "", Ready: s.ready, Actor: edge.PerMinute(s.config.PerMinute), MaxBody: int64(max(s.config.MaxUploadMB+2, s.config.MaxDocumentMB)) << 20,
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			if strings.HasPrefix(r.URL.Path, "/api/") {
				edge.WriteProblem(w, r, err)
				return
			}
			site.Fail(w, r, err)
		}})
}
