import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors.ts'
import type { Line } from '../probe/line.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { type AnswerBody, encodeBatch, type RequestBody } from '../wire/index.ts'

const TOPIC = 'orders'

function worldWith(settings: Readonly<Record<string, string | number | boolean>> = {}): ProbeWorld {
  const world = createWorld({ settings })
  world.cluster.admin.createTopic(TOPIC, { partitions: 1 })
  return world
}

function produce(connection: Line, bytes: number, acks = -1): AnswerBody<'Produce'> | null {
  const records = encodeBatch({
    records: [{ timestamp: 0n, key: null, value: Buffer.alloc(bytes), headers: [] }],
  })
  return connection.call('Produce', 7, {
    transactionalId: null,
    acks,
    timeoutMs: 1_000,
    topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
  }).body
}

function fetch(
  connection: Line,
  session: { id: number; epoch: number } = { id: 0, epoch: -1 },
): AnswerBody<'Fetch'> {
  return connection.call('Fetch', 11, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    sessionId: session.id,
    sessionEpoch: session.epoch,
    topics: [{ topic: TOPIC, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }],
  }).answer
}

function alter(
  connection: Line,
  entity: Readonly<Record<string, string | null>>,
  value: number | null,
  key = 'producer_byte_rate',
): AnswerBody<'AlterClientQuotas'> {
  return connection.call('AlterClientQuotas', 1, {
    entries: [
      {
        entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
        ops: [{ key, value: value ?? 0, remove: value === null }],
      },
    ],
    validateOnly: false,
  }).answer
}

function described(
  connection: Line,
  components: RequestBody<'DescribeClientQuotas'>['components'],
  strict = false,
): unknown {
  return connection.call('DescribeClientQuotas', 1, { components, strict }).answer.entries
}

describe('a client that produces more than its quota (T3)', () => {
  it('is told how long its rate needs to fall, and is heard no more until then', () => {
    const world = worldWith({ 'onceover.client.quotas': 'client-id=client producer_byte_rate=100' })
    const client = world.connect()
    const { throttleTimeMs } = produce(client, 3_000) ?? {}
    // Some 3,100 bytes in a window of 10 s are 310 a second: three times as much as is allowed, for
    // 10 s.
    expect(throttleTimeMs).toBeGreaterThan(20_000)
    expect(throttleTimeMs).toBeLessThan(22_000)
    const next = client.call('Metadata', 5, { topics: [] })
    world.clock.advance(Number(throttleTimeMs) - 1)
    expect(next.pending).toBe(true)
    world.clock.advance(1)
    expect(next.answer.throttleTimeMs).toBe(0)
  })

  it('is muted without an answer, too', () => {
    const world = worldWith({ 'onceover.client.quotas': 'client-id=client producer_byte_rate=100' })
    const client = world.connect()
    expect(produce(client, 3_000, 0)).toBeNull()
    const next = client.call('Metadata', 5, { topics: [] })
    world.clock.advance(20_000)
    expect(next.pending).toBe(true)
    world.clock.advance(2_000)
    expect(next.pending).toBe(false)
  })

  it('is not throttled below it, nor by a quota of somebody else', () => {
    const world = worldWith({
      'onceover.client.quotas':
        'client-id=client producer_byte_rate=100; client-id=<default> producer_byte_rate=1',
    })
    const client = world.connect()
    for (let second = 0; second < 20; second += 1) {
      expect(produce(client, 10)).toMatchObject({ throttleTimeMs: 0 })
      world.clock.advance(1_500)
    }
  })

  it('shares it with its other connections, but not across brokers', () => {
    const world = createWorld({
      brokers: 2,
      settings: { 'onceover.client.quotas': 'client-id=client producer_byte_rate=1000' },
    })
    world.cluster.admin.createTopic(TOPIC, { partitions: 1 })
    const throttles = [
      produce(world.connect(), 6_000),
      produce(world.connect(), 6_000),
      produce(world.connect('client-0', 1), 6_000),
    ].map((answer) => Number(answer?.throttleTimeMs))
    expect(throttles[0]).toBe(0)
    expect(throttles[1]).toBeGreaterThan(2_000)
    expect(throttles[2]).toBe(0)
  })

  it('that leaves while it is muted takes its timer with it', () => {
    const world = worldWith({
      'onceover.client.quotas': 'client-id=client request_percentage=0.0001',
      'connections.max.idle.ms': -1,
    })
    const client = world.connect()
    const before = world.clock.pending
    client.call('Metadata', 5, { topics: [] })
    expect(world.clock.pending).toBe(before + 1)
    client.close()
    expect(world.clock.pending).toBe(before)
  })
})

describe('a client that consumes more than its quota (T3)', () => {
  it('gets an answer without records, and they count only once they are sent', () => {
    const world = worldWith()
    const client = world.connect()
    produce(client, 3_000)
    alter(client, { 'client-id': 'client' }, 400, 'consumer_byte_rate')
    const topics = (answer: AnswerBody<'Fetch'>): number => answer.responses.length
    const first = fetch(client)
    expect([topics(first), first.throttleTimeMs]).toEqual([1, 0])
    const second = fetch(client)
    expect(topics(second)).toBe(0)
    expect(Number(second.throttleTimeMs)).toBeGreaterThan(0)
    world.clock.advance(Number(second.throttleTimeMs))
    expect(world.observations.filter(({ kind }) => kind === 'fetched')).toHaveLength(1)
    world.clock.advance(11_000)
    expect(topics(fetch(client))).toBe(1)
  })

  it('begins no fetch session meanwhile, and goes on with the one that it has', () => {
    const world = worldWith()
    const client = world.connect()
    produce(client, 3_000)
    const { sessionId } = fetch(client, { id: 0, epoch: 0 })
    world.cluster.admin.throttle({ broker: 0, process: 'client-0' }, 1_000)
    fetch(client)
    expect(fetch(client, { id: 0, epoch: 0 })).toMatchObject({
      throttleTimeMs: 1_000,
      sessionId: 0,
      errorCode: 0,
    })
    world.clock.advance(1_000)
    world.cluster.admin.throttle({ broker: 0, process: 'client-0' }, null)
    expect(sessionId).not.toBe(0)
  })
})

describe('request_percentage (T3)', () => {
  it('throttles every request, for one sample at most', () => {
    const world = worldWith({ 'onceover.client.quotas': 'user=ANONYMOUS request_percentage=0.0001' })
    const client = world.connect()
    for (const [api, version, body] of [
      ['Metadata', 5, { topics: [] }],
      ['ApiVersions', 2, {}],
      ['Heartbeat', 3, { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null }],
    ] as const) {
      expect(client.call(api, version, body).answer.throttleTimeMs).toBe(1_000)
      world.clock.advance(1_000)
    }
    expect(client.ended).toBeNull()
  })
})

describe('quotas that are described and altered (KIP-546)', () => {
  it('come from the setting, are changed, and go', () => {
    const world = worldWith({
      'onceover.client.quotas': 'user=alice client-id=<default> consumer_byte_rate=2048',
    })
    const admin = world.connect()
    expect(described(admin, [])).toEqual([
      {
        entity: [
          { entityType: 'client-id', entityName: null },
          { entityType: 'user', entityName: 'alice' },
        ],
        values: [{ key: 'consumer_byte_rate', value: 2048 }],
      },
    ])
    alter(admin, { 'client-id': 'app' }, 1_000)
    const ofApp = [{ entityType: 'client-id', matchType: 0, match: 'app' }]
    expect(described(admin, ofApp)).toHaveLength(1)
    expect(described(admin, [{ entityType: 'client-id', matchType: 2, match: null }])).toHaveLength(2)
    expect(described(admin, [{ entityType: 'client-id', matchType: 2, match: null }], true)).toHaveLength(1)
    alter(admin, { 'client-id': 'app' }, null)
    expect(described(admin, ofApp)).toEqual([])
  })

  it.each([
    [{}, 1, 'producer_byte_rate', 'Invalid empty client quota entity'],
    [{ user: '' }, 1, 'producer_byte_rate', 'Empty user not supported'],
    [{ group: 'g' }, 1, 'producer_byte_rate', 'Unhandled client quota entity type: group'],
    [{ user: 'a' }, 1, 'bytes', 'Invalid configuration key bytes'],
    [{ user: 'a' }, 0, 'producer_byte_rate', 'Quota producer_byte_rate must be greater than 0'],
    [{ user: 'a' }, 1.5, 'producer_byte_rate', 'producer_byte_rate cannot be a fractional value.'],
  ])('are refused: %j %d %s', (entity, value, key, why) => {
    const { entries } = alter(worldWith().connect(), entity as Record<string, string>, value, key)
    expect(entries).toMatchObject([{ errorCode: 42, errorMessage: why }])
  })

  it('have to be understood', () => {
    expect(() => worldWith({ 'onceover.client.quotas': 'producer_byte_rate=1' })).toThrow(UsageError)
    expect(() => worldWith({ 'onceover.client.quotas': 'user=a producer_byte_rate=much' })).toThrow(
      'Quota producer_byte_rate must be greater than 0',
    )
  })
})
