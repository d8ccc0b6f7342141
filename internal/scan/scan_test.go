package scan_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/scan"
)

func TestEveryComponentHasAVerdict(t *testing.T) {
	for _, c := range []struct{ name, component, want string }{
		{"its version is in a range", "pkg:npm/p@1.0.0", "affected A-1"},
		{"its version is not", "pkg:npm/p@2.0.0", "not_affected"},
		{"nothing names it", "pkg:npm/q@1.0.0", "no_known"},
		{"it has no package URL", "p|", "cannot_assess no_identity"},
		{"it has no version", "pkg:npm/p", "cannot_assess no_version"},
		{"its type has no ecosystem", "pkg:generic/p@1", "cannot_assess unknown_ecosystem"},
		{"no archive has its ecosystem", "pkg:pypi/p@1", "cannot_assess feed_missing"},
		{"it has another name than its package URL", "other|pkg:npm/p@1.0.0", "cannot_assess identity_conflict"},
		{"its version is none", "pkg:npm/p@latest", "cannot_assess version_not_comparable"},
		{"an advisory that names it cannot be read", "pkg:npm/broken@1.0.0", "cannot_assess advisory_quarantined"},
		{"it is affected, and another advisory cannot be read", "pkg:npm/both@1.0.0", "affected A-2"},
		{"an advisory was withdrawn", "pkg:npm/withdrawn@1.0.0", "no_known"},
		{"a range has no end that can be compared", "pkg:npm/open@1.0.0", "cannot_assess version_not_comparable A-4?"},
		{"a path with capitals is another module", "pkg:golang/github.com/a/b@v1.0.0", "no_known"},
		{"a path with its capitals", "pkg:golang/github.com/A/b@v1.0.0", "affected G-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"), record("A-2", "npm", "both", "2.0.0"),
				record("A-3", "npm", "withdrawn", "2.0.0", `"withdrawn":"2026-01-02T00:00:00Z"`), record("A-4", "npm", "open", "soon"),
				`{"id":"Q-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"broken"},"ranges":"none"},{"package":{"ecosystem":"npm","name":"both"}}]}`).
				archive("Go", record("G-1", "Go", "github.com/A/b", "2.0.0"))
			w.sbom("a", c.component)
			r := w.scan()
			if got := told(r.Documents[0]); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if n := r.Documents[0].Verdicts[r.Documents[0].Components[0].Verdict]; n != 1 {
				t.Errorf("the verdict is counted %d times", n)
			}
		})
	}
}

// about is a statement about a component within a product, or about the component
// wherever it is when there is no product.
func about(status decision.Status, id, product string, parts ...string) decision.Statement {
	s := decision.Statement{Vulnerability: id, Status: status, MadeAt: 5, Products: []decision.Product{{ID: product, Parts: parts}}}
	if status == decision.NotAffected {
		s.Justification = decision.CodeNotInPath
	}
	return s
}

func TestStatementsDecideWhatTheySpeakOf(t *testing.T) {
	const p, subject = "pkg:npm/p@1.0.0", "pkg:generic/product@1"
	for _, c := range []struct {
		name       string
		statements []decision.Statement
		want       string
		applied    int
	}{
		{"about the component", []decision.Statement{about(decision.NotAffected, "A-1", p)}, "not_affected_by_decision A-1", 1},
		{"by an alias", []decision.Statement{about(decision.Fixed, "CVE-1", p)}, "fixed A-1", 1},
		{"about every version of it", []decision.Statement{about(decision.NotAffected, "A-1", "pkg:npm/p")}, "not_affected_by_decision A-1", 1},
		{"about the component in this product", []decision.Statement{about(decision.NotAffected, "A-1", subject, p)}, "not_affected_by_decision A-1", 1},
		{"about this product as a whole", []decision.Statement{about(decision.NotAffected, "A-1", subject)}, "not_affected_by_decision A-1", 1},
		{"by the link of the document", []decision.Statement{about(decision.NotAffected, "A-1", "urn:cdx:sbom/1#c0")}, "not_affected_by_decision A-1", 1},
		{"under investigation", []decision.Statement{about(decision.UnderInvestigation, "A-1", p)}, "under_investigation A-1", 1},
		{"affected", []decision.Statement{about(decision.Affected, "A-1", p)}, "affected A-1", 1},
		{"about another version", []decision.Statement{about(decision.NotAffected, "A-1", "pkg:npm/p@1.0.1")}, "affected A-1", 0},
		{"about another package", []decision.Statement{about(decision.NotAffected, "A-1", "pkg:npm/q@1.0.0")}, "affected A-1", 0},
		{"about another vulnerability", []decision.Statement{about(decision.NotAffected, "A-9", p)}, "affected A-1", 0},
		{"about the component in another product", []decision.Statement{about(decision.NotAffected, "A-1", "pkg:generic/other@1", p)}, "affected A-1", 0},
		{"by a bare reference of another document", []decision.Statement{about(decision.NotAffected, "A-1", "c0")}, "affected A-1", 0},
		{"by the link of another document", []decision.Statement{about(decision.NotAffected, "A-1", "urn:cdx:other/1#c0")}, "affected A-1", 0},
		{"expired", []decision.Statement{func() decision.Statement {
			s := about(decision.NotAffected, "A-1", p)
			s.ExpiresAt = now.UnixMicro()
			return s
		}()}, "affected A-1", 0},
		{"the nearer one wins", []decision.Statement{about(decision.NotAffected, "A-1", p), about(decision.Affected, "A-1", subject, p)}, "affected A-1", 2},
		{"affected by what no advisory here speaks of", []decision.Statement{about(decision.Affected, "CVE-9", p)}, "affected A-1 CVE-9", 1},
		{"the same in this product", []decision.Statement{about(decision.UnderInvestigation, "CVE-9", subject, p)}, "affected A-1 CVE-9=under_investigation", 1},
		{"the same in another product", []decision.Statement{about(decision.Affected, "CVE-9", "pkg:generic/other@1", p)}, "affected A-1", 0},
		{"cleared by what no advisory here speaks of", []decision.Statement{about(decision.NotAffected, "CVE-9", p)}, "affected A-1", 0},
		{"known to be exploited: no file clears it", []decision.Statement{about(decision.NotAffected, "K-1", "pkg:npm/kev@1.0.0")}, "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0", `"aliases":["CVE-1"]`), record("K-1", "npm", "kev", "2.0.0", `"aliases":["CVE-2020-0001"]`))
			if err := os.WriteFile(filepath.Join(w.dir, "kev.json"), []byte(`{"title":"t","catalogVersion":"2026.01.01","dateReleased":"2026-01-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2020-0001","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2026-01-01","shortDescription":"s","requiredAction":"a","dueDate":"2026-01-15","knownRansomwareCampaignUse":"Known","notes":""}]}`), 0o600); err != nil {
				t.Fatal(err)
			}
			w.vex("vex", c.statements...) // before the document that it is about
			w.sbom("sbom", p, "pkg:npm/kev@1.0.0")
			r := w.scan()
			kev := r.Documents[1].Components[1]
			if c.want == "" {
				if v := kev.Vulnerabilities[0]; v.Verdict != finding.Affected || v.Exploited == nil || !v.Exploited.Ransomware || !strings.Contains(v.Refused, "known to be exploited") {
					t.Errorf("%+v", v)
				}
			} else if got := saidOf(r.Documents[1].Components[0]); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := r.Documents[0].Applied; got != c.applied {
				t.Errorf("%d statements apply, want %d", got, c.applied)
			}
		})
	}
}

// Whoever says that a product is affected as a whole is heard, even where no
// component and no advisory shows it.
func TestAProductMayBeSaidToBeAffected(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	w.sbom("sbom", "pkg:npm/q@1.0.0")
	w.vex("vex", about(decision.Affected, "CVE-9", "pkg:generic/product@1"))
	r := w.scan()
	if got := saidOf(*r.Documents[0].Subject); got != "affected CVE-9" || r.Tally().Findings != 1 || told(r.Documents[0]) != "no_known" {
		t.Errorf("%s %+v %s", got, r.Tally(), told(r.Documents[0]))
	}
}

func TestADecisionSaysWhoMadeIt(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0")
	w.vex("vex", about(decision.NotAffected, "A-1", "pkg:npm/p@1.0.0"))
	w.parsed["other"] = &format.Parsed{Format: "csaf", VEX: &decision.Document{Author: "Another", Statements: []decision.Statement{about(decision.Fixed, "A-1", "pkg:npm/p@1.0.0")}}}
	w.files = append(w.files, "other")
	d := w.scan().Documents[0].Components[0].Vulnerabilities[0].Decision
	if d.Author != "Another" || d.Path != "other" || d.Source != decision.CSAF || len(d.Conflicting) != 1 || d.Conflicting[0].Author != "The supplier" {
		t.Errorf("the more cautious decides and the other is kept: %+v", d)
	}
}

func TestAnInvestigationIsAFindingEvenWhereTheFeedIsOld(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	old := now.Add(-48 * time.Hour)
	if err := os.Chtimes(filepath.Join(w.dir, "npm", "all.zip"), old, old); err != nil {
		t.Fatal(err)
	}
	w.maxAge = 24 * time.Hour
	w.sbom("sbom", "pkg:npm/p@1.0.0")
	w.vex("vex", about(decision.UnderInvestigation, "A-1", "pkg:npm/p@1.0.0"))
	r := w.scan()
	if got := told(r.Documents[0]); got != "cannot_assess feed_stale A-1=under_investigation" {
		t.Error(got)
	}
	if r.Tally().Findings != 1 || r.Holds(5) {
		t.Errorf("%+v", r.Tally())
	}
}

func TestAnOldArchiveGivesNoCleanVerdict(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0", "pkg:npm/p@2.0.0", "pkg:npm/q@1.0.0")
	old := now.Add(-8 * 24 * time.Hour)
	if err := os.Chtimes(filepath.Join(w.dir, "npm", "all.zip"), old, old); err != nil {
		t.Fatal(err)
	}
	if got := told(w.scan().Documents[0]); got != "affected A-1\nnot_affected\nno_known" {
		t.Errorf("without a limit: %s", got)
	}
	w.maxAge = 7 * 24 * time.Hour
	if got := told(w.scan().Documents[0]); got != "affected A-1\ncannot_assess feed_stale\ncannot_assess feed_stale" {
		t.Errorf("with a limit: %s", got)
	}
}

func TestAnEmptyArchiveSaysNothing(t *testing.T) {
	w := newWorld(t).archive("npm").archive("Go", record("G-1", "Go", "m", "1.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0")
	r := w.scan()
	if got := told(r.Documents[0]); got != "cannot_assess feed_missing" {
		t.Error(got)
	}
	if r.Missing["npm"] != 1 {
		t.Errorf("%+v", r.Missing)
	}
}

func TestAnArchiveOfOneReleaseServesThatRelease(t *testing.T) {
	w := newWorld(t).archive("Debian:12", record("D-1", "Debian:12", "openssl", "3.0.0-1"))
	w.sbom("sbom", "pkg:deb/debian/openssl@2.0-1?distro=debian-12", "pkg:deb/debian/zlib@1?distro=debian-12", "pkg:deb/debian/zlib@1?distro=debian-11")
	if got := told(w.scan().Documents[0]); got != "affected D-1\nno_known\ncannot_assess feed_missing" {
		t.Error(got)
	}
}

func TestARefusedDocumentDoesNotStopTheOthers(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	f := fault.New(fault.Invalid, "This is not a bill of materials.")
	f.Problems = []fault.Problem{{Pointer: "/components/3", Detail: "is a number"}}
	w.refused("broken", f)
	w.refused("unreadable", errors.New("disk on fire"))
	w.sbom("sbom", "pkg:npm/p@2.0.0")
	w.files = append(w.files, "sarif")
	w.parsed["sarif"] = &format.Parsed{Format: "sarif"}
	r := w.scan()
	var got []string
	for _, d := range r.Documents {
		got = append(got, d.Path+" "+string(d.Status)+" "+d.Problem)
	}
	want := []string{"broken refused This is not a bill of materials.", "unreadable refused disk on fire", "sbom accepted ",
		"sarif refused This is a document of format sarif. A scan reads bills of materials (CycloneDX, SPDX) and VEX documents about them."}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if faults := r.Documents[0].Faults; len(faults) != 1 || faults[0].Pointer != "/components/3" {
		t.Errorf("%+v", faults)
	}
	if n := r.Tally(); n.Refused != 3 || n.Findings != 0 || n.Unassessed != 0 || r.Holds(0) {
		t.Errorf("%+v", n)
	}
}

func TestAnUnreadableAdvisoryCountsWhereItMayBeAboutAnything(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"), `{"id":"Q-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"broken"},"ranges":"none"}]}`)
	w.sbom("sbom", "pkg:npm/p@2.0.0")
	if r := w.scan(); !r.Holds(0) || len(r.Feeds[0].Quarantined) != 1 {
		t.Errorf("its package is known and does not occur: %+v", r.Tally())
	}
	w.archive("npm", record("A-1", "npm", "p", "2.0.0"), `{"id":"Q-1",`)
	if r := w.scan(); r.Holds(0) || r.Tally().Unreadable != 1 || told(r.Documents[0]) != "not_affected" {
		t.Errorf("nobody knows what it is about: %+v %s", r.Tally(), told(r.Documents[0]))
	}
}

// Two records of one archive under one id that differ: one is used, and the other
// keeps its package from being clean.
func TestRecordsWithOneIDThatDifferBothCount(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"), record("A-1", "npm", "p", "3.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0", "pkg:npm/p@2.5.0")
	if got := told(w.scan().Documents[0]); got != "affected A-1\ncannot_assess advisory_quarantined" {
		t.Error(got)
	}
}

func TestWhatADocumentIsAboutMayBeAffectedAndNeedNotBeAPackage(t *testing.T) {
	for _, f := range []inventory.Format{inventory.CycloneDXJSON, inventory.SPDXJSON} {
		w := newWorld(t).archive("npm", record("A-1", "npm", "product", "2.0.0"))
		d := w.sbom("sbom", "pkg:npm/q@1.0.0")
		d.Format = f
		if f == inventory.SPDXJSON {
			d.Components = append(d.Components, d.Subject)
		}
		if r := w.scan(); !r.Holds(0) || r.Tally().Unassessed != 0 {
			t.Errorf("%s, a product that is no package: %+v", f, r.Tally())
		}
		d.Subject.PURL = "pkg:npm/product@1"
		if f == inventory.SPDXJSON {
			d.Components[1] = d.Subject
		}
		if r := w.scan(); r.Tally().Findings != 1 || saidOf(*r.Documents[0].Subject) != "affected A-1" {
			t.Errorf("%s, a product that is affected: %+v", f, r.Tally())
		}
	}
}

func TestACacheChangesNothingAndNoticesAnotherArchive(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0", "pkg:npm/p@2.0.0")
	without := told(w.scan().Documents[0])
	w.cache = t.TempDir()
	for _, run := range []string{"empty", "filled"} {
		if got := told(w.scan().Documents[0]); got != without {
			t.Errorf("%s cache: %s, want %s", run, got, without)
		}
	}
	w.archive("npm", record("A-1", "npm", "p", "2.0.1"))
	if got := told(w.scan().Documents[0]); got != "affected A-1\naffected A-1" {
		t.Errorf("another archive of the same date: %s", got)
	}
}

func TestNoScanWithoutAdvisories(t *testing.T) {
	for _, dir := range []string{filepath.Join(t.TempDir(), "none"), t.TempDir()} {
		w := newWorld(t)
		w.dir = dir
		w.sbom("sbom", "pkg:npm/p@1.0.0")
		_, err := scan.Run(context.Background(), w.options())
		if public, _ := fault.Public(err); err == nil || !strings.Contains(public, dir) {
			t.Errorf("%v", err)
		}
	}
}

func TestAnInterruptedScanGivesNoResult(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := scan.Run(ctx, w.options()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
