package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// FeedResult says what came of loading one feed.
type FeedResult struct {
	Name        string   `json:"name"`
	Origin      string   `json:"origin"`
	Records     int64    `json:"records"`
	Changed     int      `json:"changed"`
	Gone        int      `json:"gone"`
	Quarantined int      `json:"quarantined"`
	AsOf        int64    `json:"as_of"`
	Digest      string   `json:"digest"`
	Alerts      []string `json:"alerts"`
	Problem     string   `json:"problem,omitempty"`
}

// SyncInput says which feeds to load.
type SyncInput struct {
	Places       []string // folders, files and https addresses; none = those configured
	AcceptShrunk bool     // take records away though many are missing
}

const maxFeedFile = 4 << 30

// SyncFeeds loads advisories and catalogues: from a folder in the public bulk
// layout, from one archive, or from addresses of such files. What did not change
// costs nothing but reading. It needs feed.write.
//
// A feed that cannot be read is a result with its problem and leaves what was held;
// the others are loaded all the same.
func (a *App) SyncFeeds(ctx context.Context, who access.Actor, in SyncInput) ([]FeedResult, error) {
	if _, err := a.Decide(ctx, who, access.FeedWrite); err != nil {
		return nil, err
	}
	return a.syncFeeds(ctx, who, in)
}

// SyncConfigured loads the configured feeds. It is run by boot on its schedule and
// needs no person.
func (a *App) SyncConfigured(ctx context.Context) ([]FeedResult, error) {
	return a.syncFeeds(ctx, access.Scheduler(), SyncInput{})
}

func (a *App) syncFeeds(ctx context.Context, who access.Actor, in SyncInput) ([]FeedResult, error) {
	if len(in.Places) == 0 {
		in.Places = a.Feeds
	}
	if len(in.Places) == 0 {
		return nil, fault.New(fault.Invalid, "No feed is configured. Name a folder or an address, or set feeds in the configuration.")
	}
	if err := a.Follow(ctx); err != nil {
		return nil, err
	}
	l := loader{app: a, who: who, in: in}
	var places []string
	for _, p := range in.Places {
		if !strings.HasPrefix(p, "https://") {
			places = append(places, p)
			continue
		}
		at, err := l.pull(ctx, p)
		if err != nil {
			if err := l.failed(ctx, p, p, err); err != nil {
				return l.results, err
			}
			continue
		}
		places = append(places, at)
	}
	for _, p := range places {
		if err := l.place(ctx, p); err != nil {
			return l.results, err
		}
	}
	return l.results, a.Follow(ctx)
}

// loader is one run.
type loader struct {
	app     *App
	who     access.Actor
	in      SyncInput
	results []FeedResult
}

// pull fetches a file to where it is kept between runs.
func (l *loader) pull(ctx context.Context, address string) (string, error) {
	if l.app.Fetch == nil || l.app.FeedDir == "" {
		return "", fault.New(fault.NotAvailable, "This command does not call out. Fetch the file, and name where it lies.")
	}
	p, err := feed.Pull(ctx, l.app.Fetch, address, l.app.FeedDir, maxFeedFile, l.app.Now())
	return p.Path, err
}

// place loads what lies at one place.
func (l *loader) place(ctx context.Context, path string) error {
	kind := filepath.Base(path)
	if dir := filepath.Dir(path); strings.HasPrefix(kind, "kev.") || strings.HasPrefix(kind, "epss.") {
		return l.catalogues(ctx, dir)
	}
	sources, err := feed.Sources(path)
	if err != nil {
		return l.failed(ctx, filepath.Base(path), path, err)
	}
	for _, s := range sources {
		if err := l.source(ctx, s); err != nil {
			return err
		}
	}
	return l.catalogues(ctx, path)
}

// failed notes that a feed could not be read; what was held stays.
func (l *loader) failed(ctx context.Context, name, origin string, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	public, _ := fault.Public(cause)
	l.app.Log.Warn("feed not loaded", "feed", name, "error", cause)
	l.results = append(l.results, FeedResult{Name: name, Origin: origin, Problem: public, Alerts: []string{}})
	_, err := l.app.DB.Write(ctx, l.who, func(tx *store.Tx) error {
		feeds, err := tx.Feeds(ctx)
		if err != nil {
			return err
		}
		row := store.Feed{Name: name, Origin: origin}
		if i := slices.IndexFunc(feeds, func(f store.Feed) bool { return f.Name == name }); i >= 0 {
			row = feeds[i]
		}
		row.CheckedAt, row.Problem = tx.Now(), public
		tx.Record(store.Record{Action: audit.FeedFailed, TargetType: "feed", Target: keyText(name), Fields: map[string]string{"name": name, "problem": public}})
		return tx.SaveFeed(ctx, row)
	})
	return err
}

// source loads one archive: what is new or different, in batches, then what is
// gone, with the state of the feed and its entry at the end. A run that is cut
// short is made up for by the next, since every record is compared by its digest.
func (l *loader) source(ctx context.Context, s feed.Source) error {
	held, err := l.held(ctx)
	if err != nil {
		return err
	}
	load := loading{loader: l, name: s.Ecosystem, held: held, seen: map[string]bool{}}
	info, err := feed.Walk(ctx, s, feed.Options{}, func(e feed.Entry) error { return load.entry(ctx, e) })
	if err == nil {
		err = load.flush(ctx)
	}
	if err != nil {
		return l.failed(ctx, s.Ecosystem, s.Path, err)
	}
	return load.finish(ctx, info)
}

func (l *loader) held(ctx context.Context) (map[string]store.HeldAdvisory, error) {
	var held map[string]store.HeldAdvisory
	err := l.app.DB.Read(ctx, func(tx *store.Tx) (err error) {
		held, err = tx.HeldAdvisories(ctx)
		return err
	})
	return held, err
}

// loading is one archive on its way in.
type loading struct {
	*loader
	name        string
	held        map[string]store.HeldAdvisory
	seen        map[string]bool
	packer      packer
	batch       []store.Advisory
	first, last int64 // numbers of what was added
	changed     int
}

const feedBatch = 1000

func (l *loading) entry(ctx context.Context, e feed.Entry) error {
	if e.Quarantined != nil {
		l.seen[e.Quarantined.ID] = true
		return nil
	}
	a := e.Advisory
	l.seen[a.ID] = true
	body, digest, err := l.packer.pack(a)
	if err != nil {
		return err
	}
	if h, have := l.held[a.ID]; have && (h.Digest == digest || h.Source != l.name && l.app.machine.newer(a)) {
		return nil
	}
	l.held[a.ID] = store.HeldAdvisory{Source: l.name, Digest: digest}
	l.batch = append(l.batch, store.Advisory{ID: a.ID, Source: l.name, Digest: digest, Body: body})
	if len(l.batch) >= feedBatch {
		return l.flush(ctx)
	}
	return nil
}

// newer reports whether the revision held of a record was modified after this one.
func (m *machine) newer(a advisory.Advisory) bool {
	r, have := m.advisories.Get(a.ID)
	return have && r.Modified > a.Modified
}

func (l *loading) flush(ctx context.Context) error {
	if len(l.batch) == 0 {
		return nil
	}
	if err := l.app.keepAdvisories(ctx, l.batch); err != nil {
		return err
	}
	if l.first == 0 {
		l.first = l.batch[0].Seq
	}
	l.last = l.batch[len(l.batch)-1].Seq
	l.changed += len(l.batch)
	l.batch = l.batch[:0]
	return nil
}

func (a *App) keepAdvisories(ctx context.Context, list []store.Advisory) error {
	return a.DB.WriteUnaudited(ctx, "advisories of a feed, whose digest is on record when it was read whole", func(tx *store.Tx) error {
		return tx.AddAdvisories(ctx, list)
	})
}

// finish takes away what is gone and keeps the state of the feed.
func (l *loading) finish(ctx context.Context, info feed.Info) error {
	var gone []string
	for id, h := range l.held {
		if h.Source == l.name && !l.seen[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	quarantine, err := packQuarantine(info.Quarantined)
	if err != nil {
		return err
	}
	out := FeedResult{Name: l.name, Origin: info.Path, Records: int64(info.Records), Changed: l.changed, Quarantined: len(info.Quarantined), AsOf: info.AsOf, Digest: info.Digest}
	_, err = l.app.DB.Write(ctx, l.who, func(tx *store.Tx) error {
		before, err := feedNamed(ctx, tx, l.name)
		if err != nil {
			return err
		}
		taken, alerts := l.judge(before, info, gone, tx.Now())
		out.Alerts, out.Gone = alerts, len(taken)
		if err := tx.DropAdvisories(ctx, l.name, taken); err != nil {
			return err
		}
		row := store.Feed{Name: l.name, Origin: info.Path, AsOf: info.AsOf, Digest: info.Digest, Records: int64(info.Records), Quarantined: quarantine,
			LoadedAt: before.LoadedAt, CheckedAt: tx.Now(), Alerts: strings.Join(alerts, "\n")}
		same := before.Digest == info.Digest && l.changed == 0 && len(taken) == 0
		if !same {
			row.LoadedAt = tx.Now()
			recordFeed(tx, out)
		}
		if err := tx.SaveFeed(ctx, row); err != nil {
			return err
		}
		// What was missing or too old before speaks of every component now.
		all := before.Digest == "" || tx.Now()-before.AsOf > l.app.feedMaxAge() || before.Quarantined != quarantine
		if same && !all {
			return nil
		}
		return l.app.concernLater(ctx, tx, advisories{From: l.first, To: l.last, Gone: taken, All: all})
	})
	if err == nil {
		l.results = append(l.results, out)
	}
	return err
}

func recordFeed(tx *store.Tx, r FeedResult) {
	tx.Record(store.Record{Action: audit.FeedLoaded, TargetType: "feed", Target: keyText(r.Name), Fields: map[string]string{"name": r.Name, "digest": r.Digest,
		"as_of": micro(r.AsOf).UTC().Format("2006-01-02T15:04:05Z07:00"), "records": fmt.Sprint(r.Records), "quarantined": fmt.Sprint(r.Quarantined),
		"changed": fmt.Sprint(r.Changed), "gone": fmt.Sprint(r.Gone)}})
}

// concernLater queues the job that finds the systems that a change concerns.
func (a *App) concernLater(ctx context.Context, tx *store.Tx, c advisories) error {
	if c.To == 0 && len(c.Gone) == 0 && !c.All {
		return nil
	}
	key, err := a.newID(tx, ident.Job)
	if err != nil {
		return err
	}
	_, err = a.enqueue(ctx, tx, jobAdvisories, key, task{Advisories: &c})
	return err
}

// judge compares a feed with its last reading. Records are withdrawn, they do not
// vanish: where many are missing at once they are kept, with an alert, until
// somebody accepts it.
func (l *loading) judge(before store.Feed, info feed.Info, gone []string, now int64) (taken, alerts []string) {
	previous := advisory.FeedState{Ecosystem: l.name, Records: int(before.Records), AsOf: before.AsOf, Digest: before.Digest}
	if list, err := readQuarantined(before); err == nil {
		previous.Quarantined = len(list)
	}
	current := advisory.FeedState{Ecosystem: l.name, Records: info.Records, Quarantined: len(info.Quarantined), AsOf: info.AsOf, Digest: info.Digest}
	taken, alerts = gone, []string{}
	for _, al := range advisory.FeedHealth(previous, current, now, advisory.DefaultFeedPolicy()) {
		alerts = append(alerts, al.Detail)
		if al.Kind == "shrank" && !l.in.AcceptShrunk {
			taken = nil
		}
	}
	return taken, alerts
}

func feedNamed(ctx context.Context, tx *store.Tx, name string) (store.Feed, error) {
	feeds, err := tx.Feeds(ctx)
	if i := slices.IndexFunc(feeds, func(f store.Feed) bool { return f.Name == name }); i >= 0 {
		return feeds[i], err
	}
	return store.Feed{}, err
}

func packQuarantine(list []advisory.Quarantined) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	out := make([]quarantined, len(list))
	for i, q := range list {
		out[i] = quarantined{ID: cut(q.ID, 300), Reason: cut(q.Reason, 500), Packages: q.Packages}
	}
	b, err := json.Marshal(out)
	return string(b), err
}

// catalogues loads KEV and EPSS from a folder, where they are.
func (l *loader) catalogues(ctx context.Context, dir string) error {
	kev, info, found, err := feed.KEV(dir)
	if err := l.catalogue(ctx, catalogueKEV, kev, info, found, err); err != nil {
		return err
	}
	epss, info, found, err := feed.EPSS(dir)
	return l.catalogue(ctx, catalogueEPSS, epss, info, found, err)
}

func (l *loader) catalogue(ctx context.Context, kind string, v any, info feed.Info, found bool, cause error) error {
	switch {
	case cause != nil:
		var f *fault.Error
		if errors.As(cause, &f) && f.Kind == fault.NotFound {
			return nil
		}
		return l.failed(ctx, kind, info.Path, cause)
	case !found:
		return nil
	}
	body, err := packCatalogue(v)
	if err != nil {
		return err
	}
	quarantine, err := packQuarantine(info.Quarantined)
	if err != nil {
		return err
	}
	out := FeedResult{Name: kind, Origin: info.Path, Records: int64(info.Records), AsOf: info.AsOf, Digest: info.Digest, Quarantined: len(info.Quarantined)}
	_, err = l.app.DB.Write(ctx, l.who, func(tx *store.Tx) error {
		before, err := feedNamed(ctx, tx, kind)
		if err != nil {
			return err
		}
		load := loading{loader: l, name: kind}
		_, out.Alerts = load.judge(before, info, nil, tx.Now())
		row := store.Feed{Name: kind, Origin: info.Path, AsOf: info.AsOf, Digest: info.Digest, Records: int64(info.Records), Quarantined: quarantine, LoadedAt: before.LoadedAt,
			CheckedAt: tx.Now(), Alerts: strings.Join(out.Alerts, "\n")}
		if before.Digest != info.Digest {
			row.LoadedAt, out.Changed = tx.Now(), 1
			if err := tx.SaveCatalogue(ctx, store.Catalogue{Kind: kind, AsOf: info.AsOf, Digest: info.Digest, LoadedAt: tx.Now(), Body: body}); err != nil {
				return err
			}
			recordFeed(tx, out)
			if err := l.app.concernLater(ctx, tx, advisories{All: true}); err != nil {
				return err
			}
		}
		return tx.SaveFeed(ctx, row)
	})
	if err == nil {
		l.results = append(l.results, out)
	}
	return err
}

// FeedView is how a feed is now.
type FeedView struct {
	Name        string
	Origin      string
	AsOf        int64
	AgeDays     int
	Stale       bool // too old to say that nothing is known
	Digest      string
	Records     int64
	LoadedAt    int64
	CheckedAt   int64
	Problem     string
	Alerts      []string
	Quarantined []advisory.Quarantined
}

// FeedStatus lists the feeds with their ages and alerts. It needs advisory.read.
func (a *App) FeedStatus(ctx context.Context, who access.Actor) ([]FeedView, error) {
	var out []FeedView
	err := a.reading(ctx, who, access.AdvisoryRead, func(tx *store.Tx, _ access.Scope) error {
		var err error
		out, err = a.feedViews(ctx, tx)
		return err
	})
	return out, err
}

// OperatorFeedStatus is FeedStatus for a command on the data folder.
func (a *App) OperatorFeedStatus(ctx context.Context) ([]FeedView, error) {
	var out []FeedView
	err := a.DB.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = a.feedViews(ctx, tx)
		return err
	})
	return out, err
}

func (a *App) feedViews(ctx context.Context, tx *store.Tx) ([]FeedView, error) {
	feeds, err := tx.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	var out []FeedView
	for _, f := range feeds {
		age := tx.Now() - f.AsOf
		v := FeedView{Name: f.Name, Origin: f.Origin, AsOf: f.AsOf, AgeDays: int(age / dayMicro), Stale: f.AsOf == 0 || age > a.feedMaxAge(), Digest: f.Digest, Records: f.Records,
			LoadedAt: f.LoadedAt, CheckedAt: f.CheckedAt, Problem: f.Problem}
		if f.Alerts != "" {
			v.Alerts = strings.Split(f.Alerts, "\n")
		}
		for _, al := range advisory.FeedHealth(advisory.FeedState{}, advisory.FeedState{Ecosystem: f.Name, AsOf: f.AsOf}, tx.Now(), advisory.DefaultFeedPolicy()) {
			if al.Kind == "stale" && f.AsOf > 0 {
				v.Alerts = appendNew(v.Alerts, al.Detail)
			}
		}
		if f.Problem != "" {
			v.Alerts = append(v.Alerts, "The last attempt to load it failed: "+f.Problem)
		}
		list, err := readQuarantined(f)
		if err != nil {
			return nil, err
		}
		for _, q := range list {
			v.Quarantined = append(v.Quarantined, advisory.Quarantined{ID: q.ID, Reason: q.Reason, Packages: q.Packages})
		}
		out = append(out, v)
	}
	return out, nil
}

const dayMicro = 24 * 3600 * 1_000_000

// VerifyFeeds reads the configured or named places again and compares what is held
// with what lies there, without changing anything. It needs feed.write.
func (a *App) VerifyFeeds(ctx context.Context, who access.Actor, places []string) ([]FeedResult, error) {
	if _, err := a.Decide(ctx, who, access.FeedWrite); err != nil {
		return nil, err
	}
	if len(places) == 0 {
		places = a.Feeds
	}
	l := loader{app: a, who: who}
	held, err := l.held(ctx)
	if err != nil {
		return nil, err
	}
	var out []FeedResult
	for _, p := range places {
		if strings.HasPrefix(p, "https://") {
			continue // what was fetched lies in a folder of its own
		}
		sources, err := feed.Sources(p)
		if err != nil {
			return out, err
		}
		for _, s := range sources {
			r, err := compare(ctx, s, held)
			if err != nil {
				return out, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

func compare(ctx context.Context, s feed.Source, held map[string]store.HeldAdvisory) (FeedResult, error) {
	var p packer
	r := FeedResult{Name: s.Ecosystem, Origin: s.Path, Alerts: []string{}}
	seen := map[string]bool{}
	info, err := feed.Walk(ctx, s, feed.Options{Key: purl.Key}, func(e feed.Entry) error {
		if e.Quarantined != nil {
			return nil
		}
		seen[e.Advisory.ID] = true
		_, digest, err := p.pack(e.Advisory)
		if err == nil && held[e.Advisory.ID].Digest != digest {
			r.Changed++
		}
		return err
	})
	for id, h := range held {
		if h.Source == s.Ecosystem && !seen[id] {
			r.Gone++
		}
	}
	r.Records, r.Quarantined, r.AsOf, r.Digest = int64(info.Records), len(info.Quarantined), info.AsOf, info.Digest
	return r, err
}
