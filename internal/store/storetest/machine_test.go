package storetest

import (
	"slices"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func (w *world) release(org, id, system, name string, created int64) store.Release {
	return sample(func(r *store.Release) {
		r.Organisation, r.ID, r.System, r.Name, r.CreatedAt, r.RetiredAt, r.Version = org, id, system, name, created, 0, 1
	})
}

func TestReleases(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		one, two := w.release(w.ours.org.ID, "rel_1", "sys_1", "1.0", 1), w.release(w.ours.org.ID, "rel_2", "sys_1", "2.0", 2)
		foreign := w.release(w.other.org.ID, "rel_1", "sys_1", "1.0", 1)
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateRelease(ctx, one), tx.CreateRelease(ctx, two), tx.CreateRelease(ctx, foreign))
		})
		w.refuse(fault.Conflict, "one name twice", func(tx *store.Tx) error {
			return tx.CreateRelease(ctx, w.release(w.ours.org.ID, "rel_3", "sys_1", "2.0", 3))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.ReleaseNamed(ctx, w.ours.system, "1.0")
			same(t, "by name", got, one)
			_, gone := tx.ReleaseNamed(ctx, w.ours.second, "1.0")
			missing(t, "of another system", gone)
			list, err2 := tx.ReleasesOf(ctx, w.ours.system, 10)
			same(t, "newest first", list, []store.Release{two, one})
			names, err3 := tx.ReleasesNamed(ctx, w.ours.all, []string{"rel_1", "rel_2", "rel_9"})
			same(t, "names", names, map[string]string{"rel_1": "1.0", "rel_2": "2.0"})
			var ids []string
			each := func(r store.Release) error { ids = append(ids, r.Organisation+" "+r.ID); return nil }
			err4 := tx.EachRelease(ctx, 0, each)
			same(t, "every release", ids, []string{"org_other rel_1", "org_ours rel_1", "org_ours rel_2"})
			ids = nil
			err5 := tx.EachRelease(ctx, 2, each)
			same(t, "every release since a time", ids, []string{"org_ours rel_2"})
			got, err6 := tx.Release(ctx, w.ours.all, "rel_2")
			same(t, "by its id", got, two)
			_, gone = tx.Release(ctx, w.ours.limited(t, access.MaxCeiling, "sys_2"), "rel_2")
			missing(t, "of a system out of scope", gone)
			return first(err, err2, err3, err4, err5, err6)
		})
		changed := two
		changed.RetiredAt = 9
		w.write(func(tx *store.Tx) error { return tx.SaveRelease(ctx, changed) })
		w.refuse(fault.Stale, "read before the change", func(tx *store.Tx) error { return tx.SaveRelease(ctx, changed) })
	})
}

func TestDocumentsAndTheirOccurrences(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		rel := w.release(w.ours.org.ID, "rel_1", "sys_1", "1.0", 1)
		doc := func(id, digest string, received int64) store.Document {
			return sample(func(d *store.Document) {
				d.Organisation, d.ID, d.System, d.Release, d.Digest, d.ReceivedAt, d.JudgedAt = w.ours.org.ID, id, "sys_1", "rel_1", digest, received, 0
			})
		}
		a, b := doc("doc_1", "aa", 1), doc("doc_2", "bb", 2)
		var seq int64
		w.write(func(tx *store.Tx) error {
			err := first(tx.CreateRelease(ctx, rel), tx.CreateDocument(ctx, a), tx.CreateDocument(ctx, b))
			if err != nil {
				return err
			}
			seq, err = tx.AddOccurrences(ctx, store.Occurrences{Organisation: w.ours.org.ID, Document: "doc_1", System: "sys_1", Release: "rel_1", N: 2, Postings: []byte{1, 2}})
			return err
		})
		w.refuse(fault.Conflict, "the same file twice", func(tx *store.Tx) error { return tx.CreateDocument(ctx, doc("doc_3", "aa", 3)) })
		w.read(func(tx *store.Tx) error {
			list, err := tx.DocumentsOf(ctx, rel)
			same(t, "newest first", list, []store.Document{b, a})
			got, err2 := tx.DocumentWithDigest(ctx, rel, "aa")
			same(t, "by digest", got, a)
			_, gone := tx.DocumentWithDigest(ctx, w.release(w.other.org.ID, "rel_1", "sys_1", "1.0", 1), "aa")
			missing(t, "in the other organisation", gone)
			got, err3 := tx.DocumentForJob(ctx, w.ours.org.ID, "doc_2")
			same(t, "for a job", got, b)
			o, err4 := tx.OccurrencesOf(ctx, a)
			same(t, "occurrences", o, store.Occurrences{Seq: seq, Organisation: w.ours.org.ID, Document: "doc_1", System: "sys_1", Release: "rel_1", N: 2, Postings: []byte{1, 2}})
			n := 0
			err5 := tx.EachOccurrences(ctx, 0, func(store.Occurrences) error { n++; return nil })
			err6 := tx.EachOccurrences(ctx, seq, func(store.Occurrences) error { n += 10; return nil })
			same(t, "occurrences after a number", n, 1)
			list2, err7 := tx.OccurrencesIn(ctx, w.ours.system)
			same(t, "occurrences of a system", len(list2), 1)
			named, err8 := tx.DocumentsNamed(ctx, w.ours.system, []string{"doc_1", "doc_2", "doc_9"})
			same(t, "documents by their ids", named, []store.Document{b, a})
			return first(err, err2, err3, err4, err5, err6, err7, err8)
		})
		w.write(func(tx *store.Tx) error { return tx.MarkJudged(ctx, a) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.DocumentForJob(ctx, w.ours.org.ID, "doc_1")
			same(t, "judged at the time of the transaction", got.JudgedAt > 0, true)
			return err
		})
	})
}

func TestTheDictionaryGivesOneNumberToOneThing(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		ensure := func(keys ...string) (ids []int64) {
			ps := make([]store.Package, len(keys))
			for i, k := range keys {
				ps[i] = store.Package{Ecosystem: "npm", Key: k, Name: "Name of " + k}
			}
			w.write(func(tx *store.Tx) error { return tx.EnsurePackages(ctx, ps) })
			for _, p := range ps {
				ids = append(ids, p.ID)
			}
			return ids
		}
		same(t, "new ones", ensure("a", "b"), []int64{1, 2})
		same(t, "old and new", ensure("c", "a", "d", "b"), []int64{3, 1, 4, 2})
		same(t, "none", len(ensure()), 0)
		many := make([]string, 450)
		for i := range many {
			many[i] = string(rune('a'+i%26)) + "/" + string(rune('a'+i/26))
		}
		got := ensure(many...)
		same(t, "more than go in one statement", got, ensure(many...))
		slices.Sort(got)
		same(t, "every number once", len(slices.Compact(got)), 450)

		versions := func() []store.PackageVersion {
			return []store.PackageVersion{{Package: 1, Version: "1.0", PURL: "p"}, {Package: 1, Version: "1.0", PURL: "q"}, {Package: 2, Version: "1.0", Problem: "no version"}}
		}
		vs := versions()
		w.write(func(tx *store.Tx) error { return tx.EnsurePackageVersions(ctx, vs[1:]) })
		same(t, "two", []int64{vs[1].ID, vs[2].ID}, []int64{1, 2})
		vs = versions()
		w.write(func(tx *store.Tx) error { return tx.EnsurePackageVersions(ctx, vs) })
		same(t, "old and new", []int64{vs[0].ID, vs[1].ID, vs[2].ID}, []int64{3, 1, 2})
		w.read(func(tx *store.Tx) error {
			var names []string
			err := tx.EachPackage(ctx, 3, func(p store.Package) error { names = append(names, p.Name); return nil })
			same(t, "packages after a number", names[0], "Name of d")
			var list []store.PackageVersion
			err2 := tx.EachPackageVersion(ctx, 0, func(v store.PackageVersion) error { list = append(list, v); return nil })
			same(t, "versions in order", list, []store.PackageVersion{vs[1], vs[2], vs[0]})
			return first(err, err2)
		})
	})
}

func TestAdvisoriesKeepTheirRevisions(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		add := func(source string, pairs ...string) {
			var list []store.Advisory
			for i := 0; i < len(pairs); i += 2 {
				list = append(list, store.Advisory{ID: pairs[i], Source: source, Digest: pairs[i+1], Body: []byte(pairs[i+1])})
			}
			w.write(func(tx *store.Tx) error { return tx.AddAdvisories(ctx, list) })
		}
		add("npm", "A", "a1", "B", "b1")
		clock.Move(1e9)
		add("npm", "B", "b2")
		add("api", "C", "c1")
		w.write(func(tx *store.Tx) error { return tx.DropAdvisories(ctx, "npm", []string{"A", "C"}) })
		w.read(func(tx *store.Tx) error {
			held, err := tx.HeldAdvisories(ctx)
			same(t, "what stands", held, map[string]store.HeldAdvisory{"B": {Source: "npm", Digest: "b2"}, "C": {Source: "api", Digest: "c1"}})
			var ids []string
			err2 := tx.EachAdvisory(ctx, 0, func(a store.Advisory) error { ids = append(ids, a.ID+" "+string(a.Body)); return nil })
			same(t, "what stands, in order", ids, []string{"B b2", "C c1"})
			revisions, err3 := tx.AdvisoryRevisions(ctx, "B")
			same(t, "revisions", len(revisions), 2)
			same(t, "newest first", revisions[0].Digest+" "+revisions[1].Digest, "b2 b1")
			same(t, "the old one was put aside when the new one came", revisions[1].SupersededAt, revisions[0].ReceivedAt)
			same(t, "the new one was held as long", revisions[0].FirstAt, revisions[1].ReceivedAt)
			gone, err4 := tx.AdvisoriesGone(ctx, 1)
			same(t, "what does not stand any more", gone, []string{"A"})
			var between, replaced []string
			err5 := tx.AdvisoriesBetween(ctx, 2, 3, func(a store.Advisory) error { between = append(between, a.Digest); return nil })
			same(t, "by their numbers", between, []string{"b1", "b2"})
			err6 := tx.AdvisoriesReplaced(ctx, []string{"A", "B", "C"}, func(a store.Advisory) error { replaced = append(replaced, a.Digest); return nil })
			same(t, "what was put aside last", replaced, []string{"a1", "b1"})
			return first(err, err2, err3, err4, err5, err6)
		})
		feed := sample(func(f *store.Feed) { f.Name = "npm" })
		catalogue := sample(func(c *store.Catalogue) { c.Kind = "kev" })
		w.write(func(tx *store.Tx) error {
			return first(tx.SaveFeed(ctx, store.Feed{Name: "npm"}), tx.SaveFeed(ctx, feed), tx.SaveFeed(ctx, store.Feed{Name: "Go"}),
				tx.SaveCatalogue(ctx, store.Catalogue{Kind: "kev"}), tx.SaveCatalogue(ctx, catalogue))
		})
		w.read(func(tx *store.Tx) error {
			feeds, err := tx.Feeds(ctx)
			same(t, "feeds", feeds, []store.Feed{{Name: "Go"}, feed})
			catalogues, err2 := tx.Catalogues(ctx)
			same(t, "catalogues", catalogues, []store.Catalogue{catalogue})
			heads, err3 := tx.CatalogueHeads(ctx)
			head := catalogue
			head.Body = nil
			same(t, "catalogues without bodies", heads, []store.Catalogue{head})
			return first(err, err2, err3)
		})
	})
}

func TestDecisionsAndVerdicts(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		decision := func(org, id, system, vulnerability string) store.Decision {
			return sample(func(d *store.Decision) {
				d.Organisation, d.ID, d.System, d.Vulnerability, d.WithdrawnAt, d.Version = org, id, system, vulnerability, 0, 1
			})
		}
		ours := w.ours.org.ID
		everywhere, one, two := decision(ours, "dec_0", "", "CVE-1"), decision(ours, "dec_1", "sys_1", "CVE-1"), decision(ours, "dec_2", "sys_2", "CVE-2")
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateDecision(ctx, everywhere), tx.CreateDecision(ctx, one), tx.CreateDecision(ctx, two),
				tx.CreateDecision(ctx, decision(w.other.org.ID, "dec_1", "", "CVE-1")))
		})
		for _, c := range []struct {
			name            string
			scope           access.Scope
			system          string
			vulnerabilities []string
			want            []store.Decision
		}{
			{"all", w.ours.all, "", nil, []store.Decision{everywhere, one, two}},
			{"for a system", w.ours.all, "sys_1", nil, []store.Decision{everywhere, one}},
			{"about a vulnerability", w.ours.all, "", []string{"CVE-2", "CVE-3"}, []store.Decision{two}},
			{"about none", w.ours.all, "", []string{}, nil},
			{"below a ceiling", w.ours.limited(t, 1, "", "unit_north", "unit_south"), "", nil, []store.Decision{everywhere, one}},
			{"of one system", w.ours.limited(t, access.MaxCeiling, "sys_2"), "", nil, []store.Decision{everywhere, two}},
		} {
			w.read(func(tx *store.Tx) error {
				got, err := tx.Decisions(ctx, c.scope, c.system, c.vulnerabilities)
				same(t, c.name, got, c.want)
				return err
			})
		}
		w.read(func(tx *store.Tx) error {
			got, err := tx.Decision(ctx, w.ours.all, "dec_2")
			same(t, "one", got, two)
			_, gone := tx.Decision(ctx, w.ours.limited(t, access.MaxCeiling, "sys_1"), "dec_2")
			missing(t, "out of scope", gone)
			_, gone = tx.Decision(ctx, w.other.all, "dec_2")
			missing(t, "of the other organisation", gone)
			return err
		})
		withdrawn := one
		withdrawn.WithdrawnAt = 5
		w.write(func(tx *store.Tx) error { return tx.SaveDecision(ctx, withdrawn) })
		w.refuse(fault.Stale, "read before the change", func(tx *store.Tx) error { return tx.SaveDecision(ctx, withdrawn) })

		old, young := sample(func(v *store.Verdict) { v.Organisation, v.System, v.Check = ours, "sys_1", "c" }), store.Verdict{Organisation: ours, System: "sys_1", Check: "c", Outcome: "pass"}
		b := store.Verdict{Organisation: ours, System: "sys_1", Check: "b"}
		w.write(func(tx *store.Tx) error {
			return first(tx.SaveVerdicts(ctx, []store.Verdict{old, b}), tx.SaveVerdicts(ctx, []store.Verdict{young}))
		})
		w.read(func(tx *store.Tx) error {
			inForce, err := tx.DecisionsForJob(ctx, w.ours.system)
			same(t, "in force for a system", inForce, []store.Decision{everywhere})
			verdicts, err2 := tx.VerdictsOf(ctx, w.ours.system)
			same(t, "the last verdict of each check", verdicts, []store.Verdict{b, young})
			return first(err, err2)
		})
	})
}

func TestWhereDocumentsStandAndWhatTheyCameTo(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		ours := w.ours.org.ID
		lane := func(org, document string, received int64) store.Lane {
			return sample(func(l *store.Lane) {
				l.Organisation, l.Document, l.System, l.ReceivedAt = org, document, "sys_1", received
			})
		}
		product := sample(func(p *store.Product) { p.Organisation, p.System, p.Name = ours, "sys_1", "app" })
		policy := sample(func(p *store.RemedyPolicy) { p.Organisation, p.Version = ours, 0 })
		judged := func(org, system string, next int64) store.Judgement {
			return sample(func(j *store.Judgement) { j.Organisation, j.System, j.NextAt = org, system, next })
		}
		now := clock.Now().UnixMicro()
		w.write(func(tx *store.Tx) error {
			return first(tx.AddLane(ctx, lane(ours, "doc_1", 1)), tx.AddLane(ctx, lane(ours, "doc_2", 2)), tx.AddLane(ctx, lane(w.other.org.ID, "doc_1", 1)),
				tx.AddProduct(ctx, product), tx.SaveRemedyPolicy(ctx, policy),
				tx.SaveJudgement(ctx, judged(ours, "sys_1", 5)), tx.SaveJudgement(ctx, judged(ours, "sys_1", now)), tx.SaveJudgement(ctx, judged(ours, "sys_2", now+1)),
				tx.SaveJudgement(ctx, judged(w.other.org.ID, "sys_1", 0)))
		})
		w.refuse(fault.Conflict, "a product twice", func(tx *store.Tx) error { return tx.AddProduct(ctx, product) })
		w.refuse(fault.Stale, "a policy that was not read", func(tx *store.Tx) error { return tx.SaveRemedyPolicy(ctx, policy) })
		policy.Version = 1
		w.write(func(tx *store.Tx) error { return tx.SaveRemedyPolicy(ctx, policy) })
		w.read(func(tx *store.Tx) error {
			lanes, err := tx.LanesOf(ctx, w.ours.system)
			same(t, "the newest first", lanes, []store.Lane{lane(ours, "doc_2", 2), lane(ours, "doc_1", 1)})
			products, err2 := tx.ProductsOf(ctx, w.ours.system)
			same(t, "products", products, []store.Product{product})
			got, err3 := tx.RemedyPolicyOf(ctx, ours)
			want := policy
			want.Version = 2
			same(t, "policy", got, want)
			_, gone := tx.RemedyPolicyOf(ctx, w.other.org.ID)
			missing(t, "of an organisation that chose none", gone)
			j, err4 := tx.JudgementOf(ctx, w.ours.system)
			same(t, "the last judgement", j, judged(ours, "sys_1", now))
			due, err5 := tx.JudgementsDue(ctx, 10)
			same(t, "whose time has come", due, []store.Judgement{judged(ours, "sys_1", now)})
			some, err6 := tx.JudgementsOf(ctx, w.ours.limited(t, access.MaxCeiling, "sys_2"), []string{"sys_1", "sys_2"})
			same(t, "of systems in scope", some, []store.Judgement{judged(ours, "sys_2", now+1)})
			n := 0
			err7 := tx.EachJudged(ctx, func(store.Judgement) error { n++; return nil })
			same(t, "every one", n, 3)
			return first(err, err2, err3, err4, err5, err6, err7)
		})
	})
}
