package web

import "github.com/touchstone-assurance/touchstone/internal/domain/access"

// Where the pages of signing in begin.
const (
	signInPath = "/sign-in"
	// enrolPath is where somebody goes who may do nothing but add a factor.
	enrolPath = "/account"
)

// accountRoutes are the pages of people, sign-in and the organisation.
func accountRoutes() []route {
	return append(doorRoutes(), append(ownRoutes(), administrationRoutes()...)...)
}

// doorRoutes lead in and out. Nobody is signed in yet, so what they may do is
// decided at the door (identity.MayActNow) and not by a role.
func doorRoutes() []route {
	return []route{
		{"GET /setup/{token}", public, "account_form", (*Site).setupFirst},
		{"POST /setup/{token}", public, "account_form", (*Site).setupFirstDone},
		{"GET /sign-in", public, "signin_page", (*Site).signIn},
		{"POST /sign-in/options", public, "", (*Site).signInOptions},
		{"POST /sign-in/finish", public, "", (*Site).signInFinish},
		{"GET /sign-in/passphrase", public, "account_form", (*Site).signInPassphrase},
		{"POST /sign-in/passphrase", public, "account_form", (*Site).signInPassphraseDone},
		{"GET /sign-in/recovery-code", public, "account_form", (*Site).signInRecovery},
		{"POST /sign-in/recovery-code", public, "account_form", (*Site).signInRecoveryDone},
		{"GET /invitation/{token}", public, "account_form", (*Site).invitationOpen},
		{"POST /invitation/{token}", public, "account_form", (*Site).invitationAccept},
		{"GET /recovery/{token}", public, "account_form", (*Site).recoveryOpen},
		{"POST /recovery/{token}", public, "account_form", (*Site).recoveryUse},
		{"GET /demo/{token}", public, "account_form", (*Site).signInDemo},
		{"POST /demo/{token}", public, "account_form", (*Site).signInDemoDone},
		{"GET /sign-out", public, "account_form", (*Site).signOut},
		{"POST /sign-out", public, "account_form", (*Site).signOutDone},
	}
}

// ownRoutes are what everybody does about their own account.
func ownRoutes() []route {
	return []route{
		{"GET /account", access.SelfRead, "account_home", (*Site).account},
		{"GET /account/enrol", access.SelfRead, "account_enrol", (*Site).accountEnrol},
		{"GET /account/name", access.SelfWrite, "account_form", (*Site).accountName},
		{"POST /account/name", access.SelfWrite, "account_form", (*Site).accountNameDone},
		{"GET /account/passkey/new", access.SelfEnrol, "account_passkey", (*Site).accountPasskey},
		{"POST /account/passkey/new", access.SelfEnrol, "account_passkey", (*Site).accountPasskeyReady},
		{"POST /account/passkey/options", access.SelfEnrol, "", (*Site).accountPasskeyOptions},
		{"POST /account/passkey/finish", access.SelfEnrol, "", (*Site).accountPasskeyFinish},
		{"GET /account/passkey/second", access.SelfRead, "account_second", (*Site).accountSecond},
		{"GET /account/passkey/{id}/remove", access.SelfSecure, "account_form", (*Site).accountPasskeyRemove},
		{"POST /account/passkey/{id}/remove", access.SelfSecure, "account_form", (*Site).accountPasskeyRemoved},
		{"GET /account/email", access.SelfSecure, "account_form", (*Site).accountEmail},
		{"POST /account/email", access.SelfSecure, "account_form", (*Site).accountEmailDone},
		{"GET /account/passphrase", access.SelfEnrol, "account_form", (*Site).accountPassphrase},
		{"POST /account/passphrase", access.SelfEnrol, "account_form", (*Site).accountPassphraseDone},
		{"GET /account/passphrase/remove", access.SelfSecure, "account_form", (*Site).accountPassphraseRemove},
		{"POST /account/passphrase/remove", access.SelfSecure, "account_form", (*Site).accountPassphraseRemoved},
		{"GET /account/code-app", access.SelfEnrol, "account_code_app", (*Site).accountCodeApp},
		{"POST /account/code-app", access.SelfEnrol, "account_code_app", (*Site).accountCodeAppDone},
		{"GET /account/recovery-codes", access.SelfSecure, "account_form", (*Site).accountRecovery},
		{"POST /account/recovery-codes", access.SelfSecure, "account_codes", (*Site).accountRecoveryDone},
		{"POST /account/recovery-codes/keep", access.SelfRead, "account_codes", (*Site).accountRecoveryKeep},
		{"POST /account/sessions/{id}/end", access.SelfWrite, "", (*Site).sessionEnd},
		{"POST /account/sessions/end-others", access.SelfWrite, "", (*Site).sessionEndOthers},
	}
}

// administrationRoutes are what administrators do.
func administrationRoutes() []route {
	return []route{
		{"GET /people", access.PeopleRead, "people_list", (*Site).people},
		{"GET /people/invite", access.PeopleWrite, "account_form", (*Site).peopleInvite},
		{"POST /people/invite", access.PeopleWrite, "account_shown", (*Site).peopleInviteDone},
		{"POST /people/invitations/{id}/withdraw", access.PeopleWrite, "", (*Site).peopleWithdraw},
		{"GET /people/{id}", access.PeopleRead, "person_view", (*Site).person},
		{"GET /people/{id}/roles/new", access.PeopleWrite, "account_form", (*Site).personRole},
		{"POST /people/{id}/roles/new", access.PeopleWrite, "account_form", (*Site).personRoleDone},
		{"GET /people/{id}/roles/{grant}/end", access.PeopleWrite, "account_form", (*Site).personRoleEnd},
		{"POST /people/{id}/roles/{grant}/end", access.PeopleWrite, "account_form", (*Site).personRoleEnded},
		{"GET /people/{id}/disable", access.PeopleWrite, "account_form", (*Site).personDisable},
		{"POST /people/{id}/disable", access.PeopleWrite, "account_form", (*Site).personDisabled},
		{"GET /people/{id}/enable", access.PeopleWrite, "account_form", (*Site).personEnable},
		{"POST /people/{id}/enable", access.PeopleWrite, "account_form", (*Site).personEnabled},
		{"GET /people/{id}/training/new", access.PeopleWrite, "account_form", (*Site).personTraining},
		{"POST /people/{id}/training/new", access.PeopleWrite, "account_form", (*Site).personTrainingDone},
		{"GET /organisation", access.OrganisationRead, "organisation_view", (*Site).organisation},
		{"GET /organisation/change", access.OrganisationWrite, "account_form", (*Site).organisationChange},
		{"POST /organisation/change", access.OrganisationWrite, "account_form", (*Site).organisationChanged},
		{"GET /organisation/new", access.OrganisationCreate, "account_form", (*Site).organisationNew},
		{"POST /organisation/new", access.OrganisationCreate, "account_form", (*Site).organisationMade},
		{"GET /units", access.OrganisationRead, "unit_tree", (*Site).units},
		{"GET /units/new", access.UnitWrite, "account_form", (*Site).unitNew},
		{"POST /units/new", access.UnitWrite, "account_form", (*Site).unitMade},
		{"GET /units/{id}", access.UnitWrite, "account_form", (*Site).unitChange},
		{"POST /units/{id}", access.UnitWrite, "account_form", (*Site).unitChanged},
		{"GET /tokens", access.TokenRead, "token_list", (*Site).tokens},
		{"GET /tokens/new", access.TokenWrite, "account_form", (*Site).tokenNew},
		{"POST /tokens/new", access.TokenWrite, "account_shown", (*Site).tokenMade},
		{"GET /tokens/{id}/revoke", access.TokenWrite, "account_form", (*Site).tokenRevoke},
		{"POST /tokens/{id}/revoke", access.TokenWrite, "account_form", (*Site).tokenRevoked},
		{"GET /alerts", access.OrganisationRead, "alert_list", (*Site).alertList},
		{"GET /alerts/{name}", access.InstanceWrite, "account_form", (*Site).alertAccept},
		{"POST /alerts/{name}", access.InstanceWrite, "account_form", (*Site).alertAccepted},
	}
}

// accountDone are the sentences that head a page after a write, see goTo.
func accountDone() map[string]string {
	return map[string]string{
		"name_changed":         "Your name has been changed.",
		"passkey_added":        "The passkey has been added. Your other sessions have ended.",
		"passkey_removed":      "The passkey has been removed. Your other sessions have ended.",
		"email_changed":        "Your email address has been changed. Your other sessions have ended.",
		"passphrase_set":       "The passphrase has been set. Your other sessions have ended.",
		"passphrase_removed":   "The passphrase and the authenticator app have been removed.",
		"code_app_added":       "The authenticator app has been added.",
		"codes_kept":           "You have new recovery codes. The old ones no longer work.",
		"session_ended":        "The session has ended.",
		"sessions_ended":       "Your other sessions have ended.",
		"invitation_withdrawn": "The invitation has been withdrawn. Its link no longer works.",
		"joined":               "You have joined the organisation.",
		"role_given":           "The role has been given. The person has to sign in again.",
		"role_ended":           "The role has ended.",
		"person_disabled":      "The account is disabled. All sessions and tokens of the person have stopped.",
		"person_enabled":       "The account is enabled. The person can sign in again.",
		"training_recorded":    "The record has been added.",
		"organisation_changed": "The settings of the organisation have been saved.",
		"organisation_made":    "The organisation has been added. You are its administrator; change to it at the top of the page.",
		"unit_made":            "The unit has been added.",
		"unit_changed":         "The unit has been saved.",
		"token_revoked":        "The token has been revoked. It no longer works.",
		"risk_accepted":        "The risk has been accepted in your name.",
	}
}
