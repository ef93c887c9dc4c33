import type { Counterexample, Explanation } from '../harness/core/counterexample.ts'
import type { SkippedFault } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { causeLines, explanationLines } from './explanation.ts'
import { type Page, PLAIN_PAGE } from './paint.ts'
import { wrap } from './wrap.ts'

/** The result of running a counterexample's schedule again. */
export interface Replay {
  readonly counterexample: Counterexample
  /** `same`: the same property is violated; `other`: another one is instead. */
  readonly outcome: 'same' | 'other' | 'held' | 'undecided'
  /** The violation of this run. */
  readonly finding: Finding | null
  /** The explanation of this run, not of the file. */
  readonly explanation: Pick<Explanation, 'sentence' | 'story'> | null
  readonly sameHistory: boolean
  /** Versions that changed since the file was made: `Node was v24.1.0 and is v24.21.0`. */
  readonly changed: readonly string[]
  readonly skipped: readonly SkippedFault[]
  /** Why it could not be decided. */
  readonly problem: string | null
}

/** The text of `replay` for a person. Ends without a newline. */
export function replayReport(replay: Replay, page: Page = PLAIN_PAGE): string {
  const { counterexample, finding, explanation, skipped, changed } = replay
  const lines = [headline(replay, page)]
  if (finding !== null && explanation !== null)
    lines.push(
      ...explanationLines(finding.property, explanation, page),
      '',
      ...causeLines(counterexample, page),
      '',
    )
  for (const { kind, reason } of skipped)
    lines.push(...wrap('  ', `The fault ${kind} never acted: ${reason}.`, page.width))
  lines.push(...wrap('  ', historySentence(replay), page.width))
  for (const each of changed) lines.push(...wrap('  ', `Since the file was made, ${each}.`, page.width))
  return lines.join('\n')
}

function headline({ counterexample, outcome, finding, problem }: Replay, { paint }: Page): string {
  const name = paint.bold(counterexample.scenario.name)
  const { property } = counterexample.violation
  switch (outcome) {
    case 'same':
      return `${paint.red('✗')} ${name}: ${paint.red('still fails')} with ${property}`
    case 'other':
      return `${paint.red('✗')} ${name}: no longer fails with ${property}, ${paint.red('but now')} with ${finding?.property ?? 'another property'}`
    case 'held':
      return `${paint.green('✓')} ${name}: ${paint.green('no longer fails')} (it was ${property})`
    case 'undecided':
      return `${paint.yellow('?')} ${name}: ${paint.yellow('undecided')}, ${problem ?? `nothing could be said of ${property}`}`
  }
}

function historySentence({ sameHistory, outcome, changed }: Replay): string {
  if (sameHistory) return 'The history is the same as when the file was made, byte for byte, in both runs.'
  if (outcome === 'same')
    return changed.length > 0
      ? 'The history is not the same as when the file was made, but equal in both runs.'
      : 'The history is not the same as when the file was made, so the consumer, its packages, the scenario or Onceover have changed.'
  return 'The history is not the same as when the file was made.'
}
