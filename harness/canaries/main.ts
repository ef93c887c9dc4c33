import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { tell } from '../../properties/index.ts'
import { usage } from '../check/option-values.ts'
import type { Counterexample } from '../core/counterexample.ts'
import type { PropertyName } from '../core/verdict.ts'
import { loadOneScenario } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import type { SearchOutcome } from '../search/search.ts'
import { type Defect, searchesOf } from './defect.interface.ts'
import { DEFECTS } from './defects.ts'
import { fieldScenarios } from './field.ts'
import { endWrongUse } from './script-options.ts'
import { SCENARIOS, searchFile, searchScenario, serverMissing, styleScenarios } from './search-file.ts'
import { SERVICES } from './services.ts'
import { storyComplaints } from './story-checks.ts'
import { playTable, writeTable, writtenTable } from './table.ts'

/**
 * `npm run scenarios [-- --seeds 2 --first-seed 1 --mutant-runs 2000 --twin-runs 500 --only M05]`:
 * every mutant must be found, with only the properties that are expected of it; every correct
 * consumer must hold. Ends with the counts, and exit code 1 where one did not do as expected. The
 * table of services on two clients comes last, or alone with `--table check`; `--table write` puts
 * what they did into `scenarios/mutants/README.md`.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2' },
    'first-seed': { type: 'string', default: '1' },
    'mutant-runs': { type: 'string', default: '2000' },
    'twin-runs': { type: 'string', default: '500' },
    only: { type: 'string' },
    table: { type: 'string' },
  },
})
let [passed, failed, schedules] = [0, 0, 0]

/** Schedules of each consumer in unusual style, where all scenarios are searched. */
const STYLE_RUNS = 30
/** Schedules of each correct service, some of which take a quarter of a second a schedule. */
const SERVICE_RUNS = 40
/** Within so many schedules the defect of a service must be found. */
const SERVICE_DEFECT_RUNS = 200
const SEEDS: readonly number[] = Array.from(
  { length: Number(values.seeds) },
  (_, index) => Number(values['first-seed']) + index,
)

async function searched(file: string, seed: number, runs: number): Promise<SearchOutcome> {
  const outcome = await searchFile(file, String(seed), runs)
  schedules += outcome.runs
  checkStories(file, outcome)
  return outcome
}

/** No sentence about a defect may be one that its history contradicts. */
function checkStories(file: string, outcome: SearchOutcome): void {
  if (outcome.outcome !== 'violated') return
  for (const { finding, shrunk } of [outcome, ...outcome.others]) {
    const { history } = shrunk.result
    const wrong = storyComplaints({ events: history.events, finding, ...tell(history, finding) })
    if (wrong.length > 0) say(false, `the story of ${file}`, wrong.join('; '))
  }
}

function say(ok: boolean, name: string, text: string): void {
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${text}`)
}

async function mustFail(file: string, { properties, yardstick }: Defect): Promise<void> {
  for (const seed of SEEDS) {
    const outcome = await searched(file, seed, Number(values['mutant-runs']))
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
    const larger =
      faults.length > yardstick.faults ||
      workload.records.length > yardstick.records ||
      workload.consumers > yardstick.processes
    say(
      properties.includes(property),
      file,
      `${property} after ${outcome.foundAfterRuns} schedules, seed ${seed}; shrunk to ${size}${larger ? ', more than its yardstick' : ''}`,
    )
  }
}

async function mustHold(file: string, runs = Number(values['twin-runs'])): Promise<void> {
  for (const seed of SEEDS) {
    const outcome = await searched(file, seed, runs)
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
  const prepared = await prepareScenario(await loadOneScenario(scenarioFile), { file: scenarioFile })
  const { verdict } = await prepared.run(schedule, { stopAt: violation.property })
  const found = verdict.violations.map(({ property }) => property)
  say(
    found.includes(violation.property),
    `museum/${path.basename(file)}`,
    `replayed: ${found.join(', ') || 'nothing'}`,
  )
}

/**
 * Compares the README's table with the results of these searches; its numbers may be of an earlier
 * search.
 */
async function compareTable(): Promise<void> {
  const played = await playTable(say)
  schedules += played.schedules
  if (values.table === 'write') writeTable(played.table)
  const written = writtenTable()
  const words = (table: string): string => table.replaceAll(/\d+/g, '')
  const state = written === played.table ? 'as found' : 'not as found'
  const cure = 'to write it again: npm run scenarios -- --table write'
  say(words(written) === words(played.table), 'mutants/README.md', `its table is ${state}; ${cure}`)
}

async function playAll(): Promise<void> {
  if (values.only === 'field') return playField()
  if (values.only?.split('/')[0] === 'services') return playServices(Number(values['twin-runs']))
  if (values.only === 'style') return playStyle(Number(values['twin-runs']))
  for (const { folder, defect } of DEFECTS) {
    if (values.only !== undefined && values.only !== defect.id) continue
    for (const service of defect.services) {
      // On kafkajs, or on the first client that it is written for; the table has all of them.
      const search = searchesOf(service).find((each) => typeof each !== 'string')
      if (search === undefined) continue
      const file = path.posix.join(folder, search.file)
      if (search.must === 'fail') await mustFail(file, defect)
      else await mustHold(file)
    }
  }
  if (values.only !== undefined) return
  for (const file of correctConsumers()) await mustHold(file)
  for (const file of replayFiles()) await mustStillFail(file)
  await playServices(Math.min(SERVICE_RUNS, Number(values['twin-runs'])))
  await playField()
  await playStyle(Math.min(STYLE_RUNS, Number(values['twin-runs'])))
}

/** Services beside Kafka: see `scenarios/services`. */
async function playServices(twinRuns: number): Promise<void> {
  const [, only] = values.only?.split('/') ?? []
  for (const { folder, defect, twin, properties, needsServer = false } of SERVICES) {
    if (only !== undefined && only !== folder) continue
    const file = `services/${folder}/${defect}`
    const lacks = needsServer ? await serverMissing(file) : null
    if (lacks !== null) {
      console.log(`skip   services/${folder}: ${lacks}`)
      continue
    }
    for (const seed of SEEDS) {
      const outcome = await searched(file, seed, SERVICE_DEFECT_RUNS)
      const found = outcome.outcome === 'violated' ? outcome.finding.property : null
      const ok = found !== null && properties.includes(found)
      const after = outcome.outcome === 'violated' ? outcome.foundAfterRuns : outcome.runs
      say(ok, file, `${found ?? 'nothing'} after ${after} schedules, seed ${seed}`)
    }
    await mustHold(`services/${folder}/${twin}`, twinRuns)
  }
}

/** Correct consumers in unusual style: see `scenarios/style`. */
async function playStyle(runs: number): Promise<void> {
  for (const each of await styleScenarios()) {
    for (const seed of SEEDS) {
      const outcome = await searchScenario(each, String(seed), runs)
      schedules += outcome.runs
      const found =
        outcome.outcome === 'violated' ? `: ${outcome.finding.property}: ${outcome.finding.message}` : ''
      const text = `${outcome.outcome} after ${outcome.runs} schedules, seed ${seed}${found}`
      say(outcome.outcome === 'held', `style: ${each.scenario.name}`, text)
    }
  }
}

/** Consumers after public reports: see `scenarios/field`. */
async function playField(): Promise<void> {
  for (const { file, violates } of fieldScenarios()) {
    if (violates === null) await mustHold(file)
    else for (const seed of SEEDS) await mustViolate(file, violates, seed)
  }
}

async function mustViolate(file: string, property: PropertyName, seed: number): Promise<void> {
  const outcome = await searched(file, seed, Number(values['mutant-runs']))
  const found =
    outcome.outcome === 'violated' ? `${outcome.finding.property} after ${outcome.foundAfterRuns}` : 'nothing'
  say(found.startsWith(property), file, `${found} of ${outcome.runs} schedules, seed ${seed}`)
}

if (values.table === undefined) await playAll()
if (values.table === undefined && values.only !== undefined && passed + failed === 0)
  endWrongUse(
    'scenarios',
    usage(`--only takes M05, field, style, services or services/NAME, not '${values.only}'`),
  )
if (values.only === undefined) await compareTable()
console.log(`\n${schedules} schedules\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
