package identity

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// LinkKind is what a single-use link is for. The set is closed.
type LinkKind string

const (
	SetupLink      LinkKind = "setup"      // printed at the first start; makes the first administrator
	RecoveryLink   LinkKind = "recovery"   // made by an operator for somebody who lost every factor
	InvitationLink LinkKind = "invitation" // sent by an administrator
)

// Life returns how long a link of this kind can be used.
func (k LinkKind) Life() time.Duration {
	if k == InvitationLink {
		return 24 * time.Hour
	}
	return 15 * time.Minute
}

// Valid reports whether k is one of the kinds.
func (k LinkKind) Valid() bool {
	return k == SetupLink || k == RecoveryLink || k == InvitationLink
}

// Link is an address that lets one person in once. It is bound to the email
// address and the role it was made for, and dies on use, revocation, expiry or
// a change of either. Looking at the page does not use it: mail scanners look.
type Link struct {
	ID             string
	Kind           LinkKind
	Digest         Digest
	OrganisationID string      // empty for a setup or recovery link
	UserID         string      // of the person to recover; empty when there is no account yet
	Email          string      // empty for a setup link only
	Role           access.Role // empty for a recovery link only: roles stay as they are
	CreatedBy      string
	CreatedAt      time.Time
	ExpiresAt      time.Time
	UsedAt         time.Time
	RevokedAt      time.Time
}

// NewLink returns a link to hand out as secret.Reveal. What binds it is
// checked: fault.Invalid when the address, role or user that its kind needs is
// missing.
func NewLink(l Link, secret Secret, now time.Time) (Link, error) {
	var problems fault.Problems
	if !l.Kind.Valid() {
		problems.Add("/kind", "%q is not a kind of link", string(l.Kind))
	}
	if l.Kind != SetupLink {
		checkEmail(&problems, l.Email)
	}
	if l.Kind != RecoveryLink && l.Role == "" {
		problems.Add("/role", "Select a role")
	}
	if l.Kind == RecoveryLink && l.UserID == "" {
		problems.Add("/user", "Select the person to recover")
	}
	if err := problems.Err(); err != nil {
		return Link{}, err
	}
	l.Digest, l.CreatedAt, l.ExpiresAt = secret.Digest(), now, now.Add(l.Kind.Life())
	l.UsedAt, l.RevokedAt = time.Time{}, time.Time{}
	return l, nil
}

// Use marks the link used. The store changes the row only where it is still
// unused, so that of two simultaneous uses one fails; fault.Conflict when it
// was used, revoked or has expired.
func (l Link) Use(now time.Time) (Link, error) {
	if !l.UsedAt.IsZero() || !l.RevokedAt.IsZero() || !now.Before(l.ExpiresAt) {
		return l, fault.New(fault.Conflict, "This link has been used or has expired. Ask for a new one.")
	}
	l.UsedAt = now
	return l, nil
}

// Revoke makes the link useless. Revoking twice keeps the first time.
func (l Link) Revoke(now time.Time) Link {
	if l.RevokedAt.IsZero() {
		l.RevokedAt = now
	}
	return l
}
