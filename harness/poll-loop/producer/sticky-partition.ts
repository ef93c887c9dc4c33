import type { ClusterPartition } from '../net/metadata.ts'

interface Sticky {
  readonly partition: number
  bytes: number
}

/**
 * The partition of records without a key (KIP-480, KIP-794): one, by chance, until about
 * `batchSize` bytes have gone there, then another. Differs from Java in that all partitions with a
 * leader are equally likely: there is no queue whose length could tell.
 */
export class StickyPartition {
  readonly #batchSize: number
  readonly #byTopic: Map<string, Sticky> = new Map()

  constructor(batchSize: number) {
    this.#batchSize = batchSize
  }

  of(topic: string, partitions: readonly ClusterPartition[], recordBytes: number): number {
    const known = this.#byTopic.get(topic)
    const sticky =
      known === undefined || known.bytes >= this.#batchSize
        ? { partition: drawn(partitions), bytes: 0 }
        : known
    sticky.bytes += recordBytes
    this.#byTopic.set(topic, sticky)
    return sticky.partition
  }
}

function drawn(partitions: readonly ClusterPartition[]): number {
  const led = [...partitions.keys()].filter((each) => (partitions[each]?.leader ?? -1) >= 0)
  const candidates = led.length > 0 ? led : [...partitions.keys()]
  return candidates[Math.floor(Math.random() * candidates.length)] ?? 0
}
