import path from 'node:path'
import { DEFECTS } from '../canaries/defects.ts'
import { SCENARIOS } from '../canaries/search-file.ts'
import { median } from '../core/median.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { loadOneScenario } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { type SearchOutcome, search } from '../search/search.ts'

const RUNS_MAX = 10_000

export interface MutantRow {
  readonly id: string
  readonly found: number
  readonly seeds: number
  readonly properties: readonly string[]
  readonly schedulesMedian: number
  readonly schedulesWorst: number
  /** Median sizes of the shrunk counterexamples. */
  readonly faults: number
  readonly holds: number
  readonly records: number
  readonly processes: number
  readonly partitions: number
  readonly shrinkRuns: number
  readonly shrinkMs: number
  readonly oneMinimal: number
}

export interface AlarmRow {
  readonly id: string
  readonly schedules: number
  readonly violations: number
}

/** The services on kafkajs that must fail, or hold, with the ids of their defects. */
function services(must: 'fail' | 'hold'): { readonly id: string; readonly file: string }[] {
  return DEFECTS.flatMap(({ folder, defect }) =>
    defect.services.flatMap(({ kafkajs }) =>
      typeof kafkajs === 'string' || kafkajs.must !== must
        ? []
        : [{ id: defect.id, file: path.join(SCENARIOS, folder, kafkajs.file) }],
    ),
  )
}

async function prepare(file: string): Promise<PreparedScenario> {
  return prepareScenario(await loadOneScenario(file), { file })
}

/**
 * For each mutant: how many schedules the default search needs, and what is left of the
 * counterexample.
 */
export async function measureMutants(seeds: number): Promise<MutantRow[]> {
  const rows: MutantRow[] = []
  for (const { id, file } of services('fail')) {
    const prepared = await prepare(file)
    const found: (SearchOutcome & { outcome: 'violated' })[] = []
    for (let seed = 1; seed <= seeds; seed += 1) {
      const outcome = await search(prepared, { seed: String(seed), runs: RUNS_MAX, strategy: 'portfolio' })
      if (outcome.outcome === 'violated') found.push(outcome)
    }
    rows.push(rowOf(id, seeds, found))
  }
  return rows
}

function rowOf(
  id: string,
  seeds: number,
  found: readonly (SearchOutcome & { outcome: 'violated' })[],
): MutantRow {
  const size = (of: (schedule: (typeof found)[number]['shrunk']['schedule']) => number): number =>
    median(found.map(({ shrunk }) => of(shrunk.schedule)))
  const schedules = found.map(({ foundAfterRuns }) => foundAfterRuns)
  return {
    id,
    found: found.length,
    seeds,
    properties: [...new Set(found.map(({ finding }) => finding.property))],
    schedulesMedian: median(schedules),
    schedulesWorst: Math.max(...schedules, 0),
    faults: size(({ faults }) => faults.length),
    holds: size(({ holds }) => holds.length),
    records: size(({ workload }) => workload.records.length),
    processes: size(({ workload }) => workload.consumers),
    partitions: size(({ workload }) =>
      Object.values(workload.topics).reduce((sum, topic) => sum + topic.partitions, 0),
    ),
    shrinkRuns: median(found.map(({ shrunk }) => shrunk.runs)),
    shrinkMs: Math.round(median(found.map(({ shrunk }) => shrunk.durationMs))),
    oneMinimal: found.filter(({ shrunk }) => shrunk.oneMinimal).length,
  }
}

/** Every correct twin under the same search: each violation is a false alarm. */
export async function measureAlarms(schedules: number, seeds: number): Promise<AlarmRow[]> {
  const rows: AlarmRow[] = []
  for (const { id, file } of services('hold')) {
    const prepared = await prepare(file)
    let [runs, violations] = [0, 0]
    for (let seed = 1; seed <= seeds; seed += 1) {
      const outcome = await search(prepared, {
        seed: `twin-${seed}`,
        runs: schedules,
        strategy: 'portfolio',
        shrinkRuns: 0,
      })
      runs += outcome.runs
      if (outcome.outcome !== 'held') violations += 1
    }
    rows.push({ id, schedules: runs, violations })
  }
  return rows
}
