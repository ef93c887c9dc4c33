import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { PUBLISHED } from '../../scenarios/field/packages/list.ts'
import { LIBRARIES } from '../../scenarios/libraries/list.ts'
import { checkScenario } from '../check/check.ts'
import { STRATEGY_DEFAULT } from '../check/settings.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { PropertyName } from '../core/verdict.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { SCENARIOS } from './search-file.ts'

const HELP = `npm run packages [-- --runs 30 --seed 1 --only pino --write --installed]

Services of published packages, fetched at their locked versions: each must hold, be violated as its
list says, or be what cannot be checked, with a sentence that has the parts that its list names.

  --runs N     schedules of each (default 30)
  --seed SEED  (default 1)
  --only TEXT  those whose name holds TEXT
  --write      put what came of them into the READMEs of their folders
  --installed  take the packages that are there, and fetch none

Exit code 1 where one did not do as expected.`

/** `npm run packages`: see `HELP`. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    installed: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

interface Expected {
  readonly name: string
  readonly use: string
  readonly outside: readonly string[] | null
  /** Properties one of which it violates; undefined: it holds. */
  readonly violates?: readonly PropertyName[]
  /** At least so many schedules, where they are not enough. */
  readonly runs?: number
}

interface PackageSuite {
  /** Below `scenarios`; its packages are in `npm`. */
  readonly folder: string
  readonly file: string
  readonly list: readonly Expected[]
}

const SUITES: readonly PackageSuite[] = [
  { folder: 'libraries', file: 'libraries.scenario.ts', list: LIBRARIES },
  { folder: 'field/packages', file: 'packages.scenario.ts', list: PUBLISHED },
]
const [BEGIN, END] = ['<!-- table: npm run packages -- --write -->', '<!-- end of the table -->']

function isExpected(
  { verdict, violations, problem, usageError }: ScenarioResult,
  expected: Expected,
): boolean {
  const { outside, violates } = expected
  if (outside !== null)
    return verdict === 'error' && usageError && outside.every((part) => problem?.includes(part) === true)
  if (violates === undefined) return verdict === 'held'
  return verdict === 'violated' && violations.some(({ property }) => violates.includes(property))
}

function textOf({ verdict, violations, problem, runs, usageError }: ScenarioResult): string {
  if (verdict === 'held') return `held (${runs})`
  if (verdict === 'violated') return `**${violations[0]?.property}**: ${violations[0]?.message}`
  return `${usageError ? '*cannot be checked*' : verdict}: ${problem}`
}

async function rowsOf({ folder, file, list }: PackageSuite): Promise<readonly string[]> {
  const rows: string[] = []
  for (const loaded of await loadScenarioFile(path.join(SCENARIOS, folder, file))) {
    const expected = list.find(({ name }) => name === loaded.scenario.name)
    if (expected === undefined) throw new Error(`${folder} has no line for '${loaded.scenario.name}'`)
    if (values.only !== undefined && !expected.name.includes(values.only)) continue
    const result = await checkScenario(loaded, {
      seed: values.seed,
      runs: Math.max(Number(values.runs), expected.runs ?? 0),
      strategy: STRATEGY_DEFAULT,
      out: null,
    })
    const text = textOf(result)
    count(isExpected(result, expected), `${expected.name}: ${text}`)
    rows.push(`| \`${expected.name}\` | ${expected.use} | ${text.replaceAll('|', '\\|')} |`)
  }
  return rows
}

let [passed, failed] = [0, 0]

function count(ok: boolean, text: string): void {
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${text}`)
}

function writeRows({ folder }: PackageSuite, rows: readonly string[]): void {
  const readme = path.join(SCENARIOS, folder, 'README.md')
  const text = readFileSync(readme, 'utf8')
  const head = text.slice(0, text.indexOf(BEGIN) + BEGIN.length)
  const table = ['| package | the service | what a check says |', '|---|---|---|', ...rows].join('\n')
  writeFileSync(readme, `${head}\n\n${table}\n\n${text.slice(text.indexOf(END))}`)
}

/** @throws Error where npm can't fetch them */
function install({ folder }: PackageSuite): void {
  const place = path.join(SCENARIOS, folder, 'npm')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', place], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`the packages of scenarios/${folder} could not be fetched`)
}

if (values.help) {
  console.log(HELP)
  process.exit(0)
}
for (const suite of SUITES) {
  if (!values.installed) install(suite)
  const rows = await rowsOf(suite)
  if (values.write && values.only === undefined) writeRows(suite, rows)
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
