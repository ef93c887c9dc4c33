import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { readCounterexample } from '../../check/counterexample-file.ts'
import { scenarioOf } from '../../check/replay.ts'
import type { Confirmation } from '../../core/confirmation.ts'
import type { Counterexample } from '../../core/counterexample.ts'
import type { FaultKind } from '../../core/fault.ts'
import type { Scenario } from '../../core/scenario.ts'
import { loadScenarioFile } from '../../scenario/load.ts'
import { brokersFor } from '../applicable.ts'
import type { Provider } from '../providers/provider.interface.ts'
import { type RealTarget, replayOnCluster } from '../replay.ts'

/** What is kept of a counterexample's tries between two runs of the table. */
export interface Row {
  readonly name: string
  /** The kind of each fault of its schedule. */
  readonly kinds: readonly FaultKind[]
  readonly brokers: number
  /** Null: its tries have not begun, or could not. */
  readonly mutant: Tried | null
  /** Its correct twin, under the same schedule; null: it has none. */
  readonly twin: Tried | null
  /** Why there was no try. */
  readonly problem: string | null
  /** Tries on earlier code, or on a machine too busy to judge by. */
  readonly before: readonly Before[]
}

export interface Tried {
  readonly confirmation: Confirmation
  /** The load average of the machine after each try. */
  readonly loads: readonly number[]
  readonly startsMs: readonly number[]
}

export interface Before {
  readonly reproduced: number
  readonly of: number
  readonly load: number
}

export interface RowOptions {
  readonly provider: Provider
  /** Takes the times of what the provider has started since it was last asked. */
  takeStartsMs(): readonly number[]
  readonly folder: string
  readonly times: number
  readonly twinTimes: number
  readonly release: string
  /** Tries them all again, and keeps only the count of those before. */
  readonly again: boolean
}

const NOT_BEGUN = { kinds: [], brokers: 1, mutant: null, twin: null, problem: null }

/** Tries a counterexample as often as is missing. What has been tried is on disk at once. */
export async function fill(file: string, options: RowOptions): Promise<Row> {
  const { folder, times, twinTimes, again } = options
  const name = nameOf(file)
  const keptAt = fileOf(folder, name)
  const kept = existsSync(keptAt) ? readRow(keptAt) : { ...NOT_BEGUN, name, before: [] }
  let row: Row = again ? { ...NOT_BEGUN, name, before: beforeOf(kept) } : { ...kept, problem: null }
  const keep = (change: Partial<Row>): void => {
    row = { ...row, ...change }
    writeRow(folder, row)
  }
  try {
    const counterexample = readCounterexample(file)
    const { scenario, scenarioFile } = await scenarioOf(file, counterexample, true)
    const target = { counterexample, scenario, file: scenarioFile }
    const { faults } = counterexample.schedule
    row = { ...row, kinds: faults.map(({ kind }) => kind), brokers: brokersFor(counterexample.schedule) }
    await more(target, row.mutant, times, options, (mutant) => keep({ mutant }))
    const twin = row.mutant?.confirmation.notApplicable === null ? await twinOf(scenarioFile) : null
    if (twin !== null) {
      const widened = { ...twin, counterexample: withTopicsOf(twin.scenario, counterexample) }
      await more(widened, row.twin, twinTimes, options, (tried) => keep({ twin: tried }))
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    keep({ problem: problem.split('\n')[0] ?? '' })
  }
  return row
}

/** Adds tries until there are so many. */
async function more(
  target: RealTarget,
  before: Tried | null,
  times: number,
  { provider, release, takeStartsMs }: RowOptions,
  keep: (tried: Tried) => void,
): Promise<void> {
  const missing = times - (before?.confirmation.tries.length ?? 0)
  if (missing <= 0 || (before?.confirmation.notApplicable ?? null) !== null) return
  for (let left = missing, tried = before; left > 0; left -= 1) {
    const { confirmation } = await replayOnCluster(target, {
      provider,
      times: 1,
      hurry: true,
      lanes: 1,
      release,
      signal: NEVER,
      progress: () => {},
      onTry: () => {},
    })
    tried = together(tried, { confirmation, loads: [loadavg()[0] ?? 0], startsMs: takeStartsMs() })
    keep(tried)
    if (confirmation.notApplicable !== null) return
  }
}

const SCENARIOS = path.resolve(import.meta.dirname, '../../../scenarios')
const NEVER = new AbortController().signal

function together(before: Tried | null, { confirmation, loads, startsMs }: Tried): Tried {
  if (before === null) return { confirmation, loads, startsMs }
  return {
    confirmation: {
      ...confirmation,
      reproduced: before.confirmation.reproduced + confirmation.reproduced,
      of: before.confirmation.of + confirmation.of,
      tries: [...before.confirmation.tries, ...confirmation.tries],
    },
    loads: [...before.loads, ...loads],
    startsMs: [...before.startsMs, ...startsMs],
  }
}

async function twinOf(file: string): Promise<{ scenario: Scenario; file: string } | null> {
  const twin = file.replace(/\.ts$/, '.twin.ts')
  if (!existsSync(twin)) return null
  const [loaded] = await loadScenarioFile(twin)
  return loaded === undefined ? null : { scenario: loaded.scenario, file: twin }
}

/** A twin may write to topics that its mutant does not have. */
function withTopicsOf({ topics }: Scenario, counterexample: Counterexample): Counterexample {
  const { schedule } = counterexample
  const own = Object.entries(topics).map(([name, { partitions }]) => [name, { partitions, startOffset: '0' }])
  const workload = {
    ...schedule.workload,
    topics: { ...Object.fromEntries(own), ...schedule.workload.topics },
  }
  return { ...counterexample, schedule: { ...schedule, workload } }
}

function beforeOf({ mutant, before }: Row): Before[] {
  if (mutant === null) return [...before]
  const { reproduced, of } = mutant.confirmation
  return [...before, { reproduced, of, load: Math.max(0, ...mutant.loads) }]
}

/** All that are kept there. */
export function readRows(folder: string): Row[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readRow(path.join(folder, file)))
}

function readRow(file: string): Row {
  return JSON.parse(readFileSync(file, 'utf8')) as Row
}

/** A reader sees the old row or the new one. */
function writeRow(folder: string, row: Row): void {
  mkdirSync(folder, { recursive: true })
  const file = fileOf(folder, row.name)
  writeFileSync(`${file}.new`, `${JSON.stringify(row, null, 1)}\n`)
  renameSync(`${file}.new`, file)
}

/** Files of the repository by their folder, others by their name alone. */
function nameOf(file: string): string {
  const { dir, name } = path.parse(path.relative(SCENARIOS, file))
  return dir.startsWith('..') ? name : path.posix.join(...dir.split(path.sep), name)
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${name.replaceAll('/', '.')}.json`)
}
