import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { usage } from '../check/option-values.ts'
import type { Counterexample } from '../core/counterexample.ts'
import type { Scenario } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import type { PreparedScenario, RunOptions } from '../run/run.interface.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { search } from '../search/search.ts'
import { endWrongUse, scriptOptions } from './script-options.ts'

/**
 * `npm run histories -- --save FILE [--schedules 60]` writes the first schedules that a search of
 * each bundled scenario tries, those of the museum's replay files included, with the hashes of
 * their histories; `--compare FILE` runs exactly these schedules again. A change that is to leave
 * behaviour alone leaves every hash alone. `--only TEXT` takes the files whose path holds TEXT.
 * `--moved FROM=TO` (repeatable) says where a file is now.
 */
interface HistoryEntry {
  /** The scenario's file, relative to `scenarios/`. */
  readonly file: string
  readonly schedule: Schedule
  readonly stopAt: NonNullable<RunOptions['stopAt']>
  /** SHA-256 of the printed history in hex. */
  readonly hash: string
}

const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios')
const SEEDS_MAX = 60

const values = scriptOptions('histories', {
  save: { type: 'string' },
  compare: { type: 'string' },
  schedules: { type: 'string', default: '60' },
  only: { type: 'string', default: '' },
  moved: { type: 'string', multiple: true, default: [] },
})

async function loadScenario(file: string): Promise<Scenario | null> {
  const { default: scenario } = (await import(path.join(SCENARIOS, file))) as { default?: unknown }
  return isScenario(scenario) ? scenario : null
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'app' in value && 'guarantee' in value
}

async function prepare(file: string): Promise<PreparedScenario | null> {
  const scenario = await loadScenario(file)
  return scenario === null ? null : prepareScenario(scenario, { file: path.join(SCENARIOS, file) })
}

function scenarioFiles(): string[] {
  return readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('nest/'))
    .filter((name) => name.includes(values.only))
    .filter((name) => /guarantee:/.test(readFileSync(path.join(SCENARIOS, name), 'utf8')))
    .sort()
}

/** The first schedules of searches with the seeds 1, 2, …, as many as asked for. */
async function tried(prepared: PreparedScenario, file: string, most: number): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = []
  const noting: PreparedScenario = {
    ...prepared,
    run: async (schedule, options = {}) => {
      const result = await prepared.run(schedule, options)
      if (entries.length < most && options.watchLeaks !== true) {
        const { stopAt = 'first-violation' } = options
        entries.push({ file, schedule, stopAt, hash: result.historyHash() })
      }
      return result
    },
  }
  for (let seed = 1; entries.length < most && seed <= SEEDS_MAX; seed += 1) {
    await search(noting, {
      seed: String(seed),
      runs: most - entries.length,
      strategy: 'portfolio',
      shrinkRuns: 0,
    })
  }
  return entries
}

async function museumEntries(): Promise<HistoryEntry[]> {
  const folder = path.join(SCENARIOS, 'museum')
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name.includes(values.only))
  return Promise.all(
    files.map((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8')
      const { scenario, schedule, violation, historyHash } = JSON.parse(text) as Counterexample & {
        historyHash: string
      }
      const file = path.relative(SCENARIOS, path.resolve(folder, scenario.file))
      return { file, schedule, stopAt: violation.property, hash: historyHash }
    }),
  )
}

/** None are no proof of anything. */
function demandSome({ length }: readonly HistoryEntry[]): void {
  if (length === 0)
    endWrongUse('histories', usage(`--only ${values.only}: no scenario's path below scenarios/ holds that`))
}

async function save(target: string): Promise<void> {
  const entries: HistoryEntry[] = []
  for (const file of scenarioFiles()) {
    const prepared = await prepare(file).catch((error: unknown) => {
      console.log(`left out ${file}: ${String(error)}`)
      return null
    })
    if (prepared === null) continue
    const found = await tried(prepared, file, Number(values.schedules))
    entries.push(...found)
    console.log(`${file}: ${found.length} schedules`)
  }
  entries.push(...(await museumEntries()))
  demandSome(entries)
  writeFileSync(target, gzipSync(JSON.stringify(entries)))
  console.log(`${entries.length} schedules saved`)
}

async function compare(source: string): Promise<void> {
  const moved = new Map(values.moved.map((pair) => pair.split('=') as [string, string]))
  const all = JSON.parse(gunzipSync(readFileSync(source)).toString()) as HistoryEntry[]
  const entries = all.map((entry) => ({ ...entry, file: moved.get(entry.file) ?? entry.file }))
  demandSome(entries.filter(({ file }) => file.includes(values.only)))
  const byFile = Map.groupBy(entries, ({ file }) => file)
  let [equal, different] = [0, 0]
  for (const [file, some] of byFile) {
    if (!file.includes(values.only)) continue
    if (!existsSync(path.join(SCENARIOS, file)))
      throw new Error(`there is no scenarios/${file}; say where it is now: --moved ${file}=NEW`)
    const prepared = await prepare(file)
    const wrong: HistoryEntry[] = []
    for (const entry of some) {
      const result = await prepared?.run(entry.schedule, { stopAt: entry.stopAt })
      if (result?.historyHash() !== entry.hash) wrong.push(entry)
    }
    equal += some.length - wrong.length
    different += wrong.length
    const [first] = wrong
    const example = first === undefined ? '' : `; the first: ${JSON.stringify(first.schedule.faults)}`
    console.log(`${file}: ${some.length - wrong.length} of ${some.length} equal${example}`)
  }
  console.log(`\n${equal} passed, ${different} failed`)
  if (different > 0) process.exitCode = 1
}

if (values.save !== undefined) await save(values.save)
else if (values.compare !== undefined) await compare(values.compare)
else {
  console.error('histories: say what to do; type: npm run histories -- --save FILE, or --compare FILE')
  process.exitCode = 3
}
process.exit()
