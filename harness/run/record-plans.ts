import type { RecordPosition } from '../core/history.ts'
import { recordName } from '../core/names.ts'
import type { RecordPlan } from '../faults/world.interface.ts'

/** The schedule's plans for the handling of single records. */
export class RecordPlans {
  readonly #plans: Map<string, RecordPlan[]> = new Map()

  arm(record: string, plan: RecordPlan): void {
    const known = this.#plans.get(record)
    if (known === undefined) this.#plans.set(record, [plan])
    else known.push(plan)
  }

  /** Drops all plans that strike once and have not struck; plans that strike always stay. */
  heal(): void {
    for (const [record, plans] of this.#plans)
      this.#plans.set(
        record,
        plans.filter(({ times }) => times !== 'once'),
      )
  }

  /** The first plan of one of these kinds for this record; one that acts once is used up. */
  take(record: RecordPosition, what: readonly RecordPlan['what'][]): RecordPlan | null {
    if (this.#plans.size === 0) return null
    const plans = this.#plans.get(recordName(record))
    const index = plans?.findIndex((plan) => what.includes(plan.what)) ?? -1
    const plan = plans?.[index]
    if (plans === undefined || plan === undefined) return null
    if (plan.times === 'once') plans.splice(index, 1)
    return plan
  }
}
