import { describe, expect, it } from 'vitest'
import type { Call } from '../probe/call.ts'
import type { Line } from '../probe/line.ts'
import { START_MS } from '../probe/manual-clock.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchesIn, batchOf, fetchBody, fetched, produce, stabilize, TestMember } from '../testing/harness.ts'
import { decodeRecords, type ElementOf, type RequestDraft } from '../wire/index.ts'

const CHECK_MS = 300_000
const DAY_MS = 86_400_000
const SIZE = batchOf().length

function open(
  configs: Record<string, string> = {},
  settings: Record<string, number | string> = {},
): { world: ProbeWorld; client: Line } {
  const world = createWorld({ settings: { 'connections.max.idle.ms': -1, ...settings } })
  world.cluster.admin.createTopic('t', { partitions: 1, configs })
  return { world, client: world.connect() }
}

function bounds({ cluster }: ProbeWorld): [bigint, bigint] {
  return [cluster.admin.logStart('t', 0), cluster.admin.logEnd('t', 0)]
}

/** Produces one record with the time of now. */
function produceNow(world: ProbeWorld, client: Line, values = ['v']): void {
  const timestamps = values.map(() => BigInt(world.clock.nowMs()))
  expect(produce(client, { values, timestamps }).error).toBe('NONE')
}

function alter(
  client: Line,
  configs: ElementOf<RequestDraft<'IncrementalAlterConfigs'>['resources']>['configs'] & object,
  name = 't',
): Call<'IncrementalAlterConfigs'> {
  return client.call('IncrementalAlterConfigs', 1, {
    resources: [{ resourceType: 2, resourceName: name, configs }],
  })
}

function described(client: Line, keys: readonly string[] | null): Record<string, unknown> {
  const call = client.call('DescribeConfigs', 4, {
    resources: [{ resourceType: 2, resourceName: 't', configurationKeys: keys }],
  })
  const [result] = call.answer.results
  return Object.fromEntries((result?.configs ?? []).map(({ name, value }) => [String(name), value]))
}

describe('L10: retention', () => {
  it('the active segment goes, too, once all of it is older than retention.ms', () => {
    const { world, client } = open({ 'retention.ms': '60000' })
    produceNow(world, client)
    world.clock.advance(59_000)
    produceNow(world, client)
    world.clock.advance(60_000)
    expect(bounds(world)).toEqual([0n, 2n])
    world.clock.advance(CHECK_MS)
    expect(bounds(world)).toEqual([2n, 2n])
    expect(world.observations).toContainEqual({
      kind: 'log-start',
      topic: 't',
      partition: 0,
      offset: 2n,
      reason: 'retention.ms',
    })
    const late = client.call('Fetch', 4, fetchBody(0n))
    expect(fetched(late).error).toBe('OFFSET_OUT_OF_RANGE')
    produceNow(world, client)
    expect(bounds(world)).toEqual([2n, 3n])
  })

  it('whole segments go, from the oldest on: a younger record keeps what follows it', () => {
    const { world, client } = open({ 'retention.ms': '60000', 'internal.segment.bytes': String(2 * SIZE) })
    for (let count = 0; count < 4; count += 1) produceNow(world, client)
    world.clock.advance(50_000)
    produceNow(world, client)
    // Looked for 30 s after the start, then each 5 minutes.
    world.clock.advance(DAY_MS)
    expect(bounds(world)).toEqual([5n, 5n])
    const steps = world.observations.filter(({ kind }) => kind === 'log-start')
    expect(steps).toHaveLength(1)
    const kept = open({ 'retention.ms': '60000', 'internal.segment.bytes': String(2 * SIZE) })
    produceNow(kept.world, kept.client)
    expect(produce(kept.client, { timestamps: [BigInt(START_MS + 3_000_000)] }).error).toBe('NONE')
    produceNow(kept.world, kept.client)
    kept.world.clock.advance(CHECK_MS * 2)
    expect(bounds(kept.world)).toEqual([0n, 3n])
  })

  it('retention.bytes takes whole segments that it can do without', () => {
    const { world, client } = open({
      'retention.bytes': String(3 * SIZE),
      'internal.segment.bytes': String(2 * SIZE),
    })
    for (let count = 0; count < 7; count += 1) produceNow(world, client)
    world.clock.advance(30_000)
    // 7 batches in segments of 2, 2, 2 and 1: 3 are to stay, so that two segments can go.
    expect(bounds(world)).toEqual([4n, 7n])
    for (let count = 0; count < 3; count += 1) produceNow(world, client)
    world.clock.advance(CHECK_MS)
    expect(bounds(world)).toEqual([6n, 10n])
  })

  it('brokers have defaults, topics may say otherwise, and -1 keeps everything', () => {
    const settings = { 'log.retention.ms': 60_000 }
    const byDefault = open({}, settings)
    const forever = open({ 'retention.ms': '-1' }, settings)
    for (const { world, client } of [byDefault, forever]) {
      produceNow(world, client)
      world.clock.advance(DAY_MS)
    }
    expect(bounds(byDefault.world)).toEqual([1n, 1n])
    expect(bounds(forever.world)).toEqual([0n, 1n])
    expect(forever.world.clock.pending).toBe(0)
  })

  it('old timestamps are old records', () => {
    const { world, client } = open()
    produce(client, { timestamps: [1_000n] })
    world.clock.advance(30_000)
    expect(bounds(world)).toEqual([1n, 1n])
  })

  it('records without a time are as old as their file', () => {
    const { world, client } = open({ 'retention.ms': '600000' })
    produce(client, { timestamps: [-1n] })
    world.clock.advance(600_000)
    expect(bounds(world)).toEqual([0n, 1n])
    world.clock.advance(CHECK_MS)
    expect(bounds(world)).toEqual([1n, 1n])
  })

  it('nothing happens to a log while its broker is down', () => {
    const { world, client } = open({ 'retention.ms': '60000' })
    produceNow(world, client)
    world.cluster.admin.stopBroker(0)
    world.clock.advance(DAY_MS)
    expect(bounds(world)).toEqual([0n, 1n])
    world.cluster.admin.startBroker(0)
    world.clock.advance(CHECK_MS)
    expect(bounds(world)).toEqual([1n, 1n])
  })

  it('a topic that is told to keep less does so at the next look', () => {
    const { world, client } = open()
    produceNow(world, client)
    world.clock.advance(DAY_MS)
    expect(alter(client, [{ name: 'retention.ms', configOperation: 0, value: '1000' }]).errors).toEqual([
      'NONE',
    ])
    expect(bounds(world)).toEqual([0n, 1n])
    world.clock.advance(CHECK_MS)
    expect(bounds(world)).toEqual([1n, 1n])
  })

  it('an idle week costs a handful of timers', () => {
    const { world, client } = open()
    produceNow(world, client)
    const member = new TestMember(world, 'a')
    stabilize(world, [member])
    member.commit(1n)
    member.leave()
    member.connection.close()
    const before = world.clock.fired
    world.clock.advance(8 * DAY_MS)
    expect(world.cluster.admin.groups()).toEqual([])
    expect(bounds(world)).toEqual([1n, 1n])
    // The commit's week, the empty group's week, the record's week.
    expect(world.clock.fired - before).toBeLessThanOrEqual(4)
    expect(world.clock.pending).toBe(0)
  })
})

describe('L12, L13: timestamps', () => {
  it('LogAppendTime: all records have the time of their append, and the answer tells it', () => {
    const { world, client } = open({ 'message.timestamp.type': 'LogAppendTime' })
    world.clock.advance(5_000)
    const records = batchOf({ values: ['a', 'b'], timestamps: [1n, 2n] })
    const call = client.call('Produce', 7, {
      acks: -1,
      topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
    })
    const now = BigInt(START_MS + 5_000)
    expect(call.answer.responses).toMatchObject([{ partitionResponses: [{ logAppendTimeMs: now }] }])
    world.cluster.admin.append({ topic: 't', partition: 0, key: null, value: null })
    const batches = batchesIn(client.call('Fetch', 4, fetchBody(0n)))
    expect(batches.map(({ logAppendTime }) => logAppendTime)).toEqual([true, true])
    const times = batches.flatMap((batch) => decodeRecords(batch).map(({ timestamp }) => timestamp))
    expect(times).toEqual([now, now, now])
  })

  it('records from too far in the future are INVALID_TIMESTAMP', () => {
    const { world, client } = open({ 'message.timestamp.before.max.ms': '60000' })
    const at = (ms: number): string => produce(client, { timestamps: [BigInt(START_MS + ms)] }).error
    expect([at(3_600_000), at(3_600_001), at(-60_000), at(-60_001)]).toEqual([
      'NONE',
      'INVALID_TIMESTAMP',
      'NONE',
      'INVALID_TIMESTAMP',
    ])
    expect(bounds(world)).toEqual([0n, 2n])
  })

  it("max.message.bytes is the topic's own", () => {
    const { client } = open({ 'max.message.bytes': String(SIZE) })
    expect(produce(client).error).toBe('NONE')
    expect(produce(client, { values: ['vv'] }).error).toBe('MESSAGE_TOO_LARGE')
  })
})

describe('topic configurations', () => {
  it('are set, deleted, lengthened and shortened one by one', () => {
    const { client } = open({ 'retention.ms': '1000' })
    alter(client, [
      { name: 'cleanup.policy', configOperation: 2, value: 'compact' },
      { name: 'retention.ms', configOperation: 1, value: null },
      { name: 'segment.ms', configOperation: 0, value: '7' },
    ])
    const keys = ['cleanup.policy', 'retention.ms', 'segment.ms']
    expect(described(client, keys)).toEqual({
      'cleanup.policy': 'delete,compact',
      'retention.ms': '604800000',
      'segment.ms': '7',
    })
    alter(client, [{ name: 'cleanup.policy', configOperation: 3, value: 'delete' }])
    expect(described(client, keys)['cleanup.policy']).toBe('compact')
    expect(Object.keys(described(client, null)).length).toBeGreaterThan(30)
  })

  it('AlterConfigs replaces all of them', () => {
    const { client } = open({ 'retention.ms': '1000' })
    const call = client.call('AlterConfigs', 2, {
      resources: [{ resourceType: 2, resourceName: 't', configs: [{ name: 'segment.ms', value: '7' }] }],
    })
    expect(call.errors).toEqual(['NONE'])
    expect(described(client, ['retention.ms', 'segment.ms'])).toEqual({
      'retention.ms': '604800000',
      'segment.ms': '7',
    })
  })

  it.each([
    [{ name: 'nothing', configOperation: 0, value: '1' }, 'INVALID_CONFIG'],
    [{ name: 'retention.ms', configOperation: 0, value: 'x' }, 'INVALID_CONFIG'],
    [{ name: 'retention.ms', configOperation: 0, value: null }, 'INVALID_REQUEST'],
    [{ name: 'retention.ms', configOperation: 2, value: '1' }, 'INVALID_CONFIG'],
    [{ name: 'cleanup.policy', configOperation: 9, value: 'compact' }, 'UNKNOWN_SERVER_ERROR'],
  ])('%o is %s', (config, error) => {
    const { client } = open()
    expect(alter(client, [config]).errors).toEqual([error])
    expect(alter(client, [config, config]).errors).toEqual(['INVALID_REQUEST'])
    // The configuration is checked before the topic is looked up.
    expect(alter(client, [config], 'nowhere').errors).toEqual([error])
  })
})
