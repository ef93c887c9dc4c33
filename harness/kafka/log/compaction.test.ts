import { describe, expect, it } from 'vitest'
import type { Line } from '../probe/line.ts'
import { START_MS } from '../probe/manual-clock.ts'
import { createWorld, type ProbeWorld } from '../probe/world.ts'
import { batchesIn, fetchBody, produceBody } from '../testing/harness.ts'
import {
  decodeRecords,
  deleteHorizonOf,
  encodeBatch,
  encodeMarker,
  errorName,
  type RecordBatch,
  readBatches,
} from '../wire/index.ts'
import { clean } from './cleaner.ts'
import { PartitionLog } from './partition-log.ts'

const CLEANER_MS = 15_000
const DAY_MS = 86_400_000

type KeyAndValue = readonly [key: string | null, value: string | null]

function recordsOf(
  pairs: readonly KeyAndValue[],
  timestamp: bigint,
): Parameters<typeof encodeBatch>[0]['records'] {
  return pairs.map(([key, value]) => ({
    timestamp,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
  }))
}

/** Three records of this size fill a segment. */
const SEGMENT_BYTES = 4 * encodeBatch({ records: recordsOf([['a', '1']], 1n) }).length - 1

function open(configs: Record<string, string> = {}, settings = {}): { world: ProbeWorld; client: Line } {
  const world = createWorld({ settings: { 'connections.max.idle.ms': -1, ...settings } })
  world.cluster.admin.createTopic('t', {
    partitions: 1,
    configs: { 'cleanup.policy': 'compact', 'internal.segment.bytes': String(SEGMENT_BYTES), ...configs },
  })
  return { world, client: world.connect() }
}

/** Each pair in a batch of its own. */
function put(world: ProbeWorld, client: Line, ...pairs: readonly KeyAndValue[]): void {
  for (const pair of pairs) expect(putBatch(world, client, [pair])).toBe('NONE')
}

function putBatch(world: ProbeWorld, client: Line, pairs: readonly KeyAndValue[], more: object = {}): string {
  const records = encodeBatch({ ...more, records: recordsOf(pairs, BigInt(world.clock.nowMs())) })
  const call = client.call('Produce', 7, produceBody(records))
  const [topic] = call.answer.responses
  return errorName(Number(topic?.partitionResponses[0]?.errorCode))
}

function batches(client: Line, from = 0n): RecordBatch[] {
  return batchesIn(client.call('Fetch', 4, fetchBody(from, { maxWaitMs: 0 })))
}

/** The records that a consumer sees: `0 a=1`. */
function seen(client: Line, from = 0n): string[] {
  return batches(client, from)
    .flatMap((batch) => decodeRecords(batch))
    .map(({ offset, key, value }) => `${offset} ${key}=${value}`)
}

describe('L10: compaction', () => {
  it('keeps the last record of each key at its offset; the active segment stays as it is', () => {
    const { world, client } = open()
    put(world, client, ['a', '1'], ['b', '1'], ['a', '2'], ['a', '3'], ['b', '2'], ['c', '1'], ['c', '2'])
    world.clock.advance(CLEANER_MS)
    expect(seen(client)).toEqual(['3 a=3', '4 b=2', '5 c=1', '6 c=2'])
    expect(world.observations).toContainEqual({
      kind: 'compacted',
      topic: 't',
      partition: 0,
      offsets: [0n, 1n, 2n],
    })
    const { admin } = world.cluster
    // Nothing has moved: holes are no errors.
    expect([admin.logStart('t', 0), admin.logEnd('t', 0)]).toEqual([0n, 7n])
    expect(seen(client, 1n)).toEqual(seen(client))
    expect(world.clock.pending).toBe(0)
  })

  it('batches keep their first and last offset, and lose records from their midst', () => {
    const { world, client } = open({ 'internal.segment.bytes': '100' })
    putBatch(world, client, [
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
      ['b', '2'],
      ['c', '1'],
    ])
    put(world, client, ['b', '3'], ['z', '1'])
    world.clock.advance(CLEANER_MS)
    const [first] = batches(client)
    expect(first).toMatchObject({ baseOffset: 0n, lastOffset: 4n, recordCount: 2 })
    expect(seen(client)).toEqual(['2 a=2', '4 c=1', '5 b=3', '6 z=1'])
  })

  it.each([1, 2, 3, 4] as const)('codec %i: what is left can be read', (compression) => {
    const { world, client } = open({ 'internal.segment.bytes': '100' })
    putBatch(
      world,
      client,
      [
        ['a', '1'],
        ['b', '1'],
        ['a', '2'],
      ],
      { compression },
    )
    put(world, client, ['z', '1'])
    world.clock.advance(CLEANER_MS)
    expect(batches(client)[0]).toMatchObject({ compression, recordCount: 2 })
    expect(seen(client)).toEqual(['1 b=1', '2 a=2', '3 z=1'])
  })

  it('tombstones stay for delete.retention.ms after the compaction that met them, and go with the next one', () => {
    const { world, client } = open({ 'delete.retention.ms': '60000', 'internal.segment.bytes': '100' })
    put(world, client, ['a', '1'], ['a', null], ['z', '1'])
    world.clock.advance(CLEANER_MS)
    expect(seen(client)).toEqual(['1 a=null', '2 z=1'])
    expect(deleteHorizonOf(batches(client)[0] as RecordBatch)).toBe(BigInt(START_MS + CLEANER_MS + 60_000))
    world.clock.advance(30_000)
    put(world, client, ['z', '2'], ['z', '3'])
    world.clock.advance(CLEANER_MS)
    expect(seen(client)).toEqual(['1 a=null', '3 z=2', '4 z=3'])
    world.clock.advance(30_000)
    put(world, client, ['z', '4'], ['z', '5'], ['z', '6'])
    world.clock.advance(CLEANER_MS)
    expect(seen(client)).toEqual(['6 z=5', '7 z=6'])
  })

  it('cleans from min.cleanable.dirty.ratio on', () => {
    const { world, client } = open({ 'min.cleanable.dirty.ratio': '0.5', 'internal.segment.bytes': '100' })
    put(world, client, ['a', '1'], ['b', '1'], ['c', '1'], ['z', '1'])
    world.clock.advance(CLEANER_MS)
    put(world, client, ['z', '2'], ['z', '3'])
    world.clock.advance(DAY_MS)
    // Two of five are dirty.
    expect(seen(client)).toHaveLength(6)
    put(world, client, ['z', '4'], ['z', '5'])
    world.clock.advance(CLEANER_MS)
    expect(seen(client)).toEqual(['0 a=1', '1 b=1', '2 c=1', '6 z=4', '7 z=5'])
  })

  it('max.compaction.lag.ms compacts whatever the ratio, min.compaction.lag.ms keeps what is young', () => {
    const late = open({
      'min.cleanable.dirty.ratio': '1',
      'max.compaction.lag.ms': '3600000',
      'internal.segment.bytes': '100',
    })
    put(late.world, late.client, ['a', '1'], ['a', '2'], ['z', '1'])
    late.world.clock.advance(3_600_000)
    expect(seen(late.client)).toHaveLength(3)
    late.world.clock.advance(CLEANER_MS)
    expect(seen(late.client)).toEqual(['1 a=2', '2 z=1'])
    expect(late.world.clock.fired).toBeLessThanOrEqual(2)
    const young = open({ 'min.compaction.lag.ms': '3600000', 'internal.segment.bytes': '100' })
    put(young.world, young.client, ['a', '1'], ['a', '2'], ['z', '1'])
    young.world.clock.advance(3_600_000 - 1)
    expect(seen(young.client)).toHaveLength(3)
    young.world.clock.advance(CLEANER_MS)
    expect(seen(young.client)).toEqual(['1 a=2', '2 z=1'])
    expect(young.world.clock.fired).toBeLessThanOrEqual(2)
  })

  it('compact,delete does both', () => {
    const { world, client } = open({
      'cleanup.policy': 'compact,delete',
      'retention.ms': '60000',
      'internal.segment.bytes': '100',
    })
    put(world, client, ['a', '1'], ['a', '2'], ['z', '1'])
    world.clock.advance(CLEANER_MS)
    expect(seen(client)).toEqual(['1 a=2', '2 z=1'])
    world.clock.advance(DAY_MS)
    expect(world.cluster.admin.logStart('t', 0)).toBe(3n)
    expect(world.clock.pending).toBe(0)
  })

  it('takes no records without keys', () => {
    const { world, client } = open()
    expect(
      putBatch(world, client, [
        ['a', '1'],
        [null, '1'],
      ]),
    ).toBe('INVALID_RECORD')
    expect(world.cluster.admin.logEnd('t', 0)).toBe(0n)
  })

  it("I1: a producer's last batch stays, without records where it must, so that a retry is still known", () => {
    const { world, client } = open({ 'internal.segment.bytes': '100' })
    const producer = { producerId: 7n, producerEpoch: 0 }
    putBatch(world, client, [['a', '1']], { ...producer, baseSequence: 0 })
    putBatch(world, client, [['a', '2']], { ...producer, baseSequence: 1 })
    put(world, client, ['a', '3'], ['z', '1'])
    world.clock.advance(CLEANER_MS)
    expect(batches(client).map(({ baseOffset, recordCount }) => [baseOffset, recordCount])).toEqual([
      [1n, 0],
      [2n, 1],
      [3n, 1],
    ])
    expect(batches(client)[0]).toMatchObject({ ...producer, baseSequence: 1, lastOffset: 1n })
  })
})

describe('compaction and transactions', () => {
  function transaction(log: PartitionLog, key: string, outcome: 'commit' | 'abort'): void {
    const producer = { producerId: 5n, producerEpoch: 0 }
    const data = encodeBatch({
      ...producer,
      transactional: true,
      baseSequence: 0,
      records: recordsOf([[key, '1']], 1n),
    })
    const marker = encodeMarker(
      { ...producer, outcome, coordinatorEpoch: 0, timestamp: 1n },
      { baseOffset: 0n, leaderEpoch: 0 },
    )
    for (const bytes of [data, marker]) for (const batch of readBatches(bytes)) log.append(batch)
  }

  function cleaned(log: PartitionLog, nowMs: number): void {
    const upTo = log.endOffset - 1n
    const options = { nowMs, deleteRetentionMs: 1_000, isLastOfProducer: () => false }
    log.replaceBelow(upTo, clean(log, { from: log.startOffset, upTo }, options).batches)
  }

  function stored(log: PartitionLog): [bigint, boolean][] {
    return log.from(0n).map(({ baseOffset, control }) => [baseOffset, control])
  }

  it('aborted records go at once and do not hide others; their marker stays for delete.retention.ms', () => {
    const log = new PartitionLog('t', 0)
    log.appendRecord({ timestamp: 1n, key: Buffer.from('a'), value: Buffer.from('0') })
    transaction(log, 'a', 'abort')
    log.appendRecord({ timestamp: 1n, key: Buffer.from('z'), value: Buffer.from('0') })
    log.appendRecord({ timestamp: 1n, key: Buffer.from('y'), value: Buffer.from('0') })
    cleaned(log, 10_000)
    expect(stored(log)).toEqual([
      [0n, false],
      [2n, true],
      [3n, false],
      [4n, false],
    ])
    // Now nothing is left of the transaction: the marker gets its horizon, and goes when that has
    // passed.
    cleaned(log, 20_000)
    expect(deleteHorizonOf(log.batchAt(2n) as RecordBatch)).toBe(21_000n)
    cleaned(log, 20_999)
    expect(log.batchAt(2n)).toBeDefined()
    cleaned(log, 21_000)
    expect(stored(log)).toEqual([
      [0n, false],
      [3n, false],
      [4n, false],
    ])
  })

  it('the marker of a commit stays as long as records of it do', () => {
    const log = new PartitionLog('t', 0)
    transaction(log, 'a', 'commit')
    log.appendRecord({ timestamp: 1n, key: Buffer.from('z'), value: Buffer.from('0') })
    for (const nowMs of [10_000, 20_000, 30_000]) cleaned(log, nowMs)
    expect(stored(log)).toEqual([
      [0n, false],
      [1n, true],
      [2n, false],
    ])
  })
})
