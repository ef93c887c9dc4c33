import { isDeepStrictEqual } from 'node:util'
import type { Counterexample } from '../core/counterexample.ts'
import { jsonText } from '../core/json.ts'
import type { StoryLine } from '../core/story.ts'
import { writeWhole } from './counterexample-file.ts'
import { type Replayed, replayFile } from './replay.ts'

/** The outcome for a replay file whose history may have changed with the harness. */
export type Refreshed =
  | { readonly outcome: 'unchanged' | 'refreshed' }
  /** The file stays as it is, for this reason. */
  | { readonly outcome: 'refused'; readonly why: string }

/**
 * Replays the file, and where it shows the same violation by another history, writes the history of
 * today into it: hash, events, story and versions. Where the violation is not the same in every
 * word, a person has to look.
 */
export async function refreshFile(file: string, { trust = false } = {}): Promise<Refreshed> {
  const replayed = await replayFile(file, { trust })
  const { counterexample, finding, sameHistory, explanation } = replayed.replay
  const { violation } = counterexample
  if (replayed.replay.outcome !== 'same' || finding === null || explanation === null)
    return { outcome: 'refused', why: `it does not show ${violation.property} again: ${shownBy(replayed)}` }
  if (finding.message !== violation.message)
    return {
      outcome: 'refused',
      why: `it shows another ${violation.property}: '${finding.message}' instead of '${violation.message}'`,
    }
  if (sameHistory) return { outcome: 'unchanged' }
  const { historyHash, made } = replayed
  const { continuations: _, ...before } = counterexample.explanation
  const { sentence, story } = explanation
  const content: Counterexample = {
    ...counterexample,
    violation: finding,
    historyHash,
    // Whether each fault is needed is a fact of the schedule, which is the same. How it could go on
    // is told by the story's steps, and those may be others.
    explanation: sameSteps(before.story, story)
      ? { ...counterexample.explanation, sentence, story }
      : { ...before, sentence, story },
    made,
  }
  writeWhole(file, `${jsonText(content, null, 2)}\n`)
  return { outcome: 'refreshed' }
}

function sameSteps(before: readonly StoryLine[], now: readonly StoryLine[]): boolean {
  return isDeepStrictEqual(before.map(stepOf), now.map(stepOf))
}

function stepOf({ lane, text }: StoryLine): string {
  return `${lane} ${text}`
}

function shownBy({ replay: { outcome, finding, problem } }: Replayed): string {
  if (outcome === 'other' && finding !== null) return `${finding.property}: ${finding.message}`
  return problem ?? outcome
}
