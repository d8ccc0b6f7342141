package web

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

func TestFeedsAreShownToThoseWhoAdminister(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	for _, role := range []access.Role{access.TeamMember, access.SRO, access.PortfolioReader} {
		w.as(w.Join(admin, "Some "+string(role), role)).get("/feeds").status(http.StatusForbidden).sound()
	}
	w.as(nil).get("/feeds").to("/sign-in")
	v := w.as(admin)
	v.get("/organisation").says("Feeds of advisories")
	v.get("/feeds").status(http.StatusOK).sound().says("No feed is loaded", "0 feeds with 0 records", "touchstone feed sync --data FOLDER --from PLACE", "The server loads nothing by itself")
	w.as(w.Admin("Another Ministry")).get("/feeds").status(http.StatusOK).sound().omits("The server loads")
}

func TestAFeedSaysHowOldItIsAndWhatIsWrongWithIt(t *testing.T) {
	w := newWorld(t, apptest.With(func(c *app.Config) { c.Feeds = []string{"/srv/feeds"} }))
	admin := w.Admin("Ministry")
	v := w.as(admin)
	w.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "left-pad", "0", "1", nil), "kev.json": exploited("CVE-2026-10007")})
	v.get("/feeds").status(http.StatusOK).sound().says("Every feed moves", "2 feeds with 2 records", "less than an hour old", "Fresh", "loads by itself from /srv/feeds", "Digest", "Comes from")

	w.Clock.Advance(3 * 24 * time.Hour)
	w.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "left-pad", "0", "1", nil), "npm/bad.json": `{"id":"GHSA-broken","modified":"2026-03-01T00:00:00Z",` +
		`"affected":[{"package":{"ecosystem":"npm","name":"` + "right-pad" + `"},"ranges":[{"type":"SEMVER","events":[{"introduced":7}]}]}]}`})
	if err := admin.SignIn(); err != nil {
		t.Fatal(err)
	}
	v.get("/feeds").status(http.StatusOK).sound().says("The advisories of kev are 3 days old", "1 record in quarantine", "1 records of npm could not be understood", "3 days old", "right-pad")
	w.Clock.Advance(30 * 24 * time.Hour)
	if err := admin.SignIn(); err != nil {
		t.Fatal(err)
	}
	v.get("/feeds").status(http.StatusOK).sound().says("Too old to say that nothing is known", "older than allowed", "30 days old", "33 days old")
}

func TestAFeedThatIsBrokenAllThroughStaysAPage(t *testing.T) {
	w := newWorld(t)
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("npm/%d.json", i)] = fmt.Sprintf(`{"id":%q,"modified":"2026-03-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":7}]}]}]}`, hostile+strings.Repeat("W", 200)+fmt.Sprint(i))
	}
	files["PyPI/all.zip"] = "no archive"
	w.loadFeeds(files)
	first := w.Admin("Ministry")
	w.as(first).get("/feeds").status(http.StatusOK).sound().omits("<script>alert", "<img src=x").says("300 records in quarantine", "100 more records are not shown", "The last attempt to load it failed", "PyPI/all.zip is not a zip")
	w.as(w.Admin("Agency")).get("/feeds").status(http.StatusOK).sound().says("The last attempt to load it failed: the file is not a zip archive").omits("Comes from", os.TempDir())
}
