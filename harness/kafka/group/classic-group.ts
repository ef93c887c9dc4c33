import type {
  ClassicState,
  CommitCheck,
  Group,
  Identity,
  JoinOptions,
  Ownership,
  SyncRequest,
} from './group.interface.ts'
import type { ClassicEntry, ClassicGroupRecord, GroupHost } from './group-host.interface.ts'
import {
  type JoinAnswer,
  joinRefusal,
  Member,
  type MemberInput,
  type SyncAnswer,
  syncRefusal,
} from './member.ts'
import { chooseProtocol, someSupportedByAll, subscribedTopics } from './protocols.ts'
import { Rebalance } from './rebalance.ts'

/**
 * A member that has an id and has not joined with it cannot send heartbeats; it expires after this
 * long.
 */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000

/**
 * A classic group as requests meet it at its coordinator (KAFKA.md G1 to G14); `Rebalance` moves
 * it. The judge is GroupMetadataManager and ClassicGroup of Apache Kafka 4.0.
 */
export class ClassicGroup implements Group {
  readonly id: string
  readonly type = 'classic'
  readonly #host: GroupHost
  readonly #rebalance: Rebalance

  constructor(id: string, host: GroupHost) {
    this.id = id
    this.#host = host
    this.#rebalance = new Rebalance(id, host)
  }

  get state(): ClassicState {
    return this.#rebalance.state
  }

  get generation(): number {
    return this.#rebalance.generation
  }

  get leader(): string | null {
    return this.#rebalance.roster.leader
  }

  get protocol(): string | null {
    return this.#rebalance.protocol
  }

  get protocolType(): string | null {
    return this.#rebalance.protocolType
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#rebalance.roster.members
  }

  get emptySinceMs(): number {
    return this.#rebalance.emptySinceMs
  }

  // --- JoinGroup

  join(input: MemberInput, options: JoinOptions, answer: (answer: JoinAnswer) => void): void {
    const refuse = (error: string, memberId = input.memberId): void => answer(joinRefusal(error, memberId))
    const { pending, roster } = this.#rebalance
    const member = this.members.get(input.memberId)
    if (!this.#hasRoomFor(member)) {
      if (member !== undefined) this.#rebalance.remove(member, 'rebalance-timeout')
      pending.forget(input.memberId)
      return refuse('GROUP_MAX_SIZE_REACHED', '')
    }
    if (!this.#supports(input)) return refuse('INCONSISTENT_GROUP_PROTOCOL')
    if (input.memberId === '') return this.#joinNew(input, options, answer)
    if (pending.has(input.memberId)) {
      if (input.groupInstanceId !== null) return refuse('UNKNOWN_SERVER_ERROR')
      return this.#addMember(input, answer)
    }
    const refusal = roster.refusal(input.memberId, input.groupInstanceId)
    if (refusal !== null || member === undefined) return refuse(refusal ?? 'UNKNOWN_MEMBER_ID')
    this.#joinAgain(member, input, answer)
  }

  #joinAgain(member: Member, input: MemberInput, answer: (answer: JoinAnswer) => void): void {
    member.peer = input.peer
    const changed = (): boolean => !member.matches(input.protocols)
    const changedReason = `${member.peer.process} changed its protocols`
    switch (this.state) {
      case 'PreparingRebalance':
        return this.#updateMember(member, input, answer, 'a member joined again')
      case 'CompletingRebalance':
        if (changed()) return this.#updateMember(member, input, answer, changedReason)
        return answer(this.#rebalance.joined(member))
      case 'Stable':
        if (member.memberId === this.leader)
          return this.#updateMember(member, input, answer, `the leader ${member.peer.process} joined again`)
        if (changed()) return this.#updateMember(member, input, answer, changedReason)
        return answer({ ...this.#rebalance.joined(member), members: [] })
      default:
        return answer(joinRefusal('UNKNOWN_MEMBER_ID', member.memberId))
    }
  }

  /**
   * While a rebalance runs, those count that have joined it: the last ones to rejoin are turned
   * away (KIP-389).
   */
  #hasRoomFor(member: Member | undefined): boolean {
    const limit = this.#host.settings['group.max.size']
    if (this.state === 'Empty') return true
    if (this.state !== 'PreparingRebalance') return member !== undefined || this.members.size < limit
    return (member !== undefined && member.joining !== null) || this.#rebalance.roster.joining < limit
  }

  #joinNew(input: MemberInput, options: JoinOptions, answer: (answer: JoinAnswer) => void): void {
    const { groupInstanceId } = input
    const memberId = this.#host.newMemberId(groupInstanceId ?? input.clientId)
    if (groupInstanceId !== null) {
      const old = this.#rebalance.roster.static(groupInstanceId)
      if (old === undefined) return this.#addMember({ ...input, memberId }, answer)
      return this.#replaceMember(old, { ...input, memberId }, options, answer)
    }
    if (!options.requireKnownId) return this.#addMember({ ...input, memberId }, answer)
    const { pending } = this.#rebalance
    pending.add(memberId, input.sessionTimeoutMs, () => this.#rebalance.completeIfAllJoined())
    answer(joinRefusal('MEMBER_ID_REQUIRED', memberId))
  }

  #addMember(input: MemberInput, answer: (answer: JoinAnswer) => void): void {
    const rebalance = this.#rebalance
    rebalance.pending.forget(input.memberId)
    const member = new Member(input)
    member.isNew = true
    member.joining = answer
    if (this.members.size === 0) rebalance.protocolType = input.protocolType
    rebalance.noteNewMember()
    rebalance.roster.add(member)
    this.#observeJoin(member, false)
    rebalance.startSession(member, NEW_MEMBER_JOIN_TIMEOUT_MS)
    rebalance.include(`${input.peer.process} joined`)
  }

  /**
   * A static member that has forgotten its id comes back (KIP-345). A stable group goes on as it
   * is, unless its protocol would be another now. Before version 9 a leader is told that the old id
   * leads, so that it does not assign.
   */
  #replaceMember(
    old: Member,
    input: MemberInput,
    { maySkipAssignment = false }: JoinOptions,
    answer: (answer: JoinAnswer) => void,
  ): void {
    const rebalance = this.#rebalance
    const leaderBefore = this.leader
    const member = new Member(input)
    member.assignment = old.assignment
    member.joining = answer
    rebalance.replace(old, member)
    this.#observeJoin(member, true)
    rebalance.startSession(member)
    const { process } = input.peer
    if (this.state === 'CompletingRebalance') return rebalance.prepare(`${process} came back`)
    if (this.state !== 'Stable') return rebalance.include(`${process} came back`)
    if (chooseProtocol(this.members) !== this.protocol)
      return rebalance.prepare(`${process} came back with other protocols`)
    rebalance.observeAssigned(member)
    rebalance.rewrite((error) => {
      if (error !== null) return rebalance.answerJoin(member, joinRefusal(error, ''))
      const joined = rebalance.joined(member)
      rebalance.answerJoin(
        member,
        maySkipAssignment
          ? { ...joined, skipAssignment: member.memberId === this.leader }
          : { ...joined, leader: leaderBefore ?? '', members: [] },
      )
    })
  }

  #updateMember(
    member: Member,
    input: MemberInput,
    answer: (answer: JoinAnswer) => void,
    reason: string,
  ): void {
    member.update(input)
    member.joining = answer
    this.#observeJoin(member, true)
    this.#rebalance.include(reason)
  }

  #supports({ protocolType, protocols }: MemberInput): boolean {
    if (protocolType === '' || protocols.length === 0) return false
    if (this.members.size === 0) return true
    return protocolType === this.protocolType && someSupportedByAll(this.members, protocols)
  }

  // --- SyncGroup

  sync(request: SyncRequest, answer: (answer: SyncAnswer) => void): void {
    const refuse = (error: string): void => answer(syncRefusal(error))
    const refusal = this.#rebalance.roster.refusal(request.memberId, request.groupInstanceId)
    const member = this.members.get(request.memberId)
    if (refusal !== null || member === undefined) return refuse(refusal ?? 'UNKNOWN_MEMBER_ID')
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
        this.#rebalance.noteSync(member)
        if (member.memberId === this.leader) this.#rebalance.assign(request.assignments)
        return
      case 'Stable':
        this.#rebalance.noteSync(member)
        return answer(this.#rebalance.synced(member))
      default:
        return refuse('UNKNOWN_MEMBER_ID')
    }
  }

  // --- Heartbeat, LeaveGroup, OffsetCommit

  heartbeat({ memberId, groupInstanceId, generation }: Identity & { generation: number }): string {
    const refusal = this.#rebalance.roster.refusal(memberId, groupInstanceId)
    const member = this.members.get(memberId)
    if (refusal !== null || member === undefined) return refusal ?? 'UNKNOWN_MEMBER_ID'
    if (generation !== this.generation) return 'ILLEGAL_GENERATION'
    if (this.state === 'Empty' || this.state === 'Dead') return 'UNKNOWN_MEMBER_ID'
    this.#rebalance.startSession(member)
    return this.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  }

  /**
   * These leave together: one rebalance for all. An instance id without a member id is enough (an
   * operator's way).
   * @returns an error for each, by Kafka's name
   */
  leave(leavers: readonly Identity[]): readonly string[] {
    const { pending, roster } = this.#rebalance
    const gone: string[] = []
    const errors = leavers.map(({ memberId, groupInstanceId }) => {
      if (memberId !== '' && pending.forget(memberId)) {
        gone.push('a member that was about to join')
        return 'NONE'
      }
      const byInstance = memberId === '' && groupInstanceId !== null
      const member = byInstance ? roster.static(groupInstanceId) : this.members.get(memberId)
      const refusal = byInstance ? null : roster.refusal(memberId, groupInstanceId)
      if (refusal !== null || member === undefined) return refusal ?? 'UNKNOWN_MEMBER_ID'
      this.#rebalance.remove(member, 'left')
      gone.push(member.peer.process)
      return 'NONE'
    })
    if (gone.length > 0) this.#rebalance.exclude(`${gone.join(', ')} left`)
    return errors
  }

  /**
   * @returns the error that a commit with these ids gets, by Kafka's name (O1 to O3). A
   * transactional one may come without ids and while the generation is being assigned (X8).
   */
  checkCommit({ memberId, groupInstanceId = null, generation, transactional = false }: CommitCheck): string {
    if (generation < 0 && this.state === 'Empty') return 'NONE'
    if (generation < 0 && memberId === '' && groupInstanceId === null)
      return transactional ? 'NONE' : 'UNKNOWN_MEMBER_ID'
    const refusal = this.#rebalance.roster.refusal(memberId, groupInstanceId)
    const member = this.members.get(memberId)
    if (refusal !== null || member === undefined) return refusal ?? 'UNKNOWN_MEMBER_ID'
    if (generation !== this.generation) return 'ILLEGAL_GENERATION'
    if (transactional) return 'NONE'
    if (this.state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS'
    this.#rebalance.startSession(member)
    return 'NONE'
  }

  checkFetch(): string {
    return 'NONE'
  }

  ownerships(): readonly Ownership[] {
    return [...this.members.values()].map(({ memberId, peer, partitions }) => ({
      memberId,
      process: peer.process,
      partitions,
    }))
  }

  ownerOf(topic: string, partition: number): string | null {
    for (const member of this.members.values()) if (member.owns(topic, partition)) return member.peer.process
    return null
  }

  subscribedTopics(): ReadonlySet<string> | null {
    return this.protocolType === 'consumer' ? subscribedTopics(this.members, this.protocol) : null
  }

  /** From outside its requests: the group was converted, and its members must join again. */
  rebalance(reason: string): void {
    this.#rebalance.prepare(reason)
  }

  // --- coordinators come and go

  /** The group without an assignment, for the log. */
  entry(): ClassicEntry {
    return this.#rebalance.entry(new Map())
  }

  tombstones(): readonly ClassicEntry[] {
    return [{ kind: 'group', group: this.id, record: null }]
  }

  unload(error: string): void {
    this.#rebalance.end(error)
  }

  /**
   * The group as its last record tells it, at a coordinator that took over: sessions restart
   * after `loadMs` (C2, C3).
   */
  static load(id: string, record: ClassicGroupRecord | null, loadMs: number, host: GroupHost): ClassicGroup {
    const group = new ClassicGroup(id, host)
    if (record === null) return group
    const rebalance = group.#rebalance
    rebalance.generation = record.generation
    rebalance.protocol = record.protocol
    rebalance.protocolType = record.protocolType
    rebalance.emptySinceMs = record.emptySinceMs
    for (const { input, assignment } of record.members) {
      // The record has what the member told for the protocol that was chosen, and no other.
      const protocols = input.protocols.filter(({ name }) => name === record.protocol)
      const member = new Member({ ...input, protocols })
      member.assignment = assignment
      rebalance.roster.add(member)
      rebalance.startSession(member, loadMs + member.sessionTimeoutMs)
    }
    rebalance.roster.leader = record.leader
    rebalance.state = group.members.size === 0 ? 'Empty' : 'Stable'
    return group
  }

  #observeJoin({ memberId, peer }: Member, rejoin: boolean): void {
    const { process, incarnation } = peer
    this.#host.observe({ kind: 'member-joined', group: this.id, memberId, rejoin, process, incarnation })
  }
}
