import type { DeposedLeader } from '../replication/deposed-leader.ts'
import type { BatchPlace, StateBatch } from './state-batch.ts'
import { type Appended, entriesFrom, type StateLog, type StateTopic } from './state-topic.ts'

/**
 * A topic of coordinators as a broker uses it that goes on coordinating what it led, since it has
 * not heard of its successors (KAFKA.md C4). What it appends stands in its own replica, where
 * nobody fetches it.
 */
export class DeposedLog<Entry> implements StateLog<Entry> {
  readonly #topic: StateTopic<Entry>
  readonly #broker: number
  readonly #leaders: Map<number, DeposedLeader> = new Map()

  constructor(topic: StateTopic<Entry>, broker: number) {
    this.#topic = topic
    this.#broker = broker
  }

  has(index: number): boolean {
    return this.#leaders.has(index)
  }

  add(index: number, leader: DeposedLeader): void {
    this.#leaders.set(index, leader)
  }

  remove(index: number): void {
    this.#leaders.delete(index)
  }

  partitionOf(id: string): number {
    return this.#topic.partitionOf(id)
  }

  leaderOf(index: number): number | null {
    return this.has(index) ? this.#broker : this.#topic.leaderOf(index)
  }

  epochOf(index: number): number {
    return this.#leaders.get(index)?.log.leaderEpoch ?? this.#topic.epochOf(index)
  }

  refusal(index: number, broker: number | null): string | null {
    return this.has(index) && broker === this.#broker ? null : 'NOT_COORDINATOR'
  }

  serves(index: number): boolean {
    return this.has(index)
  }

  use(): void {}

  /** A deposed coordinator loaded its log before it was deposed. */
  entries(): readonly Entry[] {
    return []
  }

  unreplicated(index: number): readonly Entry[] {
    const log = this.#leaders.get(index)?.log
    return log === undefined ? [] : entriesFrom<Entry>(log, log.highWatermark)
  }

  afterWrites(index: number, answered: Appended['answered']): void {
    this.#topic.afterWrites(index, answered, this.#leaders.get(index))
  }

  appendRefusal(index: number): string | null {
    const leader = this.#leaders.get(index)
    if (leader === undefined) return 'NOT_COORDINATOR'
    return leader.tooFew ? 'COORDINATOR_NOT_AVAILABLE' : null
  }

  append(index: number, make: (place: BatchPlace) => StateBatch<Entry>, appended: Appended): void {
    const leader = this.#leaders.get(index)
    const refusal = this.appendRefusal(index)
    if (leader === undefined || refusal !== null) return appended.answered(refusal)
    this.#topic.appendDeposed(leader, make, appended)
  }
}
