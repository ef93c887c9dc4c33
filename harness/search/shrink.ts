import { RunStopped } from '../core/errors.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding, PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { Reduction, RUNS_MAX } from './reduction.ts'
import { type Difference, differenceOf } from './self-check.ts'

export interface ShrinkOptions {
  /** Most runs; default 500. 0: the schedule stays as it is. */
  readonly runsMax?: number | undefined
  /** Most wall time in milliseconds; default: no limit. */
  readonly timeMs?: number | undefined
  readonly onProgress?: ((runs: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** The clock of the time limit, in milliseconds; default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined
}

export interface Shrunk {
  readonly schedule: Schedule
  readonly result: RunResult
  /**
   * The pinned property's finding, as the result shows it; null where the result did not repeat.
   */
  readonly finding: Finding | null
  readonly runs: number
  readonly durationMs: number
  /**
   * Taking any one fault, hold, record, process, partition or broker away was tried, and made it
   * pass.
   */
  readonly oneMinimal: boolean
  /** Two more runs of the result gave the same history. */
  readonly repeatable: boolean
  /** The first difference between two runs of one schedule; null: there is none. */
  readonly difference: Difference | null
}

/** A failing schedule as it was found and repeated, where there is no time to reduce it. */
export function asFound(result: RunResult, finding: Finding): Shrunk & { readonly finding: Finding } {
  return {
    schedule: result.schedule,
    result,
    finding,
    runs: 0,
    durationMs: 0,
    oneMinimal: false,
    repeatable: true,
    difference: null,
  }
}

/**
 * Reduces a failing schedule by the moves of `Reduction` while the same property stays violated.
 */
export async function shrink(
  prepared: PreparedScenario,
  failing: { readonly schedule: Schedule; readonly finding: Finding },
  options: ShrinkOptions = {},
): Promise<Shrunk> {
  const nowMs = options.nowMs ?? (() => performance.now())
  const startedAt = nowMs()
  const { property } = failing.finding
  const { runsMax = RUNS_MAX, timeMs, signal } = options
  let best = await prepared.run(failing.schedule, { stopAt: property })
  const reduction = new Reduction(best.schedule, best, {
    kinds: prepared.faultKinds,
    values: prepared.values(failing.schedule.seed),
    keepsCalm: true,
    runsMax,
  })
  const stopped = (): boolean =>
    reduction.runs > runsMax ||
    signal?.aborted === true ||
    (timeMs !== undefined && nowMs() - startedAt >= timeMs)
  const steps = reduction.steps()
  /** Null: there is no time left for it. */
  const attempt = async (schedule: Schedule): Promise<RunResult | null> => {
    try {
      return await prepared.run(schedule, { stopAt: property, stop: stopped })
    } catch (error) {
      if (error instanceof RunStopped) return null
      throw error
    }
  }
  let runs = 0
  if (violates(best, property)) {
    let last = best
    for (let step = steps.next(); !step.done && !stopped(); ) {
      runs += 1
      options.onProgress?.(runs)
      const result = await attempt(step.value)
      if (result === null) break
      step = steps.next({ fails: violates(result, property), seen: result })
      // What fails is kept at once, or when it is known to be the same defect.
      best = [result, last].find((each) => each.schedule === reduction.smallest) ?? best
      last = result
    }
  }
  const { schedule } = best
  const second = await prepared.run(schedule, { stopAt: property, watchLeaks: true })
  const third = await prepared.run(schedule, { stopAt: property })
  const difference = differenceOf(best, second) ?? differenceOf(second, third)
  return {
    schedule,
    result: third,
    finding: third.verdict.violations.find((each) => each.property === property) ?? null,
    runs,
    durationMs: nowMs() - startedAt,
    oneMinimal: reduction.proven,
    repeatable: difference === null,
    difference,
  }
}

function violates({ verdict }: RunResult, property: PropertyName): boolean {
  return verdict.violations.some((each) => each.property === property)
}
