package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// ReleaseLine is one release of a system.
type ReleaseLine struct {
	ID        string
	Name      string
	CreatedAt int64
	RetiredAt int64 // 0 = in use
	Documents int
	LatestAt  int64 // when the newest document was received
	Speaks    bool  // standings rest on this release
}

// ReleasesView is what machines delivered for a system, as its page begins.
type ReleasesView struct {
	System   System
	Releases []ReleaseLine // newest first
	Products []ProductLine
	Judged   JudgedNow
	Policy   finding.Policy
}

// ProductLine is a product that bills of materials of a system describe.
type ProductLine struct {
	Key       string
	Title     string
	Confirmed bool // it belongs to the system; what describes another improves nothing
}

// JudgedNow is what the last look at a system came to.
type JudgedNow struct {
	At       int64 // 0 = nobody has looked yet
	NextAt   int64 // 0 = only when something arrives
	Release  string
	Coverage Coverage
	Open     int // findings that somebody still has to deal with
	Overdue  int
}

// maxReleases bounds the releases that one page lists.
const maxReleases = 500

// Releases lists the releases of a system with what the last look at it came to. It
// needs release.read.
func (a *App) Releases(ctx context.Context, who access.Actor, system string) (ReleasesView, error) {
	var v ReleasesView
	err := a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		v.System = s
		if v.Policy, err = policyOf(ctx, tx, s.Organisation); err != nil {
			return err
		}
		releases, err := tx.ReleasesOf(ctx, s, maxReleases)
		if err != nil {
			return err
		}
		lanes, err := tx.LanesOf(ctx, s)
		if err != nil {
			return err
		}
		speaks, err := v.judged(ctx, tx, s, releases)
		if err != nil {
			return err
		}
		v.Releases = releaseLines(releases, lanes, speaks)
		return v.products(ctx, tx, s, lanes)
	})
	return v, err
}

func (v *ReleasesView) judged(ctx context.Context, tx *store.Tx, s store.System, releases []store.Release) (speaks string, err error) {
	j, err := tx.JudgementOf(ctx, s)
	if err != nil {
		return "", ignoreNotFound(err)
	}
	var b judgementBody
	if err := json.Unmarshal([]byte(j.Body), &b); err != nil {
		return "", fmt.Errorf("judgement of %s: %w", s.ID, err)
	}
	v.Judged = JudgedNow{At: j.At, NextAt: j.NextAt, Coverage: b.Coverage, Open: b.Open, Overdue: b.Overdue}
	for _, r := range releases {
		if r.ID == j.Release {
			v.Judged.Release = r.Name
		}
	}
	return j.Release, nil
}

func (v *ReleasesView) products(ctx context.Context, tx *store.Tx, s store.System, lanes []store.Lane) error {
	known, err := tx.ProductsOf(ctx, s)
	if err != nil {
		return err
	}
	for _, p := range known {
		v.Products = append(v.Products, ProductLine{Key: p.Name, Title: p.Title, Confirmed: true})
	}
	for _, l := range lanes {
		if l.Kind == string(check.Inventory) && !slices.ContainsFunc(v.Products, func(p ProductLine) bool { return p.Key == l.Product }) {
			v.Products = append(v.Products, ProductLine{Key: l.Product, Title: textOfKey(l.Product)})
		}
	}
	return nil
}

func releaseLines(releases []store.Release, lanes []store.Lane, speaks string) []ReleaseLine {
	out := make([]ReleaseLine, len(releases))
	at := map[string]int{}
	for i, r := range releases {
		out[i] = ReleaseLine{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt, RetiredAt: r.RetiredAt, Speaks: r.ID == speaks}
		at[r.ID] = i
	}
	for _, l := range lanes {
		if i, listed := at[l.Release]; listed {
			out[i].Documents++
			out[i].LatestAt = max(out[i].LatestAt, l.ReceivedAt)
		}
	}
	return out
}

// DocumentLine is one delivered document.
type DocumentLine struct {
	ID          string
	Evidence    string
	Kind        check.Kind
	Format      string
	Status      string
	Tool        string
	Subject     string
	Digest      string
	Items       int64
	ProducedAt  int64 // 0 = the document does not say
	ReceivedAt  int64
	DeliveredBy string // a name
	JudgedAt    int64  // 0 = not yet
	Doubt       string // why it improves nothing, in a sentence; "" when it is sound
	Counts      bool   // it is one of those that are looked at now
	Faults      []fact.Fault
}

// ReleaseView is one release with its documents and what follows from them now.
type ReleaseView struct {
	System    System
	Release   ReleaseLine
	Documents []DocumentLine // newest first
	Coverage  Coverage
	Findings  []Finding // of this release, those that need most attention first
	Ready     bool      // the index is made, so that coverage and findings are known
}

// Release reads one release. It needs release.read.
func (a *App) Release(ctx context.Context, who access.Actor, system, release string) (ReleaseView, error) {
	v := ReleaseView{Ready: a.Ready()}
	err := a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		s, r, err := releaseIn(ctx, tx, scope, system, release)
		if err != nil {
			return err
		}
		v.System = s
		documents, err := tx.DocumentsOf(ctx, r)
		if err != nil {
			return err
		}
		k := &knowledge{system: s, only: r.ID}
		if v.Ready {
			if k, err = a.lookAt(ctx, tx, k); err != nil {
				return err
			}
		} else if k.lanes, err = tx.LanesOf(ctx, s); err != nil {
			return err
		}
		v.Coverage, v.Findings = k.coverage, k.findings
		j, err := tx.JudgementOf(ctx, s)
		if ignoreNotFound(err) != nil {
			return err
		}
		v.Release = releaseLines([]store.Release{r}, k.lanes, j.Release)[0]
		v.Documents, err = a.documentLines(ctx, tx, k, documents)
		return err
	})
	return v, err
}

// releaseIn finds a release by its identifier or name in a system inside the scope.
func releaseIn(ctx context.Context, tx *store.Tx, scope access.Scope, system, release string) (store.System, store.Release, error) {
	s, err := tx.System(ctx, scope, system)
	if err != nil {
		return s, store.Release{}, err
	}
	r, err := tx.Release(ctx, scope, release)
	if fault.Is(err, fault.NotFound) {
		r, err = tx.ReleaseNamed(ctx, s, release)
	}
	if err == nil && r.System != s.ID {
		err = errNotFound
	}
	return s, r, err
}

func (a *App) documentLines(ctx context.Context, tx *store.Tx, k *knowledge, documents []store.Document) ([]DocumentLine, error) {
	lanes := map[string]store.Lane{}
	for _, l := range k.lanes {
		lanes[l.Document] = l
	}
	var people []string
	for _, d := range documents {
		people = append(people, d.DeliveredBy)
	}
	names, err := a.actorNames(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	out := make([]DocumentLine, len(documents))
	for i, d := range documents {
		line := DocumentLine{ID: d.ID, Evidence: d.Evidence, Kind: check.Kind(d.Kind), Format: d.Format, Status: d.Status, Tool: d.Tool, Subject: d.Subject, Digest: d.Digest,
			Items: d.Items, ProducedAt: d.ProducedAt, ReceivedAt: d.ReceivedAt, DeliveredBy: names[d.DeliveredBy], JudgedAt: d.JudgedAt,
			Counts: slices.ContainsFunc(k.count, func(c store.Document) bool { return c.ID == d.ID })}
		if d.Faults != "" && d.Faults != "null" {
			if err := json.Unmarshal([]byte(d.Faults), &line.Faults); err != nil {
				return nil, fmt.Errorf("faults of %s: %w", d.ID, err)
			}
		}
		l := lanes[d.ID]
		line.Doubt = doubtWords[l.Doubt]
		if line.Doubt == "" && k.products != nil && !k.sound(l) {
			line.Doubt = "It describes a product that is not one of this system's. It improves nothing until somebody confirms that it belongs to the system."
		}
		out[i] = line
	}
	return out, nil
}

// ComponentLine is one component of a release, with what is known of it.
type ComponentLine struct {
	Name            string
	Version         string
	PURL            string
	Ecosystem       string // with its release; "" = not known
	Verdict         finding.Verdict
	Reason          finding.Reason // of cannot_assess
	Vulnerabilities int            // that apply or may apply, decided or not
}

// ComponentFilter narrows a list of components.
type ComponentFilter struct {
	Name    string // contained in the name or the package URL
	Verdict string
}

// Components lists the components of a release, those that need most attention
// first. It needs release.read.
func (a *App) Components(ctx context.Context, who access.Actor, system, release string, f ComponentFilter, page Page) (ListOf[ComponentLine], error) {
	var out ListOf[ComponentLine]
	err := a.looking(ctx, who, system, release, func(k *knowledge) error {
		name := a.folded(f.Name)
		list := slices.DeleteFunc(k.components, func(c ComponentLine) bool {
			return f.Verdict != "" && string(c.Verdict) != f.Verdict || name != "" && !strings.Contains(a.folded(c.Name+" "+c.PURL), name)
		})
		slices.SortFunc(list, func(x, y ComponentLine) int {
			return cmp.Or(cmp.Compare(slices.Index(finding.Verdicts(), x.Verdict), slices.Index(finding.Verdicts(), y.Verdict)), strings.Compare(x.Name, y.Name),
				strings.Compare(x.Version, y.Version), strings.Compare(x.PURL, y.PURL), strings.Compare(x.Ecosystem, y.Ecosystem))
		})
		var err error
		out, err = pageOf(list, page)
		return err
	})
	return out, err
}

// looking looks at one release, or with release "" at the one that speaks for the
// system, and keeps the components.
func (a *App) looking(ctx context.Context, who access.Actor, system, release string, fn func(*knowledge) error) error {
	return a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		k := &knowledge{system: s, list: true}
		if release != "" {
			_, r, err := releaseIn(ctx, tx, scope, system, release)
			if err != nil {
				return err
			}
			k.only = r.ID
		}
		if !a.Ready() {
			return errNotReady
		}
		if k, err = a.lookAt(ctx, tx, k); err != nil {
			return err
		}
		return fn(k)
	})
}

// pageOf cuts a page out of a list that is computed as a whole. Its cursor is a
// place in the list as it was, so a list that changed meanwhile may repeat or leave
// out a line.
func pageOf[T any](list []T, page Page) (ListOf[T], error) {
	out := ListOf[T]{Total: int64(len(list))}
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	parts, err := page.parts(1)
	if err != nil {
		return out, err
	}
	from := 0
	if parts[0] != "" {
		if _, err := fmt.Sscanf(parts[0], "%d", &from); err != nil || from < 0 {
			return out, errCursor()
		}
	}
	from = min(from, len(list))
	to := min(from+limit, len(list))
	out.Items = list[from:to]
	if to < len(list) {
		out.Next = cursor(fmt.Sprint(to))
	}
	return out, nil
}

// FindingFilter narrows a list of findings.
type FindingFilter struct {
	State   string // open, overdue, decided, cannot_assess; "" = all
	Band    string
	Name    string // contained in the ids or the component
	Release string // "" = the release that speaks for the system
}

// FindingList is the findings of a system.
type FindingList struct {
	ListOf[Finding]
	System   System
	Release  string // name of the release that they are of; "" when nothing was delivered
	Policy   finding.Policy
	Coverage Coverage
	Now      int64
}

// Findings lists what is known to be wrong with the components of a system, those
// that need most attention first. It needs release.read.
func (a *App) Findings(ctx context.Context, who access.Actor, system string, f FindingFilter, page Page) (FindingList, error) {
	var out FindingList
	err := a.looking(ctx, who, system, f.Release, func(k *knowledge) error {
		out.System, out.Policy, out.Coverage, out.Now, out.Release = k.system, k.policy, k.coverage, k.facts.Now, k.facts.Release
		name := a.folded(f.Name)
		list := slices.DeleteFunc(slices.Clone(k.findings), func(x Finding) bool {
			return !x.in(f.State, out.Now) || f.Band != "" && string(x.Band) != f.Band ||
				name != "" && !strings.Contains(a.folded(x.ID+" "+strings.Join(x.Aliases, " ")+" "+x.Component), name)
		})
		var err error
		out.ListOf, err = pageOf(list, page)
		return err
	})
	return out, err
}

// FindingStates are the states by which findings are narrowed.
func FindingStates() []string { return []string{"open", "overdue", "decided", "cannot_assess"} }

func (f Finding) in(state string, now int64) bool {
	switch state {
	case "open":
		return f.open()
	case "overdue":
		return f.open() && f.DueAt > 0 && f.DueAt <= now
	case "decided":
		return f.Decided != nil
	case "cannot_assess":
		return f.Verdict == finding.CannotAssess
	}
	return true
}
