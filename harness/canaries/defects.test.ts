import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFECTS } from './defects.ts'
import { SCENARIOS } from './search-file.ts'
import { ROWS, writtenTable } from './table.ts'

const files = DEFECTS.flatMap(({ folder }) =>
  readdirSync(path.join(SCENARIOS, folder)).map((name) => `${folder}/${name}`),
)

/** Lines of code: without comments, blank lines, indentation, and the scenario's name. */
function codeOf(file: string): string[] {
  const text = readFileSync(path.join(SCENARIOS, file), 'utf8')
  return text
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith("name: '"))
}

/** How many lines are in one of the two only: all but twice their longest common subsequence. */
function difference(one: readonly string[], other: readonly string[]): number {
  let row: readonly number[] = Array.from({ length: other.length + 1 }, () => 0)
  for (const line of one) {
    const next = [0]
    for (const [at, each] of other.entries()) {
      const longest = line === each ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0)
      next.push(longest)
    }
    row = next
  }
  return one.length + other.length - 2 * (row.at(-1) ?? 0)
}

/** A changed line counts twice. */
const LINES_MAX = 20
const LARGER: Readonly<Record<string, string>> = {
  'mutants/m04-promise-all/platformatic.twin.ts':
    'a stream hands a record over again after a rebalance: who works on several must know which wait',
  'mutants/m29-commits-before-flush/platformatic.twin.ts': 'as M04',
  'mutants/m29-commits-before-flush/kafkajs.twin.ts':
    'what a buffer holds must not outlive its assignment: the twin works batch by batch',
}

describe('bundled defects', () => {
  it('are listed, each folder', () => {
    const folders = readdirSync(path.join(SCENARIOS, 'mutants'), { withFileTypes: true })
    const named = folders.filter((each) => each.isDirectory()).map(({ name }) => `mutants/${name}`)
    expect(DEFECTS.map(({ folder }) => folder)).toEqual(['orders', ...named.sort()])
  })

  it('name services that are there, and leave none out', () => {
    const named = new Set(
      ROWS.flatMap(({ cells }) => cells.flatMap((cell) => (typeof cell === 'string' ? [] : [cell.file]))),
    )
    expect([...named].filter((file) => !existsSync(path.join(SCENARIOS, file)))).toEqual([])
    const scenarios = files.filter((file) =>
      /^export default defineScenario/m.test(readFileSync(path.join(SCENARIOS, file), 'utf8')),
    )
    expect(scenarios.length).toBeGreaterThan(60)
    expect(scenarios.filter((file) => !named.has(file))).toEqual([])
  })

  it('have rows in the table, with the verdict that is expected', () => {
    const rows = writtenTable().split('\n').slice(2)
    expect(rows).toHaveLength(ROWS.length)
    for (const [index, { id, service, cells }] of ROWS.entries()) {
      const texts = rows[index]?.split(' | ').map((text) => text.replaceAll(/^\| | \|$/g, '')) ?? []
      expect(texts.slice(0, 2)).toEqual([id, service])
      for (const [at, cell] of cells.entries()) {
        const text = texts[at + 2] ?? ''
        if (typeof cell === 'string') expect(text).toBe(`– (${cell})`)
        else if (cell.must === 'hold') expect(text).toMatch(/^holds \(\d+\)$/)
        else
          expect(cell.defect.properties.some((property) => text.startsWith(`**${property}** after `))).toBe(
            true,
          )
      }
    }
  })

  it('are a small change away from their twins', () => {
    const twins = files.filter((file) => file.endsWith('.twin.ts'))
    const pairs = twins
      .map((twin) => ({ twin, mutant: twin.replace('.twin.ts', '.ts') }))
      .filter(({ mutant }) => files.includes(mutant))
    expect(pairs.length).toBeGreaterThan(30)
    const far = pairs
      .map(({ twin, mutant }) => ({ twin, lines: difference(codeOf(mutant), codeOf(twin)) }))
      .filter(({ twin, lines }) => lines > LINES_MAX && LARGER[twin] === undefined)
    expect(far, 'move what both need into a file that both import').toEqual([])
  })
})
