package occurrence_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/match/occurrence"
)

func TestPackIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOf(rapid.Int64Range(1, 1<<38)).Draw(t, "ids")
		got, err := occurrence.Unpack(occurrence.Pack(ids))
		if err != nil {
			t.Fatal(err)
		}
		if want := slices.Compact(slices.Sorted(slices.Values(ids))); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestPackTakesAboutTwoBytes(t *testing.T) {
	ids := make([]int64, 500)
	for i := range ids {
		ids[i] = int64(1 + i*400) // 500 of 200,000, evenly spread: the worst case
	}
	if n := len(occurrence.Pack(ids)); n > 1000 {
		t.Errorf("%d bytes for 500 occurrences", n)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte{1, 1, 0x80, 1})
	f.Add([]byte{0x80})
	f.Add([]byte{0})
	f.Fuzz(func(t *testing.T, b []byte) {
		ids, err := occurrence.Unpack(b)
		if err == nil && !slices.IsSorted(ids) {
			t.Errorf("%v is not ascending", ids)
		}
	})
}

func index(t *testing.T) *occurrence.Index {
	t.Helper()
	x := occurrence.New()
	x.AddPackage(occurrence.Package{ID: 1, Ecosystem: "npm", Key: "left-pad", Name: "left-pad"})
	x.AddPackage(occurrence.Package{ID: 2, Key: "?", Name: "nobody knows"})
	for id, v := range map[int64]string{10: "1.0.0", 11: "1.1.0"} {
		if err := x.AddVersion(1, occurrence.Version{ID: id, Version: v}); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func where(x *occurrence.Index, org string, ids ...int64) (out []string) {
	for _, h := range x.Where(org, ids) {
		out = append(out, fmt.Sprintf("%s/%d", h.Document.ID, h.Version))
	}
	return out
}

func TestOnlyTheNewestDocumentOfALaneCounts(t *testing.T) {
	x := index(t)
	add := func(seq int64, id, lane string, versions ...int64) {
		t.Helper()
		if err := x.AddDocument(occurrence.Document{Seq: seq, ID: id, Organisation: "org", System: "sys", Release: "rel", Lane: lane}, versions); err != nil {
			t.Fatal(err)
		}
	}
	add(1, "doc_1", "syft", 10, 11)
	add(2, "doc_2", "trivy", 10)
	add(3, "doc_3", "syft", 11)
	add(2, "doc_0", "syft", 10) // came late: an older one does not take the place of a newer
	if got := where(x, "org", 10, 11); !slices.Equal(got, []string{"doc_2/10", "doc_3/11"}) {
		t.Errorf("got %v", got)
	}
	if x.InForce("doc_1") || !x.InForce("doc_3") {
		t.Error("doc_3 took the place of doc_1")
	}
	if got := where(x, "other", 10, 11); got != nil {
		t.Errorf("another organisation sees %v", got)
	}
	x.RemoveRelease("org", "rel")
	if got := where(x, "org", 10, 11); got != nil {
		t.Errorf("a retired release still has %v", got)
	}
}

func TestWhatIsNotKnownIsRefusedWhole(t *testing.T) {
	x := index(t)
	if err := x.AddVersion(9, occurrence.Version{ID: 12}); err == nil {
		t.Error("a version of an unknown package was taken")
	}
	if err := x.AddDocument(occurrence.Document{ID: "doc_1", Organisation: "org"}, []int64{10, 99}); err == nil {
		t.Error("a document with an unknown version was taken")
	}
	if got := where(x, "org", 10); got != nil {
		t.Errorf("half of it was kept: %v", got)
	}
	if got := x.Versions("", "?"); got != nil {
		t.Errorf("a component that nobody could identify was found: %v", got)
	}
}

func TestFindKnowsWhatWasAdded(t *testing.T) {
	x := index(t)
	if id, ok := x.Find("npm", "left-pad", occurrence.Version{Version: "1.1.0"}); !ok || id != 11 {
		t.Errorf("got %d, %v", id, ok)
	}
	for _, v := range []occurrence.Version{{Version: "2.0.0"}, {Version: "1.1.0", PURL: "p"}, {Version: "1.1.0", Problem: "why"}} {
		if _, ok := x.Find("npm", "left-pad", v); ok {
			t.Errorf("%+v is another version", v)
		}
	}
}

// TestWhereIsWhatAPlainSearchFinds compares with a search of everything.
func TestWhereIsWhatAPlainSearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := occurrence.New()
		x.AddPackage(occurrence.Package{ID: 1, Ecosystem: "npm", Key: "p"})
		for id := int64(1); id <= 8; id++ {
			if err := x.AddVersion(1, occurrence.Version{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
		type held struct {
			doc      occurrence.Document
			versions []int64
		}
		newest := map[string]held{}
		for seq := range rapid.IntRange(0, 20).Draw(t, "documents") {
			d := occurrence.Document{Seq: int64(seq), ID: fmt.Sprintf("doc_%d", seq), Organisation: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "organisation"),
				Release: rapid.SampledFrom([]string{"r1", "r2"}).Draw(t, "release"), Lane: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "lane")}
			versions := rapid.SliceOfNDistinct(rapid.Int64Range(1, 8), 0, 8, rapid.ID).Draw(t, "versions")
			if err := x.AddDocument(d, versions); err != nil {
				t.Fatal(err)
			}
			newest[d.Organisation+d.Release+d.Lane] = held{d, versions}
		}
		ask := rapid.SliceOfNDistinct(rapid.Int64Range(1, 9), 0, 9, rapid.ID).Draw(t, "ask")
		var want []string
		for _, h := range newest {
			for _, v := range h.versions {
				if h.doc.Organisation == "a" && slices.Contains(ask, v) {
					want = append(want, fmt.Sprintf("%s/%d", h.doc.ID, v))
				}
			}
		}
		got := where(x, "a", ask...)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func BenchmarkWhere(b *testing.B) {
	for _, systems := range []int{200, 2_000, 20_000} {
		b.Run(fmt.Sprintf("%d_systems", systems), func(b *testing.B) {
			x := occurrence.New()
			x.AddPackage(occurrence.Package{ID: 1, Ecosystem: "npm", Key: "p"})
			for id := int64(1); id <= 1000; id++ {
				if err := x.AddVersion(1, occurrence.Version{ID: id}); err != nil {
					b.Fatal(err)
				}
			}
			for s := range systems {
				versions := []int64{2 + int64(s%900)}
				if s%(systems/10) == 0 { // ten are affected, whatever the number of systems
					versions = append(versions, 1000)
				}
				if err := x.AddDocument(occurrence.Document{Seq: int64(s), ID: fmt.Sprint(s), Organisation: "org", Release: fmt.Sprint(s)}, versions); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if got := len(x.Where("org", []int64{1000})); got != 10 {
					b.Fatal(got)
				}
			}
		})
	}
}

func TestEverywhereNamesTheSystemsOfEveryOrganisation(t *testing.T) {
	x := index(t)
	for i, d := range []occurrence.Document{{Organisation: "a", System: "s1", Release: "r1", ID: "d1", Lane: "l"}, {Organisation: "b", System: "s2", Release: "r2", ID: "d2", Lane: "l"},
		{Organisation: "a", System: "s1", Release: "r1", ID: "d3", Lane: "l"}} {
		d.Seq = int64(i + 1)
		if err := x.AddDocument(d, []int64{int64(10 + i%2)}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	x.Everywhere([]int64{10, 11, 99}, func(organisation, system string) { got = append(got, organisation+" "+system) })
	if want := []string{"a s1", "b s2"}; !slices.Equal(got, want) { // d1 was replaced
		t.Errorf("got %v, want %v", got, want)
	}
}
