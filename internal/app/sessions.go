package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Opened is a session that was just opened. Cookie is its only proof and is
// given out this once.
type Opened struct {
	Cookie      string `json:"-"`
	SessionID   string
	PersonID    string
	ExpiresAt   time.Time
	EnrolOnly   bool
	PasskeyOnly bool
}

// SessionView is an open session as its owner sees it.
type SessionView struct {
	ID        string
	Current   bool
	Strength  identity.Strength
	EnrolOnly bool
	Address   string
	Agent     string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Sessions lists the open sessions of whoever asks, last used first.
func (a *App) Sessions(ctx context.Context, who access.Actor) ([]SessionView, error) {
	var out []SessionView
	err := a.reading(ctx, who, access.SelfRead, func(tx *store.Tx, _ access.Scope) error {
		rows, err := tx.Sessions(ctx, who.ID)
		for _, s := range rows {
			if idle := sessionOf(s).IdleAt(); !idle.After(time.UnixMicro(tx.Now())) {
				continue
			}
			out = append(out, SessionView{ID: s.ID, Current: s.ID == who.Session, Strength: identity.Strength(s.Strength), EnrolOnly: s.EnrolOnly,
				Address: s.Address, Agent: s.Agent, CreatedAt: micro(s.CreatedAt), SeenAt: micro(s.SeenAt), ExpiresAt: micro(s.ExpiresAt)})
		}
		return err
	})
	return out, err
}

// EndSession ends one of the asker's own sessions; any other is not found.
func (a *App) EndSession(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	return a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		s, err := ownSession(ctx, tx, who.ID, id)
		if err != nil {
			return err
		}
		return endSession(ctx, tx, s, "by its owner")
	})
}

// EndOtherSessions ends all of the asker's sessions but the one in use.
func (a *App) EndOtherSessions(ctx context.Context, who access.Actor) (Receipt, error) {
	return a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		return endSessions(ctx, tx, who.ID, who.Session, "by its owner")
	})
}

// SignOut ends the session in use.
func (a *App) SignOut(ctx context.Context, who access.Actor) (Receipt, error) {
	return a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		s, err := ownSession(ctx, tx, who.ID, who.Session)
		if err != nil {
			return ignoreNotFound(err)
		}
		return endSession(ctx, tx, s, "signed out")
	})
}

// SwitchOrganisation moves the session in use to another organisation in which
// the person holds a role; any other is not found.
func (a *App) SwitchOrganisation(ctx context.Context, who access.Actor, organisation string) (Receipt, error) {
	return a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		s, c, err := a.own(ctx, tx, who)
		if err != nil {
			return err
		}
		if !slices.Contains(c.organisations(), organisation) {
			return errNotFound
		}
		s.Organisation = organisation
		if err := tx.SaveSession(ctx, s); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SessionOrganisationSwitched, Organisation: organisation, TargetType: "session", Target: s.ID})
		return nil
	})
}

// sessionOf gives the row to the rules of identity.
func sessionOf(s store.Session) identity.Session {
	return identity.Session{ID: s.ID, UserID: s.Person, Strength: identity.Strength(s.Strength),
		Privileged: s.ExpiresAt-s.CreatedAt <= identity.SessionLifePrivileged.Microseconds(),
		CreatedAt:  micro(s.CreatedAt), LastSeenAt: micro(s.SeenAt), StepUpAt: micro(s.SteppedUpAt),
		StepUpBy: identity.Strength(s.SteppedUpBy), EndedAt: micro(s.EndedAt)}
}

// opening is how a session comes about.
type opening struct {
	account      account
	by           identity.Strength
	door         identity.Door
	verdict      identity.Verdict
	organisation string // "" = the first by name
	meta         RequestMeta
}

// open adds a session and its entry to the transaction.
func (a *App) open(ctx context.Context, tx *store.Tx, o opening) (Opened, error) {
	c := o.account
	secret, err := authn.NewSecret(a.Random)
	if err != nil {
		return Opened{}, err
	}
	id, err := a.newID(tx, ident.Session)
	if err != nil {
		return Opened{}, err
	}
	org, _, err := a.chosen(ctx, tx, c, o.organisation)
	if err != nil {
		return Opened{}, err
	}
	privileged := identity.Privileged(c.roles())
	s := identity.OpenSession(id, c.person.ID, secret, o.by, privileged, time.UnixMicro(tx.Now()))
	row := store.Session{ID: id, TokenHash: s.Digest.String(), Person: s.UserID, Strength: string(s.Strength), EnrolOnly: o.verdict.EnrolOnly,
		Address: o.meta.Address, Agent: plain(o.meta.Agent, 300), CreatedAt: tx.Now(), ExpiresAt: s.ExpiresAt(privileged).UnixMicro(),
		SteppedUpBy: string(s.StepUpBy), Organisation: org.ID, SeenAt: tx.Now()}
	if !s.StepUpAt.IsZero() {
		row.SteppedUpAt = s.StepUpAt.UnixMicro()
	}
	if err := tx.CreateSession(ctx, row); err != nil {
		return Opened{}, err
	}
	tx.Record(store.Record{Action: audit.SessionOpened, Organisation: org.ID, TargetType: "session", Target: id,
		Fields: map[string]string{"user": c.person.ID, "agent": row.Agent, "door": string(o.door)}})
	return Opened{Cookie: secret.Reveal(), SessionID: id, PersonID: c.person.ID, ExpiresAt: micro(row.ExpiresAt),
		EnrolOnly: o.verdict.EnrolOnly, PasskeyOnly: o.verdict.PasskeyOnly}, nil
}

// confirm gives the session a new secret and notes that the person has just
// proved who they are; with full it becomes a session as if opened that way.
func (a *App) confirm(ctx context.Context, tx *store.Tx, row store.Session, c account, by identity.Strength, full bool) (string, error) {
	secret, err := authn.NewSecret(a.Random)
	if err != nil {
		return "", err
	}
	s, err := sessionOf(row).StepUp(by, secret, time.UnixMicro(tx.Now()))
	if err != nil {
		return "", err
	}
	row.TokenHash, row.SteppedUpAt, row.SteppedUpBy = s.Digest.String(), tx.Now(), string(by)
	if full {
		row.Strength, row.EnrolOnly = string(by), false
		row.ExpiresAt = s.ExpiresAt(identity.Privileged(c.roles())).UnixMicro()
	}
	if err := tx.SaveSession(ctx, row); err != nil {
		return "", err
	}
	return secret.Reveal(), nil
}

// own reads the session in use and its account again, inside the transaction.
func (a *App) own(ctx context.Context, tx *store.Tx, who access.Actor) (store.Session, account, error) {
	s, err := ownSession(ctx, tx, who.ID, who.Session)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			err = identity.Verdict{Reason: identity.WrongDoor}.Err()
		}
		return store.Session{}, account{}, err
	}
	p, err := tx.Person(ctx, who.ID)
	if err != nil {
		return store.Session{}, account{}, err
	}
	c, err := a.account(ctx, tx, p)
	return s, c, err
}

// ownFor is own, and asks the door whether the act may be done.
func (a *App) ownFor(ctx context.Context, tx *store.Tx, who access.Actor, act identity.Act) (store.Session, account, identity.Verdict, error) {
	s, c, err := a.own(ctx, tx, who)
	if err != nil {
		return s, c, identity.Verdict{}, err
	}
	v := identity.MayActNow(c.ofSession(sessionOf(s), act), time.UnixMicro(tx.Now()))
	return s, c, v, v.Err()
}

func ownSession(ctx context.Context, tx *store.Tx, person, id string) (store.Session, error) {
	rows, err := tx.Sessions(ctx, person)
	if err != nil {
		return store.Session{}, err
	}
	i := slices.IndexFunc(rows, func(s store.Session) bool { return s.ID == id && id != "" })
	if i < 0 {
		return store.Session{}, errNotFound
	}
	return rows[i], nil
}

// endSessions ends every open session of a person but one ("" = all of them).
func endSessions(ctx context.Context, tx *store.Tx, person, except, how string) error {
	for {
		rows, err := tx.Sessions(ctx, person)
		if err != nil {
			return err
		}
		ended := 0
		for _, s := range rows {
			if s.ID == except {
				continue
			}
			if err := endSession(ctx, tx, s, how); err != nil {
				return err
			}
			ended++
		}
		if ended == 0 {
			return nil
		}
	}
}

// endSession ends one; that it ended meanwhile is as good.
func endSession(ctx context.Context, tx *store.Tx, s store.Session, how string) error {
	s.EndedAt = tx.Now()
	if err := tx.SaveSession(ctx, s); err != nil {
		if fault.Is(err, fault.Stale) {
			return nil
		}
		return err
	}
	tx.Record(store.Record{Action: audit.SessionEnded, Organisation: s.Organisation, TargetType: "session", Target: s.ID,
		Fields: map[string]string{"user": s.Person, "how": how}})
	return nil
}

// plain makes text that came unasked (a header, a mistyped name) fit to be kept.
func plain(s string, max int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if r := []rune(s); len(r) > max {
		s = string(r[:max])
	}
	return s
}
