package identity

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

var (
	now    = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	past   = now.Add(-time.Second)
	future = now.Add(time.Hour)
)

// good returns the facts with which a team member gets through a door.
func good(d Door) Facts {
	f := Facts{Door: d, Act: SignIn, Status: Active, Proved: needed(d), Roles: []access.Role{"team_member"},
		BoundRole: "team_member", ExpiresAt: []time.Time{future}}
	switch d {
	case TokenDoor:
		f.Act, f.Scopes, f.Need = Use, []string{"evidence:write", "report:read"}, "report:read"
	case SessionDoor:
		f.Act, f.Strength = Use, ByTOTP
	case SetupDoor:
		f.Status, f.Roles, f.BoundRole = "", []access.Role{"administrator"}, "administrator"
	case InvitationDoor:
		f.Status = ""
	}
	return f
}

// The door table: every door by every condition. A row is read as "when the
// account (or what was presented) is so, this door answers so".
func TestEveryDoorAnswersEveryCondition(t *testing.T) {
	conditions := []struct {
		name   string
		change func(*Facts)
	}{
		{"good", func(*Facts) {}},
		{"disabled", func(f *Facts) { f.Status = Disabled }},
		{"locked", func(f *Facts) { f.Status = Locked }},
		{"expired", func(f *Facts) { f.ExpiresAt = []time.Time{{}, past} }},
		{"revoked", func(f *Facts) { f.RevokedAt = past }},
		{"used already", func(f *Facts) { f.Used = true }},
		{"last factor missing", func(f *Facts) { f.Proved = f.Proved[:len(f.Proved)-1] }},
		{"role removed", func(f *Facts) { f.Roles = nil }},
		{"another role instead", func(f *Facts) { f.Roles = []access.Role{"portfolio_reader"} }},
		{"scope too narrow", func(f *Facts) { f.Need, f.Scopes = "risk:accept", []string{"report:read"} }},
		{"no account", func(f *Facts) { f.Status = "" }},
		{"no expiry given", func(f *Facts) { f.ExpiresAt = nil }},
		{"sro now", func(f *Facts) { f.Roles = append(f.Roles, "sro") }},
		{"sro with a passkey", func(f *Facts) { f.Roles, f.HasPasskey = append(f.Roles, "sro"), true }},
		{"sro, TOTP acknowledged", func(f *Facts) {
			f.Roles, f.HasPasskey = append(f.Roles, "sro"), true
			f.PrivilegedTOTP = Loosening{"Ada", future}
		}},
		{"sro, acknowledgement over", func(f *Facts) {
			f.Roles, f.PrivilegedTOTP = append(f.Roles, "sro"), Loosening{"Ada", now}
		}},
		{"sro, acknowledged by nobody", func(f *Facts) {
			f.Roles, f.PrivilegedTOTP = append(f.Roles, "sro"), Loosening{"", future}
		}},
	}
	const full, enrol, passkey = "full", "enrol", "enrol passkey"
	order := []Door{PassphraseDoor, PasskeyDoor, TokenDoor, InvitationDoor, RecoveryCodeDoor, RecoveryLinkDoor, SetupDoor, SessionDoor}
	same := func(s string) []string { return slices.Repeat([]string{s}, len(order)) }
	want := map[string][]string{
		//                              passphrase, passkey, token, invitation, recovery code, recovery link, setup, session
		"good":                        {full, full, full, enrol, enrol, enrol, passkey, full},
		"disabled":                    same("account_disabled"),
		"locked":                      same("account_locked"),
		"expired":                     same("expired"),
		"revoked":                     same("revoked"),
		"used already":                same("used_already"),
		"last factor missing":         same("factor_missing"),
		"role removed":                same("role_removed"),
		"another role instead":        {full, full, "role_removed", "role_removed", enrol, enrol, "role_removed", full},
		"scope too narrow":            same("scope_too_narrow"),
		"no account":                  {"no_account", "no_account", "no_account", enrol, "no_account", "no_account", passkey, "no_account"},
		"no expiry given":             {full, full, "expired", "expired", enrol, "expired", "expired", "expired"},
		"sro now":                     {passkey, full, full, passkey, passkey, passkey, passkey, "enrolment_needed"},
		"sro with a passkey":          {"passkey_needed", full, full, passkey, passkey, passkey, passkey, "enrolment_needed"},
		"sro, TOTP acknowledged":      {full, full, full, enrol, enrol, enrol, enrol, full},
		"sro, acknowledgement over":   {passkey, full, full, passkey, passkey, passkey, passkey, "enrolment_needed"},
		"sro, acknowledged by nobody": {passkey, full, full, passkey, passkey, passkey, passkey, "enrolment_needed"},
	}
	if !slices.Equal(order, Doors()) || len(want) != len(conditions) {
		t.Fatal("the table does not cover every door and condition")
	}
	for _, c := range conditions {
		for i, d := range order {
			t.Run(c.name+" at "+string(d), func(t *testing.T) {
				f := good(d)
				c.change(&f)
				v := MayActNow(f, now)
				got := string(v.Reason)
				switch {
				case v.OK && v.EnrolOnly && v.PasskeyOnly:
					got = passkey
				case v.OK && v.EnrolOnly:
					got = enrol
				case v.OK:
					got = full
				}
				if got != want[c.name][i] {
					t.Errorf("got %s, want %s", got, want[c.name][i])
				}
				if v.OK != (v.Err() == nil) || v.OK != (v.Reason == Allowed) {
					t.Errorf("verdict %+v and its error %v disagree", v, v.Err())
				}
			})
		}
	}
}

func TestEachFactorOfADoorIsNeeded(t *testing.T) {
	for _, d := range Doors() {
		for i := range needed(d) {
			f := good(d)
			f.Proved = slices.Delete(slices.Clone(f.Proved), i, i+1)
			if v := MayActNow(f, now); v.Reason != FactorMissing {
				t.Errorf("%s without %s: %+v", d, needed(d)[i], v)
			}
		}
	}
	f := good(SessionDoor)
	f.Strength = ""
	if v := MayActNow(f, now); v.Reason != FactorMissing {
		t.Errorf("session without a strength: %+v", v)
	}
}

func TestEachDoorServesOnlyItsActs(t *testing.T) {
	want := map[Act]map[Door]Reason{
		SignIn: {TokenDoor: WrongDoor, SessionDoor: WrongDoor},
		Use: {PassphraseDoor: WrongDoor, PasskeyDoor: WrongDoor, InvitationDoor: WrongDoor, RecoveryCodeDoor: WrongDoor,
			RecoveryLinkDoor: WrongDoor, SetupDoor: WrongDoor},
		Enrol: {PassphraseDoor: WrongDoor, PasskeyDoor: WrongDoor, InvitationDoor: WrongDoor, RecoveryCodeDoor: WrongDoor,
			RecoveryLinkDoor: WrongDoor, SetupDoor: WrongDoor, TokenDoor: WrongDoor, SessionDoor: StepUpNeeded},
		Sign: {PassphraseDoor: WrongDoor, PasskeyDoor: WrongDoor, InvitationDoor: WrongDoor, RecoveryCodeDoor: WrongDoor,
			RecoveryLinkDoor: WrongDoor, SetupDoor: WrongDoor, TokenDoor: StepUpNeeded, SessionDoor: StepUpNeeded},
		"": {PassphraseDoor: WrongDoor, PasskeyDoor: WrongDoor, InvitationDoor: WrongDoor, RecoveryCodeDoor: WrongDoor,
			RecoveryLinkDoor: WrongDoor, SetupDoor: WrongDoor, TokenDoor: WrongDoor, SessionDoor: WrongDoor},
	}
	for a, answers := range want {
		for _, d := range Doors() {
			f := good(d)
			f.Act = a
			if v := MayActNow(f, now); v.Reason != answers[d] {
				t.Errorf("%q at %s: got %q, want %q", a, d, v.Reason, answers[d])
			}
		}
	}
}

func TestSigningNeedsAFreshStepUpOfTheRightStrength(t *testing.T) {
	sro := []access.Role{"sro"}
	for name, c := range map[string]struct {
		strength Strength
		roles    []access.Role
		at       time.Time
		by       Strength
		loose    Loosening
		want     Reason
	}{
		"just now by passkey":                  {ByPasskey, sro, now, ByPasskey, Loosening{}, Allowed},
		"exactly five minutes ago":             {ByPasskey, sro, now.Add(-StepUpFresh), ByPasskey, Loosening{}, Allowed},
		"a moment over five minutes ago":       {ByPasskey, sro, now.Add(-StepUpFresh - 1), ByPasskey, Loosening{}, StepUpNeeded},
		"in the future, by a moved clock":      {ByPasskey, sro, future, ByPasskey, Loosening{}, StepUpNeeded},
		"never":                                {ByPasskey, sro, time.Time{}, "", Loosening{}, StepUpNeeded},
		"by a code, as an SRO":                 {ByPasskey, sro, now, ByTOTP, Loosening{}, StepUpNeeded},
		"by a code, as an SRO, loosened":       {ByTOTP, sro, now, ByTOTP, Loosening{"Ada", future}, Allowed},
		"by a code, as a team member":          {ByTOTP, []access.Role{"team_member"}, now, ByTOTP, Loosening{}, Allowed},
		"by a passkey in an enrolment session": {ByRecovery, sro, now, ByPasskey, Loosening{}, EnrolmentNeeded},
	} {
		f := good(SessionDoor)
		f.Act, f.Strength, f.Roles, f.StepUpAt, f.StepUpBy, f.PrivilegedTOTP = Sign, c.strength, c.roles, c.at, c.by, c.loose
		if v := MayActNow(f, now); v.Reason != c.want {
			t.Errorf("%s: got %q, want %q", name, v.Reason, c.want)
		}
	}
}

func TestAnEnrolmentSessionMayOnlyEnrol(t *testing.T) {
	for _, by := range []Strength{ByRecovery, ByLink} {
		f := good(SessionDoor)
		f.Strength = by
		if v := MayActNow(f, now); v.Reason != EnrolmentNeeded {
			t.Errorf("use after %s: %+v", by, v)
		}
		f.Act = Enrol
		if v := MayActNow(f, now); !v.OK || !v.EnrolOnly || v.PasskeyOnly {
			t.Errorf("enrolment after %s: %+v", by, v)
		}
	}
}

func TestOnlyTheThreeRolesArePrivileged(t *testing.T) {
	want := map[access.Role]bool{"administrator": true, "sro": true, "assessor": true,
		"team_member": false, "dtsl": false, "portfolio_reader": false, "": false}
	for role, privileged := range want {
		if Privileged([]access.Role{"team_member", role}) != privileged {
			t.Errorf("%s: want privileged %v", role, privileged)
		}
	}
}

func TestStrangersLearnNothingFromARefusal(t *testing.T) {
	texts := map[string]bool{}
	for _, r := range []Reason{NoAccount, AccountDisabled, AccountLocked, Revoked, UsedAlready, Expired, FactorMissing, RoleRemoved, UnknownDoor} {
		err := refused(r).Err()
		if !fault.Is(err, fault.Unauthorised) {
			t.Errorf("%s: %v", r, err)
		}
		text, _ := fault.Public(err)
		texts[text] = true
	}
	if len(texts) != 1 {
		t.Errorf("refusals differ: %v", texts)
	}
	for _, r := range Reasons() {
		if refused(r).Err() == nil {
			t.Errorf("%s has no error", r)
		}
	}
}

// Property: no facts whatever let a privileged person do more than enrol on
// anything but a passkey, and nobody gets in while not active.
func TestNoFactsOpenAPrivilegedAccountWithoutAPasskey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		when := func(name string) time.Time {
			return now.Add(time.Duration(rapid.IntRange(-600, 600).Draw(t, name)) * time.Second)
		}
		f := Facts{
			Door:     rapid.SampledFrom(Doors()).Draw(t, "door"),
			Act:      rapid.SampledFrom([]Act{SignIn, Use, Enrol, Sign}).Draw(t, "act"),
			Status:   rapid.SampledFrom([]Status{Active, Disabled, Locked, "", "odd"}).Draw(t, "status"),
			Roles:    rapid.SliceOf(rapid.SampledFrom([]access.Role{"sro", "team_member", "dtsl"})).Draw(t, "roles"),
			Strength: rapid.SampledFrom([]Strength{ByPasskey, ByTOTP, ByRecovery, ByLink, "odd"}).Draw(t, "strength"),
			StepUpBy: rapid.SampledFrom([]Strength{ByPasskey, ByTOTP, ByRecovery, ByLink}).Draw(t, "by"),
			StepUpAt: when("step-up"), ExpiresAt: []time.Time{when("expiry")}, BoundRole: "team_member",
			HasPasskey: rapid.Bool().Draw(t, "has passkey"),
		}
		f.Proved = needed(f.Door)
		v := MayActNow(f, now)
		if !v.OK {
			return
		}
		if f.Status != Active && (f.Status != "" || (f.Door != InvitationDoor && f.Door != SetupDoor)) {
			t.Fatalf("status %q got in", f.Status)
		}
		passkey := f.Door == PasskeyDoor || (f.Door == SessionDoor && f.Strength == ByPasskey)
		if Privileged(f.Roles) && !passkey && f.Door != TokenDoor && !(v.EnrolOnly && v.PasskeyOnly) {
			t.Fatalf("privileged without a passkey: %+v", v)
		}
		if f.Act == Sign && now.Sub(f.StepUpAt) > StepUpFresh {
			t.Fatal("signed with an old step-up")
		}
		if !now.Before(f.ExpiresAt[0]) {
			t.Fatal("acted after the end")
		}
	})
}

func TestFactsComeFromTheThingsThemselves(t *testing.T) {
	u := User{Status: Active}
	s := OpenSession("ses_1", "usr_1", Secret{1}, ByTOTP, false, now)
	token, err := NewToken(Token{Name: "CI", Role: "team_member", Scopes: []string{"b", "a", "a"}}, Secret{2}, time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	member := []access.Role{"team_member"}
	at := func(d time.Duration) time.Time { return now.Add(d) }
	type result = map[string]Reason
	got := result{
		"session at 59 minutes":              MayActNow(OfSession(s, u, member, Use), at(SessionIdle-1)).Reason,
		"session at one hour idle":           MayActNow(OfSession(s, u, member, Use), at(SessionIdle)).Reason,
		"session ended":                      MayActNow(OfSession(s.End("sign out", now), u, member, Use), now).Reason,
		"session of a promoted person":       MayActNow(OfSession(s, u, []access.Role{"sro"}, Use), now).Reason,
		"session after the account's end":    MayActNow(OfSession(s, User{Status: Active, EndsAt: now}, member, Use), now).Reason,
		"token in its hour":                  MayActNow(OfToken(token, u, member, "a"), at(time.Hour-1)).Reason,
		"token after its hour":               MayActNow(OfToken(token, u, member, "a"), at(time.Hour)).Reason,
		"token beyond its scopes":            MayActNow(OfToken(token, u, member, "c"), now).Reason,
		"token without any scope":            MayActNow(OfToken(Token{Role: "team_member", ExpiresAt: future}, u, member, "a"), now).Reason,
		"token revoked":                      MayActNow(OfToken(token.Revoke(now), u, member, "a"), now).Reason,
		"token of another role than is held": MayActNow(OfToken(token, u, []access.Role{"dtsl"}, "a"), now).Reason,
	}
	want := result{
		"session at 59 minutes": Allowed, "session at one hour idle": Expired, "session ended": Revoked,
		"session of a promoted person": EnrolmentNeeded, "session after the account's end": Expired,
		"token in its hour": Allowed, "token after its hour": Expired, "token beyond its scopes": ScopeTooNarrow,
		"token without any scope": ScopeTooNarrow, "token revoked": Revoked, "token of another role than is held": RoleRemoved,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
