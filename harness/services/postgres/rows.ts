import type { ServiceRow } from '../../core/service.ts'
import { type PgMessage, terminated } from './messages.ts'

/** The rows of an answer, as text, by the names of their columns. */
export function rowsOf(answers: readonly PgMessage[]): readonly ServiceRow[] {
  const described = answers.find(({ type }) => type === 'T')
  const names = described === undefined ? [] : columnsOf(described.body)
  return answers
    .filter(({ type }) => type === 'D')
    .map(({ body }) => Object.fromEntries(valuesOf(body).map((value, index) => [names[index] ?? '', value])))
}

/** A column's name is followed by 18 bytes about its type. */
const COLUMN_BYTES = 18

function columnsOf(body: Buffer): readonly string[] {
  const names: string[] = []
  for (let at = 2, left = body.readInt16BE(0); left > 0; left -= 1) {
    const { text, end } = terminated(body, at)
    names.push(text)
    at = end + COLUMN_BYTES
  }
  return names
}

function valuesOf(body: Buffer): readonly (string | null)[] {
  const values: (string | null)[] = []
  for (let at = 2, left = body.readInt16BE(0); left > 0; left -= 1) {
    const size = body.readInt32BE(at)
    at += 4
    values.push(size < 0 ? null : body.toString('utf8', at, at + size))
    at += Math.max(0, size)
  }
  return values
}
