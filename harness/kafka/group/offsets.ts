export interface CommittedOffset {
  /** The next offset to read. */
  readonly offset: bigint
  readonly leaderEpoch: number
  readonly metadata: string | null
  /** Virtual Unix milliseconds. */
  readonly committedAtMs: number
  /** Where the commit itself said how long it is to be kept (OffsetCommit 2 to 4). */
  readonly expiresAtMs?: number
}

export interface OffsetOf {
  readonly topic: string
  readonly partition: number
  readonly committed: CommittedOffset
}

/** The committed offsets of one group. */
export class GroupOffsets {
  readonly #topics: Map<string, Map<number, CommittedOffset>> = new Map()
  readonly #committed: (committed: CommittedOffset) => void

  /** @param committed told of each commit */
  constructor(committed: (committed: CommittedOffset) => void = () => {}) {
    this.#committed = committed
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#topics.get(topic)?.get(partition)
  }

  set(topic: string, partition: number, committed: CommittedOffset): void {
    let partitions = this.#topics.get(topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#topics.set(topic, partitions)
    }
    partitions.set(partition, committed)
    this.#committed(committed)
  }

  delete(topic: string, partition: number): boolean {
    return this.#topics.get(topic)?.delete(partition) ?? false
  }

  get empty(): boolean {
    return this.all().length === 0
  }

  all(): OffsetOf[] {
    return [...this.#topics].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, committed]) => ({ topic, partition, committed })),
    )
  }
}
