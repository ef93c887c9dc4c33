import { createHash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { readCounterexample } from '../../check/counterexample-file.ts'
import type { PropertyName } from '../../core/verdict.ts'

const SCENARIOS = path.resolve(import.meta.dirname, '../../../scenarios')
const PACKAGES = 'field/packages'
export const MUSEUM = path.join(SCENARIOS, 'museum')

/** A finding about a client or a published package, with its replay file. */
export interface Piece {
  /** Its replay file below `scenarios`, without its ending. */
  readonly name: string
  readonly file: string
  readonly property: PropertyName
  /** A digest of its schedule: another one has to be tried again. */
  readonly schedule: string
  /** The command that fetches its package, where that is not here; else null. */
  readonly missing: string | null
}

/** All pieces, by their names. */
export function pieces(): Piece[] {
  const missing = existsSync(path.join(SCENARIOS, PACKAGES, 'npm/node_modules/kafkajs'))
    ? null
    : 'npm run packages'
  return [
    ...globSync('museum/*.json', { cwd: SCENARIOS }).map((file) => pieceOf(file, null)),
    ...globSync(`${PACKAGES}/replays/*.json`, { cwd: SCENARIOS }).map((file) => pieceOf(file, missing)),
  ].toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function pieceOf(relative: string, missing: string | null): Piece {
  const file = path.join(SCENARIOS, relative)
  const { schedule, violation } = readCounterexample(file)
  return {
    name: relative.replace(/\.json$/, '').replace('/replays/', '/'),
    file,
    property: violation.property,
    schedule: createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 12),
    missing,
  }
}
