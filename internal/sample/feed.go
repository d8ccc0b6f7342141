package sample

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// The feed of the demo is a handful of records in the layout of the public
// archives. Those about public packages are facts on record: identifiers, versions
// and ratings. The one about the invented package is invented, and its identifier
// says so.

// sampleAdvisory is the record of which the story is told.
const sampleAdvisory = "SAMPLE-2000-0001"

// Days of the story on which the feed is read for the first time, and on which it
// brings the new record.
const (
	feedStarts    = 309
	advisoryComes = 321
)

type advisory struct {
	id, cve, ecosystem, name, summary, vector, published string
	ranges                                               [][2]string // introduced, fixed
}

func known() []advisory {
	return []advisory{
		{"GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228", "Maven", "org.apache.logging.log4j:log4j-core", "Log4j runs code that a lookup in a log message fetches",
			"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "2021-12-10T00:40:56Z", [][2]string{{"2.13.0", "2.15.0"}, {"2.4", "2.12.2"}, {"2.0-beta9", "2.3.1"}}},
		{"GHSA-35jh-r3h4-6jhm", "CVE-2021-23337", "npm", "lodash", "Templates of lodash can be made to run commands",
			"CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "2021-05-06T16:05:51Z", [][2]string{{"0", "4.17.21"}}},
		{"GHSA-j8r2-6x86-q33q", "CVE-2023-32681", "PyPI", "requests", "Requests sends the password for a proxy to the server behind a redirect",
			"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N", "2023-05-22T20:36:32Z", [][2]string{{"2.3.0", "2.31.0"}}},
	}
}

// invented is the record that comes while the visitor's year goes by.
func (b *builder) invented() advisory {
	return advisory{sampleAdvisory, "", "npm", reader, "Sample: a form with nested fields makes the invented package " + reader + " run what was sent",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", b.at(advisoryComes-1, 17*60).Format(time.RFC3339), [][2]string{{"2.0.0", "2.3.4"}}}
}

func (a advisory) record() string {
	var ranges []any
	for _, r := range a.ranges {
		kind := "ECOSYSTEM"
		if a.ecosystem == "npm" {
			kind = "SEMVER"
		}
		ranges = append(ranges, object{"type": kind, "events": []any{object{"introduced": r[0]}, object{"fixed": r[1]}}})
	}
	out := object{"schema_version": "1.7.0", "id": a.id, "published": a.published, "modified": a.published, "summary": a.summary,
		"severity": []any{object{"type": "CVSS_V3", "score": a.vector}},
		"affected": []any{object{"package": object{"ecosystem": a.ecosystem, "name": a.name}, "ranges": ranges}}}
	if a.cve != "" {
		out["aliases"] = []string{a.cve}
	}
	return encoded(out)
}

// exploited is the part of the catalogue of known exploited vulnerabilities that
// the sample systems meet.
func exploited() string {
	return encoded(object{"title": "Extract for the sample data", "catalogVersion": "2021.12.10", "dateReleased": "2021-12-10T00:00:00.0000Z", "count": 1, "vulnerabilities": []any{object{
		"cveID": "CVE-2021-44228", "vendorProject": "Apache", "product": "Log4j2", "vulnerabilityName": "Log4j remote code execution", "dateAdded": "2021-12-10",
		"shortDescription": "A lookup in a log message can fetch and run code.", "requiredAction": "Take a version that puts it right.", "dueDate": "2021-12-24",
		"knownRansomwareCampaignUse": "Known", "notes": "", "cwes": []string{"CWE-20", "CWE-400", "CWE-502"}}}})
}

// readFeed reads the feed as it is on this day, as somebody does every night.
func (b *builder) readFeed() error {
	day := b.today()
	if day < feedStarts {
		return nil
	}
	if day == feedStarts || day >= advisoryComes && !b.invents {
		b.invents = day >= advisoryComes
		if err := b.writeFeed(); err != nil {
			return err
		}
	}
	err := filepath.WalkDir(b.feeds, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, b.now, b.now) // its age is that of the file
	})
	if err != nil {
		return err
	}
	results, err := b.app.SyncFeeds(b.ctx, access.Operator(), app.SyncInput{Places: []string{b.feeds}})
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Problem != "" {
			return fmt.Errorf("feed %s: %s", r.Name, r.Problem)
		}
	}
	return b.work()
}

func (b *builder) writeFeed() error {
	list := known()
	if b.invents {
		list = append(list, b.invented())
	}
	for _, a := range list {
		if err := b.writeRecord(filepath.Join(a.ecosystem, a.id+".json"), a.record()); err != nil {
			return err
		}
	}
	return b.writeRecord("kev.json", exploited())
}

func (b *builder) writeRecord(name, text string) error {
	path := filepath.Join(b.feeds, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

// feedFolder is where the records lie: beside what a server fetches, so that a
// visitor can look at them and read them again, or for a while.
func (b *builder) feedFolder() (done func(), err error) {
	if b.app.FeedDir != "" {
		b.feeds = filepath.Join(b.app.FeedDir, "sample")
		return func() {}, os.MkdirAll(b.feeds, 0o700)
	}
	b.feeds, err = os.MkdirTemp("", "touchstone-sample-")
	return func() { os.RemoveAll(b.feeds) }, err
}
