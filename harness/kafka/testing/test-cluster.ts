import type { Observation, ObservationKind } from '../../core/history.ts'
import { createChance } from '../../core/seed.ts'
import type { Cluster, ClusterOptions, Session } from '../cluster.interface.ts'
import { createCluster } from '../cluster.ts'
import { type ApiName, type Body, decodeResponse, encodeRequest } from '../wire/index.ts'
import { ManualClock } from './manual-clock.ts'

type Settings = NonNullable<ClusterOptions['settings']>

export interface TestClusterOptions {
  readonly brokers?: number
  readonly settings?: Settings
  readonly hooks?: ClusterOptions['hooks']
  /** Topics with their numbers of partitions. */
  readonly topics?: Readonly<Record<string, number>>
}

/** A cluster on a clock that the test moves, with clients that are bare connections. */
export class TestCluster {
  readonly clock: ManualClock = new ManualClock()
  readonly observed: Observation[] = []
  readonly cluster: Cluster

  constructor({ brokers = 1, settings = {}, hooks, topics = {} }: TestClusterOptions = {}) {
    this.cluster = createCluster({
      brokers: Array.from({ length: brokers }, (_, id) => ({ id, host: `broker-${id}`, port: 9092 })),
      clock: this.clock,
      chance: createChance('test'),
      observer: { observe: (observation) => void this.observed.push(observation) },
      ...(hooks === undefined ? {} : { hooks }),
      settings,
    })
    for (const [name, partitions] of Object.entries(topics))
      this.cluster.admin.createTopic(name, { partitions })
  }

  connect(process = 'consumer-0', broker = 0): TestClient {
    return new TestClient(this.cluster, process, broker)
  }

  /** What was observed of one kind, in order. */
  of<Kind extends ObservationKind>(kind: Kind): Extract<Observation, { readonly kind: Kind }>[] {
    return this.observed.filter(
      (each): each is Extract<Observation, { readonly kind: Kind }> => each.kind === kind,
    )
  }
}

/** A request on its way. */
export class Call {
  readonly api: ApiName
  readonly version: number
  body: Body | null = null

  constructor(api: ApiName, version: number) {
    this.api = api
    this.version = version
  }

  get answered(): boolean {
    return this.body !== null
  }

  /** @throws Error while there is none */
  get answer(): Body {
    if (this.body === null) throw new Error(`${this.api} has no answer`)
    return this.body
  }

  get errorCode(): unknown {
    return this.answer['errorCode']
  }
}

/** One connection that writes encoded requests and reads encoded answers. */
export class TestClient {
  readonly process: string
  readonly calls: Call[] = []
  /** How the broker ended the connection, or null. */
  ended: 'closed' | 'reset' | null = null
  clientId = 'app'
  readonly session: Session
  #nextCorrelationId = 1
  readonly #waiting: Map<number, Call> = new Map()

  constructor(cluster: Cluster, process: string, broker: number) {
    this.process = process
    this.session = cluster.connect(
      broker,
      { process, incarnation: 1 },
      {
        send: (bytes) => this.#receive(Buffer.from(bytes)),
        close: () => {
          this.ended = 'closed'
        },
        reset: () => {
          this.ended = 'reset'
        },
      },
    )
  }

  #receive(bytes: Buffer): void {
    const frame = bytes.subarray(4)
    const correlationId = frame.readInt32BE(0)
    const call = this.#waiting.get(correlationId)
    if (call === undefined) throw new Error(`an answer to nothing: correlation id ${correlationId}`)
    this.#waiting.delete(correlationId)
    call.body = decodeResponse(call.api, call.version, frame).body
    this.calls.push(call)
  }

  request(api: ApiName, version: number, body: Body): Call {
    const call = new Call(api, version)
    const correlationId = this.#nextCorrelationId++
    this.#waiting.set(correlationId, call)
    this.session.receive(encodeRequest({ api, version, correlationId, clientId: this.clientId, body }))
    return call
  }

  /** The answer of a request that is answered at once. */
  ask(api: ApiName, version: number, body: Body): Body {
    return this.request(api, version, body).answer
  }
}
