import type { ClusterHost } from '../cluster-host.interface.ts'
import { ClassicGroup } from './classic-group.ts'
import { ConsumerGroup } from './consumer-group/consumer-group.ts'
import type { Group } from './group.interface.ts'
import type { GroupRecord } from './group-host.interface.ts'
import type { GroupOffsets } from './offsets.ts'

/** A group as the last coordinator had it. */
export interface OldGroup {
  readonly group: Group
  readonly offsets: GroupOffsets
}

/**
 * Tells what the next coordinator does not know of, because it was not in its log: members that had
 * joined since the group's last record (KAFKA.md C3), and commits that went with their records when
 * the log's end was lost (L3).
 */
export function observeLost(
  before: OldGroup,
  after: { readonly record: GroupRecord | null; readonly offsets: GroupOffsets } | undefined,
  cluster: Pick<ClusterHost, 'observe'>,
): void {
  const { group } = before
  const recorded = memberIds(after?.record ?? null)
  for (const { memberId, peer } of membersOf(group)) {
    if (recorded.has(memberId)) continue
    const { process, incarnation } = peer
    const reason = 'lost'
    cluster.observe({ kind: 'member-removed', group: group.id, memberId, reason, process, incarnation })
  }
  for (const { topic, partition, committed } of before.offsets.all()) {
    const now = after?.offsets.get(topic, partition)
    if (now === committed || (now !== undefined && now.committedAtMs >= committed.committedAtMs)) continue
    cluster.observe({
      kind: 'offset-removed',
      group: group.id,
      topic,
      partition,
      reason: 'lost',
      ...(now === undefined ? {} : { fallback: now.offset }),
    })
  }
}

function membersOf(
  group: Group,
): Iterable<{ memberId: string; peer: { process: string; incarnation: number } }> {
  if (group instanceof ClassicGroup) return group.members.values()
  return group instanceof ConsumerGroup ? group.members : []
}

function memberIds(record: GroupRecord | null): ReadonlySet<string> {
  if (record === null) return new Set()
  if (record.type === 'consumer') return new Set(record.members.keys())
  return new Set(record.members.map(({ input }) => input.memberId))
}
