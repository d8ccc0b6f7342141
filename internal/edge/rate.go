package edge

import (
	"net/netip"
	"sync"
	"time"
)

// Rate is how many requests one address may send.
type Rate struct {
	PerSecond float64 // sustained
	Burst     float64 // at once after a rest
	Addresses int     // or actors, remembered at most
}

// DefaultRate is generous: it stops a runaway program, not a busy office behind
// one address. Guessing of credentials is slowed where they are checked.
func DefaultRate() Rate { return Rate{PerSecond: 2000, Burst: 4000, Addresses: 10_000} }

// PerMinute is the rate of a person or token: n requests a minute, which may come
// at once after a rest.
func PerMinute(n int) Rate {
	return Rate{PerSecond: float64(n) / 60, Burst: float64(n), Addresses: 50_000}
}

// limiter is a token bucket for each address or actor. mu guards buckets and is
// held for one look-up, or one walk over the map when it is full.
type limiter[K comparable] struct {
	Rate
	mu      sync.Mutex
	buckets map[K]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter[K comparable](r Rate) *limiter[K] {
	return &limiter[K]{Rate: r, buckets: map[K]bucket{}}
}

// allowed is allow for the network of an address.
func allowed(l *limiter[netip.Prefix], address string, now time.Time) bool {
	key, ok := network(address)
	return !ok || l.allow(key, now) // no network address: a test or a socket of this machine
}

// allow takes one token of the key, and reports whether there was one.
func (l *limiter[K]) allow(key K, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[key]
	if !known {
		l.makeRoom(now)
		b = bucket{tokens: l.Burst, at: now}
	}
	b.tokens = l.refilled(b, now)
	b.at = now
	if b.tokens < 1 {
		l.buckets[key] = b
		return false
	}
	b.tokens--
	l.buckets[key] = b
	return true
}

func (l *limiter[K]) refilled(b bucket, now time.Time) float64 {
	return min(l.Burst, b.tokens+max(0, now.Sub(b.at).Seconds())*l.PerSecond)
}

// makeRoom forgets addresses that have rested long enough, and any one when none
// has. Memory stays bounded whatever arrives.
func (l *limiter[K]) makeRoom(now time.Time) {
	if len(l.buckets) < l.Addresses {
		return
	}
	for key, b := range l.buckets {
		if l.refilled(b, now) >= l.Burst {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < l.Addresses {
			return
		}
		delete(l.buckets, key)
	}
}

// network is the address itself, and of IPv6 the /64 that one subscriber holds.
func network(address string) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, false
	}
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	return p, err == nil
}
