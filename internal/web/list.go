package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// filterField is one thing that a list can be narrowed by. Without choices it is
// a text.
type filterField struct {
	name, heading string
	choices       []choice
}

// listing is a list at an address: its filters, its place, and links to it.
type listing struct {
	path   string
	query  url.Values
	fields []filterField
}

func (rq *request) listing(path string, fields ...filterField) listing {
	l := listing{path: path, query: url.Values{}, fields: fields}
	for _, f := range fields {
		v := rq.query(f.name)
		known := f.choices == nil || slices.ContainsFunc(f.choices, func(c choice) bool { return c.value == v })
		if v != "" && known {
			l.query.Set(f.name, v)
		}
	}
	return l
}

// value is what a field is filtered by; "" for everything.
func (l listing) value(name string) string { return l.query.Get(name) }

func (l listing) filtered() bool { return len(l.query) > 0 }

// href is the list with one parameter changed; "" takes it away.
func (l listing) href(path string, changes ...string) string {
	q := url.Values{}
	for name, values := range l.query {
		q[name] = values
	}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Del(changes[i])
		if changes[i+1] != "" {
			q.Set(changes[i], changes[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// panel is the form beside the list with what is chosen now.
func (l listing) panel() govuk.Filter {
	f := govuk.Filter{Action: l.path, ClearHref: l.path}
	for _, field := range l.fields {
		value := l.value(field.name)
		if value != "" {
			f.Selected = append(f.Selected, govuk.FilterGroup{Heading: field.heading,
				Items: []govuk.FilterItem{{Text: wordOf(field.choices, value), Href: l.href(l.path, field.name, "")}}})
		}
		label := govuk.Label{Text: field.heading}
		if field.choices == nil {
			f.Fields = append(f.Fields, govuk.Input{ID: "filter-" + field.name, Name: field.name, Value: value, Label: label})
			continue
		}
		f.Fields = append(f.Fields, govuk.Select{ID: "filter-" + field.name, Name: field.name, Value: value, Label: label,
			Options: asOptions("All", field.choices)})
	}
	return f
}

// maxTrail is how many pages one can go back; the way further leads by the start.
const maxTrail = 20

// pages leads to the next page, and back along the way one came. The place in a
// list is a cursor and not a number, so that the thousandth page costs no more
// than the first.
func (l listing) pages(rq *request, next string) *govuk.Pagination {
	after, trail := rq.query("after"), strings.FieldsFunc(rq.URL.Query().Get("trail"), func(r rune) bool { return r == ',' })
	if after == "" && next == "" {
		return nil
	}
	var p govuk.Pagination
	if after != "" {
		back, rest := "", []string{}
		if n := len(trail); n > 0 {
			back, rest = trail[n-1], trail[:n-1]
		}
		if back == "-" {
			back = ""
		}
		p.Previous = govuk.PageLink{Href: l.href(l.path, "after", back, "trail", strings.Join(rest, ","))}
	}
	if next != "" {
		way := append(trail, or(after, "-"))
		way = way[max(0, len(way)-maxTrail):]
		p.Next = govuk.PageLink{Href: l.href(l.path, "after", next, "trail", strings.Join(way, ","))}
	}
	return &p
}

// exports are the links that give exactly what is shown, as files.
func (l listing) exports(path, what string) []govuk.Link {
	return []govuk.Link{
		{Text: "Export " + what + " as CSV", Href: l.href(path, "format", "csv")},
		{Text: "Export " + what + " as XLSX", Href: l.href(path, "format", "xlsx")},
	}
}
