import type { EXPECTED } from './expected.ts'
import type { Results, TestFailure } from './suite.interface.ts'

export interface Judged {
  readonly news: readonly TestFailure[]
  readonly known: readonly string[]
  readonly passesAgain: readonly string[]
}

/** Tells a suite's new failures from the expected ones. */
export function judged(suite: string, results: Results, expected: typeof EXPECTED): Judged {
  const mine = expected.filter((each) => each.suite.test(suite))
  const reasonOf = (test: string): string | undefined => mine.find((each) => each.test.test(test))?.why
  return {
    news: results.failed.filter(({ test }) => reasonOf(test) === undefined),
    known: results.failed.flatMap(({ test }) => {
      const why = reasonOf(test)
      return why === undefined ? [] : [`${test}: ${why}`]
    }),
    passesAgain: results.passed.filter((test) => reasonOf(test) !== undefined),
  }
}
