import { causeOf } from '../../properties/index.ts'
import type { History } from '../core/history.ts'
import type { Schedule } from '../core/schedule.ts'
import { type Finding, PROPERTY_NAMES } from '../core/verdict.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { consequence } from './consequence.ts'
import type { FoundDefect } from './outcome.ts'
import type { Difference } from './self-check.ts'
import { asFound, type ShrinkOptions, shrink } from './shrink.ts'

/** Where most of what fails has one cause, shrinking it again and again would take all the time. */
const SHRINKS_FOR_EACH = 4

export interface AddOptions extends ShrinkOptions {
  /** There is no time to shrink it. */
  readonly interrupted: boolean
}

/** The findings of a search: of several schedules with one cause, the first. */
export class Findings {
  readonly #prepared: PreparedScenario
  readonly #max: number
  readonly #found: FoundDefect[] = []
  /** Causes of schedules as they were found, and of what shrinking left of them. */
  readonly #causes: Set<string> = new Set()
  #shrinks = 0

  constructor(prepared: PreparedScenario, max: number) {
    this.#prepared = prepared
    this.#max = max
  }

  get count(): number {
    return this.#found.length
  }

  get enough(): boolean {
    return this.#found.length >= this.#max
  }

  /** Whether a run that shows this finding would add nothing. */
  knows(history: History, finding: Finding): boolean {
    return this.#causes.has(causeOf(history, finding))
  }

  /** The worst first: in the order of the properties, then the smaller one. */
  sorted(): readonly FoundDefect[] {
    const rank = ({ finding, shrunk: { schedule } }: FoundDefect): readonly number[] => [
      PROPERTY_NAMES.indexOf(finding.property),
      schedule.faults.length + schedule.holds.length,
      schedule.workload.records.length,
    ]
    return this.#found.toSorted((a, b) => firstNonZero(rank(a), rank(b)))
  }

  /**
   * Shrinks it, unless its cause is known. Gives the schedule that did not repeat itself, or null.
   */
  async add(
    found: Omit<FoundDefect, 'shrunk' | 'cause'>,
    { interrupted, ...options }: AddOptions,
  ): Promise<{ readonly schedule: Schedule; readonly difference: Difference } | null> {
    const { result, finding } = found
    const raw = causeOf(result.history, finding)
    if (this.#causes.has(raw)) return null
    if (interrupted) {
      // Without shrinking, two of one defect may look like two; what was known has been shrunk.
      const isApart = this.#found.length === 0 || found.known !== null
      if (isApart) this.#keep({ ...found, cause: raw, shrunk: asFound(result, finding) })
      return null
    }
    if (this.#shrinks >= SHRINKS_FOR_EACH * this.#max) return null
    this.#shrinks += 1
    this.#causes.add(raw)
    const failing = await consequence(this.#prepared, result, finding)
    const shrunk = await shrink(this.#prepared, failing, options)
    if (shrunk.difference !== null) return { schedule: shrunk.schedule, difference: shrunk.difference }
    const shown = shrunk.finding ?? failing.finding
    const cause = causeOf(shrunk.result.history, shown)
    // Its own, or that of one before.
    const repeated = this.#found.some((each) => each.cause === cause)
    if (!repeated) this.#keep({ ...found, finding: shown, shrunk, cause })
    return null
  }

  #keep(found: FoundDefect): void {
    this.#causes.add(found.cause)
    this.#found.push(found)
  }
}

function firstNonZero(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
