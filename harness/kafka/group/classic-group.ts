import type { Observation } from '../../core/history.ts'
import type { Peer } from '../cluster.interface.ts'
import type { GroupHost, GroupRecord } from './group-host.interface.ts'
import {
  type JoinAnswer,
  joinRefusal,
  Member,
  type MemberInput,
  type SyncAnswer,
  syncRefusal,
} from './member.ts'
import { PendingMembers } from './pending-members.ts'
import { chooseProtocol, someSupportedByAll, subscribedTopics } from './protocols.ts'

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** A member that has an id and has not joined with it cannot send heartbeats; it expires after this long. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000
const NOTHING = Buffer.alloc(0)

type RemovalReason = Extract<Observation, { kind: 'member-removed' }>['reason']

/**
 * A classic group at its coordinator: joins, generations, assignments, sessions (KAFKA.md G1 to G13). The judge is
 * GroupMetadataManager and ClassicGroup of Apache Kafka 4.0.
 */
export class ClassicGroup {
  readonly id: string
  state: GroupState = 'Empty'
  generation = 0
  leader: string | null = null
  protocol: string | null = null
  protocolType: string | null = null
  readonly members: Map<string, Member> = new Map()
  /** Virtual Unix milliseconds since which it has no members. */
  emptySinceMs: number
  readonly #host: GroupHost
  readonly #pending: PendingMembers
  readonly #pendingSync: Set<string> = new Set()
  #joinTimer: { cancel(): void } | null = null
  #syncTimer: { cancel(): void } | null = null
  #initialJoin = false
  #newMemberAdded = false

  constructor(id: string, host: GroupHost) {
    this.id = id
    this.#host = host
    this.#pending = new PendingMembers(host.clock)
    this.emptySinceMs = host.clock.nowMs()
  }

  get rebalanceTimeoutMs(): number {
    let max = 0
    for (const { rebalanceTimeoutMs } of this.members.values()) max = Math.max(max, rebalanceTimeoutMs)
    return max
  }

  // --- JoinGroup

  join(input: MemberInput, options: { requireKnownId: boolean }, answer: (answer: JoinAnswer) => void): void {
    const refuse = (error: string, memberId = input.memberId): void => answer(joinRefusal(error, memberId))
    if (!this.#hasRoomFor(input.memberId)) {
      const turnedAway = this.members.get(input.memberId)
      if (turnedAway !== undefined) this.#remove(turnedAway, 'rebalance-timeout')
      this.#pending.forget(input.memberId)
      return refuse('GROUP_MAX_SIZE_REACHED', '')
    }
    if (!this.#supports(input)) return refuse('INCONSISTENT_GROUP_PROTOCOL')
    if (input.memberId === '') return this.#joinNew(input, options, answer)
    if (this.#pending.has(input.memberId)) return this.#addMember(input, answer)
    const member = this.members.get(input.memberId)
    if (member === undefined) return refuse('UNKNOWN_MEMBER_ID')
    member.peer = input.peer
    switch (this.state) {
      case 'PreparingRebalance':
        return this.#updateMember(member, input, answer, 'a member joined again')
      case 'CompletingRebalance':
        if (member.matches(input.protocols)) return answer(this.#joined(member))
        return this.#updateMember(member, input, answer, `${member.peer.process} changed its protocols`)
      case 'Stable':
        if (member.memberId === this.leader)
          return this.#updateMember(member, input, answer, `the leader ${member.peer.process} joined again`)
        if (!member.matches(input.protocols))
          return this.#updateMember(member, input, answer, `${member.peer.process} changed its protocols`)
        return answer({ ...this.#joined(member), members: [] })
      default:
        return refuse('UNKNOWN_MEMBER_ID')
    }
  }

  /** While a rebalance runs, those count that have joined it: the last ones to rejoin are turned away (KIP-389). */
  #hasRoomFor(memberId: string): boolean {
    const limit = this.#host.settings['group.max.size']
    const member = this.members.get(memberId)
    if (this.state === 'Empty') return true
    if (this.state !== 'PreparingRebalance') return member !== undefined || this.members.size < limit
    const joining = [...this.members.values()].filter((each) => each.joining !== null).length
    return (member !== undefined && member.joining !== null) || joining < limit
  }

  #joinNew(
    input: MemberInput,
    { requireKnownId }: { requireKnownId: boolean },
    answer: (answer: JoinAnswer) => void,
  ): void {
    const memberId = this.#host.newMemberId(input.clientId)
    if (!requireKnownId || input.groupInstanceId !== null)
      return this.#addMember({ ...input, memberId }, answer)
    this.#pending.add(memberId, input.sessionTimeoutMs, () => this.#completeIfAllJoined())
    answer(joinRefusal('MEMBER_ID_REQUIRED', memberId))
  }

  #addMember(input: MemberInput, answer: (answer: JoinAnswer) => void): void {
    this.#pending.forget(input.memberId)
    const member = new Member(input)
    member.isNew = true
    member.joining = answer
    if (this.members.size === 0) this.protocolType = input.protocolType
    if (this.#initialJoin) this.#newMemberAdded = true
    this.leader ??= member.memberId
    this.members.set(member.memberId, member)
    this.#observeJoin(member, false)
    this.#startTimer(member, NEW_MEMBER_JOIN_TIMEOUT_MS)
    this.#rebalanceOrCompleteJoin(`${input.peer.process} joined`)
  }

  #updateMember(
    member: Member,
    input: MemberInput,
    answer: (answer: JoinAnswer) => void,
    reason: string,
  ): void {
    member.protocols = input.protocols
    member.rebalanceTimeoutMs = input.rebalanceTimeoutMs
    member.sessionTimeoutMs = input.sessionTimeoutMs
    member.joining = answer
    this.#observeJoin(member, true)
    this.#rebalanceOrCompleteJoin(reason)
  }

  #supports({ protocolType, protocols }: MemberInput): boolean {
    if (protocolType === '' || protocols.length === 0) return false
    if (this.members.size === 0) return true
    return protocolType === this.protocolType && someSupportedByAll(this.members, protocols)
  }

  #joined(member: Member): JoinAnswer {
    const leads = member.memberId === this.leader
    return {
      error: 'NONE',
      memberId: member.memberId,
      generation: this.generation,
      protocolType: this.protocolType,
      protocol: this.protocol,
      leader: this.leader ?? '',
      members: leads ? [...this.members.values()].map((each) => each.described(this.protocol)) : [],
    }
  }

  // --- generations

  #rebalanceOrCompleteJoin(reason: string): void {
    if (this.state === 'PreparingRebalance') this.#maybeCompleteJoin()
    else this.#prepareRebalance(reason)
  }

  #prepareRebalance(reason: string): void {
    if (this.state === 'CompletingRebalance') this.#failSyncs('REBALANCE_IN_PROGRESS')
    this.#syncTimer?.cancel()
    this.#pendingSync.clear()
    this.#initialJoin = this.state === 'Empty'
    this.state = 'PreparingRebalance'
    this.#host.observe({ kind: 'rebalance', group: this.id, reason })
    if (this.#initialJoin) {
      const delayMs = this.#host.settings['group.initial.rebalance.delay.ms']
      this.#awaitInitialJoin(delayMs, Math.max(0, this.rebalanceTimeoutMs - delayMs))
      return
    }
    this.#startJoinTimer(this.rebalanceTimeoutMs, () => this.#completeJoin())
    this.#maybeCompleteJoin()
  }

  /** The first rebalance waits for more members, as long as they keep coming (KIP-134). */
  #awaitInitialJoin(delayMs: number, remainingMs: number): void {
    this.#startJoinTimer(delayMs, () => {
      if (!this.#newMemberAdded || remainingMs === 0) return this.#completeJoin()
      this.#newMemberAdded = false
      const nextMs = Math.min(this.#host.settings['group.initial.rebalance.delay.ms'], remainingMs)
      this.#awaitInitialJoin(nextMs, Math.max(0, remainingMs - delayMs))
    })
  }

  #startJoinTimer(delayMs: number, action: () => void): void {
    this.#joinTimer?.cancel()
    this.#joinTimer = this.#host.clock.after(delayMs, action)
  }

  #maybeCompleteJoin(): void {
    if (!this.#initialJoin) this.#completeIfAllJoined()
  }

  /** An expiry ends even the first rebalance, where the member that expired was all that was waited for. */
  #completeIfAllJoined(): void {
    if (this.state !== 'PreparingRebalance' || this.#pending.size > 0) return
    for (const { joining } of this.members.values()) if (joining === null) return
    this.#completeJoin()
  }

  #completeJoin(): void {
    this.#joinTimer?.cancel()
    this.#joinTimer = null
    if (this.state !== 'PreparingRebalance') return
    for (const member of [...this.members.values()]) {
      if (member.joining === null && member.groupInstanceId === null)
        this.#remove(member, 'rebalance-timeout')
    }
    const someoneJoined = [...this.members.values()].some(({ joining }) => joining !== null)
    if (this.members.size > 0 && !someoneJoined) {
      // Never at once, or a timeout of 0 would stop the clock.
      this.#startJoinTimer(Math.max(1, this.rebalanceTimeoutMs), () => this.#completeJoin())
      return
    }
    this.generation += 1
    this.#initialJoin = false
    if (this.members.size === 0) return this.#becomeEmpty()
    this.#chooseLeader()
    this.protocol = chooseProtocol(this.members)
    this.state = 'CompletingRebalance'
    this.#host.observe({
      kind: 'generation',
      group: this.id,
      generation: this.generation,
      members: [...this.members.values()].map(({ memberId, peer }) => ({ memberId, process: peer.process })),
    })
    for (const member of [...this.members.values()]) {
      this.#pendingSync.add(member.memberId)
      const answer = member.joining
      member.joining = null
      member.isNew = false
      this.#startTimer(member, member.sessionTimeoutMs)
      answer?.(this.#joined(member))
    }
    this.#syncTimer = this.#host.clock.after(this.rebalanceTimeoutMs, () => this.#expireSyncs())
  }

  /** The leader stays, unless it has not joined. */
  #chooseLeader(): void {
    const leader = this.leader === null ? undefined : this.members.get(this.leader)
    if (leader !== undefined && leader.joining !== null) return
    for (const { memberId, joining } of this.members.values()) {
      if (joining === null) continue
      this.leader = memberId
      return
    }
  }

  #becomeEmpty(): void {
    this.state = 'Empty'
    this.leader = null
    this.protocol = null
    this.emptySinceMs = this.#host.clock.nowMs()
    this.#host.append(this.id, this.#record(new Map()), () => {})
    this.#host.observe({ kind: 'generation', group: this.id, generation: this.generation, members: [] })
  }

  // --- SyncGroup

  sync(
    request: {
      memberId: string
      generation: number
      protocolType: string | null
      protocol: string | null
      peer: Peer
      assignments: ReadonlyMap<string, Buffer>
    },
    answer: (answer: SyncAnswer) => void,
  ): void {
    const refuse = (error: string): void => answer(syncRefusal(error))
    const member = this.members.get(request.memberId)
    if (member === undefined) return refuse('UNKNOWN_MEMBER_ID')
    member.peer = request.peer
    if (request.generation !== this.generation) return refuse('ILLEGAL_GENERATION')
    const otherProtocol =
      (request.protocolType !== null && request.protocolType !== this.protocolType) ||
      (request.protocol !== null && request.protocol !== this.protocol)
    if (otherProtocol) return refuse('INCONSISTENT_GROUP_PROTOCOL')
    switch (this.state) {
      case 'PreparingRebalance':
        return refuse('REBALANCE_IN_PROGRESS')
      case 'CompletingRebalance':
        member.syncing = answer
        this.#pendingSync.delete(member.memberId)
        if (member.memberId === this.leader) this.#assign(request.assignments)
        return
      case 'Stable':
        this.#pendingSync.delete(member.memberId)
        if (this.#pendingSync.size === 0) this.#syncTimer?.cancel()
        return answer(this.#synced(member))
      default:
        return refuse('UNKNOWN_MEMBER_ID')
    }
  }

  /** The leader's assignment is written; once it is durable the group is stable, unless it has moved on. */
  #assign(assignments: ReadonlyMap<string, Buffer>): void {
    const { generation } = this
    this.#host.append(this.id, this.#record(assignments), () => {
      if (this.state === 'CompletingRebalance' && this.generation === generation) this.#settle(assignments)
    })
  }

  #settle(assignments: ReadonlyMap<string, Buffer>): void {
    this.state = 'Stable'
    for (const member of this.members.values()) {
      const { memberId, peer } = member
      member.assignment = assignments.get(memberId) ?? NOTHING
      this.#host.observe({
        kind: 'assigned',
        group: this.id,
        memberId,
        generation: this.generation,
        partitions: member.partitions,
        process: peer.process,
        incarnation: peer.incarnation,
      })
    }
    if (this.#pendingSync.size === 0) this.#syncTimer?.cancel()
    for (const member of [...this.members.values()]) {
      const answer = member.syncing
      member.syncing = null
      if (answer === null) continue
      this.#startTimer(member, member.sessionTimeoutMs)
      answer(this.#synced(member))
    }
  }

  #synced({ assignment }: Member): SyncAnswer {
    return { error: 'NONE', assignment, protocolType: this.protocolType, protocol: this.protocol }
  }

  #failSyncs(error: string): void {
    for (const member of this.members.values()) {
      const answer = member.syncing
      member.syncing = null
      answer?.(syncRefusal(error))
    }
  }

  /** Members that never synced leave the group after the rebalance timeout. */
  #expireSyncs(): void {
    this.#syncTimer = null
    const late = [...this.#pendingSync].flatMap((id) => this.members.get(id) ?? [])
    this.#pendingSync.clear()
    if (late.length === 0) return
    for (const member of late) this.#remove(member, 'rebalance-timeout')
    this.#prepareRebalance(`${late.map(({ peer }) => peer.process).join(', ')} never synced`)
  }

  // --- sessions

  heartbeat(memberId: string, generation: number): string {
    const member = this.members.get(memberId)
    if (member === undefined) return 'UNKNOWN_MEMBER_ID'
    if (generation !== this.generation) return 'ILLEGAL_GENERATION'
    switch (this.state) {
      case 'PreparingRebalance':
        this.#startTimer(member, member.sessionTimeoutMs)
        return 'REBALANCE_IN_PROGRESS'
      case 'CompletingRebalance':
      case 'Stable':
        this.#startTimer(member, member.sessionTimeoutMs)
        return 'NONE'
      default:
        return 'UNKNOWN_MEMBER_ID'
    }
  }

  /** These leave together: one rebalance for all. @returns an error for each, by Kafka's name */
  leave(memberIds: readonly string[]): readonly string[] {
    const leavers: string[] = []
    const errors = memberIds.map((memberId) => {
      const member = this.members.get(memberId)
      if (member !== undefined) this.#remove(member, 'left')
      else if (!this.#pending.forget(memberId)) return 'UNKNOWN_MEMBER_ID'
      leavers.push(member === undefined ? 'a member that was about to join' : member.peer.process)
      return 'NONE'
    })
    if (leavers.length > 0) this.#rebalanceWithout(`${leavers.join(', ')} left`)
    return errors
  }

  /** @returns the error that a commit with these ids gets, by Kafka's name (O1 to O3) */
  checkCommit({ memberId, generation }: { memberId: string; generation: number }): string {
    if (generation < 0 && this.state === 'Empty') return 'NONE'
    if (generation >= 0 || memberId !== '') {
      const member = this.members.get(memberId)
      if (member === undefined) return 'UNKNOWN_MEMBER_ID'
      if (generation !== this.generation) return 'ILLEGAL_GENERATION'
      if (this.state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS'
      this.#startTimer(member, member.sessionTimeoutMs)
      return 'NONE'
    }
    return 'UNKNOWN_MEMBER_ID'
  }

  /** What its consumers subscribe to, or null where that cannot be known. */
  subscribedTopics(): ReadonlySet<string> | null {
    return this.protocolType === 'consumer' ? subscribedTopics(this.members, this.protocol) : null
  }

  #startTimer(member: Member, delayMs: number): void {
    member.timer?.cancel()
    member.timer = this.#host.clock.after(delayMs, () => this.#expire(member))
  }

  #expire(member: Member): void {
    if (this.members.get(member.memberId) !== member) return
    const waits = !member.isNew && (member.joining !== null || member.syncing !== null)
    if (waits) return
    this.#remove(member, 'session-expired')
    if (this.state === 'PreparingRebalance') this.#completeIfAllJoined()
    else this.#rebalanceWithout(`${member.peer.process} was removed`)
  }

  #rebalanceWithout(reason: string): void {
    if (this.state === 'PreparingRebalance') this.#maybeCompleteJoin()
    else if (this.state === 'Stable' || this.state === 'CompletingRebalance') this.#prepareRebalance(reason)
  }

  #remove(member: Member, reason: RemovalReason): void {
    member.timer?.cancel()
    this.members.delete(member.memberId)
    this.#pendingSync.delete(member.memberId)
    if (this.leader === member.memberId) this.leader = this.members.keys().next().value ?? null
    this.#host.observe({
      kind: 'member-removed',
      group: this.id,
      memberId: member.memberId,
      reason,
      process: member.peer.process,
      incarnation: member.peer.incarnation,
    })
    member.joining?.(joinRefusal('UNKNOWN_MEMBER_ID', member.memberId))
    member.syncing?.(syncRefusal('UNKNOWN_MEMBER_ID'))
    member.joining = null
    member.syncing = null
  }

  // --- coordinators come and go

  /** The coordinator gives the group up: what waits is answered, nothing else will happen here. */
  unload(error: string): void {
    this.state = 'Dead'
    this.#joinTimer?.cancel()
    this.#syncTimer?.cancel()
    this.#pending.clear()
    for (const member of this.members.values()) {
      member.timer?.cancel()
      const { joining, syncing } = member
      member.joining = null
      member.syncing = null
      joining?.(joinRefusal(error, member.memberId))
      syncing?.(syncRefusal(error))
    }
  }

  /** The group as its last record tells it, at a coordinator that took over: sessions start anew after `loadMs` (C2, C3). */
  static load(id: string, record: GroupRecord | null, loadMs: number, host: GroupHost): ClassicGroup {
    const group = new ClassicGroup(id, host)
    if (record === null) return group
    group.generation = record.generation
    group.leader = record.leader
    group.protocol = record.protocol
    group.protocolType = record.protocolType
    group.emptySinceMs = record.emptySinceMs
    for (const { input, assignment } of record.members) {
      const member = new Member(input)
      member.assignment = assignment
      group.members.set(member.memberId, member)
      group.#startTimer(member, loadMs + member.sessionTimeoutMs)
    }
    group.state = group.members.size === 0 ? 'Empty' : 'Stable'
    return group
  }

  #record(assignments: ReadonlyMap<string, Buffer>): GroupRecord {
    const { generation, leader, protocol, protocolType, emptySinceMs } = this
    const members = [...this.members.values()].map((member) => ({
      input: member.toInput(),
      assignment: assignments.get(member.memberId) ?? NOTHING,
    }))
    return { generation, leader, protocol, protocolType, emptySinceMs, members }
  }

  #observeJoin({ memberId, peer }: Member, rejoin: boolean): void {
    const { process, incarnation } = peer
    this.#host.observe({ kind: 'member-joined', group: this.id, memberId, rejoin, process, incarnation })
  }
}
