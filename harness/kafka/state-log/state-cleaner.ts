import type { PartitionLog } from '../log/partition-log.ts'
import { markerOutcome } from '../wire/index.ts'
import type { StateBatch } from './state-batch.ts'

/** The meaning of an internal topic's entries for compaction. */
export interface EntryRules<Entry> {
  /** Entries with the same key take each other's place. */
  keyOf(entry: Entry): string
  /** Whether nothing is left of the entry once all earlier ones of its key are gone. */
  isTombstone(entry: Entry): boolean
}

/** No log with fewer batches is compacted. */
const BATCHES_MIN = 1_000

/**
 * Compaction of internal topics, so that a log of state stays about as large as the state: a batch
 * goes when each of its entries has a later one that counts. It happens when half of a log's
 * batches are new, in no time, below the high watermark; an open transaction stays.
 */
export class StateCleaner<Entry> {
  readonly #rules: EntryRules<Entry>
  /** By partition: how many batches there are, and at how many it is looked at next. */
  readonly #batches: Map<number, { count: number; limit: number }> = new Map()

  constructor(rules: EntryRules<Entry>) {
    this.#rules = rules
  }

  /** A batch was appended to the leader's log; `logs` are those of all replicas. */
  appended(partition: number, logs: readonly PartitionLog[]): void {
    const known = this.#batches.get(partition)
    if (known === undefined) {
      this.#batches.set(partition, { count: 1, limit: BATCHES_MIN })
      return
    }
    known.count += 1
    if (known.count < known.limit) return
    known.count = 0
    for (const log of logs) known.count = Math.max(known.count, this.#compact(log))
    known.limit = Math.max(BATCHES_MIN, 2 * known.count)
  }

  /** @returns how many batches are left */
  #compact(log: PartitionLog): number {
    const { highWatermark } = log
    const batches = log.from(log.startOffset) as readonly StateBatch<Entry>[]
    const above = batches.filter(({ baseOffset }) => baseOffset >= highWatermark)
    const below = batches.slice(0, batches.length - above.length)
    const later = new Set<string>()
    const kept = new Set<StateBatch<Entry>>()
    /** The markers that decide what stands before them, by producer. */
    const markers = new Map<bigint, StateBatch<Entry>>()
    for (const batch of [...below, ...above].reverse()) {
      const { producerId } = batch
      const marker = markers.get(producerId)
      if (batch.control) {
        // The last one tells the producer's epoch.
        if (marker === undefined) kept.add(batch)
        markers.set(producerId, batch)
        continue
      }
      const open = batch.transactional && marker === undefined
      if (open) kept.add(batch)
      if (open || (marker !== undefined && markerOutcome(marker) === 'abort')) continue
      if (!this.#saysMore(batch, later)) continue
      kept.add(batch)
      if (marker !== undefined) kept.add(marker)
    }
    const left = below.filter((batch) => kept.has(batch))
    log.replaceBelow(highWatermark, left)
    return left.length + above.length
  }

  /** Whether some entry has no later one. */
  #saysMore({ entries }: StateBatch<Entry>, later: Set<string>): boolean {
    let more = false
    for (const entry of entries) {
      const key = this.#rules.keyOf(entry)
      if (!later.has(key) && !this.#rules.isTombstone(entry)) more = true
    }
    for (const entry of entries) later.add(this.#rules.keyOf(entry))
    return more
  }
}
