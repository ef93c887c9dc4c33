import type { Counterexample, Explanation } from '../harness/core/counterexample.ts'
import { describeFault, describeHold } from '../harness/core/fault-words.ts'
import type { CounterexampleSummary } from '../harness/core/result.ts'
import type { StoryLine } from '../harness/core/story.ts'
import type { PropertyName } from '../harness/core/verdict.ts'
import { count, virtualTime, wallTime } from './figures.ts'
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
  return story.flatMap(({ lane, text }, index) => {
    const number = `  ${String(index + 1).padStart(3)}. `
    const time = (times[index] ?? '').padStart(timeWidth)
    const [first = '', ...rest] = wrap(`${number}${time}  ${lane.padEnd(laneWidth)}  `, text, width)
    return [first.replace(time, paint.dim(time)), ...rest]
  })
}

/** The faults and holds that the story takes. */
export function causeLines({ schedule, explanation }: Counterexample, page: Page): string[] {
  const { faults, holds } = schedule
  if (faults.length + holds.length === 0)
    return ['  It takes no fault: this is what happens when nothing goes wrong.']
  const causes = [
    ...faults.map((fault, index) => {
      const needed = explanation.necessary[index]?.needed ?? true
      return `${describeFault(fault)}${needed ? '' : ' (not needed)'}`
    }),
    ...holds.map(describeHold),
  ]
  const sizes = [
    ...(faults.length > 0 ? [count(faults.length, 'fault')] : []),
    ...(holds.length > 0 ? [count(holds.length, 'hold')] : []),
  ]
  return [
    `  It takes ${sizes.join(' and ')}:`,
    ...causes.flatMap((cause) => wrap('    ', cause, page.width)),
    ...wrap('  ', certainty(explanation), page.width),
  ]
}

/** How much of it is luck. */
export function certainty({ inevitableFrom, necessary }: Explanation): string {
  if (inevitableFrom === null) return 'Other timings of the same events do not always fail.'
  if (inevitableFrom === 'the start') return 'Every other timing that was tried fails, too.'
  return necessary.length === 1
    ? 'Once that has happened, every other timing that was tried fails, too.'
    : `From this one on every other timing that was tried fails, too: ${inevitableFrom}.`
}

/** What a counterexample is marked with where shrinking ended before everything had been tried. */
export const NOT_YET_MINIMAL =
  'It is not yet minimal: shrinking was cut short, and some of this may not be needed; more time shrinks it further.'

/** `shrunk in 20 runs (432 ms)`. */
export function shrinkingOf({ shrinkRuns, shrinkMs }: CounterexampleSummary): string {
  return `shrunk in ${count(shrinkRuns, 'run')} (${wallTime(shrinkMs)})`
}
