package scan

import (
	"context"
	"fmt"
	"os"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// known is what is publicly said about the packages of a scan.
type known struct {
	index      *match.Index // of the advisories that name them, and no others
	feeds      []feed.Info
	have       map[string]*feed.Info // by ecosystem as their directories are named
	catalogues []Catalogue
	exploited  advisory.Catalogue
	predicted  advisory.Predictions
	warnings   []string
	now        int64
	maxAge     int64
	used       map[string]bool
	missing    map[string]int
}

// gather reads the advisories that name a package of the documents. The others are
// never made into anything but bytes, when there is a cache not even that.
func gather(ctx context.Context, o *Options, docs []*opened) (*known, error) {
	o.say("Reading advisories")
	set, err := feed.Open(ctx, o.Advisories, feed.Options{Key: keyOf, KeyVersion: keyVersion, Cache: o.Cache})
	if err != nil {
		return nil, err
	}
	defer set.Close()
	k := &known{index: match.New(), have: map[string]*feed.Info{}, now: o.Now, maxAge: o.MaxFeedAge,
		used: map[string]bool{}, missing: map[string]int{}}
	k.note(set)
	seen, asked := map[string]bool{}, map[string]bool{}
	ask := func(id purl.Identity) error {
		if id.Ecosystem == "" || id.Key == "" {
			return nil
		}
		key := keyOf(id.Ecosystem, id.Key)
		if asked[key] {
			return nil
		}
		asked[key] = true
		list, err := set.Advisories(ctx, key)
		if err != nil {
			return fmt.Errorf("look up %s: %w", id.Name, err)
		}
		for _, a := range list {
			if !seen[a.ID] {
				seen[a.ID] = true
				k.index.Add(a, o.Now)
			}
		}
		return nil
	}
	for _, d := range docs {
		if err := ask(d.subject.Identity); err != nil {
			return nil, err
		}
		for i := range d.identities {
			if err := ask(d.identities[i].Identity); err != nil {
				return nil, err
			}
		}
	}
	return k, k.rank(o.Advisories)
}

// note keeps what the archives are worth. Unreadable records go under an id that
// names their archive, since a readable record elsewhere may have theirs, and both
// count.
func (k *known) note(set *feed.Set) {
	k.feeds, k.warnings = set.Feeds(), set.Warnings()
	for i := range k.feeds {
		f := &k.feeds[i]
		if f.Records > 0 { // an empty archive says nothing
			k.have[f.Ecosystem] = f
		}
		for n, q := range f.Quarantined {
			q.ID = fmt.Sprintf("%s\x00%s\x00%d", q.ID, f.Ecosystem, n)
			k.index.Quarantine(q)
		}
	}
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
