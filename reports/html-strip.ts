import type { Explanation } from '../harness/core/counterexample.ts'
import { turningPoint } from './explanation.ts'
import { markup } from './markup.ts'

/**
 * A cell for each step of the story: how many of the other ways to go on from there fail. The last
 * cell stands for all that follow.
 */
export function continuationStrip(explanation: Explanation): string[] {
  const { continuations = [] } = explanation
  const turns = turningPoint(explanation)
  if (turns === null) return []
  const cells = continuations.map(({ step, failed, of }) => {
    const share = Math.round((100 * failed) / of)
    const name = step === 0 ? 'start' : String(step)
    const title = `${step === 0 ? 'from the start' : `after step ${step}`} ${failed} of ${of} other ways to go on fail`
    return `<span style="--failed: ${share}%" title="${markup(title)}">${name}</span>`
  })
  return [`<p>${markup(turns)}</p>`, `<div class="strip">${cells.join('')}</div>`]
}
