package web

// Where the pages of signing in begin.
const (
	signInPath = "/sign-in"
	// enrolPath is where somebody goes who may do nothing but add a factor.
	enrolPath = "/account"
)

// accountRoutes are the pages of people, sign-in and the organisation.
func accountRoutes() []route {
	return []route{}
}

// accountDone are the sentences that head a page after a write, see goTo.
func accountDone() map[string]string { return nil }
