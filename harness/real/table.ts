/**
 * `npm run real:table`: every counterexample that is named, on a real Kafka, and its correct twin
 * under the same schedule.
 */
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readCounterexample } from '../check/counterexample-file.ts'
import { scenarioOf } from '../check/replay.ts'
import { type Confirmation, outcomeOf } from '../core/confirmation.ts'
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
      if (values.out !== undefined) writeFileSync(values.out, tableOf(rows))
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
      const target = { counterexample, scenario: which, file: from }
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

function tableOf(all: readonly Row[]): string {
  const lines = [...all].map(textOf).sort()
  const head = '| counterexample | property | faults | grade | reproduced | median | twin accused | why not |'
  return `${head}\n|---|---|---|---|---|---|---|---|\n${lines.join('\n')}\n`
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
