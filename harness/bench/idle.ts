import { prepareScenario } from '../scenario/prepare.ts'
import { plainScenario } from './scenarios.ts'

export interface Idle {
  readonly virtualHours: number
  readonly dispatched: number
  readonly wallMs: number
}

/** An idle virtual hour of two connected consumers: one record at its start, one at its end. */
export async function measureIdle(): Promise<Idle> {
  const hourMs = 3_600_000
  const scenario = {
    ...plainScenario({ processes: 2, partitions: 2, records: 0 }),
    records: {
      work: [
        { value: 'first', partition: 0 },
        { value: 'last', partition: 1, atMs: hourMs },
      ],
    },
  }
  const prepared = await prepareScenario(scenario, { file: import.meta.filename })
  const workload = prepared.workload('idle')
  const { stats } = await prepared.run({ seed: 'idle', workload, faults: [], holds: [] })
  return { virtualHours: stats.virtualMs / hourMs, dispatched: stats.dispatched, wallMs: stats.wallMs }
}
