package identity

import (
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Door is a way in. The set is closed; see Doors.
type Door string

const (
	PassphraseDoor   Door = "passphrase_totp"
	PasskeyDoor      Door = "passkey"
	TokenDoor        Door = "api_token"
	InvitationDoor   Door = "invitation"
	RecoveryCodeDoor Door = "recovery_code"
	RecoveryLinkDoor Door = "recovery_link"
	SetupDoor        Door = "setup_link"
	SessionDoor      Door = "session"
)

// Doors lists every door, for tables that must be exhaustive.
func Doors() []Door {
	return []Door{PassphraseDoor, PasskeyDoor, TokenDoor, InvitationDoor, RecoveryCodeDoor,
		RecoveryLinkDoor, SetupDoor, SessionDoor}
}

// Factor is one thing that was proved in this request.
type Factor string

const (
	Passphrase   Factor = "passphrase"
	TOTPCode     Factor = "totp_code"
	PasskeyUsed  Factor = "passkey"
	UserVerified Factor = "user_verified" // the passkey checked a PIN or a fingerprint
	KnownSecret  Factor = "secret"        // digest found: token, link, cookie
	KnownAddress Factor = "address"       // the address given is the one the link was made for
	RecoveryCode Factor = "recovery_code"
)

// Act is the kind of thing somebody wants to do.
type Act string

const (
	SignIn Act = "sign_in" // go through a door that opens a session
	Use    Act = "use"     // anything that needs no fresh confirmation
	Enrol  Act = "enrol"   // add a passkey or another factor to one's own account
	Sign   Act = "sign"    // needs a fresh step-up: sign-off, keys, roles, own factors
)

// Reason says why somebody may not act. Allowed is the empty reason.
type Reason string

const (
	Allowed         Reason = ""
	UnknownDoor     Reason = "unknown_door"
	NoAccount       Reason = "no_account"
	AccountDisabled Reason = "account_disabled"
	AccountLocked   Reason = "account_locked"
	Revoked         Reason = "revoked"
	UsedAlready     Reason = "used_already"
	Expired         Reason = "expired"
	FactorMissing   Reason = "factor_missing"
	RoleRemoved     Reason = "role_removed"
	ScopeTooNarrow  Reason = "scope_too_narrow"
	PasskeyNeeded   Reason = "passkey_needed"   // has one, so nothing weaker opens a privileged account
	EnrolmentNeeded Reason = "enrolment_needed" // signed in, but may only add a passkey first
	StepUpNeeded    Reason = "step_up_needed"
	WrongDoor       Reason = "wrong_door" // this door can never be used for this act
)

// Reasons lists every reason but Allowed.
func Reasons() []Reason {
	return []Reason{UnknownDoor, NoAccount, AccountDisabled, AccountLocked, Revoked, UsedAlready, Expired,
		FactorMissing, RoleRemoved, ScopeTooNarrow, PasskeyNeeded, EnrolmentNeeded, StepUpNeeded, WrongDoor}
}

// Facts is everything MayActNow looks at. Fill it with the constructors below
// where there is one. Every fact is as it stands at this request, so that
// disabling somebody or taking a role away works at once.
type Facts struct {
	Door   Door
	Act    Act
	Status Status // of the account; empty when there is none yet

	ExpiresAt []time.Time // whichever comes first counts; zero ones are ignored
	RevokedAt time.Time
	Used      bool     // a link, code, one-time step or challenge that was used before
	Proved    []Factor // in this request

	Roles     []access.Role // every role held now, in the organisation or on any system
	BoundRole access.Role   // the role a token or link acts with; must still be among Roles

	Need   string   // scope that the act needs; empty when it needs none
	Scopes []string // scopes of a token. Nil for a person: their roles decide

	Strength   Strength // of the session
	StepUpAt   time.Time
	StepUpBy   Strength
	HasPasskey bool // the account has a usable passkey

	PrivilegedTOTP Loosening
}

// Loosening is a lowered setting as a named person accepted it. It counts only
// while it is acknowledged and has not expired; the zero value never does.
type Loosening struct {
	AcknowledgedBy string
	Until          time.Time
}

// Active reports whether the loosening is in force.
func (l Loosening) Active(now time.Time) bool { return l.AcknowledgedBy != "" && now.Before(l.Until) }

// Verdict is the answer. EnrolOnly goes with OK: the person gets a session in
// which nothing but adding a factor (and signing out) is possible, and
// PasskeyOnly says that a factor they add has to be a passkey.
type Verdict struct {
	OK          bool
	EnrolOnly   bool
	PasskeyOnly bool
	Reason      Reason
}

// Privileged reports whether any of the roles needs a phishing-resistant
// factor (SP 800-63B-4, AAL2 with phishing resistance).
func Privileged(roles []access.Role) bool { return slices.ContainsFunc(roles, access.Role.Privileged) }

// OfSession returns the facts of a request with a session cookie.
func OfSession(s Session, u User, roles []access.Role, act Act) Facts {
	return Facts{Door: SessionDoor, Act: act, Status: u.Status, Proved: []Factor{KnownSecret}, Roles: roles,
		ExpiresAt: []time.Time{u.EndsAt, s.IdleAt(), s.ExpiresAt(Privileged(roles))}, RevokedAt: s.EndedAt,
		Strength: s.Strength, StepUpAt: s.StepUpAt, StepUpBy: s.StepUpBy}
}

// OfToken returns the facts of a request with an API token. For a service
// token the user is an active one without an end, and roles is its own role.
func OfToken(t Token, u User, roles []access.Role, need string) Facts {
	scopes := t.Scopes
	if scopes == nil {
		scopes = []string{}
	}
	return Facts{Door: TokenDoor, Act: Use, Status: u.Status, Proved: []Factor{KnownSecret}, Roles: roles,
		ExpiresAt: []time.Time{u.EndsAt, t.ExpiresAt}, RevokedAt: t.RevokedAt, BoundRole: t.Role,
		Need: need, Scopes: scopes}
}

// OfLink returns the facts of opening a link. Status is that of the account
// with the link's address, empty when there is none. Roles is what the link's
// role still is: for an invitation the role now offered, for a setup link
// access.Administrator for as long as there is no administrator, for a recovery
// link the roles of the person. KnownAddress has to be added to Proved when
// the address was given and matches.
func OfLink(l Link, status Status, roles []access.Role) Facts {
	door := map[LinkKind]Door{SetupLink: SetupDoor, RecoveryLink: RecoveryLinkDoor, InvitationLink: InvitationDoor}[l.Kind]
	return Facts{Door: door, Act: SignIn, Status: status, Proved: []Factor{KnownSecret}, Roles: roles,
		ExpiresAt: []time.Time{l.ExpiresAt}, RevokedAt: l.RevokedAt, Used: !l.UsedAt.IsZero(), BoundRole: l.Role}
}

// Err returns nil for OK, else a fault to show. At the doors where a stranger
// may stand, everything that would tell them whether an account exists is said
// in one sentence; the reason itself goes to the audit log.
func (v Verdict) Err() error {
	if v.OK {
		return nil
	}
	switch v.Reason {
	case ScopeTooNarrow:
		return fault.New(fault.Forbidden, "This token does not have the scope needed.")
	case PasskeyNeeded:
		return fault.New(fault.Unauthorised, "Sign in with your passkey. If you have lost it, use a recovery code.")
	case EnrolmentNeeded:
		return fault.New(fault.Forbidden, "Add a passkey before you continue. Your role needs one.")
	case StepUpNeeded:
		return fault.New(fault.StepUp, "Confirm who you are to continue.")
	case WrongDoor:
		return fault.New(fault.Forbidden, "This cannot be done with the way you signed in.")
	}
	return fault.New(fault.Unauthorised,
		"We could not sign you in. Check what you entered, or sign in again. An administrator can tell you whether your account can be used.")
}
