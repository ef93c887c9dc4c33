/**
 * `npm run real:table`: every counterexample that is named, on a real Kafka, and its correct twin
 * under the same schedule.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readCounterexample } from '../check/counterexample-file.ts'
import { scenarioOf } from '../check/replay.ts'
import { type Confirmation, outcomeOf } from '../core/confirmation.ts'
import type { Counterexample } from '../core/counterexample.ts'
import type { Scenario } from '../core/scenario.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { chooseProvider } from './providers/choose.ts'
import { KeptProvider } from './providers/kept.ts'
import { replayOnCluster } from './replay.ts'
import { RELEASE_DEFAULT } from './settings.ts'

interface Row {
  readonly file: string
  readonly confirmation: Confirmation | null
  /** In how many tries its correct twin was accused; null: it has none. */
  readonly accused: { readonly times: number; readonly of: number } | null
  readonly problem: string | null
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '3' },
    lanes: { type: 'string', default: '1' },
    provider: { type: 'string' },
    kafka: { type: 'string', default: RELEASE_DEFAULT },
    out: { type: 'string' },
  },
})

const HEAD = '| counterexample | property | faults | grade | reproduced | median | twin accused | why not |'
const INTRODUCTION = `# What came true on a real Kafka

Counterexamples of this repository, replayed on Kafka 4.1.0 (local processes, Toxiproxy 2.12.0) with \`npm run real:table -- --out scenarios/CONFIRMED.md FILES…\`:
those of the museum, and those that \`onceover check --seed 5\` finds in the mutants; what stands still takes minutes, and was tried once.
Each correct twin ran once under the schedule of its mutant. A row stays until its counterexample is replayed again; machines were busy
with other work.
`

const rows: Row[] = []
const waiting = [...positionals]
const never = new AbortController().signal
await Promise.all(Array.from({ length: Number(values.lanes) }, lane))
process.exit(0)

async function lane(): Promise<void> {
  const provider = new KeptProvider(await chooseProvider(values.provider))
  try {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const row = await rowOf(file, provider)
      rows.push(row)
      process.stdout.write(`${textOf(row)}\n`)
      if (values.out !== undefined) writeFileSync(values.out, documentOf(values.out, rows))
    }
  } finally {
    await provider.close()
  }
}

async function rowOf(file: string, provider: KeptProvider): Promise<Row> {
  try {
    const counterexample = readCounterexample(file)
    const { scenario, scenarioFile } = await scenarioOf(file, counterexample, true)
    const replayed = async (which: Scenario, from: string, times: number): Promise<Confirmation> => {
      const options = { provider, times, hurry: true, lanes: 1, release: values.kafka, signal: never }
      const quiet = { progress: () => {}, onTry: () => {} }
      const target = { counterexample: withTopicsOf(which, counterexample), scenario: which, file: from }
      return (await replayOnCluster(target, { ...options, ...quiet })).confirmation
    }
    const confirmation = await replayed(scenario, scenarioFile, Number(values.times))
    const twin = confirmation.notApplicable === null ? await twinOf(scenarioFile) : null
    const twins = twin === null ? null : await replayed(twin.scenario, twin.file, 1)
    const accused = twins === null ? null : { times: twins.reproduced, of: twins.of }
    return { file, confirmation, accused, problem: null }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { file, confirmation: null, accused: null, problem: problem.split('\n')[0] ?? '' }
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

/** The document with its rows; those of counterexamples that were not replayed now stay. */
function documentOf(file: string, all: readonly Row[]): string {
  const before = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const lines = new Map<string, string>()
  for (const line of [...before.filter(isRow), ...all.map(textOf)]) lines.set(cellsOf(line)[0] ?? '', line)
  const sorted = [...lines.values()].sort()
  return `${INTRODUCTION}\n${totalsOf(sorted)}\n\n${HEAD}\n|---|---|---|---|---|---|---|---|\n${sorted.join('\n')}\n`
}

function isRow(line: string): boolean {
  return line.startsWith('| ') && line !== HEAD
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

function totalsOf(lines: readonly string[]): string {
  const countsIn = (column: number): [number, number][] =>
    lines.flatMap((line) => {
      const [, some, of] = /^(\d+) of (\d+)$/.exec(cellsOf(line)[column] ?? '') ?? []
      return of === undefined || of === '0' ? [] : [[Number(some), Number(of)]]
    })
  const sum = (counts: readonly [number, number][], part: 0 | 1): number =>
    counts.reduce((total, count) => total + count[part], 0)
  const [tries, twins] = [countsIn(4), countsIn(6)]
  const always = tries.filter(([some, of]) => some === of).length
  return `${sum(tries, 0)} of ${sum(tries, 1)} tries reproduced the violation; ${always} of ${tries.length} counterexamples did so every time. Correct twins were accused in ${sum(twins, 0)} of ${sum(twins, 1)} tries.`
}

function textOf({ file, confirmation, accused, problem }: Row): string {
  const name = path.basename(file, '.json')
  if (confirmation === null) return `| ${name} | | | | | | | ${problem} |`
  const { faults, tries, reproduced, of, notApplicable, property } = confirmation
  const grades = ['not applicable', 'approximate', 'exact']
  const grade = grades.find((each) => faults.some((fault) => fault.grade === each)) ?? 'exact'
  const times = tries.map(({ ms }) => ms).sort((a, b) => a - b)
  const median = times.length === 0 ? '' : `${((times[times.length >> 1] ?? 0) / 1000).toFixed(0)} s`
  const kinds = faults.map(({ fault }) => fault.split(' after ')[0]).join('; ')
  const twin = accused === null ? '' : `${accused.times} of ${accused.of}`
  const why = reproduced === of && of > 0 ? '' : (notApplicable ?? whyNot(confirmation))
  return `| ${name} | ${property} | ${kinds} | ${grade} | ${reproduced} of ${of} | ${median} | ${twin} | ${why} |`
}

function whyNot(confirmation: Confirmation): string {
  const { tries } = confirmation
  const troubles = tries.flatMap(({ diverged, faults, reproduced }) =>
    reproduced
      ? []
      : [...diverged, ...faults.flatMap((fault) => ('skipped' in fault ? [fault.skipped] : []))],
  )
  const also = [...new Set(tries.flatMap((each) => each.also))]
  const seen = also.length === 0 ? '' : ` (it shows ${also.join(', ')})`
  const { reproduced, of } = confirmation
  const silent =
    reproduced === 0 ? outcomeOf(confirmation) : `${of - reproduced} of ${of} took the same way and held`
  return `${troubles[0] ?? silent}${seen}`
}
