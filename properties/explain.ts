import type { Explanation } from '../harness/core/counterexample.ts'
import type { History } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'

/** The sentence and the story of a finding. */
export function tell(_history: History, finding: Finding): Pick<Explanation, 'sentence' | 'story'> {
  return { sentence: finding.message, story: [] }
}
