import { mustNotFail } from '../harness/core/assertion.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * The wish: what the app asserts of itself is so.
 *
 * Why the simple rule is wrong: "a failed assertion is the end of the process" would make a crash
 * of it, which a supervisor mends: it has to be a finding of its own, and the app goes on.
 *
 * The rule: `always` and `alwaysOrUnreachable` with a false condition, and `unreachable` reached,
 * under faults as without. `sometimes` and `reachable` are judged over all schedules of a check.
 *
 * Blind spots: what is never reached. `always` that is never reached leaves the check undecided.
 *
 * Source: Antithesis, whose SDKs have these assertions.
 */
export const assertionFailed = property({
  name: 'assertion-failed',
  when: 'online',
  open: () => ({
    on: {
      assertion({ assertion, condition, message, process, seq }) {
        if (condition || !mustNotFail(assertion)) return null
        const what =
          assertion === 'unreachable'
            ? `${process} reached what is unreachable: '${message}'`
            : `'${message}' was false in ${process}`
        return seen('assertion-failed', what, { events: [seq], about: { processes: [process] } })
      },
    },
  }),
})
