package csaf

import (
	"maps"
	"math"
	"slices"
	"strings"
)

// scored is a rating of products, in the words of either version of CSAF.
type scored struct {
	products []string
	source   string
	cvss     map[string]Object // by member: cvss_v2, cvss_v3, cvss_v4
	content  *Content          // 2.1
	below    string            // where the CVSS objects stand
}

// eachScore visits the scores of 2.0 and the metrics of 2.1.
func (v *Vulnerability) eachScore(visit func(below string, s scored)) {
	objects := func(two, three, four Object) map[string]Object {
		out := map[string]Object{}
		for name, o := range map[string]Object{"cvss_v2": two, "cvss_v3": three, "cvss_v4": four} {
			if o != nil {
				out[name] = o
			}
		}
		return out
	}
	for i, s := range v.Scores {
		visit(item("/scores", i), scored{products: s.Products, cvss: objects(s.CVSS2, s.CVSS3, nil), below: item("/scores", i)})
	}
	for i, m := range v.Metrics {
		if c := m.Content; c != nil {
			visit(item("/metrics", i), scored{products: m.Products, source: m.Source, cvss: objects(c.CVSS2, c.CVSS3, c.CVSS4), content: c, below: item("/metrics", i) + "/content"})
		}
	}
}

// eachCVSS visits every CVSS object.
func (d *Document) eachCVSS(visit func(at, member string, o Object)) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		v.eachScore(func(_ string, s scored) {
			for _, member := range sorted(s.cvss) {
				visit(at+s.below+"/"+member, member, s.cvss[member])
			}
		})
	})
}

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// allowed are the versions that a member may hold.
var allowed = map[string][]string{"cvss_v2": {"2.0"}, "cvss_v3": {"3.0", "3.1"}, "cvss_v4": {"4.0"}}

// 6.1.7 Multiple Scores with same Version per Product
func scoredTwice(d *Document, fail fail) {
	type key struct{ product, version, source string }
	d.eachVulnerability(func(at string, v *Vulnerability) {
		seen := map[key]bool{}
		v.eachScore(func(below string, s scored) {
			for _, member := range sorted(s.cvss) {
				for _, id := range s.products {
					k := key{id, s.cvss[member]["version"].Text, s.source}
					if seen[k] {
						fail(at+below, "The product %s has another CVSS score of version %s.", quote(id), quote(k.version))
					}
					seen[k] = true
				}
			}
		})
	})
}

// 6.1.8 Invalid CVSS
func invalidCVSS(d *Document, fail fail) {
	known := schemes()
	d.eachCVSS(func(at, member string, o Object) {
		version := o["version"].Text
		if !slices.Contains(allowed[member], version) {
			fail(at+"/version", "%s is not a version of %s.", quote(version), member)
			return
		}
		s := known[version]
		for _, name := range s.required {
			if _, ok := o[name]; !ok {
				fail(at+"/"+name, "The member %s is missing.", name)
			}
		}
		if v, ok := o["vectorString"]; ok {
			if _, why := s.vector(v.Text); v.Kind != '"' || why != "" {
				fail(at+"/vectorString", "The vector %s %s.", quote(v.Text), why)
			}
		}
		for _, name := range s.scores {
			if f, ok := o.number(name); o[name].Kind != 0 && (!ok || f < 0 || f > 10) {
				fail(at+"/"+name, "%s is not a score from 0 to 10.", quote(o[name].Text))
			}
		}
		for _, name := range s.severity {
			if v, ok := o[name]; ok && !slices.Contains(bands, v.Text) {
				fail(at+"/"+name, "%s is not a severity.", quote(v.Text))
			}
		}
		for _, m := range s.metrics {
			if v, ok := o[m.member]; ok && !m.has(v.Text) {
				fail(at+"/"+m.member, "%s is not a value of the metric.", quote(v.Text))
			}
		}
		for _, name := range s.none {
			if _, ok := o[name]; ok {
				fail(at+"/"+name, "CVSS %s has no member %s: there is one score.", version, name)
			}
		}
	})
}

// eachVector visits the CVSS objects whose vector can be read.
func (d *Document) eachVector(visit func(at string, o Object, version string, s scheme, values map[string]string)) {
	known := schemes()
	d.eachCVSS(func(at, member string, o Object) {
		version := o["version"].Text
		if !slices.Contains(allowed[member], version) {
			return
		}
		s := known[version]
		if values, why := s.vector(o["vectorString"].Text); why == "" {
			visit(at, o, version, s, values)
		}
	})
}

// 6.1.9 Invalid CVSS computation
func wrongScore(d *Document, fail fail) {
	d.eachVector(func(at string, o Object, version string, s scheme, values map[string]string) {
		right := s.computed(version, values)
		for _, name := range s.scores {
			want, can := right[name]
			if !can {
				continue
			}
			if got, ok := o.number(name); ok && math.Abs(got-want) > 0.001 {
				fail(at+"/"+name, "The vector comes to %.1f and not to %s.", want, o[name].Text)
			}
			level := strings.TrimSuffix(name, "Score") + "Severity"
			if got, ok := o[level]; ok && slices.Contains(s.severity, level) && got.Text != band(want) {
				fail(at+"/"+level, "A score of %.1f is %s and not %s.", want, band(want), quote(got.Text))
			}
		}
	})
}

// 6.1.10 Inconsistent CVSS. A metric that the vector leaves out contradicts nothing.
func inconsistentCVSS(d *Document, fail fail) {
	d.eachVector(func(at string, o Object, _ string, s scheme, values map[string]string) {
		for _, m := range s.metrics {
			got, ok := o[m.member]
			want := m.word(values[m.code])
			if ok && want != "" && got.Text != want {
				fail(at+"/"+m.member, "The vector says %s and the member %s.", want, quote(got.Text))
			}
		}
	})
}
