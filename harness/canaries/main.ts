import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Counterexample } from '../core/counterexample.ts'
import type { Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { type SearchOutcome, search } from '../search/search.ts'
import { EXPECTED } from './expected.ts'
import { playPairs, writeTable, writtenTable } from './two-clients-table.ts'

/**
 * `npm run scenarios [-- --seeds 2 --first-seed 1 --mutant-runs 2000 --twin-runs 500 --only M05]`: every mutant must be found, with only
 * the properties that are expected of it; every correct consumer must hold. Ends with the counts, and exit code 1 where
 * one did not do as expected. The services on two clients come last, or alone with `--two-clients check`; `--two-clients
 * write` puts what they did into their README.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2' },
    'first-seed': { type: 'string', default: '1' },
    'mutant-runs': { type: 'string', default: '2000' },
    'twin-runs': { type: 'string', default: '500' },
    only: { type: 'string' },
    'two-clients': { type: 'string' },
  },
})
let [passed, failed, schedules] = [0, 0, 0]

const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios')

const SEEDS: readonly number[] = Array.from(
  { length: Number(values.seeds) },
  (_, index) => Number(values['first-seed']) + index,
)

async function searchFile(file: string, seed: string, runs: number): Promise<SearchOutcome> {
  const absolute = path.join(SCENARIOS, file)
  const { default: scenario } = (await import(absolute)) as { default: Scenario }
  const prepared = await prepareScenario(scenario, { file: absolute })
  const outcome = await search(prepared, { seed, runs, strategy: 'portfolio' })
  schedules += outcome.runs
  return outcome
}

function say(ok: boolean, name: string, text: string): void {
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${text}`)
}

async function mustFail(file: string, properties: readonly string[]): Promise<void> {
  for (const seed of SEEDS) {
    const outcome = await searchFile(file, String(seed), Number(values['mutant-runs']))
    if (outcome.outcome !== 'violated') {
      say(
        false,
        file,
        `${outcome.outcome} after ${outcome.runs} schedules, seed ${seed}; it must be violated`,
      )
      continue
    }
    const { property } = outcome.finding
    const { faults, workload } = outcome.shrunk.schedule
    const size = `${faults.length} faults, ${workload.records.length} records, ${workload.consumers} processes`
    say(
      properties.includes(property),
      file,
      `${property} after ${outcome.foundAfterRuns} schedules, seed ${seed}; shrunk to ${size}`,
    )
  }
}

async function mustHold(file: string): Promise<void> {
  for (const seed of SEEDS) {
    const outcome = await searchFile(file, String(seed), Number(values['twin-runs']))
    const found =
      outcome.outcome === 'violated' ? `: ${outcome.finding.property}: ${outcome.finding.message}` : ''
    say(
      outcome.outcome === 'held',
      file,
      `${outcome.outcome} after ${outcome.runs} schedules, seed ${seed}${found}`,
    )
  }
}

/** Correct consumers that nobody derived from a mutant. */
function correctConsumers(): string[] {
  const names = readdirSync(path.join(SCENARIOS, 'correct'))
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `correct/${name}`)
}

/** Replay files of findings about clients. */
function replayFiles(): string[] {
  const folder = path.join(SCENARIOS, 'museum')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(folder, name))
}

async function mustStillFail(file: string): Promise<void> {
  const { scenario, schedule, violation } = JSON.parse(readFileSync(file, 'utf8')) as Counterexample
  const scenarioFile = path.resolve(path.dirname(file), scenario.file)
  const { default: exported } = (await import(scenarioFile)) as { default: Scenario }
  const prepared = await prepareScenario(exported, { file: scenarioFile })
  const { verdict } = await prepared.run(schedule, { stopAt: violation.property })
  const found = verdict.violations.map(({ property }) => property)
  say(
    found.includes(violation.property),
    `museum/${path.basename(file)}`,
    `replayed: ${found.join(', ') || 'nothing'}`,
  )
}

/** What the README's table says of each service must be what was found; its numbers may be of an earlier search. */
async function comparePairs(): Promise<void> {
  const played = await playPairs(say)
  schedules += played.schedules
  if (values['two-clients'] === 'write') writeTable(played.table)
  const written = writtenTable()
  const words = (table: string): string => table.replaceAll(/\d+/g, '')
  const state = written === played.table ? 'as found' : 'not as found'
  const cure = 'to write it anew: npm run scenarios -- --two-clients write'
  say(words(written) === words(played.table), 'two-clients/README.md', `its table is ${state}; ${cure}`)
}

async function playAll(): Promise<void> {
  for (const { id, file, properties } of EXPECTED) {
    if (values.only !== undefined && values.only !== id) continue
    await mustFail(`mutants/${file}.ts`, properties)
    await mustHold(`mutants/${file}.twin.ts`)
  }
  if (values.only !== undefined) return
  await mustFail('orders/orders.scenario.ts', ['lost-record', 'commit-ahead'])
  await mustHold('orders/orders-fixed.scenario.ts')
  for (const file of correctConsumers()) await mustHold(file)
  for (const file of replayFiles()) await mustStillFail(file)
}

if (values['two-clients'] === undefined) await playAll()
if (values.only === undefined) await comparePairs()
console.log(`\n${schedules} schedules\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
