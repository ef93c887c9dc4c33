import type { RecordPosition } from '../../core/history.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { commitRefusal } from './commit-refusal.ts'
import type { Coordinators } from './coordinators.ts'

type Parts = Pick<ClusterHost, 'clock' | 'observe'> & { readonly coordinators: Coordinators }

export interface OffsetsToSet {
  readonly group: string
  readonly offsets: readonly RecordPosition[]
  readonly by: 'scenario' | 'operator'
}

/**
 * Commits offsets for a group without being its member, as the AdminClient's
 * `alterConsumerGroupOffsets` does: refused while the group has members (KAFKA.md O3).
 * @returns the error, by Kafka's name, or NONE
 */
export function setOffsets(cluster: Parts, how: OffsetsToSet): string {
  const { coordinators, clock } = cluster
  const { group, offsets, by } = how
  // Where a group has offsets, the topic that holds them is there.
  coordinators.log.sought()
  const coordinator = coordinators.of(group)
  const check = { memberId: '', groupInstanceId: null, generation: -1, version: 9 }
  const refusal = commitRefusal(coordinator.group(group), check)
  if (refusal !== null) return refusal
  let refused: string | null = null
  const committedAtMs = clock.nowMs()
  coordinator.commit({
    group,
    offsets: offsets.map(({ topic, partition, offset }) => ({
      topic,
      partition,
      committed: { offset, leaderEpoch: -1, metadata: null, committedAtMs },
    })),
    tell(index) {
      const at = offsets[index]
      if (at !== undefined) cluster.observe({ kind: 'offset-set', group, by, ...at })
    },
    answered(error) {
      refused = error
    },
  })
  return refused ?? 'NONE'
}

/**
 * Deletes a group with its offsets, as DeleteGroups does: refused while it has members.
 * @returns the error, by Kafka's name, or NONE
 */
export function deleteGroup({ coordinators }: Parts, group: string): string {
  let told = 'NONE'
  coordinators.of(group).delete(group, (error) => {
    told = error
  })
  return told
}
