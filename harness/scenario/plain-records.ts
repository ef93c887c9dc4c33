import type { RecordInput } from '../core/scenario.ts'
import type { Bytes, WorkloadRecord } from '../core/schedule.ts'
import { partitionFor } from '../kafka/index.ts'

/**
 * Records as a user writes them, as plain data: by their keys, or round robin, where they name no
 * partition.
 */
export function plainRecords(
  topic: string,
  partitions: number,
  list: readonly RecordInput[],
): WorkloadRecord[] {
  let unkeyed = 0
  return list.map((record) => {
    const partition =
      record.partition ?? (record.key == null ? unkeyed++ % partitions : keyPartition(record.key, partitions))
    return {
      topic,
      partition,
      key: bytesOf(record.key ?? null),
      value: bytesOf(record.value),
      ...(record.headers === undefined ? {} : { headers: headersOf(record.headers) }),
      atMs: record.atMs ?? 0,
    }
  })
}

function keyPartition(key: string | Uint8Array, partitions: number): number {
  return partitionFor(typeof key === 'string' ? Buffer.from(key) : Buffer.from(key), partitions)
}

function headersOf(headers: NonNullable<RecordInput['headers']>): Record<string, Bytes> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, bytesOf(value) ?? '']))
}

function bytesOf(value: string | Uint8Array | null): Bytes | null {
  if (value === null || typeof value === 'string') return value
  return { base64: Buffer.from(value).toString('base64') }
}
