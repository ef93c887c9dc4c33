import type { OffsetOf } from './offsets.ts'
import type { OffsetEntry } from './offsets-entries.ts'

/** Offsets that one request brings for one group. */
export interface Commit {
  readonly group: string
  readonly offsets: readonly OffsetOf[]
  readonly producer?: { readonly id: bigint; readonly epoch: number } | null
  /**
   * Tells that this one of them counts now. That may come after its request was answered with an
   * error (O7).
   */
  readonly tell: (index: number) => void
  /** Once: null when they are replicated, or the error. */
  readonly answered: (error: string | null) => void
}

/** A commit as it stands in the log, in one batch. */
export function entriesOf({ group, offsets, producer = null, tell }: Commit): OffsetEntry[] {
  return offsets.map(
    ({ topic, partition, committed }, index): OffsetEntry => ({
      kind: 'offset',
      group,
      topic,
      partition,
      committed,
      producer,
      tell: () => tell(index),
    }),
  )
}
