import {
  type Confirmation,
  type ConfirmationTry,
  confirmationWords,
  outcomeOf,
} from '../harness/core/confirmation.ts'
import type { Explanation } from '../harness/core/counterexample.ts'
import { jsonText } from '../harness/core/json.ts'
import { median } from '../harness/core/median.ts'
import { explanationLines } from './explanation.ts'
import { listed, wallTime } from './figures.ts'
import { type Page, PLAIN_PAGE } from './paint.ts'
import { wrap } from './wrap.ts'

/** The result of replaying a counterexample on a real cluster. */
export interface RealReport {
  /** The scenario's name. */
  readonly name: string
  readonly confirmation: Confirmation
  /** Of a try that reproduced it. */
  readonly explanation: Pick<Explanation, 'sentence' | 'story'> | null
}

/** The text of `replay --on real` for a person. Ends without a newline. */
export function realReport({ name, confirmation, explanation }: RealReport, page: Page = PLAIN_PAGE): string {
  const { property, tries, how, faults } = confirmation
  const lines = [...headline(name, confirmation, page)]
  if (explanation !== null) lines.push(...explanationLines(property, explanation, page), '')
  for (const { fault, grade, means } of faults)
    lines.push(...wrap('  ', `${fault}: ${grade}, ${means}`, page.width))
  for (const [index, each] of tries.entries()) lines.push(...troubles(index + 1, each, confirmation, page))
  const also = [...new Set(tries.flatMap((each) => each.also))]
  if (also.length > 0) lines.push(...wrap('  ', `The real cluster also shows ${listed(also)}.`, page.width))
  if (tries.length > 0) lines.push(...wrap('  ', `${timeOf(tries)}; ${how}.`, page.width))
  return lines.join('\n')
}

function headline(name: string, confirmation: Confirmation, { paint, width }: Page): string[] {
  const [mark, colour] = {
    confirmed: ['✗', paint.red],
    'not confirmed': ['✓', paint.green],
    undecided: ['?', paint.yellow],
  }[outcomeOf(confirmation)] as [string, (text: string) => string]
  const words = `${confirmation.property} ${confirmationWords(confirmation)}`
  const [first = '', ...rest] = wrap('', `${mark} ${name}: ${words}`, width)
  return [first.replace(mark, colour(mark)).replace(name, paint.bold(name)), ...rest]
}

/** The reasons why a try did not go the way of the simulated run. */
function troubles(
  number: number,
  tried: ConfirmationTry,
  { faults }: Confirmation,
  { width }: Page,
): string[] {
  const never = tried.faults.flatMap((fault, index) =>
    'skipped' in fault ? [`'${faults[index]?.fault}' never began: ${fault.skipped}`] : [],
  )
  if (tried.reproduced && never.length === 0) return []
  return [...never, ...tried.diverged].flatMap((trouble) =>
    wrap('  ', `Try ${number} went another way: ${trouble}.`, width),
  )
}

function timeOf(tries: readonly ConfirmationTry[]): string {
  const times = tries.map(({ ms }) => ms)
  const middle = wallTime(median(times))
  return tries.length === 1
    ? `It took ${middle}`
    : `A try took ${middle}, at most ${wallTime(Math.max(0, ...times))}`
}

/** For programs: everything that is known, as one line a file. */
export function realJson({ name, confirmation, explanation }: RealReport): string {
  const outcome = outcomeOf(confirmation)
  return `${jsonText({ version: 1, scenario: name, outcome, ...confirmation, explanation }, null, 2)}\n`
}
