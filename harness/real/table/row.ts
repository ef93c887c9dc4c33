import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { baseFile } from '../../check/base-file.ts'
import { readCounterexample } from '../../check/counterexample-file.ts'
import { scenarioOf } from '../../check/replay.ts'
import type { Confirmation } from '../../core/confirmation.ts'
import type { Counterexample } from '../../core/counterexample.ts'
import type { FaultKind } from '../../core/fault.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { PropertyName } from '../../core/verdict.ts'
import { loadScenarioFile } from '../../scenario/load.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { brokersFor } from '../applicable.ts'
import type { Provider } from '../providers/provider.interface.ts'
import { referenceOf } from '../reference.ts'
import { type RealTarget, replayOnCluster } from '../replay.ts'

/** The tries of a counterexample, kept between two runs of the table. */
export interface TableRow {
  readonly name: string
  readonly isProbe: boolean
  /** Sessions were not shortened: the app's own timers are measured against them. */
  readonly ownSessions?: boolean
  /** Whether a simulated run violates the property too; told of probes. */
  readonly simulated?: boolean
  /** The kind of each fault of its schedule. */
  readonly kinds: readonly FaultKind[]
  readonly brokers: number
  /** Null: its tries have not begun, or could not. */
  readonly mutant: RowTries | null
  /** Its correct twin, under the same schedule; null: it has none. */
  readonly twin: RowTries | null
  /** Why there was no try. */
  readonly problem: string | null
  /** Tries on earlier code, or on a machine too busy to judge by. */
  readonly before: readonly EarlierTries[]
}

export interface RowTries {
  readonly confirmation: Confirmation
  /** The load average of the machine after each try. */
  readonly loads: readonly number[]
  readonly startsMs: readonly number[]
}

export interface EarlierTries {
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
  /** Sessions last as long as the clients ask. */
  readonly ownSessions: boolean
  /** Tries them all again, and keeps only the count of those before. */
  readonly again: boolean
}

const NOT_BEGUN = { kinds: [], brokers: 1, mutant: null, twin: null, problem: null }

/** One row to be filled. */
export interface TableJob {
  readonly name: string
  /** Made up to see a fault begin, and found by no search. */
  readonly isProbe: boolean
  load(): Promise<{ readonly target: RealTarget; readonly twin: RealTarget | null }>
}

export function jobOf(file: string): TableJob {
  return {
    name: nameOf(file),
    isProbe: false,
    async load() {
      const counterexample = readCounterexample(file)
      const { scenario, scenarioFile } = await scenarioOf(file, counterexample, true)
      const twin = await twinOf(scenarioFile)
      return {
        target: { counterexample, scenario, file: scenarioFile },
        twin: twin && { ...twin, counterexample: withTopicsOf(twin.scenario, counterexample) },
      }
    },
  }
}

/** Tries it as often as is missing. What has been tried is on disk at once. */
export async function fill({ name, isProbe, load }: TableJob, options: RowOptions): Promise<TableRow> {
  const { folder, times, twinTimes, again } = options
  const file = fileOf(folder, name)
  const kept = existsSync(file) ? readRow(file) : { ...NOT_BEGUN, name, isProbe, before: [] }
  let row: TableRow = again
    ? { ...NOT_BEGUN, name, isProbe, before: beforeOf(kept) }
    : { ...kept, problem: null }
  const keep = (change: Partial<TableRow>): void => {
    row = { ...row, ...change }
    writeRow(file, row)
  }
  try {
    const { target, twin } = await load()
    const { schedule, violation } = target.counterexample
    const kinds = schedule.faults.map(({ kind }) => kind)
    row = { ...row, kinds, brokers: brokersFor(schedule), ownSessions: options.ownSessions }
    if (isProbe) row = { ...row, simulated: await isViolated(target, violation.property) }
    await more(target, row.mutant, times, options, (mutant) => keep({ mutant }))
    if (twin !== null && row.mutant?.confirmation.notApplicable === null)
      await more(twin, row.twin, twinTimes, options, (tried) => keep({ twin: tried }))
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    keep({ problem: problem.split('\n')[0] ?? '' })
  }
  return row
}

async function isViolated(
  { counterexample, scenario, file }: RealTarget,
  property: PropertyName,
): Promise<boolean> {
  const prepared = await prepareScenario(scenario, { file: baseFile(scenario, file) })
  const { result } = await referenceOf(prepared, counterexample)
  return result.verdict.violations.some((each) => each.property === property)
}

/** Adds tries until there are so many. */
async function more(
  target: RealTarget,
  before: RowTries | null,
  times: number,
  { provider, release, takeStartsMs, ownSessions }: RowOptions,
  keep: (tried: RowTries) => void,
): Promise<void> {
  const missing = times - (before?.confirmation.tries.length ?? 0)
  if (missing <= 0 || (before?.confirmation.notApplicable ?? null) !== null) return
  for (let left = missing, tried = before; left > 0; left -= 1) {
    const { confirmation } = await replayOnCluster(target, {
      provider,
      times: 1,
      hurry: true,
      ownSessions,
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

function together(before: RowTries | null, { confirmation, loads, startsMs }: RowTries): RowTries {
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
function withTopicsOf({ topics = {} }: Scenario, counterexample: Counterexample): Counterexample {
  const { schedule } = counterexample
  const own = Object.entries(topics).map(([name, { partitions }]) => [name, { partitions, startOffset: '0' }])
  const workload = {
    ...schedule.workload,
    topics: { ...Object.fromEntries(own), ...schedule.workload.topics },
  }
  return { ...counterexample, schedule: { ...schedule, workload } }
}

function beforeOf({ mutant, before }: TableRow): EarlierTries[] {
  if (mutant === null) return [...before]
  const { reproduced, of } = mutant.confirmation
  return [...before, { reproduced, of, load: Math.max(0, ...mutant.loads) }]
}

/** All that are kept there. */
export function readRows(folder: string): TableRow[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readRow(path.join(folder, file)))
}

function readRow(file: string): TableRow {
  return JSON.parse(readFileSync(file, 'utf8')) as TableRow
}

/** A reader sees the old row or the new one. */
function writeRow(file: string, row: TableRow): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(row, null, 1)}\n`)
  renameSync(`${file}.new`, file)
}

/** Files of the repository by their folder, others by their name alone. */
function nameOf(file: string): string {
  const { dir, name } = path.parse(path.relative(SCENARIOS, file))
  return dir.startsWith('..') ? name : path.posix.join(...dir.split(path.sep), name)
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${name.replaceAll(/[/ ]/g, '.')}.json`)
}
