import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pieces } from './pieces.ts'
import { README, storedPieces, withTable } from './seen.ts'

const TIMES_MIN = 3

describe('the museum on a real Kafka', () => {
  const stored = storedPieces()

  it('has been asked of each piece as it is today', () => {
    expect(
      stored.map(({ name, property, schedule }) => ({ name, property, schedule })),
      'type npm run museum -- --on real --write NAME',
    ).toEqual(pieces().map(({ name, property, schedule }) => ({ name, property, schedule })))
  })

  it('was tried three times, or the table says why it was not', () => {
    for (const { name, of, seen, why } of stored)
      if (of < TIMES_MIN || seen < of) expect(why, name).toMatch(/\w/)
  })

  it('is told in the README', () => {
    const readme = readFileSync(README, 'utf8')
    expect(readme, 'type npm run museum -- --on real --write NAME').toBe(withTable(readme, stored))
  })
})
