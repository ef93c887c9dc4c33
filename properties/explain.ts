import type { Explanation } from '../harness/core/counterexample.ts'
import type { History } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { type Beat, lineOf } from './story/beat.ts'
import { beatOf } from './story/beats/index.ts'
import { headlineOf, sentenceOf } from './story/headline.ts'
import { outcomeOf } from './story/outcome.ts'
import { folded, type Items, lengthOf, numbered, told, without } from './story/rounds.ts'
import { addBeat } from './story/run-together.ts'
import { type Scope, scopeOf } from './story/scope.ts'

/** Lines that a person reads without getting lost. */
const LINES_MAX = 15

/**
 * The cause in a sentence or two, and the shortest story that shows it: of a (short, shrunk)
 * history the events that bear on the finding's records, partitions and processes, runs of ordinary
 * work drawn together, rounds told once. Where it is still too long, ordinary lines go first, the
 * earliest of them before the others; what proves the finding, what a fault does, and commits
 * always stay. The last line says what it comes to.
 */
export function tell(history: History, finding: Finding): Pick<Explanation, 'sentence' | 'story'> {
  const scope = scopeOf(history.events, finding)
  const beats: Beat[] = []
  for (const event of history.events) {
    if (event.seq > scope.lastSeq) break
    const beat = beatOf(event, scope)
    if (beat !== null) addBeat(beats, beat, scope)
  }
  const story = [...numbered(folded(shorten(folded(beats)))), ...lastBeat(scope)]
  return { sentence: sentenceOf(scope), story: story.map(lineOf) }
}

/**
 * The cause of a finding, without names and numbers: `lost-record: … committed offset # before its
 * effect was done`. Schedules that show one defect have one cause, whether a crash or a shutdown
 * brought it to light.
 */
export function causeOf(history: History, finding: Finding): string {
  const { result, causes } = headlineOf(scopeOf(history.events, finding))
  const [first = result] = causes
  return `${finding.property}: ${first.text.replace(WORDS, withoutName)}`
}

const WORDS = /\S+/g

/** Processes, records, partitions and numbers are names; a word may be megabytes long. */
function withoutName(word: string): string {
  return /\d/.test(word) ? '#' : word
}

function shorten(items: Items): Items {
  const beats = told(items)
  let kept = items
  for (const weight of [1, 2] as const) {
    for (const beat of fromTheMiddle(beats)) {
      if (beat.weight !== weight || beat.events.some(({ kind }) => kind === 'commit')) continue
      if (lengthOf(kept) <= LINES_MAX) return kept
      kept = without(kept, beat)
    }
  }
  return kept
}

/** How it begins and how it ends says more than what comes between. */
function fromTheMiddle(beats: readonly Beat[]): readonly Beat[] {
  const middle = (beats.length - 1) / 2
  return beats
    .map((beat, index) => ({ beat, distance: Math.abs(index - middle) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ beat }) => beat)
}

function lastBeat(scope: Scope): readonly Beat[] {
  const outcome = outcomeOf(scope)
  if (outcome === null) return []
  const { text, shownBy } = outcome
  const told = {
    lane: '',
    text,
    mark: 'outcome',
    weight: 3,
    work: null,
    owns: null,
    calls: null,
    fault: null,
  } as const
  const last = scope.events[scope.lastSeq]
  return [{ ...told, events: shownBy.length > 0 || last === undefined ? shownBy : [last] }]
}
