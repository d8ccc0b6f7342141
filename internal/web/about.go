package web

// aboutView is a page of fixed words about the service.
type aboutView struct{ SignedIn bool }

func (s *Site) aboutHelp(rq *request) (reply, error) {
	return show(&page{title: "Help", view: aboutView{rq.signedIn()}}), nil
}

func (s *Site) aboutAccessibility(rq *request) (reply, error) {
	return show(&page{title: "Accessibility", view: aboutView{rq.signedIn()}}), nil
}

func (s *Site) aboutCookies(rq *request) (reply, error) {
	return show(&page{title: "Cookies", view: aboutView{rq.signedIn()}}), nil
}
