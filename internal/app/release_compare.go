package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// largestComparison is the largest document that a page reads again. Larger ones
// are compared by the command line, where nobody else waits.
const largestComparison = 32 << 20

// ReleaseDiff is what changed between two releases of a system: in their bills of
// materials, and in what is known of them now. Both are looked at with the same
// advisories and decisions, so a difference comes from the releases.
type ReleaseDiff struct {
	System         System
	Before, After  ReleaseLine
	Products       []ProductDiff
	OnlyBefore     []string // products that one release alone describes
	OnlyAfter      []string
	Introduced     []Finding
	Resolved       []Finding
	Remaining      int
	Changed        []FindingChange
	CoverageBefore Coverage
	CoverageAfter  Coverage
	Verdict        string   // one sentence
	Why            []string // why the two counts of findings differ
}

// ProductDiff compares the bills of materials of one product.
type ProductDiff struct {
	Product string
	inventory.Difference
}

// FindingChange is a finding that both releases have, and that is not judged alike.
type FindingChange struct{ Before, After Finding }

// CompareReleases compares two releases of a system. It needs release.read.
//
// It fails with fault.TooLarge when a bill of materials is too large for a page.
func (a *App) CompareReleases(ctx context.Context, who access.Actor, system, before, after string) (ReleaseDiff, error) {
	var v ReleaseDiff
	var org store.Organisation
	var files [2]map[string]bill
	err := a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		if !a.Ready() {
			return errNotReady
		}
		var known [2]*knowledge
		for i, name := range []string{before, after} {
			s, r, err := releaseIn(ctx, tx, scope, system, name)
			if err != nil {
				return err
			}
			v.System = s
			if known[i], err = a.lookAt(ctx, tx, &knowledge{system: s, only: r.ID}); err != nil {
				return err
			}
			line := releaseLines([]store.Release{r}, known[i].lanes, "")[0]
			if i == 0 {
				v.Before = line
			} else {
				v.After = line
			}
			if files[i], err = known[i].bills(ctx, tx, scope); err != nil {
				return err
			}
			org = known[i].org
		}
		v.CoverageBefore, v.CoverageAfter = known[0].coverage, known[1].coverage
		v.compareFindings(known[0].findings, known[1].findings)
		return nil
	})
	if err == nil {
		err = a.compareBills(ctx, org, files, &v)
	}
	v.explain()
	return v, err
}

// bill is the file of a bill of materials.
type bill struct {
	title  string
	file   string
	digest string
	size   int64
}

// bills are the bills of materials that count in the release looked at, by lane.
func (k *knowledge) bills(ctx context.Context, tx *store.Tx, scope access.Scope) (map[string]bill, error) {
	lanes := map[string]store.Lane{}
	for _, l := range k.lanes {
		lanes[l.Document] = l
	}
	out := map[string]bill{}
	for _, d := range k.count {
		if d.Kind != string(check.Inventory) {
			continue
		}
		e, err := tx.EvidenceRecord(ctx, scope, d.Evidence)
		if err != nil {
			return nil, err
		}
		if e.File != "" { // purged files are gone
			out[lanes[d.ID].Name] = bill{title: or(d.Subject, "a product without a name"), file: e.File, digest: d.Digest, size: e.FileSize}
		}
	}
	return out, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (a *App) compareBills(ctx context.Context, org store.Organisation, files [2]map[string]bill, v *ReleaseDiff) error {
	for lane, was := range files[0] {
		is, both := files[1][lane]
		if !both {
			v.OnlyBefore = append(v.OnlyBefore, was.title)
			continue
		}
		docs := [2]*inventory.Document{}
		for i, b := range []bill{was, is} {
			var err error
			if docs[i], err = a.readBill(ctx, org, b); err != nil {
				return err
			}
		}
		v.Products = append(v.Products, ProductDiff{is.title, inventory.Diff(docs[0], docs[1])})
	}
	for lane, is := range files[1] {
		if _, both := files[0][lane]; !both {
			v.OnlyAfter = append(v.OnlyAfter, is.title)
		}
	}
	slices.SortFunc(v.Products, func(x, y ProductDiff) int { return strings.Compare(x.Product, y.Product) })
	slices.Sort(v.OnlyBefore)
	slices.Sort(v.OnlyAfter)
	return nil
}

// readBill reads the original again.
func (a *App) readBill(ctx context.Context, org store.Organisation, b bill) (*inventory.Document, error) {
	if b.size > largestComparison {
		return nil, fault.Newf(fault.TooLarge, "The bill of materials of %s has more than %d MB, which is too large to be compared on a page.", b.title, largestComparison>>20)
	}
	select {
	case a.parsing <- struct{}{}:
		defer func() { <-a.parsing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	content, err := a.openFile(org, b.file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	p, err := format.Parse(ctx, b.title, content, format.Options{Limits: budget.Limits{Bytes: largestComparison + 1}, Now: a.Now().UnixMicro()})
	if err != nil {
		return nil, fmt.Errorf("read the bill of materials %s again: %w", b.digest, err)
	}
	if p.Inventory == nil {
		return nil, fmt.Errorf("the document %s is no bill of materials any more", b.digest)
	}
	return p.Inventory, nil
}

// compareFindings tells findings apart by vulnerability and package: the version is
// what a release changes.
func (v *ReleaseDiff) compareFindings(before, after []Finding) {
	type at struct{ id, ecosystem, key string }
	place := func(f Finding) at { return at{f.ID, f.Ecosystem, f.key} }
	was := map[at]Finding{}
	for _, f := range before {
		was[place(f)] = worseFinding(was[place(f)], f)
	}
	is := map[at]Finding{}
	for _, f := range after {
		is[place(f)] = worseFinding(is[place(f)], f)
	}
	for p, f := range is {
		b, had := was[p]
		switch {
		case !had || !b.open() && f.open() && b.Verdict == finding.NoKnown:
			v.Introduced = append(v.Introduced, f)
		case b.Verdict != f.Verdict || b.Band != f.Band:
			v.Changed = append(v.Changed, FindingChange{b, f})
		default:
			v.Remaining++
		}
	}
	for p, f := range was {
		if _, has := is[p]; !has {
			v.Resolved = append(v.Resolved, f)
		}
	}
	order := func(x, y Finding) int {
		return cmp.Or(cmp.Compare(y.Severity.Score, x.Severity.Score), strings.Compare(x.ID, y.ID), strings.Compare(x.Component, y.Component))
	}
	slices.SortFunc(v.Introduced, order)
	slices.SortFunc(v.Resolved, order)
	slices.SortFunc(v.Changed, func(x, y FindingChange) int { return order(x.After, y.After) })
}

// worseFinding is the finding of two about one package that needs more attention.
func worseFinding(a, b Finding) Finding {
	if a.ID == "" || a.Verdict.Worse(b.Verdict) == b.Verdict && a.Verdict != b.Verdict {
		return b
	}
	return a
}

// explain says what came of it, and why the counts differ.
func (v *ReleaseDiff) explain() {
	before, after := v.CoverageBefore.Verdicts[finding.CannotAssess], v.CoverageAfter.Verdicts[finding.CannotAssess]
	say := func(n int, one, many string) {
		if n > 0 {
			v.Why = append(v.Why, plural(n, one, many))
		}
	}
	say(len(v.Introduced), "1 vulnerability came with this release.", "%d vulnerabilities came with this release.")
	say(len(v.Resolved), "1 vulnerability is gone with it.", "%d vulnerabilities are gone with it.")
	say(len(v.Changed), "1 is in both, and is judged otherwise now.", "%d are in both, and are judged otherwise now.")
	if after != before {
		v.Why = append(v.Why, fmt.Sprintf("%d components cannot be assessed, before it were %d: what cannot be assessed is neither clean nor affected.", after, before))
	}
	for _, p := range v.Products {
		if p.Basis == inventory.OneBuildOtherTools || p.Basis == inventory.OtherBuildOtherTools {
			v.Why = append(v.Why, fmt.Sprintf("The bills of materials of %s were made with different tools (%s; %s), which see different things in one product.", p.Product,
				or(strings.Join(p.ToolsBefore, ", "), "not said"), or(strings.Join(p.ToolsAfter, ", "), "not said")))
		}
	}
	switch {
	case v.CoverageBefore.Components == 0 || v.CoverageAfter.Components == 0:
		v.Verdict = "One of the releases has no bill of materials, so nothing can be said of what changed."
	case len(v.Introduced) == 0 && len(v.Resolved) == 0 && len(v.Changed) == 0:
		v.Verdict = "No known vulnerability came or went."
	case len(v.Introduced) == 0:
		v.Verdict = "Nothing known got worse, and something got better."
	case len(v.Resolved) == 0:
		v.Verdict = "This release brings known vulnerabilities and resolves none."
	default:
		v.Verdict = "This release resolves known vulnerabilities and brings others."
	}
	if len(v.Introduced) == 0 && len(v.Resolved) == 0 && len(v.Changed) > 0 {
		v.Verdict = "No known vulnerability came or went, and some are judged otherwise now."
	}
}
