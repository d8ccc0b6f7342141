package identity

import (
	"slices"
	"time"
)

// MayActNow is the one answer to "may this be done, now, by whoever came
// through this door". Every entry point asks it, on every request, before
// package access is asked about permissions. The order of the questions is
// from what ends everything to what can be mended by the person.
func MayActNow(f Facts, now time.Time) Verdict {
	if !slices.Contains(Doors(), f.Door) {
		return refused(UnknownDoor)
	}
	for _, ask := range []func(Facts, time.Time) Reason{account, credential, factors, roles, scope, act} {
		if r := ask(f, now); r != Allowed {
			return refused(r)
		}
	}
	return level(f, now)
}

func refused(r Reason) Verdict { return Verdict{Reason: r} }

// account asks whether the account may be used at all. An invitation and the
// setup link are for people who have none yet.
func account(f Facts, _ time.Time) Reason {
	switch f.Status {
	case Active:
		return Allowed
	case Disabled:
		return AccountDisabled
	case Locked:
		return AccountLocked
	}
	if f.Status == "" && (f.Door == InvitationDoor || f.Door == SetupDoor) {
		return Allowed
	}
	return NoAccount
}

// credential asks whether what was presented is still good.
func credential(f Facts, now time.Time) Reason {
	if !f.RevokedAt.IsZero() {
		return Revoked
	}
	if f.Used {
		return UsedAlready
	}
	ends := false
	for _, at := range f.ExpiresAt {
		if !at.IsZero() && !now.Before(at) {
			return Expired
		}
		ends = ends || !at.IsZero()
	}
	// A passphrase, a passkey and a recovery code last as long as the account;
	// anything else without an end is a mistake and is treated as ended.
	if !ends && f.Door != PassphraseDoor && f.Door != PasskeyDoor && f.Door != RecoveryCodeDoor {
		return Expired
	}
	return Allowed
}

func factors(f Facts, _ time.Time) Reason {
	for _, want := range needed(f.Door) {
		if !slices.Contains(f.Proved, want) {
			return FactorMissing
		}
	}
	if f.Door == SessionDoor && !f.Strength.Valid() {
		return FactorMissing
	}
	return Allowed
}

func needed(d Door) []Factor {
	switch d {
	case PassphraseDoor:
		return []Factor{Passphrase, TOTPCode}
	case PasskeyDoor:
		return []Factor{PasskeyUsed, UserVerified}
	case RecoveryCodeDoor:
		return []Factor{RecoveryCode}
	case InvitationDoor, RecoveryLinkDoor:
		return []Factor{KnownSecret, KnownAddress}
	}
	return []Factor{KnownSecret}
}

func roles(f Facts, _ time.Time) Reason {
	bound := f.Door == TokenDoor || f.Door == InvitationDoor || f.Door == SetupDoor
	if len(f.Roles) == 0 || (bound && !slices.Contains(f.Roles, f.BoundRole)) {
		return RoleRemoved
	}
	return Allowed
}

func scope(f Facts, _ time.Time) Reason {
	limited := f.Scopes != nil || f.Door == TokenDoor
	if limited && f.Need != "" && !slices.Contains(f.Scopes, f.Need) {
		return ScopeTooNarrow
	}
	return Allowed
}

// act asks whether this door can serve this act. Doors that open a session do
// only that; a token is never good for a step-up or for changing factors.
func act(f Facts, _ time.Time) Reason {
	switch f.Door {
	case SessionDoor:
		if f.Act == Use || f.Act == Enrol || f.Act == Sign {
			return Allowed
		}
	case TokenDoor:
		if f.Act == Use {
			return Allowed
		}
		if f.Act == Sign {
			return StepUpNeeded
		}
	default:
		if f.Act == SignIn {
			return Allowed
		}
	}
	return WrongDoor
}

// level decides between full use and enrolment only, and asks for a fresh
// step-up where the act needs one.
func level(f Facts, now time.Time) Verdict {
	if f.Door == TokenDoor {
		return Verdict{OK: true}
	}
	strong := strongEnough(opens(f), f, now)
	passkeyOnly := !strongEnough(ByTOTP, f, now)
	if f.Act == SignIn {
		// Somebody who has a passkey is not let in by what can be phished, not
		// even to enrol another: that would undo the passkey. A recovery code
		// or link is the way back for them.
		if !strong && f.Door == PassphraseDoor && f.HasPasskey {
			return refused(PasskeyNeeded)
		}
		return Verdict{OK: true, EnrolOnly: !strong, PasskeyOnly: passkeyOnly}
	}
	if !strong {
		if f.Act == Enrol {
			return Verdict{OK: true, EnrolOnly: true, PasskeyOnly: passkeyOnly}
		}
		return refused(EnrolmentNeeded)
	}
	// Changing one's own factors from a full session needs the same fresh
	// confirmation as a sign-off (ASVS 7.5.1 and 7.5.3).
	confirmed := freshStepUp(f.StepUpAt, now) && strongEnough(f.StepUpBy, f, now)
	if (f.Act == Sign || f.Act == Enrol) && !confirmed {
		return refused(StepUpNeeded)
	}
	return Verdict{OK: true, PasskeyOnly: passkeyOnly}
}

// opens is the strength of the session at hand, or of the one the door opens.
func opens(f Facts) Strength {
	switch f.Door {
	case PasskeyDoor:
		return ByPasskey
	case PassphraseDoor:
		return ByTOTP
	case RecoveryCodeDoor, RecoveryLinkDoor:
		return ByRecovery
	case SessionDoor:
		return f.Strength
	}
	return ByLink
}

func strongEnough(s Strength, f Facts, now time.Time) bool {
	switch s {
	case ByPasskey:
		return true
	case ByTOTP:
		return !Privileged(f.Roles) || f.PrivilegedTOTP.Active(now)
	}
	return false
}
