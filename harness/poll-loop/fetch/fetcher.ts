import type { AnswerBody } from '../../kafka/index.ts'
import { asException, isError, isRetriable, KafkaException, refused } from '../errors.ts'
import type { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork, BrokerNode } from '../net/network.interface.ts'
import type { Positions } from '../offsets/positions.ts'
import { byTopic, keyOf, type TopicPartition } from '../partition.ts'
import { type ConsumerRecord, PolledRecords, type WorkObserver } from '../records.ts'
import type { ConsumerSettings } from '../settings/consumer-settings.ts'
import type { AssignedPartition, SubscriptionState } from '../subscription.ts'
import { type Bell, nowMs } from '../time.ts'
import { decodeFetched, type PartitionAnswer } from './decode.ts'

export interface FetcherParts {
  readonly settings: ConsumerSettings
  readonly network: BrokerNetwork
  readonly metadata: Metadata
  readonly subscription: SubscriptionState
  readonly positions: Positions
  readonly bell: Bell
}

/** The fetched records of one partition, and how many of them `poll` has returned. */
interface Buffered {
  readonly at: AssignedPartition
  readonly answer: PartitionAnswer
  readonly turn: number
  readonly records: readonly ConsumerRecord[]
  taken: number
  readonly nextOffset: bigint
  readonly lastEpoch: number
}

/** Reads ahead: fetches while the app works, and hands out what is there. */
export class Fetcher {
  readonly #parts: FetcherParts
  #buffered: Buffered[] = []
  #failure: KafkaException | null = null
  /** Leaders that have a Fetch under way, and for which partitions. */
  readonly #underway: Map<number, ReadonlySet<string>> = new Map()
  #closed = false

  constructor(parts: FetcherParts) {
    this.#parts = parts
  }

  close(): void {
    this.#closed = true
  }

  /** Starts a Fetch to each leader that has none under way, for what is not buffered. */
  send(): void {
    if (this.#closed) return
    const { metadata, subscription } = this.#parts
    const waiting = new Set(this.#buffered.map(({ at }) => keyOf(at)))
    const fetchable = subscription.assigned.filter(
      (at) =>
        at.position !== null &&
        !at.paused &&
        !at.revoking &&
        at.notBeforeMs <= nowMs() &&
        !waiting.has(keyOf(at)),
    )
    for (const [leader, partitions] of Map.groupBy(fetchable, (at) => metadata.leader(at))) {
      if (leader === null) metadata.invalidate()
      else if (!this.#underway.has(leader.id)) void this.#fetch(leader, partitions)
    }
    metadata.refreshWhereDue()
  }

  /**
   * Up to `max.poll.records` of what is buffered.
   * @throws KafkaException that a broker answered to a Fetch, after the records before it
   */
  collect(observer: WorkObserver | null): PolledRecords {
    const { settings, subscription } = this.#parts
    let left = settings['max.poll.records']
    const taken = new Map<string, [TopicPartition, ConsumerRecord[]]>()
    const kept: Buffered[] = []
    for (const each of this.#buffered) {
      const { at, records } = each
      const stale = subscription.find(at) !== at || at.turn !== each.turn
      if (stale) continue
      if (at.paused || at.revoking || left === 0) {
        kept.push(each)
        continue
      }
      at.highWatermark = each.answer.highWatermark
      at.lastStableOffset = each.answer.lastStableOffset
      const some = records.slice(each.taken, each.taken + left)
      each.taken += some.length
      left -= some.length
      const done = each.taken === records.length
      const last = some.at(-1)
      if (done && each.lastEpoch >= 0) at.position = { offset: each.nextOffset, offsetEpoch: each.lastEpoch }
      else if (last !== undefined) at.position = { offset: last.offset + 1n, offsetEpoch: last.leaderEpoch }
      if (some.length > 0) {
        const { topic, partition } = at
        const known = taken.get(keyOf(at))
        if (known === undefined) taken.set(keyOf(at), [{ topic, partition }, some])
        else known[1].push(...some)
      }
      if (!done) kept.push(each)
    }
    this.#buffered = kept
    if (taken.size > 0) return new PolledRecords([...taken.values()], observer)
    const failure = this.#failure
    this.#failure = null
    if (failure !== null) throw failure
    return PolledRecords.EMPTY
  }

  async #fetch(leader: BrokerNode, partitions: readonly AssignedPartition[]): Promise<void> {
    const { network, settings, metadata, bell } = this.#parts
    const asked = partitions.map((at) => ({ at, turn: at.turn, offset: at.position?.offset ?? 0n }))
    this.#underway.set(leader.id, new Set(partitions.map(keyOf)))
    try {
      const answer = await network.send(leader, 'Fetch', {
        maxWaitMs: settings['fetch.max.wait.ms'],
        minBytes: settings['fetch.min.bytes'],
        maxBytes: settings['fetch.max.bytes'],
        isolationLevel: settings['isolation.level'] === 'read_committed' ? 1 : 0,
        topics: byTopic(partitions).map(({ topic, partitions: members }) => ({
          topic,
          partitions: members.map((at) => ({
            partition: at.partition,
            currentLeaderEpoch: metadata.leaderEpoch(at),
            fetchOffset: at.position?.offset ?? 0n,
            lastFetchedEpoch: at.position?.offsetEpoch ?? -1,
            partitionMaxBytes: settings['max.partition.fetch.bytes'],
          })),
        })),
      })
      this.#take(answer, asked)
    } catch (error) {
      if (!isRetriable(error)) this.#failure ??= asException(error)
      metadata.invalidate()
      this.#delay(partitions)
    } finally {
      this.#underway.delete(leader.id)
      bell.ring()
    }
  }

  #take(
    { errorCode, responses }: AnswerBody<'Fetch'>,
    asked: readonly { readonly at: AssignedPartition; readonly turn: number; readonly offset: bigint }[],
  ): void {
    if (!isError(errorCode, 'NONE')) throw refused(errorCode, 'Fetch')
    const fetched = new Map(
      responses.flatMap(({ topic, partitions }) =>
        partitions.map((each) => [keyOf({ topic, partition: each.partitionIndex }), each] as const),
      ),
    )
    const { subscription, settings } = this.#parts
    for (const { at, turn, offset } of asked) {
      const answer = fetched.get(keyOf(at))
      if (answer === undefined || subscription.find(at) !== at || at.turn !== turn) continue
      if (!isError(answer.errorCode, 'NONE')) {
        this.#refused(at, answer)
        continue
      }
      if (answer.divergingEpoch.epoch >= 0) {
        this.#diverged(at, answer.divergingEpoch.endOffset)
        continue
      }
      const committedOnly = settings['isolation.level'] === 'read_committed'
      const decoded = decodeFetched(at, offset, answer, committedOnly)
      this.#buffered.push({ at, answer, turn, taken: 0, ...decoded })
    }
  }

  #refused(at: AssignedPartition, { errorCode }: PartitionAnswer): void {
    const failure = refused(errorCode, `Fetch of ${keyOf(at)}`)
    if (isError(errorCode, 'OFFSET_OUT_OF_RANGE')) {
      if (this.#parts.positions.hasPolicy) this.#parts.positions.resetToPolicy(at)
      else
        this.#failure ??= new KafkaException(
          'OffsetOutOfRangeException',
          `Fetch position ${at.position?.offset} is out of range for partition ${keyOf(at)}, and no reset policy is set`,
          { error: 'OFFSET_OUT_OF_RANGE' },
        )
      return
    }
    if (!failure.retriable) this.#failure ??= failure
    this.#parts.metadata.invalidate()
    this.#delay([at])
  }

  /** The log was cut below what was read (KIP-320). */
  #diverged(at: AssignedPartition, endOffset: bigint): void {
    const { subscription, positions } = this.#parts
    const { position } = at
    if (position === null) return
    // The broker knows only an earlier epoch, and has all that was read: nothing was cut off.
    if (endOffset >= position.offset) subscription.seek(at, { offset: position.offset, offsetEpoch: -1 })
    else if (positions.hasPolicy) subscription.seek(at, { offset: endOffset, offsetEpoch: -1 })
    else
      this.#failure ??= new KafkaException(
        'LogTruncationException',
        `the log of ${keyOf(at)} was truncated to ${endOffset}, below the position ${position.offset}`,
      )
  }

  #delay(partitions: readonly AssignedPartition[]): void {
    const { settings, bell } = this.#parts
    const ms = settings['retry.backoff.ms']
    for (const at of partitions) at.notBeforeMs = nowMs() + ms
    setTimeout(() => bell.ring(), ms)
  }
}
