import type { Explanation } from '../harness/core/counterexample.ts'
import type { History } from '../harness/core/history.ts'
import type { StoryLine } from '../harness/core/story.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { type Beat, beatOf, type Work, workTold } from './story/beats.ts'
import { scopeOf } from './story/scope.ts'
import { sentenceOf } from './story/sentences.ts'

/** Lines that a person reads without getting lost. */
const LINES_MAX = 15

/**
 * The cause in one sentence, and the shortest story that shows it: of a (short, shrunk) history the events that bear on
 * the finding's records, partitions and processes, runs of ordinary work drawn together. Where it is still too long,
 * ordinary lines go first, the earliest of them before the others; what proves the finding always stays.
 */
export function tell(history: History, finding: Finding): Pick<Explanation, 'sentence' | 'story'> {
  const scope = scopeOf(history.events, finding)
  const beats: Beat[] = []
  for (const event of history.events) {
    if (event.seq > scope.lastSeq) break
    const beat = beatOf(event, scope)
    if (beat !== null) add(beats, beat)
  }
  return { sentence: sentenceOf(scope), story: shorten(withoutRounds(beats)).map(lineOf) }
}

/** Adds a beat, or lets it run together with the one before. */
function add(beats: Beat[], beat: Beat): void {
  const before = beats.at(-1)
  const run = before === undefined ? null : together(before, beat)
  if (run === null) beats.push(beat)
  else beats[beats.length - 1] = run
}

/** A run that is only told once where the same thing happens again and again on one lane, too. */
function together(before: Beat, beat: Beat): Beat | null {
  if (before.lane !== beat.lane) return null
  // The answer that never came, and what it would have said: one of the two is enough.
  if (
    before.kind === 'request' &&
    beat.kind === 'commit' &&
    before.timeUs === beat.timeUs &&
    before.weight < 3
  )
    return beat
  if (before.text === beat.text && beat.work === null) return beat.weight >= before.weight ? beat : before
  if (before.work === null || beat.work === null) return null
  const work = joinWork(before.work, beat.work)
  return work === null ? null : { ...before, ...workTold(work), work }
}

function joinWork(a: Work, b: Work): Work | null {
  if (a.at.topic !== b.at.topic || a.at.partition !== b.at.partition) return null
  if (b.first === null) return { ...a, committed: b.committed }
  if (a.first === null || a.last === null) return null
  return b.first === a.last + 1n ? { ...a, last: b.last, committed: b.committed ?? a.committed } : null
}

/** More often than this, and the same line is told once for all. */
const ROUNDS_MAX = 2

/** What happens again and again is told where it first happens. What proves the finding is told each time. */
function withoutRounds(beats: readonly Beat[]): readonly Beat[] {
  const rounds = Map.groupBy(beats, (beat) => `${beat.lane}: ${roundText(beat)}`)
  return beats.flatMap((beat) => {
    const same = rounds.get(`${beat.lane}: ${roundText(beat)}`) ?? []
    if (same.length <= ROUNDS_MAX || beat.weight === 3) return [beat]
    return beat === same[0] ? [{ ...beat, text: `${roundText(beat)}, again and again` }] : []
  })
}

function roundText({ text }: Beat): string {
  return text.replace(/ in generation \d+/, '').replace(/#\d+/, '')
}

function shorten(beats: readonly Beat[]): readonly Beat[] {
  const kept = [...beats]
  for (const weight of [1, 2]) {
    for (let index = 0; index < kept.length && kept.length > LINES_MAX; ) {
      if (kept[index]?.weight === weight) kept.splice(index, 1)
      else index += 1
    }
  }
  return kept
}

function lineOf({ timeUs, lane, text, mark }: Beat): StoryLine {
  return { timeUs, lane, text, mark }
}
