package inventory_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

func full() *inventory.Document {
	c := func(name string) inventory.Component {
		return inventory.Component{Name: name, Version: "1", Supplier: "S", PURL: "pkg:npm/" + name + "@1", Licences: []string{"MIT"}, Hashes: []inventory.Hash{{Algorithm: "sha256", Value: "00"}}}
	}
	return &inventory.Document{Format: inventory.CycloneDXJSON, CreatedAt: 1, Authors: []string{"A"}, Tools: []inventory.Tool{{Name: "t"}}, Lifecycles: []string{"build"},
		Subject: inventory.Component{Name: "app", Version: "2"}, Components: []inventory.Component{c("a"), c("b")}, Edges: []inventory.Edge{{From: -1, To: 0}, {From: 0, To: 1}}}
}

// unmet gives the measures that a document does not meet, by profile.
func unmet(d *inventory.Document) map[string]string {
	out := map[string]string{}
	for _, s := range inventory.Quality(d) {
		for _, e := range s.Elements {
			if !e.Met() {
				out[s.Profile.ID] += string(e.Measure) + " "
			}
		}
	}
	return out
}

func TestACompleteDocumentMeetsBothProfiles(t *testing.T) {
	scores := inventory.Quality(full())
	if len(scores) != 2 || scores[0].Met() != 8 || scores[1].Met() != 12 {
		t.Errorf("%+v", scores)
	}
	if got := unmet(full()); len(got) != 0 {
		t.Errorf("not met: %v", got)
	}
}

func TestWhatIsMissingIsToldByProfile(t *testing.T) {
	for _, c := range []struct {
		name       string
		spoil      func(*inventory.Document)
		ntia, cisa string
	}{
		{"a supplier", func(d *inventory.Document) { d.Components[1].Supplier = "NOASSERTION" }, "supplier ", "supplier "},
		{"a name", func(d *inventory.Document) { d.Components[1].Name = " " }, "name ", "name "},
		{"a version", func(d *inventory.Document) { d.Components[1].Version = "UNKNOWN" }, "version ", "version "},
		{"an identifier", func(d *inventory.Document) { d.Components[1].PURL = "" }, "identifier ", "identifier "},
		{"an identifier, but a SWHID", func(d *inventory.Document) {
			d.Components[1].PURL, d.Components[1].Identifiers = "", []string{"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"}
		}, "", ""},
		{"every dependency", func(d *inventory.Document) { d.Edges = nil }, "dependencies ", "graph "},
		{"one dependency", func(d *inventory.Document) { d.Edges = d.Edges[:1] }, "", "graph "},
		{"the author", func(d *inventory.Document) { d.Authors = nil }, "", "author "},
		{"author and tool", func(d *inventory.Document) { d.Authors, d.Tools = nil, nil }, "maker ", "author tool "},
		{"the time", func(d *inventory.Document) { d.CreatedAt = 0 }, "timestamp ", "timestamp "},
		{"a hash", func(d *inventory.Document) { d.Components[0].Hashes = nil }, "", "hash "},
		{"a licence", func(d *inventory.Document) { d.Components[0].Licences = []string{"NOASSERTION"} }, "", "licence "},
		{"a licence, but NONE", func(d *inventory.Document) { d.Components[0].Licences = []string{"NONE"} }, "", ""},
		{"the context", func(d *inventory.Document) { d.Lifecycles = nil }, "", "context "},
	} {
		d := full()
		c.spoil(d)
		if got := unmet(d); got["ntia-2021"] != c.ntia || got["cisa-2025-draft"] != c.cisa {
			t.Errorf("without %s: %v", c.name, got)
		}
	}
}

func TestSharesAreRoundedDownAndExamplesAreBounded(t *testing.T) {
	d := full()
	for range 997 {
		d.Components = append(d.Components, inventory.Component{Name: "c", Version: "1"})
	}
	for _, e := range inventory.Quality(d)[0].Elements {
		if e.Measure == inventory.MeasureSupplier {
			if e.Present != 2 || e.Of != 999 || e.Percent() != 0 || len(e.Examples) != inventory.MaxExamples || e.Examples[0] != 2 || e.Document {
				t.Errorf("%+v", e)
			}
		}
	}
	d.Components = d.Components[:2]
	for range 998 {
		d.Components = append(d.Components, d.Components[0])
	}
	d.Components[999].Supplier = ""
	if e := inventory.Quality(d)[0].Elements[0]; e.Percent() != 99 || e.Met() {
		t.Errorf("999 of 1000 are %d %%", e.Percent())
	}
}

func TestADocumentThatListsNothingIsScoredByItsSubject(t *testing.T) {
	d := full()
	d.Components, d.Edges = nil, nil
	d.Subject = full().Components[0]
	if got := unmet(d); len(got) != 0 {
		t.Errorf("not met: %v", got)
	}
	d.Subject.Supplier = ""
	if e := inventory.Quality(d)[0].Elements[0]; e.Met() || e.Examples[0] != inventory.SubjectOnly {
		t.Errorf("%+v", e)
	}
	d.Subject = inventory.Component{}
	if e := inventory.Quality(d)[0].Elements[0]; e.Met() || e.Of != 0 || e.Percent() != 0 {
		t.Errorf("an empty document: %+v", e)
	}
}

func TestTheSameInventoryScoresTheSameInSPDX(t *testing.T) {
	d := full()
	d.Format = inventory.SPDXJSON
	d.Subject.Ref = "SPDXRef-app"
	d.Components = append(d.Components, d.Subject)
	if got := unmet(d); len(got) != 0 {
		t.Errorf("not met: %v", got)
	}
}

func TestEveryProfileNamesItsSourceAndAsksForNothingTwice(t *testing.T) {
	for _, p := range inventory.Profiles() {
		if p.ID == "" || p.Name == "" || p.Publisher == "" || len(p.Date) != 10 || len(p.NotMeasured) == 0 {
			t.Errorf("%+v", p)
		}
		seen := map[inventory.Measure]bool{}
		for _, e := range p.Elements {
			if e.Name == "" || seen[e.Measure] {
				t.Errorf("%s: %+v", p.ID, e)
			}
			seen[e.Measure] = true
		}
	}
}

// Filling a gap never lowers a score.
func TestSayingMoreNeverScoresLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDocument(t, "d")
		before := inventory.Quality(d)
		if len(d.Components) > 0 {
			c := &d.Components[rapid.IntRange(0, len(d.Components)-1).Draw(t, "which")]
			c.Supplier, c.Version, c.PURL, c.Licences = "S", "1", "pkg:npm/x@1", []string{"MIT"}
		}
		d.CreatedAt, d.Authors, d.Lifecycles = 1, []string{"A"}, []string{"build"}
		for i, s := range inventory.Quality(d) {
			for j, e := range s.Elements {
				if was := before[i].Elements[j]; e.Present < was.Present || e.Of != was.Of {
					t.Fatalf("%s: %+v after %+v", e.Measure, e, was)
				}
			}
		}
	})
}
