import type { AnswerBody } from '../../kafka/index.ts'
import { asException, isError, KafkaException, refused } from '../errors.ts'
import type { Coordinator } from '../group/coordinator.ts'
import type { Callbacks } from '../group/listener.ts'
import type { ConsumerGroupMetadata, GroupMembership } from '../group/membership.interface.ts'
import type { BrokerNetwork, BrokerNode } from '../net/network.interface.ts'
import { byTopic, keyOf, type TopicPartition } from '../partition.ts'
import type { Patience } from '../patience.ts'
import { Backoff, type Deadline } from '../time.ts'
import { type OffsetToCommit, topicsToCommit } from './offset-to-commit.ts'

export interface GroupOffset extends TopicPartition {
  /** Null: nothing is committed. */
  readonly offset: bigint | null
  readonly leaderEpoch: number
  readonly metadata: string
}

/** @param error null: committed */
export type CommitCallback = (offsets: readonly OffsetToCommit[], error: KafkaException | null) => unknown

export interface CommitParts {
  readonly groupId: string
  readonly network: BrokerNetwork
  readonly coordinator: Coordinator
  /** Null: partitions are assigned by hand, and nobody is a member. */
  membership(): GroupMembership | null
  readonly callbacks: Callbacks
  readonly patience: Patience
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
}

interface AnsweredCommit {
  readonly callback: CommitCallback
  readonly offsets: readonly OffsetToCommit[]
  readonly error: KafkaException | null
}

/** Commits offsets of a group, and reads them. */
export class OffsetCommits {
  readonly #parts: CommitParts
  readonly #done: AnsweredCommit[] = []
  readonly #underway: Set<Promise<void>> = new Set()

  constructor(parts: CommitParts) {
    this.#parts = parts
  }

  /** Tries again what may be tried again, until the deadline. */
  async sync(offsets: readonly OffsetToCommit[], deadline: Deadline): Promise<void> {
    if (offsets.length > 0) await this.#retrying(deadline, 'the offset commit', () => this.#commit(offsets))
    await this.settle(deadline)
  }

  /** Once, and never again; the callback runs in a later call of the consumer. */
  async(offsets: readonly OffsetToCommit[], callback: CommitCallback): void {
    if (offsets.length === 0) {
      // Nothing to commit, which everybody may do.
      this.#done.push({ callback, offsets, error: null })
      return
    }
    try {
      // A former member learns of it in the next call, before that call tells it what it has lost.
      this.#parts.membership()?.committer()
    } catch (error) {
      this.#done.push({ callback, offsets, error: asException(error) })
      return
    }
    const sent = this.#onceFound(() => this.#commit(offsets)).then(
      () => void this.#done.push({ callback, offsets, error: null }),
      (error: unknown) =>
        void this.#done.push({ callback, offsets, error: asAsyncError(asException(error)) }),
    )
    const underway = sent.finally(() => this.#underway.delete(underway))
    this.#underway.add(underway)
  }

  /** Runs the callbacks of commits that are done, in their order. */
  async runCallbacks(): Promise<void> {
    // An answer that has come is on its way here: as in Java its callback runs before the listener
    // hears what was lost by the same answer.
    if (this.#underway.size > 0) await new Promise((resolve) => setImmediate(resolve))
    for (let done = this.#done.shift(); done !== undefined; done = this.#done.shift())
      await this.#parts.callbacks.inside(() => done?.callback(done.offsets, done.error))
  }

  /** Waits for asynchronous commits that were sent before, and runs their callbacks. */
  async settle(deadline: Deadline): Promise<void> {
    if (this.#underway.size > 0)
      await this.#parts.patience.within(Promise.allSettled([...this.#underway]), deadline)
    await this.runCallbacks()
  }

  async fetch(partitions: readonly TopicPartition[], deadline: Deadline): Promise<readonly GroupOffset[]> {
    if (partitions.length === 0) return []
    return this.#retrying(deadline, 'the committed offsets', () => this.fetchOnce(partitions))
  }

  /** One attempt, which needs a coordinator. */
  async fetchOnce(partitions: readonly TopicPartition[]): Promise<readonly GroupOffset[]> {
    const { network, groupId } = this.#parts
    const topics = byTopic(partitions).map(({ topic, partitions: members }) => ({
      name: topic,
      partitionIndexes: members.map(({ partition }) => partition),
    }))
    const broker = this.#broker()
    const by = this.#parts.membership()?.member
    const consumer = by !== undefined && this.#consumerProtocol
    const group = {
      groupId,
      memberId: consumer ? by.memberId : null,
      memberEpoch: consumer ? by.generationId : -1,
      topics,
    }
    const answer = await this.#asking(
      broker,
      network.send(broker, 'OffsetFetch', {
        groupId,
        topics,
        groups: [group],
        requireStable: true,
      }),
    )
    const { errorCode, topics: found } = answer.groups[0] ?? answer
    this.#demand(errorCode, broker)
    return found.flatMap(({ name, partitions: members }) =>
      members.map((each) => this.#committed(name, each)),
    )
  }

  /** Whether requests name the member's epoch (KIP-848). */
  get #consumerProtocol(): boolean {
    return this.#parts.membership()?.protocol === 'consumer'
  }

  #committed(
    topic: string,
    each: AnswerBody<'OffsetFetch'>['topics'][number]['partitions'][number],
  ): GroupOffset {
    const { partitionIndex: partition, errorCode, committedOffset, committedLeaderEpoch, metadata } = each
    if (!isError(errorCode, 'NONE')) throw refused(errorCode, `the committed offset of ${topic}-${partition}`)
    const offset = committedOffset < 0n ? null : committedOffset
    return { topic, partition, offset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' }
  }

  async #commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    const { network, groupId } = this.#parts
    const membership = this.#parts.membership()
    const by: ConsumerGroupMetadata = membership?.committer() ?? {
      groupId,
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
    }
    const broker = this.#broker()
    const answer = await this.#asking(
      broker,
      network.send(broker, 'OffsetCommit', {
        groupId,
        generationIdOrMemberEpoch: by.generationId,
        memberId: by.memberId,
        groupInstanceId: by.groupInstanceId,
        topics: topicsToCommit(offsets),
      }),
    )
    for (const { name, partitions } of answer.topics)
      for (const { partitionIndex, errorCode } of partitions)
        this.#demandCommitted(errorCode, { topic: name, partition: partitionIndex }, by, broker)
  }

  #demandCommitted(code: number, at: TopicPartition, by: ConsumerGroupMetadata, broker: BrokerNode): void {
    if (isError(code, 'NONE')) return
    const { coordinator } = this.#parts
    if (isError(code, 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', 'REQUEST_TIMED_OUT'))
      coordinator.forget(broker)
    const membership = this.#parts.membership()
    const ofMember = isError(
      code,
      'UNKNOWN_MEMBER_ID',
      'ILLEGAL_GENERATION',
      'REBALANCE_IN_PROGRESS',
      'FENCED_INSTANCE_ID',
      'STALE_MEMBER_EPOCH',
    )
    if (ofMember && membership !== null) throw membership.commitRefused(code, by)
    if (ofMember)
      throw new KafkaException(
        'CommitFailedException',
        `the group '${by.groupId}' has members: only they may commit`,
      )
    throw refused(code, `the commit of ${keyOf(at)}`)
  }

  #demand(code: number, broker: BrokerNode): void {
    if (isError(code, 'NONE')) return
    if (isError(code, 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR')) this.#parts.coordinator.forget(broker)
    throw refused(code, `the committed offsets of group '${this.#parts.groupId}'`)
  }

  /** No answer: the coordinator may be gone. */
  async #asking<Answer>(broker: BrokerNode, sent: Promise<Answer>): Promise<Answer> {
    try {
      return await sent
    } catch (error) {
      this.#parts.coordinator.forget(broker)
      throw error
    }
  }

  #broker(): BrokerNode {
    const { broker } = this.#parts.coordinator
    if (broker === null)
      throw new KafkaException('KafkaException', 'the coordinator is not available', {
        error: 'COORDINATOR_NOT_AVAILABLE',
        retriable: true,
      })
    return broker
  }

  async #onceFound<Result>(ask: () => Promise<Result>): Promise<Result> {
    const { coordinator } = this.#parts
    if (coordinator.broker === null) await coordinator.find()
    return ask()
  }

  async #retrying<Result>(deadline: Deadline, what: string, ask: () => Promise<Result>): Promise<Result> {
    const { patience, retryBackoffMs, retryBackoffMaxMs } = this.#parts
    const backoff = new Backoff(retryBackoffMs, retryBackoffMaxMs)
    for (;;) {
      try {
        return await patience.within(this.#onceFound(ask), deadline, what)
      } catch (error) {
        if (!(error instanceof KafkaException) || !error.retriable || deadline.passed) throw error
      }
      await patience.pause(backoff.failed(), deadline, what)
    }
  }
}

/** As in Java: the caller is told that it may be tried again, and has to do it. */
function asAsyncError(error: KafkaException): KafkaException {
  if (!error.retriable) return error
  return new KafkaException(
    'RetriableCommitFailedException',
    'Offset commit failed with a retriable exception. You should retry committing the latest consumed offsets.',
    { error: error.error ?? undefined, retriable: true, cause: error },
  )
}
