import type { Fault } from '../harness/core/fault.ts'
import type { EventOf } from '../harness/core/history.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * Generations that one cause may bring: the leave or expiry, the join, a join that timed out, and
 * one to spare.
 */
const GENERATIONS_PER_CAUSE = 4
/**
 * Half the shortest session timeout that a broker allows by default (6 s): a link that is bad for
 * longer may expel a member once in each of them.
 */
const GENERATION_MS_MIN = 3_000

/**
 * The wish: a group rebalances when something happened to it.
 *
 * Why the simple rule is wrong: counting rebalances against joins, leaves and expiries proves
 * nothing, since in a storm each rebalance has an expiry and a join of its own: the member whose
 * handler is too slow is expelled, comes back, gets the same records, and is expelled again.
 *
 * The rule: causes come from outside the group: a process that starts, ends or crashes, a consumer
 * that gave up, a fault. Each may bring four generations, and a fault that lasts one more for every
 * three seconds; where requests or calls are refused until a client gives up, each generation up to
 * the drain may come of that. More generations than that (and four to start with) are the group's
 * own doing. The bound is generous: a storm that runs until the drain's deadline goes far beyond
 * it.
 *
 * Blind spots: a process that crashes in a loop brings its causes itself; the partition that it
 * cannot get past is `stuck-partition`. A client that gives up, or is killed, need not have been
 * refused by then, and the next one is refused in its place: so nothing but the drain ends that
 * excuse, and a storm that is over by then is not seen.
 *
 * Source: KIP-62 and KIP-345 on why groups storm; the bound is ours.
 */
export const rebalanceStorm = property({
  name: 'rebalance-storm',
  when: 'end',
  open({ ending }) {
    const generations = new Map<string, EventOf<'generation'>[]>()
    const removed = new Map<string, EventOf<'member-removed'>>()
    let bound = GENERATIONS_PER_CAUSE
    /** Something is refused until a client gives up. */
    let refused = false
    const cause = (): null => {
      bound += GENERATIONS_PER_CAUSE
      return null
    }
    return {
      on: {
        generation(event) {
          if (refused) bound += 1
          const known = generations.get(event.group)
          if (known === undefined) generations.set(event.group, [event])
          else known.push(event)
          return null
        },
        'member-removed'(event) {
          removed.set(event.group, event)
          return null
        },
        'process-started': cause,
        'process-crashed': cause,
        'process-exited': cause,
        'consumer-crashed': cause,
        'partitions-added': cause,
        fault({ fault, phase }) {
          if (phase !== 'begins') return null
          bound += GENERATIONS_PER_CAUSE + lastingGenerations(fault)
          refused ||= 'times' in fault && fault.times === 'until-given-up'
          return null
        },
        phase({ phase }) {
          if (phase === 'drain') refused = false
          return null
        },
      },
      finish() {
        if (!ending.reached) return []
        return [...generations]
          .filter(([, events]) => events.length > bound)
          .map(([group, events]) => {
            const why = removed.get(group)
            const reason = why === undefined ? '' : ` (${why.process} was last removed: ${why.reason})`
            const message = `the group ${group} rebalances without end${reason}`
            return seen('rebalance-storm', message, {
              events: [events[0]?.seq, why?.seq, events.at(-1)?.seq],
            })
          })
      },
    }
  },
})

function lastingGenerations(fault: Fault): number {
  return 'durationMs' in fault ? Math.ceil(fault.durationMs / GENERATION_MS_MIN) : 0
}
