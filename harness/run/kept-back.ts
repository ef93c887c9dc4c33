import type { Workload, WorkloadRecord } from '../core/schedule.ts'
import type { WorkloadHook } from '../faults/world.interface.ts'

/**
 * Records of the workload that wait for a fault that appends some: the last ones of their topic. So
 * what appears in a new partition has the keys, values and headers of the scenario, and is no copy
 * that an app would rightly take for a duplicate.
 */
export class KeptBack implements Pick<WorkloadHook, 'keepBack' | 'partitions'> {
  readonly #workload: Workload
  readonly #waiting: Set<WorkloadRecord> = new Set()

  constructor(workload: Workload) {
    this.#workload = workload
  }

  partitions(topic: string): number {
    return this.#workload.topics[topic]?.partitions ?? 0
  }

  /** As many as there are, if there are fewer. */
  keepBack(topic: string, count: number): void {
    const free = this.#workload.records.filter((each) => each.topic === topic && !this.#waiting.has(each))
    for (const record of free.slice(-count)) this.#waiting.add(record)
  }

  has(record: WorkloadRecord): boolean {
    return this.#waiting.has(record)
  }

  /** The first that waits for this topic; undefined: none is left. */
  take(topic: string): WorkloadRecord | undefined {
    const record = this.#workload.records.find((each) => each.topic === topic && this.#waiting.has(each))
    if (record !== undefined) this.#waiting.delete(record)
    return record
  }

  /** All that still wait: their faults never began. */
  takeAll(): readonly WorkloadRecord[] {
    const left = this.#workload.records.filter((each) => this.#waiting.has(each))
    this.#waiting.clear()
    return left
  }
}
