import { describe, expect, it } from 'vitest'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { read, TestProducer } from '../testing/test-producer.ts'
import { REPLICATED_MS } from '../testing/worlds.ts'

/** Markers have left the coordinator. */
const MARKER_MS = 40
const RETRY_MS = 100
const REQUEST_TIMEOUT_MS = 30_000

interface EndedTransaction {
  readonly world: ProbeWorld
  readonly producer: TestProducer
  /** The leader of t/0. */
  readonly leader: number
  readonly followers: readonly number[]
}

/**
 * A committed transaction with one record in t/0, whose followers have it, and in t/1; no marker is
 * written yet.
 */
function ended(settings: Record<string, number> = {}): EndedTransaction {
  const world = createWorld({
    brokers: 3,
    settings: {
      'default.replication.factor': 3,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      ...settings,
    },
  })
  world.cluster.admin.createTopic('t', { partitions: 2 })
  // Its coordinator is another broker than the leader of t/0.
  const id = ['a', 'b', 'c', 'd'].find((each) => world.cluster.admin.transactionCoordinator(each) !== 0) ?? ''
  const producer = new TestProducer(world, id).init()
  producer.add([0, 1])
  for (const partition of [0, 1]) producer.produce('v', { partition, acks: 1 })
  world.clock.advance(REPLICATED_MS)
  return { world, producer, leader: 0, followers: [1, 2] }
}

function isolate({ world, followers }: EndedTransaction, isolated: boolean): void {
  for (const broker of followers)
    world.cluster.admin.isolateReplica({ topic: 't', partition: 0, broker }, isolated)
}

/** The state, and the partitions that DescribeTransactions shows. */
function described({ producer }: EndedTransaction): string {
  const call = producer.coordinator.call('DescribeTransactions', 0, {
    transactionalIds: [producer.transactionalId],
  })
  const [found] = call.answer.transactionStates
  const topics = found?.topics as { topic: string; partitions: number[] }[]
  return [found?.transactionState, ...topics.map(({ topic, partitions }) => `${topic}/${partitions}`)].join(
    ' ',
  )
}

describe('X3: a marker counts when the replicas of its partition have it', () => {
  it('the transaction is complete when all are replicated; until then those are shown that are not', () => {
    const transaction = ended()
    const { world, producer } = transaction
    isolate(transaction, true)
    producer.end(true)
    expect(described(transaction)).toBe('PrepareCommit t/0,1')
    world.clock.advance(MARKER_MS + REPLICATED_MS)
    expect([world.cluster.admin.logEnd('t', 0), described(transaction)]).toEqual([2n, 'PrepareCommit t/0'])
    expect(producer.tryInit()).toBe('CONCURRENT_TRANSACTIONS')
    isolate(transaction, false)
    world.clock.advance(REPLICATED_MS)
    expect(described(transaction)).toBe('CompleteCommit')
  })

  it('one that its leader loses before that is written again', () => {
    const transaction = ended()
    const { world, producer, leader } = transaction
    isolate(transaction, true)
    producer.end(true)
    world.clock.advance(MARKER_MS)
    isolate(transaction, false)
    world.cluster.admin.crashBroker(leader)
    expect([world.cluster.admin.logEnd('t', 0), described(transaction)]).toEqual([1n, 'PrepareCommit t/0'])
    world.clock.advance(RETRY_MS + REPLICATED_MS)
    expect(described(transaction)).toBe('CompleteCommit')
    expect(read(world).batches).toEqual(['records@0', 'commit@1'])
  })

  it('one that is not replicated in time is written a second time, which changes nothing', () => {
    const transaction = ended({ 'replica.lag.time.max.ms': 2 * REQUEST_TIMEOUT_MS })
    const { world, producer } = transaction
    isolate(transaction, true)
    producer.end(false)
    world.clock.advance(MARKER_MS + REQUEST_TIMEOUT_MS + RETRY_MS)
    expect(world.cluster.admin.logEnd('t', 0)).toBe(3n)
    isolate(transaction, false)
    world.clock.advance(REPLICATED_MS + RETRY_MS)
    expect(described(transaction)).toBe('CompleteAbort')
    expect(read(world).aborted).toEqual([`${producer.producerId}@0`])
  })

  it('none is written where fewer than min.insync.replicas are in sync', () => {
    const transaction = ended()
    const { world, producer, followers } = transaction
    world.connect('admin', 0).call('IncrementalAlterConfigs', 1, {
      resources: [
        {
          resourceType: 2,
          resourceName: 't',
          configs: [{ name: 'min.insync.replicas', configOperation: 0, value: '3' }],
        },
      ],
      validateOnly: false,
    })
    const [follower = 1] = followers.filter(
      (broker) => broker !== world.cluster.admin.transactionCoordinator(producer.transactionalId),
    )
    world.cluster.admin.stopBroker(follower)
    producer.end(true)
    world.clock.advance(MARKER_MS + RETRY_MS)
    expect(world.cluster.admin.logEnd('t', 0)).toBe(1n)
    world.cluster.admin.startBroker(follower)
    world.clock.advance(2 * (RETRY_MS + REPLICATED_MS))
    expect([world.cluster.admin.logEnd('t', 0), described(transaction)]).toEqual([2n, 'CompleteCommit'])
  })
})
