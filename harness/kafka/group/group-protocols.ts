import type { ClusterHost } from '../cluster-host.interface.ts'
import { ClassicGroup } from './classic-group.ts'
import { ConsumerGroup } from './consumer-group/consumer-group.ts'
import { toConsumerRecord } from './consumer-group/conversion.ts'
import type { ConsumerHeartbeat } from './consumer-group/heartbeat.interface.ts'
import { changes, NO_RECORDS } from './consumer-group/records.ts'
import type { Group } from './group.interface.ts'
import type { ClassicGroupRecord, GroupEntry, TopicDirectory } from './group-host.interface.ts'
import type { KeptGroups } from './kept-groups.ts'

export interface GroupProtocolsOptions {
  readonly cluster: ClusterHost & { readonly topics: TopicDirectory }
  readonly kept: KeptGroups
  /** The error that an append is answered with at once, or null. */
  readonly refusal: (group: string) => string | null
  /** Appends records of the group. */
  readonly write: (group: string, entries: readonly GroupEntry[]) => void
  /** The record of a group that had none before. */
  readonly create: (group: string, entries: readonly GroupEntry[]) => void
}

/**
 * Creates groups for the protocol of their first member, and converts them to the other one
 * (KIP-848, online migration).
 */
export class GroupProtocols {
  readonly #options: GroupProtocolsOptions

  constructor(options: GroupProtocolsOptions) {
    this.#options = options
  }

  /** @param before the group that is there, unless it is dead; as `Coordinators.groupToJoin` */
  toJoin(id: string, before: Group | undefined): Group {
    const { kept: groups, create } = this.#options
    const kept = groups.keptOrNew(id)
    const makesWay = before?.type === 'consumer' && before.state === 'Empty'
    if (before !== undefined && !makesWay) return before
    before?.unload('NOT_COORDINATOR')
    const isReplaced = makesWay || kept.group.state === 'Dead'
    const made = isReplaced ? new ClassicGroup(id, groups.hostOf(id)) : kept.group
    kept.group = made
    if (made instanceof ClassicGroup) create(id, [...(before?.tombstones() ?? []), made.entry()])
    return made
  }

  /** @param group the one that is there, unless it is dead; as `Coordinators.groupToSubscribe` */
  toSubscribe(id: string, group: Group | undefined, heartbeat: ConsumerHeartbeat): ConsumerGroup | string {
    const { cluster, kept: groups, refusal: refusalOf, write } = this.#options
    if (group instanceof ConsumerGroup) return group
    const empty = group === undefined || group.state === 'Empty'
    const record =
      empty || !(group instanceof ClassicGroup)
        ? null
        : toConsumerRecord(group, cluster.topics, cluster.settings)
    if (!empty && record === null) return 'GROUP_ID_NOT_FOUND'
    const made =
      record === null
        ? new ConsumerGroup(id, groups.hostOf(id))
        : ConsumerGroup.load(id, record, 0, groups.hostOf(id))
    const refusal = made.refusalOf(heartbeat) ?? refusalOf(id)
    if (refusal !== null) {
      made.unload(refusal)
      return refusal
    }
    const before = group?.tombstones() ?? []
    group?.unload('REBALANCE_IN_PROGRESS')
    const kept = groups.keptOrNew(id)
    kept.group = made
    const after = record ?? NO_RECORDS
    const entries = changes(id, NO_RECORDS, { after, nowMs: cluster.clock.nowMs() })
    if (group !== undefined) write(id, [...before, ...entries])
    return made
  }

  /** The group goes on as a classic one, and rebalances where there is a reason to. */
  downgrade(id: string, record: ClassicGroupRecord, reason: string | null): void {
    const { kept: groups, write } = this.#options
    const kept = groups.keptOrNew(id)
    const before = kept.group.tombstones()
    kept.group.unload('NOT_COORDINATOR')
    const group = ClassicGroup.load(id, record, 0, groups.hostOf(id))
    kept.group = group
    write(id, [...before, { kind: 'group', group: id, record }])
    if (reason !== null) group.rebalance(reason)
  }
}
