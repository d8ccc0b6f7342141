package web

import "github.com/touchstone-assurance/touchstone/internal/domain/access"

// releaseRoutes are the pages of what machines delivered for one system.
func releaseRoutes() []route {
	return []route{
		{"GET /systems/{id}/releases", access.ReleaseRead, "release_parts", (*Site).releaseList},
		{"GET /systems/{id}/releases/compare", access.ReleaseRead, "release_parts", (*Site).releaseCompare},
		{"GET /systems/{id}/releases/{release}", access.ReleaseRead, "release_parts", (*Site).releaseShow},
		{"GET /systems/{id}/releases/{release}/components", access.ReleaseRead, "release_list", (*Site).componentList},
		{"GET /systems/{id}/releases/{release}/documents/{document}", access.ReleaseRead, "release_parts", (*Site).documentShow},
		{"GET /systems/{id}/findings", access.ReleaseRead, "release_list", (*Site).findingList},
	}
}
