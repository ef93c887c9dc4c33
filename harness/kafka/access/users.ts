import { UsageError } from '../../core/errors.ts'
import type { Chance } from '../../core/seed.ts'
import type { Settings } from '../settings.ts'
import { isScram, type ScramCredential, type ScramMechanism, scramCredential } from './scram.ts'

const ITERATIONS = 4_096
const SALT_BYTES = 16
const MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
const DEMANDED = ['PLAIN', ...MECHANISMS]
/** Mechanisms whose exchange is one token that brokers without users need not understand. */
const ANYBODY = ['PLAIN', 'OAUTHBEARER']

/** The users that may connect, and how they authenticate. */
export class Users {
  readonly mechanisms: readonly string[]
  readonly #passwords: ReadonlyMap<string, string> | null
  readonly #chance: Chance
  /** Null: it was taken away. */
  readonly #credentials: Map<string, ScramCredential | null> = new Map()

  constructor(settings: Settings, chance: Chance) {
    this.#chance = chance
    this.#passwords = passwordsOf(settings['onceover.sasl.users'])
    const known = this.demanded ? DEMANDED : ANYBODY
    const named = settings['sasl.enabled.mechanisms']
    this.mechanisms = named === '' ? known : named.split(',').map((each) => each.trim())
    const wrong = this.mechanisms.find((each) => !known.includes(each))
    if (wrong !== undefined) {
      const when = this.demanded ? 'with' : 'without'
      throw new UsageError(
        'bad-scenario',
        `sasl.enabled.mechanisms takes ${known.join(', ')} ${when} onceover.sasl.users, not '${wrong}'`,
      )
    }
  }

  /** Whether every connection has to authenticate itself. */
  get demanded(): boolean {
    return this.#passwords !== null
  }

  hasPassword(user: string, password: string): boolean {
    return this.#passwords?.get(user) === password
  }

  credential(mechanism: ScramMechanism, user: string): ScramCredential | null {
    const name = `${mechanism} ${user}`
    const known = this.#credentials.get(name)
    if (known !== undefined) return known
    const password = this.#passwords?.get(user)
    if (password === undefined) return null
    const salt = this.#bytes('scram-salt', SALT_BYTES)
    const made = scramCredential(mechanism, { password, salt, iterations: ITERATIONS })
    this.#credentials.set(name, made)
    return made
  }

  /**
   * Sets the user's credential for this mechanism; null: the user cannot use the mechanism from now
   * on.
   */
  setCredential(mechanism: ScramMechanism, user: string, credential: ScramCredential | null): void {
    this.#credentials.set(`${mechanism} ${user}`, credential)
  }

  /** The users with a SCRAM credential, in alphabetical order. */
  withScram(): readonly string[] {
    const altered = [...this.#credentials.keys()].map((key) => key.slice(key.indexOf(' ') + 1))
    const users = new Set([...(this.#passwords?.keys() ?? []), ...altered])
    return [...users].sort().filter((user) => MECHANISMS.some((each) => this.credential(each, user) !== null))
  }

  nonce(): string {
    return this.#bytes('scram-nonce', SALT_BYTES).toString('hex')
  }

  offers(mechanism: string): boolean {
    return this.mechanisms.includes(mechanism) && (isScram(mechanism) || ANYBODY.includes(mechanism))
  }

  #bytes(stream: string, count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.#chance.stream(stream).below(256)))
  }
}

function passwordsOf(setting: string): ReadonlyMap<string, string> | null {
  if (setting === '') return null
  return new Map(
    setting.split(',').map((each) => {
      const [, user, password] = /^\s*([^:\s]+):(.+)$/.exec(each) ?? []
      if (user === undefined || password === undefined) {
        throw new UsageError(
          'bad-scenario',
          "onceover.sasl.users takes users with their passwords, such as 'alice:secret,bob:hunter2'",
        )
      }
      return [user, password]
    }),
  )
}
