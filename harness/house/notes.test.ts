import { describe, expect, it } from 'vitest'
import { DOCUMENTS, SOURCES } from './repository.ts'

/** The rows that a document's tables define: `| G14 | …`. */
function rowsOf(file: string): ReadonlySet<string> {
  const text = DOCUMENTS.find((each) => each.file === file)?.text ?? ''
  return new Set([...text.matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, row = '']) => row))
}

const KAFKA = rowsOf('harness/kafka/KAFKA.md')
const CONSUMERS = rowsOf('scenarios/CONSUMERS.md')

/**
 * Rows named behind the document's name: `KAFKA.md G2 to G8, O1` gives G2, G8 and O1, over the end
 * of a comment's line.
 */
function cited(text: string, document: string): string[] {
  const row = '[A-Z]\\d+'
  const citations = new RegExp(`${document}[)\`]*[\\s*/:]+(${row}(?:(?:,| to| and)[\\s*/]+${row})*)`, 'g')
  return [...text.matchAll(citations)].flatMap(([, list = '']) => list.match(/[A-Z]\d+/g) ?? [])
}

/**
 * Rows that stand alone where everybody knows the document: in brackets, or at the head of a test's
 * title.
 */
function bare(text: string): string[] {
  const row = '[TGOCIXLM]\\d{1,2}(?!\\d)'
  const list = `${row}(?:(?:,| to| and) ${row})*`
  const places = new RegExp(`\\((${list})[):;,]|['"\`](${list}):? `, 'g')
  return [...text.matchAll(places)].flatMap(([, one, other]) => (one ?? other ?? '').match(/[A-Z]\d+/g) ?? [])
}

const EVERYTHING = [...SOURCES, ...DOCUMENTS].filter(({ file }) => !file.startsWith('harness/house/'))
const ABOUT_KAFKA = EVERYTHING.filter(({ file }) => /^harness\/(kafka|fidelity)\//.test(file))

describe('the notes', () => {
  it('have rows', () => {
    expect(KAFKA.size).toBeGreaterThan(70)
    expect(CONSUMERS.size).toBeGreaterThan(5)
  })

  it('are cited by rows that are there', () => {
    const missing = EVERYTHING.flatMap(({ file, text }) => [
      ...cited(text, 'KAFKA\\.md')
        .filter((row) => !KAFKA.has(row))
        .map((row) => `${file}: KAFKA.md ${row}`),
      ...cited(text, 'CONSUMERS\\.md')
        .filter((row) => !CONSUMERS.has(row))
        .map((row) => `${file}: CONSUMERS.md ${row}`),
    ])
    expect(missing, 'write the row into the notes, or cite another one').toEqual([])
  })

  it('are cited by rows that are there where a row stands alone', () => {
    const found = ABOUT_KAFKA.flatMap(({ file, text }) => bare(text).map((row) => ({ file, row })))
    expect(found.length).toBeGreaterThan(200)
    const missing = found.filter(({ row }) => !KAFKA.has(row)).map(({ file, row }) => `${file}: ${row}`)
    expect(missing, 'write the row into harness/kafka/KAFKA.md, or cite another one').toEqual([])
  })

  it('are named only where they are', () => {
    const named = EVERYTHING.flatMap(({ file, text }) =>
      [...text.matchAll(/\b([A-Z][A-Z-]+)\.md\b/g)].map(([, name = '']) => `${name}.md in ${file}`),
    )
    const known = new Set(DOCUMENTS.map(({ file }) => file.slice(file.lastIndexOf('/') + 1)))
    expect(named.filter((each) => !known.has(each.slice(0, each.indexOf(' '))))).toEqual([])
  })
})
