import type { PartitionLog } from '../log/partition-log.ts'
import type { DeposedLeader } from './deposed-leader.ts'
import { FollowerFetching } from './follower-fetching.ts'
import { HighWatermark } from './high-watermark.ts'
import { LagCheck } from './lag-check.ts'
import { Leadership } from './leadership.ts'
import type { ReplicasOptions } from './partition-replicas.interface.ts'
import type { Placement } from './reassignment.ts'
import type { Replica } from './replica.ts'
import { ReplicaMoves } from './replica-moves.ts'
import { ReplicaSet } from './replica-set.ts'
import { WrittenLog } from './written-log.ts'

/**
 * The replicas of one partition: followers fetch from the leader, the high watermark follows the
 * in-sync replicas, and when the leader goes another one is elected (KAFKA.md L1 to L6). Costs
 * nothing while nothing is written.
 */
export class PartitionReplicas {
  readonly #host: ReplicasOptions['host']
  readonly #set: ReplicaSet
  readonly #written: WrittenLog
  readonly #fetching: FollowerFetching
  readonly #watermark: HighWatermark
  readonly #lag: LagCheck
  readonly #leadership: Leadership
  readonly #moves: ReplicaMoves

  constructor(options: ReplicasOptions) {
    const { host, random, partition, newReplica, mayElectUnclean, rewritten, moved } = options
    this.#host = host
    const set = new ReplicaSet(options)
    const written = new WrittenLog(partition.log)
    const acknowledged = (follower: Replica): boolean => this.#acknowledged(follower)
    const fetching = new FollowerFetching({ host, random, set, acknowledged })
    const watermark = new HighWatermark(set, { fetching, written })
    const lag = new LagCheck(set, { host, watermark })
    const leadership = new Leadership(set, {
      host,
      mayElectUnclean,
      moved,
      ...(rewritten === undefined ? {} : { rewritten }),
      fetching,
      watermark,
      lag,
      written,
    })
    this.#set = set
    this.#written = written
    this.#fetching = fetching
    this.#watermark = watermark
    this.#lag = lag
    this.#leadership = leadership
    this.#moves = new ReplicaMoves(set, {
      host,
      mayElectUnclean,
      ...(newReplica === undefined ? {} : { newReplica }),
      fetching,
      leadership,
    })
    leadership.begin()
  }

  /** Broker ids, the preferred leader first. */
  get assigned(): readonly number[] {
    return this.#set.assigned
  }

  /** Where they are, and where they are going. */
  get placement(): Placement {
    return this.#set.placement
  }

  /** Broker ids, in the order of the assignment. */
  get inSync(): readonly number[] {
    return this.#set.among(this.#set.inSync.members)
  }

  /** Broker ids of those that may lead once none is in sync (KIP-966). */
  get eligible(): readonly number[] {
    return this.#set.among(this.#set.inSync.eligible)
  }

  /** The leader when the last replica dropped out of sync (KIP-966). */
  get lastKnownLeader(): number | null {
    return this.#set.inSync.lastKnownLeader
  }

  get offline(): readonly number[] {
    return this.#set.replicas.filter(({ online }) => !online).map(({ broker }) => broker)
  }

  /** Of all replicas. */
  get logs(): readonly PartitionLog[] {
    return this.#set.replicas.map(({ log }) => log)
  }

  /** Fewer than `min.insync.replicas` are in sync, of as many as there are. */
  get tooFew(): boolean {
    return this.#set.inSync.tooFew
  }

  /**
   * Whether the leader does not know yet how far the log was committed before it led (KIP-207,
   * KAFKA.md L6).
   */
  get watermarkLags(): boolean {
    return this.#set.epochStart > this.#set.partition.log.highWatermark
  }

  /**
   * Followers in sync that have told the leader that they have this offset, and how far they are.
   */
  caughtUpTo(
    offset: bigint,
  ): readonly { readonly broker: number; readonly end: bigint; readonly caughtUpMs: number }[] {
    return this.#set
      .followers()
      .flatMap(({ broker, acknowledged, caughtUpMs, log }) =>
        this.#set.inSync.members.has(broker) &&
        acknowledged !== null &&
        acknowledged >= offset &&
        log.startOffset <= offset
          ? [{ broker, end: acknowledged, caughtUpMs }]
          : [],
      )
  }

  logOf(broker: number): PartitionLog | undefined {
    return this.#set.of(broker)?.log
  }

  /** Whether the partition has a leader that knows of it. */
  get isLed(): boolean {
    return this.#set.isLed
  }

  /** The deposed leadership of this broker, which has not heard of its successor (KAFKA.md C4). */
  deposed(broker: number): DeposedLeader | undefined {
    return this.#leadership.deposed(broker)
  }

  /**
   * Calls back once all in-sync replicas have everything below `offset`: null, or the error of a
   * write that nevertheless stays in the log. At once where they have it already.
   * @returns forgets the callback
   */
  whenReplicated(offset: bigint, done: (error: string | null) => void): () => void {
    return this.#watermark.whenReplicated(offset, done)
  }

  /** Moves the leader to `to`, or to the next in turn, where that one is in sync and up. */
  moveLeader(to?: number): void {
    this.#leadership.move(to)
  }

  /** Elects a leader although it may be behind: what only the others have is lost (KAFKA.md L3). */
  electUnclean(to?: number): void {
    this.#leadership.electUnclean(to)
  }

  /** Replicas move to these brokers: new ones catch up, then the others go (KIP-455). */
  reassign(wanted: readonly number[]): void {
    this.#moves.reassign(wanted)
  }

  /**
   * Gives a move up. @returns whether that needs no unclean election, without which it is not done
   */
  revertReassignment(): boolean {
    return this.#moves.revert()
  }

  /** The replica fetches nothing until it is let again. */
  isolate(broker: number, isolated: boolean): void {
    const replica = this.#set.of(broker)
    if (replica === undefined) return
    replica.isolated = isolated
    if (isolated && replica.acknowledged === this.#written.end) replica.caughtUpMs = this.#host.clock.nowMs()
    if (isolated) this.#fetching.rest(replica)
    else this.#fetching.fetch(replica)
  }

  brokerStopped(broker: number, losesUnflushed: boolean): void {
    const replica = this.#set.of(broker)
    if (replica === undefined || !(replica.online || replica.fenced)) return
    const { clock, settings } = this.#host
    replica.online = false
    replica.fenced = false
    this.#fetching.rest(replica)
    replica.flush(clock.nowMs(), losesUnflushed ? settings['onceover.log.flush.ms'] : 0)
    if (losesUnflushed) replica.loseUnflushed()
    else replica.shutDown()
    this.#goesOnWithout(broker)
  }

  /** The controller counts on the broker no more, which is alive and may not know. */
  brokerFenced(broker: number): void {
    const replica = this.#set.of(broker)
    if (replica === undefined || !replica.online) return
    if (this.#set.partition.leader === broker) this.#leadership.depose()
    replica.online = false
    replica.fenced = true
    this.#goesOnWithout(broker)
  }

  brokerUnfenced(broker: number): void {
    const replica = this.#set.of(broker)
    if (replica === undefined || replica.online) return
    replica.online = true
    replica.fenced = false
    this.#goesOnWith(replica)
  }

  brokerStarted(broker: number): void {
    const replica = this.#set.of(broker)
    if (replica === undefined || replica.online) return
    replica.online = true
    replica.followedEpoch = -1
    this.#set.inSync.isBack(broker)
    this.#goesOnWith(replica)
  }

  /** The broker has heard of all that happened here: it follows, or begins to lead. */
  brokerHears(broker: number): void {
    const replica = this.#set.of(broker)
    if (replica === undefined || !replica.unaware) return
    replica.unaware = false
    this.#leadership.hears(broker)
    if (this.#set.partition.leader !== broker) return this.#fetching.fetch(replica)
    for (const each of this.#set.followers()) this.#fetching.fetch(each)
  }

  /** Cancels what is under way. */
  dispose(): void {
    this.#host.leaderBalance.forget(this.#leadership)
    for (const replica of this.#set.replicas) {
      replica.rest()
      replica.log.onStored = null
      replica.producers.rest()
    }
    this.#lag.cancel()
    this.#watermark.fail('UNKNOWN_TOPIC_OR_PARTITION')
    this.#leadership.dispose()
  }

  #goesOnWithout(broker: number): void {
    this.#set.inSync.remove([broker])
    if (this.#set.partition.leader === broker) this.#leadership.elect()
    else this.#watermark.advance()
  }

  #goesOnWith(replica: Replica): void {
    if (this.#set.partition.leader === null) this.#leadership.elect()
    else this.#fetching.fetch(replica)
  }

  /**
   * The leader has heard how far the follower is. @returns whether it still follows in the same
   * epoch
   */
  #acknowledged(follower: Replica): boolean {
    const { leader, epoch, epochStart, inSync } = this.#set
    const { acknowledged } = follower
    if (leader === undefined || acknowledged === null) return false
    const caughtUp = acknowledged >= leader.log.highWatermark && acknowledged >= epochStart
    if (caughtUp && follower.online) inSync.add(follower.broker)
    this.#moves.complete()
    // All followers fetch from the new leader.
    if (this.#set.epoch !== epoch || !this.#set.replicas.includes(follower)) return false
    this.#watermark.advance()
    return true
  }
}
