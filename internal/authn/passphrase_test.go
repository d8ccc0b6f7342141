package authn

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// cheap keeps tests quick; TestTheDefaultCost uses the real one.
var cheap = Cost{KiB: 64, Passes: 1, Threads: 1}

// seeded returns the same random bytes at every run.
func seeded() io.Reader { return rand.NewChaCha8([32]byte{1}) }

func TestAPassphraseVerifiesAgainstItsOwnHashOnly(t *testing.T) {
	h := NewHasher(2, 2, cheap, nil)
	ctx := context.Background()
	hash, err := h.Hash(ctx, "Grüße aus Köln")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := h.Hash(ctx, "Grüße aus Köln")
	if again == hash {
		t.Error("two hashes of one passphrase are equal: no salt")
	}
	for text, want := range map[string]bool{
		"Grüße aus Köln": true, norm.NFD.String("Grüße aus Köln"): true,
		"grüße aus köln": false, "Grüße aus Köln ": false, "": false, strings.Repeat("x", 4*MaxPassphrase+1): false,
	} {
		ok, outdated, err := h.Verify(ctx, hash, text)
		if err != nil || ok != want || outdated {
			t.Errorf("%q: %v %v %v, want %v", text, ok, outdated, err, want)
		}
	}
	raised := NewHasher(1, 0, Cost{KiB: 128, Passes: 2, Threads: 1}, nil)
	if ok, outdated, err := raised.Verify(ctx, hash, "Grüße aus Köln"); !ok || !outdated || err != nil {
		t.Errorf("a hash of the old cost: %v %v %v", ok, outdated, err)
	}
}

func TestAnUnknownPersonIsNeverRight(t *testing.T) {
	h := NewHasher(1, 0, cheap, nil)
	for _, text := range []string{"", "anything at all"} {
		if ok, outdated, err := h.Verify(context.Background(), "", text); ok || outdated || err != nil {
			t.Errorf("%q: %v %v %v", text, ok, outdated, err)
		}
	}
}

func TestTheDefaultCost(t *testing.T) {
	h := NewHasher(1, 0, DefaultCost(), seeded())
	hash, err := h.Hash(context.Background(), "correct horse battery staple")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s %v", hash, err)
	}
	p, err := parsePHC(hash)
	if err != nil {
		t.Fatal(err)
	}
	want := argon2.IDKey([]byte("correct horse battery staple"), p.salt, 2, 19456, 1, 32)
	if string(p.key) != string(want) {
		t.Error("not the Argon2id of these parameters")
	}
}

func TestTooManyAtOnceAreTurnedAway(t *testing.T) {
	h := NewHasher(1, 2, cheap, nil)
	h.slots <- struct{}{} // somebody is being hashed
	h.places <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	waiting := make(chan error, 2)
	for range 2 {
		go func() {
			_, _, err := h.Verify(ctx, "", "x")
			waiting <- err
		}()
	}
	for tries := 0; len(h.places) < 3; tries++ {
		if tries == 5000 {
			t.Fatal("the two callers do not wait")
		}
		time.Sleep(time.Millisecond)
	}
	if _, err := h.Hash(ctx, "x"); !fault.Is(err, fault.RateLimited) {
		t.Errorf("the caller beyond the queue: %v", err)
	}
	<-h.slots
	<-h.places
	for range 2 {
		if err := <-waiting; err != nil {
			t.Errorf("a waiting caller: %v", err)
		}
	}
	h.slots <- struct{}{}
	cancel()
	if _, err := h.Hash(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who left: %v", err)
	}
	if len(h.places) != 0 {
		t.Errorf("%d places are still taken", len(h.places))
	}
}

func TestAHashBeyondItsBoundsIsRefused(t *testing.T) {
	const rest = "$c2FsdHNhbHRzYWx0c2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"
	if _, err := parsePHC("$argon2id$v=19$m=64,t=1,p=1" + rest); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	for _, bad := range []string{
		"$", "plain", "$2a$10$abc", "$argon2i$v=19$m=64,t=1,p=1" + rest, "$argon2id$v=16$m=64,t=1,p=1" + rest,
		"$argon2id$v=19$m=4294967295,t=1,p=1" + rest, "$argon2id$v=19$m=64,t=17,p=1" + rest, "$argon2id$v=19$m=64,t=1,p=9" + rest,
		"$argon2id$v=19$m=64,t=1,p=0" + rest, "$argon2id$v=19$m=064,t=1,p=1" + rest, "$argon2id$v=19$m=64,t=1,p=1,x=2" + rest,
		"$argon2id$v=19$m=64,t=1,p=1$c2Fs$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$MTIz",
	} {
		if _, _, err := NewHasher(1, 0, cheap, nil).Verify(context.Background(), bad, "x"); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI")
	f.Add("$argon2id$v=19$m=,t=,p=$$")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := parsePHC(s); err == nil && (p.String() != s || p.cost.KiB > maxKiB) {
			t.Errorf("%q was read as %+v", s, p.cost)
		}
	})
}

func TestThePolicyRefusesWhatIsGuessedFirst(t *testing.T) {
	person := []string{"Grace Hopper", "g.hopper@harbour.example.org", "Harbour Board"}
	for _, c := range []struct {
		name, passphrase string
		alone, want      bool // want: may be used
	}{
		{"seven characters with another factor", "kq8#vZ2", false, false},
		{"eight characters with another factor", "kq8#vZ2w", false, true},
		{"fourteen characters alone", "kq8#vZ2wPx9!aL", true, false},
		{"fifteen characters alone", "kq8#vZ2wPx9!aLm", true, true},
		{"words with spaces", "trombone orchid gravel", true, true},
		{"256 characters", strings.Repeat("kq8#vZ2wPx9!aLm ", 15) + "trombone orchids", true, true},
		{"257 characters", strings.Repeat("kq8#vZ2wPx9!aLm ", 15) + "trombone orchids!", true, false},
		{"four characters outside Latin, composed and not", "e\u0301e\u0300o\u0302", false, false},
		{"emoji count as one each", "🦊🐢🌵🍋🪁🛶🎺🧭", false, true},
		{"a list entry and as much again", "trustno1trust", false, true},
		{"a common password", "password", false, false},
		{"a common password in capitals", "BASEBALL", false, false},
		{"a common password in full width", "ｐａｓｓｗｏｒｄ", false, false},
		{"a common password with a year and a sign", "Password2026!", false, false},
		{"a common password twice", "passwordpassword", true, false},
		{"one English word", "mountains", false, false},
		{"a few characters repeated", "abcabcabcabcabcabc", true, false},
		{"one character", "aaaaaaaaaaaaaaaa", true, false},
		{"the alphabet", "abcdefghijklmnop", true, false},
		{"digits backwards", "9876543210987654", true, false},
		{"a row of keys", "qwertyuiopasdfgh", true, false},
		{"columns of keys", "1qaz2wsx3edc4rfv", true, false},
		{"the name and a year", "GraceHopper2026", true, false},
		{"the organisation", "harbour-board-harbour", true, false},
		{"the product", "Touchstone2026!!", true, false},
		{"the name among other words", "grace plays trombone", true, true},
		{"a control character", "trombone\x00orchid gravel", true, false},
		{"bytes that are no text", "trombone\xff orchid gravel", true, false},
		{"nothing", "", false, false},
	} {
		err := Policy{OnlyFactor: c.alone, Words: person}.Check(c.passphrase)
		if (err == nil) != c.want || (err != nil && !fault.Is(err, fault.Invalid)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Property: nothing random and long enough is refused, and Check never panics.
func TestThePolicyTakesWhatIsRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anything := rapid.String().Draw(t, "anything")
		_ = Policy{Words: []string{anything}}.Check(anything)
		random := rapid.StringMatching(`[b-df-hj-np-tv-xz]{12}[2-9]{8}[b-df-hj-np-tv-xz]{4}`).Draw(t, "random")
		if isRun(random) || repeatedUnit(random) != random {
			return
		}
		if err := (Policy{OnlyFactor: true}).Check(random); err != nil {
			t.Fatalf("%q: %v", random, err)
		}
	})
}
