import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../probe/manual-clock.ts'
import { decodeRecords, encodeBatch, type KafkaRecord, readBatches } from '../wire/index.ts'
import { clean, planCleaning } from './cleaner.ts'
import { PartitionLog } from './partition-log.ts'
import { Segments } from './segments.ts'
import type { LogConfig } from './topic-configs.ts'

const CONFIG: LogConfig = {
  deletes: false,
  compacts: true,
  retentionMs: -1,
  retentionBytes: -1,
  segmentMs: 1_000_000,
  segmentBytes: 300,
  logAppendTime: false,
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  messageBytesMax: 1_000_000,
  dirtyRatioMin: 0,
  deleteRetentionMs: 50,
  compactionLagMsMin: 0,
  compactionLagMsMax: Number.MAX_SAFE_INTEGER,
}

type CleanerStep =
  | { readonly kind: 'append'; readonly pairs: readonly (readonly [key: number, value: number | null])[] }
  | { readonly kind: 'clean' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'delete'; readonly offset: number }

const pair = fc.tuple(fc.nat(4), fc.option(fc.nat(9), { freq: 4 }))
const step: fc.Arbitrary<CleanerStep> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(pair, { minLength: 1, maxLength: 4 })
      .map((pairs) => ({ kind: 'append' as const, pairs })),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'clean' as const }) },
  { weight: 1, arbitrary: fc.nat(80).map((ms) => ({ kind: 'wait' as const, ms })) },
  { weight: 1, arbitrary: fc.nat(12).map((offset) => ({ kind: 'delete' as const, offset })) },
)

function all(log: PartitionLog): KafkaRecord[] {
  return log.from(log.startOffset).flatMap((batch) => decodeRecords(batch))
}

function line({ offset, key, value, timestamp }: KafkaRecord): string {
  return `${offset} ${String(key)}=${String(value)} at ${timestamp}`
}

describe('the cleaner', () => {
  it('whatever comes: records that are left are as they were, the last of each key is there, offsets only go up', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const log = new PartitionLog('t', 0)
        const segments = new Segments(log, new ManualClock())
        const written = new Map<bigint, string>()
        const lastOf = new Map<string, KafkaRecord>()
        let nowMs = 1_000
        let cleanedUpTo = 0n
        for (const each of steps) {
          if (each.kind === 'wait') nowMs += each.ms
          if (each.kind === 'delete') log.deleteBefore(BigInt(each.offset))
          if (each.kind === 'append') {
            const records = each.pairs.map(([key, value]) => ({
              timestamp: BigInt(nowMs),
              key: Buffer.from(`k${key}`),
              value: value === null ? null : Buffer.from(`v${value}`),
            }))
            const [batch] = readBatches(encodeBatch({ records }))
            if (batch === undefined) throw new Error('no batch')
            for (const record of decodeRecords(log.append(batch))) {
              written.set(record.offset, line(record))
              lastOf.set(String(record.key), record)
            }
          }
          if (each.kind !== 'clean') continue
          const { dirty } = planCleaning(segments, CONFIG, { cleanedUpTo, nowMs })
          if (dirty === null) continue
          const active = segments.look(CONFIG).at(-1)?.baseOffset ?? 0n
          expect(dirty.upTo <= active).toBe(true)
          const options = {
            nowMs,
            deleteRetentionMs: CONFIG.deleteRetentionMs,
            isLastOfProducer: () => false,
          }
          const before = all(log)
          const { batches, removed } = clean(log, dirty, options)
          log.replaceBelow(dirty.upTo, batches)
          segments.cleaned(dirty.upTo, batches, CONFIG)
          cleanedUpTo = dirty.upTo
          const after = all(log)
          const gone = new Set(removed)
          expect(after.map(line)).toEqual(before.filter(({ offset }) => !gone.has(offset)).map(line))
        }
        const left = all(log)
        for (const record of left) expect(written.get(record.offset)).toBe(line(record))
        const offsets = left.map(({ offset }) => offset)
        expect(offsets.every((offset, index) => index === 0 || (offsets[index - 1] ?? 0n) < offset)).toBe(
          true,
        )
        const there = new Set(offsets)
        for (const { offset, value } of lastOf.values()) {
          // Tombstones may be gone, and so may what DeleteRecords took.
          if (value !== null && offset >= log.startOffset) expect(there.has(offset)).toBe(true)
        }
        const bytes = segments.look(CONFIG).reduce((sum, segment) => sum + segment.bytes, 0)
        const stored = log.from(log.startOffset).reduce((sum, batch) => sum + batch.bytes.length, 0)
        expect(bytes).toBeGreaterThanOrEqual(stored)
      }),
      { numRuns: 500 },
    )
  })
})
