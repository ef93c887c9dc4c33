import { prepareScenario } from '../scenario/prepare.ts'
import { plainScenario } from './scenarios.ts'

export interface Idle {
  readonly virtualHours: number
  readonly dispatched: number
  readonly wallMs: number
}

const HOUR_MS = 3_600_000

/** Idle virtual time of two connected consumers: one record at its start, one at its end. */
export async function measureIdle(hours = 1): Promise<Idle> {
  const scenario = {
    ...plainScenario({ processes: 2, partitions: 2, records: 0 }),
    records: {
      work: [
        { value: 'first', partition: 0 },
        { value: 'last', partition: 1, atMs: hours * HOUR_MS },
      ],
    },
  }
  const prepared = await prepareScenario(scenario, { file: import.meta.filename })
  const workload = prepared.workload('idle')
  const { stats } = await prepared.run({ seed: 'idle', workload, faults: [], holds: [] })
  return { virtualHours: stats.virtualMs / HOUR_MS, dispatched: stats.dispatched, wallMs: stats.wallMs }
}
