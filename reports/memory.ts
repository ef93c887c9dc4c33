import type { CounterexampleSummary, Recalled } from '../harness/core/result.ts'
import { count, listed, whole } from './figures.ts'

const STATES = ['regressed', 'ongoing', 'resolved', 'passes'] as const

/** Where the schedule of a finding comes from. */
export function foundBy({ foundAfterRuns, knownFrom }: CounterexampleSummary): string {
  return knownFrom === null
    ? `Found after ${count(foundAfterRuns, 'schedule')}`
    : `Known from ${knownFrom}, and tried first`
}

/** The state of a finding in a sentence, compared with the earlier ones. */
export function stateSentence(state: NonNullable<CounterexampleSummary['state']>): string {
  switch (state) {
    case 'new':
      return 'New: no check before this one has kept it.'
    case 'ongoing':
      return 'Ongoing: it failed in an earlier check, too.'
    case 'regressed':
      return 'Regressed: it had been resolved, and fails again.'
  }
}

/** The fate of counterexamples of earlier checks, as sentences. */
export function recalledSentences({ tried, leftOut }: Recalled): {
  /** That they were tried: what came of the search may depend on it. */
  readonly did: string | null
  /** Those that no longer fail. */
  readonly changed: readonly string[]
  readonly leftOut: readonly string[]
} {
  const counts = STATES.flatMap((state) => {
    const number = tried.filter((each) => each.state === state).length
    if (number === 0) return []
    return [state === 'passes' ? `${whole(number)} still resolved` : `${whole(number)} ${state}`]
  })
  const did = `tried first: ${count(tried.length, 'counterexample')} from before, ${listed(counts)}`
  return {
    did: tried.length === 0 ? null : did,
    changed: tried
      .filter(({ state }) => state === 'resolved')
      .map(({ property, sentence, file }) => `resolved: ${property}: ${sentence} (${file})`),
    leftOut,
  }
}
