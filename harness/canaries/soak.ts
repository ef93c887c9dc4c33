import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { usage } from '../check/option-values.ts'
import type { LoadedScenario } from '../scenario/load.ts'
import type { SearchOutcome } from '../search/search.ts'
import { endWrongUse, scriptOptions } from './script-options.ts'
import { searchScenario, serviceScenarios, styleScenarios, twinScenarios } from './search-file.ts'

/**
 * `npm run soak -- --log FILE [--of style --schedules 2000 --seeds 5 --first-seed 1 --only s01]`:
 * each correct consumer in unusual style, or with `--of twins` each correct twin of a defect, or
 * with `--of services` each correct service beside Kafka, through many schedules of several seeds,
 * in one process. A row is one consumer with one seed; it is appended to the log when it is done,
 * and a soak that is started again with the same log goes on behind its last row. Exit code 1 where
 * one did not hold.
 */
const values = scriptOptions('soak', {
  log: { type: 'string' },
  of: { type: 'string', default: 'style' },
  schedules: { type: 'string', default: '2000' },
  seeds: { type: 'string', default: '5' },
  'first-seed': { type: 'string', default: '1' },
  only: { type: 'string', default: '' },
})

interface SoakRow {
  readonly name: string
  readonly seed: number
  /** Schedules that were run. */
  readonly schedules: number
  /** `held`, or what was wrong in a sentence. */
  readonly outcome: string
  readonly cpuSeconds: number
}

function textOf(outcome: SearchOutcome): string {
  switch (outcome.outcome) {
    case 'held':
      return 'held'
    case 'violated':
      return `${outcome.finding.property}: ${outcome.finding.message} (schedule ${outcome.foundAfterRuns})`
    case 'undecided':
      return `undecided: ${outcome.reason}`
    case 'nondeterministic':
      return `nondeterministic: ${outcome.difference}`
  }
}

/** A row that ends with an error is one that did not hold. */
async function soak(scenario: LoadedScenario, seed: number): Promise<SoakRow> {
  const cpuBefore = process.cpuUsage()
  const row = await searchScenario(scenario, String(seed), Number(values.schedules)).then(
    (found) => ({ schedules: found.runs, outcome: textOf(found) }),
    (error: unknown) => ({ schedules: 0, outcome: `error: ${String(error)}` }),
  )
  const { user, system } = process.cpuUsage(cpuBefore)
  return { name: scenario.scenario.name, seed, ...row, cpuSeconds: Math.round((user + system) / 1e6) }
}

function rowsOf(log: string): SoakRow[] {
  if (!existsSync(log)) return []
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SoakRow)
}

async function consumers(of: string): Promise<readonly LoadedScenario[]> {
  if (of === 'style') return styleScenarios()
  if (of === 'twins') return twinScenarios()
  if (of === 'services') return serviceScenarios()
  return endWrongUse('soak', usage(`there are no '${of}'; type --of style, --of twins or --of services`))
}

const { log } = values
if (log === undefined) endWrongUse('soak', usage('it needs a log; type: npm run soak -- --log soak.jsonl'))
const rows = rowsOf(log)
const first = Number(values['first-seed'])
const scenarios = (await consumers(values.of)).filter(({ scenario }) => scenario.name.startsWith(values.only))
for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
  for (const scenario of scenarios) {
    if (rows.some((row) => row.name === scenario.scenario.name && row.seed === seed)) continue
    const row = await soak(scenario, seed)
    rows.push(row)
    appendFileSync(log, `${JSON.stringify(row)}\n`)
    console.log(
      `${row.outcome}, ${row.schedules} schedules, seed ${seed}, ${row.cpuSeconds} s of CPU: ${row.name}`,
    )
  }
}
const others = rows.filter(({ outcome }) => outcome !== 'held')
const schedules = rows.reduce((sum, row) => sum + row.schedules, 0)
console.log(`\n${rows.length} rows, ${schedules} schedules: ${others.length} did not hold`)
for (const { name, seed, outcome } of others) console.log(`${name}, seed ${seed}: ${outcome}`)
process.exit(others.length === 0 ? 0 : 1)
