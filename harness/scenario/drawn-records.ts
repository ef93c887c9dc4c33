import { createRandom } from '../core/random.ts'
import type { ArbitraryValue, DrawnRecords, RecordInput } from '../core/scenario.ts'
import type { WorkloadRecord } from '../core/schedule.ts'
import { createStream } from '../core/seed.ts'
import type { DrawnRecord } from '../run/run.interface.ts'
import type { FlatScenario } from './clusters.ts'
import { checkedRecords } from './define.ts'
import { plainRecords } from './plain-records.ts'

/** A record's value, and when it comes where it does not say so itself. */
interface TimedValue {
  readonly input: RecordInput
  /** Null: it comes from a function, and nothing is plainer. */
  readonly value: ArbitraryValue | null
  readonly atMs: number
}

/**
 * The records of a topic that are made one by one. Each has chance of its own, so that record 7 is
 * the same whatever the others are, and can be shrunk alone.
 * @throws UsageError `bad-scenario` where what makes them throws, or gives what is no record
 */
export function drawnRecords(
  scenario: FlatScenario,
  topic: string,
  input: DrawnRecords,
  seed: string,
): readonly DrawnRecord[] {
  const values: TimedValue[] = []
  const list = checkedRecords(scenario, topic, () => {
    for (let index = 0; index < input.count; index += 1)
      values.push(timedValue(input, index, `${seed}/workload/${topic}/${index}`))
    return values.map(({ input: record, atMs }) => ({ ...record, atMs: record.atMs ?? atMs }))
  })
  const partitions = scenario.topics[topic]?.partitions ?? 1
  const records = plainRecords(topic, partitions, list)
  const drawn = ({ value, atMs }: TimedValue, record: WorkloadRecord): DrawnRecord => ({
    record,
    *plainer() {
      if (value === null || typeof input.each === 'function') return
      for (const next of input.each.shrink(value.value_, value.context)) {
        const [plain] = plainRecords(topic, partitions, [{ ...next.value, atMs: next.value.atMs ?? atMs }])
        if (plain === undefined) continue
        // Without a key it would go round: it stays where it was.
        const partition =
          next.value.key == null ? (next.value.partition ?? record.partition) : plain.partition
        yield drawn({ input: next.value, value: next, atMs }, { ...plain, partition })
      }
    },
  })
  return records.flatMap((record, index) =>
    values.slice(index, index + 1).map((value) => drawn(value, record)),
  )
}

function timedValue({ each, at }: DrawnRecords, index: number, seed: string): TimedValue {
  const atMs = at?.(index, createStream(`${seed}/at`)) ?? 0
  if (typeof each === 'function') return { input: each(index, createStream(seed)), value: null, atMs }
  const value = each.generate(createRandom(seed), undefined)
  return { input: value.value, value, atMs }
}
