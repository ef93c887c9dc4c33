import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { BEGIN, type BehaviourRow, END, tableOf } from './table.ts'

const FIDELITY = path.resolve(import.meta.dirname, '../../kafka/FIDELITY.md')

/** Puts the table of behaviours into FIDELITY.md, in place of the one that is there. */
export function writeTable(rows: readonly BehaviourRow[], names: readonly string[]): void {
  const text = readFileSync(FIDELITY, 'utf8')
  const table = `${BEGIN}\n\n${tableOf(rows, [...names])}\n\n${END}`
  const from = text.indexOf(BEGIN)
  writeFileSync(
    FIDELITY,
    from === -1
      ? `${text.trimEnd()}\n\n## Behaviour by behaviour\n\n${table}\n`
      : `${text.slice(0, from)}${table}${text.slice(text.indexOf(END) + END.length)}`,
  )
}
