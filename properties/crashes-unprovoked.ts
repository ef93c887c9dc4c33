import { property } from './checker.ts'
import { type SeenFinding, seen } from './finding.ts'

/** A word for it in the names and messages of libraries' errors. */
const TIMEOUT = /time(?:d)?[ -]?out|took longer than|AbortError/i
/** The engine's own, which nothing but the code brings about: `timeoutMs is not defined`. */
const MISTAKE = /^(?:Type|Reference|Range|Syntax|Assertion)Error\b/

/**
 * The wish: a consumer that nobody disturbs does not crash.
 *
 * Why the simple rule is wrong: "a crash is a violation" forbids what a supervisor is for: many
 * services end on purpose when something is wrong, and start again. `process.exit` is such an end,
 * and no crash. Under faults an error that nobody catches may be the plan as well.
 *
 * The rule: an exception or a rejection that nobody caught, before any fault has begun; and an
 * `AssertionError` at any time, since no fault makes an invariant of the app's own wrong. A timeout
 * is excused where the schedule holds messages back: that breaks nothing but what is shorter.
 *
 * Blind spots: a crash that needs a fault; an app that catches all its errors and exits.
 *
 * Source: Antithesis, TigerBeetle: a simulation's assertions count.
 */
export const crashesUnprovoked = property({
  name: 'crashes-unprovoked',
  when: 'end',
  open({ faults, ending, setting }) {
    const crashes = new Map<string, SeenFinding>()
    return {
      on: {
        'process-crashed': ({ process, reason, seq }) => {
          const [, error] = /^(?:uncaught exception|unhandled rejection): ([^\n]*)/.exec(reason) ?? []
          if (error === undefined || crashes.has(`${process} ${error}`)) return null
          const asserted = error.startsWith('AssertionError')
          const late = faults.begun === 0 && setting.holds === true && isTimeout(error)
          const provoked = faults.begun > 0 || late
          const when = whenOf({ asserted, provoked, late })
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

function isTimeout(error: string): boolean {
  return TIMEOUT.test(error) && !MISTAKE.test(error)
}

function whenOf({
  asserted,
  provoked,
  late,
}: Readonly<Record<'asserted' | 'provoked' | 'late', boolean>>): string {
  if (!provoked) return ' without any fault'
  if (asserted) return ''
  return late ? ' where messages are late' : ' after a fault'
}
