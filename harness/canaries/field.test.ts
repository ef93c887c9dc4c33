import { describe, expect, it } from 'vitest'
import { fieldScenarios } from './field.ts'
import { searchFile } from './search-file.ts'

const correct = fieldScenarios().filter(({ violates }) => violates === null)

describe('correct consumers from the field', () => {
  it('are as many as their folder says', () => {
    expect(correct.length).toBeGreaterThan(11)
    expect(fieldScenarios().length - correct.length).toBeGreaterThan(7)
  })

  // What has a defect is replayed with the stories; `npm run scenarios` goes on from here.
  it.each(correct.map(({ file }) => file))('%s holds', async (file) => {
    const outcome = await searchFile(file, '1', 2)
    expect([outcome.outcome, outcome.notes.map(({ message }) => message)]).toEqual([
      'held',
      expect.anything(),
    ])
  })
})
