import { keysOf } from '../harness/core/lists.ts'
import type { Measured } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/** Each measure's finding, from whom it is about and the scenario's limit. */
const SENTENCES: Readonly<Record<keyof Measured, (of: string, limit: string) => string>> = {
  lagMax: (of, limit) => `${of} had more than ${limit} records to do`,
  duplicatesMax: (of, limit) => `${of} brought about more than ${limit} duplicates`,
  stoppedMsMax: (of, limit) => `${of} stood still for more than ${limit} ms`,
  recoveryMsMax: (of, limit) => `${of} took more than ${limit} ms to recover`,
}

/**
 * The wish: delays and duplicates stay within what the scenario allows (`measures`).
 *
 * Why the simple rule is wrong: a limit on an average hides the one partition that stands still.
 *
 * The rule: the highest value over the whole run and each group and partition is at most the limit.
 * What each measure means is in `views/measures.ts`.
 *
 * Blind spots: a run that ended at another finding is measured up to there. A backlog that is there
 * at the start counts as lag.
 *
 * Source: lag as Kafka's tools show it, but by what is done instead of what is committed.
 */
export const measureExceeded = property({
  name: 'measure-exceeded',
  when: 'end',
  open({ measures, setting }) {
    return {
      on: {},
      finish: () =>
        keysOf(setting.measures ?? {}).flatMap((name) => {
          const limit = setting.measures?.[name]
          const peak = measures?.peak(name)
          if (limit === undefined || peak === undefined || peak.value <= limit) return []
          const message = SENTENCES[name](peak.of, limit.toLocaleString('en-US'))
          return [seen('measure-exceeded', message, { events: [peak.seq] })]
        }),
    }
  },
})
