import type { Fault } from '../harness/core/fault.ts'
import type { EventOf } from '../harness/core/history.ts'
import { parseCallName, parseRequestName } from '../harness/core/names.ts'
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
 * three seconds; while requests or calls of a process are refused until that one gives up, each
 * generation may come of that. More generations than that (and four to start with) are the group's
 * own doing. The bound is generous: a storm that runs until the drain's deadline goes far beyond
 * it.
 *
 * Blind spots: a process that crashes in a loop brings its causes itself; the partition that it
 * cannot get past is `stuck-partition`.
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
    /** The processes of which something is refused until they give up; null: any of them. */
    const refused = new Set<string | null>()
    const cause = (): null => {
      bound += GENERATIONS_PER_CAUSE
      return null
    }
    const givenUp = ({ process }: { readonly process: string }): null => {
      refused.delete(process)
      refused.delete(null)
      return cause()
    }
    return {
      on: {
        generation(event) {
          if (refused.size > 0) bound += 1
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
        'process-crashed': givenUp,
        'process-exited': givenUp,
        'consumer-crashed': givenUp,
        'partitions-added': cause,
        fault({ fault, phase }) {
          if (phase !== 'begins') return null
          bound += GENERATIONS_PER_CAUSE + lastingGenerations(fault)
          if ('times' in fault && fault.times === 'until-given-up') refused.add(processOf(fault.target))
          return null
        },
        phase({ phase }) {
          if (phase === 'drain') refused.clear()
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

/** Of a request or a call; a record is handled by any process. */
function processOf(target: string): string | null {
  return parseRequestName(target)?.process ?? parseCallName(target)?.process ?? null
}

function lastingGenerations(fault: Fault): number {
  return 'durationMs' in fault ? Math.ceil(fault.durationMs / GENERATION_MS_MIN) : 0
}
