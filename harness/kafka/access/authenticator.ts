import type { Clock } from '../cluster.interface.ts'
import { isScram, ScramExchange } from './scram.ts'
import type { Users } from './users.ts'

const SASL_HANDSHAKE = 17
const API_VERSIONS = 18
const SASL_AUTHENTICATE = 36
const PLAIN_PARTS = 3
const FOR_ANOTHER =
  'Authentication failed: Client requested an authorization id that is different from username'

type AuthenticationState = 'handshake' | 'token' | 'final' | 'authenticated' | 'other-mechanism' | 'failed'

/**
 * The fate of a request: `refused` is answered with ILLEGAL_SASL_STATE, after which its connection
 * closes; `closed` is not answered.
 */
export type Admission = 'admitted' | 'refused' | 'closed'

/** One step of an exchange: bytes to go on with, or why it ends here. */
export type ExchangeStep = { readonly bytes: Buffer } | { readonly failure: string }

/**
 * Authenticates one connection (Kafka's SaslServerAuthenticator): until it is authenticated, only
 * ApiVersions and the exchange itself are taken; with `connections.max.reauth.ms` it has to
 * authenticate again before its session ends, as the same user (KIP-368). A request that is not
 * admitted closes the connection.
 */
export class Authenticator {
  readonly #users: Users
  readonly #clock: Clock
  readonly #sessionMs: number
  #state: AuthenticationState = 'handshake'
  #mechanism = ''
  #exchange: ScramExchange | null = null
  #expiresMs = Number.POSITIVE_INFINITY
  #user: string | null = null
  #versionsAsked = false
  #again = false

  constructor(users: Users, { clock, sessionMs }: { clock: Clock; sessionMs: number }) {
    this.#users = users
    this.#clock = clock
    this.#sessionMs = sessionMs
  }

  get failed(): boolean {
    return this.#state === 'failed'
  }

  /** The connection's user; null until it is authenticated. */
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

  admits(apiKey: number): Admission {
    switch (this.#state) {
      case 'handshake':
        return this.#admitsStranger(apiKey)
      case 'token':
      case 'final':
        if (apiKey === SASL_AUTHENTICATE) return 'admitted'
        this.#state = 'failed'
        return 'refused'
      case 'authenticated':
        return apiKey === SASL_HANDSHAKE || this.#clock.nowMs() < this.#expiresMs ? 'admitted' : 'closed'
      default:
        return 'closed'
    }
  }

  /** Versions are asked for once, before the handshake. */
  #admitsStranger(apiKey: number): Admission {
    if (apiKey === SASL_HANDSHAKE) return 'admitted'
    if (apiKey !== API_VERSIONS || this.#versionsAsked) return 'closed'
    this.#versionsAsked = true
    return 'admitted'
  }

  /**
   * Takes a handshake; false if the connection is already authenticated. A later handshake with
   * another mechanism is refused later.
   */
  begin(mechanism: string): boolean {
    this.#again = this.#state === 'authenticated' && this.#sessionMs > 0
    if (this.#state !== 'handshake' && !this.#again) return false
    this.#state = this.#stateAfter(mechanism)
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

  #stateAfter(mechanism: string): AuthenticationState {
    if (!this.#users.offers(mechanism)) return 'failed'
    return this.#again && mechanism !== this.#mechanism ? 'other-mechanism' : 'token'
  }

  step(token: Buffer): ExchangeStep {
    const scram = this.#exchange
    if (scram === null) return this.#plain(token)
    const first = this.#state === 'token'
    const answer = first ? scram.first(token.toString()) : scram.final(token.toString())
    if (answer === null) {
      const what = this.#again ? 're-authentication' : 'authentication'
      return this.#fail(
        `Authentication failed during ${what} due to invalid credentials with SASL mechanism ${this.#mechanism}`,
      )
    }
    if (scram.forAnother) return this.#fail(FOR_ANOTHER)
    if (first) this.#state = 'final'
    else if (!this.#succeed(scram.user)) return this.#otherUser(scram.user)
    return { bytes: Buffer.from(answer) }
  }

  /** RFC 4616: an authorization id, which is empty or the user, the user, the password. */
  #plain(token: Buffer): ExchangeStep {
    const parts = token.toString().split('\0', PLAIN_PARTS + 1)
    if (parts.length !== PLAIN_PARTS)
      return this.#fail(`Invalid SASL/PLAIN response: expected ${PLAIN_PARTS} tokens, got ${parts.length}`)
    const [authorizationId, user = '', password = ''] = parts
    if (user === '') return this.#fail('Authentication failed: username not specified')
    if (password === '') return this.#fail('Authentication failed: password not specified')
    if (!this.#users.hasPassword(user, password))
      return this.#fail('Authentication failed: Invalid username or password')
    if (authorizationId !== '' && authorizationId !== user) return this.#fail(FOR_ANOTHER)
    return this.#succeed(user) ? { bytes: Buffer.alloc(0) } : this.#otherUser(user)
  }

  #succeed(user: string): boolean {
    if (this.#user !== null && this.#user !== user) return false
    this.#user = user
    this.#state = 'authenticated'
    if (this.#sessionMs > 0) this.#expiresMs = this.#clock.nowMs() + this.#sessionMs
    return true
  }

  #otherUser(user: string): ExchangeStep {
    return this.#fail(
      `Cannot change principals during re-authentication from User.${this.#user}: User.${user}`,
    )
  }

  #fail(failure: string): ExchangeStep {
    this.#state = 'failed'
    return { failure }
  }
}
