import type { EventOf } from '../harness/core/history.ts'
import { partitionName } from '../harness/core/names.ts'
import type { Finding } from '../harness/core/verdict.ts'
import { property } from './checker.ts'
import { seen } from './finding.ts'

/**
 * The wish: only the owner of a partition says how far it is done.
 *
 * Why the simple rule is wrong: Kafka checks that a commit comes from a member of the current
 * generation, and not that the member owns the partition (KAFKA.md O5). So "it was accepted" proves
 * nothing; and a client like kafkajs commits from a stale handler with its *current* generation, so
 * that comparing generations proves nothing either.
 *
 * The rule: an accepted commit inside a generation comes from the process that the coordinator has
 * assigned the partition to, and carries the group's generation.
 *
 * Blind spots: a partition that nobody owns at the moment (the coordinator's owner is null);
 * commits from outside the group (generation −1); transactional commits of versions below 3, which
 * carry no generation. In a group of the consumer protocol each member has an epoch of its own, so
 * that only the owner is compared.
 *
 * Source: KIP-447 for why it matters to transactions; the check is ours.
 */
export const commitUnowned = property({
  name: 'commit-unowned',
  when: 'online',
  open() {
    const generations = new Map<string, number>()
    const reported = new Set<string>()

    const onCommit = (event: EventOf<'commit'>): Finding | null => {
      const { phase, process, group, generation, owner, memberId, offset } = event
      if (phase !== 'applied' || generation < 0) return null
      const current = generations.get(group)
      const stale = current !== undefined && generation < current
      const foreign = owner !== null && owner !== process && owner !== memberId
      if (!stale && !foreign) return null
      const key = `${group} ${partitionName(event)} ${process} ${generation}`
      if (reported.has(key)) return null
      reported.add(key)
      const what = `${process} committed offset ${offset} of ${partitionName(event)}`
      const message = foreign
        ? `${what}, which ${owner} owned by then`
        : `${what} in a generation that was over`
      return seen('commit-unowned', message, { events: [event.seq] })
    }

    return {
      on: {
        generation({ group, generation, protocol }) {
          if (protocol !== 'consumer') generations.set(group, generation)
          return null
        },
        commit: onCommit,
      },
    }
  },
})
