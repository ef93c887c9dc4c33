import { inHashMapOrder } from '../../state-log/java-hash.ts'
import type { ConsumerState } from '../group.interface.ts'
import type { GroupHost } from '../group-host.interface.ts'
import { type Assignment, equalAssignments, holds, NO_PARTITIONS } from './assignment.ts'
import type { AssignedMember } from './assignors/assignor.interface.ts'
import { ASSIGNORS } from './assignors/index.ts'
import { AWAY_EPOCH, type ConsumerMember, sameMember, sameNames } from './consumer-member.ts'
import { type FenceReason, GroupEvents } from './events.ts'
import { Membership } from './membership.ts'
import { reconcile } from './reconcile.ts'
import { type ConsumerGroupRecord, changes, NO_RECORDS } from './records.ts'
import { Subscriptions } from './subscriptions.ts'
import { Timers } from './timers.ts'

/** How long a timer waits that could not do what it is for (CoordinatorRuntime). */
const RETRY_MS = 500

/** A request's changes to a member. */
export interface MemberChange {
  /** The member before the change; a new one has epoch 0 and no subscription. */
  readonly before: ConsumerMember
  readonly after: ConsumerMember
  /** The partitions that the member claims to own; null where it does not mention them. */
  readonly owned: Assignment | null
  /** The static member whose place it takes. */
  readonly replaces: ConsumerMember | null
}

/**
 * Moves a consumer group (KIP-848): the group epoch, which grows with every change of members,
 * subscriptions or topics; the target assignment, computed for an epoch when the next heartbeat
 * comes; and each member's way to it.
 */
export class Reconciliation {
  readonly id: string
  readonly membership: Membership = new Membership()
  readonly subscriptions: Subscriptions
  readonly timers: Timers
  readonly events: GroupEvents
  readonly targets: Map<string, Assignment> = new Map()
  epoch = 0
  assignmentEpoch = 0
  emptySinceMs: number
  readonly #host: GroupHost
  /** Answers that wait for their record. */
  readonly #waiting: Set<(error: string | null) => void> = new Set()
  /** All that stands in the log, replicated or not. */
  #written: ConsumerGroupRecord = NO_RECORDS
  #topics = ''
  #ended = false

  readonly #expired: (member: ConsumerMember, reason: FenceReason) => void

  /** @param expired what becomes of a member that was waited for too long */
  constructor(id: string, host: GroupHost, expired: (member: ConsumerMember, reason: FenceReason) => void) {
    this.id = id
    this.#host = host
    this.#expired = expired
    this.subscriptions = new Subscriptions(host, this.membership)
    this.timers = new Timers(host.clock)
    this.events = new GroupEvents(id, host)
    this.emptySinceMs = host.clock.nowMs()
  }

  get state(): ConsumerState {
    if (this.#ended) return 'Dead'
    if (this.membership.size === 0) return 'Empty'
    if (this.epoch > this.assignmentEpoch) return 'Assigning'
    for (const { state, epoch } of this.membership.all())
      if (state !== 'stable' || epoch !== this.assignmentEpoch) return 'Reconciling'
    return 'Stable'
  }

  /** @returns the member, one step further; the change is not yet written */
  advance({ before, after, owned, replaces }: MemberChange): ConsumerMember {
    const isNew = this.membership.get(after.memberId) === undefined
    // Until the next epoch, Kafka looks for the target of a member that has just become a static
    // one in vain.
    const becomesStatic = after.instanceId !== null && this.membership.static(after.instanceId) === undefined
    const shadowed = replaces === null ? null : (this.membership.get(after.memberId) ?? null)
    if (replaces !== null) this.#replace(replaces, after)
    else if (isNew) this.events.joined(after, false)
    const resolved = this.subscriptions.update(before, after, () => this.#topicsChanged())
    const subscribesAnew = !sameNames(before.topicNames, after.topicNames)
    this.membership.put(after)
    const topics = this.subscriptions.describe()
    if (this.epoch === 0 || resolved || subscribesAnew || topics !== this.#topics) {
      const topicsOnly = !isNew && !resolved && !subscribesAnew
      this.#raise(topicsOnly ? 'topics changed' : `${after.peer.process} subscribed`, topics)
    }
    const isNewTarget = this.epoch > this.assignmentEpoch
    if (isNewTarget) this.#assign(after.assignor === before.assignor ? null : after.assignor)
    const targets = becomesStatic && !isNewTarget ? NO_PARTITIONS : this.targets.get(after.memberId)
    return this.#step(after, { owned, assignment: targets ?? NO_PARTITIONS, shadowed })
  }

  #topicsChanged(): void {
    this.#raise('topics changed', this.subscriptions.describe())
    this.write(() => {})
  }

  #raise(reason: string, topics: string): void {
    this.epoch += 1
    this.#topics = topics
    this.events.raised(reason)
  }

  #replace(old: ConsumerMember, replacement: ConsumerMember): void {
    const { memberId } = replacement
    const target = this.targets.get(old.memberId)
    this.membership.remove(old)
    this.targets.delete(old.memberId)
    this.timers.cancelAllOf(old.memberId)
    if (target !== undefined) this.targets.set(memberId, target)
    if (old.memberId !== memberId) this.events.removed(old, 'fenced')
    this.events.joined(replacement, true)
  }

  /** The target of this epoch, by the assignor that most members ask for. */
  #assign(newlyAsked: string | null): void {
    const members = new Map<string, AssignedMember>()
    for (const memberId of inHashMapOrder([...this.membership.all()].map((member) => member.memberId))) {
      const member = this.membership.get(memberId)
      if (member === undefined) continue
      const names = [...this.subscriptions.topicsOf(member)]
      members.set(memberId, {
        instanceId: member.instanceId,
        topics: new Set(names.flatMap((name) => this.#host.topics.get(name)?.id ?? [])),
        target: this.targets.get(memberId) ?? NO_PARTITIONS,
      })
    }
    const { homogeneous } = this.subscriptions
    const partitionsOf = (id: string): number => this.#host.topics.byId(id)?.partitions.length ?? 0
    const assigned = ASSIGNORS.get(this.#preferred(newlyAsked))?.({ members, homogeneous, partitionsOf })
    for (const memberId of members.keys())
      this.targets.set(memberId, assigned?.get(memberId) ?? NO_PARTITIONS)
    this.assignmentEpoch = this.epoch
    this.events.generation(this.epoch, this.membership.all())
  }

  get assignor(): string {
    return this.#preferred(null)
  }

  /**
   * Of equals, Kafka's hash map puts a name first that nobody asked for before, and then the
   * uniform one.
   */
  #preferred(newlyAsked: string | null): string {
    const votes = new Map<string, number>()
    for (const { assignor } of this.membership.all())
      if (assignor !== null) votes.set(assignor, (votes.get(assignor) ?? 0) + 1)
    const [first = ''] = this.#host.settings['group.consumer.assignors'].split(',')
    let chosen = first.trim()
    let most = 0
    for (const name of ASSIGNORS.keys()) {
      const count = votes.get(name) ?? 0
      const isNew = name === newlyAsked && count === 1
      if (count > most || (count === most && isNew)) {
        most = count
        chosen = name
      }
    }
    return chosen
  }

  /**
   * @param shadowed the member that had this member's id, beside the one whose place it takes; its
   * partitions are free a step later
   */
  #step(
    member: ConsumerMember,
    {
      owned,
      assignment,
      shadowed,
    }: { owned: Assignment | null; assignment: Assignment; shadowed: ConsumerMember | null },
  ): ConsumerMember {
    if (member.state === 'stable' && member.epoch === this.assignmentEpoch) return member
    const moved = reconcile(member, {
      epoch: this.assignmentEpoch,
      assignment,
      owned,
      isTaken: (topicId, partition) =>
        this.membership.ownerOf(topicId, partition) !== undefined ||
        (shadowed !== null && holds(shadowed.assigned, topicId, partition)),
    })
    if (sameMember(moved, member)) return member
    this.membership.put(moved)
    if (moved.epoch !== member.epoch || !equalAssignments(moved.assigned, member.assigned))
      this.events.assigned(moved)
    if (moved.classic !== null) return moved
    if (moved.state === 'unrevoked') this.#startRebalanceTimer(moved)
    else this.timers.cancel(moved.memberId, 'rebalance')
    return moved
  }

  // --- members go

  /** A static member leaves for a while: its partitions stay its own until its session ends. */
  away(member: ConsumerMember): void {
    this.membership.put({ ...member, epoch: AWAY_EPOCH, revoking: NO_PARTITIONS })
  }

  /** These are members no longer; the next heartbeat of another one gets a new target. */
  fence(leavers: readonly ConsumerMember[], reason: FenceReason): void {
    for (const member of leavers) {
      this.membership.remove(member)
      this.targets.delete(member.memberId)
      this.timers.cancelAllOf(member.memberId)
      this.events.removed(member, reason)
    }
    this.subscriptions.forget(leavers)
    const names = leavers.map(({ peer }) => peer.process).join(', ')
    this.#raise(`${names} ${reason === 'left' ? 'left' : 'was removed'}`, this.subscriptions.describe())
    if (this.membership.size > 0) return
    this.emptySinceMs = this.#host.clock.nowMs()
    this.events.generation(this.epoch, this.membership.all())
  }

  // --- timers

  startSession(member: ConsumerMember, extraMs = 0): void {
    const timeoutMs = member.classic?.sessionTimeoutMs ?? this.#host.groupConfigs.sessionTimeoutMs(this.id)
    this.timers.start(member.memberId, 'session', extraMs + timeoutMs, () =>
      this.#expire(member.memberId, 'session-expired'),
    )
  }

  /** The member has so long to join again; the first call counts. */
  awaitJoin({ memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    this.timers.startIfAbsent(memberId, 'join', rebalanceTimeoutMs, () =>
      this.#expire(memberId, 'rebalance-timeout'),
    )
  }

  awaitSync({ memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    this.timers.start(memberId, 'sync', rebalanceTimeoutMs, () => this.#expire(memberId, 'rebalance-timeout'))
  }

  /** The time that a member has to stop reporting what it must give up. */
  #startRebalanceTimer({ memberId, epoch, rebalanceTimeoutMs }: ConsumerMember, extraMs = 0): void {
    this.timers.start(memberId, 'rebalance', extraMs + rebalanceTimeoutMs, () => {
      if (this.membership.get(memberId)?.epoch === epoch) this.#expire(memberId, 'rebalance-timeout')
    })
  }

  /** The member's removal could not be written: it is tried again. */
  expireAgain({ memberId }: ConsumerMember, reason: FenceReason): void {
    this.timers.start(memberId, 'session', RETRY_MS, () => this.#expire(memberId, reason))
  }

  #expire(memberId: string, reason: FenceReason): void {
    const member = this.membership.get(memberId)
    if (member !== undefined) this.#expired(member, reason)
  }

  // --- what is durable

  get written(): ConsumerGroupRecord {
    return this.#written
  }

  /**
   * `answered` is called when all that happened so far is durable, or will never be. What cannot be
   * written has not happened (CoordinatorRuntime reverts to its last snapshot); what is only late
   * stays as it is.
   */
  write(answered: (error: string | null) => void): void {
    const after = this.record()
    const entries = changes(this.id, this.#written, { after, nowMs: this.#host.clock.nowMs() })
    const refusal = entries.length === 0 ? null : this.#host.refusal(this.id)
    if (refusal !== null) {
      this.#revert()
      return answered(refusal)
    }
    this.events.tell()
    this.#written = after
    if (entries.length === 0) return answered(null)
    this.#waiting.add(answered)
    this.#host.append(this.id, entries, (error) => {
      if (this.#waiting.delete(answered)) answered(error)
    })
  }

  #revert(): void {
    this.events.forget()
    this.#restore(this.#written)
    // Sessions of members that are back.
    for (const member of this.membership.all())
      if (!this.timers.runs(member.memberId, 'session')) this.startSession(member)
  }

  record(): ConsumerGroupRecord {
    return {
      type: 'consumer',
      epoch: this.epoch,
      topics: this.#topics,
      assignmentEpoch: this.assignmentEpoch,
      members: new Map([...this.membership.all()].map((member) => [member.memberId, member])),
      targets: new Map(this.targets),
      resolved: new Map(this.subscriptions.resolved),
    }
  }

  #restore(record: ConsumerGroupRecord): void {
    this.epoch = record.epoch
    this.assignmentEpoch = record.assignmentEpoch
    this.#topics = record.topics
    this.subscriptions.restore(record.resolved)
    this.targets.clear()
    for (const [memberId, target] of record.targets) this.targets.set(memberId, target)
    this.membership.reset(record.members.values())
  }

  /** At a coordinator that took over: sessions restart after `loadMs`. */
  load(record: ConsumerGroupRecord, loadMs: number): void {
    this.#restore(record)
    this.#written = this.record()
    for (const member of this.membership.all()) {
      this.startSession(member, loadMs)
      if (member.state === 'unrevoked' && member.classic === null) this.#startRebalanceTimer(member, loadMs)
    }
  }

  end(error: string): void {
    this.#ended = true
    this.timers.clear()
    this.subscriptions.cancel()
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const answered of waiting) answered(error)
  }
}
