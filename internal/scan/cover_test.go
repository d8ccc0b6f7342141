package scan_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
	"github.com/touchstone-assurance/touchstone/internal/match"
)

// A server covers components with match.Cover. Where nobody decided anything a scan
// says the same.
func TestAScanSaysWhatAServerSays(t *testing.T) {
	names := []string{"p", "q", "r"}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		x := match.New()
		read := osv.NewReader(budget.Limits{})
		feeds := match.Feeds{AsOf: map[string]int64{}, Now: now.UnixMicro(), MaxAge: 1}
		if rapid.Bool().Draw(rt, "old") {
			feeds.Now++
			feeds.Now++
		}
		for _, ecosystem := range []string{"npm", "PyPI", "Debian"} {
			if rapid.IntRange(0, 3).Draw(rt, "none") == 0 {
				continue
			}
			var records []string
			for i := range rapid.IntRange(1, 4).Draw(rt, "records") {
				of := ecosystem
				if ecosystem == "Debian" {
					of += fmt.Sprintf(":%d", rapid.IntRange(11, 12).Draw(rt, "release"))
				}
				fixed := rapid.SampledFrom([]string{"1.5", "2.0", "soon"}).Draw(rt, "fixed")
				text := record(fmt.Sprintf("%s-%d", ecosystem, i), of, rapid.SampledFrom(names).Draw(rt, "name"), fixed)
				a, err := read.Read([]byte(text))
				if err != nil {
					continue
				}
				records = append(records, text)
				x.Add(a, 1)
			}
			w.archive(ecosystem, records...)
			feeds.AsOf[ecosystem] = now.UnixMicro()
		}
		if len(feeds.AsOf) == 0 {
			return
		}
		var purls []string
		for range 8 {
			shape := rapid.SampledFrom([]string{"pkg:npm/%s@%s.0", "pkg:pypi/%s@%s", "pkg:deb/debian/%s@%s?distro=debian-12", "pkg:deb/debian/%s@%s", "pkg:gem/%s@%s"}).Draw(rt, "purl")
			purls = append(purls, fmt.Sprintf(shape, rapid.SampledFrom(names).Draw(rt, "of"), rapid.SampledFrom([]string{"1.0", "1.5", "2.0", "latest"}).Draw(rt, "version")))
		}
		d := w.sbom("sbom", purls...)
		o := w.options()
		o.Now, o.MaxFeedAge = feeds.Now, feeds.MaxAge
		r := run(t, o)
		for i, c := range d.Components {
			want := x.Cover(inventory.Component{Name: c.Name, PURL: c.PURL}, feeds)
			got := r.Documents[0].Components[i]
			if got.Verdict != want.Verdict || got.Reason != want.Reason || len(got.Vulnerabilities) != len(want.Hits) {
				rt.Fatalf("%s: %s %s with %d, a server says %s %s with %d", c.PURL, got.Verdict, got.Reason, len(got.Vulnerabilities), want.Verdict, want.Reason, len(want.Hits))
			}
		}
	})
}
