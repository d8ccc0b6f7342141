package app

import (
	"context"
	"errors"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// advisories says which advisories changed: those with numbers from From to To,
// and those that are gone.
type advisories struct {
	From int64    `json:"from,omitempty"`
	To   int64    `json:"to,omitempty"`
	Gone []string `json:"gone,omitempty"`
	All  bool     `json:"all,omitempty"` // every system: what is loaded at all has changed

	Organisation string `json:"organisation,omitempty"` // with All: every system of one organisation
}

// concern finds the systems that advisories affect now, or did before they
// changed, and queues each of them. It asks the index, so it costs a walk over the
// versions of the packages named, however many systems there are.
func (a *App) concern(ctx context.Context, j store.Job, t task) error {
	if err := a.Follow(ctx); err != nil {
		return err
	}
	if t.Advisories == nil {
		return errors.New("the job names no advisories")
	}
	systems, err := a.concerned(ctx, *t.Advisories)
	if err != nil {
		return err
	}
	return a.enqueueAll(ctx, j, t, systems)
}

type systemKey struct{ organisation, system string }

func (a *App) concerned(ctx context.Context, c advisories) ([]systemKey, error) {
	var out []systemKey
	seen := map[systemKey]bool{}
	add := func(k systemKey) {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	if c.All {
		return out, a.DB.Read(ctx, func(tx *store.Tx) error {
			return tx.EachJudged(ctx, func(j store.Judgement) error {
				if c.Organisation == "" || c.Organisation == j.Organisation {
					out = append(out, systemKey{j.Organisation, j.System})
				}
				return nil
			})
		})
	}
	records, err := a.changedRecords(ctx, c)
	if err != nil {
		return nil, err
	}
	// An index of these revisions alone: what none of them says of a version is not
	// changed by any of them.
	x := match.New()
	names := map[string]int{}
	for _, r := range records {
		names[r.ID]++
		r.ID, r.Aliases, r.Withdrawn = r.ID+"#"+string(rune('0'+names[r.ID])), nil, 0
		x.Add(r, 0)
	}
	var versions []int64
	for _, r := range records {
		for i := range r.Affected {
			versions = append(versions, a.machine.touched(x, &r.Affected[i])...)
		}
	}
	slices.Sort(versions)
	a.machine.where.Everywhere(slices.Compact(versions), func(organisation, system string) { add(systemKey{organisation, system}) })
	return out, nil
}

// touched lists the known versions of a package of which the records of x say that
// they are affected, or may be.
func (m *machine) touched(x *match.Index, p *advisory.Affected) []int64 {
	base, _ := purl.Split(p.Ecosystem)
	key := purl.Key(base, p.Name)
	m.mu.RLock()
	ecosystems := m.ecosystems[base]
	m.mu.RUnlock()
	var out []int64
	for _, e := range ecosystems {
		for _, v := range m.where.Versions(e, key) {
			said := x.Match(purl.Identity{Ecosystem: e, Key: key, Version: v.Version})
			if len(said.Hits)+len(said.Unsure) > 0 {
				out = append(out, v.ID)
			}
		}
	}
	return out
}

// changedRecords reads the revisions that changed, with those that they replaced.
func (a *App) changedRecords(ctx context.Context, c advisories) ([]advisory.Advisory, error) {
	var out []advisory.Advisory
	var u unpacker
	take := func(row store.Advisory) error {
		r, err := u.brief(row.Body)
		out = append(out, r)
		return err
	}
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		ids := slices.Clone(c.Gone)
		if c.To > 0 {
			err := tx.AdvisoriesBetween(ctx, c.From, c.To, func(row store.Advisory) error {
				ids = append(ids, row.ID)
				return take(row)
			})
			if err != nil {
				return err
			}
		}
		return tx.AdvisoriesReplaced(ctx, ids, take)
	})
	return out, err
}
