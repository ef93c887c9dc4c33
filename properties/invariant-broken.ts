import { HarnessError } from '../harness/core/errors.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * The wish: what the scenario's own invariants say is so when all has come to rest.
 *
 * Why the simple rule is wrong: an invariant that could not ask its service says nothing, and must
 * not pass for one that holds.
 *
 * The rule: an invariant that threw, or returned a sentence, after the drain. One that could not be
 * evaluated leaves this property undecided.
 *
 * Blind spots: what a run that ended earlier, at another finding, would have shown.
 *
 * Source: Hypothesis and TLA+ call it so; Jepsen's checkers over a final read.
 */
export const invariantBroken = property({
  name: 'invariant-broken',
  when: 'online',
  open: () => ({
    on: {
      invariant({ name, outcome, text, seq }) {
        if (outcome === 'unknown') throw new HarnessError(`'${name}' could not be evaluated: ${text}`)
        if (outcome === 'held') return null
        return seen('invariant-broken', `'${name}' is broken: ${text}`, { events: [seq] })
      },
    },
  }),
})
