// Touchstone in the browser. Everything here is an enhancement: every page
// works without it, except that passkeys need a script by their nature.
//
// Nothing is evaluated, no style or script is written into the page, and text
// from the server is only ever set as text, so the page's content security
// policy needs no exceptions.
import {
  Accordion, Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner,
  PasswordInput, Radios, ServiceNavigation, SkipLink, Tabs, createAll
} from './govuk-frontend.min.js'

const json = { Accept: 'application/json' }
const unreachable = 'The service cannot be reached. Check your connection and try again.'

// --- Drafts -----------------------------------------------------------------
//
// <form data-autosave="/drafts/…"> sends its fields there a while after the
// last change. <p data-autosave-status role="status"> says how that went.

const typingPause = 1500 // milliseconds without a change before a draft is sent
const longestRetry = 60000

class Autosave {
  constructor (form) {
    this.form = form
    this.status = form.querySelector('[data-autosave-status]')
    if (this.status && !this.status.hasAttribute('aria-live')) {
      this.status.setAttribute('aria-live', 'polite')
    }
    this.changed = false
    this.failures = 0
    this.saving = null
    form.addEventListener('input', () => this.touch())
    form.addEventListener('change', () => this.touch())
    form.addEventListener('submit', () => this.stop())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.leave()
    })
  }

  touch () {
    this.changed = true
    this.schedule(typingPause)
  }

  schedule (pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), pause)
  }

  stop () {
    clearTimeout(this.timer)
    this.changed = false
    this.saving?.abort()
  }

  // Files and passphrases are never part of a draft.
  fields () {
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(this.form)) {
      const control = this.form.elements.namedItem(name)
      if (typeof value === 'string' && control?.type !== 'password') fields.append(name, value)
    }
    return fields
  }

  async save () {
    if (!this.changed || this.saving) return
    this.changed = false
    this.saving = new AbortController()
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: 'POST', headers: json, body: this.fields(), redirect: 'manual', signal: this.saving.signal
      })
      this.report(answer)
    } catch (problem) {
      if (problem.name !== 'AbortError') this.retry('Draft not saved: the service cannot be reached. Your text is still on this page.')
    } finally {
      this.saving = null
      if (this.changed && this.failures === 0) this.schedule(typingPause)
    }
  }

  report (answer) {
    if (answer.ok) {
      this.failures = 0
      const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
      this.say(`Draft saved at ${time}`)
    } else if (answer.type === 'opaqueredirect' || answer.status === 401) {
      this.say('Draft not saved: you are signed out. Your text is still on this page. Press the button to sign in again and keep it.')
    } else if (answer.status === 409 || answer.status === 412) {
      this.say('Somebody else has changed this answer. Save this page to see both versions; your text is kept.')
    } else {
      this.retry('Draft not saved. Your text is still on this page.')
    }
  }

  retry (text) {
    this.failures++
    this.changed = true
    this.say(`${text} Trying again soon.`)
    this.schedule(Math.min(longestRetry, typingPause * 2 ** this.failures))
  }

  // The page may be closed at any time after it is hidden; keepalive lets the
  // request outlive it.
  leave () {
    if (!this.changed) return
    this.changed = false
    clearTimeout(this.timer)
    fetch(this.form.dataset.autosave, { method: 'POST', headers: json, body: this.fields(), keepalive: true, redirect: 'manual' })
      .then(answer => this.report(answer), () => { this.changed = true })
  }

  say (text) {
    if (this.status && this.status.textContent !== text) this.status.textContent = text
  }
}

// --- Passkeys ---------------------------------------------------------------
//
// A form or button with data-passkey="register|login|step-up" fetches options
// from data-options-url, asks the browser, and sends the result to
// data-finish-url. Both answer JSON; the second says where to go next.

const bytesOf = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))

const textOf = buffer => {
  let binary = ''
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const withBytes = list => list?.map(entry => ({ ...entry, id: bytesOf(entry.id) }))

function creationOptions (o) {
  if (window.PublicKeyCredential.parseCreationOptionsFromJSON) {
    return window.PublicKeyCredential.parseCreationOptionsFromJSON(o)
  }
  return {
    ...o,
    challenge: bytesOf(o.challenge),
    user: { ...o.user, id: bytesOf(o.user.id) },
    excludeCredentials: withBytes(o.excludeCredentials)
  }
}

function requestOptions (o) {
  if (window.PublicKeyCredential.parseRequestOptionsFromJSON) {
    return window.PublicKeyCredential.parseRequestOptionsFromJSON(o)
  }
  return { ...o, challenge: bytesOf(o.challenge), allowCredentials: withBytes(o.allowCredentials) }
}

function credentialJSON (credential) {
  if (typeof credential.toJSON === 'function') return credential.toJSON()
  const r = credential.response
  const response = { clientDataJSON: textOf(r.clientDataJSON) }
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (r[name]) response[name] = textOf(r[name])
  }
  if (r.getTransports) response.transports = r.getTransports()
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response
  }
}

// What went wrong, in words for the person. Kind is the ceremony.
function explain (problem, kind) {
  switch (problem.name) {
    case 'NotAllowedError':
      return 'The passkey was not used. It may have been cancelled, or taken too long. Try again.'
    case 'InvalidStateError':
      return kind === 'register'
        ? 'This device already holds a passkey for your account. Sign in with it, or use another device.'
        : 'This passkey cannot be used here. Try another one.'
    case 'SecurityError':
      return 'Passkeys do not work at this address. Open the service at the address you were given, with https.'
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'This device cannot make the kind of passkey that is needed. Use another device or a security key.'
  }
  return problem.plain || 'Something went wrong with the passkey. Try again.'
}

// refusal is an error whose text is for the person.
function refusal (plain) {
  return Object.assign(new Error(plain), { name: 'Refusal', plain })
}

async function post (url, options) {
  const answer = await fetch(url, { method: 'POST', redirect: 'manual', ...options }).catch(() => { throw refusal(unreachable) })
  let body = {}
  try {
    body = await answer.json()
  } catch {}
  if (!answer.ok) {
    throw refusal(body.detail || body.title || 'This did not work. Reload the page and try again.')
  }
  return body
}

// Only a path of this site is followed, whatever the answer says.
function goTo (location) {
  const url = new URL(typeof location === 'string' ? location : '/', window.location.origin)
  const path = typeof location === 'string' && location.startsWith('/') && url.origin === window.location.origin
  window.location.assign(path ? url.pathname + url.search + url.hash : '/')
}

class Passkey {
  constructor (element) {
    this.element = element
    this.form = element instanceof HTMLFormElement ? element : element.form
    const scope = element.closest('[data-passkey-scope]') ?? this.form ?? document
    this.error = scope.querySelector('[data-passkey-error]') ?? document.querySelector('[data-passkey-error]')
    this.error?.setAttribute('role', 'alert')
    element.addEventListener(element === this.form ? 'submit' : 'click', event => {
      event.preventDefault()
      this.run()
    })
  }

  async run () {
    if (this.busy || (this.form && !this.form.reportValidity())) return
    if (!window.PublicKeyCredential || !navigator.credentials) {
      this.say('This browser does not support passkeys. Use a current version of Chrome, Edge, Firefox or Safari.')
      return
    }
    this.say('')
    this.setBusy(true)
    try {
      await this.ceremony()
    } catch (problem) {
      this.say(explain(problem, this.element.dataset.passkey))
    } finally {
      this.setBusy(false)
    }
  }

  async ceremony () {
    const { passkey, optionsUrl, finishUrl } = this.element.dataset
    const fields = this.form ? new URLSearchParams(new FormData(this.form)) : new URLSearchParams()
    const answer = await post(optionsUrl, { headers: json, body: fields })
    const options = answer.publicKey ?? answer
    const credential = passkey === 'register'
      ? await navigator.credentials.create({ publicKey: creationOptions(options) })
      : await navigator.credentials.get({ publicKey: requestOptions(options) })
    const result = await post(finishUrl, {
      headers: { ...json, 'Content-Type': 'application/json' }, body: JSON.stringify(credentialJSON(credential))
    })
    goTo(result.location)
  }

  setBusy (busy) {
    this.busy = busy
    this.element.setAttribute('aria-busy', String(busy))
  }

  say (text) {
    if (!this.error) return
    this.error.textContent = text
    this.error.hidden = text === ''
  }
}

// --- Components of govuk-frontend -------------------------------------------

// A radio button may not be expanded (ARIA in HTML), so the state of what it
// reveals is told by what follows it.
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState (input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

// The button of a section is named by the words it shows, so that it can be
// pressed by voice (WCAG 2.2, 2.5.3).
class PlainAccordion extends Accordion {
  setExpanded (expanded, section) {
    super.setExpanded(expanded, section)
    section.querySelector('button')?.removeAttribute('aria-label')
  }
}

// govuk-frontend starts only on a page that says scripts run; a browser that
// loads this module supports all that it needs.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const component of [
  PlainAccordion, Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner,
  PasswordInput, PlainRadios, ServiceNavigation, SkipLink, Tabs
]) createAll(component)

for (const form of document.querySelectorAll('form[data-autosave]')) new Autosave(form)
for (const element of document.querySelectorAll('[data-passkey]')) new Passkey(element)
