import { KafkaException } from './errors.ts'
import { keyOf, sorted, type TopicPartition } from './partition.ts'

/** The place in a partition where reading goes on. */
export interface Position {
  readonly offset: bigint
  /** Of the last record that was read; −1: unknown. */
  readonly offsetEpoch: number
}

/** A position that is still to be looked up: an end of the log, or a time. */
export type PositionTarget = 'earliest' | 'latest' | { readonly timestamp: bigint }

export interface AssignedPartition extends TopicPartition {
  /** The next record that `poll` returns; null: not known yet. */
  position: Position | null
  /** The position is to be looked up there. */
  target: PositionTarget | null
  paused: boolean
  /** No fetch for it before this time. */
  notBeforeMs: number
  /** Given up soon: nothing of it is returned any more (KIP-429). */
  revoking: boolean
  /** As the last Fetch told; null: none yet. */
  highWatermark: bigint | null
  lastStableOffset: bigint | null
  /** Changes with each seek and assignment: an answer to an older question is for nobody. */
  turn: number
}

/** The user's wish: topics by name or pattern, or partitions. */
export type WantedPartitions =
  | { readonly by: 'topics'; readonly topics: readonly string[] }
  | { readonly by: 'pattern'; readonly pattern: RegExp }
  | { readonly by: 'partitions' }

/** A consumer's topics, its assigned partitions, and its positions in them. */
export class SubscriptionState {
  #wanted: WantedPartitions | null = null
  #topics: readonly string[] = []
  readonly #assigned: Map<string, AssignedPartition> = new Map()
  #turn = 0

  get wanted(): WantedPartitions | null {
    return this.#wanted
  }

  /** A group gives out the partitions. */
  get grouped(): boolean {
    return this.#wanted !== null && this.#wanted.by !== 'partitions'
  }

  /** Names of the topics subscribed to, of a pattern those that match it by now. */
  get topics(): readonly string[] {
    return this.#topics
  }

  get assigned(): readonly AssignedPartition[] {
    return [...this.#assigned.values()]
  }

  subscribe(wanted: WantedPartitions): void {
    const before = this.#wanted
    if (before !== null && before.by !== wanted.by)
      throw new KafkaException(
        'IllegalStateException',
        'Subscription to topics, partitions and pattern are mutually exclusive',
      )
    this.#wanted = wanted
    if (wanted.by === 'topics') this.#topics = [...new Set(wanted.topics)].sort()
  }

  /** @returns whether the topics that match have changed */
  match(topics: Iterable<string>): boolean {
    const found = [...topics].sort()
    if (found.join() === this.#topics.join()) return false
    this.#topics = found
    return true
  }

  unsubscribe(): void {
    this.#wanted = null
    this.#topics = []
    this.#assigned.clear()
  }

  /** These and no others from now on; what stays keeps its position. */
  assign(partitions: readonly TopicPartition[]): void {
    const kept = new Map(this.#assigned)
    this.#assigned.clear()
    for (const at of sorted(partitions)) this.#assigned.set(keyOf(at), kept.get(keyOf(at)) ?? this.#fresh(at))
  }

  find(at: TopicPartition): AssignedPartition | undefined {
    return this.#assigned.get(keyOf(at))
  }

  /** @throws KafkaException `IllegalStateException` where the partition is not assigned */
  demand(at: TopicPartition, what: string): AssignedPartition {
    const found = this.find(at)
    if (found === undefined)
      throw new KafkaException(
        'IllegalStateException',
        `No current assignment for partition ${keyOf(at)}: ${what}`,
      )
    return found
  }

  seek(at: AssignedPartition, position: Position): void {
    at.position = position
    at.target = null
    at.turn = this.#nextTurn()
  }

  /** The position is to be looked up there. */
  seekTo(at: AssignedPartition, target: PositionTarget): void {
    at.position = null
    at.target = target
    at.notBeforeMs = 0
    at.turn = this.#nextTurn()
  }

  #fresh({ topic, partition }: TopicPartition): AssignedPartition {
    return {
      topic,
      partition,
      position: null,
      target: null,
      paused: false,
      notBeforeMs: 0,
      revoking: false,
      highWatermark: null,
      lastStableOffset: null,
      turn: this.#nextTurn(),
    }
  }

  #nextTurn(): number {
    this.#turn += 1
    return this.#turn
  }
}
