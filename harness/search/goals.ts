import { assertionText, isGoal } from '../core/assertion.ts'
import type { History } from '../core/history.ts'
import type { Verdict } from '../core/verdict.ts'

/**
 * Goals that came true in this run and are none of those that are known: `sometimes 'paid'`.
 * @param known null: no others are looked for
 */
export function newGoals({ assertions = [] }: Verdict, known: readonly string[] | null): readonly string[] {
  if (known === null) return []
  return assertions
    .filter(({ met, assertion }) => met && isGoal(assertion))
    .map(assertionText)
    .filter((goal) => !known.includes(goal))
}

/** Goals of this history, each with the sequence number of the event that first met it. */
export function goalsOf({ events }: History): ReadonlyMap<string, number> {
  const goals = new Map<string, number>()
  for (const event of events) {
    if (event.kind !== 'assertion' || !event.condition || !isGoal(event.assertion)) continue
    const goal = assertionText(event)
    if (!goals.has(goal)) goals.set(goal, event.seq)
  }
  return goals
}
