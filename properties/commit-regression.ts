import type { EventOf } from '../harness/core/history.ts'
import { partitionName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'
import { GroupMap } from './views/partition-map.ts'

/**
 * The wish: a group never goes back.
 *
 * Why the simple rule is wrong: going back is also a thing that people ask for: an operator who
 * resets offsets, an app that seeks. And kafkajs commits −1 or −2 to be sent to its reset policy,
 * which is no position at all.
 *
 * The rule: C(p) never falls, unless the process sought this partition to that offset or below
 * since the last commit, or the commit came from outside the group (generation −1: an operator, or
 * a consumer without a group). Kafka itself never refuses a lower offset (KAFKA.md O5), so the
 * cause is nearly always an old commit that overtook a newer one.
 *
 * Blind spots: commits inside transactions, whose order is the order of the transactions' ends.
 *
 * Source: ours; Jepsen's Kafka workload does not look at committed offsets under a group
 * subscription.
 */
export const commitRegression = property({
  name: 'commit-regression',
  when: 'online',
  open() {
    const last = new GroupMap<EventOf<'commit'>>()
    const sought = new GroupMap<Map<string, bigint>>()

    const onCommit = (event: EventOf<'commit'>): Finding | null => {
      if (event.phase !== 'applied' || event.transactional) return null
      const { group, process, offset, generation } = event
      const before = last.get(group, event)
      const seek = sought.get(group, event)?.get(process)
      last.set(group, event, offset < 0n ? undefined : event)
      sought.get(group, event)?.delete(process)
      if (before === undefined || offset < 0n || offset >= before.offset || generation < 0) return null
      if (seek !== undefined && seek <= offset) return null
      const message = `the committed offset of ${partitionName(event)} went back from ${before.offset} to ${offset}: ${process} committed offset ${offset} after ${
        before.process === process ? 'it' : before.process
      } had committed offset ${before.offset}`
      return seen('commit-regression', message, { events: [before.seq, event.seq] })
    }

    return {
      on: {
        commit: onCommit,
        seek(event) {
          sought.getOrMake(event.group, event, () => new Map()).set(event.process, event.offset)
          return null
        },
        'offset-removed'(event) {
          last.set(event.group, event, undefined)
          return null
        },
        'offset-set'(event) {
          last.set(event.group, event, undefined)
          return null
        },
        'topic-deleted'({ topic }) {
          for (const [group, at] of [...last.entries()]) {
            if (at.topic === topic) last.set(group, at, undefined)
          }
          return null
        },
      },
    }
  },
})
