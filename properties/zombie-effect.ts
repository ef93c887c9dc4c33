import type { EventOf, RecordPosition } from '../harness/core/history.ts'
import { incarnationName, partitionName, recordName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import { GroupMap } from './views/partition-map.ts'

interface OwnerChange {
  readonly assigned: EventOf<'assigned'>
  /** The new owner's first delivery. */
  began: number | null
  /** Owners of older generations, by process and incarnation. */
  readonly former: Set<string>
  readonly reported: Set<string>
}

/**
 * The wish: a process that has lost a partition keeps its hands off it.
 *
 * Why the simple rule is wrong: "no effect by a process that is not the owner" would accuse every
 * process that finishes the record in its hands while the group rebalances, which is what it ought
 * to do.
 *
 * The rule: a process lost a partition (the coordinator assigned it to another in a newer
 * generation), the new owner has begun on it (its first delivery), and after that an effect of the
 * old one became real. From there on two processes write about the same partition, in an order that
 * nobody controls. An incarnation that died counts too: its last request may still arrive.
 *
 * Blind spots: the effect is judged when it becomes real, not when it was asked for.
 *
 * Source: Kleppmann, "How to do distributed locking" (fencing); kafkajs#1097.
 */
export const zombieEffect = property({
  name: 'zombie-effect',
  when: 'online',
  open({ groups, handlers }) {
    const owners = new GroupMap<OwnerChange>()

    const assign = (event: EventOf<'assigned'>): null => {
      for (const at of event.partitions) {
        const before = owners.get(event.group, at)
        if (before !== undefined && before.assigned.generation > event.generation) continue
        const same = before !== undefined && incarnationName(before.assigned) === incarnationName(event)
        const former = new Set(before?.former)
        if (before !== undefined) former.add(incarnationName(before.assigned))
        former.delete(incarnationName(event))
        const began = same ? (before?.began ?? null) : null
        owners.set(event.group, at, { assigned: event, began, former, reported: new Set() })
      }
      return null
    }

    const begin = (event: EventOf<'handler-start'> | EventOf<'batch-start'>): null => {
      const owner = owners.get(event.group, event)
      if (owner !== undefined && incarnationName(owner.assigned) === incarnationName(event))
        owner.began ??= event.seq
      return null
    }

    const effect = (event: EventOf<'effect'>): Finding | null => {
      for (const group of handlers.groupsOf(event.process, event, groups)) {
        const owner = owners.get(group, event)
        if (owner === undefined || owner.began === null) continue
        if (!owner.former.has(incarnationName(event)) || owner.reported.has(incarnationName(event))) continue
        owner.reported.add(incarnationName(event))
        return seen('zombie-effect', sentence(event, owner.assigned), {
          events: [owner.assigned.seq, owner.began, event.seq],
        })
      }
      return null
    }

    return {
      on: { assigned: assign, 'handler-start': begin, 'batch-start': begin, effect },
    }
  },
})

function sentence(
  effect: RecordPosition & { process: string; incarnation: number },
  owner: EventOf<'assigned'>,
): string {
  const { process } = effect
  const who = owner.process === process ? `${process} before its restart` : process
  const whose = owner.process === process ? 'its new incarnation' : owner.process
  return `${who} processed ${recordName(effect)} after ${whose} had taken ${partitionName(effect)} over`
}
