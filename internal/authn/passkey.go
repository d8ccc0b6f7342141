package authn

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// CeremonyLife is how long a person has between the two requests.
const CeremonyLife = 5 * time.Minute

// maxResponse bounds what a browser may send, in bytes. Attestation is not
// asked for, so a response has about one kilobyte.
const maxResponse = 64 << 10

// Passkeys registers and checks passkeys for one relying party. Every ceremony
// demands user verification (a PIN or a fingerprint), and every registration a
// discoverable credential. Attestation is neither asked for nor judged, so no
// metadata is fetched. Safe for concurrent use.
//
// Each Begin returns options for the browser and a session to keep on the
// server, bound to the browser by a cookie. The caller deletes the session
// when it reads it, in the same transaction: a challenge is answered once.
type Passkeys struct {
	web    *webauthn.WebAuthn
	random io.Reader
	now    func() time.Time
}

// PasskeyConfig is what a relying party is.
type PasskeyConfig struct {
	RPID    string   // host name without port, such as "localhost"; an IP address is refused
	Origins []string // complete, such as "https://localhost:8443"
	Name    string   // shown by the browser
	Random  io.Reader
	Now     func() time.Time
}

// Person is the owner of passkeys, as a ceremony needs them.
type Person struct {
	Handle      []byte // opaque, at most 64 bytes, never changing: the user's id
	Name        string // the address they sign in with
	DisplayName string
	Passkeys    []Passkey // those that may be used; revoked ones left out
}

// Passkey is what is stored of a registered credential.
type Passkey struct {
	ID             []byte // at most 1023 bytes, unique across all people
	PublicKey      []byte // COSE key
	AAGUID         []byte // 16 bytes; the model, zero when the authenticator keeps it to itself
	SignCount      uint32 // always 0 for synced passkeys
	BackupEligible bool   // may be synced between devices; never changes
	BackedUp       bool
	Transports     []string
}

// Assertion is the result of a sign-in or step-up: what to store with the
// passkey, and what to be told.
type Assertion struct {
	PasskeyID []byte
	SignCount uint32
	BackedUp  bool
	// CloneWarning says that the counter did not rise: a second copy of the key
	// may be in use. It is for the audit log and the owner to see. SignCount is
	// then the old one.
	CloneWarning bool
}

// NewPasskeys returns a relying party, or an error for a name or origin that
// no browser would accept.
func NewPasskeys(c PasskeyConfig) (*Passkeys, error) {
	web, err := webauthn.New(&webauthn.Config{
		RPID: c.RPID, RPDisplayName: c.Name, RPOrigins: c.Origins,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification:   protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("set up passkeys for %q: %w", c.RPID, err)
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Passkeys{web: web, random: c.Random, now: c.Now}, nil
}

// BeginRegistration starts adding a passkey to a person. options is the JSON
// for navigator.credentials.create.
func (p *Passkeys) BeginRegistration(who Person) (options, session []byte, err error) {
	challenge, err := p.challenge()
	if err != nil {
		return nil, nil, err
	}
	var have []protocol.CredentialDescriptor
	for _, k := range who.Passkeys {
		c := k.credential()
		have = append(have, c.Descriptor())
	}
	creation, data, err := p.web.BeginRegistration(owner{who}, webauthn.WithExclusions(have),
		func(o *protocol.PublicKeyCredentialCreationOptions) error { o.Challenge = challenge; return nil })
	if err != nil {
		return nil, nil, fmt.Errorf("begin passkey registration: %w", err)
	}
	return p.pack(forRegistration, creation, data)
}

// FinishRegistration checks the browser's answer and returns the new passkey.
// It fails with fault.Invalid for an answer that is not one to this session.
func (p *Passkeys) FinishRegistration(who Person, session, response []byte) (Passkey, error) {
	refused := fault.New(fault.Invalid, "The passkey could not be added. Try again.")
	data, err := p.unpack(forRegistration, session)
	if err != nil {
		return Passkey{}, err
	}
	if len(response) > maxResponse {
		return Passkey{}, fault.New(fault.TooLarge, "The answer of the browser is too large.")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Passkey{}, refused.Because(explain(err))
	}
	c, err := p.web.CreateCredential(owner{who}, data, parsed)
	if err != nil {
		return Passkey{}, refused.Because(explain(err))
	}
	return passkeyOf(c), nil
}

// BeginSignIn starts a sign-in by whoever holds a passkey for this site. It
// names nobody, so it tells a stranger nothing. options is the JSON for
// navigator.credentials.get.
func (p *Passkeys) BeginSignIn() (options, session []byte, err error) {
	challenge, err := p.challenge()
	if err != nil {
		return nil, nil, err
	}
	assertion, data, err := p.web.BeginDiscoverableLogin(webauthn.WithChallenge(challenge))
	if err != nil {
		return nil, nil, fmt.Errorf("begin passkey sign-in: %w", err)
	}
	return p.pack(forSignIn, assertion, data)
}

// FinishSignIn checks the browser's answer. find returns the person with the
// handle, including the passkey with the id; its error ends the sign-in. It
// fails with fault.Unauthorised for anything that is not right.
func (p *Passkeys) FinishSignIn(session, response []byte, find func(handle, passkeyID []byte) (Person, error)) (Person, Assertion, error) {
	parsed, data, err := p.answer(forSignIn, session, response)
	if err != nil {
		return Person{}, Assertion{}, err
	}
	var who Person
	_, c, err := p.web.ValidatePasskeyLogin(func(passkeyID, handle []byte) (webauthn.User, error) {
		who, err = find(handle, passkeyID)
		return owner{who}, err
	}, data, parsed)
	if err != nil {
		return Person{}, Assertion{}, notAccepted().Because(explain(err))
	}
	return who, assertionOf(c), nil
}

// BeginSignInAs starts a sign-in by a person who is already known, with their
// passkeys alone. fault.Conflict when they have none.
func (p *Passkeys) BeginSignInAs(who Person) (options, session []byte, err error) {
	return p.beginAs(forSignInAs, who)
}

// FinishSignInAs is FinishSignIn for a session of BeginSignInAs.
func (p *Passkeys) FinishSignInAs(who Person, session, response []byte) (Assertion, error) {
	return p.finishAs(forSignInAs, who, session, response)
}

// BeginStepUp starts a fresh confirmation by a person who is signed in.
// fault.Conflict when they have no passkey.
func (p *Passkeys) BeginStepUp(who Person) (options, session []byte, err error) {
	return p.beginAs(forStepUp, who)
}

// FinishStepUp checks the confirmation. A passkey that may have been copied
// confirms nothing: the assertion is returned with its warning, and
// fault.StepUp with it.
func (p *Passkeys) FinishStepUp(who Person, session, response []byte) (Assertion, error) {
	a, err := p.finishAs(forStepUp, who, session, response)
	if err == nil && a.CloneWarning {
		return a, fault.New(fault.StepUp, "This passkey may have been copied, so it cannot confirm who you are. Use another one and tell your administrator.")
	}
	return a, err
}

func (p *Passkeys) beginAs(purpose string, who Person) (options, session []byte, err error) {
	if len(who.Passkeys) == 0 {
		return nil, nil, fault.New(fault.Conflict, "There is no passkey to use. Add one first.")
	}
	challenge, err := p.challenge()
	if err != nil {
		return nil, nil, err
	}
	assertion, data, err := p.web.BeginLogin(owner{who}, webauthn.WithChallenge(challenge))
	if err != nil {
		return nil, nil, fmt.Errorf("begin passkey %s: %w", purpose, err)
	}
	return p.pack(purpose, assertion, data)
}

func (p *Passkeys) finishAs(purpose string, who Person, session, response []byte) (Assertion, error) {
	parsed, data, err := p.answer(purpose, session, response)
	if err != nil {
		return Assertion{}, err
	}
	c, err := p.web.ValidateLogin(owner{who}, data, parsed)
	if err != nil {
		return Assertion{}, notAccepted().Because(explain(err))
	}
	return assertionOf(c), nil
}

func (p *Passkeys) answer(purpose string, session, response []byte) (*protocol.ParsedCredentialAssertionData, webauthn.SessionData, error) {
	data, err := p.unpack(purpose, session)
	if err != nil {
		return nil, data, err
	}
	if len(response) > maxResponse {
		return nil, data, fault.New(fault.TooLarge, "The answer of the browser is too large.")
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return nil, data, notAccepted().Because(explain(err))
	}
	return parsed, data, nil
}

func notAccepted() *fault.Error {
	return fault.New(fault.Unauthorised, "The passkey was not accepted. Try again, or use another way to sign in.")
}

// Purposes of a ceremony. A session is good for its own purpose only: an
// answer given to sign in must not count as the confirmation of a sign-off.
const (
	forRegistration = "registration"
	forSignIn       = "sign-in"
	forSignInAs     = "sign-in-as"
	forStepUp       = "step-up"
)

// ceremony is what stands between the two requests. The library could watch
// the time too, but by the wall clock.
type ceremony struct {
	Purpose string               `json:"purpose"`
	Expires time.Time            `json:"expires"`
	Data    webauthn.SessionData `json:"data"`
}

func (p *Passkeys) pack(purpose string, browser any, data *webauthn.SessionData) (options, session []byte, err error) {
	if options, err = json.Marshal(browser); err != nil {
		return nil, nil, fmt.Errorf("encode passkey options: %w", err)
	}
	session, err = json.Marshal(ceremony{Purpose: purpose, Expires: p.now().Add(CeremonyLife), Data: *data})
	if err != nil {
		return nil, nil, fmt.Errorf("encode passkey session: %w", err)
	}
	return options, session, nil
}

func (p *Passkeys) unpack(purpose string, session []byte) (webauthn.SessionData, error) {
	var c ceremony
	if err := json.Unmarshal(session, &c); err != nil {
		return c.Data, fmt.Errorf("decode passkey session: %w", err)
	}
	if c.Purpose != purpose || !p.now().Before(c.Expires) {
		return c.Data, fault.New(fault.Unauthorised, "That took too long, or was answered already. Start again.")
	}
	return c.Data, nil
}

func (p *Passkeys) challenge() ([]byte, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(p.random, b); err != nil {
		return nil, fmt.Errorf("make a challenge: %w", err)
	}
	return b, nil
}
