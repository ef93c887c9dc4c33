import { createRandom } from '../core/random.ts'
import type { ArbitraryValue, DrawnRecords, Scenario } from '../core/scenario.ts'
import type { WorkloadRecord } from '../core/schedule.ts'
import type { DrawnRecord } from '../run/run.interface.ts'
import { checkedRecords } from './define.ts'
import { plainRecords } from './plain-records.ts'

/**
 * The records of a topic that come from an arbitrary of fast-check. Each has chance of its own, so
 * that record 7 is the same whatever the others are, and can be shrunk alone.
 * @throws UsageError `bad-scenario` where the arbitrary throws, or gives what is no record
 */
export function drawnRecords(
  scenario: Scenario,
  topic: string,
  { count, each }: DrawnRecords,
  seed: string,
): readonly DrawnRecord[] {
  const values: ArbitraryValue[] = []
  const list = checkedRecords(scenario, topic, () => {
    for (let index = 0; index < count; index += 1)
      values.push(each.generate(createRandom(`${seed}/workload/${topic}/${index}`), undefined))
    return values.map(({ value }) => value)
  })
  const partitions = scenario.topics[topic]?.partitions ?? 1
  const records = plainRecords(topic, partitions, list)
  const drawn = (value: ArbitraryValue, record: WorkloadRecord): DrawnRecord => ({
    record,
    *plainer() {
      for (const next of each.shrink(value.value_, value.context)) {
        const [plain] = plainRecords(topic, partitions, [next.value])
        if (plain === undefined) continue
        // Without a key it would go round: it stays where it was.
        const partition =
          next.value.key == null ? (next.value.partition ?? record.partition) : plain.partition
        yield drawn(next, { ...plain, partition })
      }
    },
  })
  return records.flatMap((record, index) =>
    values.slice(index, index + 1).map((value) => drawn(value, record)),
  )
}
