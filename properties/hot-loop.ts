import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * The wish: a consumer that has nothing to do waits.
 *
 * Why the simple rule is wrong: "too many events in a second" depends on how much there is to do.
 * In virtual time the question is sharper: code that waits for anything, a timer of a millisecond
 * or a socket, lets time pass.
 *
 * The rule: more events than the engine allows at one virtual instant (10,000 by default) is a hot
 * loop. The engine counts and ends the run; this checker passes its word on.
 *
 * Blind spots: a loop that waits a millisecond each time; a synchronous endless loop, which never
 * gives the engine its turn. On a real cluster nobody counts.
 *
 * Source: ours.
 */
export const hotLoop = property({
  name: 'hot-loop',
  when: 'online',
  open: () => ({
    on: {
      'hot-loop': ({ process, events, seq }) =>
        seen('hot-loop', `${process ?? 'the run'} did ${events} things without letting time pass`, {
          events: [seq],
        }),
    },
  }),
})
