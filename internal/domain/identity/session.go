package identity

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Strength is how a session was opened, or confirmed. The set is closed.
type Strength string

const (
	ByPasskey  Strength = "passkey"  // phishing resistant, user verified
	ByTOTP     Strength = "totp"     // passphrase and a one-time code
	ByRecovery Strength = "recovery" // a recovery code or a recovery link
	ByLink     Strength = "link"     // an invitation or the setup link
)

// Valid reports whether s is one of the strengths.
func (s Strength) Valid() bool {
	return s == ByPasskey || s == ByTOTP || s == ByRecovery || s == ByLink
}

// Limits of a session.
const (
	SessionIdle           = time.Hour
	SessionLife           = 24 * time.Hour
	SessionLifePrivileged = 12 * time.Hour
	StepUpFresh           = 5 * time.Minute
	// SessionTouch is how stale LastSeenAt may be before it is worth a write.
	SessionTouch = time.Minute
)

// Session is one signed-in browser. It is opened, used, perhaps confirmed by a
// step-up, and ended once; an ended session never comes back.
type Session struct {
	ID         string // public, for the list of sessions; never proves anything
	Digest     Digest // of the secret in the cookie
	UserID     string
	Strength   Strength
	Privileged bool // the person held a privileged role when it was opened
	CreatedAt  time.Time
	LastSeenAt time.Time
	StepUpAt   time.Time // zero when there was none
	StepUpBy   Strength
	EndedAt    time.Time // zero while open
	EndReason  string
	UserAgent  string // as the browser gave it, for the person to recognise
	Address    string // network address it was opened from
}

// OpenSession returns a new session. The cookie carries secret.Reveal. A
// passkey or code just used also counts as a step-up, so that nobody is asked
// twice in a minute.
func OpenSession(id, userID string, secret Secret, by Strength, privileged bool, now time.Time) Session {
	s := Session{ID: id, Digest: secret.Digest(), UserID: userID, Strength: by, Privileged: privileged,
		CreatedAt: now, LastSeenAt: now}
	if by == ByPasskey || by == ByTOTP {
		s.StepUpAt, s.StepUpBy = now, by
	}
	return s
}

// ExpiresAt is the end that use cannot postpone. Privileged says what the
// person is now: a promotion shortens the sessions they already have.
func (s Session) ExpiresAt(privileged bool) time.Time {
	if privileged || s.Privileged {
		return s.CreatedAt.Add(SessionLifePrivileged)
	}
	return s.CreatedAt.Add(SessionLife)
}

// IdleAt is when the session ends if it is not used again.
func (s Session) IdleAt() time.Time { return s.LastSeenAt.Add(SessionIdle) }

// Touch records a use, and reports whether the change is worth storing. A
// clock that went backwards changes nothing.
func (s Session) Touch(now time.Time) (Session, bool) {
	if !s.EndedAt.IsZero() || now.Sub(s.LastSeenAt) < SessionTouch {
		return s, false
	}
	s.LastSeenAt = now
	return s, true
}

// StepUp records that the person has just proved again who they are. The
// caller gives the session a new secret at the same time (ASVS 7.2.4), which
// ends the use of the old cookie. Recovery and links confirm nothing:
// fault.StepUp.
func (s Session) StepUp(by Strength, secret Secret, now time.Time) (Session, error) {
	if !s.EndedAt.IsZero() {
		return s, fault.New(fault.Unauthorised, "Your session has ended. Sign in again.")
	}
	if by != ByPasskey && by != ByTOTP {
		return s, fault.New(fault.StepUp, "Confirm who you are with your passkey or a code from your authenticator app.")
	}
	s.Digest, s.StepUpAt, s.StepUpBy = secret.Digest(), now, by
	return s, nil
}

// End closes the session for a reason. Ending twice keeps the first reason.
func (s Session) End(reason string, now time.Time) Session {
	if s.EndedAt.IsZero() {
		s.EndedAt, s.EndReason = now, reason
	}
	return s
}

// freshStepUp reports whether a confirmation with at least the strength wanted
// happened within StepUpFresh. One in the future does not count: the clock
// moved, and nobody can tell how long ago it was.
func freshStepUp(at time.Time, now time.Time) bool {
	return !at.IsZero() && !at.After(now) && now.Sub(at) <= StepUpFresh
}
