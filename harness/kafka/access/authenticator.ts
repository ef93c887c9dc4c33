import type { Clock } from '../cluster.interface.ts'
import { isScram, ScramExchange } from './scram.ts'
import type { Users } from './users.ts'

const SASL_HANDSHAKE = 17
const API_VERSIONS = 18
const SASL_AUTHENTICATE = 36

type State = 'handshake' | 'token' | 'final' | 'authenticated' | 'failed'

/** One step of an exchange: bytes to go on with, or why it ends here. */
export type Step = { readonly bytes: Buffer } | { readonly failure: string }

/**
 * What one connection has shown of its user (Kafka's SaslServerAuthenticator): until it has authenticated itself, only
 * ApiVersions and the exchange itself are taken; with `connections.max.reauth.ms` it has to do so again before its
 * session ends, as the same user (KIP-368). What is not admitted closes the connection.
 */
export class Authenticator {
  readonly #users: Users
  readonly #clock: Clock
  readonly #sessionMs: number
  #state: State = 'handshake'
  #mechanism = ''
  #exchange: ScramExchange | null = null
  #expiresMs = Number.POSITIVE_INFINITY
  #user: string | null = null

  constructor(users: Users, { clock, sessionMs }: { clock: Clock; sessionMs: number }) {
    this.#users = users
    this.#clock = clock
    this.#sessionMs = sessionMs
  }

  get failed(): boolean {
    return this.#state === 'failed'
  }

  /** Whose connection this is; null before that is shown. */
  get user(): string | null {
    return this.#user
  }

  get authenticated(): boolean {
    return this.#state === 'authenticated'
  }

  /** How long the session lasts, 0 for ever. */
  get lifetimeMs(): number {
    return this.authenticated ? this.#sessionMs : 0
  }

  admits(apiKey: number): boolean {
    if (this.#state === 'failed') return false
    if (this.#state === 'handshake') return apiKey === SASL_HANDSHAKE || apiKey === API_VERSIONS
    if (this.#state !== 'authenticated') return apiKey === SASL_AUTHENTICATE
    return apiKey === SASL_HANDSHAKE || this.#clock.nowMs() < this.#expiresMs
  }

  /** A handshake; false where there is nothing to authenticate any more. */
  begin(mechanism: string): boolean {
    const again = this.#state === 'authenticated' && this.#sessionMs > 0
    if (this.#state !== 'handshake' && !again) return false
    const sameAsBefore = !again || mechanism === this.#mechanism
    this.#state = this.#users.offers(mechanism) && sameAsBefore ? 'token' : 'failed'
    this.#mechanism = mechanism
    this.#exchange = isScram(mechanism)
      ? new ScramExchange({
          mechanism,
          credentialOf: (user) => this.#users.credential(mechanism, user),
          serverNonce: this.#users.nonce(),
        })
      : null
    return true
  }

  step(token: Buffer): Step {
    const scram = this.#exchange
    if (scram === null) return this.#plain(token)
    const first = this.#state === 'token'
    const answer = first ? scram.first(token.toString()) : scram.final(token.toString())
    if (answer === null) {
      return this.#fail(
        `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.#mechanism}`,
      )
    }
    if (first) this.#state = 'final'
    else if (!this.#succeed(scram.user)) return this.#otherUser()
    return { bytes: Buffer.from(answer) }
  }

  /** RFC 4616: an authorization id, which is empty or the user, the user, the password. */
  #plain(token: Buffer): Step {
    const [authorizationId, user = '', password = '', ...more] = token.toString().split('\0')
    if (more.length > 0 || !this.#users.hasPassword(user, password))
      return this.#fail('Authentication failed: Invalid username or password')
    if (authorizationId !== '' && authorizationId !== user) {
      return this.#fail(
        'Authentication failed: Client requested an authorization id that is different from username',
      )
    }
    return this.#succeed(user) ? { bytes: Buffer.alloc(0) } : this.#otherUser()
  }

  #succeed(user: string): boolean {
    if (this.#user !== null && this.#user !== user) return false
    this.#user = user
    this.#state = 'authenticated'
    if (this.#sessionMs > 0) this.#expiresMs = this.#clock.nowMs() + this.#sessionMs
    return true
  }

  #otherUser(): Step {
    return this.#fail('Cannot change principals during re-authentication')
  }

  #fail(failure: string): Step {
    this.#state = 'failed'
    return { failure }
  }
}
