import type { FaultKind } from '../core/fault.ts'
import type { Guarantee } from '../core/guarantee.ts'
import type { PropertyName } from '../core/verdict.ts'

/** A service as a bundled scenario, and what a search must make of it. */
export interface DefectSearch {
  /** From the defect's own folder. */
  readonly file: string
  readonly must: 'fail' | 'hold'
}

/** A service on each client: one row of the table in `scenarios/mutants/README.md`. */
export interface BundledService {
  /** The service's task, in words. */
  readonly service: string
  /** Whether it is the correct one beside the one with the defect. */
  readonly twin?: boolean
  /** A text says why there is none on this client. */
  readonly kafkajs: DefectSearch | string
  readonly platformatic: DefectSearch | string
  /** Left out: there is none on the poll loop. */
  readonly pollLoop?: DefectSearch | string
}

/** The searches of a service, in the order of the table's columns; a text: there is none. */
export function searchesOf({ kafkajs, platformatic, pollLoop }: BundledService): (DefectSearch | string)[] {
  return [kafkajs, platformatic, pollLoop ?? 'not written']
}

/** A defect that services have, what it breaks, and how little of a schedule shows it. */
export interface Defect {
  readonly id: string
  readonly defect: string
  /** L loss, D duplicate, O order, P progress, Z stale or zombie write. */
  readonly breaks: string
  readonly guarantee: Guarantee['model']
  /** Properties that may be reported, and no other; the first is the expected one. */
  readonly properties: readonly PropertyName[]
  /** Why others than the first may be reported. */
  readonly why?: string
  /**
   * The smallest fault that shows it, and the smallest workload: what shrinking is measured
   * against.
   */
  readonly yardstick: {
    /** Kinds of which any one will do; empty where no fault is needed. */
    readonly kinds: readonly FaultKind[]
    readonly faults: number
    readonly records: number
    readonly processes: number
    readonly partitions: number
  }
  readonly services: readonly BundledService[]
}
