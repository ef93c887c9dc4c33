import type { Fault, FaultKind } from '../core/fault.ts'
import type { SkippedFault } from '../core/history.ts'
import { prepareFault } from '../faults/index.ts'
import type { FaultStart } from '../faults/outcome.ts'
import type { WorkloadHook } from '../faults/world.interface.ts'
import type { Recorder } from './recorder.ts'
import type { Scheduler } from './scheduler.interface.ts'

export interface TimelineOptions {
  readonly faults: readonly Fault[]
  readonly workload: WorkloadHook
  readonly recorder: Recorder
  readonly scheduler: Scheduler
  /** Inside the event that the fault is placed at; else as the next thing that happens. */
  atOnce(kind: FaultKind): boolean
  /** Lets it act. */
  begin(fault: Fault): FaultStart
}

/** The faults of a schedule in a run: each is placed, begins, and ends or is skipped. */
export class FaultTimeline {
  readonly #options: TimelineOptions
  readonly #begun: Set<number> = new Set()
  /** Heals for the lasting faults that have begun. */
  readonly #lasting: Map<number, () => void> = new Map()
  readonly #skipped: SkippedFault[] = []
  #draining = false

  constructor(options: TimelineOptions) {
    this.#options = options
    for (const [index, fault] of options.faults.entries()) this.#place(index, fault)
  }

  /** Some fault has begun and has not ended. */
  get lasting(): boolean {
    return this.#lasting.size > 0
  }

  /** Every fault ends, and no other begins. */
  drain(): void {
    this.#draining = true
    for (const end of [...this.#lasting.values()]) end()
  }

  /** Faults that never acted so far, and why. */
  skipped(): readonly SkippedFault[] {
    const missed = [...this.#options.faults.entries()].filter(([index]) => !this.#begun.has(index))
    const late = missed.map(([index, { kind, at }]) => ({
      index,
      kind,
      reason: 'event' in at ? `'${at.event}' never happened` : 'the run ended before',
    }))
    return [...this.#skipped, ...late]
  }

  #place(index: number, fault: Fault): void {
    const { scheduler, recorder, workload, atOnce } = this.#options
    prepareFault(fault, workload)
    const begin = (): void => this.#begin(index, fault)
    if ('atMs' in fault.at) {
      scheduler.after(fault.at.atMs * 1000, begin)
      return
    }
    recorder.await(fault.at.event, atOnce(fault.kind) ? begin : () => scheduler.after(0, begin))
  }

  #begin(index: number, fault: Fault): void {
    // The drain adds no faults: one whose moment comes too late is reported as skipped.
    if (this.#draining) return
    const { recorder, scheduler } = this.#options
    this.#begun.add(index)
    recorder.observe({ kind: 'fault', index, fault, phase: 'begins' })
    const outcome = this.#options.begin(fault)
    if ('skipped' in outcome) {
      this.#skipped.push({ index, kind: fault.kind, reason: outcome.skipped })
      return
    }
    const { heal } = outcome
    if (heal === undefined || !('durationMs' in fault)) return
    const end = (): void => this.#end(index, fault, heal)
    this.#lasting.set(index, end)
    scheduler.after(fault.durationMs * 1000, end)
  }

  #end(index: number, fault: Fault, heal: () => void): void {
    if (!this.#lasting.delete(index)) return
    heal()
    this.#options.recorder.observe({ kind: 'fault', index, fault, phase: 'ends' })
  }
}
