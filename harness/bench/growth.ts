import { prepareScenario } from '../scenario/prepare.ts'
import { plainScenario, type Size } from './scenarios.ts'

export interface GrowthRow extends Size {
  readonly axis: 'records' | 'partitions' | 'processes'
  readonly wallMs: number
  readonly dispatched: number
  /** Milliseconds for one unit of the axis. */
  readonly msPerUnit: number
}

const AXES: Readonly<Record<GrowthRow['axis'], readonly number[]>> = {
  records: [100, 1_000, 10_000, 100_000],
  partitions: [1, 4, 16, 64, 256],
  processes: [1, 2, 4, 8, 16, 32],
}
const BASE: Size = { processes: 2, partitions: 2, records: 100 }

/**
 * How the cost of one fault-free run grows along one axis at a time. Median of three runs after a
 * warm-up.
 */
export async function measureGrowth(): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = []
  for (const [axis, sizes] of Object.entries(AXES) as [GrowthRow['axis'], readonly number[]][]) {
    for (const size of sizes) rows.push(await measureOne(axis, { ...BASE, [axis]: size }))
  }
  return rows
}

async function measureOne(axis: GrowthRow['axis'], size: Size): Promise<GrowthRow> {
  const prepared = await prepareScenario(plainScenario(size), { file: import.meta.filename })
  const workload = prepared.workload('growth')
  const samples: { wallMs: number; dispatched: number }[] = []
  for (let index = 0; index < 3; index += 1) {
    const { stats, verdict } = await prepared.run({ seed: 'growth', workload, faults: [], holds: [] })
    if (verdict.verdict !== 'held')
      throw new Error(`${axis} ${size[axis]}: ${JSON.stringify(verdict.violations)}`)
    samples.push({ wallMs: stats.wallMs, dispatched: stats.dispatched })
  }
  const median = samples.sort((a, b) => a.wallMs - b.wallMs)[1] ?? { wallMs: 0, dispatched: 0 }
  return { axis, ...size, ...median, msPerUnit: median.wallMs / size[axis] }
}
