package identity

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestASecretNeverPrintsItself(t *testing.T) {
	s := Secret{7, 7, 7}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("made", "secret", s)
	j, err := json.Marshal(map[string]any{"s": s})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %x", s, s, s, s, s.String()), log.String(), string(j)} {
		if strings.Contains(text, s.Reveal()) || strings.Contains(text, "7, 7") || strings.Contains(text, "0x7") || strings.Contains(text, "[7 7") {
			t.Errorf("the secret shows in %s", text)
		}
	}
}

func TestOnlyTheExactSpellingOfASecretIsRead(t *testing.T) {
	s := Secret{0xff, 31: 0x80}
	if d, ok := ReadSecret(s.Reveal()); !ok || !d.Equal(s.Digest()) {
		t.Error("own secret is not read")
	}
	if d, ok := ReadToken(s.RevealToken()); !ok || !d.Equal(s.TokenDigest()) || !strings.HasPrefix(s.RevealToken(), "tst_") || len(s.RevealToken()) != 56 {
		t.Errorf("own token %d characters is not read", len(s.RevealToken()))
	}
	if s.Digest() == s.TokenDigest() {
		t.Error("a cookie would be good as a token")
	}
	text := s.RevealToken()
	otherLastBits := text[:55] + string(text[55]+1)
	for _, bad := range []string{"", "tst_", strings.ToUpper(text), text[:55], text + "a", text[4:], "tst_" + text, " " + text,
		otherLastBits, strings.Repeat("é", 28), "tst_" + strings.Repeat("1", 52)} {
		if _, ok := ReadToken(bad); ok {
			t.Errorf("%q was read as a token", bad)
		}
	}
	if _, ok := ReadSecret(text); ok {
		t.Error("a token was read as a link or cookie")
	}
}

func FuzzReadToken(f *testing.F) {
	f.Add(Secret{1}.RevealToken())
	f.Add("tst_")
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := ReadToken(text); ok && (len(text) != 56 || strings.ToLower(text) != text) {
			t.Errorf("%q was read", text)
		}
	})
}

func TestASessionLivesIdleAndAbsoluteLimits(t *testing.T) {
	s := OpenSession("ses_1", "usr_1", Secret{1}, ByPasskey, false, now)
	if got := s.ExpiresAt(false).Sub(now); got != 24*time.Hour {
		t.Errorf("life %v", got)
	}
	if got := s.ExpiresAt(true).Sub(now); got != 12*time.Hour {
		t.Errorf("life after a promotion %v", got)
	}
	if _, write := s.Touch(now.Add(SessionTouch - 1)); write {
		t.Error("a touch within the minute is written")
	}
	if _, write := s.Touch(now.Add(-time.Hour)); write {
		t.Error("a clock that went back is written")
	}
	s, write := s.Touch(now.Add(30 * time.Minute))
	if !write || s.IdleAt() != now.Add(90*time.Minute) || s.ExpiresAt(false) != now.Add(24*time.Hour) {
		t.Errorf("after a touch: %+v", s)
	}
	ended := s.End("sign out", now).End("again", future)
	if ended.EndReason != "sign out" || ended.EndedAt != now {
		t.Errorf("ended twice: %+v", ended)
	}
	if _, write := ended.Touch(future); write {
		t.Error("an ended session is touched")
	}
	if _, err := ended.StepUp(ByPasskey, Secret{2}, now); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("step-up of an ended session: %v", err)
	}
}

func TestAStepUpChangesTheSecretAndTakesNoRecovery(t *testing.T) {
	s := OpenSession("ses_1", "usr_1", Secret{1}, ByRecovery, true, now)
	if !s.StepUpAt.IsZero() {
		t.Error("a recovery counts as a step-up")
	}
	for _, by := range []Strength{ByRecovery, ByLink, "odd"} {
		if _, err := s.StepUp(by, Secret{2}, now); !fault.Is(err, fault.StepUp) {
			t.Errorf("step-up by %s: %v", by, err)
		}
	}
	up, err := s.StepUp(ByPasskey, Secret{2}, now)
	if err != nil || up.Digest != (Secret{2}).Digest() || up.StepUpAt != now || up.StepUpBy != ByPasskey {
		t.Errorf("%+v %v", up, err)
	}
}

func TestALinkIsGoodOnceAndForItsTime(t *testing.T) {
	for kind, life := range map[LinkKind]time.Duration{SetupLink: 15 * time.Minute, RecoveryLink: 15 * time.Minute, InvitationLink: 24 * time.Hour} {
		l, err := NewLink(Link{Kind: kind, Email: "a@example.org", Role: "administrator", UserID: "usr_1"}, Secret{1}, now)
		if err != nil || l.ExpiresAt.Sub(now) != life {
			t.Fatalf("%s: %+v %v", kind, l, err)
		}
		if _, err := l.Use(now.Add(life)); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s used at its end: %v", kind, err)
		}
		used, err := l.Use(now.Add(life - 1))
		if err != nil {
			t.Errorf("%s used before its end: %v", kind, err)
		}
		if _, err := used.Use(now); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s used twice: %v", kind, err)
		}
		if _, err := l.Revoke(now).Use(now); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s used after revocation: %v", kind, err)
		}
		f := OfLink(used, Active, []access.Role{"administrator"})
		if v := MayActNow(f, now); v.Reason != UsedAlready {
			t.Errorf("%s: %+v", kind, v)
		}
		f = OfLink(l, Active, []access.Role{"administrator"})
		f.Proved = append(f.Proved, KnownAddress)
		if v := MayActNow(f, now); !v.OK || !v.PasskeyOnly {
			t.Errorf("%s: %+v", kind, v)
		}
	}
}

func TestALinkNamesWhatItIsBoundTo(t *testing.T) {
	for name, c := range map[string]struct {
		link Link
		want int
	}{
		"nothing at all":               {Link{}, 3},
		"an invitation without both":   {Link{Kind: InvitationLink}, 2},
		"a recovery without both":      {Link{Kind: RecoveryLink}, 2},
		"a setup link without role":    {Link{Kind: SetupLink}, 1},
		"a setup link without address": {Link{Kind: SetupLink, Role: "administrator"}, 0},
	} {
		_, err := NewLink(c.link, Secret{}, now)
		if _, problems := fault.Public(err); len(problems) != c.want || (err == nil) != (c.want == 0) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATokenIsRefusedWithEveryProblem(t *testing.T) {
	_, err := NewToken(Token{Name: " "}, Secret{}, 0, now)
	if _, problems := fault.Public(err); len(problems) != 4 {
		t.Errorf("%v", err)
	}
	if _, err := NewToken(Token{Name: "x", Role: "dtsl", Scopes: []string{"a"}}, Secret{}, MaxTokenLife+1, now); !fault.Is(err, fault.Invalid) {
		t.Errorf("a token that lives too long: %v", err)
	}
	token := Token{LastUsedAt: now}
	if _, write := token.Touch(now.Add(TokenTouch - 1)); write {
		t.Error("a touch within the minute is written")
	}
	if touched, write := token.Touch(future); !write || touched.LastUsedAt != future {
		t.Error("a later touch is not written")
	}
}

func TestAUserIsCheckedInFull(t *testing.T) {
	for _, c := range []struct {
		name, email string
		want        int
	}{
		{"Ada Lovelace", "ada@example.org", 0}, {" Ada ", " ada@example.org ", 0}, {"Zoë", "zoë@exämple.org", 0},
		{"", "", 2}, {"a\x00b", "a b@example.org", 2}, {"a\nb", "ada", 2}, {"\xff", "a@b@c", 2},
		{strings.Repeat("a", MaxName+1), strings.Repeat("a", MaxEmail) + "@b", 2}, {"Ada", "<script>@x", 1}, {"Ada", "a@.x", 1},
	} {
		u, err := NewUser("usr_1", c.name, c.email, now)
		if _, problems := fault.Public(err); len(problems) != c.want || (err == nil) != (c.want == 0) {
			t.Errorf("%q %q: %v", c.name, c.email, err)
		}
		if err == nil && (u.Status != Active || u.Name != strings.TrimSpace(c.name)) {
			t.Errorf("%+v", u)
		}
	}
	if FoldEmail(" Ada@Example.ORG") != "ada@example.org" {
		t.Error("addresses that differ by case are two")
	}
}

func TestStatusMovesAreTheseAndNoOthers(t *testing.T) {
	all := []Status{Active, Disabled, Locked}
	refusedMoves := map[[2]Status]bool{{Active, Active}: true, {Disabled, Disabled}: true, {Locked, Locked}: true, {Disabled, Locked}: true}
	for _, from := range all {
		for _, to := range all {
			u, err := User{Status: from}.SetStatus(to)
			if want := refusedMoves[[2]Status{from, to}]; (err != nil) != want || (err == nil && u.Status != to) {
				t.Errorf("%s to %s: %v %v", from, to, u.Status, err)
			}
		}
	}
	if _, err := (User{Status: Active}).SetStatus("odd"); !fault.Is(err, fault.Invalid) {
		t.Errorf("odd status: %v", err)
	}
}

func TestGuessingSlowsThenLocks(t *testing.T) {
	for failures, want := range map[int]time.Duration{0: 0, 4: 0, 5: time.Second, 6: 2 * time.Second, 14: 512 * time.Second, 15: 15 * time.Minute, 99: 15 * time.Minute} {
		next, locked := Throttle(failures, now)
		if locked || next.Sub(now) != want {
			t.Errorf("%d failures: %v %v, want %v", failures, next.Sub(now), locked, want)
		}
	}
	if _, locked := Throttle(MaxFailures, now); !locked {
		t.Error("a hundred failures do not lock")
	}
}
