import { describe, expect, it } from 'vitest'
import type { ProbeWorld } from '../probe/world.ts'
import { GROUP, produce, stabilize, TestMember } from '../testing/harness.ts'
import { read, TestProducer } from '../testing/test-producer.ts'
import { LOAD_MS, oneCopy } from '../testing/worlds.ts'
import type { AnswerBody, RequestDraft } from '../wire/index.ts'

const MARKER_MS = 40
const DAY_MS = 86_400_000
/** Kafka looks for expired offsets so often. */
const CHECK_MS = 600_000

function phases(world: ProbeWorld): string[] {
  return world.observations.flatMap((each) =>
    each.kind === 'transaction' ? [`${each.phase} ${each.producerEpoch}`] : [],
  )
}

function listed(world: ProbeWorld, isolationLevel: number): unknown {
  const broker = world.cluster.admin.leader('t', 0) ?? 0
  const call = world.connect('reader', broker).call('ListOffsets', 4, {
    isolationLevel,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
  })
  const [topic] = call.answer.topics
  return topic?.partitions[0]?.offset
}

function offsetFetched(world: ProbeWorld, requireStable: boolean): { offset: unknown; errors: string[] } {
  const broker = world.cluster.admin.coordinator(GROUP) ?? 0
  const call = world.connect('reader', broker).call('OffsetFetch', 7, {
    groupId: GROUP,
    topics: [{ name: 't', partitionIndexes: [0] }],
    requireStable,
  })
  const [topic] = call.answer.topics
  return { offset: topic?.partitions[0]?.committedOffset, errors: call.errors }
}

describe('X1: InitProducerId', () => {
  it('the first one gives an id with epoch 0, each further one raises the epoch', () => {
    const world = oneCopy({ brokers: 3 })
    const first = new TestProducer(world, 'a').init()
    expect(first.producerEpoch).toBe(0)
    const second = new TestProducer(world, 'a').init()
    expect([second.producerId, second.producerEpoch]).toEqual([first.producerId, 1])
    expect(phases(world)).toEqual(['initialised 0', 'initialised 1'])
  })

  it('fences, aborts what was open, answers CONCURRENT_TRANSACTIONS until it has ended, then bumps again', () => {
    const world = oneCopy({ brokers: 3 })
    const zombie = new TestProducer(world, 'a').init()
    expect([zombie.add(), zombie.produce('z')]).toEqual(['NONE', 'NONE'])
    const next = new TestProducer(world, 'a')
    expect(next.tryInit()).toBe('CONCURRENT_TRANSACTIONS')
    expect(world.cluster.admin.transaction('a')?.state).toBe('PrepareAbort')
    expect(next.tryInit()).toBe('CONCURRENT_TRANSACTIONS')
    world.clock.advance(MARKER_MS)
    expect(world.cluster.admin.transaction('a')?.state).toBe('CompleteAbort')
    expect(next.tryInit()).toBe('NONE')
    expect(phases(world)).toEqual([
      'initialised 0',
      'began 0',
      'fenced 1',
      'prepare-abort 1',
      'aborted 1',
      'initialised 2',
    ])
    // The zombie's record is not handed over to its successor.
    expect([next.add(), next.produce('n'), next.end(true)]).toEqual(['NONE', 'NONE', 'NONE'])
    world.clock.advance(MARKER_MS)
    expect(read(world)).toMatchObject({
      batches: ['records@0', 'abort@1', 'records@2', 'commit@3'],
      aborted: [`${zombie.producerId}@0`],
    })
  })

  it('I3: what the zombie does afterwards is refused, everywhere', () => {
    const world = oneCopy({ brokers: 3 })
    const zombie = new TestProducer(world, 'a').init()
    zombie.add()
    zombie.produce('z')
    new TestProducer(world, 'a').init()
    expect(zombie.produce('z')).toBe('INVALID_PRODUCER_EPOCH')
    expect(zombie.produce('z', { partition: 1 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(zombie.add([1])).toBe('INVALID_PRODUCER_EPOCH')
    expect(zombie.addOffsets()).toBe('INVALID_PRODUCER_EPOCH')
    expect(zombie.commitOffset(1n)).toBe('INVALID_PRODUCER_EPOCH')
    expect(zombie.end(true)).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('a timeout that brokers do not allow is INVALID_TRANSACTION_TIMEOUT, an empty id INVALID_REQUEST', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a')
    expect(producer.tryInit({ transactionTimeoutMs: 900_001 })).toBe('INVALID_TRANSACTION_TIMEOUT')
    expect(producer.tryInit({ transactionTimeoutMs: 0 })).toBe('INVALID_TRANSACTION_TIMEOUT')
    expect(producer.tryInit({ transactionalId: '' })).toBe('INVALID_REQUEST')
  })

  it('KIP-360: who names its epoch may raise it, and again where the answer was lost; nobody older may', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', { init: 4 }).init()
    const { producerId } = producer
    expect(producer.tryInit({ producerId, producerEpoch: 0 })).toBe('NONE')
    expect(producer.tryInit({ producerId, producerEpoch: 0 })).toBe('NONE')
    expect(producer.producerEpoch).toBe(1)
    expect(producer.tryInit({ producerId, producerEpoch: 1 })).toBe('NONE')
    expect(producer.tryInit({ producerId, producerEpoch: 0 })).toBe('PRODUCER_FENCED')
    expect(producer.tryInit({ producerId: producerId + 1n, producerEpoch: 2 })).toBe('PRODUCER_FENCED')
    expect(producer.tryInit({ producerId, producerEpoch: -1 })).toBe('INVALID_REQUEST')
  })
})

describe('X2: errors', () => {
  it('PRODUCER_FENCED goes by its old name in old versions', () => {
    const errors = (versions: { add: number; end: number; init: number }): string[] => {
      const world = oneCopy({ brokers: 3 })
      const zombie = new TestProducer(world, 'a', versions).init()
      new TestProducer(world, 'a').init()
      const { producerId } = zombie
      return [
        zombie.add(),
        zombie.addOffsets(),
        zombie.end(true),
        versions.init < 3 ? '' : zombie.tryInit({ producerId: producerId + 1n, producerEpoch: 0 }),
      ]
    }
    const old = 'INVALID_PRODUCER_EPOCH'
    expect(errors({ add: 1, end: 1, init: 1 })).toEqual([old, old, old, ''])
    expect(errors({ add: 1, end: 1, init: 3 })).toEqual([old, old, old, old])
    const now = 'PRODUCER_FENCED'
    expect(errors({ add: 2, end: 2, init: 4 })).toEqual([now, now, now, now])
    expect(errors({ add: 3, end: 4, init: 5 })).toEqual([now, now, now, now])
  })

  it('an id that nobody initialised, or another producer id, is INVALID_PRODUCER_ID_MAPPING', () => {
    const world = oneCopy({ brokers: 3 })
    const stranger = new TestProducer(world, 'a')
    const mapping = 'INVALID_PRODUCER_ID_MAPPING'
    expect([stranger.add(), stranger.addOffsets(), stranger.end(true)]).toEqual([mapping, mapping, mapping])
    const producer = new TestProducer(world, 'a').init()
    producer.producerId += 1n
    expect([producer.add(), producer.addOffsets(), producer.end(true)]).toEqual([mapping, mapping, mapping])
  })

  it('until the markers are written all is CONCURRENT_TRANSACTIONS, the other outcome, too', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    expect(producer.end(true)).toBe('INVALID_TXN_STATE')
    producer.add()
    producer.produce('v')
    expect(producer.end(true)).toBe('NONE')
    const concurrent = 'CONCURRENT_TRANSACTIONS'
    expect([producer.add(), producer.addOffsets(), producer.end(true)]).toEqual([
      concurrent,
      concurrent,
      concurrent,
    ])
    expect(producer.end(false)).toBe(concurrent)
    world.clock.advance(MARKER_MS)
    expect([producer.end(true), producer.end(false)]).toEqual(['NONE', 'INVALID_TXN_STATE'])
    expect(producer.add()).toBe('NONE')
  })

  it('while a change is on its way into the log all is CONCURRENT_TRANSACTIONS', () => {
    const world = oneCopy({ brokers: 3, settings: { 'onceover.transaction.append.ms': 50 } })
    const producer = new TestProducer(world, 'a')
    const first = producer.coordinator.call('InitProducerId', 1, {
      transactionalId: 'a',
      transactionTimeoutMs: 60_000,
    })
    expect(first.pending).toBe(true)
    expect(producer.tryInit()).toBe('CONCURRENT_TRANSACTIONS')
    world.clock.advance(50)
    expect(first.error).toBe('NONE')
  })

  it('a partition that is not there: nothing is added', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    expect(producer.add([0, 9])).toBe('OPERATION_NOT_ATTEMPTED,UNKNOWN_TOPIC_OR_PARTITION')
    expect(world.cluster.admin.transaction('a')?.state).toBe('Empty')
  })

  it('KIP-890: a batch for a partition that was not added is refused', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add([0])
    expect(producer.produce('v', { partition: 1 })).toBe('INVALID_TXN_STATE')
    expect(producer.produce('v')).toBe('NONE')
    producer.end(true)
    world.clock.advance(MARKER_MS)
    expect(producer.produce('late')).toBe('INVALID_TXN_STATE')
    expect(world.cluster.admin.logEnd('t', 0)).toBe(2n)
  })

  it('another broker than the coordinator is NOT_COORDINATOR', () => {
    const world = oneCopy({ brokers: 3 })
    const { admin } = world.cluster
    const right = admin.transactionCoordinator('a') ?? 0
    const wrong = world.connect('p', (right + 1) % 3)
    const body = { transactionalId: 'a', transactionTimeoutMs: 1_000 }
    expect(wrong.call('InitProducerId', 1, body).error).toBe('NOT_COORDINATOR')
    const found = wrong.call('FindCoordinator', 1, { key: 'a', keyType: 1 })
    expect(found.answer.nodeId).toBe(right)
    const spread = new Set(['a', 'b', 'c', 'd', 'e'].map((id) => admin.transactionCoordinator(id)))
    expect(spread.size).toBeGreaterThan(1)
  })
})

describe('X3: markers', () => {
  it('each partition is decided in its own time', () => {
    const world = oneCopy({ brokers: 3, settings: { 'onceover.transaction.marker.max.ms': 1_000 } })
    const producer = new TestProducer(world, 'a').init()
    producer.add([0, 1, 2])
    for (const partition of [0, 1, 2]) producer.produce('v', { partition })
    expect(producer.end(true)).toBe('NONE')
    const stable = (): bigint[] => [0, 1, 2].map((each) => world.cluster.admin.lastStableOffset('t', each))
    expect(stable()).toEqual([0n, 0n, 0n])
    const seen = new Set<string>()
    for (let ms = 0; ms < 1_000; ms += 1) {
      world.clock.advance(1)
      seen.add(stable().join())
    }
    expect(seen.size).toBe(4)
    expect(stable()).toEqual([2n, 2n, 2n])
    expect(phases(world).at(-1)).toBe('committed 0')
  })

  it('a marker waits for a leader; a deleted topic needs none', () => {
    const world = oneCopy({ brokers: 1 })
    const { admin } = world.cluster
    const producer = new TestProducer(world, 'a').init()
    producer.add([0])
    producer.produce('v')
    producer.end(true)
    admin.stopBroker(0)
    world.clock.advance(1_000)
    expect(admin.logEnd('t', 0)).toBe(1n)
    admin.startBroker(0)
    world.clock.advance(LOAD_MS + MARKER_MS)
    expect(admin.transaction('a')?.state).toBe('CompleteCommit')
    producer.add([0])
    producer.produce('w')
    producer.end(true)
    world.connect('x').call('DeleteTopics', 1, { topicNames: ['t'], timeoutMs: 1_000 })
    world.clock.advance(MARKER_MS)
    expect(admin.transaction('a')?.state).toBe('CompleteCommit')
  })
})

describe('X4: the timeout', () => {
  it('an open transaction is aborted at the next check, and its producer is fenced', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', { end: 2 }).init({ transactionTimeoutMs: 1_000 })
    producer.add()
    producer.produce('v')
    world.clock.advance(9_999)
    expect(world.cluster.admin.transaction('a')?.state).toBe('Ongoing')
    world.clock.advance(1 + MARKER_MS)
    expect(world.cluster.admin.transaction('a')?.state).toBe('CompleteAbort')
    expect([producer.produce('w'), producer.end(true)]).toEqual(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'])
    expect(phases(world).slice(-3)).toEqual(['fenced 1', 'prepare-abort 1', 'aborted 1'])
  })

  it('one that ended in time is left alone, and the next one has its own time', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init({ transactionTimeoutMs: 10_000 })
    producer.add()
    world.clock.advance(9_000)
    producer.end(false)
    world.clock.advance(MARKER_MS)
    producer.add()
    producer.produce('v')
    world.clock.advance(10_900)
    expect(producer.end(true)).toBe('NONE')
    expect(phases(world)).not.toContain('fenced 1')
  })
})

describe('X5, X6: readers', () => {
  it('the last stable offset is where the oldest open transaction began', () => {
    const world = oneCopy({ brokers: 3 })
    const [a, b] = ['a', 'b'].map((id) => new TestProducer(world, id).init()) as [TestProducer, TestProducer]
    for (const producer of [a, b]) producer.add()
    b.produce('b0')
    a.produce('a1')
    b.produce('b2')
    expect(read(world)).toEqual({ batches: [], aborted: [], lastStable: 0n, highWatermark: 3n })
    expect(read(world, { committed: false }).batches).toHaveLength(3)
    expect([listed(world, 1), listed(world, 0)]).toEqual([0n, 3n])
    b.end(true)
    world.clock.advance(MARKER_MS)
    expect(read(world)).toMatchObject({ batches: ['records@0'], lastStable: 1n })
    a.end(false)
    world.clock.advance(MARKER_MS)
    expect(read(world)).toEqual({
      batches: ['records@0', 'records@1', 'records@2', 'commit@3', 'abort@4'],
      aborted: [`${a.producerId}@1`],
      lastStable: 5n,
      highWatermark: 5n,
    })
    expect([listed(world, 1), listed(world, 0)]).toEqual([5n, 5n])
  })

  it('aborted transactions come in the order of their markers, those only that overlap what is read', () => {
    const world = oneCopy({ brokers: 3 })
    const [a, b, c] = ['a', 'b', 'c'].map((id) => new TestProducer(world, id).init()) as [
      TestProducer,
      TestProducer,
      TestProducer,
    ]
    for (const producer of [a, b]) {
      producer.add()
      producer.produce('v')
    }
    for (const producer of [b, a]) {
      producer.end(false)
      world.clock.advance(MARKER_MS)
    }
    c.add()
    c.produce('v')
    c.end(false)
    world.clock.advance(MARKER_MS)
    const [pa, pb, pc] = [a, b, c].map(({ producerId }) => producerId)
    expect(read(world).batches).toHaveLength(6)
    expect(read(world).aborted).toEqual([`${pb}@1`, `${pa}@0`, `${pc}@4`])
    expect(read(world, { offset: 3n }).aborted).toEqual([`${pa}@0`, `${pc}@4`])
    expect(read(world, { offset: 4n }).aborted).toEqual([`${pc}@4`])
    expect(read(world, { offset: 0n, bytes: 1 }).aborted).toEqual([`${pb}@1`, `${pa}@0`, `${pc}@4`])
    expect(read(world, { committed: false }).aborted).toEqual([])
  })

  it('a transaction without records leaves a marker and no entry', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add()
    producer.end(false)
    world.clock.advance(MARKER_MS)
    expect(read(world)).toMatchObject({ batches: ['abort@0'], aborted: [], lastStable: 1n })
  })

  it('L8: the marker wakes who waits under read_committed', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add()
    const call = world.connect('reader', world.cluster.admin.leader('t', 0) ?? 0).call('Fetch', 11, {
      maxWaitMs: 5_000,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: 1,
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }],
      rackId: '',
    })
    producer.produce('v')
    expect(call.pending).toBe(true)
    producer.end(true)
    world.clock.advance(MARKER_MS)
    expect(call.pending).toBe(false)
  })

  it("a record outside of the producer's own open transaction is INVALID_TXN_STATE", () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add()
    producer.produce('v')
    expect(producePlain(world, producer)).toBe('INVALID_TXN_STATE')
  })
})

function producePlain(world: ProbeWorld, { producerId, producerEpoch }: TestProducer): string {
  const broker = world.cluster.admin.leader('t', 0) ?? 0
  const connection = world.connect('p', broker)
  return produce(connection, { producerId, producerEpoch, baseSequence: 1 }).error
}

describe('X7, O9: offsets of a transaction', () => {
  it('are pending until the marker, then visible; requireStable waits for them', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    expect(producer.addOffsets()).toBe('NONE')
    expect(producer.commitOffset(5n)).toBe('NONE')
    const { admin } = world.cluster
    expect(admin.committed(GROUP, 't', 0)).toBe(null)
    expect(offsetFetched(world, false)).toEqual({ offset: -1n, errors: ['NONE', 'NONE'] })
    expect(offsetFetched(world, true)).toEqual({ offset: -1n, errors: ['NONE', 'UNSTABLE_OFFSET_COMMIT'] })
    producer.end(true)
    expect(admin.committed(GROUP, 't', 0)).toBe(null)
    world.clock.advance(MARKER_MS)
    expect(admin.committed(GROUP, 't', 0)).toBe(5n)
    expect(offsetFetched(world, true)).toEqual({ offset: 5n, errors: ['NONE', 'NONE'] })
    expect(world.observations.find(({ kind }) => kind === 'marker')).toMatchObject({
      topic: '__consumer_offsets',
      groups: [GROUP],
    })
  })

  it('O10: hold off the expiry of what was committed before, and of their group', () => {
    const world = oneCopy({
      brokers: 3,
      settings: { 'offsets.retention.minutes': 1, 'transaction.max.timeout.ms': DAY_MS },
    })
    const { admin } = world.cluster
    const producer = new TestProducer(world, 'a').init({ transactionTimeoutMs: DAY_MS })
    producer.addOffsets()
    producer.commitOffset(5n)
    producer.end(true)
    world.clock.advance(MARKER_MS)
    producer.addOffsets()
    producer.commitOffset(6n)
    world.clock.advance(DAY_MS / 2)
    expect(admin.committed(GROUP, 't', 0)).toBe(5n)
    producer.end(false)
    world.clock.advance(MARKER_MS)
    expect(admin.committed(GROUP, 't', 0)).toBe(5n)
    world.clock.advance(CHECK_MS)
    expect([admin.committed(GROUP, 't', 0), admin.groups()]).toEqual([null, []])
  })

  it('O10: a group of which only an aborted transaction knew is deleted', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.addOffsets()
    producer.commitOffset(5n)
    expect(world.cluster.admin.groups()).toEqual([GROUP])
    producer.end(false)
    world.clock.advance(CHECK_MS)
    expect(world.cluster.admin.groups()).toEqual([])
  })

  it.each([
    ['topic', 'DeleteTopics', { topicNames: ['t'] }],
    ['group', 'DeleteGroups', { groupsNames: [GROUP] }],
  ] as const)('O11: go with their %s, though the transaction is committed', (_, api, body) => {
    const world = oneCopy({ brokers: 1 })
    const producer = new TestProducer(world, 'a').init()
    producer.addOffsets()
    producer.commitOffset(5n)
    expect(world.connect().call(api, 1, body).errors).toEqual(['NONE'])
    expect(producer.end(true)).toBe('NONE')
    world.clock.advance(MARKER_MS)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(null)
  })

  it('are dropped by an abort', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.addOffsets()
    producer.commitOffset(5n)
    producer.end(false)
    world.clock.advance(MARKER_MS)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(null)
    expect(offsetFetched(world, true).errors).toEqual(['NONE', 'NONE'])
  })

  it('a plain commit that came later stays, although the marker comes last', () => {
    const world = oneCopy({ brokers: 3 })
    const { admin } = world.cluster
    const broker = admin.coordinator(GROUP) ?? 0
    const producer = new TestProducer(world, 'a').init()
    producer.addOffsets()
    producer.commitOffset(5n)
    const plain = new TestMember(world, 'operator', { broker })
    expect(plain.commit(3n)).toBe('NONE')
    producer.end(true)
    world.clock.advance(MARKER_MS)
    expect(admin.committed(GROUP, 't', 0)).toBe(3n)
    producer.addOffsets()
    producer.commitOffset(9n)
    producer.end(true)
    world.clock.advance(MARKER_MS)
    expect(admin.committed(GROUP, 't', 0)).toBe(9n)
  })

  it('survive a move of the group coordinator, which takes the marker once it has loaded', () => {
    const world = oneCopy({ brokers: 3 })
    const { admin } = world.cluster
    const producer = new TestProducer(world, 'a').init()
    producer.addOffsets()
    producer.commitOffset(5n)
    admin.moveCoordinator(GROUP)
    expect(producer.commitOffset(6n)).toBe('COORDINATOR_NOT_AVAILABLE')
    producer.end(true)
    world.clock.advance(LOAD_MS - 1)
    expect(admin.committed(GROUP, 't', 0)).toBe(null)
    world.clock.advance(2 * LOAD_MS)
    expect(admin.committed(GROUP, 't', 0)).toBe(5n)
  })

  it('are refused where the group was not added', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add()
    expect(producer.commitOffset(5n)).toBe('INVALID_TXN_STATE')
  })
})

describe('X8: TxnOffsetCommit and the group', () => {
  function rig(offsets: number): { producer: TestProducer; member: TestMember } {
    const world = oneCopy({ brokers: 3 })
    const member = new TestMember(world, 'a', { broker: world.cluster.admin.coordinator(GROUP) ?? 0 })
    stabilize(world, [member])
    const producer = new TestProducer(world, 'a', { offsets }).init()
    producer.addOffsets()
    return { producer, member }
  }

  it('from version 3 on generation, member and instance are checked', () => {
    const { producer, member } = rig(3)
    const { memberId, generation: generationId } = member
    expect(producer.commitOffset(1n, { memberId, generationId })).toBe('NONE')
    expect(producer.commitOffset(1n, { memberId, generationId: 7 })).toBe('ILLEGAL_GENERATION')
    expect(producer.commitOffset(1n, { memberId: 'x', generationId })).toBe('UNKNOWN_MEMBER_ID')
    expect(producer.commitOffset(1n, { memberId, generationId, groupInstanceId: 'i' })).toBe(
      'UNKNOWN_MEMBER_ID',
    )
    expect(producer.commitOffset(1n)).toBe('NONE')
    expect(producer.commitOffset(1n, { groupId: 'other', generationId: 3 })).toBe('ILLEGAL_GENERATION')
  })

  it('before version 3 nothing is: a consumer that was expelled commits', () => {
    const { producer } = rig(1)
    expect(producer.commitOffset(1n)).toBe('NONE')
  })
})

describe('X10: expiry', () => {
  it('an id that was not used for a week is gone, and starts again', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    const { producerId } = producer
    world.clock.advance(7 * DAY_MS - 1)
    expect(producer.add()).toBe('NONE')
    producer.end(true)
    world.clock.advance(7 * DAY_MS + MARKER_MS)
    expect(producer.add()).toBe('INVALID_PRODUCER_ID_MAPPING')
    producer.init()
    expect(producer.producerEpoch).toBe(0)
    expect(producer.producerId).not.toBe(producerId)
  })
})

describe('transaction coordinators', () => {
  it('one that took over answers COORDINATOR_LOAD_IN_PROGRESS, then goes on', () => {
    const world = oneCopy({ brokers: 3 })
    const { admin } = world.cluster
    const producer = new TestProducer(world, 'a').init()
    producer.add()
    const before = admin.transactionCoordinator('a')
    admin.moveTransactionCoordinator('a')
    expect(admin.transactionCoordinator('a')).not.toBe(before)
    expect(producer.end(true)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
    expect(producer.produce('v')).toBe('NOT_ENOUGH_REPLICAS')
    world.clock.advance(LOAD_MS)
    expect(producer.produce('v')).toBe('NONE')
    expect(producer.end(true)).toBe('NONE')
  })

  it('the new one writes the markers that the old one had not', () => {
    const world = oneCopy({ brokers: 3, settings: { 'onceover.transaction.marker.min.ms': 30 } })
    const { admin } = world.cluster
    const producer = new TestProducer(world, 'a').init()
    producer.add()
    producer.produce('v')
    producer.end(true)
    admin.moveTransactionCoordinator('a')
    world.clock.advance(LOAD_MS)
    expect(admin.logEnd('t', 0)).toBe(1n)
    world.clock.advance(MARKER_MS)
    expect([admin.logEnd('t', 0), admin.transaction('a')?.state]).toEqual([2n, 'CompleteCommit'])
  })

  it('what was on its way into the log is lost with its coordinator', () => {
    const world = oneCopy({ brokers: 3, settings: { 'onceover.transaction.append.ms': 50 } })
    const { admin } = world.cluster
    const producer = new TestProducer(world, 'a')
    const call = producer.coordinator.call('InitProducerId', 1, {
      transactionalId: 'a',
      transactionTimeoutMs: 60_000,
    })
    admin.moveTransactionCoordinator('a')
    world.clock.advance(50)
    expect(call.error).toBe('NOT_COORDINATOR')
    world.clock.advance(LOAD_MS)
    expect(admin.transaction('a')).toBe(null)
  })

  it('KIP-664: transactions and producers are described and listed', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add([0, 1])
    producer.produce('v')
    const described = producer.coordinator.call('DescribeTransactions', 0, { transactionalIds: ['a', 'zz'] })
    const [state] = described.answer.transactionStates
    expect(state).toMatchObject({
      transactionState: 'Ongoing',
      transactionTimeoutMs: 60_000,
      producerId: producer.producerId,
      topics: [{ topic: 't', partitions: [0, 1] }],
    })
    const list = (filters: RequestDraft<'ListTransactions'>): AnswerBody<'ListTransactions'> =>
      producer.coordinator.call('ListTransactions', 2, {
        stateFilters: [],
        producerIdFilters: [],
        durationFilter: -1n,
        transactionalIdPattern: null,
        ...filters,
      }).answer
    expect(list({}).transactionStates).toHaveLength(1)
    expect(list({ transactionalIdPattern: 'b.*' }).transactionStates).toHaveLength(0)
    expect(list({ transactionalIdPattern: '(' }).errorCode).toBe(128)
    expect(list({ stateFilters: ['Odd', 'Empty'] })).toMatchObject({
      unknownStateFilters: ['Odd'],
      transactionStates: [],
    })
    const leader = world.connect('x', world.cluster.admin.leader('t', 0) ?? 0)
    const producers = leader.call('DescribeProducers', 0, { topics: [{ name: 't', partitionIndexes: [0] }] })
    expect(producers.answer.topics).toMatchObject([
      {
        partitions: [
          {
            activeProducers: [
              { producerId: producer.producerId, lastSequence: 0, currentTxnStartOffset: 0n },
            ],
          },
        ],
      },
    ])
  })
})

describe('X9: transactions of version 2 (KIP-890)', () => {
  const VERSION_2 = { init: 5, add: 4, offsets: 5, produce: 12, end: 5 }

  it('ApiVersions says that they are there, unless a setting says otherwise', () => {
    const features = (settings: Record<string, number>): unknown =>
      oneCopy({ brokers: 3, settings: { ...settings, 'onceover.eligible.leader.replicas.version': 0 } })
        .connect()
        .call('ApiVersions', 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
        .answer.finalizedFeatures.filter(({ name }) => name === 'transaction.version')
    const of2 = { name: 'transaction.version', maxVersionLevel: 2, minVersionLevel: 2 }
    expect(features({})).toEqual([of2])
    expect(features({ 'onceover.transaction.version': 0 })).toEqual([])
    expect(features({})).toEqual([of2])
  })

  it('Produce and TxnOffsetCommit add their partitions, EndTxn raises the epoch each time', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', VERSION_2).init()
    expect([producer.produce('v'), producer.commitOffset(1n)]).toEqual(['NONE', 'NONE'])
    expect(world.cluster.admin.transaction('a')).toMatchObject({
      state: 'Ongoing',
      partitions: [{ topic: 't', partition: 0 }, { topic: '__consumer_offsets' }],
    })
    expect([producer.end(true), producer.producerEpoch]).toEqual(['NONE', 1])
    world.clock.advance(MARKER_MS)
    expect(world.cluster.admin.committed(GROUP, 't', 0)).toBe(1n)
    expect([producer.produce('w'), producer.end(false), producer.producerEpoch]).toEqual(['NONE', 'NONE', 2])
    world.clock.advance(MARKER_MS)
    expect(read(world)).toMatchObject({
      batches: ['records@0', 'commit@1', 'records@2', 'abort@3'],
      aborted: [`${producer.producerId}@2`],
    })
    expect(phases(world)).toEqual([
      'initialised 0',
      'began 0',
      'prepare-commit 1',
      'committed 1',
      'began 1',
      'prepare-abort 2',
      'aborted 2',
    ])
  })

  it('a broker that adds a partition while the last transaction ends tries for 100 ms', () => {
    const slow = { 'onceover.transaction.marker.min.ms': 400, 'onceover.transaction.marker.max.ms': 400 }
    const world = oneCopy({ brokers: 3, settings: slow })
    const producer = new TestProducer(world, 'a', VERSION_2).init()
    producer.produce('v')
    producer.end(true)
    const early = producer.send('w')
    world.clock.advance(99)
    expect(early.pending).toBe(true)
    world.clock.advance(1)
    expect(early.errors).toEqual(['CONCURRENT_TRANSACTIONS'])
    world.clock.advance(250)
    const late = producer.send('w')
    expect(late.pending).toBe(true)
    world.clock.advance(60)
    expect(late.errors).toEqual(['NONE'])
  })

  it('a partition counts when the coordinator has replicated it', () => {
    const world = oneCopy({ brokers: 3, settings: { 'transaction.state.log.replication.factor': 3 } })
    const producer = new TestProducer(world, 'a', VERSION_2)
    const { coordinator } = producer
    const init = coordinator.call('InitProducerId', 4, { transactionalId: 'a', transactionTimeoutMs: 60_000 })
    world.clock.advance(30)
    producer.producerId = init.answer.producerId
    producer.producerEpoch = 0
    const first = producer.send('v')
    expect([first.pending, world.cluster.admin.logEnd('t', 0)]).toEqual([true, 0n])
    expect(world.cluster.admin.transaction('a')?.state).toBe('Empty')
    // The part that only this coordinator has of it is forgotten, and nothing hangs.
    world.cluster.admin.moveTransactionCoordinator('a')
    world.clock.advance(LOAD_MS)
    expect(first.errors).toEqual(['NOT_ENOUGH_REPLICAS'])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(0n)
    const again = producer.send('v')
    world.clock.advance(30)
    expect([again.errors, world.cluster.admin.transaction('a')?.state]).toEqual([['NONE'], 'Ongoing'])
  })

  it('a late batch of a transaction that has ended is fenced by the epoch', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', VERSION_2).init()
    const late = new TestProducer(world, 'a', VERSION_2)
    const { producerId } = producer
    Object.assign(late, { producerId, producerEpoch: 0 })
    producer.produce('v')
    late.sequences.set('t/0', 1)
    producer.end(true)
    world.clock.advance(MARKER_MS)
    expect(late.produce('late')).toBe('INVALID_PRODUCER_EPOCH')
    expect(late.produce('late', { partition: 1 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(late.commitOffset(9n)).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('an EndTxn whose answer was lost may be sent again', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', VERSION_2).init()
    producer.produce('v')
    const again = { ...producer.identity, committed: true }
    producer.end(true)
    const repeat = (committed: boolean): string =>
      producer.coordinator.call('EndTxn', 5, { ...again, committed }).error
    expect([repeat(true), repeat(false)]).toEqual(['CONCURRENT_TRANSACTIONS', 'CONCURRENT_TRANSACTIONS'])
    world.clock.advance(MARKER_MS)
    const answer = producer.coordinator.call('EndTxn', 5, again)
    expect(answer.answer).toMatchObject({ errorCode: 0, producerEpoch: 1 })
    expect(repeat(false)).toBe('INVALID_TXN_STATE')
  })

  it('an abort of nothing raises the epoch, a commit of nothing is INVALID_TXN_STATE', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', VERSION_2).init()
    expect(producer.end(true)).toBe('INVALID_TXN_STATE')
    expect([producer.end(false), producer.producerEpoch]).toEqual(['NONE', 1])
    expect([producer.end(false), producer.producerEpoch]).toEqual(['NONE', 2])
    expect(world.cluster.admin.transaction('a')?.state).toBe('CompleteAbort')
  })

  it('a producer that has used its epochs up goes on under another id', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', VERSION_2).init()
    const { producerId, coordinator } = producer
    for (let epoch = 0; epoch < 32_766; epoch += 1) {
      const call = coordinator.call('EndTxn', VERSION_2.end, { ...producer.identity, committed: false })
      producer.producerEpoch = call.answer.producerEpoch
    }
    expect([producer.producerId, producer.producerEpoch]).toEqual([producerId, 32_766])
    expect([producer.produce('v'), producer.end(true)]).toEqual(['NONE', 'NONE'])
    expect(producer.producerId).not.toBe(producerId)
    expect(producer.producerEpoch).toBe(0)
    world.clock.advance(MARKER_MS)
    expect([producer.produce('w'), producer.end(true)]).toEqual(['NONE', 'NONE'])
    world.clock.advance(MARKER_MS)
    expect(read(world).batches).toEqual(['records@0', 'commit@1', 'records@2', 'commit@3'])
  })

  it('a batch for a partition that is not in the transaction is TRANSACTION_ABORTABLE in version 11', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a', { produce: 11 }).init()
    producer.add([1])
    expect(producer.produce('v')).toBe('TRANSACTION_ABORTABLE')
  })

  it('brokers verify several transactions at once, and find what is missing', () => {
    const world = oneCopy({ brokers: 3 })
    const producer = new TestProducer(world, 'a').init()
    producer.add([1])
    const results = (version: number): unknown => {
      const call = producer.coordinator.call('AddPartitionsToTxn', version, {
        transactions: [
          { ...producer.identity, verifyOnly: true, topics: [{ name: 't', partitions: [0, 1] }] },
        ],
      })
      const [found] = call.answer.resultsByTransaction
      return found?.topicResults[0]?.resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode)
    }
    expect(results(5)).toEqual([120, 0])
    expect(results(4)).toEqual([48, 0])
  })
})
