package edge

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheLimiterNeverGivesMoreThanItsRateAndRemembersBoundedly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Rate{PerSecond: rapid.Float64Range(1, 50).Draw(t, "rate"), Burst: float64(rapid.IntRange(1, 20).Draw(t, "burst")), Addresses: 3}
		l := newLimiter[netip.Prefix](rate)
		start := time.Unix(1_800_000_000, 0)
		now, given := start, 0
		for range rapid.IntRange(1, 200).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "ms")) * time.Millisecond)
			if allowed(l, "192.0.2.1", now) {
				given++
			}
		}
		if most := rate.Burst + rate.PerSecond*now.Sub(start).Seconds(); float64(given) > most+1e-6 {
			t.Fatalf("%d given, at most %f", given, most)
		}
		for i := range 20 {
			allowed(l, fmt.Sprintf("198.51.100.%d", i), now)
		}
		if len(l.buckets) > rate.Addresses {
			t.Fatalf("%d addresses remembered", len(l.buckets))
		}
	})
}

func TestAnAddressIsASubscriber(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.2", false}, {"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::2", true}, {"2001:db8::1", "2001:db8:0:1::1", false}, {"fe80::1%eth0", "fe80::1%eth1", true},
	} {
		a, okA := network(c.a)
		b, okB := network(c.b)
		if !okA || !okB || (a == b) != c.same {
			t.Errorf("%s and %s: %v %v", c.a, c.b, a, b)
		}
	}
}

func FuzzHostOf(f *testing.F) {
	for _, s := range []string{"localhost:8443", "[::1]:1", "a.b.", "", ":", "[", "a:b:c"} {
		f.Add(s)
	}
	e := &Edge{Config: Config{Loopback: true, Hosts: []string{"a.example"}}}
	f.Fuzz(func(t *testing.T, s string) {
		host := hostOf(s)
		if e.serves(s) && host != "localhost" && host != "127.0.0.1" && host != "::1" && host != "a.example" {
			t.Errorf("%q is served", s)
		}
	})
}
