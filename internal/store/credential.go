package store

import (
	"context"
)

// Credential is one way in which a person proves who they are.
type Credential struct {
	ID        string
	Person    string
	Kind      string // passkey, passphrase, totp, recovery
	Label     string
	Handle    string // passkeys: the credential id, base64url
	Secret    []byte // public key, hash or sealed secret; never a plain secret
	CreatedAt int64
	RemovedAt int64
	State     []byte // sign count, last TOTP step: moves at each use
	UsedAt    int64
}

var credentialTable = table{name: "credential", key: 1, volatile: 2,
	cols: cols("id person_id kind label handle secret created_at removed_at state used_at")}

func (c *Credential) fields() []any {
	return []any{&c.ID, &c.Person, &c.Kind, &c.Label, &c.Handle, &c.Secret, &c.CreatedAt, &c.RemovedAt, &c.State, &c.UsedAt}
}

// CreateCredential adds a credential.
func (tx *Tx) CreateCredential(ctx context.Context, c Credential) error {
	return tx.insert(ctx, credentialTable, c.fields())
}

// SaveCredential replaces a credential.
func (tx *Tx) SaveCredential(ctx context.Context, c Credential) error {
	return tx.update(ctx, credentialTable, c.fields(), 0)
}

// UseCredential notes a use. The state must still be what it was when the use was
// checked, so that one code or one signature counter works once.
func (tx *Tx) UseCredential(ctx context.Context, id string, was, state []byte) error {
	if was == nil {
		was = []byte{}
	}
	res, err := tx.stmt(ctx, "UPDATE credential SET state = $1, used_at = $2 WHERE id = $3 AND removed_at = 0 AND state = $4", []any{state, tx.now, id, was})
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errStale.Because(err)
	}
	return nil
}

// Credentials lists the credentials of a person that are in use.
func (tx *Tx) Credentials(ctx context.Context, person string) ([]Credential, error) {
	return all(ctx, tx, "SELECT "+credentialTable.list()+" FROM credential WHERE person_id = $1 AND removed_at = 0 ORDER BY created_at, id LIMIT 200", []any{person}, (*Credential).fields)
}

// CredentialByHandle finds a passkey by its credential id.
func (tx *Tx) CredentialByHandle(ctx context.Context, handle string) (Credential, error) {
	var c Credential
	err := tx.one(ctx, "SELECT "+credentialTable.list()+" FROM credential WHERE kind = 'passkey' AND handle = $1 AND removed_at = 0", []any{handle}, c.fields())
	return c, err
}

// Session is one signed-in browser.
type Session struct {
	ID           string
	TokenHash    string
	Person       string
	Strength     string
	EnrolOnly    bool
	Address      string
	Agent        string
	CreatedAt    int64
	ExpiresAt    int64
	SteppedUpAt  int64
	SteppedUpBy  string // strength of that confirmation
	EndedAt      int64
	Organisation string // chosen last; moves without a record
	SeenAt       int64
}

var sessionTable = table{name: "session", key: 1, volatile: 2,
	cols: cols("id token_hash person_id strength enrol_only address agent created_at expires_at stepped_up_at stepped_up_by ended_at organisation_id seen_at")}

func (s *Session) fields() []any {
	return []any{&s.ID, &s.TokenHash, &s.Person, &s.Strength, &s.EnrolOnly, &s.Address, &s.Agent, &s.CreatedAt, &s.ExpiresAt,
		&s.SteppedUpAt, &s.SteppedUpBy, &s.EndedAt, &s.Organisation, &s.SeenAt}
}

// CreateSession adds a session.
func (tx *Tx) CreateSession(ctx context.Context, s Session) error {
	return tx.insert(ctx, sessionTable, s.fields())
}

// SaveSession replaces a session (step-up, end). One that has ended never comes
// back: the fault is then Stale, even when it ended at this very moment.
func (tx *Tx) SaveSession(ctx context.Context, s Session) error {
	vals := values(s.fields())
	res, err := tx.stmt(ctx, sessionTable.updateSQL(false)+" AND ended_at = 0", vals)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errStale.Because(err)
	}
	tx.touch(sessionTable, vals)
	return nil
}

// TouchSession notes when a session was last seen. It is not part of the record.
func (tx *Tx) TouchSession(ctx context.Context, id string) error {
	return tx.exec(ctx, "UPDATE session SET seen_at = $1 WHERE id = $2 AND ended_at = 0", tx.now, id)
}

// SessionByToken finds a session by the hash of its token.
func (tx *Tx) SessionByToken(ctx context.Context, hash string) (Session, error) {
	var s Session
	err := tx.one(ctx, "SELECT "+sessionTable.list()+" FROM session WHERE token_hash = $1", []any{hash}, s.fields())
	return s, err
}

// Sessions lists the sessions of a person that have not ended or run out.
func (tx *Tx) Sessions(ctx context.Context, person string) ([]Session, error) {
	return all(ctx, tx, "SELECT "+sessionTable.list()+` FROM session
		WHERE person_id = $1 AND ended_at = 0 AND expires_at > $2 ORDER BY seen_at DESC, id LIMIT 200`, []any{person, tx.now}, (*Session).fields)
}

// Link is a single-use address: setup, invitation, recovery or sign-in (demo).
type Link struct {
	ID           string
	Kind         string
	TokenHash    string
	Person       string
	Name         string // of the person invited, as the inviter wrote it
	Email        string
	Organisation string
	Role         string
	System       string
	Unit         string
	CreatedBy    string
	CreatedAt    int64
	ExpiresAt    int64
	UsedAt       int64
	RevokedAt    int64
}

var linkTable = table{name: "link", key: 1,
	cols: cols("id kind token_hash person_id name email organisation_id role system_id unit_id created_by created_at expires_at used_at revoked_at")}

func (l *Link) fields() []any {
	return []any{&l.ID, &l.Kind, &l.TokenHash, &l.Person, &l.Name, &l.Email, &l.Organisation, &l.Role, &l.System, &l.Unit, &l.CreatedBy,
		&l.CreatedAt, &l.ExpiresAt, &l.UsedAt, &l.RevokedAt}
}

// CreateLink adds a link.
func (tx *Tx) CreateLink(ctx context.Context, l Link) error {
	return tx.insert(ctx, linkTable, l.fields())
}

// RevokeLink makes a link useless if nobody has used or revoked it meanwhile;
// otherwise the fault is Stale.
func (tx *Tx) RevokeLink(ctx context.Context, l Link) error {
	l.RevokedAt = tx.now
	return tx.spendLink(ctx, l, "UPDATE link SET revoked_at = $1 WHERE id = $2 AND used_at = 0 AND revoked_at = 0")
}

// UseLink marks the link used if nobody has used or revoked it meanwhile;
// otherwise the fault is Stale.
func (tx *Tx) UseLink(ctx context.Context, l Link) error {
	l.UsedAt = tx.now
	return tx.spendLink(ctx, l, "UPDATE link SET used_at = $1 WHERE id = $2 AND used_at = 0 AND revoked_at = 0")
}

func (tx *Tx) spendLink(ctx context.Context, l Link, statement string) error {
	res, err := tx.stmt(ctx, statement, []any{tx.now, l.ID})
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errStale.Because(err)
	}
	tx.touch(linkTable, values(l.fields()))
	return nil
}

// LinkByToken finds a link by the hash of its token.
func (tx *Tx) LinkByToken(ctx context.Context, hash string) (Link, error) {
	var l Link
	err := tx.one(ctx, "SELECT "+linkTable.list()+" FROM link WHERE token_hash = $1", []any{hash}, l.fields())
	return l, err
}

// OpenLinks lists links of a kind that can still be used, for an organisation or,
// with an empty id, for the instance.
func (tx *Tx) OpenLinks(ctx context.Context, kind, organisation string) ([]Link, error) {
	return all(ctx, tx, "SELECT "+linkTable.list()+` FROM link WHERE organisation_id = $1 AND kind = $2
		AND used_at = 0 AND revoked_at = 0 AND expires_at > $3 ORDER BY created_at DESC, id LIMIT 500`, []any{organisation, kind, tx.now}, (*Link).fields)
}

// SaveCeremony keeps the server's half of a passkey exchange between two requests.
func (tx *Tx) SaveCeremony(ctx context.Context, id string, body []byte, expires int64) error {
	if err := tx.exec(ctx, "DELETE FROM ceremony WHERE expires_at < $1", tx.now); err != nil {
		return err
	}
	return tx.exec(ctx, "INSERT INTO ceremony (id, body, expires_at) VALUES ($1, $2, $3)", id, body, expires)
}

// TakeCeremony returns and removes it: it can be used once.
func (tx *Tx) TakeCeremony(ctx context.Context, id string) ([]byte, error) {
	var body []byte
	err := tx.one(ctx, "DELETE FROM ceremony WHERE id = $1 AND expires_at >= $2 RETURNING body", []any{id, tx.now}, []any{&body})
	return body, err
}
