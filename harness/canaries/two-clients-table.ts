import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { type SearchOutcome, search } from '../search/search.ts'
import { PAIRS, type Service } from './pairs.ts'

const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios')
const README = path.join(SCENARIOS, 'two-clients/README.md')
const BEGIN = '<!-- table: npm run scenarios -- --two-clients write -->'
const END = '<!-- end of table -->'
/** One seed and fixed numbers of schedules, so that the same code gives the same table. */
const SEED = '1'
const MUTANT_RUNS = 2_000
const TWIN_RUNS = 100

export interface Played {
  /** As Markdown. */
  readonly table: string
  readonly schedules: number
}

/** Searches each service on each client. `say` is told of each whether its verdict is the expected one. */
export async function playPairs(say: (ok: boolean, name: string, text: string) => void): Promise<Played> {
  const played = new Map<string, { readonly cell: string; readonly runs: number }>()
  const cellOf = async (service: Service | string): Promise<string> => {
    if (typeof service === 'string') return `– (${service})`
    const known = played.get(service.file)
    if (known !== undefined) return known.cell
    const outcome = await searchService(service)
    const cell = textOf(outcome)
    say(isExpected(outcome, service), service.file, cell)
    played.set(service.file, { cell, runs: outcome.runs })
    return cell
  }
  const lines = ['| | the service | kafkajs | @platformatic/kafka |', '|---|---|---|---|']
  for (const { id, service, kafkajs, platformatic } of PAIRS) {
    lines.push(`| ${id} | ${service} | ${await cellOf(kafkajs)} | ${await cellOf(platformatic)} |`)
  }
  const schedules = [...played.values()].reduce((sum, { runs }) => sum + runs, 0)
  return { table: lines.join('\n'), schedules }
}

/** The table that stands in the README. */
export function writtenTable(): string {
  const text = readFileSync(README, 'utf8')
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim()
}

export function writeTable(table: string): void {
  const text = readFileSync(README, 'utf8')
  const head = text.slice(0, text.indexOf(BEGIN) + BEGIN.length)
  writeFileSync(README, `${head}\n\n${table}\n\n${text.slice(text.indexOf(END))}`)
}

async function searchService({ file, violates }: Service): Promise<SearchOutcome> {
  const absolute = path.join(SCENARIOS, file)
  const { default: scenario } = (await import(absolute)) as { default: Scenario }
  const prepared = await prepareScenario(scenario, { file: absolute })
  const runs = violates.length > 0 ? MUTANT_RUNS : TWIN_RUNS
  return await search(prepared, { seed: SEED, runs, strategy: 'portfolio' })
}

function isExpected(outcome: SearchOutcome, { violates }: Service): boolean {
  if (violates.length === 0) return outcome.outcome === 'held'
  return outcome.outcome === 'violated' && violates.includes(outcome.finding.property)
}

function textOf(outcome: SearchOutcome): string {
  if (outcome.outcome === 'held') return `holds (${outcome.runs})`
  if (outcome.outcome !== 'violated') return outcome.outcome
  const { faults, workload } = outcome.shrunk.schedule
  const partitions = Object.values(workload.topics).reduce((sum, topic) => sum + topic.partitions, 0)
  const size = [faults.length, workload.records.length, workload.consumers, partitions].join(', ')
  return `**${outcome.finding.property}** after ${outcome.foundAfterRuns}: ${size}`
}
