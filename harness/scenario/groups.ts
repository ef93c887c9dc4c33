import { didYouMean } from '../core/did-you-mean.ts'
import { parsePartitionName, partitionName } from '../core/names.ts'
import type { Scenario } from '../core/scenario.ts'
import type { Workload } from '../core/schedule.ts'
import type { FlatScenario } from './clusters.ts'

/** A complaint about where the scenario's groups begin, or null. */
export function wrongGroups({ groups = {}, topics }: Pick<FlatScenario, 'groups' | 'topics'>): string | null {
  if (Object.keys(groups).length === 0) return null
  const known = Object.entries(topics).flatMap(([topic, { partitions }]) =>
    Array.from({ length: partitions }, (_, partition) => partitionName({ topic, partition })),
  )
  for (const [group, begins] of Object.entries(groups)) {
    for (const [name, offset] of Object.entries(begins)) {
      const { topic = '' } = parsePartitionName(name) ?? {}
      if (!known.includes(name))
        return `lets the group '${group}' begin at '${name}', which is no partition of its topics; ${didYouMean(name, known) ?? `they have ${known.join(', ')}`}`
      const first = BigInt(topics[topic]?.startOffset ?? 0)
      if (BigInt(offset) < first)
        return `lets the group '${group}' begin at offset ${offset} of ${name}, whose first offset is ${first}; write ${first} or more`
    }
  }
  return null
}

/** Where the scenario's groups begin, as plain data. */
export function committedBefore({ groups }: Pick<Scenario, 'groups'>): Pick<Workload, 'committed'> {
  if (groups === undefined) return {}
  const entries = Object.entries(groups).map(([group, begins]) => {
    const offsets = Object.entries(begins).map(([name, offset]) => [name, BigInt(offset).toString()])
    return [group, Object.fromEntries(offsets)]
  })
  return { committed: Object.fromEntries(entries) }
}
