import { entryAt } from '../../core/lists.ts'
import type { AnswerBody } from '../../kafka/index.ts'
import { isError, type KafkaException, refused } from '../errors.ts'
import type { TopicPartition } from '../partition.ts'
import { Backoff, nowMs, sleep } from '../time.ts'
import type { BrokerNetwork, BrokerNode } from './network.interface.ts'

export interface ClusterPartition {
  readonly leader: number
  readonly leaderEpoch: number
}

export interface ClusterTopic {
  readonly id: string
  readonly internal: boolean
  readonly partitions: readonly ClusterPartition[]
}

export interface MetadataOptions {
  readonly network: BrokerNetwork
  readonly bootstrap: readonly BrokerNode[]
  readonly maxAgeMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly autoCreateTopics: boolean
  /** Called after each update. */
  updated(): void
}

const NO_TOPIC = '0'.repeat(32)

/** The brokers and the topics that somebody asked about, as this client knows them. */
export class Metadata {
  readonly #options: MetadataOptions
  readonly #backoff: Backoff
  /** Topics that are asked about; null: all of them. */
  #wanted: Set<string> | null = new Set()
  #brokers: ReadonlyMap<number, BrokerNode> = new Map()
  #topics: ReadonlyMap<string, ClusterTopic> = new Map()
  #updatedAtMs: number | null = null
  #stale = true
  #updating: Promise<void> | null = null
  #turn = 0
  #closed = false
  /** Of the last update: topics that the cluster refuses to speak of. */
  refusal: KafkaException | null = null

  constructor(options: MetadataOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.retryBackoffMs, options.retryBackoffMaxMs)
  }

  /** Makes these the topics that are asked about; null: all. */
  want(topics: Iterable<string> | null): void {
    if (topics === null) {
      if (this.#wanted !== null) this.#stale = true
      this.#wanted = null
      return
    }
    const wanted = new Set(topics)
    if (this.#wanted === null || [...wanted].some((each) => !this.#topics.has(each))) this.#stale = true
    this.#wanted = wanted
  }

  /** Asks about this one, too. */
  add(topic: string): void {
    if (this.#wanted === null || this.#wanted.has(topic)) return
    this.#wanted.add(topic)
    if (!this.#topics.has(topic)) this.#stale = true
  }

  /** Marks the known state as possibly wrong. */
  invalidate(): void {
    this.#stale = true
  }

  /** All that was asked for is known, and not too old. */
  get fresh(): boolean {
    return !this.#stale && this.#updatedAtMs !== null
  }

  get topics(): ReadonlyMap<string, ClusterTopic> {
    return this.#topics
  }

  topicName(id: string): string | null {
    for (const [name, topic] of this.#topics) if (topic.id === id) return name
    return null
  }

  leader({ topic, partition }: TopicPartition): BrokerNode | null {
    const known = this.#topics.get(topic)?.partitions[partition]
    return known === undefined ? null : (this.#brokers.get(known.leader) ?? null)
  }

  leaderEpoch({ topic, partition }: TopicPartition): number {
    return this.#topics.get(topic)?.partitions[partition]?.leaderEpoch ?? -1
  }

  broker(id: number): BrokerNode | null {
    return this.#brokers.get(id) ?? null
  }

  /** Some broker, another one each time; those of the bootstrap list where no other is known. */
  any(): BrokerNode {
    const brokers = this.#brokers.size > 0 ? [...this.#brokers.values()] : this.#options.bootstrap
    this.#turn += 1
    return entryAt(brokers, this.#turn % brokers.length)
  }

  /** Starts an update where one is due and none is under way. */
  refreshWhereDue(): void {
    const { maxAgeMs } = this.#options
    const old = this.#updatedAtMs !== null && nowMs() - this.#updatedAtMs >= maxAgeMs
    if ((this.#stale || old) && this.#updating === null) void this.update()
  }

  /** Settles when an answer is there, or an attempt has failed; never rejects. */
  update(): Promise<void> {
    this.#updating ??= this.#update().finally(() => {
      this.#updating = null
      this.#options.updated()
    })
    return this.#updating
  }

  close(): void {
    this.#closed = true
  }

  async #update(): Promise<void> {
    if (this.#closed) return
    const { network, autoCreateTopics } = this.#options
    const wanted = this.#wanted
    const topics = wanted === null ? null : [...wanted].map((name) => ({ name, topicId: NO_TOPIC }))
    try {
      const answer = await network.send(this.any(), 'Metadata', {
        topics,
        allowAutoTopicCreation: autoCreateTopics,
      })
      this.#take(answer)
      // Somebody may have asked for more meanwhile.
      const asked = new Set(topics?.map(({ name }) => name))
      if (topics !== null && (this.#wanted === null || [...this.#wanted].some((each) => !asked.has(each))))
        this.#stale = true
    } catch {
      this.#stale = true
    }
    if (this.#stale && !this.#closed) await sleep(this.#backoff.failed())
    else this.#backoff.succeeded()
  }

  #take({ brokers, topics }: AnswerBody<'Metadata'>): void {
    this.#brokers = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { id: nodeId, host, port }]))
    const known = new Map<string, ClusterTopic>()
    let stale = false
    this.refusal = null
    for (const { name, topicId, isInternal, errorCode, partitions } of topics) {
      if (name === null) continue
      if (!isError(errorCode, 'NONE')) {
        if (isError(errorCode, 'TOPIC_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION'))
          this.refusal = refused(errorCode, `the topic ${name}`)
        else stale = true
        continue
      }
      const before = this.#topics.get(name)
      const numbered = [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
      const entries = numbered.map(({ leaderId, leaderEpoch }, index): ClusterPartition => {
        // An answer of a broker that is behind must not undo what is known (KIP-320).
        const old = before?.id === topicId ? before.partitions[index] : undefined
        if (old !== undefined && old.leaderEpoch > leaderEpoch) return old
        return { leader: leaderId, leaderEpoch }
      })
      if (entries.some(({ leader }) => leader < 0)) stale = true
      known.set(name, { id: topicId, internal: isInternal, partitions: entries })
    }
    this.#topics = known
    this.#updatedAtMs = nowMs()
    this.#stale = stale
  }
}
