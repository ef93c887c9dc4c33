import { property } from './checker.ts'
import { type SeenFinding, seen } from './finding.ts'

/**
 * The wish: a consumer that nobody disturbs does not crash.
 *
 * Why the simple rule is wrong: "a crash is a violation" forbids what a supervisor is for: many
 * services end on purpose when something is wrong, and start again. `process.exit` is such an end,
 * and no crash. Under faults an error that nobody catches may be the plan as well.
 *
 * The rule: an exception or a rejection that nobody caught, before any fault has begun; and an
 * `AssertionError` at any time, since no fault makes an invariant of the app's own wrong.
 *
 * Blind spots: a crash that needs a fault; an app that catches all its errors and exits.
 *
 * Source: Antithesis, TigerBeetle: a simulation's assertions count.
 */
export const crashesUnprovoked = property({
  name: 'crashes-unprovoked',
  when: 'end',
  open({ faults, ending }) {
    const crashes = new Map<string, SeenFinding>()
    return {
      on: {
        'process-crashed': ({ process, reason, seq }) => {
          const [, error] = /^(?:uncaught exception|unhandled rejection): ([^\n]*)/.exec(reason) ?? []
          if (error === undefined || crashes.has(`${process} ${error}`)) return null
          const asserted = error.startsWith('AssertionError')
          const provoked = faults.begun > 0
          const when = !provoked ? ' without any fault' : asserted ? '' : ' after a fault'
          const message = `${process} crashed${when}: ${error}`
          crashes.set(
            `${process} ${error}`,
            seen('crashes-unprovoked', message, {
              events: [seq],
              about: { processes: [process] },
              explained: provoked && !asserted,
            }),
          )
          return null
        },
      },
      finish: () => (ending.reached ? [...crashes.values()] : []),
    }
  },
})
