import type { AnswerBody } from '../../kafka/index.ts'
import { isError, isRetriable, KafkaException, refused } from '../errors.ts'
import type { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork } from '../net/network.interface.ts'
import { byTopic, keyOf, type TopicPartition } from '../partition.ts'
import type { Patience } from '../patience.ts'
import type { PositionTarget } from '../subscription.ts'
import { Backoff, type Deadline } from '../time.ts'

export interface OffsetAndTime extends TopicPartition {
  /** Null: there is no such record. */
  readonly offset: bigint | null
  readonly timestamp: bigint
  readonly leaderEpoch: number
}

export interface ListOffsetsParts {
  readonly network: BrokerNetwork
  readonly metadata: Metadata
  readonly isolation: 'read_uncommitted' | 'read_committed'
  readonly patience: Patience
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
}

export type OffsetQuestion = TopicPartition & { readonly target: PositionTarget }

const LATEST = -1n
const EARLIEST = -2n

/** Asks leaders where their logs begin and end, and where a time is. */
export class ListOffsets {
  readonly #parts: ListOffsetsParts

  constructor(parts: ListOffsetsParts) {
    this.#parts = parts
  }

  /** Asks until all are answered, or until the deadline. */
  async all(questions: readonly OffsetQuestion[], deadline: Deadline): Promise<readonly OffsetAndTime[]> {
    const { patience, metadata, retryBackoffMs, retryBackoffMaxMs } = this.#parts
    const backoff = new Backoff(retryBackoffMs, retryBackoffMaxMs)
    const what = 'the offsets of partitions'
    const found = new Map<string, OffsetAndTime>()
    for (const { topic } of questions) metadata.add(topic)
    for (;;) {
      if (!metadata.fresh) await patience.within(metadata.update(), deadline, what)
      const open = questions.filter((each) => !found.has(keyOf(each)))
      for (const each of await patience.within(this.once(open), deadline, what)) found.set(keyOf(each), each)
      if (found.size >= new Set(questions.map(keyOf)).size)
        return questions.map((each) => found.get(keyOf(each)) as OffsetAndTime)
      await patience.pause(backoff.failed(), deadline, what)
    }
  }

  /**
   * One attempt: those that were answered.
   * @throws KafkaException what is of no use to try again
   */
  async once(questions: readonly OffsetQuestion[]): Promise<readonly OffsetAndTime[]> {
    const { metadata } = this.#parts
    const asked = Map.groupBy(questions, (each) => metadata.leader(each))
    if (asked.has(null)) metadata.invalidate()
    const answers = await Promise.all(
      [...asked].map(([leader, partitions]) => (leader === null ? [] : this.#ask(leader, partitions))),
    )
    return answers.flat()
  }

  async #ask(
    leader: NonNullable<ReturnType<Metadata['leader']>>,
    questions: readonly OffsetQuestion[],
  ): Promise<readonly OffsetAndTime[]> {
    const { network, metadata, isolation } = this.#parts
    try {
      const answer = await network.send(leader, 'ListOffsets', {
        replicaId: -1,
        isolationLevel: isolation === 'read_committed' ? 1 : 0,
        topics: byTopic(questions).map(({ topic, partitions }) => ({
          name: topic,
          partitions: partitions.map((each) => ({
            partitionIndex: each.partition,
            currentLeaderEpoch: metadata.leaderEpoch(each),
            timestamp: timestampOf(each.target),
          })),
        })),
      })
      return answer.topics.flatMap(({ name, partitions }) =>
        partitions.flatMap((each) => this.#answered(name, each)),
      )
    } catch (error) {
      if (!isRetriable(error)) throw error
      metadata.invalidate()
      return []
    }
  }

  #answered(
    topic: string,
    each: AnswerBody<'ListOffsets'>['topics'][number]['partitions'][number],
  ): readonly OffsetAndTime[] {
    const { partitionIndex: partition, errorCode, offset, timestamp, leaderEpoch } = each
    if (isError(errorCode, 'NONE'))
      return [{ topic, partition, offset: offset < 0n ? null : offset, timestamp, leaderEpoch }]
    const failure = refused(errorCode, `the offset of ${topic}-${partition}`)
    if (!(failure instanceof KafkaException) || !failure.retriable) throw failure
    this.#parts.metadata.invalidate()
    return []
  }
}

function timestampOf(target: PositionTarget): bigint {
  if (target === 'latest') return LATEST
  return target === 'earliest' ? EARLIEST : target.timestamp
}
