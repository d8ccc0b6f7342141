package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// items returns the standings of the requirements of a group, nil for all.
func (b *builder) items(g *framework.Group) []assessment.Item {
	var out []assessment.Item
	for _, r := range b.order {
		if g == nil || b.group[r.ID] == g {
			out = append(out, item(b.in.Framework, r, b.response(r.ID)))
		}
	}
	return out
}

func item(f *framework.Framework, r *framework.Requirement, resp assessment.FrozenResponse) assessment.Item {
	return assessment.Item{Requirement: r.ID, Levels: assessment.LevelIDs(f, r), Standing: assessment.Standing{
		Claim: assessment.Claim{Kind: resp.Kind, Level: resp.Level}, Support: resp.Support, PartlyChecked: resp.PartlyChecked}}
}

func (b *builder) distribution(items []assessment.Item) Distribution {
	return distribute(b.in.Framework, items)
}

// distribute counts the items on the levels that any of them has, with the words
// of the framework.
func distribute(f *framework.Framework, items []assessment.Item) Distribution {
	labels := map[string]string{string(assessment.NotApplicable): "Not applicable"}
	var levels []string
	for _, s := range f.Scales {
		for _, l := range s.Levels {
			if _, known := labels[l.ID]; known {
				continue
			}
			labels[l.ID] = l.Label
			if slices.ContainsFunc(items, func(i assessment.Item) bool { return slices.Contains(i.Levels, l.ID) }) {
				levels = append(levels, l.ID)
			}
		}
	}
	d := assessment.Distribute(levels, items)
	out := Distribution{Total: d.Total, Levels: []LevelCount{}, DontKnow: d.DontKnow, Unanswered: d.Unanswered, WorstSupport: d.WorstSupport,
		Worst: append([]string{}, d.Worst...), PartlyChecked: d.PartlyChecked}
	out.LowestLevel = lowestClaimed(items, labels)
	for _, row := range d.Rows {
		out.Levels = append(out.Levels, LevelCount{Level: row.Level, Label: cmp.Or(labels[row.Level], row.Level), Total: row.Total, BySupport: row.BySupport})
	}
	return out
}

// lowestClaimed names the lowest level that is claimed, by its place on the
// levels of its own question: levels of different scales have no other order.
// Levels at the same place are all named.
func lowestClaimed(items []assessment.Item, labels map[string]string) string {
	lowest := -1
	var names []string
	for _, i := range items {
		c := i.Standing.Claim
		at := slices.Index(i.Levels, c.Level)
		if c.Kind != assessment.AtLevel || at < 0 || lowest >= 0 && at > lowest {
			continue
		}
		if at != lowest {
			lowest, names = at, nil
		}
		if name := cmp.Or(labels[c.Level], c.Level); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

func (b *builder) groups() []Group {
	out := []Group{}
	var seen []*framework.Group
	for _, r := range b.order {
		g := b.group[r.ID]
		if slices.Contains(seen, g) {
			continue
		}
		seen = append(seen, g)
		out = append(out, Group{ID: g.ID, Title: groupTitle(g), Distribution: b.distribution(b.items(g))})
	}
	return out
}

// trend counts every earlier approved assessment in the same way, each with the
// framework version that it answered, and this one last.
func (b *builder) trend() []Quarter {
	out := []Quarter{}
	for _, e := range b.in.Earlier {
		out = append(out, quarter(e.Frozen, e.Framework, e.ApprovedAt, e.Digest))
	}
	slices.SortStableFunc(out, func(x, y Quarter) int { return x.ApprovedAt.Compare(y.ApprovedAt) })
	if b.in.Approval.At == 0 {
		return out
	}
	return append(out, quarter(b.in.Frozen, b.in.Framework, b.in.Approval.At, b.in.Approval.Digest))
}

func quarter(z assessment.Frozen, f *framework.Framework, at int64, digest string) Quarter {
	b := builder{in: Input{Frozen: z, Framework: f}, byID: map[string]*framework.Requirement{}, group: map[string]*framework.Group{}}
	b.index()
	d := b.distribution(b.items(nil))
	return Quarter{Assessment: z.Assessment, ApprovedAt: instant(at), Framework: z.Framework.Key, Digest: digest, Levels: d.Levels, DontKnow: d.DontKnow, Gap: z.Gap}
}
