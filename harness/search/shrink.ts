import type { Schedule } from '../core/schedule.ts'
import type { PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import {
  plainer,
  removals,
  withFaults,
  withHolds,
  withoutBroker,
  withoutPartition,
  withoutProcess,
  withoutRecords,
} from './shrink-moves.ts'

export interface ShrinkOptions {
  readonly runsMax: number
  readonly onProgress?: (runs: number) => void
  readonly signal?: AbortSignal | undefined
}

export interface Shrunk {
  readonly schedule: Schedule
  readonly result: RunResult
  readonly runs: number
  readonly durationMs: number
  /** Taking any one fault, hold, record, process, partition or broker away was tried, and made it pass. */
  readonly oneMinimal: boolean
  /** Two more runs of the result gave the same history. */
  readonly repeatable: boolean
}

/** Out of runs, or told to stop: what has been reached so far is the result. */
class OutOfBudget extends Error {}

/**
 * Reduces a failing schedule while the same property stays violated: what never acted goes first, then delta debugging
 * (Zeller and Hildebrandt, 2002) over faults, holds and records, then processes, partitions and brokers, then values,
 * until nothing more can go.
 */
export async function shrink(
  prepared: PreparedScenario,
  failing: { readonly schedule: Schedule; readonly result: RunResult; readonly property: PropertyName },
  options: ShrinkOptions,
): Promise<Shrunk> {
  const startedAt = performance.now()
  const shrinker = new Shrinker(prepared, failing, options)
  let oneMinimal = true
  try {
    await shrinker.reduce()
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error
    oneMinimal = false
  }
  const again = await prepared.run(shrinker.best, { stopAt: failing.property })
  const repeatable =
    again.historyHash() === (await prepared.run(shrinker.best, { stopAt: failing.property })).historyHash()
  return {
    schedule: shrinker.best,
    result: again,
    runs: shrinker.runs,
    durationMs: performance.now() - startedAt,
    oneMinimal,
    repeatable,
  }
}

class Shrinker {
  best: Schedule
  runs = 0
  readonly #prepared: PreparedScenario
  readonly #property: PropertyName
  readonly #options: ShrinkOptions
  readonly #tried: Set<string> = new Set()
  #skipped: ReadonlySet<number>

  constructor(
    prepared: PreparedScenario,
    failing: { schedule: Schedule; result: RunResult; property: PropertyName },
    options: ShrinkOptions,
  ) {
    this.#prepared = prepared
    this.#property = failing.property
    this.#options = options
    this.best = failing.schedule
    this.#skipped = new Set(failing.result.skipped.map(({ index }) => index))
  }

  async reduce(): Promise<void> {
    if (this.#skipped.size > 0) {
      await this.#accept(
        withFaults(
          this.best,
          this.best.faults.filter((_, index) => !this.#skipped.has(index)),
        ),
      )
    }
    await this.#acceptAny([withFaults(this.best, []), withHolds(this.best, [])])
    for (let changed = true; changed; ) {
      changed = await this.#ddmin(
        () => this.best.faults,
        (list) => [withFaults(this.best, list)],
      )
      changed =
        (await this.#ddmin(
          () => this.best.holds,
          (list) => [withHolds(this.best, list)],
        )) || changed
      changed = (await this.#partitions()) || changed
      changed = (await this.#records()) || changed
      changed = (await this.#untilNone(() => withoutProcess(this.best))) || changed
      changed = (await this.#untilNone(() => withoutBroker(this.best))) || changed
      changed = (await this.#singles()) || changed
    }
    await this.#untilNone(() => plainer(this.best))
    // Smaller values may have made something else unnecessary.
    for (let changed = true; changed; ) changed = await this.#singles()
  }

  /** Chunks from large to small, then one by one: what is left has no removable chunk. */
  async #ddmin<T>(
    list: () => readonly T[],
    make: (list: readonly T[]) => readonly Schedule[],
  ): Promise<boolean> {
    let changed = false
    for (let size = list().length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < list().length; ) {
        const current = list()
        const rest = [...current.slice(0, start), ...current.slice(start + size)]
        if (await this.#acceptAny(make(rest))) changed = true
        else start += size
      }
    }
    return changed
  }

  /** From the end, in halves, then one by one. */
  async #records(): Promise<boolean> {
    let changed = false
    for (
      let size = this.best.workload.records.length - 1;
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let end = this.best.workload.records.length; end > 0; ) {
        const start = Math.max(0, end - size)
        const indexes = new Set(Array.from({ length: end - start }, (_, index) => start + index))
        if (await this.#acceptAny(withoutRecords(this.best, indexes))) changed = true
        end = Math.min(start, this.best.workload.records.length)
      }
    }
    return changed
  }

  async #partitions(): Promise<boolean> {
    let changed = false
    for (const topic of Object.keys(this.best.workload.topics)) {
      changed = (await this.#untilNone(() => withoutPartition(this.best, topic))) || changed
    }
    return changed
  }

  async #singles(): Promise<boolean> {
    for (const { ways } of removals(this.best)) if (await this.#acceptAny(ways)) return true
    return false
  }

  async #untilNone(make: () => readonly Schedule[]): Promise<boolean> {
    let changed = false
    while (await this.#acceptAny(make())) changed = true
    return changed
  }

  async #acceptAny(candidates: readonly Schedule[]): Promise<boolean> {
    for (const candidate of candidates) if (await this.#accept(candidate)) return true
    return false
  }

  /** Keeps the candidate if the property is still violated. */
  async #accept(candidate: Schedule): Promise<boolean> {
    const text = JSON.stringify(candidate)
    if (this.#tried.has(text) || text === JSON.stringify(this.best)) return false
    if (this.runs >= this.#options.runsMax || this.#options.signal?.aborted === true) throw new OutOfBudget()
    this.#tried.add(text)
    this.runs += 1
    this.#options.onProgress?.(this.runs)
    const { verdict } = await this.#prepared.run(candidate, { stopAt: this.#property })
    if (!verdict.violations.some(({ property }) => property === this.#property)) return false
    this.best = candidate
    return true
  }
}
