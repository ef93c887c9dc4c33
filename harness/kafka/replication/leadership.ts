import type { Balanced } from '../leader-balance.ts'
import { DeposedLeader } from './deposed-leader.ts'
import type { FollowerFetching } from './follower-fetching.ts'
import type { HighWatermark } from './high-watermark.ts'
import type { LagCheck } from './lag-check.ts'
import type { ReplicasOptions } from './partition-replicas.interface.ts'
import type { Replica } from './replica.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { WrittenLog } from './written-log.ts'

export interface LeadershipOptions
  extends Pick<ReplicasOptions, 'host' | 'mayElectUnclean' | 'rewritten' | 'moved'> {
  readonly fetching: FollowerFetching
  readonly watermark: HighWatermark
  readonly lag: LagCheck
  readonly written: WrittenLog
}

/**
 * The leader of a partition: elections, clean and unclean, the start of a leadership, and deposed
 * leaders that have not heard of its end.
 */
export class Leadership implements Balanced {
  readonly #set: ReplicaSet
  readonly #options: LeadershipOptions
  /** Deposed leaders by broker. Null until there is one. */
  #deposed: Map<number, DeposedLeader> | null = null

  constructor(set: ReplicaSet, options: LeadershipOptions) {
    this.#set = set
    this.#options = options
  }

  /** The first one that is online leads. */
  begin(): void {
    this.#lead(this.#set.replicas.find(({ online }) => online) ?? null, 'first')
  }

  /** The deposed leadership of this broker, which has not heard of its successor (KAFKA.md C4). */
  deposed(broker: number): DeposedLeader | undefined {
    return this.#deposed?.get(broker)
  }

  get isLedByPreferred(): boolean {
    return this.#set.partition.leader === this.#set.assigned[0]
  }

  electPreferred(): void {
    this.move(this.#set.assigned[0])
  }

  /** @see PartitionReplicas.moveLeader */
  move(to?: number): void {
    const { replicas, partition } = this.#set
    const from = replicas.findIndex(({ broker }) => broker === partition.leader)
    const inTurn = [...replicas.slice(from + 1), ...replicas.slice(0, from + 1)]
    const next = inTurn.find((each) => (to === undefined || each.broker === to) && this.#set.mayLead(each))
    if (next !== undefined && next.broker !== partition.leader) this.#lead(next)
  }

  /** @see PartitionReplicas.electUnclean */
  electUnclean(to?: number): void {
    const { replicas, partition, inSync } = this.#set
    const candidates = replicas.filter(
      ({ broker, online }) => online && broker !== partition.leader && (to === undefined || broker === to),
    )
    const least = candidates.reduce(
      (end, { log }) => (log.endOffset < end ? log.endOffset : end),
      candidates[0]?.log.endOffset ?? 0n,
    )
    const next = candidates.find(({ log }) => log.endOffset === least)
    if (next === undefined) return
    this.depose()
    inSync.electedUncleanly(next.broker)
    this.#lead(next)
  }

  /** Elects the first one that may lead, or nobody. */
  elect(): void {
    const { replicas, partition, inSync } = this.#set
    const former = partition.leader
    const clean = replicas.find((each) => this.#set.mayLead(each))
    if (clean !== undefined) {
      inSync.elected(clean.broker, former)
      return this.#lead(clean)
    }
    const live = replicas.filter(({ online }) => online)
    const last = live.find(({ broker }) => inSync.mayLeadAtLast(broker))
    const any = last ?? (this.#options.mayElectUnclean() ? live[0] : undefined)
    if (any !== undefined) {
      inSync.electedUncleanly(any.broker)
      return this.#lead(any)
    }
    inSync.elected(null, former)
    if (former !== null) this.#lead(null)
  }

  /** After replicas have gone the leader begins another epoch, or another one leads. */
  leadOn(): void {
    const { leader } = this.#set
    if (leader !== undefined) this.#lead(leader)
    else this.elect()
  }

  /**
   * The leader, where it does not hear of what becomes of it, goes on as it is. Before its in-sync
   * replicas change.
   */
  depose(): void {
    const { host, watermark } = this.#options
    const { leader, inSync, epochStart } = this.#set
    if (leader === undefined || !leader.online || !host.isStale(leader.broker)) return
    this.#deposed ??= new Map()
    if (this.#deposed.has(leader.broker)) return
    const deposed = new DeposedLeader(leader, {
      inSync: this.#set.among(inSync.members),
      tooFew: inSync.tooFew,
      epochStart,
      waiters: watermark.handOver(),
      nowMs: () => host.clock.nowMs(),
    })
    this.#deposed.set(leader.broker, deposed)
  }

  /** The broker has heard of its successor, if it has one. */
  hears(broker: number): void {
    this.#deposed?.get(broker)?.end('NOT_LEADER_OR_FOLLOWER')
    this.#deposed?.delete(broker)
  }

  /** The partition is gone. */
  dispose(): void {
    for (const deposed of this.#deposed?.values() ?? []) deposed.end('UNKNOWN_TOPIC_OR_PARTITION')
  }

  /** A deposed leader that leads again goes on, and need not be told. */
  #reinstate(replica: Replica): boolean {
    const deposed = this.#deposed?.get(replica.broker)
    this.#deposed?.delete(replica.broker)
    deposed?.end('NOT_LEADER_OR_FOLLOWER')
    return deposed !== undefined
  }

  #lead(replica: Replica | null, turn: 'first' | 'next' = 'next'): void {
    const { host, moved, fetching, watermark, lag } = this.#options
    const set = this.#set
    const { partition } = set
    const stays = replica !== null && replica.broker === partition.leader
    if (turn === 'next') {
      this.depose()
      for (const each of set.replicas) each.unaware = host.isStale(each.broker)
      if (replica !== null && this.#reinstate(replica)) replica.unaware = false
      set.epoch += 1
    }
    const before = partition.log
    const deposed = this.#deposed?.get(partition.leader ?? -1) ?? null
    before.onStored = null
    partition.leader = replica?.broker ?? null
    if (replica === null) partition.log.leaderEpoch = set.epoch
    else this.#hand(replica)
    for (const each of set.replicas) {
      fetching.rest(each)
      each.acknowledged = null
      each.caughtUpMs = host.clock.nowMs()
    }
    deposed?.begin()
    if (turn === 'next') moved(deposed)
    host.leaderBalance.changed(this)
    if (!stays) watermark.fail('NOT_LEADER_OR_FOLLOWER')
    for (const each of set.followers()) {
      if (turn === 'next') fetching.fetch(each)
      else this.#startsEqual(each)
    }
    watermark.advance()
    lag.watch()
    before.wake()
    for (const { log } of set.replicas) if (log !== before) log.wake()
  }

  /** The partition's log is the leader's; tells where it parts from what all leaders wrote. */
  #hand(leader: Replica): void {
    const { partition, epoch } = this.#set
    partition.log = leader.log
    partition.producers = leader.producers
    leader.log.leaderEpoch = epoch
    const onStored = (): void => this.#grown(leader)
    leader.log.onStored = onStored
    this.#set.epochStart = leader.log.endOffset
    const rewriting = this.#options.written.replacedBy(leader.log)
    if (rewriting !== null) this.#options.rewritten?.(rewriting)
  }

  /** The log is empty: every replica has all of it. */
  #startsEqual(replica: Replica): void {
    replica.acknowledged = replica.log.endOffset
    replica.followedEpoch = this.#set.epoch
  }

  /** The leader's log has grown. */
  #grown(leader: Replica): void {
    const { host, written, fetching, watermark, lag } = this.#options
    const nowMs = host.clock.nowMs()
    leader.wrote(nowMs)
    for (const follower of this.#set.followers()) {
      // One that goes on fetching had everything until now.
      if (follower.acknowledged === written.end && !follower.isolated) follower.caughtUpMs = nowMs
      fetching.fetch(follower)
    }
    written.grown(leader.log)
    watermark.advance()
    lag.watch()
  }
}
