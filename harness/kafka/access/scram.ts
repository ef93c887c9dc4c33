import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** A broker's record of a password (RFC 5802, section 3). */
export interface ScramCredential {
  readonly salt: Buffer
  readonly iterations: number
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

const DIGESTS: Readonly<Record<ScramMechanism, { readonly name: string; readonly bytes: number }>> = {
  'SCRAM-SHA-256': { name: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { name: 'sha512', bytes: 64 },
}

/** Kafka's numbers for them (org.apache.kafka.clients.admin.ScramMechanism). */
export const SCRAM_CODES = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const

export function scramMechanism(code: number): ScramMechanism | null {
  const known = Object.entries(SCRAM_CODES).find(([, each]) => each === code)
  return known === undefined ? null : (known[0] as ScramMechanism)
}

export function isScram(mechanism: string): mechanism is ScramMechanism {
  return Object.hasOwn(DIGESTS, mechanism)
}

export function scramCredential(
  mechanism: ScramMechanism,
  { password, salt, iterations }: { password: string; salt: Buffer; iterations: number },
): ScramCredential {
  const { name, bytes } = DIGESTS[mechanism]
  const salted = pbkdf2Sync(password, salt, iterations, bytes, name)
  return storedCredential(mechanism, salted, { salt, iterations })
}

/** @param salted the password after its iterations */
export function storedCredential(
  mechanism: ScramMechanism,
  salted: Buffer,
  { salt, iterations }: { salt: Buffer; iterations: number },
): ScramCredential {
  const { name } = DIGESTS[mechanism]
  const clientKey = hmac(name, salted, 'Client Key')
  return {
    salt,
    iterations,
    storedKey: createHash(name).update(clientKey).digest(),
    serverKey: hmac(name, salted, 'Server Key'),
  }
}

/**
 * The server's side of one SCRAM exchange (RFC 5802): `first` takes the client's first message,
 * `final` its last one; both return null where the client is refused. No channel binding, no
 * authorization id of somebody else, as in Kafka.
 */
export class ScramExchange {
  readonly #mechanism: ScramMechanism
  readonly #credentialOf: (user: string) => ScramCredential | null
  readonly #serverNonce: string
  #credential: ScramCredential | null = null
  #nonce = ''
  #clientFirstBare = ''
  #serverFirst = ''
  user = ''
  /** The client asks to act for another user. */
  forAnother = false

  constructor(options: {
    mechanism: ScramMechanism
    credentialOf: (user: string) => ScramCredential | null
    serverNonce: string
  }) {
    this.#mechanism = options.mechanism
    this.#credentialOf = options.credentialOf
    this.#serverNonce = options.serverNonce
  }

  first(message: string): string | null {
    const parts = /^(n,(?:a=([^,]*))?,)(n=([^,]+),r=([^,]+)(?:,.*)?)$/.exec(message)
    if (parts === null) return null
    const [, , authorizationId = '', bare = '', name = '', clientNonce = ''] = parts
    this.user = unescaped(name)
    this.#credential = this.#credentialOf(this.user)
    if (this.#credential === null) return null
    this.forAnother = authorizationId !== '' && unescaped(authorizationId) !== this.user
    const { salt, iterations } = this.#credential
    this.#clientFirstBare = bare
    this.#nonce = clientNonce + this.#serverNonce
    this.#serverFirst = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`
    return this.#serverFirst
  }

  final(message: string): string | null {
    const parts = /^(c=[^,]+,r=([^,]+)(?:,[^,]*)*),p=([^,]+)$/.exec(message)
    if (parts === null || this.#credential === null) return null
    const [, withoutProof = '', nonce = '', proof = ''] = parts
    // The header in `c` is not compared with the first message's, as in Kafka.
    if (nonce !== this.#nonce) return null
    const { name } = DIGESTS[this.#mechanism]
    const { storedKey, serverKey } = this.#credential
    const authMessage = `${this.#clientFirstBare},${this.#serverFirst},${withoutProof}`
    const signature = hmac(name, storedKey, authMessage)
    const given = Buffer.from(proof, 'base64')
    if (given.length !== signature.length) return null
    const clientKey = Buffer.from(signature.map((byte, index) => byte ^ (given[index] ?? 0)))
    if (!timingSafeEqual(createHash(name).update(clientKey).digest(), storedKey)) return null
    return `v=${hmac(name, serverKey, authMessage).toString('base64')}`
  }
}

function unescaped(name: string): string {
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

function hmac(digest: string, key: Buffer, text: string): Buffer {
  return createHmac(digest, key).update(text).digest()
}
