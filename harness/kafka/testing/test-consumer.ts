import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import type { ProbeWorld } from '../probe/world.ts'
import type { RequestDraft } from '../wire/index.ts'
import { GROUP } from './harness.ts'

type Heartbeat = RequestDraft<'ConsumerGroupHeartbeat'>
type HeartbeatCall = Call<'ConsumerGroupHeartbeat'>

/**
 * One consumer of the consumer protocol (KIP-848) on a connection of its own; it reports what it
 * was told to own.
 */
export class TestConsumer {
  readonly connection: Line
  readonly group: string
  readonly memberId: string
  epoch = 0
  /** Partition numbers by topic id. */
  owned: ReadonlyMap<string, readonly number[]> = new Map()

  constructor(
    world: ProbeWorld,
    process: string,
    { group = GROUP, broker = 0, memberId = `id-${process}` } = {},
  ) {
    this.connection = world.connect(process, broker)
    this.group = group
    this.memberId = memberId
  }

  call(overrides: Heartbeat = {}, version = 1): HeartbeatCall {
    return this.connection.call('ConsumerGroupHeartbeat', version, {
      groupId: this.group,
      memberId: this.memberId,
      memberEpoch: this.epoch,
      ...overrides,
    })
  }

  /** Joins, and takes over what the answer says. */
  join(overrides: Heartbeat = {}): HeartbeatCall {
    this.owned = new Map()
    return this.#take(
      this.call({
        memberEpoch: 0,
        rebalanceTimeoutMs: 30_000,
        subscribedTopicNames: ['t'],
        topicPartitions: [],
        ...overrides,
      }),
    )
  }

  /** A heartbeat that reports nothing; the answer is taken over. */
  beat(overrides: Heartbeat = {}): HeartbeatCall {
    return this.#take(this.call(overrides))
  }

  /** A heartbeat that reports what it owns. */
  report(overrides: Heartbeat = {}): HeartbeatCall {
    const topicPartitions = [...this.owned].map(([topicId, partitions]) => ({ topicId, partitions }))
    return this.beat({ topicPartitions, ...overrides })
  }

  leave(memberEpoch = -1, overrides: Heartbeat = {}): HeartbeatCall {
    return this.call({ memberEpoch, ...overrides })
  }

  commit(offset: bigint, overrides: RequestDraft<'OffsetCommit'> = {}, version = 9): string {
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }]
    return this.connection
      .call('OffsetCommit', version, {
        groupId: this.group,
        generationIdOrMemberEpoch: this.epoch,
        memberId: this.memberId,
        topics: [{ name: 't', partitions }],
        ...overrides,
      })
      .errors.join()
  }

  /** Its partitions of all topics together, in order. */
  get partitions(): number[] {
    return [...this.owned.values()].flat().sort((a, b) => a - b)
  }

  #take(call: HeartbeatCall): HeartbeatCall {
    if (call.error !== 'NONE') return call
    this.epoch = call.answer.memberEpoch
    const { assignment } = call.answer
    if (assignment !== null)
      this.owned = new Map(assignment.topicPartitions.map(({ topicId, partitions }) => [topicId, partitions]))
    return call
  }
}
