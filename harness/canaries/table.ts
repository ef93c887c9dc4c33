import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SearchOutcome } from '../search/search.ts'
import { type Defect, type DefectSearch, searchesOf } from './defect.interface.ts'
import { DEFECTS } from './defects.ts'
import { SCENARIOS, searchFile } from './search-file.ts'

const README = path.join(SCENARIOS, 'mutants/README.md')
const BEGIN = '<!-- table: npm run scenarios -- --table write -->'
const END = '<!-- end of table -->'
/** One seed and fixed numbers of schedules, so that the same code gives the same table. */
const SEED = '1'
const MUTANT_RUNS = 2_000
const TWIN_RUNS = 60

export interface CanaryTable {
  /** As Markdown. */
  readonly table: string
  readonly schedules: number
}

/** A row of the table; a cell is a search, or why there is none. */
export interface DefectRow {
  readonly id: string
  readonly service: string
  readonly cells: readonly (Cell | string)[]
}

interface Cell {
  /** Below `scenarios`. */
  readonly file: string
  readonly must: DefectSearch['must']
  readonly defect: Defect
}

/** The rows of the table: each service on kafkajs, on @platformatic/kafka, and on the poll loop. */
export const ROWS: readonly DefectRow[] = DEFECTS.flatMap(({ folder, defect }) =>
  defect.services.map((bundled) => ({
    id: bundled.twin === true ? `${defect.id} twin` : defect.id,
    service: bundled.service,
    cells: searchesOf(bundled).map((cell) =>
      typeof cell === 'string' ? cell : { file: path.posix.join(folder, cell.file), must: cell.must, defect },
    ),
  })),
)

/**
 * Searches each service on each client. `say` is told of each whether its verdict is the expected
 * one.
 */
export async function playTable(
  say: (ok: boolean, name: string, text: string) => void,
): Promise<CanaryTable> {
  const played = new Map<string, { readonly text: string; readonly runs: number }>()
  const textOfCell = async (cell: Cell | string): Promise<string> => {
    if (typeof cell === 'string') return `– (${cell})`
    const known = played.get(cell.file)
    if (known !== undefined) return known.text
    const outcome = await searchFile(cell.file, SEED, cell.must === 'fail' ? MUTANT_RUNS : TWIN_RUNS)
    const text = textOf(outcome)
    say(isExpected(outcome, cell), cell.file, text)
    played.set(cell.file, { text, runs: outcome.runs })
    return text
  }
  const lines = ['| | the service | kafkajs | @platformatic/kafka | poll loop |', '|---|---|---|---|---|']
  for (const { id, service, cells } of ROWS) {
    const texts: string[] = []
    for (const cell of cells) texts.push(await textOfCell(cell))
    lines.push(`| ${id} | ${service} | ${texts.join(' | ')} |`)
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

function isExpected(outcome: SearchOutcome, { must, defect }: Cell): boolean {
  if (must === 'hold') return outcome.outcome === 'held'
  return outcome.outcome === 'violated' && defect.properties.includes(outcome.finding.property)
}

function textOf(outcome: SearchOutcome): string {
  if (outcome.outcome === 'held') return `holds (${outcome.runs})`
  if (outcome.outcome !== 'violated') return outcome.outcome
  const { faults, workload } = outcome.shrunk.schedule
  const partitions = Object.values(workload.topics).reduce((sum, topic) => sum + topic.partitions, 0)
  const size = [faults.length, workload.records.length, workload.consumers, partitions].join(', ')
  return `**${outcome.finding.property}** after ${outcome.foundAfterRuns}: ${size}`
}
