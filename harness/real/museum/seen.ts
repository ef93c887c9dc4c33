import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { outcomeOf } from '../../core/confirmation.ts'
import { median } from '../../core/median.ts'
import { cell, seconds, timesOf, whyNot } from '../table/document.ts'
import type { TableRow } from '../table/row.ts'
import { MUSEUM, type Piece } from './pieces.ts'

const STORED = path.join(MUSEUM, 'on-real/seen.json')
export const README = path.join(MUSEUM, 'README.md')
const [BEGIN, END] = ['<!-- table: npm run museum -- --on real --write -->', '<!-- end of the table -->']

/** The tries of a piece on a real Kafka, as they are stored. */
export interface SeenPiece extends Pick<Piece, 'name' | 'property' | 'schedule'> {
  /** For example `Kafka 4.1.0`; null: it was not tried. */
  readonly cluster: string | null
  /** In how many of the tries. */
  readonly seen: number
  readonly of: number
  readonly medianMs: number | null
  /** The reason where it was not seen in every try, or not tried; else null. */
  readonly why: string | null
}

export function storedPieces(): SeenPiece[] {
  const stored: SeenPiece[] = JSON.parse(readFileSync(STORED, 'utf8'))
  return stored
}

/** Stores what these tries came to, and leaves what is stored of all other pieces. */
export function store(all: readonly Piece[], rows: ReadonlyMap<string, TableRow>): SeenPiece[] {
  const before = new Map(storedPieces().map((each) => [each.name, each]))
  const seen = all.flatMap((piece) => {
    const row = rows.get(piece.name)
    const known = row === undefined ? before.get(piece.name) : seenOf(piece, row)
    return known === undefined ? [] : [known]
  })
  writeFileSync(STORED, `${JSON.stringify(seen, null, 2)}\n`)
  return seen
}

function seenOf({ name, property, schedule }: Piece, { mutant, problem }: TableRow): SeenPiece {
  const piece = { name, property, schedule }
  if (mutant === null || mutant.confirmation.of === 0) {
    const why = mutant?.confirmation.notApplicable ?? problem ?? 'it was interrupted'
    return { ...piece, cluster: null, seen: 0, of: 0, medianMs: null, why }
  }
  const { confirmation } = mutant
  const { cluster, reproduced: seen, of } = confirmation
  const why =
    seen === of ? null : `${whyNot(mutant)}${outcomeOf(confirmation) === 'undecided' ? ' (undecided)' : ''}`
  return { ...piece, cluster, seen, of, medianMs: Math.round(median(timesOf([mutant]))), why }
}

/** The README with the table of these pieces in it. */
export function withTable(readme: string, seen: readonly SeenPiece[]): string {
  const [head = '', rest = ''] = readme.split(BEGIN)
  const [, tail = ''] = rest.split(END)
  return `${head}${BEGIN}\n\n${tableOf(seen)}\n\n${END}${tail}`
}

function tableOf(seen: readonly SeenPiece[]): string {
  const tried = seen.filter(({ of }) => of > 0)
  const always = tried.filter((each) => each.seen === each.of)
  const once = tried.filter((each) => each.seen > 0)
  return [
    `Of ${seen.length} pieces ${once.length} were seen on a real Kafka, ${always.length} of them in every try; ${seen.length - tried.length} cannot be tried there.`,
    '',
    '| piece | property | seen | on | a try | where not, why |',
    '|---|---|---|---|---|---|',
    ...seen.map(
      ({ name, property, cluster, seen: times, of, medianMs, why }) =>
        `| ${[
          `\`${name}\``,
          property,
          of === 0 ? 'not tried' : `${times} of ${of}`,
          cluster ?? '',
          medianMs === null ? '' : seconds(medianMs),
          cell(why ?? ''),
        ].join(' | ')} |`,
    ),
  ].join('\n')
}
