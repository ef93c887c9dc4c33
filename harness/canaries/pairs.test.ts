import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXPECTED } from './expected.ts'
import { PAIRS } from './pairs.ts'
import { writtenTable } from './two-clients-table.ts'

const SCENARIOS = path.resolve(import.meta.dirname, '../../scenarios')

describe('same service, two clients', () => {
  it('has each mutant, or says in the README why not', () => {
    const ids = new Set(PAIRS.map(({ id }) => id))
    const missing = EXPECTED.map(({ id }) => id).filter((id) => !ids.has(id))
    expect(missing).toEqual(['M10'])
    expect(readFileSync(path.join(SCENARIOS, 'two-clients/README.md'), 'utf8')).toContain('Not in it: M10')
  })

  it('names files that are there', () => {
    const services = PAIRS.flatMap(({ kafkajs, platformatic }) => [kafkajs, platformatic])
    const files = services.flatMap((service) => (typeof service === 'string' ? [] : [service.file]))
    expect(files.filter((file) => !existsSync(path.join(SCENARIOS, file)))).toEqual([])
  })

  it('the table has a row for each pair, and the verdict that is expected', () => {
    const rows = writtenTable().split('\n').slice(2)
    expect(rows).toHaveLength(PAIRS.length)
    for (const [index, { id, service, kafkajs, platformatic }] of PAIRS.entries()) {
      const cells = rows[index]?.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')) ?? []
      expect(cells.slice(0, 2)).toEqual([id, service])
      for (const [at, expected] of [kafkajs, platformatic].entries()) {
        const cell = cells[at + 2] ?? ''
        if (typeof expected === 'string') expect(cell).toBe(`– (${expected})`)
        else if (expected.violates.length === 0) expect(cell).toMatch(/^holds \(\d+\)$/)
        else
          expect(expected.violates.some((property) => cell.startsWith(`**${property}** after `))).toBe(true)
      }
    }
  })
})
