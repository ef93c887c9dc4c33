import type { TopicPartition } from '../../harness/core/history.ts'

/** Something for each partition, without building a name for each look-up. */
export class PartitionMap<T> {
  readonly #topics: Map<string, (T | undefined)[]> = new Map()

  get({ topic, partition }: TopicPartition): T | undefined {
    return this.#topics.get(topic)?.[partition]
  }

  set({ topic, partition }: TopicPartition, value: T | undefined): void {
    let partitions = this.#topics.get(topic)
    if (partitions === undefined) {
      partitions = []
      this.#topics.set(topic, partitions)
    }
    partitions[partition] = value
  }

  getOrMake(at: TopicPartition, make: () => T): T {
    const known = this.get(at)
    if (known !== undefined) return known
    const made = make()
    this.set(at, made)
    return made
  }

  clear(): void {
    this.#topics.clear()
  }

  /** In the order of topics' first use, then of partitions. */
  *entries(): Generator<[TopicPartition, T]> {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, value] of partitions.entries()) {
        if (value !== undefined) yield [{ topic, partition }, value]
      }
    }
  }

  *ofTopic(topic: string): Generator<[TopicPartition, T]> {
    for (const [partition, value] of (this.#topics.get(topic) ?? []).entries()) {
      if (value !== undefined) yield [{ topic, partition }, value]
    }
  }
}

/** Something for each partition of each group. */
export class GroupMap<T> {
  readonly #groups: Map<string, PartitionMap<T>> = new Map()

  get(group: string, at: TopicPartition): T | undefined {
    return this.#groups.get(group)?.get(at)
  }

  set(group: string, at: TopicPartition, value: T | undefined): void {
    this.#of(group).set(at, value)
  }

  getOrMake(group: string, at: TopicPartition, make: () => T): T {
    return this.#of(group).getOrMake(at, make)
  }

  *entries(): Generator<[string, TopicPartition, T]> {
    for (const [group, partitions] of this.#groups) {
      for (const [at, value] of partitions.entries()) yield [group, at, value]
    }
  }

  #of(group: string): PartitionMap<T> {
    const known = this.#groups.get(group)
    if (known !== undefined) return known
    const made = new PartitionMap<T>()
    this.#groups.set(group, made)
    return made
  }
}
