package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// part is one part of the service, shown to those who may use it.
type part struct {
	text, path string
	operation  access.Operation
}

func parts() []part {
	return []part{
		{"My work", "/", access.SelfRead},
		{listOfSystems.text, listOfSystems.href, access.SystemRead},
		{"Evidence", "/evidence", access.EvidenceRead},
		{"Advisories", "/advisories", access.AdvisoryRead},
		{"Frameworks", "/frameworks", access.FrameworkRead},
		{"Assurance", "/assurance", access.ReportRead},
		{"Audit", "/audit", access.AuditRead},
		{"People", "/people", access.PeopleWrite},
		{"Organisation", "/organisation", access.OrganisationWrite},
	}
}

// navigation leads to the parts of the service; section is the path of the one
// that the page is in.
func navigation(rq *request, section string) govuk.ServiceNavigation {
	n := govuk.ServiceNavigation{Label: "Service", MenuText: "Menu"}
	if !rq.signedIn() {
		return n
	}
	for _, p := range parts() {
		if !rq.may(p.operation) {
			continue
		}
		if p.path == listOfSystems.href {
			p.text = rq.crumbOfSystems().text
		}
		n.Items = append(n.Items, govuk.NavigationItem{Text: p.text, Href: p.path,
			Current: rq.URL.Path == p.path, Active: p.path == section})
	}
	return n
}

func (s *Site) footer() govuk.Footer {
	f := govuk.Footer{
		MetaTitle: "Help and information",
		Links: []govuk.FooterLink{
			{Text: "Help", Href: "/help"}, {Text: "Accessibility", Href: "/accessibility"}, {Text: "Cookies", Href: "/cookies"},
			{Text: "Log and checkpoint", Href: "/log"}, {Text: "Licences", Href: s.Assets.URL("notices.txt")},
		},
	}
	if s.Version != "" {
		f.Meta = govuk.Text(product + " " + s.Version)
	}
	return f
}

// alerts says, to those who answer for the installation, which settings lower
// its security. It stays until the settings are put back.
func (s *Site) alerts(rq *request) *govuk.NotificationBanner {
	if len(s.App.Loosenings) == 0 || !rq.signedIn() || !rq.may(access.OrganisationWrite) && !rq.may(access.InstanceRead) {
		return nil
	}
	var names []string
	for _, l := range s.App.Loosenings {
		names = append(names, l.Name)
	}
	words := "A setting lowers the security of this installation: "
	if len(names) > 1 {
		words = "Settings lower the security of this installation: "
	}
	return &govuk.NotificationBanner{Title: "Security", TitleID: "security-alert-title", Markup: govuk.Join(
		paragraph(words+strings.Join(names, ", ")+"."), govuk.Link{Text: "See what each of them risks", Href: "/alerts"})}
}
