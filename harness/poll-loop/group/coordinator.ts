import { asException, isError, type KafkaException, refused } from '../errors.ts'
import type { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork, BrokerNode } from '../net/network.interface.ts'
import { Backoff, sleep } from '../time.ts'

export interface CoordinatorOptions {
  readonly network: BrokerNetwork
  readonly metadata: Metadata
  readonly of: 'group' | 'transaction'
  /** The group's id, or the transactional one. */
  readonly key: string
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  /** Told when it is found, or cannot be. */
  changed(): void
}

/** As in Java, a coordinator has a connection of its own: JoinGroup must not hold up Fetch. */
const CONNECTION_ID = 2 ** 31 - 1

/** The broker that coordinates a group, or a transactional id: looked up, and forgotten. */
export class Coordinator {
  readonly #options: CoordinatorOptions
  readonly #backoff: Backoff
  #broker: BrokerNode | null = null
  #finding: Promise<void> | null = null
  #failure: KafkaException | null = null

  constructor(options: CoordinatorOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.retryBackoffMs, options.retryBackoffMaxMs)
  }

  get broker(): BrokerNode | null {
    return this.#broker
  }

  /** Makes it unknown. @param broker the one that said so: a later one is kept */
  forget(broker: BrokerNode | null = this.#broker): void {
    if (broker === this.#broker) this.#broker = null
  }

  /**
   * Looks for it where it is unknown; settles after one attempt.
   * @throws KafkaException once, where looking on is of no use
   */
  async find(): Promise<void> {
    if (this.#broker === null) {
      this.#finding ??= this.#find().finally(() => {
        this.#finding = null
        this.#options.changed()
      })
      await this.#finding
    }
    this.demandNoFailure()
  }

  demandNoFailure(): void {
    const failure = this.#failure
    this.#failure = null
    if (failure !== null) throw failure
  }

  /** Starts to look for it where it is unknown. */
  seek(): void {
    if (this.#broker === null && this.#finding === null)
      this.find().catch((error: KafkaException) => {
        this.#failure = error
      })
  }

  async #find(): Promise<void> {
    const { network, metadata, of, key } = this.#options
    try {
      const answer = await network.send(metadata.any(), 'FindCoordinator', {
        key,
        keyType: of === 'group' ? 0 : 1,
        coordinatorKeys: [key],
      })
      const { errorCode, nodeId, host, port } = answer.coordinators[0] ?? answer
      if (!isError(errorCode, 'NONE')) throw refused(errorCode, `the coordinator of ${of} '${key}'`)
      this.#broker = { id: CONNECTION_ID - nodeId, host, port }
      this.#backoff.succeeded()
    } catch (error) {
      const failure = asException(error)
      if (!failure.retriable) this.#failure = failure
      metadata.invalidate()
      await sleep(this.#backoff.failed())
    }
  }
}
