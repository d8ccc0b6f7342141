// Package identity holds who a person is and what proves it: users, sessions,
// single-use links, API tokens, and the one function that says whether
// somebody may act now.
//
// It is pure: secrets and times are given from outside, only digests are kept,
// and nothing here hashes passphrases, verifies signatures or reads a store
// (see package authn for the proofs and package access for permissions).
//
// Requirements it implements: OWASP ASVS 5.0 chapters V6 and V7 (single-use
// codes, idle and absolute session limits, step-up), and NIST SP 800-63B-4
// sections 2 and 5 (phishing-resistant authentication for privileged roles,
// reauthentication after one hour idle or 12 and 24 hours in all).
//
// Start reading at MayActNow.
package identity

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Status is whether an account may be used at all. The set is closed.
type Status string

const (
	Active   Status = "active"
	Disabled Status = "disabled" // by an administrator; the person has left or must not enter
	Locked   Status = "locked"   // by the system or an administrator, until somebody has looked
	Erased   Status = "erased"   // the details are gone; only what was done stays, and nothing leads back
)

// Valid reports whether s is one of the statuses.
func (s Status) Valid() bool { return s == Active || s == Disabled || s == Locked || s == Erased }

// Limits of the fields of a user, in characters.
const (
	MaxName  = 200
	MaxEmail = 254 // RFC 5321, section 4.5.3.1.3, less the angle brackets
)

// User is one person, known across the whole instance. What they may do in an
// organisation is not here.
type User struct {
	ID        string
	Name      string
	Email     string
	Status    Status
	CreatedAt time.Time
	EndsAt    time.Time // the account cannot be used from here on; zero for no end
	Version   int64
}

// NewUser returns an active user, or a fault.Invalid with every problem.
func NewUser(id, name, email string, now time.Time) (User, error) {
	name, email = strings.TrimSpace(name), strings.TrimSpace(email)
	var problems fault.Problems
	checkName(&problems, name)
	checkEmail(&problems, email)
	if err := problems.Err(); err != nil {
		return User{}, err
	}
	return User{ID: id, Name: name, Email: email, Status: Active, CreatedAt: now, Version: 1}, nil
}

// FoldEmail returns the form of an address in which two are compared: upper
// and lower case are one, because no mail system in use tells them apart and
// two accounts that differ only by case are one person by mistake or by malice.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// SetStatus moves the user to a status, or returns fault.Conflict for a move
// that would hide what happened: a disabled account is enabled before it can
// be locked.
func (u User) SetStatus(to Status) (User, error) {
	switch {
	case !to.Valid():
		return u, fault.Newf(fault.Invalid, "%q is not a status of an account.", string(to))
	case u.Status == Erased || to == Erased:
		return u, fault.New(fault.Conflict, "This account was erased. It cannot be brought back: invite the person anew.")
	case u.Status == to:
		return u, fault.Newf(fault.Conflict, "This account is already %s.", to)
	case u.Status == Disabled && to == Locked:
		return u, fault.New(fault.Conflict, "This account is disabled. Enable it before locking it.")
	}
	u.Status = to
	return u, nil
}

func checkName(problems *fault.Problems, name string) {
	switch {
	case name == "":
		problems.Add("/name", "Enter a name")
	case !utf8.ValidString(name) || strings.IndexFunc(name, unicode.IsControl) >= 0:
		problems.Add("/name", "Name must not contain control characters")
	case utf8.RuneCountInString(name) > MaxName:
		problems.Add("/name", "Name must be %d characters or fewer", MaxName)
	}
}

// checkEmail accepts what could be an address. Only a message that arrives
// proves one, so the rule is short.
func checkEmail(problems *fault.Problems, email string) {
	local, domain, found := strings.Cut(email, "@")
	bad := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune(`<>(),;:"[]\`, r)
	}
	switch {
	case email == "":
		problems.Add("/email", "Enter an email address")
	case !found || local == "" || domain == "" || strings.Contains(domain, "@") || !utf8.ValidString(email) ||
		strings.IndexFunc(email, bad) >= 0 || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, "."):
		problems.Add("/email", "Enter an email address in the correct format, like name@example.com")
	case len(email) > MaxEmail:
		problems.Add("/email", "Email address must be %d characters or fewer", MaxEmail)
	}
}
