import type { Observation } from '../../core/history.ts'
import type { ClassicState } from './group.interface.ts'
import type { ClassicEntry, ClassicGroupRecord, GroupHost } from './group-host.interface.ts'
import { type JoinAnswer, joinRefusal, type Member, type SyncAnswer, syncRefusal } from './member.ts'
import { PendingMembers } from './pending-members.ts'
import { chooseProtocol } from './protocols.ts'
import { Roster } from './roster.ts'

export type RemovalReason = Extract<Observation, { kind: 'member-removed' }>['reason']

const NOTHING = Buffer.alloc(0)

/**
 * Moves a classic group from one generation to the next: which members are waited for and how long,
 * whose session ends, and when an assignment is complete (KAFKA.md G2 to G8).
 */
export class Rebalance {
  readonly id: string
  readonly roster: Roster = new Roster()
  readonly pending: PendingMembers
  state: ClassicState = 'Empty'
  generation = 0
  protocol: string | null = null
  protocolType: string | null = null
  /** Virtual Unix milliseconds since which it has no members. */
  emptySinceMs: number
  readonly #host: GroupHost
  readonly #pendingSync: Set<string> = new Set()
  #joinTimer: { cancel(): void } | null = null
  #syncTimer: { cancel(): void } | null = null
  #initialJoin = false
  #newMemberAdded = false

  constructor(id: string, host: GroupHost) {
    this.id = id
    this.#host = host
    this.pending = new PendingMembers(host.clock)
    this.emptySinceMs = host.clock.nowMs()
  }

  // --- the next generation is prepared

  /** A member joined, or joined again with something new. */
  include(reason: string): void {
    if (this.state === 'PreparingRebalance') this.#maybeCompleteJoin()
    else this.prepare(reason)
  }

  /** Members are gone. */
  exclude(reason: string): void {
    if (this.state === 'PreparingRebalance') this.#maybeCompleteJoin()
    else if (this.state === 'Stable' || this.state === 'CompletingRebalance') this.prepare(reason)
  }

  /** A first rebalance waits longer for members that come after it began. */
  noteNewMember(): void {
    if (this.#initialJoin) this.#newMemberAdded = true
  }

  prepare(reason: string): void {
    if (this.state === 'CompletingRebalance') this.#failSyncs('REBALANCE_IN_PROGRESS')
    this.#syncTimer?.cancel()
    this.#pendingSync.clear()
    this.#initialJoin = this.state === 'Empty'
    this.state = 'PreparingRebalance'
    this.#host.observe({ kind: 'rebalance', group: this.id, reason })
    if (this.#initialJoin) {
      const delayMs = this.#host.settings['group.initial.rebalance.delay.ms']
      this.#awaitInitialJoin(delayMs, Math.max(0, this.roster.rebalanceTimeoutMs - delayMs))
      return
    }
    this.#startJoinTimer(this.roster.rebalanceTimeoutMs, () => this.#completeJoin())
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
    if (!this.#initialJoin) this.completeIfAllJoined()
  }

  /**
   * An expiry ends even the first rebalance, where the member that expired was all that was waited
   * for.
   */
  completeIfAllJoined(): void {
    if (this.state !== 'PreparingRebalance' || this.pending.size > 0) return
    for (const { joining } of this.roster.members.values()) if (joining === null) return
    this.#completeJoin()
  }

  #completeJoin(): void {
    this.#joinTimer?.cancel()
    this.#joinTimer = null
    if (this.state !== 'PreparingRebalance') return
    const { members } = this.roster
    for (const member of [...members.values()]) {
      if (member.joining === null && member.groupInstanceId === null) this.remove(member, 'rebalance-timeout')
    }
    if (members.size > 0 && this.roster.joining === 0) {
      // Never at once, or a timeout of 0 would stop the clock.
      this.#startJoinTimer(Math.max(1, this.roster.rebalanceTimeoutMs), () => this.#completeJoin())
      return
    }
    this.generation += 1
    this.#initialJoin = false
    if (members.size === 0) return this.#becomeEmpty()
    this.roster.chooseLeader()
    this.protocol = chooseProtocol(members)
    this.state = 'CompletingRebalance'
    this.#host.observe({
      kind: 'generation',
      group: this.id,
      generation: this.generation,
      members: [...members.values()].map(({ memberId, peer }) => ({ memberId, process: peer.process })),
    })
    for (const member of [...members.values()]) {
      this.#pendingSync.add(member.memberId)
      this.startSession(member)
      this.answerJoin(member, this.joined(member))
    }
    this.#syncTimer = this.#host.clock.after(this.roster.rebalanceTimeoutMs, () => this.#expireSyncs())
  }

  #becomeEmpty(): void {
    this.state = 'Empty'
    this.roster.leader = null
    this.protocol = null
    this.emptySinceMs = this.#host.clock.nowMs()
    this.#write(new Map(), () => {})
    this.#host.observe({ kind: 'generation', group: this.id, generation: this.generation, members: [] })
  }

  /** The JoinGroup answer for a member of the current generation. */
  joined({ memberId }: Member): JoinAnswer {
    const leads = memberId === this.roster.leader
    return {
      error: 'NONE',
      memberId,
      generation: this.generation,
      protocolType: this.protocolType,
      protocol: this.protocol,
      leader: this.roster.leader ?? '',
      members: leads ? [...this.roster.members.values()].map((each) => each.described(this.protocol)) : [],
    }
  }

  answerJoin(member: Member, answer: JoinAnswer): void {
    const { joining } = member
    member.joining = null
    member.isNew = false
    joining?.(answer)
  }

  // --- the assignment of this generation

  /** The member has synced; it need not be waited for. */
  noteSync({ memberId }: Member): void {
    this.#pendingSync.delete(memberId)
    if (this.state === 'Stable' && this.#pendingSync.size === 0) this.#syncTimer?.cancel()
  }

  /**
   * The leader's assignment is written; once it is durable the group is stable, unless it has moved
   * on.
   */
  assign(assignments: ReadonlyMap<string, Buffer>): void {
    const { generation } = this
    this.#write(assignments, (error) => {
      if (this.state !== 'CompletingRebalance' || this.generation !== generation) return
      if (error === null) return this.#settle(assignments)
      this.#failSyncs(error)
      this.prepare('the assignment could not be stored')
    })
  }

  #settle(assignments: ReadonlyMap<string, Buffer>): void {
    this.state = 'Stable'
    for (const member of this.roster.members.values()) {
      member.assignment = assignments.get(member.memberId) ?? NOTHING
      this.observeAssigned(member)
    }
    if (this.#pendingSync.size === 0) this.#syncTimer?.cancel()
    for (const member of [...this.roster.members.values()]) {
      const answer = member.syncing
      member.syncing = null
      if (answer === null) continue
      this.startSession(member)
      answer(this.synced(member))
    }
  }

  synced({ assignment }: Member): SyncAnswer {
    return { error: 'NONE', assignment, protocolType: this.protocolType, protocol: this.protocol }
  }

  /** The members are others, and the assignment of this generation stands. */
  rewrite(written: (error: string | null) => void): void {
    const { members } = this.roster
    const assignments = new Map([...members].map(([memberId, { assignment }]) => [memberId, assignment]))
    this.#write(assignments, written)
  }

  #failSyncs(error: string): void {
    for (const member of this.roster.members.values()) {
      const answer = member.syncing
      member.syncing = null
      answer?.(syncRefusal(error))
    }
  }

  /** Members that never synced leave the group after the rebalance timeout. */
  #expireSyncs(): void {
    this.#syncTimer = null
    const late = [...this.#pendingSync].flatMap((id) => this.roster.members.get(id) ?? [])
    this.#pendingSync.clear()
    if (late.length === 0) return
    for (const member of late) this.remove(member, 'rebalance-timeout')
    this.prepare(`${late.map(({ peer }) => peer.process).join(', ')} never synced`)
  }

  // --- sessions

  startSession(member: Member, timeoutMs: number = member.sessionTimeoutMs): void {
    member.timer?.cancel()
    member.timer = this.#host.clock.after(timeoutMs, () => this.#expire(member))
  }

  #expire(member: Member): void {
    if (this.roster.members.get(member.memberId) !== member) return
    const waits = !member.isNew && (member.joining !== null || member.syncing !== null)
    if (waits) return
    this.remove(member, 'session-expired')
    if (this.state === 'PreparingRebalance') this.completeIfAllJoined()
    else this.exclude(`${member.peer.process} was removed`)
  }

  remove(member: Member, reason: RemovalReason): void {
    this.roster.remove(member)
    this.#pendingSync.delete(member.memberId)
    this.#letGo(member, reason, 'UNKNOWN_MEMBER_ID')
  }

  /**
   * A static member's new id takes the place of the old one, whose requests are fenced from now on
   * (G14).
   */
  replace(old: Member, replacement: Member): void {
    this.roster.replace(old, replacement)
    if (this.#pendingSync.delete(old.memberId)) this.#pendingSync.add(replacement.memberId)
    this.#letGo(old, 'fenced', 'FENCED_INSTANCE_ID')
  }

  #letGo(member: Member, reason: RemovalReason, error: string): void {
    const { memberId, peer, joining, syncing } = member
    member.timer?.cancel()
    member.joining = null
    member.syncing = null
    const { process, incarnation } = peer
    this.#host.observe({
      kind: 'member-removed',
      group: this.id,
      memberId,
      reason,
      process,
      incarnation,
    })
    joining?.(joinRefusal(error, memberId))
    syncing?.(syncRefusal(error))
  }

  /** Ends the group: every waiting request is answered with this error. */
  end(error: string): void {
    this.state = 'Dead'
    this.#joinTimer?.cancel()
    this.#syncTimer?.cancel()
    this.pending.clear()
    for (const member of this.roster.members.values()) {
      member.timer?.cancel()
      const { joining, syncing } = member
      member.joining = null
      member.syncing = null
      joining?.(joinRefusal(error, member.memberId))
      syncing?.(syncRefusal(error))
    }
  }

  observeAssigned({ memberId, peer, partitions }: Member): void {
    const { process, incarnation } = peer
    const { id: group, generation } = this
    this.#host.observe({ kind: 'assigned', group, memberId, generation, partitions, process, incarnation })
  }

  #write(assignments: ReadonlyMap<string, Buffer>, written: (error: string | null) => void): void {
    this.#host.append(this.id, [this.entry(assignments)], written)
  }

  entry(assignments: ReadonlyMap<string, Buffer>): ClassicEntry {
    return { kind: 'group', group: this.id, record: this.#record(assignments) }
  }

  #record(assignments: ReadonlyMap<string, Buffer>): ClassicGroupRecord {
    const { generation, protocol, protocolType, emptySinceMs } = this
    const members = [...this.roster.members.values()].map((member) => ({
      input: member.toInput(),
      assignment: assignments.get(member.memberId) ?? NOTHING,
    }))
    return {
      type: 'classic',
      generation,
      leader: this.roster.leader,
      protocol,
      protocolType,
      emptySinceMs,
      members,
    }
  }
}
