import { jsonText } from '../core/json.ts'
import { isDrawn, type RecordsInput, type Scenario, type TopicInput } from '../core/scenario.ts'
import type { Workload, WorkloadRecord } from '../core/schedule.ts'
import { createChance } from '../core/seed.ts'
import type { DrawnRecord } from '../run/run.interface.ts'
import { processesOf } from './apps.ts'
import { brokersOf, type FlatScenario, flatScenario } from './clusters.ts'
import { madeRecords } from './define.ts'
import { drawnRecords } from './drawn-records.ts'
import { committedBefore } from './groups.ts'
import { plainRecords } from './plain-records.ts'

/**
 * The workload of a scenario as plain data; what is a function of chance is drawn from `seed`.
 * @throws UsageError `bad-scenario` where such a function makes what is no list of records
 */
export function drawWorkload(input: Scenario, seed: string): Workload {
  const scenario = flatScenario(input)
  const records = Object.entries(scenario.records).flatMap(([topic, input]) =>
    recordsOf(scenario, topic, input, seed),
  )
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
    ...processesOf(scenario),
    ...brokersOf(input),
    topics,
    ...committedBefore(scenario),
    records,
  }
}

/**
 * The records of that workload that come from arbitraries, with what their values may be shrunk to.
 */
export function drawnValues(input: Scenario, seed: string): readonly DrawnRecord[] {
  const scenario = flatScenario(input)
  return Object.entries(scenario.records).flatMap(([topic, input]) =>
    isDrawn(input) ? drawnRecords(scenario, topic, input, seed) : [],
  )
}

function recordsOf(
  scenario: FlatScenario,
  topic: string,
  input: RecordsInput,
  seed: string,
): readonly WorkloadRecord[] {
  const partitions = scenario.topics[topic]?.partitions ?? 1
  if (typeof input === 'number') {
    const records = countedRecords(topic, partitions, input)
    return isCompacted(scenario.topics[topic]) ? records.map(withTombstones(2 * partitions)) : records
  }
  if (isDrawn(input)) return drawnRecords(scenario, topic, input, seed).map(({ record }) => record)
  if (typeof input !== 'function') return plainRecords(topic, partitions, input)
  const random = createChance(seed).stream(`workload/${topic}`)
  return plainRecords(topic, partitions, madeRecords(scenario, topic, random))
}

/** `count` JSON records over all partitions in turn; each key always goes to the same partition. */
function countedRecords(topic: string, partitions: number, count: number): WorkloadRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    partition: index % partitions,
    key: `key-${index % (2 * partitions)}`,
    value: jsonText({ id: `${topic}-${index}` }),
    atMs: 0,
  }))
}

function isCompacted(topic: TopicInput | undefined): boolean {
  return topic?.configs?.['cleanup.policy']?.includes('compact') === true
}

/**
 * A compacted topic has records without a value: each third key is deleted when it comes for the
 * second time.
 */
function withTombstones(keys: number): (record: WorkloadRecord, index: number) => WorkloadRecord {
  return (record, index) =>
    Math.floor(index / keys) % 2 === 1 && (index % keys) % 3 === 0 ? { ...record, value: null } : record
}
