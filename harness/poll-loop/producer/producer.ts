import { encodeBatch, partitionFor, type RecordHeader } from '../../kafka/index.ts'
import { announce } from '../announce.ts'
import { asException, isError, KafkaException, refused, timedOut } from '../errors.ts'
import type { ConsumerGroupMetadata } from '../group/membership.interface.ts'
import { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork } from '../net/network.interface.ts'
import { TcpNetwork } from '../net/tcp-network.ts'
import type { OffsetToCommit } from '../offsets/offset-to-commit.ts'
import { keyOf, type TopicPartition } from '../partition.ts'
import { Patience } from '../patience.ts'
import {
  type GivenProducerSettings,
  type ProducerSettings,
  producerSettings,
} from '../settings/producer-settings.ts'
import { Backoff, Deadline } from '../time.ts'
import { StickyPartition } from './sticky-partition.ts'
import { type BatchIdentity, TransactionalIdentity } from './transaction.ts'

export interface RecordToSend {
  readonly topic: string
  /** Default: by the key's murmur2 hash; without a key, one until a batch is full. */
  readonly partition?: number
  readonly key?: string | Buffer | null
  readonly value: string | Buffer | null
  readonly headers?: readonly RecordHeader[]
  /** Unix milliseconds; default: now. */
  readonly timestamp?: bigint
}

export interface RecordMetadata extends TopicPartition {
  /** −1: unknown, with acks 0. */
  readonly offset: bigint
}

interface WaitingRecord {
  readonly record: RecordToSend
  resolve(metadata: RecordMetadata): void
  reject(error: KafkaException): void
}

/**
 * A producer as Java's `KafkaProducer` is one: acks, idempotence, transactions. It sends the
 * batches of a partition one after the other, so that their order never changes.
 */
export class LoopProducer {
  readonly #settings: ProducerSettings
  readonly #network: BrokerNetwork
  readonly #metadata: Metadata
  readonly #patience = new Patience()
  readonly #transactions: TransactionalIdentity
  readonly #queues: Map<string, WaitingRecord[]> = new Map()
  readonly #underway: Set<Promise<void>> = new Set()
  readonly #sticky: StickyPartition
  #identity: Promise<void> | null = null
  #closed = false

  /** @throws KafkaException `ConfigException` */
  constructor(settings: GivenProducerSettings) {
    this.#settings = producerSettings(settings)
    this.#sticky = new StickyPartition(this.#settings['batch.size'])
    const { 'retry.backoff.ms': retryBackoffMs, 'retry.backoff.max.ms': retryBackoffMaxMs } = this.#settings
    this.#network = new TcpNetwork({
      clientId: this.#settings['client.id'] ?? 'producer',
      requestTimeoutMs: this.#settings['request.timeout.ms'],
      reconnectBackoffMs: this.#settings['reconnect.backoff.ms'],
      reconnectBackoffMaxMs: this.#settings['reconnect.backoff.max.ms'],
    })
    this.#metadata = new Metadata({
      network: this.#network,
      bootstrap: this.#settings['bootstrap.servers'],
      maxAgeMs: this.#settings['metadata.max.age.ms'],
      retryBackoffMs,
      retryBackoffMaxMs,
      autoCreateTopics: true,
      updated: () => {},
    })
    this.#transactions = new TransactionalIdentity({
      settings: this.#settings,
      network: this.#network,
      metadata: this.#metadata,
      patience: this.#patience,
    })
    announce({ type: 'producer', transactionalId: this.#settings['transactional.id'] })
  }

  /** @returns when the brokers have it as `acks` asks for; rejects after `delivery.timeout.ms` */
  async send(record: RecordToSend): Promise<RecordMetadata> {
    this.#demandOpen()
    this.#transactions.demandOpen()
    const at = await this.#placed(this.#partitionOf(record))
    const { promise, resolve, reject } = Promise.withResolvers<RecordMetadata>()
    const queue = this.#queues.get(keyOf(at))
    if (queue !== undefined) queue.push({ record, resolve, reject })
    else {
      this.#queues.set(keyOf(at), [{ record, resolve, reject }])
      const underway = this.#drain(at).finally(() => this.#underway.delete(underway))
      this.#underway.add(underway)
    }
    return promise
  }

  /**
   * Java's `send` waits for metadata before it returns. Here `flush` knows of a record that waits,
   * and one that waits in vain fails its transaction, as in Java.
   */
  #placed(partition: Promise<TopicPartition>): Promise<TopicPartition> {
    const placing: Promise<void> = partition
      .then(
        () => {},
        (error: unknown) => this.#transactions.failed(asException(error)),
      )
      .finally(() => this.#underway.delete(placing))
    this.#underway.add(placing)
    return partition
  }

  /** Resolves when everything that was sent is acknowledged or has failed. */
  async flush(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all([...this.#underway])
  }

  /** Asks for the transactional id; its former producer is fenced, that transaction aborted. */
  async initTransactions(): Promise<void> {
    this.#demandTransactional()
    await this.#transactions.initialise(this.#deadline)
  }

  beginTransaction(): void {
    this.#demandTransactional()
    this.#transactions.begin()
  }

  /** @param member `consumer.groupMetadata()`: a former member is refused */
  async sendOffsetsToTransaction(
    offsets: readonly OffsetToCommit[],
    member: ConsumerGroupMetadata,
  ): Promise<void> {
    this.#demandTransactional()
    if (offsets.length > 0) await this.#transactions.sendOffsets(offsets, member, this.#deadline)
  }

  async commitTransaction(): Promise<void> {
    this.#demandTransactional()
    await this.flush()
    await this.#transactions.end(true, this.#deadline)
  }

  async abortTransaction(): Promise<void> {
    this.#demandTransactional()
    await this.flush()
    await this.#transactions.end(false, this.#deadline)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    await this.flush()
    this.#closed = true
    this.#metadata.close()
    this.#network.close()
  }

  get #deadline(): Deadline {
    return new Deadline(this.#settings['max.block.ms'])
  }

  #demandOpen(): void {
    if (this.#closed)
      throw new KafkaException(
        'IllegalStateException',
        'Cannot perform operation after producer has been closed',
      )
  }

  #demandTransactional(): void {
    this.#demandOpen()
    if (this.#settings['transactional.id'] === null)
      throw new KafkaException('IllegalStateException', "this needs a transaction; set 'transactional.id'")
  }

  async #partitionOf({ topic, partition, key, value }: RecordToSend): Promise<TopicPartition> {
    const deadline = this.#deadline
    this.#metadata.add(topic)
    this.#metadata.refreshWhereDue()
    while (!this.#metadata.topics.has(topic)) {
      await this.#patience.within(this.#metadata.update(), deadline, `metadata of ${topic}`)
      if (deadline.passed) throw timedOut(`metadata of ${topic}`, deadline.timeoutMs)
    }
    if (partition !== undefined) return { topic, partition }
    const partitions = this.#metadata.topics.get(topic)?.partitions ?? []
    const keyBytes = bytesOf(key ?? null)
    if (keyBytes !== null) return { topic, partition: partitionFor(keyBytes, partitions.length) }
    return { topic, partition: this.#sticky.of(topic, partitions, bytesOf(value)?.length ?? 0) }
  }

  /** Batch after batch, until nothing waits for this partition. */
  async #drain(at: TopicPartition): Promise<void> {
    // What is sent in the same turn goes into the same batch.
    await Promise.resolve()
    for (;;) {
      const queue = this.#queues.get(keyOf(at)) ?? []
      const batch = queue.splice(0)
      if (batch.length === 0) break
      try {
        const base = await this.#deliver(at, batch)
        for (const [index, { resolve }] of batch.entries())
          resolve({ ...at, offset: base < 0n ? base : base + BigInt(index) })
      } catch (error) {
        const failure = asException(error)
        this.#transactions.undelivered(failure)
        for (const { reject } of batch) reject(failure)
      }
    }
    this.#queues.delete(keyOf(at))
  }

  async #deliver(at: TopicPartition, batch: readonly WaitingRecord[]): Promise<bigint> {
    const { 'delivery.timeout.ms': timeoutMs, acks } = this.#settings
    const deadline = new Deadline(timeoutMs)
    const backoff = new Backoff(this.#settings['retry.backoff.ms'], this.#settings['retry.backoff.max.ms'])
    if (this.#settings['transactional.id'] === null) {
      this.#identity ??= this.#transactions.initialise(deadline).finally(() => {
        this.#identity = null
      })
      await this.#identity
    }
    await this.#transactions.addPartition(at, deadline)
    const identity = this.#transactions.next(at, batch.length)
    for (;;) {
      try {
        return await this.#produce(at, batch, identity)
      } catch (error) {
        const failure = asException(error)
        // A batch that came twice is there: the first answer was lost.
        if (failure.error === 'DUPLICATE_SEQUENCE_NUMBER') return -1n
        if (!failure.retriable || deadline.passed || acks === 0) throw failure
        this.#metadata.invalidate()
      }
      await this.#patience.pause(backoff.failed(), deadline, `delivery to ${keyOf(at)}`)
      if (!this.#metadata.fresh) await this.#metadata.update()
    }
  }

  async #produce(
    at: TopicPartition,
    batch: readonly WaitingRecord[],
    identity: BatchIdentity,
  ): Promise<bigint> {
    const { acks, 'enable.idempotence': idempotent, 'transactional.id': transactionalId } = this.#settings
    const leader = this.#metadata.leader(at)
    if (leader === null)
      throw new KafkaException('KafkaException', `${keyOf(at)} has no leader`, {
        error: 'LEADER_NOT_AVAILABLE',
        retriable: true,
      })
    const records = encodeBatch({
      ...(idempotent ? identity : {}),
      transactional: transactionalId !== null,
      records: batch.map(({ record }) => ({
        timestamp: record.timestamp ?? BigInt(Date.now()),
        key: bytesOf(record.key ?? null),
        value: bytesOf(record.value),
        headers: record.headers ?? [],
      })),
    })
    const answer = await this.#network.send(
      leader,
      'Produce',
      {
        transactionalId,
        acks,
        timeoutMs: this.#settings['request.timeout.ms'],
        topicData: [{ name: at.topic, partitionData: [{ index: at.partition, records }] }],
      },
      { unanswered: acks === 0 },
    )
    if (acks === 0) return -1n
    const answered = answer.responses[0]?.partitionResponses[0]
    if (answered === undefined)
      throw new KafkaException('KafkaException', 'Produce was answered without a partition')
    if (!isError(answered.errorCode, 'NONE')) throw refused(answered.errorCode, `Produce to ${keyOf(at)}`)
    return answered.baseOffset
  }
}

function bytesOf(value: string | Buffer | null): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value) : value
}
