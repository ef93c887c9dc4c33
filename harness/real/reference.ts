import type { Counterexample } from '../core/counterexample.ts'
import type { HistoryEvent } from '../core/history.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { itemOf, itemOfStep, type OrderItem } from './order.ts'

/** The simulated run that a real one follows. */
export interface Reference {
  readonly result: RunResult
  /** The items of its order. */
  readonly items: readonly OrderItem[]
  /** Groups that consumers of the run were in. */
  readonly groups: readonly string[]
}

export async function referenceOf(
  prepared: PreparedScenario,
  { schedule, violation }: Pick<Counterexample, 'schedule' | 'violation'>,
): Promise<Reference> {
  const items: OrderItem[] = []
  const note = (item: OrderItem | null): void => {
    if (item !== null) items.push(item)
  }
  const watch = {
    event: (event: HistoryEvent) => note(itemOf(event)),
    step: (step: Parameters<typeof itemOfStep>[0]) => note(itemOfStep(step)),
  }
  const result = await prepared.run(schedule, { stopAt: violation.property, watch })
  return { result, items, groups: groupsOf(result.history.events) }
}

function groupsOf(events: readonly HistoryEvent[]): string[] {
  return [...new Set(events.flatMap((event) => (event.kind === 'consumer-started' ? [event.group] : [])))]
}
