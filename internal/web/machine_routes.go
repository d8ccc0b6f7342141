package web

import "github.com/touchstone-assurance/touchstone/internal/domain/access"

// machineRoutes are advisories, feeds and checks: what the documents of machines are
// held against.
func machineRoutes() []route {
	return []route{
		{"GET /advisories", access.AdvisoryRead, "advisory_find", (*Site).advisoryFind},
		{"GET /advisories/{id}", access.AdvisoryRead, "advisory_show", (*Site).advisoryShow},
		{"GET /feeds", access.OrganisationWrite, "feed_list", (*Site).feedList},
		{"GET /checks", access.FrameworkRead, "check_list", (*Site).checkList},
		{"GET /checks/{id}", access.FrameworkRead, "check_show", (*Site).checkShow},
		{"GET /systems/{id}/checks", access.ReleaseRead, "check_system", (*Site).checkSystem},
	}
}
