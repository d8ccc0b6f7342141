package feed

// Catalogues beside the archives of a directory.
const (
	kevName  = "kev.json"
	epssName = "epss.csv"
)
