package authn

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

type desk struct {
	t   *testing.T
	rp  *Passkeys
	now time.Time
	who Person
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, now: epoch, who: Person{Handle: []byte("usr_06f1"), Name: "ada@example.org", DisplayName: "Ada"}}
	rp, err := NewPasskeys(PasskeyConfig{RPID: "localhost", Origins: []string{"https://localhost:8443"}, Name: "Touchstone",
		Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	d.rp = rp
	return d
}

// enrol registers the device with the person.
func (d *desk) enrol(a *authenticator) {
	d.t.Helper()
	options, session, err := d.rp.BeginRegistration(d.who)
	if err != nil {
		d.t.Fatal(err)
	}
	k, err := d.rp.FinishRegistration(d.who, session, a.create(options))
	if err != nil {
		d.t.Fatal(err)
	}
	d.who.Passkeys = append(d.who.Passkeys, k)
}

func (d *desk) find(handle, id []byte) (Person, error) {
	if !bytes.Equal(handle, d.who.Handle) {
		return Person{}, errors.New("no such person")
	}
	return d.who, nil
}

func TestAPasskeyIsAddedAndSignsInByEveryWay(t *testing.T) {
	d, a := newDesk(t), newAuthenticator(t)
	a.backup, a.count = 0x18, 4
	d.enrol(a)
	k := d.who.Passkeys[0]
	if !bytes.Equal(k.ID, a.id) || k.SignCount != 4 || !k.BackupEligible || !k.BackedUp || strings.Join(k.Transports, " ") != "internal hybrid" || len(k.AAGUID) != 16 {
		t.Errorf("stored passkey %+v", k)
	}
	a.count, a.backup = 5, 0x08
	options, session, err := d.rp.BeginSignIn()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(options, []byte("allowCredentials")) {
		t.Errorf("a sign-in by anybody names credentials: %s", options)
	}
	who, got, err := d.rp.FinishSignIn(session, a.get(options), d.find)
	if err != nil || who.Name != d.who.Name || got.SignCount != 5 || got.BackedUp || got.CloneWarning || !bytes.Equal(got.PasskeyID, a.id) {
		t.Errorf("sign-in: %+v %v", got, err)
	}
	d.who.Passkeys[0].SignCount = got.SignCount
	a.count = 6
	options, session, err = d.rp.BeginSignInAs(d.who)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.rp.FinishSignInAs(d.who, session, a.get(options)); err != nil || got.SignCount != 6 {
		t.Errorf("sign-in as: %+v %v", got, err)
	}
	options, session, err = d.rp.BeginStepUp(d.who)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.rp.FinishStepUp(d.who, session, a.get(options)); err != nil || got.SignCount != 6 {
		t.Errorf("step-up: %+v %v", got, err)
	}
}

func TestRegistrationDemandsAVerifiedDiscoverablePasskeyAndLeavesOutKnownOnes(t *testing.T) {
	d, a := newDesk(t), newAuthenticator(t)
	d.enrol(a)
	options, _, err := d.rp.BeginRegistration(d.who)
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		PublicKey struct {
			Attestation            string
			ExcludeCredentials     []struct{ ID string }
			AuthenticatorSelection struct{ ResidentKey, UserVerification string }
			RP                     struct{ ID, Name string }
		}
	}
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	p := o.PublicKey
	if p.AuthenticatorSelection.ResidentKey != "required" || p.AuthenticatorSelection.UserVerification != "required" ||
		p.Attestation != "none" || p.RP.ID != "localhost" || len(p.ExcludeCredentials) != 1 || p.ExcludeCredentials[0].ID != encoded(a.id) {
		t.Errorf("%s", options)
	}
}

// Everything that a device or somebody between it and us can get wrong, for
// every ceremony.
func TestWrongAnswersAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*authenticator){
		"wrong origin":            func(a *authenticator) { a.origin = "https://localhost.example.org" },
		"origin of another port":  func(a *authenticator) { a.origin = "https://localhost:9443" },
		"origin without TLS":      func(a *authenticator) { a.origin = "http://localhost:8443" },
		"wrong challenge":         func(a *authenticator) { a.challenge = encoded(make([]byte, 32)) },
		"another relying party":   func(a *authenticator) { a.rpID = "example.org" },
		"user not verified":       func(a *authenticator) { a.noUser = true },
		"user not present":        func(a *authenticator) { a.noPresence = true },
		"the other ceremony":      func(a *authenticator) { a.ceremony = "payment.get" },
		"backed up, not eligible": func(a *authenticator) { a.backup = 0x10 },
	} {
		t.Run(name, func(t *testing.T) {
			d, a := newDesk(t), newAuthenticator(t)
			bad := newAuthenticator(t)
			spoil(bad)
			options, session, err := d.rp.BeginRegistration(d.who)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.rp.FinishRegistration(d.who, session, bad.create(options)); !fault.Is(err, fault.Invalid) {
				t.Errorf("registration: %v", err)
			}
			d.enrol(a)
			spoil(a)
			d.refuseAll(a)
		})
	}
	for name, spoil := range map[string]func(*authenticator){
		"wrong signature":           func(a *authenticator) { a.badSignature = true },
		"wrong key":                 func(a *authenticator) { a.key = newAuthenticator(t).key },
		"unknown passkey":           func(a *authenticator) { a.id = []byte("another") },
		"handle of another":         func(a *authenticator) { a.handle = []byte("usr_0000") },
		"eligible for backup later": func(a *authenticator) { a.backup = 0x08 },
	} {
		t.Run(name, func(t *testing.T) {
			d, a := newDesk(t), newAuthenticator(t)
			d.enrol(a)
			spoil(a)
			d.refuseAll(a)
		})
	}
}

// refuseAll tries the three ceremonies that use a passkey.
func (d *desk) refuseAll(a *authenticator) {
	d.t.Helper()
	options, session, err := d.rp.BeginSignIn()
	if err != nil {
		d.t.Fatal(err)
	}
	if _, _, err := d.rp.FinishSignIn(session, a.get(options), d.find); !fault.Is(err, fault.Unauthorised) {
		d.t.Errorf("sign-in: %v", err)
	}
	options, session, err = d.rp.BeginSignInAs(d.who)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.rp.FinishSignInAs(d.who, session, a.get(options)); !fault.Is(err, fault.Unauthorised) {
		d.t.Errorf("sign-in as: %v", err)
	}
	options, session, err = d.rp.BeginStepUp(d.who)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.rp.FinishStepUp(d.who, session, a.get(options)); !fault.Is(err, fault.Unauthorised) {
		d.t.Errorf("step-up: %v", err)
	}
}

func TestAnAnswerIsGoodForItsOwnCeremonyOnly(t *testing.T) {
	d, a := newDesk(t), newAuthenticator(t)
	d.enrol(a)
	options, session, err := d.rp.BeginSignInAs(d.who)
	if err != nil {
		t.Fatal(err)
	}
	answer := a.get(options)
	if _, err := d.rp.FinishStepUp(d.who, session, answer); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("a sign-in confirms a sign-off: %v", err)
	}
	_, later, err := d.rp.BeginSignInAs(d.who)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.rp.FinishSignInAs(d.who, later, answer); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("replayed into a later session: %v", err)
	}
	other := d.who
	other.Handle = []byte("usr_0000")
	if _, err := d.rp.FinishSignInAs(other, session, answer); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("as another person: %v", err)
	}
	d.now = epoch.Add(CeremonyLife)
	if _, err := d.rp.FinishSignInAs(d.who, session, answer); !fault.Is(err, fault.Unauthorised) {
		t.Errorf("after five minutes: %v", err)
	}
	d.now = epoch.Add(CeremonyLife - 1)
	if _, err := d.rp.FinishSignInAs(d.who, session, answer); err != nil {
		t.Errorf("just in time: %v", err)
	}
}

func TestACounterThatDoesNotRiseWarnsOfACopy(t *testing.T) {
	for name, c := range map[string]struct {
		stored, sent uint32
		warn         bool
	}{
		"rises": {4, 5, false}, "stands still, as in a replay": {5, 5, true}, "goes back": {5, 3, true},
		"falls to zero": {5, 0, true}, "always zero, as with synced passkeys": {0, 0, false},
	} {
		d, a := newDesk(t), newAuthenticator(t)
		d.enrol(a)
		d.who.Passkeys[0].SignCount, a.count = c.stored, c.sent
		options, session, err := d.rp.BeginSignIn()
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := d.rp.FinishSignIn(session, a.get(options), d.find)
		if err != nil || got.CloneWarning != c.warn || (c.warn && got.SignCount != c.stored) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		options, session, err = d.rp.BeginStepUp(d.who)
		if err != nil {
			t.Fatal(err)
		}
		got, err = d.rp.FinishStepUp(d.who, session, a.get(options))
		if got.CloneWarning != c.warn || fault.Is(err, fault.StepUp) != c.warn {
			t.Errorf("%s, step-up: %+v %v", name, got, err)
		}
	}
}

func TestHostileAnswersAreRefusedWhole(t *testing.T) {
	d, a := newDesk(t), newAuthenticator(t)
	d.enrol(a)
	_, session, err := d.rp.BeginSignInAs(d.who)
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"", "null", "[]", "{}", `{"id":"x"}`, strings.Repeat("[", 10000), `{"id":"` + strings.Repeat("A", maxResponse) + `"}`} {
		if _, err := d.rp.FinishSignInAs(d.who, session, []byte(answer)); err == nil || fault.Is(err, fault.Internal) {
			t.Errorf("%.20q: %v", answer, err)
		}
	}
	if _, err := d.rp.FinishSignInAs(d.who, []byte("{"), nil); err == nil {
		t.Error("a broken session was taken")
	}
	if _, _, err := d.rp.BeginStepUp(Person{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("step-up without a passkey: %v", err)
	}
	public, _ := fault.Public(notAccepted().Because(errors.New("inner")))
	if strings.Contains(public, "inner") {
		t.Error("the cause is public")
	}
}

func TestARelyingPartyNeedsAHostName(t *testing.T) {
	for _, id := range []string{"127.0.0.1", "https://localhost", "localhost:8443"} {
		if _, err := NewPasskeys(PasskeyConfig{RPID: id, Origins: []string{"https://localhost:8443"}, Name: "T"}); err == nil {
			t.Errorf("%q was taken", id)
		}
	}
	if _, err := NewPasskeys(PasskeyConfig{RPID: "localhost", Name: "T"}); err == nil {
		t.Error("no origin was taken")
	}
}

func FuzzFinishRegistration(f *testing.F) {
	now := func() time.Time { return epoch }
	rp, err := NewPasskeys(PasskeyConfig{RPID: "localhost", Origins: []string{"https://localhost:8443"}, Name: "T", Now: now})
	if err != nil {
		f.Fatal(err)
	}
	who := Person{Handle: []byte("usr_1"), Name: "a"}
	_, session, err := rp.BeginRegistration(who)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if _, err := rp.FinishRegistration(who, session, answer); err == nil {
			t.Errorf("%q was taken", answer)
		}
	})
}
