import { createHash, createHmac, pbkdf2Sync, randomUUID } from 'node:crypto'
import type { AnswerBody, ApiName, RequestDraft } from '../../../kafka/index.ts'
import { ask, type Line } from '../../../kafka/probe/index.ts'
import { deepError } from '../../differential/answers.ts'
import type { Target } from '../../differential/target.ts'

const DIGESTS = {
  'SCRAM-SHA-256': { name: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { name: 'sha512', bytes: 64 },
} as const

export type ScramName = keyof typeof DIGESTS

/** A client's deviation from RFC 5802. */
export interface ScramChange {
  /** The header in front of its first message; `n,,` is right. */
  readonly header?: string
  /** The last message's claim about the header, in base64. */
  readonly binding?: string
  /** Put behind the nonce of its last message. */
  readonly nonce?: string
}

/** Authenticated connections, and the answers on each: errors by name, or `closed`. */
export class GuardedClient {
  readonly #target: Target
  readonly #lines: Line[] = []

  constructor(target: Target) {
    this.#target = target
  }

  connect(): GuardedConnection {
    const line = this.#target.connect()
    this.#lines.push(line)
    return new GuardedConnection(line, this.#target)
  }

  /** A connection that has authenticated with PLAIN. */
  async as(user: string, password: string): Promise<GuardedConnection> {
    const connection = this.connect()
    await connection.plain(user, password)
    return connection
  }

  wait(ms: number): Promise<void> {
    return this.#target.wait(ms)
  }

  close(): void {
    for (const line of this.#lines) line.close()
  }
}

export class GuardedConnection {
  readonly #line: Line
  readonly #target: Target

  constructor(line: Line, target: Target) {
    this.#line = line
    this.#target = target
  }

  /** The answer, or null once the connection is closed. @throws Error where there is neither */
  async ask<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
  ): Promise<AnswerBody<Api> | null> {
    const answer = await ask({ line: this.#line, waiter: this.#target }, api, version, body)
    if (!('failed' in answer)) return answer
    if (answer.failed === 'CLOSED') return null
    throw new Error(`${api} is not answered`)
  }

  /** The error of the answer, or `closed`. */
  async errorOf<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): Promise<string> {
    const answer = await this.ask(api, version, body)
    return answer === null ? 'closed' : deepError(answer)
  }

  /** Whether it may ask for something by now. */
  metadata(...topics: readonly string[]): Promise<string> {
    return this.errorOf('Metadata', 4, {
      topics: topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    })
  }

  async handshake(mechanism: string): Promise<string> {
    const answer = await this.ask('SaslHandshake', 1, { mechanism })
    if (answer === null) return 'closed'
    return `${deepError(answer)} ${answer.mechanisms.toSorted().join(' ')}`
  }

  /** The error and what it says of itself, or how long the session lasts. */
  async authenticate(token: Buffer | string): Promise<string> {
    const answer = await this.#token(token)
    if (answer === null) return 'closed'
    const error = deepError(answer)
    return error === 'NONE' ? `NONE for ${answer.sessionLifetimeMs} ms` : `${error} ${answer.errorMessage}`
  }

  async plain(user: string, password: string, authorizationId = ''): Promise<string> {
    await this.handshake('PLAIN')
    return this.authenticate(`${authorizationId}\0${user}\0${password}`)
  }

  /**
   * Handshake and both messages; at the end whether the broker has shown that it knows the
   * password, too.
   */
  async scram(
    mechanism: ScramName,
    { user, password }: { readonly user: string; readonly password: string },
    { header = 'n,,', binding = Buffer.from(header).toString('base64'), nonce: more = '' }: ScramChange = {},
  ): Promise<string> {
    await this.handshake(mechanism)
    const bare = `n=${user},r=${randomUUID()}`
    const first = await this.#token(`${header}${bare}`)
    if (first === null) return 'closed'
    if (deepError(first) !== 'NONE') return `first ${deepError(first)} ${first.errorMessage}`
    const serverFirst = String(first.authBytes)
    const [, nonce = '', salt = '', iterations = ''] = /^r=(.+),s=(.+),i=(\d+)$/.exec(serverFirst) ?? []
    const { name, bytes } = DIGESTS[mechanism]
    const hmac = (key: Buffer, text: string): Buffer => createHmac(name, key).update(text).digest()
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), bytes, name)
    const clientKey = hmac(salted, 'Client Key')
    const withoutProof = `c=${binding},r=${nonce}${more}`
    const message = `${bare},${serverFirst},${withoutProof}`
    const signature = hmac(createHash(name).update(clientKey).digest(), message)
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
    const last = await this.#token(`${withoutProof},p=${proof.toString('base64')}`)
    if (last === null) return 'closed'
    if (deepError(last) !== 'NONE') return `last ${deepError(last)} ${last.errorMessage}`
    const proved = `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`
    return `${iterations} iterations, ${String(last.authBytes) === proved ? 'proved' : 'not proved'}`
  }

  #token(token: Buffer | string): Promise<AnswerBody<'SaslAuthenticate'> | null> {
    return this.ask('SaslAuthenticate', 1, { authBytes: Buffer.from(token) })
  }
}
