package web

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// public marks a route that needs nobody to be signed in. It is no operation of
// the permission table.
const public access.Operation = "public"

// route is one address of the site.
type route struct {
	pattern   string           // method and path, as http.ServeMux reads it
	operation access.Operation // needed to reach the handler; public for none
	page      string           // template that it may answer with; "" for none
	handle    func(*Site, *request) (reply, error)
}

// routes is the table of every page. Those of people, sign-in and the
// organisation stand in account_routes.go.
func routes() []route {
	return slices.Concat(mainRoutes(), accountRoutes())
}

func mainRoutes() []route {
	return []route{
		{"GET /{$}", access.SelfRead, "work_list", (*Site).workList},
		{"GET /choose-organisation", access.SelfRead, "choose_organisation", (*Site).chooseOrganisation},
		{"POST /choose-organisation", access.SelfWrite, "choose_organisation", (*Site).chosenOrganisation},

		{"POST /step-up/options", access.SelfWrite, "", (*Site).stepUpOptions},
		{"POST /step-up/finish", access.SelfWrite, "", (*Site).stepUpFinish},
		{"POST /step-up/code", access.SelfWrite, "step_up", (*Site).stepUpCode},
		{"POST /step-up/demo", access.SelfWrite, "step_up", (*Site).stepUpDemo},
	}
}

// Routes lists the pattern and operation of every page, "" for public ones, for
// the tests of permissions.
func Routes() map[string]access.Operation {
	out := map[string]access.Operation{}
	for _, rt := range routes() {
		out[rt.pattern] = rt.operation
		if rt.operation == public {
			out[rt.pattern] = ""
		}
	}
	return out
}

// shared are the templates that no route names: any page may end in them.
func shared() []string { return []string{"problem", "signed_out", "step_up", "conflict"} }

func pagesOf(table []route) []string {
	names := shared()
	for _, rt := range table {
		if rt.page != "" {
			names = append(names, rt.page)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
