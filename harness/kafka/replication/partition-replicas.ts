import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import { eligibleLeaderReplicasVersion } from '../versions/features.ts'
import type { RecordBatch } from '../wire/index.ts'
import { DeposedLeader } from './deposed-leader.ts'
import { InSyncReplicas } from './in-sync-replicas.ts'
import type { Balanced } from './leader-balance.ts'
import { type LogShape, partingOf } from './log-shape.ts'
import { completed, type Placement, reassigned, reverted } from './reassignment.ts'
import type { Replica } from './replica.ts'
import { ReplicationWaiters } from './replication-waiters.ts'

/** The partition as everybody else sees it: its leader's log. */
export interface LedPartition {
  log: PartitionLog
  producers: ProducerStates
  leader: number | null
}

/** How the log of a new leader differs from what was written. */
export interface Rewriting {
  /** From here on. */
  readonly offset: bigint
  /** What stands there instead. */
  readonly back: readonly RecordBatch[]
  /** From here on what is gone had never been in all in-sync replicas; null where all of it had. */
  readonly uncommittedFrom: bigint | null
}

export interface ReplicasOptions {
  readonly host: Pick<ClusterHost, 'clock' | 'settings' | 'leaderBalance' | 'isStale'>
  readonly random: Stream
  /** In the order of the assignment; the first one that is online leads. */
  readonly replicas: readonly Replica[]
  /** A replica without records, for a broker that had none. Absent: replicas stay where they are. */
  readonly newReplica?: (broker: number) => Replica
  readonly partition: LedPartition
  /** `min.insync.replicas` of the topic. */
  readonly inSyncMin: () => number
  /** `unclean.leader.election.enable` of the topic. */
  readonly mayElectUnclean: () => boolean
  /** The new leader's log is not what was written last. */
  readonly rewritten?: (rewriting: Rewriting) => void
  /** Another log is the leader's. @param deposed the last leader, where it has not heard of that */
  readonly moved: (deposed: DeposedLeader | null) => void
}

/**
 * The replicas of one partition: followers fetch from the leader, the high watermark follows the in-sync replicas, and
 * when the leader goes another one is elected (KAFKA.md L1 to L6). Costs nothing while nothing is written.
 */
export class PartitionReplicas implements Balanced {
  readonly #options: ReplicasOptions
  readonly #inSync: InSyncReplicas
  #replicas: readonly Replica[]
  #placement: Placement
  #epoch: number
  /** Where the leader's epoch began. */
  #epochStart: bigint
  /** Where the leader's log ended when we last looked. */
  #end: bigint
  /** What leaders have written, as everybody was told. */
  #written: LogShape
  /** The highest high watermark that a leader had, as far as its log is still there. */
  #committed: bigint
  #lagCheck: { cancel(): void } | null = null
  #waiters: ReplicationWaiters = new ReplicationWaiters()
  /** Followers whose fetch waits at the leader for something to answer with. */
  readonly #parked: Set<Replica> = new Set()
  /** By broker: who led and has not heard that it does not any more. Null where there never was one. */
  #deposed: Map<number, DeposedLeader> | null = null

  constructor(options: ReplicasOptions) {
    this.#options = options
    this.#replicas = options.replicas
    this.#placement = { replicas: options.replicas.map(({ broker }) => broker), adding: [], removing: [] }
    this.#epoch = options.partition.log.leaderEpoch
    this.#inSync = new InSyncReplicas({
      members: options.replicas.filter(({ online }) => online).map(({ broker }) => broker),
      enough: () => Math.min(options.inSyncMin(), this.#replicas.length),
      keepsEligible: eligibleLeaderReplicasVersion(options.host.settings) > 0,
    })
    this.#epochStart = options.partition.log.endOffset
    this.#end = this.#epochStart
    this.#written = { epochs: options.partition.log.epochs, end: this.#epochStart }
    this.#committed = this.#epochStart
    this.#lead(options.replicas.find(({ online }) => online) ?? null, 'first')
  }

  /** Broker ids, the preferred leader first. */
  get assigned(): readonly number[] {
    return this.#placement.replicas
  }

  /** Where they are, and where they are going. */
  get placement(): Placement {
    return this.#placement
  }

  /** Broker ids, in the order of the assignment. */
  get inSync(): readonly number[] {
    return this.assigned.filter((broker) => this.#inSync.members.has(broker))
  }

  /** Broker ids of those that may lead once none is in sync (KIP-966). */
  get eligible(): readonly number[] {
    return this.assigned.filter((broker) => this.#inSync.eligible.has(broker))
  }

  /** Who led when the last one dropped out of sync (KIP-966). */
  get lastKnownLeader(): number | null {
    return this.#inSync.lastKnownLeader
  }

  get offline(): readonly number[] {
    return this.#replicas.filter(({ online }) => !online).map(({ broker }) => broker)
  }

  /** Of all replicas. */
  get logs(): readonly PartitionLog[] {
    return this.#replicas.map(({ log }) => log)
  }

  /** Fewer than `min.insync.replicas` are in sync, of as many as there are. */
  get tooFew(): boolean {
    return this.#inSync.tooFew
  }

  /** Whether the leader does not know yet how far the log was committed before it led (KIP-207, KAFKA.md L6). */
  get watermarkLags(): boolean {
    return this.#epochStart > this.#options.partition.log.highWatermark
  }

  /** Followers in sync that have told the leader that they have this offset, and how far they are. */
  caughtUpTo(
    offset: bigint,
  ): readonly { readonly broker: number; readonly end: bigint; readonly caughtUpMs: number }[] {
    return this.#followers().flatMap(({ broker, acknowledged, caughtUpMs, log }) =>
      this.#inSync.members.has(broker) &&
      acknowledged !== null &&
      acknowledged >= offset &&
      log.startOffset <= offset
        ? [{ broker, end: acknowledged, caughtUpMs }]
        : [],
    )
  }

  logOf(broker: number): PartitionLog | undefined {
    return this.#replica(broker)?.log
  }

  /** Somebody leads, and knows it. */
  get isLed(): boolean {
    return this.#leader()?.unaware === false
  }

  /** What this broker goes on leading, as it has not heard of its successor (KAFKA.md C4). */
  deposed(broker: number): DeposedLeader | undefined {
    return this.#deposed?.get(broker)
  }

  /**
   * Calls back once all in-sync replicas have everything below `offset`: null, or the error of a write that stays in the
   * log all the same. At once where they have it already. @returns forgets the callback
   */
  whenReplicated(offset: bigint, done: (error: string | null) => void): () => void {
    const forget = this.#waiters.add(offset, done)
    this.#answer()
    return forget
  }

  /** Moves the leader to `to`, or to the next in turn, where that one is in sync and up. */
  moveLeader(to?: number): void {
    const { partition } = this.#options
    const replicas = this.#replicas
    const from = replicas.findIndex(({ broker }) => broker === partition.leader)
    const inTurn = [...replicas.slice(from + 1), ...replicas.slice(0, from + 1)]
    const next = inTurn.find((each) => (to === undefined || each.broker === to) && this.#mayLead(each))
    if (next !== undefined && next.broker !== partition.leader) this.#lead(next)
  }

  get isLedByPreferred(): boolean {
    return this.#options.partition.leader === this.assigned[0]
  }

  electPreferred(): void {
    this.moveLeader(this.assigned[0])
  }

  /** Elects a leader although it may be behind: what only the others have is lost (KAFKA.md L3). */
  electUnclean(to?: number): void {
    const { partition } = this.#options
    const candidates = this.#replicas.filter(
      ({ broker, online }) => online && broker !== partition.leader && (to === undefined || broker === to),
    )
    const least = candidates.reduce(
      (end, { log }) => (log.endOffset < end ? log.endOffset : end),
      candidates[0]?.log.endOffset ?? 0n,
    )
    const next = candidates.find(({ log }) => log.endOffset === least)
    if (next === undefined) return
    this.#depose()
    this.#inSync.electedUncleanly(next.broker)
    this.#lead(next)
  }

  // --- reassignment (KIP-455)

  /** Replicas move to these brokers: new ones catch up, then the others go. */
  reassign(wanted: readonly number[]): void {
    const { newReplica } = this.#options
    if (newReplica === undefined) throw new Error('these replicas stay where they are')
    const before = this.#placement
    this.#place(reassigned(before, wanted))
    if (this.#options.partition.leader === null) this.#elect()
    this.#completeReassignment()
  }

  /** Gives a move up. @returns whether that needs no unclean election, without which it is not done */
  revertReassignment(): boolean {
    const target = reverted(this.#placement)
    const [first] = target.replicas
    const clean = target.replicas.some((broker) => this.#inSync.members.has(broker))
    if (!clean && !this.#options.mayElectUnclean()) return false
    this.#place(target)
    if (!clean && first !== undefined) this.#inSync.electedUncleanly(first)
    this.#leadOn()
    return true
  }

  #completeReassignment(): void {
    const target = completed(this.#placement, this.#inSync.members)
    if (target === null) return
    const shrinks = target.replicas.length < this.#replicas.length
    this.#place(target)
    if (shrinks) this.#leadOn()
  }

  /** After replicas have gone the leader begins another epoch, or another one leads. */
  #leadOn(): void {
    const leader = this.#leader()
    if (leader !== undefined) this.#lead(leader)
    else this.#elect()
  }

  #place(target: Placement): void {
    const gone = this.#replicas.filter(({ broker }) => !target.replicas.includes(broker))
    for (const replica of gone) {
      this.#rest(replica)
      replica.log.onStored = null
      replica.producers.rest()
    }
    this.#inSync.forget(gone.map(({ broker }) => broker))
    this.#placement = target
    const had = this.#replicas
    this.#replicas = target.replicas.map((broker) => {
      const known = had.find((each) => each.broker === broker)
      return known ?? (this.#options.newReplica as (id: number) => Replica)(broker)
    })
    for (const replica of this.#replicas) if (!had.includes(replica)) this.#fetch(replica)
    this.#options.host.leaderBalance.changed(this)
  }

  /** The replica fetches nothing until it is let again. */
  isolate(broker: number, isolated: boolean): void {
    const replica = this.#replica(broker)
    if (replica === undefined) return
    replica.isolated = isolated
    if (isolated && replica.acknowledged === this.#end) replica.caughtUpMs = this.#options.host.clock.nowMs()
    if (isolated) this.#rest(replica)
    else this.#fetch(replica)
  }

  brokerStopped(broker: number, losesUnflushed: boolean): void {
    const replica = this.#replica(broker)
    if (replica === undefined || !(replica.online || replica.fenced)) return
    const { clock, settings } = this.#options.host
    replica.online = false
    replica.fenced = false
    this.#rest(replica)
    replica.flush(clock.nowMs(), losesUnflushed ? settings['onceover.log.flush.ms'] : 0)
    if (losesUnflushed) replica.loseUnflushed()
    else replica.shutDown()
    this.#inSync.remove([broker])
    if (this.#options.partition.leader === broker) this.#elect()
    else this.#advance()
  }

  /** The controller counts on the broker no more, which is alive and may not know. */
  brokerFenced(broker: number): void {
    const replica = this.#replica(broker)
    if (replica === undefined || !replica.online) return
    if (this.#options.partition.leader === broker) this.#depose()
    replica.online = false
    replica.fenced = true
    this.#inSync.remove([broker])
    if (this.#options.partition.leader === broker) this.#elect()
    else this.#advance()
  }

  brokerUnfenced(broker: number): void {
    const replica = this.#replica(broker)
    if (replica === undefined || replica.online) return
    replica.online = true
    replica.fenced = false
    if (this.#options.partition.leader === null) this.#elect()
    else this.#fetch(replica)
  }

  brokerStarted(broker: number): void {
    const replica = this.#replica(broker)
    if (replica === undefined || replica.online) return
    replica.online = true
    replica.followedEpoch = -1
    this.#inSync.isBack(broker)
    if (this.#options.partition.leader === null) this.#elect()
    else this.#fetch(replica)
  }

  /** The broker has heard of all that happened here: it follows, or begins to lead. */
  brokerHears(broker: number): void {
    const replica = this.#replica(broker)
    if (replica === undefined || !replica.unaware) return
    replica.unaware = false
    this.#deposed?.get(broker)?.end('NOT_LEADER_OR_FOLLOWER')
    this.#deposed?.delete(broker)
    if (this.#options.partition.leader !== broker) return this.#fetch(replica)
    for (const each of this.#followers()) this.#fetch(each)
  }

  /** Cancels what is under way. */
  dispose(): void {
    this.#options.host.leaderBalance.forget(this)
    for (const replica of this.#replicas) {
      replica.rest()
      replica.log.onStored = null
      replica.producers.rest()
    }
    this.#lagCheck?.cancel()
    this.#waiters.fail('UNKNOWN_TOPIC_OR_PARTITION')
    for (const deposed of this.#deposed?.values() ?? []) deposed.end('UNKNOWN_TOPIC_OR_PARTITION')
  }

  #rest(replica: Replica): void {
    this.#parked.delete(replica)
    replica.rest()
  }

  #replica(broker: number | null): Replica | undefined {
    return this.#replicas.find((each) => each.broker === broker)
  }

  #leader(): Replica | undefined {
    return this.#replica(this.#options.partition.leader)
  }

  #followers(): Replica[] {
    const { leader } = this.#options.partition
    return this.#replicas.filter(({ broker }) => broker !== leader)
  }

  #mayLead({ broker, online }: Replica): boolean {
    return online && this.#inSync.mayLead(broker)
  }

  #elect(): void {
    const { partition, mayElectUnclean } = this.#options
    const replicas = this.#replicas
    const former = partition.leader
    const clean = replicas.find((each) => this.#mayLead(each))
    if (clean !== undefined) {
      this.#inSync.elected(clean.broker, former)
      return this.#lead(clean)
    }
    const live = replicas.filter(({ online }) => online)
    const last = live.find(({ broker }) => this.#inSync.mayLeadAtLast(broker))
    const any = last ?? (mayElectUnclean() ? live[0] : undefined)
    if (any !== undefined) {
      this.#inSync.electedUncleanly(any.broker)
      return this.#lead(any)
    }
    this.#inSync.elected(null, former)
    if (former !== null) this.#lead(null)
  }

  /** The leader, where it does not hear of what becomes of it, goes on as it is. Before its in-sync replicas change. */
  #depose(): void {
    const { host } = this.#options
    const leader = this.#leader()
    if (leader === undefined || !leader.online || !host.isStale(leader.broker)) return
    this.#deposed ??= new Map()
    if (this.#deposed.has(leader.broker)) return
    const deposed = new DeposedLeader(leader, {
      assigned: this.assigned,
      inSync: this.inSync,
      tooFew: this.tooFew,
      epochStart: this.#epochStart,
      waiters: this.#waiters,
      nowMs: () => host.clock.nowMs(),
    })
    this.#deposed.set(leader.broker, deposed)
    this.#waiters = new ReplicationWaiters()
  }

  /** Who was deposed and leads again goes on; it has to be told of nothing. */
  #reinstate(replica: Replica): boolean {
    const deposed = this.#deposed?.get(replica.broker)
    this.#deposed?.delete(replica.broker)
    deposed?.end('NOT_LEADER_OR_FOLLOWER')
    return deposed !== undefined
  }

  #lead(replica: Replica | null, turn: 'first' | 'next' = 'next'): void {
    const { partition, host, moved } = this.#options
    const stays = replica !== null && replica.broker === partition.leader
    if (turn === 'next') {
      this.#depose()
      for (const each of this.#replicas) each.unaware = host.isStale(each.broker)
      if (replica !== null && this.#reinstate(replica)) replica.unaware = false
      this.#epoch += 1
    }
    const before = partition.log
    const deposed = this.#deposed?.get(partition.leader ?? -1) ?? null
    before.onStored = null
    partition.leader = replica?.broker ?? null
    if (replica === null) partition.log.leaderEpoch = this.#epoch
    else {
      partition.log = replica.log
      partition.producers = replica.producers
      replica.log.leaderEpoch = this.#epoch
      replica.log.onStored = () => this.#grown(replica)
      this.#epochStart = replica.log.endOffset
      this.#end = this.#epochStart
      this.#compare(replica.log)
    }
    for (const each of this.#replicas) {
      this.#rest(each)
      each.acknowledged = null
      each.caughtUpMs = host.clock.nowMs()
    }
    deposed?.begin()
    if (turn === 'next') moved(deposed)
    host.leaderBalance.changed(this)
    if (!stays) this.#waiters.fail('NOT_LEADER_OR_FOLLOWER')
    for (const each of this.#followers()) {
      if (turn === 'next') this.#fetch(each)
      else this.#startsEqual(each)
    }
    this.#advance()
    this.#watchLag()
    before.wake()
    for (const { log } of this.#replicas) if (log !== before) log.wake()
  }

  /** Tells where the log of the new leader parts from what all leaders wrote. */
  #compare(log: PartitionLog): void {
    const { rewritten } = this.#options
    const common = partingOf(this.#written, { epochs: log.epochs, end: log.endOffset })
    const { end } = this.#written
    this.#written = { epochs: log.epochs, end: log.endOffset }
    if (common === end && common === log.endOffset) return
    const uncommittedFrom = this.#committed < common ? common : this.#committed
    if (common < this.#committed) this.#committed = common
    rewritten?.({
      offset: common,
      back: common < log.endOffset ? log.from(common) : [],
      uncommittedFrom: uncommittedFrom < end ? uncommittedFrom : null,
    })
  }

  /** Nothing has been written yet: all have it. */
  #startsEqual(replica: Replica): void {
    replica.acknowledged = replica.log.endOffset
    replica.followedEpoch = this.#epoch
  }

  /** The leader's log has grown. */
  #grown(leader: Replica): void {
    const nowMs = this.#options.host.clock.nowMs()
    leader.wrote(nowMs)
    for (const follower of this.#followers()) {
      // One that goes on fetching had everything until now.
      if (follower.acknowledged === this.#end && !follower.isolated) follower.caughtUpMs = nowMs
      this.#fetch(follower)
    }
    this.#end = leader.log.endOffset
    this.#written = { epochs: leader.log.epochs, end: this.#end }
    this.#advance()
    this.#watchLag()
  }

  #later(action: () => void): { cancel(): void } {
    const { host, random } = this.#options
    const { settings, clock } = host
    const least = settings['onceover.replication.min.ms']
    return clock.after(
      random.between(least, Math.max(least, settings['onceover.replication.max.ms'])),
      action,
    )
  }

  /** The answer to the follower's fetch is on its way; a parked one is answered. */
  #fetch(follower: Replica): void {
    if (!follower.fetches || !this.isLed) return
    if (follower.underway !== null && !this.#parked.delete(follower)) return
    this.#rest(follower)
    follower.underway = this.#later(() => this.#fetched(follower))
  }

  /** The follower writes what it was sent, and asks for more. */
  #fetched(follower: Replica): void {
    follower.underway = null
    const leader = this.#leader()
    if (leader === undefined) return
    const { log } = leader
    if (follower.followedEpoch !== this.#epoch) {
      follower.agreeWith(log)
      follower.followedEpoch = this.#epoch
      follower.log.leaderEpoch = this.#epoch
    }
    if (follower.log.endOffset < log.startOffset) follower.log.restartAt(log.startOffset)
    const from = follower.log.endOffset
    if (from < log.endOffset) {
      follower.copy(log.from(from))
      follower.wrote(this.#options.host.clock.nowMs())
    }
    const watermark = follower.log.highWatermark
    follower.log.followWatermark(log.highWatermark)
    if (follower.log.highWatermark > watermark) follower.log.wake()
    follower.log.deleteBefore(log.startOffset)
    follower.underway = this.#later(() => this.#acknowledge(follower))
  }

  /** The follower's next fetch tells the leader how far it is. */
  #acknowledge(follower: Replica): void {
    follower.underway = null
    const leader = this.#leader()
    if (leader === undefined) return
    const { clock, settings } = this.#options.host
    follower.acknowledged = follower.log.endOffset
    const behind = follower.acknowledged < leader.log.endOffset
    if (!behind) follower.caughtUpMs = clock.nowMs()
    const { highWatermark } = leader.log
    const caughtUp = follower.acknowledged >= highWatermark && follower.acknowledged >= this.#epochStart
    if (caughtUp && follower.online) this.#inSync.add(follower.broker)
    const epoch = this.#epoch
    this.#completeReassignment()
    // All fetch anew.
    if (this.#epoch !== epoch || !this.#replicas.includes(follower)) return
    this.#advance()
    if (behind) this.#fetch(follower)
    else this.#park(follower, settings['replica.fetch.wait.max.ms'])
  }

  /** With nothing to send but a high watermark, the answer waits; without that, until something is written. */
  #park(follower: Replica, waitMs: number): void {
    const leader = this.#leader()
    if (leader === undefined || follower.underway !== null || !follower.fetches) return
    if (follower.log.highWatermark >= leader.log.highWatermark) return
    this.#parked.add(follower)
    follower.underway = this.#options.host.clock.after(waitMs, () => {
      this.#parked.delete(follower)
      this.#fetched(follower)
    })
  }

  #advance(): void {
    const leader = this.#leader()
    if (leader === undefined) return
    const { log } = leader
    let least = log.endOffset
    for (const broker of this.#inSync.members) {
      if (broker === leader.broker) continue
      const acknowledged = this.#replica(broker)?.acknowledged ?? null
      if (acknowledged === null) return this.#answer()
      if (acknowledged < least) least = acknowledged
    }
    if (!this.tooFew && least > log.highWatermark) {
      log.followWatermark(least)
      if (least > this.#committed) this.#committed = least
      const waitMs = this.#options.host.settings['replica.fetch.wait.max.ms']
      for (const follower of this.#followers()) this.#park(follower, waitMs)
      log.wake()
    }
    this.#answer()
  }

  #answer(): void {
    this.#waiters.reached(this.#options.partition.log.highWatermark, () => this.tooFew)
  }

  #isBehind({ broker, acknowledged }: Replica): boolean {
    if (!this.#inSync.members.has(broker)) return false
    return acknowledged === null || acknowledged < this.#options.partition.log.endOffset
  }

  /** Looks once a replica may have been behind for `replica.lag.time.max.ms`. */
  #watchLag(): void {
    const { host, partition } = this.#options
    if (this.#lagCheck !== null || partition.leader === null) return
    const behind = this.#followers().filter((each) => this.#isBehind(each))
    if (behind.length === 0) return
    const dueMs = Math.min(...behind.map(({ caughtUpMs }) => caughtUpMs))
    const lagMs = host.settings['replica.lag.time.max.ms']
    const delayMs = Math.max(0, dueMs + lagMs - host.clock.nowMs()) + 1
    this.#lagCheck = host.clock.after(delayMs, () => {
      this.#lagCheck = null
      const late = this.#followers().filter(
        (each) => this.#isBehind(each) && host.clock.nowMs() - each.caughtUpMs > lagMs,
      )
      if (late.length > 0) this.#inSync.remove(late.map(({ broker }) => broker))
      this.#advance()
      this.#watchLag()
    })
  }
}
