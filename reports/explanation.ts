import type { Counterexample, Explanation } from '../harness/core/counterexample.ts'
import { describeFault, describeHold } from '../harness/core/fault-words.ts'
import type { CounterexampleSummary } from '../harness/core/result.ts'
import type { StoryLine } from '../harness/core/story.ts'
import type { Finding, PropertyName } from '../harness/core/verdict.ts'
import { count, virtualTime, wallTime, whole } from './figures.ts'
import type { Page } from './paint.ts'
import { wrap } from './wrap.ts'

/** `lost-record: consumer-0 committed …`, then the story as numbered lines. */
export function explanationLines(
  property: PropertyName,
  { sentence, story }: Pick<Explanation, 'sentence' | 'story'>,
  page: Page,
): string[] {
  const [first = '', ...rest] = wrap('  ', `${property}: ${sentence}`, page.width)
  const painted = first.replace(property, page.paint.red(property))
  return [painted, ...rest, ...(story.length === 0 ? [] : ['', ...storyLines(story, page)])]
}

function storyLines(story: readonly StoryLine[], { paint, width }: Page): string[] {
  const laneWidth = Math.max(...story.map(({ lane }) => lane.length))
  const times = story.map(({ timeUs }) => virtualTime(timeUs))
  const timeWidth = Math.max(...times.map(({ length }) => length))
  return story.flatMap(({ lane, text, mark, fault }, index) => {
    const strikes = fault === undefined ? '  ' : ' ⚡'
    const number = mark === 'outcome' ? '   ' : `${String(index + 1).padStart(2)}.`
    // A line without a lane has no moment of its own.
    const time = (lane === '' ? '' : (times[index] ?? '')).padStart(timeWidth)
    const [first = '', ...rest] = wrap(
      `${strikes}${number} ${time}  ${lane.padEnd(laneWidth)}  `,
      text,
      width,
    )
    return [time === '' ? first : first.replace(time, paint.dim(time)), ...rest]
  })
}

/** The faults and holds that the story takes. */
export function causeLines({ schedule, explanation }: Counterexample, page: Page): string[] {
  const { faults, holds } = schedule
  const turns = turningPoint(explanation)
  const turn = turns === null ? [] : wrap('  ', turns, page.width)
  if (faults.length + holds.length === 0)
    return [...wrap('  ', withoutFault(explanation), page.width), ...turn]
  const causes = causesOf({ schedule, explanation })
  const sizes = [
    ...(faults.length > 0 ? [count(faults.length, 'fault')] : []),
    ...(holds.length > 0 ? [count(holds.length, 'hold')] : []),
  ]
  return [
    `  It takes ${sizes.join(' and ')}:`,
    ...causes.flatMap((cause) => wrap('    ', cause, page.width)),
    ...wrap('  ', certainty(explanation), page.width),
    ...turn,
  ]
}

/** Faults in the order in which they strike, then holds, in words. */
export function causesOf({
  schedule,
  explanation,
}: Pick<Counterexample, 'schedule' | 'explanation'>): readonly string[] {
  const { necessary, story } = explanation
  const lineOf = (index: number): number => story.findIndex(({ fault }) => fault === index)
  const faults = schedule.faults
    .map((fault, index) => ({ fault, index }))
    .sort((a, b) => lineOf(a.index) - lineOf(b.index))
    .map(({ fault, index }) => {
      const needed = necessary[index]?.needed ?? true
      return `${describeFault(fault)}${needed ? '' : ' (not needed)'}`
    })
  return [...faults, ...schedule.holds.map(describeHold)]
}

export function withoutFault({ inevitableFrom }: Explanation): string {
  return inevitableFrom === 'the start'
    ? 'It takes no fault, and every timing that was tried fails.'
    : 'It takes no fault, but the right timing: other timings of the same events do not always fail.'
}

/** The legend of the signs in a story. */
export function legendOf({ schedule }: Pick<Counterexample, 'schedule'>): string {
  const [cluster] = Object.keys(schedule.workload.clusters ?? {})
  const record =
    cluster === undefined
      ? 'orders/0@1 is topic/partition@offset'
      : `${cluster}:orders/0@1 is cluster:topic/partition@offset`
  return `${record}; 'offset 2' means that @2 is read next; ⚡ is where a fault strikes.`
}

/** How much of it is luck. */
export function certainty({ inevitableFrom, necessary }: Explanation): string {
  if (inevitableFrom === null) return 'Other timings of the same events do not always fail.'
  if (inevitableFrom === 'the start') return 'Every other timing that was tried fails, too.'
  return necessary.length === 1
    ? 'Once that has happened, every other timing that was tried fails, too.'
    : `From this one on every other timing that was tried fails, too: ${inevitableFrom}.`
}

/** The step from which it never went well, and what is known of the one before; null: none is. */
export function turningPoint({ continuations = [] }: Explanation): string | null {
  const wentWell = continuations.findLastIndex(({ failed, of }) => failed < of)
  const certain = continuations[wentWell + 1]
  if (certain === undefined) return null
  if (certain.step === 0)
    return `It could not go well from the start: all of ${whole(certain.of)} other runs failed.`
  const { failed = 0 } = continuations[wentWell] ?? {}
  const before = failed === 0 ? 'none' : whole(failed)
  return `Until step ${certain.step} it could still go well: ${before} of ${whole(certain.of)} continuations from before it failed, all from after it did.`
}

/** The mark of a counterexample whose shrinking ended before everything had been tried. */
export const NOT_YET_MINIMAL =
  'It is not yet minimal: shrinking was cut short, and some of this may not be needed; more time shrinks it further.'

/** `shrunk in 20 runs (432 ms)`. */
export function shrinkingOf({ shrinkRuns, shrinkMs }: CounterexampleSummary): string {
  return `shrunk in ${count(shrinkRuns, 'run')} (${wallTime(shrinkMs)})`
}

/**
 * Violations of other properties, without those that the same event proves: they say the same in
 * other words.
 */
export function otherViolations(all: readonly Finding[], told: Finding): readonly Finding[] {
  return all.filter(({ property, events }) => {
    const certain = events.at(-1)
    return property !== told.property && (certain === undefined || !told.events.includes(certain))
  })
}
