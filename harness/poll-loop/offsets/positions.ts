import { asException, isRetriable, KafkaException } from '../errors.ts'
import { keyOf } from '../partition.ts'
import type { ResetPolicy } from '../settings/consumer-settings.ts'
import type { AssignedPartition, PositionTarget, SubscriptionState } from '../subscription.ts'
import { type Bell, nowMs } from '../time.ts'
import type { OffsetCommits } from './commits.ts'
import type { ListOffsets } from './list-offsets.ts'

export interface PositionParts {
  readonly subscription: SubscriptionState
  /** Null: there is no group. */
  readonly commits: OffsetCommits | null
  readonly listOffsets: ListOffsets
  readonly policy: ResetPolicy
  readonly retryBackoffMs: number
  readonly bell: Bell
  coordinatorKnown(): boolean
}

/**
 * Finds out where partitions are to be read that have no position yet: at their committed offsets,
 * else where the reset policy says.
 */
export class Positions {
  readonly #parts: PositionParts
  #committing = false
  #failure: KafkaException | null = null
  readonly #listing: Set<string> = new Set()

  constructor(parts: PositionParts) {
    this.#parts = parts
  }

  /**
   * Starts what is to be asked. @returns whether all assigned partitions have positions.
   * @throws KafkaException `NoOffsetForPartitionException`, or what a broker refused
   */
  step(): boolean {
    const failure = this.#failure
    this.#failure = null
    if (failure !== null) throw failure
    const { subscription, commits } = this.#parts
    const missing = subscription.assigned.filter(({ position }) => position === null)
    if (missing.length === 0) return true
    const unasked = missing.filter(({ target }) => target === null)
    if (unasked.length > 0) {
      if (commits === null) this.#reset(unasked)
      else if (!this.#committing && this.#parts.coordinatorKnown())
        void this.#fetchCommitted(commits, unasked)
    }
    const due = missing.filter(
      (at) => at.target !== null && at.notBeforeMs <= nowMs() && !this.#listing.has(keyOf(at)),
    )
    if (due.length > 0) void this.#list(due)
    return false
  }

  /** Some partition waits for its committed offset. */
  get lookingUp(): boolean {
    const { subscription, commits } = this.#parts
    if (commits === null) return false
    return subscription.assigned.some(({ position, target }) => position === null && target === null)
  }

  /** Out of range, or nothing committed: as `auto.offset.reset` says. @throws for `none` */
  resetToPolicy(at: AssignedPartition): void {
    const target = targetOf(this.#parts.policy)
    if (target === null) throw noOffset([at])
    this.#parts.subscription.seekTo(at, target)
  }

  get hasPolicy(): boolean {
    return this.#parts.policy.to !== 'none'
  }

  #reset(partitions: readonly AssignedPartition[]): void {
    if (!this.hasPolicy) throw noOffset(partitions)
    for (const at of partitions) this.resetToPolicy(at)
  }

  async #fetchCommitted(commits: OffsetCommits, partitions: readonly AssignedPartition[]): Promise<void> {
    const { subscription, bell, retryBackoffMs } = this.#parts
    const turns = new Map(partitions.map((at) => [keyOf(at), at.turn]))
    this.#committing = true
    try {
      const found = await commits.fetchOnce(partitions)
      const none: AssignedPartition[] = []
      for (const { topic, partition, offset, leaderEpoch } of found) {
        const at = subscription.find({ topic, partition })
        if (at === undefined || at.position !== null || at.target !== null) continue
        if (turns.get(keyOf(at)) !== at.turn) continue
        if (offset === null) none.push(at)
        else subscription.seek(at, { offset, offsetEpoch: leaderEpoch })
      }
      if (none.length > 0) this.#reset(none)
    } catch (error) {
      if (!isRetriable(error)) this.#failure = asException(error)
      else await new Promise((resolve) => setTimeout(resolve, retryBackoffMs))
    } finally {
      this.#committing = false
      bell.ring()
    }
  }

  async #list(partitions: readonly AssignedPartition[]): Promise<void> {
    const { subscription, listOffsets, bell, retryBackoffMs } = this.#parts
    const asked = partitions.map((at) => ({ at, turn: at.turn, target: at.target as PositionTarget }))
    for (const { at } of asked) this.#listing.add(keyOf(at))
    try {
      const questions = asked.map(({ at: { topic, partition }, target }) => ({ topic, partition, target }))
      const found = await listOffsets.once(questions)
      const byKey = new Map(found.map((each) => [keyOf(each), each]))
      for (const { at, turn } of asked) {
        const answer = byKey.get(keyOf(at))
        if (at.turn !== turn || subscription.find(at) !== at) continue
        if (answer === undefined) {
          at.notBeforeMs = nowMs() + retryBackoffMs
          setTimeout(() => bell.ring(), retryBackoffMs)
        } else if (answer.offset === null) subscription.seekTo(at, 'latest')
        else subscription.seek(at, { offset: answer.offset, offsetEpoch: answer.leaderEpoch })
      }
    } catch (error) {
      this.#failure = asException(error)
    } finally {
      for (const { at } of asked) this.#listing.delete(keyOf(at))
      bell.ring()
    }
  }
}

function targetOf(policy: ResetPolicy): PositionTarget | null {
  if (policy.to === 'none') return null
  return policy.to === 'duration' ? { timestamp: BigInt(Math.floor(Date.now() - policy.ms)) } : policy.to
}

function noOffset(partitions: readonly AssignedPartition[]): KafkaException {
  const names = partitions.map(keyOf).join(', ')
  return new KafkaException(
    'NoOffsetForPartitionException',
    `Undefined offset with no reset policy for partitions: [${names}]`,
  )
}
