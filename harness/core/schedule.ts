import type { ClustersOf } from './clusters.ts'
import type { Fault, Hold } from './fault.ts'
import type { Processes } from './processes.ts'

/** A record of the workload as plain data. Bytes that are not UTF-8 stand as `{ base64 }`. */
export interface WorkloadRecord {
  readonly topic: string
  readonly partition: number
  readonly key: Bytes | null
  readonly value: Bytes | null
  readonly headers?: Readonly<Record<string, Bytes>>
  /** Virtual milliseconds after the start of the run at which the record is appended. */
  readonly atMs: number
}

export type Bytes = string | { readonly base64: string }

export interface WorkloadTopic {
  readonly partitions: number
  /** Offset of the first record of each partition, as a decimal string; beyond 2^53 too. */
  readonly startOffset: string
  /** By their Kafka names; absent where there are none. */
  readonly configs?: Readonly<Record<string, string>>
}

/** The course of a run in which nothing goes wrong. */
export interface Workload extends Processes, ClustersOf {
  /** Names that they have in a cluster, where there are several: `b:orders`. */
  readonly topics: Readonly<Record<string, WorkloadTopic>>
  /**
   * Offsets that groups have committed before, as decimal strings, by group and partition: `{
   * billing: { 'orders/0': '5' } }`. Absent: all groups are new.
   */
  readonly committed?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** In the order of their appends. */
  readonly records: readonly WorkloadRecord[]
}

/**
 * All that will happen in a run, as a value: workload + faults + holds. What it does not mention
 * happens in the default order: earliest virtual time first, ties by creation. `seed` feeds the
 * named streams of chance.
 */
export interface Schedule {
  readonly seed: string
  readonly workload: Workload
  readonly faults: readonly Fault[]
  readonly holds: readonly Hold[]
}
