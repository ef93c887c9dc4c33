import { inHashMapOrder } from '../../state-log/java-hash.ts'
import { type Assignment, equalAssignments, NO_PARTITIONS } from './assignment.ts'
import { type ClassicSide, type ConsumerMember, newMember, sameNames } from './consumer-member.ts'

/** All records of a consumer group in `__consumer_offsets`, taken together. */
export interface ConsumerGroupRecord {
  readonly type: 'consumer'
  readonly epoch: number
  /** Subscribed topics as they were when the epoch was raised last. */
  readonly topics: string
  readonly assignmentEpoch: number
  readonly members: ReadonlyMap<string, ConsumerMember>
  readonly targets: ReadonlyMap<string, Assignment>
  readonly resolved: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * One record of a consumer group; where the value is null, its tombstone. Names are Kafka's,
 * without ConsumerGroup.
 */
export type ConsumerEntry =
  | EntryOfKind<'consumer-metadata', { readonly epoch: number; readonly topics: string }>
  /** The member's subscriptions; nothing else of the value. */
  | MemberEntry<'consumer-member-metadata', ConsumerMember>
  | (EntryOfKind<'consumer-regular-expression', ResolvedTopics> & { readonly regex: string })
  | MemberEntry<'consumer-target-assignment-member', Assignment>
  | EntryOfKind<'consumer-target-assignment-metadata', { readonly assignmentEpoch: number }>
  /** Where the member is on its way to its target; of the value, only that. */
  | MemberEntry<'consumer-current-member-assignment', ConsumerMember>

interface EntryOfKind<Kind extends string, Value> {
  readonly kind: Kind
  readonly group: string
  readonly value: Value | null
}

type MemberEntry<Kind extends string, Value> = EntryOfKind<Kind, Value> & { readonly memberId: string }

export interface ResolvedTopics {
  readonly topics: ReadonlySet<string>
  /** Virtual Unix milliseconds. */
  readonly atMs: number
}

export const NO_RECORDS: ConsumerGroupRecord = {
  type: 'consumer',
  epoch: 0,
  topics: '',
  assignmentEpoch: 0,
  members: new Map(),
  targets: new Map(),
  resolved: new Map(),
}

/**
 * A consumer group as its records make it, one by one: as they are replicated, and again for the
 * next coordinator.
 */
export class ConsumerRecords implements ConsumerGroupRecord {
  readonly type = 'consumer'
  epoch = 0
  topics = ''
  assignmentEpoch = 0
  readonly members: Map<string, ConsumerMember> = new Map()
  readonly targets: Map<string, Assignment> = new Map()
  readonly resolved: Map<string, ReadonlySet<string>> = new Map()

  apply(entry: ConsumerEntry): void {
    switch (entry.kind) {
      case 'consumer-metadata':
        this.epoch = entry.value?.epoch ?? 0
        this.topics = entry.value?.topics ?? ''
        return
      case 'consumer-member-metadata':
        return this.#subscribe(entry.memberId, entry.value)
      case 'consumer-regular-expression':
        if (entry.value === null) this.resolved.delete(entry.regex)
        else this.resolved.set(entry.regex, entry.value.topics)
        return
      case 'consumer-target-assignment-member':
        if (entry.value === null) this.targets.delete(entry.memberId)
        else this.targets.set(entry.memberId, entry.value)
        return
      case 'consumer-target-assignment-metadata':
        this.assignmentEpoch = entry.value?.assignmentEpoch ?? 0
        return
      case 'consumer-current-member-assignment':
        return this.#step(entry.memberId, entry.value)
    }
  }

  #subscribe(memberId: string, value: ConsumerMember | null): void {
    if (value === null) this.members.delete(memberId)
    else this.members.set(memberId, { ...value, ...currentOf(this.members.get(memberId) ?? NOWHERE) })
  }

  /** A tombstone: the member is as one that has just subscribed. */
  #step(memberId: string, value: ConsumerMember | null): void {
    const known = this.members.get(memberId)
    if (known === undefined) {
      if (value !== null) this.members.set(memberId, { ...newMember(memberId, value), ...currentOf(value) })
      return
    }
    this.members.set(memberId, { ...known, ...currentOf(value ?? NOWHERE) })
  }
}

type Current = Pick<ConsumerMember, 'epoch' | 'previousEpoch' | 'state' | 'assigned' | 'revoking'>

const NOWHERE: Current = {
  epoch: 0,
  previousEpoch: -1,
  state: 'stable',
  assigned: NO_PARTITIONS,
  revoking: NO_PARTITIONS,
}

function currentOf({ epoch, previousEpoch, state, assigned, revoking }: Current): Current {
  return { epoch, previousEpoch, state, assigned, revoking }
}

/**
 * The records that turn one state of a group into the next, in the order in which
 * GroupMetadataManager writes them: members that have gone, changed subscriptions, the group's
 * epoch, the new target, and each member's way to it.
 * @param nowMs the time at which expressions were resolved
 */
export function changes(
  group: string,
  before: ConsumerGroupRecord,
  { after, nowMs }: { after: ConsumerGroupRecord; nowMs: number },
): ConsumerEntry[] {
  const entries: ConsumerEntry[] = []
  const away = [...before.members.values()].filter(({ memberId }) => !after.members.has(memberId))
  for (const { memberId } of away) entries.push(...memberTombstones(group, memberId))
  let { targets } = before
  const changed = [...after.members.values()].filter(
    (member) => member !== before.members.get(member.memberId),
  )
  for (const value of changed) {
    const { memberId } = value
    if (!subscribesAlike(before.members.get(memberId), value))
      entries.push({ kind: 'consumer-member-metadata', group, memberId, value })
    const old =
      value.instanceId === null ? undefined : away.find((each) => each.instanceId === value.instanceId)
    if (old === undefined) continue
    const target = targets.get(old.memberId) ?? NO_PARTITIONS
    targets = new Map(targets).set(memberId, target)
    entries.push(...takenOver(group, { memberId, old, target }))
  }
  for (const regex of before.resolved.keys())
    if (!after.resolved.has(regex))
      entries.push({ kind: 'consumer-regular-expression', group, regex, value: null })
  for (const [regex, topics] of after.resolved) {
    const known = before.resolved.get(regex)
    if (known === undefined || !sameNames(known, topics))
      entries.push({ kind: 'consumer-regular-expression', group, regex, value: { topics, atMs: nowMs } })
  }
  const { epoch, topics, assignmentEpoch } = after
  if (epoch !== before.epoch || topics !== before.topics)
    entries.push({ kind: 'consumer-metadata', group, value: { epoch, topics } })
  entries.push(...newTargets(group, { ...before, targets }, after))
  if (assignmentEpoch !== before.assignmentEpoch)
    entries.push({ kind: 'consumer-target-assignment-metadata', group, value: { assignmentEpoch } })
  for (const value of changed) {
    const { memberId } = value
    if (!isWhere(before.members.get(memberId), value))
      entries.push({ kind: 'consumer-current-member-assignment', group, memberId, value })
  }
  return entries
}

/**
 * A member takes the place of a static one: its target, and what that one had, before anything else
 * happens.
 */
function takenOver(
  group: string,
  { memberId, old, target }: { memberId: string; old: ConsumerMember; target: Assignment },
): ConsumerEntry[] {
  const value = { ...old, memberId, epoch: 0, previousEpoch: 0 }
  return [
    { kind: 'consumer-target-assignment-member', group, memberId, value: target },
    { kind: 'consumer-current-member-assignment', group, memberId, value },
  ]
}

/** Members whose target is another one, in the order of the assignor's hash map. */
function newTargets(group: string, before: ConsumerGroupRecord, after: ConsumerGroupRecord): ConsumerEntry[] {
  const memberIds = [...after.targets.keys()]
  const computed = after.assignmentEpoch !== before.assignmentEpoch
  return (computed ? inHashMapOrder(memberIds) : memberIds).flatMap((memberId): ConsumerEntry[] => {
    const known = before.targets.get(memberId)
    const value = after.targets.get(memberId) ?? NO_PARTITIONS
    if (known !== undefined && equalAssignments(known, value)) return []
    return [{ kind: 'consumer-target-assignment-member', group, memberId, value }]
  })
}

/** The tombstones that end a group in the log. */
export function tombstones(group: string, { members, resolved }: ConsumerGroupRecord): ConsumerEntry[] {
  const ids = [...members.keys()]
  const ofMembers = (
    kind:
      | 'consumer-current-member-assignment'
      | 'consumer-target-assignment-member'
      | 'consumer-member-metadata',
  ): ConsumerEntry[] => ids.map((memberId) => ({ kind, group, memberId, value: null }))
  return [
    ...ofMembers('consumer-current-member-assignment'),
    ...ofMembers('consumer-target-assignment-member'),
    { kind: 'consumer-target-assignment-metadata', group, value: null },
    ...ofMembers('consumer-member-metadata'),
    ...[...resolved.keys()].map(
      (regex): ConsumerEntry => ({ kind: 'consumer-regular-expression', group, regex, value: null }),
    ),
    { kind: 'consumer-metadata', group, value: null },
  ]
}

function memberTombstones(group: string, memberId: string): ConsumerEntry[] {
  return [
    { kind: 'consumer-current-member-assignment', group, memberId, value: null },
    { kind: 'consumer-target-assignment-member', group, memberId, value: null },
    { kind: 'consumer-member-metadata', group, memberId, value: null },
  ]
}

function subscribesAlike(one: ConsumerMember | undefined, other: ConsumerMember): boolean {
  return (
    one !== undefined &&
    one.instanceId === other.instanceId &&
    one.rackId === other.rackId &&
    one.clientId === other.clientId &&
    one.clientHost === other.clientHost &&
    one.rebalanceTimeoutMs === other.rebalanceTimeoutMs &&
    one.assignor === other.assignor &&
    one.topicRegex === other.topicRegex &&
    sameClassic(one.classic, other.classic) &&
    sameNames(one.topicNames, other.topicNames)
  )
}

function sameClassic(one: ClassicSide | null, other: ClassicSide | null): boolean {
  if (one === other) return true
  if (one === null || other === null || one.sessionTimeoutMs !== other.sessionTimeoutMs) return false
  return (
    one.protocols.length === other.protocols.length &&
    one.protocols.every(({ name, metadata }, index) => {
      const same = other.protocols[index]
      return same?.name === name && same.metadata.equals(metadata)
    })
  )
}

function isWhere(one: ConsumerMember | undefined, other: ConsumerMember): boolean {
  return (
    one !== undefined &&
    one.epoch === other.epoch &&
    one.previousEpoch === other.previousEpoch &&
    one.state === other.state &&
    equalAssignments(one.assigned, other.assigned) &&
    equalAssignments(one.revoking, other.revoking)
  )
}
