import type { EventOf, TopicPartition } from '../harness/core/history.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { partitionsName, seen } from './finding.ts'
import { GroupMap } from './views/partition-map.ts'

type Belief = EventOf<'believes'>

/**
 * The wish: a partition has one owner.
 *
 * Why the simple rule is wrong: two processes that both work on a partition are the normal course
 * of a rebalance. A member that was expelled, paused or cut off goes on believing until somebody
 * tells it; Kafka promises nothing else.
 *
 * The rule: no two live members believe that they own the same partition in the same generation of
 * the same group. A belief ends with the process, with its consumer, with a revocation, or with the
 * next assignment. Only a wrong assignment by the group's leader can break this, or two processes
 * that share a member id.
 *
 * Blind spots: a client that does not say which generation its assignment belongs to (generation
 * −1) is not judged.
 *
 * Source: ours.
 */
export const twoOwners = property({
  name: 'two-owners',
  when: 'online',
  open() {
    /** Each believer's partitions, by process and group. */
    const beliefs = new Map<string, Belief>()
    const believers = new GroupMap<Map<string, Belief>>()

    const forget = (key: string): null => {
      const belief = beliefs.get(key)
      for (const at of belief?.partitions ?? []) believers.get(belief?.group ?? '', at)?.delete(key)
      beliefs.delete(key)
      return null
    }
    const forgetProcess = ({ process }: { process: string }): null => {
      for (const [key, belief] of [...beliefs]) if (belief.process === process) forget(key)
      return null
    }
    const forgetConsumer = ({ process, group }: { process: string; group: string }): null =>
      forget(`${process} ${group}`)

    const believe = (belief: Belief): Finding | null => {
      const key = `${belief.process} ${belief.group}`
      forget(key)
      if (belief.generation < 0) return null
      beliefs.set(key, belief)
      const shared: TopicPartition[] = []
      let rival: Belief | undefined
      for (const at of belief.partitions) {
        const others = believers.getOrMake(belief.group, at, () => new Map())
        const other = [...others.values()].find(({ generation }) => generation === belief.generation)
        if (other !== undefined) {
          rival ??= other
          shared.push(at)
        }
        others.set(key, belief)
      }
      if (rival === undefined) return null
      const [one, two] = [rival.process, belief.process].sort()
      const message = `${one} and ${two} both believe that they own ${partitionsName(shared)} in generation ${
        belief.generation
      }`
      return seen('two-owners', message, { events: [rival.seq, belief.seq] })
    }

    return {
      on: {
        believes: believe,
        revoked: forgetConsumer,
        'consumer-crashed': forgetConsumer,
        'consumer-stopped': forgetConsumer,
        'process-started': forgetProcess,
        'process-crashed': forgetProcess,
        'process-exited': forgetProcess,
        'shutdown-timeout': forgetProcess,
      },
    }
  },
})
