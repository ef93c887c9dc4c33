import type {
  CommitCheck,
  ConsumerState,
  Group,
  Identity,
  JoinOptions,
  Ownership,
  SyncRequest,
} from '../group.interface.ts'
import type { GroupHost } from '../group-host.interface.ts'
import type { JoinAnswer, MemberInput, SyncAnswer } from '../member.ts'
import { type Assignment, equalAssignments, isSubset, NO_PARTITIONS } from './assignment.ts'
import { ClassicMembers } from './classic-members.ts'
import { AWAY_EPOCH, type ConsumerMember, newMember, sameMember } from './consumer-member.ts'
import { mayDowngrade, toClassicRecord } from './conversion.ts'
import { type FenceReason, namedPartitions } from './events.ts'
import type { ConsumerHeartbeat, ConsumerHeartbeatAnswer } from './heartbeat.interface.ts'
import { type MemberChange, Reconciliation } from './reconciliation.ts'
import { type ConsumerEntry, type ConsumerGroupRecord, tombstones } from './records.ts'

/**
 * A group of the consumer protocol as requests meet it at its coordinator (KIP-848, KAFKA.md M1 to
 * M9); `Reconciliation` moves it. The judge is GroupMetadataManager of Apache Kafka 4.1.
 */
export class ConsumerGroup implements Group {
  readonly id: string
  readonly type = 'consumer'
  readonly protocolType = 'consumer'
  readonly #host: GroupHost
  readonly #core: Reconciliation
  readonly #classic: ClassicMembers

  constructor(id: string, host: GroupHost) {
    this.id = id
    this.#host = host
    this.#core = new Reconciliation(id, host, (member, reason) =>
      this.#fence([member], reason, (error) => {
        if (error !== null && this.state !== 'Dead') this.#core.expireAgain(member, reason)
      }),
    )
    this.#classic = new ClassicMembers(this.#core, host)
  }

  get state(): ConsumerState {
    return this.#core.state
  }

  get generation(): number {
    return this.#core.epoch
  }

  get assignmentEpoch(): number {
    return this.#core.assignmentEpoch
  }

  get assignor(): string {
    return this.#core.assignor
  }

  get emptySinceMs(): number {
    return this.#core.emptySinceMs
  }

  get members(): Iterable<ConsumerMember> {
    return this.#core.membership.all()
  }

  targetOf(memberId: string): Assignment {
    return this.#core.targets.get(memberId) ?? NO_PARTITIONS
  }

  // --- ConsumerGroupHeartbeat

  beat(request: ConsumerHeartbeat, answer: (answer: ConsumerHeartbeatAnswer) => void): void {
    if (request.memberEpoch < 0) return this.#leave(request, answer)
    const memberId = request.memberId === '' ? this.#host.newUuid() : request.memberId
    const known = this.#core.membership.get(memberId)
    const judged = this.#judge({ ...request, memberId })
    if (typeof judged === 'string') return answer({ error: judged })
    const { before, after, replaces } = judged
    const epochBefore = this.#core.epoch
    const member = this.#core.advance({ before, after, owned: request.owned, replaces })
    this.#core.startSession(member)
    const isFull =
      request.rebalanceTimeoutMs !== -1 &&
      (request.topicNames !== null || request.topicRegex !== null) &&
      request.owned !== null
    const tells = request.memberEpoch === 0 || isFull || !equalAssignments(before.assigned, member.assigned)
    const told: ConsumerHeartbeatAnswer = {
      error: 'NONE',
      memberId,
      memberEpoch: member.epoch,
      assignment: tells ? member.assigned : null,
    }
    if (known !== undefined && sameMember(known, member) && epochBefore === this.#core.epoch)
      return answer(told)
    this.#core.write((error) => answer(error === null ? told : { error }))
  }

  /** Why this heartbeat would be refused, or null; nothing changes. */
  refusalOf(request: ConsumerHeartbeat): string | null {
    const judged = this.#judge(request)
    return typeof judged === 'string' ? judged : null
  }

  #judge(request: ConsumerHeartbeat): Omit<MemberChange, 'owned'> | string {
    const { membership, subscriptions } = this.#core
    const isFull = membership.size >= this.#host.settings['group.consumer.max.size']
    if (isFull && membership.get(request.memberId) === undefined) return 'GROUP_MAX_SIZE_REACHED'
    const found = this.#find(request)
    if (typeof found === 'string') return found
    const after = updated(found.before, request)
    return subscriptions.refusal(found.before, after) ?? { ...found, after }
  }

  /** The heartbeat's member, and the one whose place it takes, or the error that refuses it. */
  #find(
    request: ConsumerHeartbeat,
  ): { readonly before: ConsumerMember; readonly replaces: ConsumerMember | null } | string {
    const { memberId, memberEpoch, instanceId } = request
    const joins = memberEpoch === 0
    if (instanceId === null) {
      const known = this.#core.membership.get(memberId)
      if (known === undefined) {
        return joins ? { before: newMember(memberId, request), replaces: null } : 'UNKNOWN_MEMBER_ID'
      }
      return wrongEpoch(known, request) ?? { before: known, replaces: null }
    }
    const holder = this.#core.membership.static(instanceId)
    if (joins) {
      if (holder === undefined) {
        const known = this.#core.membership.get(memberId) ?? newMember(memberId, request)
        return { before: known, replaces: null }
      }
      if (holder.classic === null && holder.epoch !== AWAY_EPOCH) return 'UNRELEASED_INSTANCE_ID'
      return { before: { ...holder, memberId, epoch: 0, previousEpoch: 0 }, replaces: holder }
    }
    if (holder === undefined) return 'UNKNOWN_MEMBER_ID'
    if (holder.memberId !== memberId) return 'FENCED_INSTANCE_ID'
    return wrongEpoch(holder, request) ?? { before: holder, replaces: null }
  }

  #leave(
    { memberId, memberEpoch, instanceId }: ConsumerHeartbeat,
    answer: (answer: ConsumerHeartbeatAnswer) => void,
  ): void {
    const { membership } = this.#core
    const member = instanceId === null ? membership.get(memberId) : membership.static(instanceId)
    if (member === undefined) return answer({ error: 'UNKNOWN_MEMBER_ID' })
    if (member.memberId !== memberId) return answer({ error: 'FENCED_INSTANCE_ID' })
    const told: ConsumerHeartbeatAnswer = { error: 'NONE', memberId, memberEpoch, assignment: null }
    const answered = (error: string | null): void => answer(error === null ? told : { error })
    if (memberEpoch !== AWAY_EPOCH || instanceId === null) return this.#fence([member], 'left', answered)
    this.#core.away(member)
    this.#core.write(answered)
  }

  /**
   * When the last one that speaks the consumer protocol goes, the others go on as a classic group
   * (M9).
   */
  #fence(
    leavers: readonly ConsumerMember[],
    reason: FenceReason,
    answered: (error: string | null) => void,
  ): void {
    if (mayDowngrade(this.#core.membership, leavers, this.#host.settings)) {
      const refusal = this.#host.refusal(this.id)
      if (refusal !== null) return answered(refusal)
      const record = toClassicRecord(this.#core, leavers, this.#host.topics)
      for (const member of leavers) this.#core.events.removed(member, reason)
      this.#core.events.tell()
      this.#host.downgrade(this.id, record, 'the last member of the consumer protocol is gone')
      return answered(null)
    }
    this.#core.fence(leavers, reason)
    this.#core.write(answered)
  }

  // --- members that speak the classic protocol

  join(input: MemberInput, options: JoinOptions, answer: (answer: JoinAnswer) => void): void {
    this.#classic.join(input, options, answer)
  }

  sync(request: SyncRequest, answer: (answer: SyncAnswer) => void): void {
    this.#classic.sync(request, answer)
  }

  heartbeat(request: Identity & { readonly generation: number }): string {
    return this.#classic.heartbeat(request)
  }

  leave(identities: readonly Identity[]): readonly string[] {
    const { membership } = this.#core
    const leavers = new Set<ConsumerMember>()
    const errors = identities.map(({ memberId, groupInstanceId }) => {
      const member = groupInstanceId === null ? membership.get(memberId) : membership.static(groupInstanceId)
      if (member === undefined) return 'UNKNOWN_MEMBER_ID'
      if (groupInstanceId !== null && memberId !== '' && member.memberId !== memberId)
        return 'FENCED_INSTANCE_ID'
      leavers.add(member)
      return 'NONE'
    })
    if (leavers.size > 0) this.#fence([...leavers], 'left', () => {})
    return errors
  }

  // --- offsets

  checkCommit({
    memberId,
    groupInstanceId = null,
    generation,
    transactional = false,
    version = 9,
  }: CommitCheck): string {
    const { membership } = this.#core
    if (generation < 0 && membership.size === 0) return 'NONE'
    if (transactional && generation === -1 && memberId === '' && groupInstanceId === null) return 'NONE'
    const member = membership.get(memberId)
    if (member === undefined) return 'UNKNOWN_MEMBER_ID'
    if (!transactional && member.classic === null && version < 9) return 'UNSUPPORTED_VERSION'
    if (generation === member.epoch) return 'NONE'
    return transactional || member.classic !== null ? 'ILLEGAL_GENERATION' : 'STALE_MEMBER_EPOCH'
  }

  checkFetch(memberId: string | null, memberEpoch: number): string {
    if (memberId === null && memberEpoch < 0) return 'NONE'
    const member = this.#core.membership.get(memberId ?? '')
    if (member === undefined) return 'UNKNOWN_MEMBER_ID'
    if (memberEpoch === member.epoch) return 'NONE'
    return member.classic === null ? 'STALE_MEMBER_EPOCH' : 'ILLEGAL_GENERATION'
  }

  subscribedTopics(): ReadonlySet<string> {
    return this.#core.subscriptions.all()
  }

  ownerships(): readonly Ownership[] {
    return [...this.members].map(({ memberId, peer, assigned }) => ({
      memberId,
      process: peer.process,
      partitions: namedPartitions(assigned, this.#host.topics),
    }))
  }

  ownerOf(topic: string, partition: number): string | null {
    const id = this.#host.topics.get(topic)?.id
    if (id === undefined) return null
    return this.#core.membership.ownerOf(id, partition)?.peer.process ?? null
  }

  // --- coordinators come and go

  tombstones(): readonly ConsumerEntry[] {
    return tombstones(this.id, this.#core.written)
  }

  unload(error: string): void {
    this.#core.end(error)
  }

  static load(id: string, record: ConsumerGroupRecord, loadMs: number, host: GroupHost): ConsumerGroup {
    const group = new ConsumerGroup(id, host)
    group.#core.load(record, loadMs)
    return group
  }
}

function wrongEpoch(
  { epoch, previousEpoch, assigned }: ConsumerMember,
  { memberEpoch, owned }: ConsumerHeartbeat,
): string | null {
  if (memberEpoch === epoch) return null
  const answerWasLost =
    memberEpoch < epoch && memberEpoch === previousEpoch && owned !== null && isSubset(owned, assigned)
  return answerWasLost ? null : 'FENCED_MEMBER_EPOCH'
}

function updated(before: ConsumerMember, request: ConsumerHeartbeat): ConsumerMember {
  const { rebalanceTimeoutMs, topicNames } = request
  return {
    ...before,
    instanceId: request.instanceId ?? before.instanceId,
    rackId: request.rackId ?? before.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? before.rebalanceTimeoutMs : rebalanceTimeoutMs,
    assignor: request.assignor ?? before.assignor,
    topicNames: topicNames === null ? before.topicNames : new Set(topicNames),
    topicRegex: request.topicRegex ?? before.topicRegex,
    clientId: request.clientId,
    clientHost: request.clientHost,
    peer: request.peer,
    classic: null,
  }
}
