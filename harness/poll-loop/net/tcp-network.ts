import type { AnswerBody, ApiName, RequestDraft } from '../../kafka/index.ts'
import { disconnected, isError, refused } from '../errors.ts'
import { Backoff, nowMs } from '../time.ts'
import { LoopConnection } from './connection.ts'
import type { BrokerNetwork, BrokerNode, SendOptions } from './network.interface.ts'
import { type BrokerVersions, versionFor } from './versions.ts'

export interface TcpOptions {
  readonly clientId: string
  readonly requestTimeoutMs: number
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
}

/** The connection to one address, and the state of its retries. */
interface BrokerLink {
  connection: LoopConnection | null
  /** The connection is open, and the broker has said what it serves. */
  ready: Promise<BrokerVersions> | null
  versions: BrokerVersions
  readonly backoff: Backoff
  /** No attempt to connect before this time. */
  notBeforeMs: number
}

const UNKNOWN_VERSIONS: BrokerVersions = new Map()

/** Brokers over TCP, a connection each; two for the coordinator of a group, as in Java. */
export class TcpNetwork implements BrokerNetwork {
  readonly #options: TcpOptions
  readonly #links: Map<string, BrokerLink> = new Map()
  #closed = false

  constructor(options: TcpOptions) {
    this.#options = options
  }

  async send<Api extends ApiName>(
    broker: BrokerNode,
    api: Api,
    body: RequestDraft<Api>,
    { timeoutMs = this.#options.requestTimeoutMs, unanswered = false }: SendOptions = {},
  ): Promise<AnswerBody<Api>> {
    if (this.#closed) throw disconnected(broker.host)
    const link = this.#link(broker)
    const versions = await this.#ready(link, broker)
    const { connection } = link
    if (connection === null || connection.ended) throw disconnected(broker.host)
    return connection.send({ api, version: versionFor(api, versions), body, timeoutMs, unanswered })
  }

  versionOf(broker: BrokerNode, api: ApiName): number {
    return versionFor(api, this.#link(broker).versions)
  }

  close(): void {
    this.#closed = true
    for (const { connection } of this.#links.values()) connection?.end()
  }

  #link(broker: BrokerNode): BrokerLink {
    const address = `${broker.id}@${broker.host}:${broker.port}`
    const known = this.#links.get(address)
    if (known !== undefined) return known
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.#options
    const backoff = new Backoff(reconnectBackoffMs, reconnectBackoffMaxMs)
    const made: BrokerLink = {
      connection: null,
      ready: null,
      versions: UNKNOWN_VERSIONS,
      backoff,
      notBeforeMs: 0,
    }
    this.#links.set(address, made)
    return made
  }

  #ready(link: BrokerLink, broker: BrokerNode): Promise<BrokerVersions> {
    if (link.ready !== null && link.connection?.ended === false) return link.ready
    // Like Java's client: a request for a broker in its backoff is refused at once.
    if (nowMs() < link.notBeforeMs) return Promise.reject(disconnected(broker.host))
    const connection = new LoopConnection(broker.host, broker.port, this.#options.clientId)
    link.connection = connection
    link.ready = this.#greet(connection).then(
      (versions) => {
        link.backoff.succeeded()
        link.versions = versions
        return versions
      },
      (error: unknown) => {
        link.notBeforeMs = nowMs() + link.backoff.failed()
        link.ready = null
        connection.end()
        throw error
      },
    )
    return link.ready
  }

  async #greet(connection: LoopConnection): Promise<BrokerVersions> {
    await connection.opened()
    const timeoutMs = this.#options.requestTimeoutMs
    const body = { clientSoftwareName: 'onceover-poll-loop', clientSoftwareVersion: '1' }
    let answer = await connection.send({ api: 'ApiVersions', version: 3, body, timeoutMs })
    // An old broker answers in version 0 that it does not know this one (KIP-511).
    if (isError(answer.errorCode, 'UNSUPPORTED_VERSION'))
      answer = await connection.send({ api: 'ApiVersions', version: 0, body, timeoutMs })
    if (!isError(answer.errorCode, 'NONE')) throw refused(answer.errorCode, 'ApiVersions')
    return new Map(
      answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
        apiKey,
        { min: minVersion, max: maxVersion },
      ]),
    )
  }
}
