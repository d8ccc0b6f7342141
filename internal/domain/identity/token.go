package identity

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Limits of an API token.
const (
	MaxTokenLife = 366 * 24 * time.Hour
	MaxTokenName = 100 // characters
	TokenTouch   = time.Minute
)

// Token is an API token: it acts with one role, within its scopes, and can
// never confirm a step-up.
type Token struct {
	ID             string
	Digest         Digest
	OrganisationID string
	UserID         string // the person it acts for; empty for a service
	Name           string
	Role           access.Role
	Scopes         []string // what it may do, in the words of package access; empty means nothing
	SystemID       string   // the one system it is limited to; empty for all that the role sees
	CreatedAt      time.Time
	ExpiresAt      time.Time
	LastUsedAt     time.Time
	RevokedAt      time.Time
}

// NewToken returns a token to hand out as secret.RevealToken, living for life.
// fault.Invalid lists every problem.
func NewToken(t Token, secret Secret, life time.Duration, now time.Time) (Token, error) {
	var problems fault.Problems
	t.Name = strings.TrimSpace(t.Name)
	if t.Name == "" || utf8.RuneCountInString(t.Name) > MaxTokenName {
		problems.Add("/name", "Name must be between 1 and %d characters", MaxTokenName)
	}
	if t.Role == "" {
		problems.Add("/role", "Select a role")
	}
	if len(t.Scopes) == 0 {
		problems.Add("/scopes", "Select at least one thing the token may do")
	}
	if life <= 0 || life > MaxTokenLife {
		problems.Add("/ttl", "Time to live must be more than nothing and at most %d days", int(MaxTokenLife.Hours()/24))
	}
	if err := problems.Err(); err != nil {
		return Token{}, err
	}
	t.Scopes = slices.Compact(slices.Sorted(slices.Values(t.Scopes)))
	t.Digest, t.CreatedAt, t.ExpiresAt = secret.TokenDigest(), now, now.Add(life)
	t.LastUsedAt, t.RevokedAt = time.Time{}, time.Time{}
	return t, nil
}

// Touch records a use, and reports whether the change is worth storing.
func (t Token) Touch(now time.Time) (Token, bool) {
	if now.Sub(t.LastUsedAt) < TokenTouch {
		return t, false
	}
	t.LastUsedAt = now
	return t, true
}

// Revoke makes the token useless. Revoking twice keeps the first time.
func (t Token) Revoke(now time.Time) Token {
	if t.RevokedAt.IsZero() {
		t.RevokedAt = now
	}
	return t
}
