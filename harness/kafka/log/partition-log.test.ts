import { describe, expect, it } from 'vitest'
import { encodeBatch, readBatches } from '../wire/index.ts'
import { PartitionLog } from './partition-log.ts'

function record(timestamp: bigint): { timestamp: bigint; key: null; value: Buffer } {
  return { timestamp, key: null, value: Buffer.from('v') }
}

function appendBatch(log: PartitionLog, ...timestamps: readonly bigint[]): void {
  for (const batch of readBatches(encodeBatch({ records: timestamps.map(record) }))) log.append(batch)
}

describe('PartitionLog', () => {
  it('finds a time although timestamps go up and down', () => {
    const log = new PartitionLog('t', 0)
    for (const timestamp of [10n, 50n, 20n, 60n, 30n]) log.appendRecord(record(timestamp))
    expect([5n, 10n, 11n, 50n, 51n, 60n].map((time) => log.offsetForTimestamp(time)?.offset)).toEqual([
      0n,
      0n,
      1n,
      1n,
      3n,
      3n,
    ])
    expect(log.offsetForTimestamp(61n)).toBe(null)
    log.deleteBefore(2n)
    expect(log.offsetForTimestamp(15n)?.offset).toBe(2n)
    expect(log.offsetForTimestamp(40n)?.offset).toBe(3n)
  })

  it('finds a time inside a batch, and none that was deleted', () => {
    const log = new PartitionLog('t', 0, 100n)
    appendBatch(log, 1n, 2n, 3n)
    appendBatch(log, 4n, 5n)
    expect(log.offsetForTimestamp(2n)?.offset).toBe(101n)
    log.deleteBefore(102n)
    expect(log.offsetForTimestamp(1n)?.offset).toBe(102n)
    expect(log.read(102n, { limit: log.endOffset, bytesMax: 1, atLeastOne: true })[0]?.baseOffset).toBe(100n)
  })

  it('is empty, and goes on where it ended, when everything is deleted and more', () => {
    const log = new PartitionLog('t', 0)
    appendBatch(log, 1n, 2n)
    log.deleteBefore(100n)
    expect([log.startOffset, log.endOffset]).toEqual([2n, 2n])
    expect(log.appendRecord(record(3n))).toBe(2n)
    expect(log.offsetForTimestamp(0n)?.offset).toBe(2n)
  })

  it('counts the bytes below a limit', () => {
    const log = new PartitionLog('t', 0)
    for (let index = 0; index < 3; index += 1) log.appendRecord(record(1n))
    const [batch] = log.read(0n, { limit: 1n, bytesMax: 1_000, atLeastOne: true })
    const size = batch?.bytes.length ?? 0
    expect(log.bytesFrom(0n, { limit: 3n, bytesMax: 1_000 })).toBe(3 * size)
    expect(log.bytesFrom(1n, { limit: 2n, bytesMax: 1_000 })).toBe(size)
    expect(log.bytesFrom(1n, { limit: 1n, bytesMax: 1_000 })).toBe(0)
    expect(log.bytesFrom(0n, { limit: 3n, bytesMax: 10 })).toBe(10)
  })

  it('a record that was appended alone reads as its batch says', () => {
    const log = new PartitionLog('t', 0, 2n ** 53n + 1n)
    log.leaderEpoch = 3
    log.appendRecord(record(7n))
    const [stored] = log.read(log.startOffset, { limit: log.endOffset, bytesMax: 0, atLeastOne: true })
    expect(readBatches(stored?.bytes ?? Buffer.alloc(0))).toEqual([stored])
  })
})
