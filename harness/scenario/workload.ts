import type { RecordInput, Scenario } from '../core/scenario.ts'
import type { Bytes, Workload, WorkloadRecord } from '../core/schedule.ts'
import { createChance } from '../core/seed.ts'
import { partitionFor } from '../kafka/wire/murmur2.ts'
import { madeRecords } from './define.ts'

const CONSUMERS_DEFAULT = 2

/**
 * The workload of a scenario as plain data; what is a function of chance is drawn from `seed`.
 * @throws UsageError `bad-scenario` where such a function makes what is no list of records
 */
export function drawWorkload(scenario: Scenario, seed: string): Workload {
  const chance = createChance(seed)
  const records: WorkloadRecord[] = []
  for (const [topic, input] of Object.entries(scenario.records)) {
    const partitions = scenario.topics[topic]?.partitions ?? 1
    const random = chance.stream(`workload/${topic}`)
    const list = typeof input === 'function' ? madeRecords(scenario, topic, random) : input
    records.push(
      ...(typeof list === 'number'
        ? countedRecords(topic, partitions, list)
        : plainRecords(topic, partitions, list)),
    )
  }
  records.sort((a, b) => a.atMs - b.atMs)
  const topics = Object.fromEntries(
    Object.entries(scenario.topics).map(([name, { partitions, startOffset, configs }]) => [
      name,
      {
        partitions,
        startOffset: BigInt(startOffset ?? 0).toString(),
        ...(configs === undefined ? {} : { configs }),
      },
    ]),
  )
  return {
    consumers: scenario.consumers ?? CONSUMERS_DEFAULT,
    brokers: scenario.brokers ?? 1,
    topics,
    records,
  }
}

function plainRecords(topic: string, partitions: number, list: readonly RecordInput[]): WorkloadRecord[] {
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

/** `count` JSON records over all partitions in turn; each key always goes to the same partition. */
function countedRecords(topic: string, partitions: number, count: number): WorkloadRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    partition: index % partitions,
    key: `key-${index % (2 * partitions)}`,
    value: JSON.stringify({ id: `${topic}-${index}` }),
    atMs: 0,
  }))
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
