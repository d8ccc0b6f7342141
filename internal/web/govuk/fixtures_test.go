package govuk

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// published is where npm puts the fixtures of govuk-frontend. They are read at
// test time, so that they always belong to the pinned release.
const published = "../../../node_modules/govuk-frontend/dist/govuk/components"

// conformance states, for every component we offer, how many of its published
// fixtures our markup equals. A number may only rise.
var conformance = []struct {
	component string
	adapt     func(*options) Component
	equal     int
}{
	{"accordion", adaptAccordion, 12},
	{"back-link", adaptBackLink, 7},
	{"breadcrumbs", adaptBreadcrumbs, 12},
	{"button", adaptButton, 38},
	{"character-count", adaptCharacterCount, 34},
	{"checkboxes", adaptCheckboxes, 41},
	{"date-input", adaptDateInput, 50},
	{"details", adaptDetails, 10},
	{"error-message", adaptErrorMessage, 9},
	{"error-summary", adaptErrorSummary, 19},
	{"feedback", adaptFeedback, 7},
	{"fieldset", adaptFieldset, 18},
	{"file-upload", adaptFileUpload, 22},
	{"footer", adaptFooter, 23},
	{"generic-header", adaptHeader, 7},
	{"hint", adaptHint, 6},
	{"input", adaptInput, 45},
	{"inset-text", adaptInsetText, 6},
	{"label", adaptLabel, 17},
	{"language-navigation", adaptLanguageNavigation, 13},
	{"notification-banner", adaptNotificationBanner, 21},
	{"pagination", adaptPagination, 15},
	{"panel", adaptPanel, 18},
	{"password-input", adaptPassword, 12},
	{"phase-banner", adaptPhaseBanner, 7},
	{"radios", adaptRadios, 42},
	{"select", adaptSelect, 19},
	{"service-navigation", adaptServiceNavigation, 33},
	{"skip-link", adaptSkipLink, 9},
	{"summary-list", adaptSummaryList, 30},
	{"table", adaptTable, 21},
	{"tabs", adaptTabs, 14},
	{"tag", adaptTag, 12},
	{"task-list", adaptTaskList, 10},
	{"textarea", adaptTextarea, 18},
	{"warning-text", adaptWarningText, 8},
}

// notOffered are the published components that Touchstone does without.
var notOffered = map[string]string{
	"cookie-banner":  "only a strictly necessary session cookie is set; a page about cookies says so",
	"exit-this-page": "no page of an assurance service needs to be left in a hurry",
	"header":         "carries the crown and the GOV.UK logotype; the generic header stands in for it",
}

// deviations are the fixtures that our markup differs from on purpose.
var deviations = map[string]string{
	"accordion/with falsy values":          noFalsy,
	"checkboxes/with falsy values":         noFalsy,
	"footer/with empty meta":               noEmptyBox,
	"footer/with empty meta items":         noEmptyBox,
	"panel/interruption, no actions items": noEmptyBox,
	"radios/with falsy items":              noFalsy,
	"task-list/with empty values":          noFalsy,
}

const (
	noEmptyBox = "a heading or box without anything in it is left out"
	noFalsy    = "a Go slice holds no null or false entries, so items are numbered without them"
)

// rewritten are the parts of the published markup that a component leaves out
// on purpose, given the options of the fixture.
var rewritten = map[string]func(*options) func(*html.Node) verdict{
	"footer": withoutCrown,
}

// withoutCrown takes from a published footer the crown, the mark of the Open
// Government Licence and the link to Crown copyright, and the licence and
// copyright themselves unless the fixture gives their words: a service outside
// GOV.UK must not claim them.
func withoutCrown(o *options) func(*html.Node) verdict {
	return func(n *html.Node) verdict {
		copyright := n.FirstChild != nil && n.FirstChild.NextSibling != nil && hasClass(n.FirstChild.NextSibling, "govuk-footer__copyright-logo")
		switch {
		case hasClass(n, "govuk-footer__crown"), hasClass(n, "govuk-footer__licence-logo"),
			hasClass(n, "govuk-footer__licence-description") && !o.has("contentLicence"),
			copyright && !o.has("copyright"):
			return drop
		case hasClass(n, "govuk-footer__copyright-logo"):
			return unwrap
		}
		return keep
	}
}

type fixture struct {
	Name    string          `json:"name"`
	Options json.RawMessage `json:"options"`
	HTML    string          `json:"html"`
}

func readFixtures(t *testing.T, component string) []fixture {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(published, component, "fixtures.json"))
	if err != nil {
		t.Fatalf("the fixtures of govuk-frontend are missing: run `make assets`, which installs them with npm (%v)", err)
	}
	var file struct {
		Fixtures []fixture `json:"fixtures"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatalf("reading the fixtures of %s: %v", component, err)
	}
	return file.Fixtures
}

func TestComponentsEqualThePublishedFixtures(t *testing.T) {
	total := 0
	for _, c := range conformance {
		t.Run(c.component, func(t *testing.T) {
			equal := 0
			for _, f := range readFixtures(t, c.component) {
				reason, deviates := deviations[c.component+"/"+f.Name]
				difference := compareFixture(t, c.component, c.adapt, f)
				switch {
				case difference == "":
					equal++
					if deviates {
						t.Errorf("%s is equal although it is listed as a deviation (%s): remove it from the list", f.Name, reason)
					}
				case !deviates:
					t.Errorf("%s differs from what is published (-published +ours):\n%s", f.Name, difference)
				}
			}
			if equal != c.equal {
				t.Errorf("%d fixtures are equal, %d are stated: correct the table if that is more", equal, c.equal)
			}
			total += equal
		})
	}
	t.Logf("%d published fixtures are equal in %d components", total, len(conformance))
}

func compareFixture(t *testing.T, component string, adapt func(*options) Component, f fixture) string {
	t.Helper()
	o, err := parseOptions(f.Options)
	if err != nil {
		t.Fatal(err)
	}
	ours := adapt(o).HTML()
	if unread := o.unread(); len(unread) > 0 {
		t.Errorf("%s: no adapter reads the options %v", f.Name, unread)
	}
	var judge func(*html.Node) verdict
	if rewrite := rewritten[component]; rewrite != nil {
		judge = rewrite(o)
	}
	return cmp.Diff(normalise(t, f.HTML, judge), normalise(t, string(ours), nil))
}

func TestEveryPublishedComponentIsOfferedOrRefusedWithAReason(t *testing.T) {
	entries, err := os.ReadDir(published)
	if err != nil {
		t.Fatalf("govuk-frontend is not installed: run `make assets` (%v)", err)
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		offered := slices.ContainsFunc(conformance, func(c struct {
			component string
			adapt     func(*options) Component
			equal     int
		}) bool {
			return c.component == entry.Name()
		})
		if _, refused := notOffered[entry.Name()]; offered == refused {
			t.Errorf("component %s must stand in exactly one of the tables conformance and notOffered", entry.Name())
		}
	}
}

func TestEveryDeviationNamesAFixture(t *testing.T) {
	known := map[string]bool{}
	for _, c := range conformance {
		for _, f := range readFixtures(t, c.component) {
			known[c.component+"/"+f.Name] = true
		}
	}
	for name := range deviations {
		if !known[name] {
			t.Errorf("deviation %s names no published fixture", name)
		}
	}
}
