// Package govuk renders the GOV.UK Design System components, and a few
// patterns of our own in the same manner, as typed Go values.
//
// Every component is a struct with a method HTML() template.HTML, so that a
// page builds its view model in Go and its template says only where things go:
//
//	page.Name = govuk.Input{
//		ID: "name", Name: "name", Value: form.Name,
//		Label: govuk.Label{Text: "Name of the system"},
//		Error: govuk.ErrorMessage{Text: form.Problem("name")},
//	}
//	{{ .Name.HTML }}
//
// An optional part (a hint, an error, a legend) is left out while its text is
// empty, so it can be assigned without an if.
//
// # Invariants
//
//   - All text passes through html/template and its contextual escaping. Only
//     fields named Markup, Body, Before, After, Conditional and the slots take
//     markup, and their type is template.HTML: outside this package such a
//     value can be got only from another component, from Join or from
//     ExecuteTemplate (a rule the architecture test enforces).
//   - Attribute names are code, never data: an event handler, a style or a
//     malformed name panics. Attribute values may be data.
//   - No inline script or style is ever produced, so a strict content security
//     policy holds.
//   - Components hold no state; values may be shared between goroutines.
//
// The markup follows govuk-frontend 6.6.0. The tests compare every component
// with the published fixtures of that release; the deviations are listed, with
// reasons, in fixtures_test.go.
//
// This package is not a page framework: page layout, routes and texts belong
// to package web. It has no crown, no GDS Transport and no Open Government
// Licence statement unless the caller gives one, because services outside
// GOV.UK must not carry them.
//
// Start reading at render.go and input.go; the patterns of our own are
// filter.go, timeline.go, identity.go, scroll.go and plot.go.
package govuk
