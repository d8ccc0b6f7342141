package web

import (
	"net/http"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// indexWaitView is shown by pages that need the index of components and advisories
// until it was made.
type indexWaitView struct{ Words, Again string }

// indexPage says that nobody can be told yet. Nothing is wrong, so it says what is
// going on and when to come back, instead of what failed.
func indexPage(rq *request, err error, section string, way ...crumb) *page {
	words, _ := fault.Public(err)
	rq.w.Header().Set("Retry-After", "5")
	return &page{template: "index_wait", status: http.StatusServiceUnavailable, title: "The index is still being made", section: section, crumbs: way,
		view: indexWaitView{Words: words, Again: rq.URL.RequestURI()}}
}
