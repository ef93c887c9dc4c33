import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import { START_MS } from '../probe/manual-clock.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchOf, fetchBody, fetched, produce, produceBody } from '../testing/harness.ts'
import { readBatches } from '../wire/index.ts'

const PRODUCER = { producerId: 7n, producerEpoch: 0 }
const LAST_SEQUENCE = 2 ** 31 - 1

function open({ brokers = 1, settings = {} } = {}): { world: ProbeWorld; client: Line } {
  const world = createWorld({ brokers, settings })
  world.cluster.admin.createTopic('t', { partitions: 2 })
  return { world, client: world.connect() }
}

function listOffset(client: Line, timestamp: bigint, version = 2): { timestamp: unknown; offset: unknown } {
  const call = client.call('ListOffsets', version, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }],
  })
  expect(call.errors).toEqual(['NONE'])
  const [topic] = call.answer.topics
  const partition = topic?.partitions[0]
  return { timestamp: partition?.timestamp, offset: partition?.offset }
}

describe('I: idempotent producers', () => {
  it('I1: the last five batches are recognized and answered with their offset', () => {
    const { world, client } = open()
    for (let sequence = 0; sequence < 12; sequence += 2)
      produce(client, { ...PRODUCER, baseSequence: sequence, values: ['a', 'b'] })
    expect(world.cluster.admin.logEnd('t', 0)).toBe(12n)
    for (const sequence of [2, 4, 6, 8, 10]) {
      const again = produce(client, { ...PRODUCER, baseSequence: sequence, values: ['a', 'b'] })
      expect(again).toEqual({ error: 'NONE', offset: BigInt(sequence) })
    }
    expect(world.cluster.admin.logEnd('t', 0)).toBe(12n)
  })

  it('I2: older duplicates, gaps and overlaps are OUT_OF_ORDER_SEQUENCE_NUMBER', () => {
    const { world, client } = open()
    for (let sequence = 0; sequence < 6; sequence += 1)
      produce(client, { ...PRODUCER, baseSequence: sequence })
    for (const sequence of [0, 7]) {
      expect(produce(client, { ...PRODUCER, baseSequence: sequence }).error).toBe(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
      )
    }
    const overlap = produce(client, { ...PRODUCER, baseSequence: 5, values: ['a', 'b'] })
    expect(overlap).toEqual({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', offset: -1n })
    expect(world.cluster.admin.logEnd('t', 0)).toBe(6n)
  })

  it('I3: an older epoch is INVALID_PRODUCER_EPOCH', () => {
    const { client } = open()
    produce(client, { ...PRODUCER, producerEpoch: 3, baseSequence: 0 })
    expect(produce(client, { ...PRODUCER, producerEpoch: 2, baseSequence: 1 }).error).toBe(
      'INVALID_PRODUCER_EPOCH',
    )
  })

  it('I4: a new epoch starts at 0; without state any sequence will do', () => {
    const { client } = open()
    expect(produce(client, { ...PRODUCER, baseSequence: 41 }).error).toBe('NONE')
    expect(produce(client, { ...PRODUCER, producerEpoch: 1, baseSequence: 42 }).error).toBe(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    )
    expect(produce(client, { ...PRODUCER, producerEpoch: 1, baseSequence: 0 }).error).toBe('NONE')
    expect(produce(client, { ...PRODUCER, baseSequence: 42 }).error).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('I4: a producer that is forgotten may write its batch twice', () => {
    const { world } = open({
      settings: { 'producer.id.expiration.ms': 5_000, 'producer.id.expiration.check.interval.ms': 1_000 },
    })
    const client = world.connect()
    produce(client, { ...PRODUCER, baseSequence: 0 })
    world.clock.advance(4_999)
    expect(produce(client, { ...PRODUCER, baseSequence: 0 })).toEqual({ error: 'NONE', offset: 0n })
    world.clock.advance(1)
    expect(produce(client, { ...PRODUCER, baseSequence: 0 })).toEqual({ error: 'NONE', offset: 1n })
  })

  it('I4: records with old timestamps let their producer be forgotten at the next look', () => {
    const { world } = open()
    const client = world.connect()
    produce(client, { ...PRODUCER, baseSequence: 0, timestamps: [BigInt(START_MS - 86_400_000)] })
    world.clock.advance(599_999)
    expect(produce(world.connect(), { ...PRODUCER, baseSequence: 5 }).error).toBe(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    )
    world.clock.advance(1)
    expect(produce(world.connect(), { ...PRODUCER, baseSequence: 5 }).error).toBe('NONE')
  })

  it('I5: sequences wrap from 2^31-1 to 0, inside a batch too', () => {
    const { client } = open()
    expect(produce(client, { ...PRODUCER, baseSequence: LAST_SEQUENCE })).toEqual({
      error: 'NONE',
      offset: 0n,
    })
    expect(produce(client, { ...PRODUCER, baseSequence: 0 })).toEqual({ error: 'NONE', offset: 1n })
    const other = { producerId: 8n, producerEpoch: 0 }
    produce(client, { ...other, baseSequence: LAST_SEQUENCE - 1, values: ['a', 'b', 'c'] })
    expect(produce(client, { ...other, baseSequence: 1 })).toEqual({ error: 'NONE', offset: 5n })
    const again = produce(client, { ...other, baseSequence: LAST_SEQUENCE - 1, values: ['a', 'b', 'c'] })
    expect(again).toEqual({ error: 'NONE', offset: 2n })
  })

  it('I5: the state moves with the leader', () => {
    const { world, client } = open({ brokers: 3 })
    produce(client, { ...PRODUCER, baseSequence: 0 })
    world.cluster.admin.moveLeader('t', 0, 1)
    const next = world.connect('client-0', 1)
    expect(produce(next, { ...PRODUCER, baseSequence: 0 })).toEqual({ error: 'NONE', offset: 0n })
  })

  it('InitProducerId gives each producer its own id', () => {
    const { client } = open()
    const init = (): unknown =>
      client.call('InitProducerId', 1, { transactionalId: null, transactionTimeoutMs: 0 }).answer
    expect(init()).toMatchObject({ errorCode: 0, producerId: 1000n, producerEpoch: 0 })
    expect(init()).toMatchObject({ errorCode: 0, producerId: 1001n, producerEpoch: 0 })
  })
})

describe('Produce', () => {
  it('what cannot be stored is refused', () => {
    const { world, client } = open({ brokers: 2, settings: { 'message.max.bytes': 200 } })
    const send = (records: Buffer, partition: object = {}): string => {
      const topicData = [{ name: 't', partitionData: [{ index: 0, records, ...partition }] }]
      return client.call('Produce', 7, { ...produceBody(records), topicData }).errors.join()
    }
    const broken = Buffer.from(batchOf())
    broken[65] = (broken[65] ?? 0) ^ 1
    expect(send(broken)).toBe('CORRUPT_MESSAGE')
    expect(send(Buffer.concat([batchOf(), batchOf()]))).toBe('INVALID_RECORD')
    expect(send(Buffer.alloc(0))).toBe('INVALID_RECORD')
    expect(send(batchOf({ values: ['x'.repeat(300)] }))).toBe('MESSAGE_TOO_LARGE')
    expect(send(batchOf(), { index: 1 })).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(send(batchOf(), { index: 9 })).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(client.call('Produce', 7, produceBody(batchOf(), { acks: 2 })).errors).toEqual([
      'INVALID_REQUIRED_ACKS',
    ])
    expect(world.cluster.admin.logEnd('t', 0)).toBe(0n)
    expect(send(batchOf())).toBe('NONE')
  })
})

describe('L: logs and fetches', () => {
  it('L7: below the start and beyond the end is OFFSET_OUT_OF_RANGE, the end itself is not', () => {
    const { world, client } = open()
    for (let count = 0; count < 4; count += 1) produce(client)
    world.cluster.admin.deleteRecords('t', 0, 2n)
    const at = (offset: bigint): string => fetched(client.call('Fetch', 4, fetchBody(offset))).error
    expect([at(1n), at(2n), at(5n), at(-1n)]).toEqual([
      'OFFSET_OUT_OF_RANGE',
      'NONE',
      'OFFSET_OUT_OF_RANGE',
      'OFFSET_OUT_OF_RANGE',
    ])
    const end = client.call('Fetch', 4, fetchBody(4n))
    expect(end.pending).toBe(true)
    world.clock.advance(500)
    expect(fetched(end)).toEqual({ error: 'NONE', bases: [], highWatermark: 4n })
  })

  it('L8: whole batches, from the one that holds the offset', () => {
    const { client } = open()
    produce(client, { values: ['a', 'b', 'c'] })
    produce(client, { values: ['d'] })
    expect(fetched(client.call('Fetch', 4, fetchBody(2n)))).toMatchObject({ bases: [0n, 3n] })
    expect(fetched(client.call('Fetch', 4, fetchBody(3n)))).toMatchObject({ bases: [3n] })
  })

  it('L8: the first batch may exceed the limits, further ones may not', () => {
    const { client } = open()
    for (let count = 0; count < 3; count += 1) produce(client)
    const size = batchOf().length
    expect(fetched(client.call('Fetch', 4, fetchBody(0n, { maxBytes: 1 })))).toMatchObject({ bases: [0n] })
    expect(fetched(client.call('Fetch', 4, fetchBody(0n, {}, { partitionMaxBytes: 1 })))).toMatchObject({
      bases: [0n],
    })
    const two = fetchBody(0n, {}, { partitionMaxBytes: size * 2 })
    expect(fetched(client.call('Fetch', 4, two))).toMatchObject({ bases: [0n, 1n] })
  })

  it('L8: a long poll waits for enough bytes, and is woken by a produce', () => {
    const { world, client } = open()
    const producer = world.connect('producer')
    const size = batchOf().length
    const timers = world.clock.pending
    const poll = client.call('Fetch', 4, fetchBody(0n, { minBytes: size + 1, maxWaitMs: 1_000 }))
    produce(producer)
    expect(poll.pending).toBe(true)
    world.clock.advance(300)
    produce(producer)
    expect(fetched(poll)).toMatchObject({ bases: [0n, 1n] })
    const late = client.call('Fetch', 4, fetchBody(2n, { maxWaitMs: 1_000 }))
    world.clock.advance(999)
    expect(late.pending).toBe(true)
    world.clock.advance(1)
    expect(fetched(late)).toMatchObject({ error: 'NONE', bases: [] })
    // The log has records now, and retention a timer.
    expect(world.clock.pending).toBe(timers + 1)
  })

  it('L8: a long poll ends when leadership moves, the topic goes, or the client', () => {
    const { world, client } = open({ brokers: 2 })
    const end = (act: () => void): Call<'Fetch'> => {
      const poll = client.call('Fetch', 4, fetchBody(0n))
      expect(poll.pending).toBe(true)
      act()
      return poll
    }
    expect(fetched(end(() => world.cluster.admin.moveLeader('t', 0))).error).toBe('NOT_LEADER_OR_FOLLOWER')
    world.cluster.admin.moveLeader('t', 0)
    const other = world.connect('operator')
    const gone = end(() => void other.call('DeleteTopics', 3, { topicNames: ['t'], timeoutMs: 1 }))
    expect(fetched(gone).error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    world.cluster.admin.createTopic('t', { partitions: 1 })
    expect(end(() => client.close()).pending).toBe(true)
    other.close()
    expect(world.clock.pending).toBe(0)
  })

  it('L8: a fetch from another leader epoch is fenced or too early', () => {
    const { world } = open({ brokers: 2 })
    world.cluster.admin.moveLeader('t', 0, 1)
    const client = world.connect('client-0', 1)
    const at = (currentLeaderEpoch: number): string =>
      fetched(client.call('Fetch', 11, fetchBody(0n, { maxWaitMs: 0 }, { currentLeaderEpoch }))).error
    expect([at(0), at(2)]).toEqual(['FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH'])
  })

  it('L12: the first record at or after a time, -1 where there is none; start and end', () => {
    const { world, client } = open()
    produce(client, { values: ['a', 'b', 'c'], timestamps: [100n, 300n, 200n] })
    produce(client, { values: ['d'], timestamps: [250n] })
    expect(listOffset(client, 150n)).toEqual({ timestamp: 300n, offset: 1n })
    expect(listOffset(client, 100n)).toEqual({ timestamp: 100n, offset: 0n })
    expect(listOffset(client, 301n)).toEqual({ timestamp: -1n, offset: -1n })
    expect(listOffset(client, -1n)).toEqual({ timestamp: -1n, offset: 4n })
    world.cluster.admin.deleteRecords('t', 0, 2n)
    expect(listOffset(client, -2n)).toEqual({ timestamp: -1n, offset: 2n })
    expect(listOffset(client, 50n)).toEqual({ timestamp: 200n, offset: 2n })
  })

  it('L12: the latest timestamp, from version 7 on; what tiered storage would have, later', () => {
    const { client } = open()
    expect(listOffset(client, -3n, 7)).toEqual({ timestamp: -1n, offset: -1n })
    produce(client, { values: ['a', 'b', 'c'], timestamps: [100n, 300n, 300n] })
    produce(client, { values: ['d'], timestamps: [250n] })
    expect(listOffset(client, -3n, 7)).toEqual({ timestamp: 300n, offset: 1n })
    expect(listOffset(client, -4n, 8)).toEqual({ timestamp: -1n, offset: 0n })
    expect(listOffset(client, -5n, 9)).toEqual({ timestamp: -1n, offset: -1n })
    const ask = (version: number, partitions: object[]): string[] =>
      client.call('ListOffsets', version, { replicaId: -1, topics: [{ name: 't', partitions }] }).errors
    const at = { partitionIndex: 0, timestamp: -3n }
    expect(ask(6, [at])).toEqual(['UNSUPPORTED_VERSION'])
    expect(ask(7, [{ ...at, timestamp: -4n }])).toEqual(['UNSUPPORTED_VERSION'])
    expect(ask(10, [{ ...at, timestamp: -6n }])).toEqual(['UNSUPPORTED_VERSION'])
    expect(ask(10, [at, at])).toEqual(['INVALID_REQUEST'])
    expect(ask(10, [{ ...at, currentLeaderEpoch: 1 }])).toEqual(['UNKNOWN_LEADER_EPOCH'])
  })

  it('offsets beyond 2^53 are exact', () => {
    const world = createWorld()
    const startOffset = 2n ** 60n + 1n
    world.cluster.admin.createTopic('t', { partitions: 1, startOffset })
    const client = world.connect()
    expect(produce(client, { values: ['a', 'b'] })).toEqual({ error: 'NONE', offset: startOffset })
    expect(fetched(client.call('Fetch', 4, fetchBody(startOffset + 1n)))).toEqual({
      error: 'NONE',
      bases: [startOffset],
      highWatermark: startOffset + 2n,
    })
    expect(listOffset(client, -1n).offset).toBe(startOffset + 2n)
    expect(world.cluster.admin.append({ topic: 't', partition: 0, key: null, value: null })).toBe(
      startOffset + 2n,
    )
  })

  it('stored batches carry their offset and their leader epoch', () => {
    const { world } = open({ brokers: 2 })
    world.cluster.admin.moveLeader('t', 0, 1)
    const client = world.connect('client-0', 1)
    produce(client)
    const call = client.call('Fetch', 4, fetchBody(0n))
    const [topic] = call.answer.responses
    expect(readBatches(topic?.partitions[0]?.records ?? Buffer.alloc(0))).toMatchObject([{ leaderEpoch: 1 }])
  })
})
