package scan

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/match"
)

// known is what is publicly said, ready to be asked package by package: advisories
// lie compiled in a file or in memory, and only those of one package at a time are
// made into values.
type known struct {
	set        *feed.Set
	feeds      []feed.Info
	have       map[string]*feed.Info          // by ecosystem as their directories are named
	broken     map[string]map[string]struct{} // key of a package to ids of unreadable advisories that name it
	catalogues []Catalogue
	exploited  advisory.Catalogue
	predicted  advisory.Predictions
	kept       map[string]*advisory.Advisory // that apply to something, by id
	now        int64
	maxAge     int64
	used       map[string]bool
	missing    map[string]int
}

// open reads or compiles the archives. It comes before the documents: compiling takes
// memory that is free again when they are read.
func openKnown(ctx context.Context, o *Options) (*known, error) {
	o.say("Reading advisories")
	set, err := feed.Open(ctx, o.Advisories, feed.Options{Key: keyOf, KeyVersion: keyVersion, Cache: o.Cache})
	if err != nil {
		return nil, err
	}
	k := &known{set: set, feeds: set.Feeds(), have: map[string]*feed.Info{}, broken: map[string]map[string]struct{}{}, kept: map[string]*advisory.Advisory{},
		now: o.Now, maxAge: o.MaxFeedAge, used: map[string]bool{}, missing: map[string]int{}}
	for i := range k.feeds {
		f := &k.feeds[i]
		if f.Records > 0 { // an empty archive says nothing
			k.have[f.Ecosystem] = f
		}
		for _, q := range f.Quarantined {
			for _, p := range q.Packages {
				key := keyOf(p.Ecosystem, p.Name)
				if k.broken[key] == nil {
					k.broken[key] = map[string]struct{}{}
				}
				k.broken[key][q.ID] = struct{}{}
			}
		}
	}
	if err := k.rank(o.Advisories); err != nil {
		set.Close()
		return nil, err
	}
	return k, nil
}

// lot is what is known of one package.
type lot struct {
	index  *match.Index // nil when nothing names it
	broken []string     // unreadable advisories that name it
}

func (k *known) about(ctx context.Context, key, name string) (lot, error) {
	list, err := k.set.Advisories(ctx, key)
	if err != nil {
		return lot{}, fmt.Errorf("look up %s: %w", name, err)
	}
	// A readable record may have the id of one that is not; both count.
	out := lot{broken: slices.Sorted(maps.Keys(k.broken[key]))}
	if len(list) > 0 {
		out.index = match.New()
	}
	for _, a := range list {
		out.index.Add(a, k.now)
	}
	return out, nil
}

// keep gives the record that results point to: one for all components, without the
// versions that it affects, which nobody asks for any more.
func (k *known) keep(a *advisory.Advisory) *advisory.Advisory {
	if k.kept[a.ID] == nil {
		slim := *a
		slim.Affected = nil
		k.kept[a.ID] = &slim
	}
	return k.kept[a.ID]
}

// rank reads the catalogues that lie beside the archives.
func (k *known) rank(path string) error {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil
	}
	exploited, info, found, err := feed.KEV(path)
	if err != nil {
		return err
	}
	if found {
		k.exploited = exploited
		k.catalogues = append(k.catalogues, Catalogue{"KEV", info})
	}
	predicted, info, found, err := feed.EPSS(path)
	if err != nil {
		return err
	}
	if found {
		k.predicted = predicted
		k.catalogues = append(k.catalogues, Catalogue{"EPSS", info})
	}
	return nil
}
