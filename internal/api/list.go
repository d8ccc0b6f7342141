package api

import (
	"encoding/base64"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Paging is where in a list to read.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500" doc:"Items on the page; 50 when not said."`
	After string `query:"after" maxLength:"2000" doc:"The “next” of the page before."`
}

func (p Paging) page() app.Page { return app.Page{After: p.After, Limit: p.Limit} }

// list is a page of a list.
type list[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"Cursor of the next page, null on the last."`
	Total int64   `json:"total" doc:"Items that match, on all pages."`
}

type listed[T any] struct{ Body list[T] }

// listOf shapes a page that app read.
func listOf[R, T any](l app.ListOf[R], shape func(R) T) *listed[T] {
	out := &listed[T]{Body: list[T]{Items: make([]T, len(l.Items)), Total: l.Total}}
	for i, item := range l.Items {
		out.Body.Items[i] = shape(item)
	}
	if l.Next != "" {
		out.Body.Next = &l.Next
	}
	return out
}

// pageOf cuts a page out of a list that app read whole. key is unique in it.
func pageOf[R, T any](all []R, p Paging, usual int, key func(R) string, shape func(R) T) (*listed[T], error) {
	first := 0
	if p.After != "" {
		last, err := base64.RawURLEncoding.DecodeString(p.After)
		at := slices.IndexFunc(all, func(r R) bool { return key(r) == string(last) })
		if err != nil || at < 0 {
			var ps fault.Problems
			ps.Add("/after", "The cursor is not one that this list gave out. Start again without it.")
			return nil, ps.Err()
		}
		first = at + 1
	}
	limit := p.Limit
	if limit == 0 {
		limit = usual
	}
	end := min(first+limit, len(all))
	l := app.ListOf[R]{Items: all[first:end], Total: int64(len(all))}
	if end < len(all) {
		l.Next = base64.RawURLEncoding.EncodeToString([]byte(key(all[end-1])))
	}
	return listOf(l, shape), nil
}
