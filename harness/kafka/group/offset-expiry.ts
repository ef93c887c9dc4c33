import type { Group } from './group.interface.ts'
import type { GroupOffsets, OffsetOf } from './offsets.ts'

export interface ExpiredOffsets {
  readonly expired: readonly OffsetOf[]
  /** When the next one expires if nothing happens, or null. */
  readonly nextMs: number | null
}

/**
 * Offsets whose retention is over (KAFKA.md O10): all of an empty group, counted from when it
 * became empty; of a stable one those of topics that it no longer subscribes to, those without a
 * group at all, and those of groups of the consumer protocol, counted from their commit (KIP-211).
 */
export function expiredOffsets(
  group: Group,
  offsets: GroupOffsets,
  { nowMs, retentionMs }: { nowMs: number; retentionMs: number },
): ExpiredOffsets {
  const simple = group.protocolType === null
  const empty = group.state === 'Empty'
  const byTopic = group.state === 'Stable' || group.type === 'consumer'
  const stillRead = byTopic ? group.subscribedTopics() : null
  if (!simple && !empty && stillRead === null) return { expired: [], nextMs: null }
  const expired: OffsetOf[] = []
  let nextMs: number | null = null
  for (const each of offsets.all()) {
    if (stillRead?.has(each.topic) === true) continue
    const { committedAtMs, expiresAtMs } = each.committed
    const sinceMs = !simple && empty && !byTopic ? group.emptySinceMs : committedAtMs
    const dueMs = expiresAtMs ?? sinceMs + retentionMs
    if (nowMs >= dueMs) expired.push(each)
    else nextMs = Math.min(nextMs ?? dueMs, dueMs)
  }
  return { expired, nextMs }
}
