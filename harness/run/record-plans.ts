import type { HistoryEvent, RecordPosition } from '../core/history.ts'
import { recordName } from '../core/names.ts'
import type { RecordPlan } from '../faults/world.interface.ts'
import { isGivenUp } from './armed.ts'

/** The schedule's plans for the handling of single records. */
export class RecordPlans {
  readonly #plans: Map<string, RecordPlan[]> = new Map()
  /** Some plan that strikes until a client gives up has struck. */
  #struck = false

  arm(record: string, plan: RecordPlan): void {
    const known = this.#plans.get(record)
    if (known === undefined) this.#plans.set(record, [plan])
    else known.push(plan)
  }

  /** Drops all plans that do not strike always. */
  heal(): void {
    this.#keep(({ times }) => times === 'always')
  }

  /** A client that gives up, or whose process ends, ends what strikes until then. */
  observe(event: HistoryEvent): void {
    if (this.#struck && isGivenUp(event)) this.#keep(({ times }) => times !== 'until-given-up')
  }

  #keep(stays: (plan: RecordPlan) => boolean): void {
    for (const [record, plans] of this.#plans) this.#plans.set(record, plans.filter(stays))
  }

  /** The first plan of one of these kinds for this record; one that has acted often enough goes. */
  take(record: RecordPosition, what: readonly RecordPlan['what'][]): RecordPlan | null {
    if (this.#plans.size === 0) return null
    const plans = this.#plans.get(recordName(record))
    const index = plans?.findIndex((plan) => what.includes(plan.what)) ?? -1
    const plan = plans?.[index]
    if (plans === undefined || plan === undefined) return null
    const { times } = plan
    if (times === 'until-given-up') this.#struck = true
    else if (times === 'once' || times === 1) plans.splice(index, 1)
    else if (typeof times === 'number') plans.splice(index, 1, { ...plan, times: times - 1 })
    return plan
  }
}
